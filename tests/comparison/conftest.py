"""Two tables that differ by a rotation, noise, and some words that moved."""

import sys
from types import ModuleType

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
    """Decreasing like word frequencies."""
    return (20_000 / np.arange(1, 401)).astype(np.int64) + 20


@pytest.fixture(scope="session")
def rows():
    """400 rows with a common direction, like the rows of a training."""
    return np.random.default_rng(0).normal(size=(400, 12)) + 0.5


@pytest.fixture(scope="session")
def rotated(rows, counts):
    """The same rows rotated, with more noise for rare words, and five words with new random rows."""
    rng = np.random.default_rng(1)
    noise = rng.normal(size=rows.shape) * (3 / np.sqrt(counts))[:, None]
    noisy = rows + noise
    noisy[list(PLANTED)] = rng.normal(size=(len(PLANTED), 12)) + 0.5
    return noisy @ ortho_group.rvs(12, random_state=2)


@pytest.fixture
def pair(words, rows, rotated, counts):
    """The two tables as word vectors."""
    return WordVectors(words, rows, counts=counts), WordVectors(words, rotated, counts=counts)


@pytest.fixture(scope="session")
def slices(words, counts):
    """Five slices of the same words, each rotated at random with noise; five words go elsewhere, step by step."""
    rng = np.random.default_rng(3)
    first, last = rng.normal(size=(2, 400, 12)) + 0.5
    share = np.zeros((400, 1))
    share[list(PLANTED)] = 1
    tables = []
    for i in range(5):
        rows = first + share * (last - first) * i / 4 + rng.normal(size=first.shape) * (3 / np.sqrt(counts))[:, None]
        tables.append(WordVectors(words, rows @ ortho_group.rvs(12, random_state=i), counts=counts))
    return tables


@pytest.fixture
def frames(monkeypatch):
    """In place of pandas, a module whose data frames are pairs of rows and columns."""
    pandas = ModuleType("pandas")
    pandas.DataFrame = lambda rows, columns: (rows, columns)
    monkeypatch.setitem(sys.modules, "pandas", pandas)
