"""How many words a corpus has, from a sample of it."""

import re
from functools import cache
from importlib.resources import files

import numpy as np
import pytest

from spacy_sgns.planning.growth import MAX_RARE_COUNT, MIN_RELIABLE_COUNT, SLICES, Growth, relative_error


def count_slices(ids, words):
    """How often each word occurs in each of eight parts that go round."""
    parts = np.array_split(ids, 64)
    return np.array([np.bincount(np.concatenate(parts[i::SLICES]), minlength=words) for i in range(SLICES)])


@cache
def zipf(types, exponent, tokens, seed=0):
    """Counts of words of a Zipf-Mandelbrot law in a corpus, and in an eighth of it, count_slices."""
    rng = np.random.default_rng(seed)
    chance = 1 / (np.arange(types) + 3.7) ** exponent
    counts = rng.poisson(chance / chance.sum() * tokens)
    return counts, rng.binomial(counts, 1 / 8 / SLICES, (SLICES, types))


def alice():
    """The words of the bundled book, as numbers, in order."""
    text = (files("spacy_sgns") / "sample" / "alice.txt").read_text(encoding="utf8")
    words = re.findall(r"\w+", text.lower())
    return np.unique(words, return_inverse=True)[1]


@pytest.mark.parametrize("least", [1, 2, 5, 10, 50, 300])
def test_of_a_whole_corpus_all_is_counted(least):
    _, slices = zipf(20_000, 1.1, 400_000)
    growth, whole = Growth.from_slices(slices), slices.sum(0)
    assert growth.words(1, least) == (whole >= least).sum()
    np.testing.assert_array_equal(growth.expected(1, least), -np.sort(-whole[whole >= least]))


@pytest.mark.parametrize("exponent", [1.2, 1.4])
@pytest.mark.parametrize("least", [1, 2, 5, 10, 50, 1000])
def test_words_of_zipfs_law(exponent, least):
    counts, slices = zipf(1_000_000, exponent, 2_000_000)
    assert Growth.from_slices(slices).words(8, least) == pytest.approx((counts >= least).sum(), rel=0.2)


@pytest.mark.parametrize("least", [1, 2, 5, 10, 50])
@pytest.mark.parametrize("times", [2, 4])
def test_words_of_a_book(least, times):
    ids = alice()
    blocks = np.array_split(ids, 64 * times)[::times]
    growth = Growth.from_slices(count_slices(np.concatenate(blocks), ids.max() + 1))
    assert growth.words(times, least) == pytest.approx((np.bincount(ids) >= least).sum(), rel=0.2)


def test_tokens_of_frequent_words():
    counts, slices = zipf(1_000_000, 1.2, 2_000_000)
    expected = Growth.from_slices(slices).expected(8, 5)
    assert expected.sum() == pytest.approx(counts[counts >= 5].sum(), rel=0.05)
    assert expected[0] == pytest.approx(counts[0], rel=0.05)
    assert expected[-1] == 5
    assert (np.diff(expected) <= 0).all()


@pytest.mark.parametrize("seed", range(5))
def test_more_tokens_have_more_words_and_higher_limits_fewer(seed):
    growth = Growth.from_slices(zipf(100_000, 1.15, 1_000_000, seed)[1])
    levels = [1, 2, 5, MAX_RARE_COUNT, MAX_RARE_COUNT + 1, MIN_RELIABLE_COUNT * 30, 10_000]
    for times in (1, 2, 30, 1000):
        words = [growth.words(times, least) for least in levels]
        assert words == sorted(words, reverse=True)
    for least in levels:
        words = [growth.words(times, least) for times in (1, 2, 8, 64)]
        assert words == sorted(words)


def test_a_very_small_sample_grows_as_a_square_root():
    slices = np.ones((SLICES, 30), int)
    growth = Growth.from_slices(slices)
    assert growth.words(4, 1) == pytest.approx(60)
    assert len(growth.expected(4, 1)) == 60


def test_a_sample_without_frequent_words():
    slices = np.zeros((SLICES, 2), int)
    slices[:, 0] = 5
    growth = Growth.from_slices(slices)
    assert growth.words(2, 10**9) == 0
    assert len(growth.expected(1, 100)) == 2


def test_errors_grow_with_what_was_not_seen():
    assert relative_error(1) == 0
    assert 0 < relative_error(2) < relative_error(100)
