"""Vectors of words in bundles, and maps of them."""

import numpy as np
import pytest

from spacy_sgns.vectors.word_vectors import WordVectors
from tests.pictures.bundles import BUNDLES, EACH, HOSTILE, map_of


@pytest.fixture(scope="session")
def vectors():
    """Bundles of words with similar directions; a word is the letter of its bundle and a number."""
    rng = np.random.default_rng(1)
    middles = np.repeat(np.eye(BUNDLES, 10), EACH, axis=0)
    rows = (middles + rng.normal(0, 0.1, middles.shape)).astype(np.float32)
    words = [f"{'abcd'[i // EACH]}{i % EACH}" for i in range(len(rows))]
    counts = np.maximum(1, 1000 // np.arange(1, len(rows) + 1))
    return WordVectors(words, rows, counts=counts)


@pytest.fixture(scope="session")
def drawn(vectors):
    """A map of the bundles."""
    return map_of(vectors)


@pytest.fixture(scope="session")
def hostile():
    """A map of words that could break a page or a picture."""
    rows = np.random.default_rng(2).standard_normal((len(HOSTILE), 5))
    return map_of(WordVectors(HOSTILE, rows))
