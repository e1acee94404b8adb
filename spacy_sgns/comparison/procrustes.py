"""Alignment: two tables of the same words differ by a rotation that means nothing, and it is taken back."""

from typing import NamedTuple

import numpy as np

from spacy_sgns.arrays import Floats, Ints

BLOCKS = 100  # of words, to be left out or drawn again together
FEWEST = 20
MOST_HELD = 1 << 25  # numbers in the moments of all blocks
ROUNDING = 1e-12  # shorter rows have no direction


class Fit(NamedTuple):
    """What brings rows A onto rows B: `centre_a` and `centre_b`, `(d,)`, are taken off, then A is turned, `(d, d)`."""

    centre_a: Floats
    centre_b: Floats
    turn: Floats

    def distances(self, a: Floats, b: Floats) -> Floats:
        """Return 1 - cosine of rows brought onto each other, `(n,)`: 0 for the same direction, 2 for the opposite one.

        Rounded, so that what is equal but for the last bits is equal.
        """
        cosines = np.vecdot(unit((a - self.centre_a) @ self.turn), unit(b - self.centre_b))
        return np.round(np.clip(1 - cosines, 0, 2), 9)


def rotation(moment: Floats) -> Floats:
    """Return the orthogonal R, `(d, d)`, for which A R is nearest to B by least squares; it may reflect too.

    moment: AᵀB, `(d, d)`. Schönemann 1966: R = U Vᵀ, of the singular value decomposition U S Vᵀ of the moment.
    """
    left, _, right = np.linalg.svd(moment)
    return left @ right


def fit(moment: Floats) -> Fit:
    """Return the alignment of words by their moment, `(d + 1, d + 1)`, as `moments` makes it.

    The mean of the rows is taken off before: all rows of a training lean to one side, which would hide how they differ.
    Artetxe, Labaka and Agirre 2016 (D16-1250): rows of length one, centred, rotated.
    """
    number = moment[-1, -1]
    centre_a, centre_b = moment[:-1, -1] / number, moment[-1, :-1] / number
    return Fit(centre_a, centre_b, rotation(moment[:-1, :-1] - number * np.outer(centre_a, centre_b)))


def moments(a: Floats, b: Floats, block: Ints) -> Floats:
    """Return AᵀB of the words of each block, `(blocks, d + 1, d + 1)`, where A and B have a last column of ones.

    So the last column holds the sums of the rows of A, the last row those of B, and the corner the number of words;
    moments of blocks add up to those of all their words. a, b: `(n, d)`. block: `(n,)`.
    """
    wide_a, wide_b = (np.pad(rows, ((0, 0), (0, 1)), constant_values=1) for rows in (a, b))
    own = [np.flatnonzero(block == number) for number in range(int(block.max()) + 1)]
    return np.stack([wide_a[places].T @ wide_b[places] for places in own])


def blocks(n: int, width: int, rng: np.random.Generator) -> Ints:
    """Return the number of the block that each of n words is put in by lot, `(n,)`."""
    number = max(FEWEST, min(BLOCKS, MOST_HELD // width**2))
    return rng.permutation(n) % min(n, number)


def has_direction(rows: Floats) -> Floats:
    """Return which rows are finite and not zero, `(n,)` of bool."""
    lengths = _lengths(rows)
    return np.isfinite(lengths) & (lengths > 0)


def unit(rows: Floats) -> Floats:
    """Return rows of length one in double precision, `(n, d)`; those that are shorter than rounding are zero."""
    lengths = _lengths(rows)[:, None]
    return np.where(lengths > ROUNDING, rows / np.where(lengths > ROUNDING, lengths, 1), 0)


def padded(rows: Floats, width: int) -> Floats:
    """Return rows with zeros at their end, `(n, width)`."""
    return np.pad(rows, ((0, 0), (0, width - rows.shape[1])))


def _lengths(rows: Floats) -> Floats:
    with np.errstate(all="ignore"):
        return np.linalg.norm(np.asarray(rows, np.float64), axis=1)
