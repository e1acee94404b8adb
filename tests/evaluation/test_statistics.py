"""Rank correlation compared with scipy, and bootstrap intervals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata, spearmanr

from spacy_sgns.evaluation.statistics import RESAMPLES, bootstrap, interval, mean_ranks, spearman

FEW = st.integers(-3, 3).map(float)  # many ties
MANY = st.floats(-1e9, 1e9)


@given(st.lists(st.tuples(FEW, FEW), min_size=2) | st.lists(st.tuples(MANY, MANY), min_size=2))
def test_spearman_is_scipys(pairs):
    a, b = np.array(pairs).T
    np.testing.assert_array_equal(mean_ranks(a), rankdata(a))
    if min(len(set(a)), len(set(b))) < 2:
        assert math.isnan(spearman(a, b))
    else:
        assert spearman(a, b) == pytest.approx(spearmanr(a, b)[0], abs=1e-12)


def test_95_percent_of_the_intervals_contain_the_true_value():
    """The mean of 60 draws from a known distribution, 200 times: 95 % of the intervals contain its mean."""
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(200):
        sample = rng.exponential(size=60)
        low, high = interval(bootstrap(lambda indices, sample=sample: sample[indices].mean(), len(sample)))
        held += low <= 1 <= high
    assert 0.88 <= held / 200 <= 0.98


def test_resamples_are_the_same_for_every_statistic_of_the_same_size():
    values = np.random.default_rng(1).normal(size=30)
    first = bootstrap(lambda indices: values[indices].mean(), 30)
    again = bootstrap(lambda indices: values[indices].mean() + 1, 30)
    assert len(first) == RESAMPLES
    np.testing.assert_allclose(again - first, 1)


def test_few_items_have_no_interval():
    assert interval(bootstrap(lambda indices: 1.0, 9)) is None
    assert interval(bootstrap(lambda indices: 1.0, 10)) == (1, 1)


def test_no_interval_if_most_resamples_have_no_value():
    assert interval(bootstrap(lambda indices: float("nan"), 30)) is None
