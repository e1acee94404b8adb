"""The weights of the pairs of a chunk as a banded matrix (see `bands`), looked up instead of computed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.training.chunks import Chunks

MIN_BLOCK_TOKENS = 8  # small blocks waste fewer products on pairs out of reach


def block_for(window: int) -> int:
    """Return the block size in tokens: a power of two, at least the window."""
    return max(MIN_BLOCK_TOKENS, 1 << (window - 1).bit_length())


@dataclass(frozen=True)
class WeightsPlan:
    """The plan of a batch.

    totals: `(n, T)` the summed weight of each token's pairs, not scaled. lookups: two `(n, T)`, the rows of `scaled[0]`
    for the pairs to the left and of `scaled[1]` for those to the right.
    """

    totals: Floats
    lookups: tuple[Ints, Ints]
    scaled: Floats


class WindowWeights:
    """Looks up the weights of the pairs of a chunk by the reach of its tokens.

    by_distance: `(w,)` the weights of neighbours at distances 1 .. w.
    """

    def __init__(self, by_distance: Floats, block: int, length: int, dtype: DTypeLike) -> None:
        self.shape = (length // block, block, block + 2 * len(by_distance))
        self._sides = _sides(by_distance, block).astype(dtype)
        self._index = np.arange(length) % block
        self._spare: Floats = np.empty(self.shape, dtype)

    def plan(self, chunks: Chunks, scale: float) -> WeightsPlan:
        """Return the plan of a batch. scale: the factor of all weights that are read."""
        block = self.shape[1]
        left, right = self._sides
        to_left, to_right = (reach.astype(np.intp) * block + self._index for reach in (chunks.left, chunks.right))
        totals = left.sum(1).take(to_left) + right.sum(1).take(to_right)
        return WeightsPlan(totals, (to_left, to_right), self._sides * self._sides.dtype.type(scale))

    def read(self, plan: WeightsPlan, chunk: int, out: Floats) -> None:
        """Write the scaled weights of a chunk's pairs, 0 where there is no pair, into `out`, `(B, S, S + 2w)`."""
        for side, lookup, values in zip(plan.scaled, plan.lookups, (out, self._spare), strict=True):
            side.take(lookup[chunk], 0, values.reshape(-1, values.shape[2]), "clip")
        out += self._spare


def _sides(by_distance: Floats, block: int) -> Floats:
    """Return the weights of a token's pairs to its left and to its right, `(2, (w + 1) · S, S + 2w)`.

    The row of a token is its reach on that side times S, plus its index in the block.
    """
    window = len(by_distance)
    offset = np.arange(block + 2 * window) - window - np.arange(block)[:, None]
    reach = np.arange(window + 1)[:, None, None]
    weights = np.concatenate(([0.0], by_distance))
    sides = [np.where((side > 0) & (side <= reach), weights[np.clip(side, 0, window)], 0) for side in (-offset, offset)]
    return np.stack(sides).reshape(2, -1, block + 2 * window)
