"""Noise words: the alias table represents f ** exponent, and the draws follow it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from spacy_sgns.training.objectives.noise import NoiseTable
from tests.training.oracle import alias_probability, noise_probability

EXPONENTS = [-1.0, 0.0, 0.5, 0.75, 1.0, 2.0]


@settings(max_examples=60)
@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=200), st.sampled_from(EXPONENTS))
def test_the_table_stands_for_the_power_of_frequency(counts, exponent):
    table = NoiseTable(np.array(counts), exponent)
    wanted = noise_probability(counts, exponent)
    np.testing.assert_allclose(table.probability, wanted, rtol=1e-12)
    np.testing.assert_allclose(
        alias_probability(table._stay.astype(float).tolist(), table._alias.tolist()), wanted, rtol=1e-5, atol=1e-7
    )
    assert ((table._stay >= 0) & (table._stay <= 1)).all()
    assert ((table._alias >= 0) & (table._alias < len(counts))).all()


@pytest.mark.parametrize("exponent", [0.0, 0.75, 1.0])
def test_draws_follow_the_table(exponent):
    counts = np.array([5, 1000, 40, 40, 300, 7, 2500, 90])
    draws = NoiseTable(counts, exponent).draw((4000, 500), np.random.default_rng(1))
    seen = np.bincount(draws.ravel(), minlength=len(counts))
    assert chisquare(seen, np.array(noise_probability(counts, exponent)) * draws.size).pvalue > 1e-3


def test_draws_of_a_large_vocabulary_follow_the_table():
    counts = (1e6 / np.arange(1, 3001)).astype(int) + 5
    draws = NoiseTable(counts, 0.75).draw((500_000,), np.random.default_rng(2))
    seen = np.bincount(draws, minlength=len(counts))
    assert chisquare(seen, np.array(noise_probability(counts, 0.75)) * draws.size).pvalue > 1e-3


def test_draws_have_the_shape_asked_for_and_depend_on_the_generator_only():
    table = NoiseTable(np.arange(1, 50), 0.75)
    a, b, c = (table.draw((3, 40), np.random.default_rng(seed)) for seed in (7, 7, 8))
    assert a.shape == (3, 40)
    assert a.tolist() == b.tolist() != c.tolist()


def test_a_single_word_is_always_drawn():
    assert not NoiseTable(np.array([4]), 0.75).draw((100,), np.random.default_rng(0)).any()
