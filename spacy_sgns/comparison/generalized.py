"""Generalized Procrustes alignment: one rotation for each of k tables of the same words, into one common space."""

from typing import NamedTuple

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.comparison.procrustes import assign_blocks, orthogonal, unit

SEED = 0
TOLERANCE = 1e-4  # of the relative gain of a sweep over all tables, below which the rotations have converged
MAX_SWEEPS = 100


class JointFit(NamedTuple):
    """A fitted alignment of k tables: subtract its `centres[i]` from table i, then multiply by its `rotations[i]`.

    centres: `(k, d)`. rotations: `(k, d, d)`; that of the last table is the identity.
    """

    centres: Floats
    rotations: Floats

    def apply(self, tables: Floats) -> Floats:
        """Return tables `(k, n, d)` in the common space."""
        return (tables - self.centres[:, None]) @ self.rotations


def displacements_between(tables: Floats) -> Floats:
    """Return 1 - cosine of each word's rows in every two of k aligned tables, `(k, k, n)`, from 0 to 2.

    tables: unit rows, `(k, n, d)`. As for two tables, each block of words is aligned by a fit on the other blocks.
    """
    k, n, d = tables.shape
    block, total = assign_blocks(n, k * d, np.random.default_rng(SEED)), gram(tables)
    start, values = joint_fit(total, k).rotations, np.empty((k, k, n))
    for number in range(int(block.max()) + 1):
        own = np.flatnonzero(block == number)
        held_out = joint_fit(total - gram(tables[:, own]), k, start)
        aligned = unit(held_out.apply(tables[:, own]))
        values[:, :, own] = 1 - np.einsum("ind,jnd->ijn", aligned, aligned)
    return np.round(np.clip(values, 0, 2), 9)


def gram(tables: Floats) -> Floats:
    """Return XᵀX, `(k * d + 1, k * d + 1)`, of k tables `(k, n, d)` side by side and a column of ones.

    The Gram matrices of blocks of words add up to that of all of them. The last column has the sums of all columns, and
    the corner has n.
    """
    k, n, d = tables.shape
    columns = np.ones((n, k * d + 1))
    columns[:, :-1] = tables.transpose(1, 0, 2).reshape(n, k * d)
    return columns.T @ columns


def joint_fit(gram: Floats, k: int, start: Floats | None = None) -> JointFit:
    """Return the alignment of k tables with a Gram matrix as returned by `gram`. start: rotations to begin with."""
    count, sums = gram[-1, -1], gram[-1, :-1]
    d = len(sums) // k
    centred = gram[:-1, :-1] - np.outer(sums, sums) / count
    moments = centred.reshape(k, d, k, d).transpose(0, 2, 1, 3)
    return JointFit((sums / count).reshape(k, d), generalized(moments, start))


def generalized(moments: Floats, start: Floats | None = None) -> Floats:
    """Return the orthogonal R₁ ... Rₖ, `(k, d, d)`, that minimize the sum of |AᵢRᵢ - AⱼRⱼ|² over all pairs; Rₖ = I.

    moments: AᵢᵀAⱼ, `(k, k, d, d)`. Gower 1975, by ten Berge 1977: each table in turn is aligned with the sum of all
    others until nothing is gained. No table is the reference, so the noise of one does not enter all distances; for two
    tables it is the orthogonal Procrustes alignment. start: by default, each table is aligned with the last.
    """
    k = len(moments)
    rotations = np.stack([orthogonal(moment) for moment in moments[:, -1]]) if start is None else start.copy()
    others, gain, best = ~np.eye(k, dtype=bool), np.inf, -np.inf
    for _ in range(MAX_SWEEPS):
        fits = 0.0
        for i in range(k):
            target = (moments[i, others[i]] @ rotations[others[i]]).sum(0)
            rotations[i] = orthogonal(target)
            fits += float(np.sum(rotations[i] * target))
        gain, best = fits - best, fits
        if gain <= TOLERANCE * abs(fits):
            break
    return rotations @ rotations[-1].T
