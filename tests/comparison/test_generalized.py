"""Generalized Procrustes alignment compared with scipy for two tables, and its properties for more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import orthogonal_procrustes
from scipy.stats import ortho_group

from spacy_sgns.comparison.displacements import Alignment
from spacy_sgns.comparison.generalized import displacements_between, generalized, gram, joint_fit
from spacy_sgns.comparison.procrustes import unit

SEEDS = st.integers(0, 2**32 - 1)


def moments_of(tables):
    return np.einsum("ina,jnb->ijab", tables, tables)


def spread(tables, rotations):
    """The sum of squared distances between all pairs of rotated tables."""
    turned = tables @ rotations
    return sum(np.sum((a - b) ** 2) for a in turned for b in turned) / 2


def noisy(seed, k=4, n=60, d=5, noise=0.5):
    """Tables that differ by a rotation and noise."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(n, d))
    turned = [(rows + noise * rng.normal(size=(n, d))) @ ortho_group.rvs(d, random_state=rng) for _ in range(k)]
    return np.stack(turned)


@given(SEEDS)
def test_for_two_tables_it_is_the_orthogonal_procrustes_alignment(seed):
    tables = noisy(seed, k=2)
    first, last = generalized(moments_of(tables))
    np.testing.assert_allclose(first, orthogonal_procrustes(*tables)[0], atol=1e-8)
    np.testing.assert_allclose(last, np.eye(5), atol=1e-8)


@given(SEEDS)
def test_rotations_are_undone(seed):
    tables = noisy(seed, noise=0)
    turned = tables @ generalized(moments_of(tables))
    np.testing.assert_allclose(turned, np.stack([tables[-1]] * 4), atol=1e-8)


@given(SEEDS)
def test_tables_are_closer_than_aligned_with_the_last_or_one_by_one(seed):
    tables = noisy(seed)
    found = generalized(moments_of(tables))
    np.testing.assert_allclose(found @ found.transpose(0, 2, 1), np.stack([np.eye(5)] * 4), atol=1e-9)
    with_last = [orthogonal_procrustes(table, tables[-1])[0] for table in tables]
    assert spread(tables, found) <= spread(tables, np.stack(with_last)) + 1e-9
    chained = [np.eye(5)]
    for a, b in zip(tables[-2::-1], tables[::-1], strict=False):
        chained.insert(0, orthogonal_procrustes(a, b)[0] @ chained[0])
    assert spread(tables, found) <= spread(tables, np.stack(chained)) + 1e-9


def test_a_gram_matrix_has_moments_sums_and_the_number_of_words():
    tables = noisy(0)
    found = gram(tables)
    assert found.shape == (21, 21) and found[-1, -1] == 60
    np.testing.assert_allclose(found[5:10, 15:20], tables[1].T @ tables[3])
    np.testing.assert_allclose(found[-1, 5:10], tables[1].sum(0))
    np.testing.assert_allclose(gram(tables[:, :20]) + gram(tables[:, 20:]), found)


def test_a_fit_subtracts_the_means_and_rotates():
    tables = noisy(0, noise=0) + np.arange(4)[:, None, None]
    fit = joint_fit(gram(tables), 4)
    np.testing.assert_allclose(fit.centres, tables.mean(1))
    np.testing.assert_allclose(fit.apply(tables), np.stack([tables[-1] - tables[-1].mean(0)] * 4), atol=1e-8)


def test_displacements_of_two_tables_are_those_of_their_alignment(rows, rotated):
    found = displacements_between(np.stack([unit(rows), unit(rotated)]))
    np.testing.assert_allclose(found[0, 1], Alignment(rows, rotated).displacements(), atol=1e-6)
    np.testing.assert_array_equal(found[1, 0], found[0, 1])
    assert not found[[0, 1], [0, 1]].any()


def test_unrelated_tables_are_not_made_similar_by_the_alignment():
    """40 words in 30 dimensions: rotations fitted on a word itself would bring it close to any other."""
    found = displacements_between(unit(np.random.default_rng(0).normal(size=(3, 40, 30))))
    assert found[np.triu_indices(3, 1)].mean() == pytest.approx(1, abs=0.1)
