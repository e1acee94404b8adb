"""Alignment compared with scipy, and its properties for any rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import orthogonal_procrustes
from scipy.spatial.distance import cosine
from scipy.stats import ortho_group

from spacy_sgns.comparison.procrustes import Fit, assign_blocks, fit, has_direction, moments, orthogonal, padded, unit

SEEDS = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize(("n", "d"), [(50, 3), (200, 20), (1000, 100)])
def test_it_equals_scipy(n, d):
    a, b = np.random.default_rng(n).normal(size=(2, n, d))
    expected, _ = orthogonal_procrustes(a, b)
    np.testing.assert_allclose(orthogonal(a.T @ b), expected, atol=1e-10)


@given(SEEDS, st.integers(2, 8), st.booleans())
def test_a_rotation_or_reflection_is_recovered(seed, d, reflected):
    rng = np.random.default_rng(seed)
    rotation = ortho_group.rvs(d, random_state=rng)
    if (np.linalg.det(rotation) < 0) != reflected:
        rotation[0] *= -1
    rows = rng.normal(size=(10 * d, d))
    np.testing.assert_allclose(orthogonal(rows.T @ (rows @ rotation)), rotation, atol=1e-9)


@given(SEEDS, st.integers(1, 8))
def test_it_is_orthogonal_even_if_the_rows_do_not_determine_it(seed, d):
    a, b = np.random.default_rng(seed).normal(size=(2, max(1, d // 2), d))
    rotation = orthogonal(a.T @ b)
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(d), atol=1e-9)


@given(SEEDS)
def test_no_random_rotation_brings_rows_closer(seed):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, 30, 4))
    best = np.linalg.norm(a @ orthogonal(a.T @ b) - b)
    assert best <= np.linalg.norm(a @ ortho_group.rvs(4, random_state=rng) - b)


def test_rows_without_a_direction():
    rows = np.array([[1, 0], [0, 0], [np.nan, 1], [np.inf, 1], [1e-30, 0]])
    assert has_direction(rows).tolist() == [True, False, False, False, True]
    assert has_direction(rows.astype(np.float32)[:2]).tolist() == [True, False]


def test_unit_rows():
    found = unit(np.array([[3, 4], [0, 0], [1e-20, 0]], np.float32))
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, [[0.6, 0.8], [0, 0], [0, 0]])


def test_padded_rows_end_in_zeros():
    assert padded(np.ones((2, 3)), 5).tolist() == [[1, 1, 1, 0, 0]] * 2
    assert padded(np.ones((2, 3)), 3).tolist() == [[1, 1, 1]] * 2


def test_a_fit_subtracts_the_means_and_rotates(rows):
    b = 2 * rows[:, ::-1] + 1 + np.random.default_rng(0).normal(size=rows.shape)
    found = fit(moments(rows, b, np.arange(400) % 7).sum(0))
    np.testing.assert_allclose(found.centre_a, rows.mean(0))
    np.testing.assert_allclose(found.centre_b, b.mean(0))
    expected, _ = orthogonal_procrustes(rows - rows.mean(0), b - b.mean(0))
    np.testing.assert_allclose(found.rotation, expected, atol=1e-10)
    cosines = [1 - cosine((x - rows.mean(0)) @ expected, y - b.mean(0)) for x, y in zip(rows, b, strict=True)]
    np.testing.assert_allclose(found.distances(rows, b), 1 - np.array(cosines), atol=1e-8)


def test_distances_are_from_0_to_2():
    a = np.array([[1, 0], [1, 0], [1, 0], [0.6, 0.8], [0, 0]])
    b = np.array([[1, 0], [0, 1], [-1, 0], [0.8, 0.6], [1, 0]])
    assert Fit(np.zeros(2), np.zeros(2), np.eye(2)).distances(a, b).tolist() == pytest.approx([0, 1, 2, 0.04, 1])


@pytest.mark.parametrize(("n", "width", "number"), [(10, 5, 10), (1000, 5, 100), (1000, 1024, 32), (1000, 9000, 20)])
def test_blocks_have_about_the_same_size(n, width, number):
    found = np.bincount(assign_blocks(n, width, np.random.default_rng(0)))
    assert len(found) == number and np.ptp(found) <= 1


def test_moments_of_blocks_sum_to_the_moment_of_all_words():
    a, b = np.random.default_rng(0).normal(size=(2, 50, 4))
    block = assign_blocks(50, 4, np.random.default_rng(1)) % 7
    parts = moments(a, b, block)
    assert parts.shape == (7, 5, 5)
    np.testing.assert_allclose(parts.sum(0)[:4, :4], a.T @ b)
    np.testing.assert_allclose(parts[3][:4, :4], a[block == 3].T @ b[block == 3])
    np.testing.assert_allclose(parts[3][:4, 4], a[block == 3].sum(0))
    assert parts.sum(0)[4, 4] == 50
