"""Orthogonal Procrustes alignment, which undoes the arbitrary rotation between two tables of the same words."""

from typing import NamedTuple

import numpy as np

from spacy_sgns.arrays import Floats, Ints

MAX_BLOCKS = 100  # of words, which are left out or resampled together
MIN_BLOCKS = 20
MAX_MOMENT_NUMBERS = 1 << 25  # in the moments of all blocks
MIN_LENGTH = 1e-12  # shorter rows have no direction


class Fit(NamedTuple):
    """A fitted alignment: subtract `centre_a` and `centre_b`, `(d,)`, then multiply A by `rotation`, `(d, d)`."""

    centre_a: Floats
    centre_b: Floats
    rotation: Floats

    def distances(self, a: Floats, b: Floats) -> Floats:
        """Return 1 - cosine of aligned rows, `(n,)`: 0 for the same direction, 2 for the opposite one.

        Rounded, so that values that differ in the last bits only become equal.
        """
        cosines = np.vecdot(unit((a - self.centre_a) @ self.rotation), unit(b - self.centre_b))
        return np.round(np.clip(1 - cosines, 0, 2), 9)


def orthogonal(moment: Floats) -> Floats:
    """Return the orthogonal R, `(d, d)`, that minimizes |A R - B|; it may include a reflection.

    moment: AᵀB, `(d, d)`. Schönemann 1966: R = U Vᵀ from the singular value decomposition U S Vᵀ of the moment.
    """
    left, _, right = np.linalg.svd(moment)
    return left @ right


def fit(moment: Floats) -> Fit:
    """Return the alignment fitted on words with a moment, `(d + 1, d + 1)`, as returned by `moments`.

    The mean of the rows is subtracted first: all rows of a training share a common direction, which would hide their
    differences. Artetxe, Labaka and Agirre 2016 (D16-1250): unit rows, centred, rotated.
    """
    count = moment[-1, -1]
    centre_a, centre_b = moment[:-1, -1] / count, moment[-1, :-1] / count
    return Fit(centre_a, centre_b, orthogonal(moment[:-1, :-1] - count * np.outer(centre_a, centre_b)))


def moments(a: Floats, b: Floats, block: Ints) -> Floats:
    """Return AᵀB for the words of each block, `(blocks, d + 1, d + 1)`, after appending a column of ones to A and B.

    The last column then has the sums of the rows of A, the last row those of B, and the corner the number of words. The
    moments of blocks add up to the moment of all their words. a, b: `(n, d)`. block: `(n,)`.
    """
    wide_a, wide_b = (np.pad(rows, ((0, 0), (0, 1)), constant_values=1) for rows in (a, b))
    members = [np.flatnonzero(block == number) for number in range(int(block.max()) + 1)]
    return np.stack([wide_a[own].T @ wide_b[own] for own in members])


def assign_blocks(n: int, width: int, rng: np.random.Generator) -> Ints:
    """Return the block of each of n words, `(n,)`, assigned at random; blocks differ in size by at most one."""
    count = max(MIN_BLOCKS, min(MAX_BLOCKS, MAX_MOMENT_NUMBERS // width**2))
    return rng.permutation(n) % min(n, count)


def has_direction(rows: Floats) -> Floats:
    """Return whether each row is finite and not zero, `(n,)` of bool."""
    lengths = _lengths(rows)
    return np.isfinite(lengths) & (lengths > 0)


def unit(rows: Floats) -> Floats:
    """Return unit rows in double precision, `(..., d)`; rows too short to have a direction become zero."""
    lengths = _lengths(rows)[..., None]
    return np.where(lengths > MIN_LENGTH, rows / np.where(lengths > MIN_LENGTH, lengths, 1), 0)


def padded(rows: Floats, width: int) -> Floats:
    """Return rows padded with zeros on the right, `(n, width)`."""
    return np.pad(rows, ((0, 0), (0, width - rows.shape[1])))


def _lengths(rows: Floats) -> Floats:
    with np.errstate(all="ignore"):
        return np.linalg.norm(np.asarray(rows, np.float64), axis=-1)
