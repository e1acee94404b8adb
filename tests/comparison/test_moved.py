"""How far words moved, how sure that is, and what is usual."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ortho_group

from spacy_sgns.comparison.moved import PEERS, RESAMPLES, Alignment, beyond, intervals, peers
from spacy_sgns.comparison.procrustes import fit, moments, unit
from tests.comparison.planted import PLANTED


def on_all(a, b):
    """Displacements by one alignment on all words."""
    a, b = unit(a), unit(b)
    return fit(moments(a, b, np.zeros(len(a), int))[0]).distances(a, b)


def test_a_table_that_is_only_turned_has_not_moved(rows):
    turn = ortho_group.rvs(12, random_state=7)
    assert Alignment(rows, 3 * rows @ turn).displacements().max() < 1e-8


def test_wider_rows_lose_nothing(rows):
    """A table put into more dimensions, and turned there, is found back."""
    turn = ortho_group.rvs(20, random_state=7)
    wide = np.hstack([rows, np.zeros((400, 8))]) @ turn
    assert Alignment(rows, wide).displacements().max() < 1e-8
    assert Alignment(wide, rows).displacements().max() < 1e-8


def test_displacements_are_those_of_an_alignment_on_all_words_nearly(rows, turned):
    np.testing.assert_allclose(Alignment(rows, turned).displacements(), on_all(rows, turned), atol=0.02)


def test_words_without_anything_in_common_are_not_made_alike_by_the_alignment():
    """40 words in 30 dimensions: a rotation fitted on a word itself would bring it near to anything."""
    a, b = np.random.default_rng(0).normal(size=(2, 40, 30))
    assert on_all(a, b).mean() < 0.5
    assert Alignment(a, b).displacements().mean() == pytest.approx(1, abs=0.1)


def test_planted_words_are_at_the_top_and_their_intervals_leave_out_what_others_do(rows, turned, counts):
    alignment = Alignment(rows, turned)
    values = alignment.displacements()
    usual = peers(values, counts)
    order = np.argsort(-beyond(values, usual))
    assert set(order[:5]) == set(PLANTED)
    low, high = intervals(values[order[:5]], alignment.resampled(order[:5]))
    assert np.all(low > np.sort(values)[-6]) and np.all(high >= values[order[:5]])
    assert usual.percentile[order[:5]].min() > 97


def test_rare_words_that_are_only_noisy_are_not_put_before_frequent_ones(rows, turned, counts):
    """By displacement alone rare words would crowd the top; beside their peers they do not."""
    values = Alignment(rows, turned).displacements()
    left = np.setdiff1d(np.arange(400), PLANTED)
    by_value = left[np.argsort(-values[left])][:40]
    by_peers = left[np.argsort(-beyond(values, peers(values, counts))[left])][:40]
    assert counts[by_value].mean() < counts[by_peers].mean()


def test_an_interval_holds_the_true_displacement_as_often_as_it_says():
    """A word whose true displacement is known, aligned by 150 others drawn anew, 200 times."""
    rng, held = np.random.default_rng(0), 0
    turn = ortho_group.rvs(4, random_state=3)
    a, b = np.array([1.0, 0, 0, 0]), np.array([0.6, 0.8, 0, 0]) @ turn
    for _ in range(200):
        others = rng.normal(size=(150, 4))
        first = np.vstack([a, others])
        second = np.vstack([b, (others + 0.5 * rng.normal(size=others.shape)) @ turn])
        alignment = Alignment(first, second)
        place = np.array([0])
        low, high = intervals(alignment.displacements()[place], alignment.resampled(place))
        held += bool(low[0] <= 0.4 <= high[0])
    assert 0.88 <= held / 200 <= 0.99


def test_the_same_draws_in_every_run(rows, turned):
    some = np.array([3, 5])
    first, again = (Alignment(rows, turned) for _ in range(2))
    np.testing.assert_array_equal(first.displacements(), again.displacements())
    np.testing.assert_array_equal(first.resampled(some), again.resampled(some))
    assert first.resampled(some).shape == (RESAMPLES, 2)
    np.testing.assert_allclose(first.resampled(np.array([5]))[:, 0], first.resampled(some)[:, 1], atol=1e-8)


@given(st.lists(st.integers(0, 5), min_size=2, max_size=21))
def test_among_few_words_all_others_are_peers(values):
    values = np.array(values, float)
    found = peers(values, np.arange(len(values)))
    np.testing.assert_allclose(found.usual, np.median(values))
    np.testing.assert_allclose(found.spread, np.median(np.abs(values - np.median(values))))
    lower = [sum(other < value for other in values) for value in values]
    np.testing.assert_allclose(found.percentile, 100 * np.array(lower) / (len(values) - 1))


def test_peers_are_the_nearest_in_frequency():
    rng = np.random.default_rng(0)
    frequency = rng.permutation(1000)
    values = np.where(frequency < 500, 1.0, 0.0) + 0.1 * rng.random(1000)
    found = peers(values, frequency)
    place = int(np.flatnonzero(frequency == 300)[0])
    near = values[np.abs(frequency - 300) <= PEERS // 2]
    assert found.usual[place] == pytest.approx(np.median(near))
    assert found.percentile[place] == pytest.approx(100 * np.sum(near < values[place]) / PEERS)
    rarest = int(np.flatnonzero(frequency == 0)[0])
    assert found.usual[rarest] == pytest.approx(np.median(values[frequency <= PEERS]))


def test_one_word_has_no_peers():
    found = peers(np.array([0.5]), np.array([3]))
    assert (found.usual.tolist(), found.spread.tolist(), found.percentile.tolist()) == ([0.5], [0], [0])
    assert beyond(np.array([0.5]), found).tolist() == [0]


def test_of_a_middling_number_of_words_a_fifth_are_peers():
    values = np.random.default_rng(0).random(400)
    found = peers(values, np.arange(400))
    assert found.usual[200] == pytest.approx(np.median(values[160:241]))
    assert np.all(np.isin(np.round(found.percentile * 0.8, 9), np.arange(81)))
