"""Layout of words on a plane: `(n, d)` vectors to `(n, 2)` points, the same for the same seed."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from threadpoolctl import threadpool_limits

from spacy_sgns.arrays import Floats
from spacy_sgns.drawing.extras import UMAP as UMAP_EXTRA
from spacy_sgns.drawing.extras import extra
from spacy_sgns.errors import SettingError, SgnsError, closest

MIN_WORDS = 3  # fewer points cannot differ in two dimensions
PERPLEXITY = 30  # of t-SNE
UMAP_NEIGHBOURS = 15
INITIAL_SCALE = 1e-4  # of the points that t-SNE starts from
JITTER = 1e-6

Project: TypeAlias = Callable[[Floats, int], Floats]


class Projection(NamedTuple):
    """A method to project words onto a plane. title: its name in pictures."""

    title: str
    project: Project


def directions(rows: Floats) -> Floats:
    """Return unit rows `(n, d)` in double precision; a row without a direction (zero or not finite) is zero."""
    rows = np.where(np.isfinite(rows), rows, 0).astype(np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)


def layout(rows: Floats, method: str, seed: int) -> Floats:
    """Return points `(n, 2)` for rows `(n, d)`, within -1 to 1, centred, with their widest direction horizontal.

    Only the directions of the rows count. Raises SettingError for an unknown method, SgnsError if a package is missing
    or there are fewer than three rows.
    """
    project = projection(method).project
    if len(rows) < MIN_WORDS:
        raise SgnsError(f"A map needs at least {MIN_WORDS} words, got {len(rows)}.")
    with threadpool_limits(1):  # the sums of several threads differ in their last bits
        points = pca(project(directions(rows), seed).astype(np.float64))
    centre = (points.max(0) + points.min(0)) / 2
    return (points - centre) / (np.abs(points - centre).max() or 1)


def projection(name: str) -> Projection:
    """Return the projection with a name. Raises SettingError."""
    try:
        return PROJECTIONS[name]
    except KeyError:
        hint = closest(name, PROJECTIONS, n=1)
        raise SettingError(f"method must be one of {', '.join(PROJECTIONS)}, got {name!r}. {hint}".rstrip()) from None


def pca(rows: Floats, seed: int = 0) -> Floats:
    """Return the first two principal components of rows, `(n, 2)` (Pearson 1901), by a singular value decomposition.

    The signs, which PCA leaves open, make the largest coefficient of each component positive. seed: unused.
    """
    left, strengths, right = np.linalg.svd(rows - rows.mean(0), full_matrices=False)
    largest = right[np.arange(len(right)), np.abs(right).argmax(1)]
    components = (left * strengths * np.where(largest < 0, -1, 1))[:, :2]
    return np.pad(components, ((0, 0), (0, 2 - components.shape[1])))


def tsne(rows: Floats, seed: int) -> Floats:
    """Return points `(n, 2)` that preserve neighbourhoods: t-SNE (van der Maaten and Hinton 2008), begun with PCA."""
    model = _tsne_class()(
        perplexity=min(PERPLEXITY, (len(rows) - 1) / 3), init=_initial_points(rows, seed), random_state=seed
    )
    with threadpool_limits(1):  # again, for the libraries that the import has just loaded
        return model.fit_transform(rows)  # type: ignore[no-any-return]


def default_method() -> str:
    """Return the name of the projection that maps have by default: t-SNE, or PCA if scikit-learn is missing."""
    try:
        _tsne_class()
    except SgnsError:
        return "pca"
    return "tsne"


def _tsne_class() -> Any:
    with extra("scikit-learn", instead="use --method pca"):
        from sklearn.manifold import TSNE
    return TSNE


def umap(rows: Floats, seed: int) -> Floats:
    """Return points `(n, 2)` that preserve neighbourhoods: UMAP (McInnes et al. 2018), begun with PCA."""
    with extra("umap-learn", UMAP_EXTRA, instead="use --method tsne or pca"):
        from umap import UMAP
    neighbours = min(UMAP_NEIGHBOURS, len(rows) - 1)
    initial = _initial_points(rows, seed) / INITIAL_SCALE
    model = UMAP(n_neighbors=neighbours, init=initial, random_state=seed, n_jobs=1)
    return model.fit_transform(rows)  # type: ignore[no-any-return]


def _initial_points(rows: Floats, seed: int) -> Floats:
    """Return principal components with a little noise, so that equal rows can separate."""
    points = pca(rows)
    scaled = INITIAL_SCALE * points / (points[:, 0].std() or 1)
    return (scaled + np.random.default_rng(seed).normal(0, JITTER, points.shape)).astype(np.float32)


PROJECTIONS = {"tsne": Projection("t-SNE", tsne), "pca": Projection("PCA", pca), "umap": Projection("UMAP", umap)}
