"""Noise words: by frequency, uniform, or from the chunk with the same expectation."""

from dataclasses import replace

import numpy as np
import pytest

from spacy_sgns.training.chunks import keep_probability
from spacy_sgns.training.objectives.noise import NoiseTable
from spacy_sgns.training.objectives.noises import in_batch_v1, uniform_v1, unigram_v1
from tests.training.kernel import SMALL

COUNTS = np.array([4000, 1500, 900, 500, 300, 200, 100, 50])
SETTINGS = replace(SMALL, subsample=0.05)


def chances(made, ids):
    """Return the mean importance weight of each word as noise."""
    words, weights = made.source(COUNTS, SETTINGS).draw(ids, 4, 16, np.random.default_rng(0))
    assert words.shape == weights.shape == (len(ids), 4, 16)
    return np.bincount(words.ravel(), weights.ravel(), len(COUNTS)) / words.size


@pytest.fixture
def ids():
    kept = COUNTS * keep_probability(COUNTS, SETTINGS.subsample)
    return np.random.default_rng(1).choice(len(COUNTS), (4000, 256), p=kept / kept.sum())


@pytest.mark.parametrize("made", [unigram_v1, in_batch_v1])
def test_words_count_by_their_frequency_to_the_power(made, ids):
    np.testing.assert_allclose(chances(made(), ids), NoiseTable(COUNTS, 0.75).probability, atol=0.005)


def test_uniform_noise_has_no_favourites(ids):
    np.testing.assert_allclose(chances(uniform_v1(), ids), 1 / len(COUNTS), atol=0.005)


def test_noise_of_a_chunk_comes_from_its_other_half():
    places = np.arange(256)[None]
    source = in_batch_v1().source(np.ones(256), SETTINGS)
    words = source.draw(places, 4, 16, np.random.default_rng(0))[0][0]
    assert (words[:2] >= 128).all() and (words[2:] < 128).all()
    assert len(np.unique(words)) == words.size


@pytest.mark.parametrize(("length", "groups", "shared"), [(64, 1, 32), (64, 1, 128), (128, 2, 640)])
def test_small_chunks_have_as_many_noise_words(length, groups, shared):
    ids = np.arange(2 * length).reshape(2, length) % len(COUNTS)
    words, weights = in_batch_v1().source(COUNTS, SETTINGS).draw(ids, groups, shared, np.random.default_rng(0))
    assert words.shape == (2, groups, shared) and (weights > 0).all()
