"""Displacements, their confidence intervals, and peers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ortho_group

from spacy_sgns.comparison.displacements import MAX_PEERS, RESAMPLES, Alignment, intervals, peers, robust_z
from spacy_sgns.comparison.procrustes import fit, moments, unit
from tests.comparison.planted import PLANTED


def on_all(a, b):
    """Displacements after one alignment on all words."""
    a, b = unit(a), unit(b)
    return fit(moments(a, b, np.zeros(len(a), int))[0]).distances(a, b)


def test_a_rotated_table_has_no_displacements(rows):
    rotation = ortho_group.rvs(12, random_state=7)
    assert Alignment(rows, 3 * rows @ rotation).displacements().max() < 1e-8


def test_wider_rows_lose_nothing(rows):
    """A table embedded in more dimensions and rotated there is aligned exactly."""
    rotation = ortho_group.rvs(20, random_state=7)
    wide = np.hstack([rows, np.zeros((400, 8))]) @ rotation
    assert Alignment(rows, wide).displacements().max() < 1e-8
    assert Alignment(wide, rows).displacements().max() < 1e-8


def test_displacements_are_close_to_those_of_an_alignment_on_all_words(rows, rotated):
    np.testing.assert_allclose(Alignment(rows, rotated).displacements(), on_all(rows, rotated), atol=0.02)


def test_unrelated_tables_are_not_made_similar_by_the_alignment():
    """40 words in 30 dimensions: a rotation fitted on a word itself would bring it close to any other."""
    a, b = np.random.default_rng(0).normal(size=(2, 40, 30))
    assert on_all(a, b).mean() < 0.5
    assert Alignment(a, b).displacements().mean() == pytest.approx(1, abs=0.1)


def test_planted_words_come_first_with_intervals_above_the_others(rows, rotated, counts):
    alignment = Alignment(rows, rotated)
    values = alignment.displacements()
    found = peers(values, counts)
    order = np.argsort(-robust_z(values, found))
    assert set(order[:5]) == set(PLANTED)
    low, high = intervals(values[order[:5]], alignment.resample(order[:5]))
    assert np.all(low > np.sort(values)[-6]) and np.all(high >= values[order[:5]])
    assert found.percentile[order[:5]].min() > 97


def test_noise_of_rare_words_does_not_rank_them_before_frequent_ones(rows, rotated, counts):
    """Sorted by displacement alone, rare words would come first; compared with their peers they do not."""
    values = Alignment(rows, rotated).displacements()
    left = np.setdiff1d(np.arange(400), PLANTED)
    by_value = left[np.argsort(-values[left])][:40]
    by_peers = left[np.argsort(-robust_z(values, peers(values, counts))[left])][:40]
    assert counts[by_value].mean() < counts[by_peers].mean()


def test_95_percent_of_the_intervals_contain_the_true_displacement():
    """A word whose true displacement is known, aligned by 150 other random words, 200 times."""
    rng, held = np.random.default_rng(0), 0
    rotation = ortho_group.rvs(4, random_state=3)
    a, b = np.array([1.0, 0, 0, 0]), np.array([0.6, 0.8, 0, 0]) @ rotation
    for _ in range(200):
        others = rng.normal(size=(150, 4))
        first = np.vstack([a, others])
        second = np.vstack([b, (others + 0.5 * rng.normal(size=others.shape)) @ rotation])
        alignment = Alignment(first, second)
        word = np.array([0])
        low, high = intervals(alignment.displacements()[word], alignment.resample(word))
        held += bool(low[0] <= 0.4 <= high[0])
    assert 0.88 <= held / 200 <= 0.99


def test_the_same_draws_in_every_run(rows, rotated):
    some = np.array([3, 5])
    first, again = (Alignment(rows, rotated) for _ in range(2))
    np.testing.assert_array_equal(first.displacements(), again.displacements())
    np.testing.assert_array_equal(first.resample(some), again.resample(some))
    assert first.resample(some).shape == (RESAMPLES, 2)
    np.testing.assert_allclose(first.resample(np.array([5]))[:, 0], first.resample(some)[:, 1], atol=1e-8)


@given(st.lists(st.integers(0, 5), min_size=2, max_size=21))
def test_of_few_words_all_others_are_peers(values):
    values = np.array(values, float)
    found = peers(values, np.arange(len(values)))
    np.testing.assert_allclose(found.median, np.median(values))
    np.testing.assert_allclose(found.mad, np.median(np.abs(values - np.median(values))))
    lower = [sum(other < value for other in values) for value in values]
    np.testing.assert_allclose(found.percentile, 100 * np.array(lower) / (len(values) - 1))


def test_peers_are_the_nearest_in_frequency():
    rng = np.random.default_rng(0)
    frequency = rng.permutation(1000)
    values = np.where(frequency < 500, 1.0, 0.0) + 0.1 * rng.random(1000)
    found = peers(values, frequency)
    word = int(np.flatnonzero(frequency == 300)[0])
    near = values[np.abs(frequency - 300) <= MAX_PEERS // 2]
    assert found.median[word] == pytest.approx(np.median(near))
    assert found.percentile[word] == pytest.approx(100 * np.sum(near < values[word]) / MAX_PEERS)
    rarest = int(np.flatnonzero(frequency == 0)[0])
    assert found.median[rarest] == pytest.approx(np.median(values[frequency <= MAX_PEERS]))


def test_one_word_has_no_peers():
    found = peers(np.array([0.5]), np.array([3]))
    assert (found.median.tolist(), found.mad.tolist(), found.percentile.tolist()) == ([0.5], [0], [0])
    assert robust_z(np.array([0.5]), found).tolist() == [0]


def test_a_fifth_of_a_few_hundred_words_are_peers():
    values = np.random.default_rng(0).random(400)
    found = peers(values, np.arange(400))
    assert found.median[200] == pytest.approx(np.median(values[160:241]))
    assert np.all(np.isin(np.round(found.percentile * 0.8, 9), np.arange(81)))
