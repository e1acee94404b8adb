"""Two tables that are the same but for a rotation, noise, and some words that moved."""

import numpy as np
import pytest
from scipy.stats import ortho_group

from spacy_sgns.vectors.word_vectors import WordVectors
from tests.comparison.planted import PLANTED


@pytest.fixture(scope="session")
def words():
    return [f"w{i:03d}" for i in range(400)]


@pytest.fixture(scope="session")
def counts():
    """Falling as those of words do."""
    return (20_000 / np.arange(1, 401)).astype(np.int64) + 20


@pytest.fixture(scope="session")
def rows():
    """400 rows that all lean to one side, as those of a training do."""
    return np.random.default_rng(0).normal(size=(400, 12)) + 0.5


@pytest.fixture(scope="session")
def turned(rows, counts):
    """The same rows turned, with more noise for rare words, and five words put elsewhere."""
    rng = np.random.default_rng(1)
    noise = rng.normal(size=rows.shape) * (3 / np.sqrt(counts))[:, None]
    noisy = rows + noise
    noisy[list(PLANTED)] = rng.normal(size=(len(PLANTED), 12)) + 0.5
    return noisy @ ortho_group.rvs(12, random_state=2)


@pytest.fixture
def pair(words, rows, turned, counts):
    """The two tables as vectors."""
    return WordVectors(words, rows, counts=counts), WordVectors(words, turned, counts=counts)
