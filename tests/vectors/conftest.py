"""Small vectors, and every registered format."""

import numpy as np
import pytest

from spacy_sgns.registry import names
from spacy_sgns.vectors.formats.lookup import format_for
from spacy_sgns.vectors.word_vectors import WordVectors

WORDS = ["the", "rabbit", "white", "New York", "naïve", "l’œil", "日本", "don't", "a/b", "🐇"]


@pytest.fixture(scope="session")
def vectors():
    rows = np.random.default_rng(1).standard_normal((len(WORDS), 7)).astype(np.float32)
    return WordVectors(WORDS, rows)


@pytest.fixture(scope="session", params=names("format"))
def each_format(request):
    """Every registered format, with one of its endings."""
    made = format_for(None, request.param)
    return request.param, made.endings[0]
