"""Layout of words on a plane."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.pictures.layout import default_method, directions, layout, pca
from tests.pictures.bundles import BUNDLES, EACH

BUNDLE = np.repeat(np.arange(BUNDLES), EACH)
SHAPES = st.tuples(st.integers(3, 30), st.integers(2, 8), st.integers(0, 2**32 - 1))


def random_rows(shape):
    n, d, seed = shape
    return np.random.default_rng(seed).standard_normal((n, d)) * np.arange(1, d + 1)


@given(SHAPES)
def test_pca_is_the_projection_on_the_first_eigenvectors_of_the_covariance(shape):
    rows = random_rows(shape)
    _, axes = np.linalg.eigh(np.cov(rows.T))
    expected = (rows - rows.mean(0)) @ axes[:, ::-1][:, :2]
    found = pca(rows)
    signs = np.sign((expected * found).sum(0))
    np.testing.assert_allclose(found, expected * signs, atol=1e-8 * np.abs(rows).max())


@given(SHAPES)
def test_pca_does_not_depend_on_the_order_of_the_rows(shape):
    rows = random_rows(shape)
    order = np.random.default_rng(0).permutation(len(rows))
    np.testing.assert_allclose(pca(rows[order]), pca(rows)[order], atol=1e-8 * np.abs(rows).max())


def test_pca_of_points_of_a_plane_keeps_their_distances():
    rows = random_rows((20, 2, 3))
    found = pca(rows)
    distances = [np.linalg.norm(points[:, None] - points, axis=2) for points in (rows, found)]
    np.testing.assert_allclose(*distances)


def test_one_dimension_is_a_line():
    found = pca(np.array([[1.0], [2.0], [4.0]]))
    assert found.shape == (3, 2) and not found[:, 1].any()


@pytest.mark.parametrize(
    "method", ["pca", "tsne", pytest.param("umap", marks=pytest.mark.slow)]
)  # umap-learn compiles first
def test_words_with_similar_directions_are_near_on_the_plane(vectors, method):
    if method == "umap":
        pytest.importorskip("umap", reason="needs umap-learn")
    points = layout(vectors.rows * np.arange(1, len(vectors) + 1)[:, None], method, 0)  # lengths do not count
    distances = np.linalg.norm(points[:, None] - points, axis=2) + 9 * np.eye(len(points))
    assert (BUNDLE[distances.argmin(1)] == BUNDLE).mean() > 0.75  # of four bundles; by chance a quarter
    assert np.abs(points).max() == pytest.approx(1)
    assert np.ptp(points[:, 0]) > 0 and points[:, 0].var() >= points[:, 1].var()
    np.testing.assert_array_equal(layout(vectors.rows, method, 0), layout(vectors.rows, method, 0))


def test_another_seed_gives_another_picture(vectors):
    assert not np.array_equal(layout(vectors.rows, "tsne", 0), layout(vectors.rows, "tsne", 1))


@pytest.mark.parametrize("method", ["pca", "tsne"])
@pytest.mark.parametrize("rows", [np.zeros((5, 3)), np.ones((4, 3)), np.full((3, 2), np.nan), np.eye(3)])
def test_degenerate_rows_have_positions(method, rows):
    points = layout(rows, method, 0)
    assert points.shape == (len(rows), 2) and np.isfinite(points).all()


@given(SHAPES)
def test_directions_have_length_one(shape):
    rows = random_rows(shape)
    rows[0] = 0
    found = directions(rows)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), [0, *[1] * (len(rows) - 1)])
    np.testing.assert_allclose(found * np.linalg.norm(rows, axis=1, keepdims=True), rows)


def test_two_words_are_too_few_for_a_map():
    with pytest.raises(SgnsError, match="at least 3 words, got 2"):
        layout(np.eye(2), "pca", 0)


def test_an_unknown_method_is_an_error_with_the_known_ones():
    with pytest.raises(SettingError, match=r"one of tsne, pca, umap, got 'tsna'. Did you mean tsne\?"):
        layout(np.eye(3), "tsna", 0)


@pytest.mark.parametrize(
    ("method", "module", "message"),
    [
        ("tsne", "sklearn.manifold", "scikit-learn (the extra 'plot' includes it), or use --method pca"),
        ("umap", "umap", "umap-learn (the extra 'umap' includes it), or"),
    ],
)
def test_a_missing_package_is_reported_with_an_alternative(monkeypatch, method, module, message):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(SgnsError) as error:
        layout(np.eye(4), method, 0)
    assert f"python -m pip install {message}" in str(error.value)


def test_the_default_is_tsne_or_pca_without_scikit_learn(monkeypatch):
    assert default_method() == "tsne"
    monkeypatch.setitem(sys.modules, "sklearn.manifold", None)
    assert default_method() == "pca"
