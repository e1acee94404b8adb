"""What the pairs of a chunk weigh, as a banded matrix (see `bands`), looked up instead of computed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.training.chunks import Chunks

SMALLEST_BLOCK = 8  # small blocks waste fewer products on pairs out of reach


def block_for(window: int) -> int:
    """Return the tokens in a block: a power of two, at least the window."""
    return max(SMALLEST_BLOCK, 1 << (window - 1).bit_length())


@dataclass(frozen=True)
class WeightsPlan:
    """What is known beforehand of a batch.

    totals: `(n, T)` the summed weight of each token's pairs, not scaled. lookups: `(n, T)` the rows of `scaled[0]` and
    of `scaled[1]`, for the pairs to the left and to the right.
    """

    totals: Floats
    lookups: tuple[Ints, Ints]
    scaled: Floats


class WindowWeights:
    """The weight of each pair of a chunk, by how far tokens reach to the left and to the right.

    by_distance: `(w,)` the weight of a neighbour at distance 1 .. w.
    """

    def __init__(self, by_distance: Floats, block: int, length: int, dtype: DTypeLike) -> None:
        self.shape = (length // block, block, block + 2 * len(by_distance))
        self._sides = _sides(by_distance, block).astype(dtype)
        self._places = np.arange(length) % block
        self._spare: Floats = np.empty(self.shape, dtype)

    def plan(self, chunks: Chunks, scale: float) -> WeightsPlan:
        """Return the plan of a batch; `scale` is what its weights are multiplied with when they are read."""
        block = self.shape[1]
        left, right = self._sides
        to_left, to_right = (reach.astype(np.intp) * block + self._places for reach in (chunks.left, chunks.right))
        totals = left.sum(1).take(to_left) + right.sum(1).take(to_right)
        return WeightsPlan(totals, (to_left, to_right), self._sides * self._sides.dtype.type(scale))

    def read(self, plan: WeightsPlan, chunk: int, out: Floats) -> None:
        """Write the scaled weights of a chunk's pairs, 0 where there is none, into `out`, `(B, S, S + 2w)`."""
        for side, lookup, values in zip(plan.scaled, plan.lookups, (out, self._spare), strict=True):
            side.take(lookup[chunk], 0, values.reshape(-1, values.shape[2]), "clip")
        out += self._spare


def _sides(by_distance: Floats, block: int) -> Floats:
    """Return the weights of a token's pairs to its left and to its right, `(2, (w + 1) · S, S + 2w)`.

    A side's rows are looked up by how far the token reaches there and by its place in the block.
    """
    window = len(by_distance)
    offset = np.arange(block + 2 * window) - window - np.arange(block)[:, None]
    reach = np.arange(window + 1)[:, None, None]
    weights = np.concatenate(([0.0], by_distance))
    sides = [np.where((side > 0) & (side <= reach), weights[np.clip(side, 0, window)], 0) for side in (-offset, offset)]
    return np.stack(sides).reshape(2, -1, block + 2 * window)
