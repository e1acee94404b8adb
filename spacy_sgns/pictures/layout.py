"""Where words stand on a plane: `(n, d)` directions to `(n, 2)` points, the same for the same seed."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
from threadpoolctl import threadpool_limits

from spacy_sgns.arrays import Floats
from spacy_sgns.drawing.extras import extra
from spacy_sgns.errors import SettingError, SgnsError, closest

FEWEST = 3  # points that can be apart in two directions
PERPLEXITY = 30
NEIGHBOURS = 15
SPREAD = 1e-4  # of the points t-SNE starts from
JITTER = 1e-6

Place: TypeAlias = Callable[[Floats, int], Floats]


class Method(NamedTuple):
    """A way to place words. title: its name, for people."""

    title: str
    place: Place


def directions(rows: Floats) -> Floats:
    """Return rows `(n, d)` at length one, in double precision; those without a direction are zero."""
    rows = np.where(np.isfinite(rows), rows, 0).astype(np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)


def layout(rows: Floats, method: str, seed: int) -> Floats:
    """Return points `(n, 2)` for rows `(n, d)`, within -1 to 1: the widest direction lies level, and 0 in the middle.

    Distances are those of the rows' directions. Raises SettingError for an unknown method, SgnsError where a package is
    missing or there are fewer than three rows.
    """
    place = method_of(method).place
    if len(rows) < FEWEST:
        raise SgnsError(f"A map takes {FEWEST} words at least, got {len(rows)}.")
    with threadpool_limits(1):  # sums of several threads differ in their last bits
        points = pca(place(directions(rows), seed).astype(np.float64))
    middle = (points.max(0) + points.min(0)) / 2
    return (points - middle) / (np.abs(points - middle).max() or 1)


def method_of(name: str) -> Method:
    """Return the method of a name. Raises SettingError."""
    try:
        return METHODS[name]
    except KeyError:
        hint = closest(name, METHODS, n=1)
        raise SettingError(f"method must be one of {', '.join(METHODS)}, got {name!r}. {hint}".rstrip()) from None


def pca(rows: Floats, seed: int = 0) -> Floats:
    """Return the first two principal components of rows, `(n, 2)` (Pearson 1901), by a singular value decomposition.

    Signs are free, so they are fixed: in each direction the largest part is positive. seed: not used.
    """
    left, strengths, right = np.linalg.svd(rows - rows.mean(0), full_matrices=False)
    largest = right[np.arange(len(right)), np.abs(right).argmax(1)]
    found = (left * strengths * np.where(largest < 0, -1, 1))[:, :2]
    return np.pad(found, ((0, 0), (0, 2 - found.shape[1])))


def tsne(rows: Floats, seed: int) -> Floats:
    """Return points that keep who is near whom, `(n, 2)`: t-SNE (van der Maaten and Hinton 2008), begun with PCA."""
    with extra("scikit-learn", instead="take --method pca"):
        from sklearn.manifold import TSNE
    model = TSNE(perplexity=min(PERPLEXITY, (len(rows) - 1) / 3), init=_start(rows, seed), random_state=seed)
    with threadpool_limits(1):  # of libraries that were loaded only now
        return model.fit_transform(rows)  # type: ignore[no-any-return]


def umap(rows: Floats, seed: int) -> Floats:
    """Return points that keep who is near whom, `(n, 2)`: UMAP (McInnes et al. 2018), begun with PCA."""
    with extra("umap-learn", "'spacy-sgns[umap]'", instead="take --method tsne or pca"):
        from umap import UMAP
    neighbours = min(NEIGHBOURS, len(rows) - 1)
    model = UMAP(n_neighbors=neighbours, init=_start(rows, seed) / SPREAD, random_state=seed, n_jobs=1)
    return model.fit_transform(rows)  # type: ignore[no-any-return]


def _start(rows: Floats, seed: int) -> Floats:
    """Return where points begin: at their principal components, and a little beside, so that equal rows can part."""
    points = pca(rows)
    spread = SPREAD * points / (points[:, 0].std() or 1)
    return (spread + np.random.default_rng(seed).normal(0, JITTER, points.shape)).astype(np.float32)


METHODS = {"tsne": Method("t-SNE", tsne), "pca": Method("PCA", pca), "umap": Method("UMAP", umap)}
