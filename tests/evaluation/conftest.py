"""Vectors on a circle, whose cosines are known."""

import numpy as np
import pytest

from spacy_sgns.vectors.word_vectors import WordVectors


@pytest.fixture
def circle():
    """Words w0 .. w19 at angles of 0, 9, 18, ... degrees."""
    angles = np.deg2rad(9 * np.arange(20))
    return WordVectors([f"w{i}" for i in range(20)], np.stack([np.cos(angles), np.sin(angles)], axis=1))
