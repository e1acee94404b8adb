"""The two tables that training makes: an input and an output row for each word."""

import numpy as np
from numpy.random import Generator
from numpy.typing import DTypeLike, NDArray

from spacy_sgns.arrays import Floats, Ints


class Tables:
    """Input and output rows of V words, side by side in one array.

    rows: `(V, 2d)`, a word's input row and then its output row, so that one gather brings both. It must be
    contiguous: `np.take` on any other view copies the whole table.
    """

    def __init__(self, rows: Floats) -> None:
        self.rows = rows
        self.dim = rows.shape[1] // 2
        self._halves = rows.reshape(-1, self.dim)  # row 2i + 1 is the output row of word i
        self._row_items, self._half_items = _as_items(rows), _as_items(self._halves)

    @classmethod
    def start(cls, words: int, dim: int, rng: Generator, dtype: DTypeLike = np.float32) -> "Tables":
        """Return tables with input rows uniform in +-1/(2 dim) and output rows of zero, as word2vec.c has them."""
        rows = np.zeros((words, 2 * dim), dtype)
        rows[:, :dim] = (rng.random((words, dim), dtype=np.float32) - 0.5) / dim
        return cls(rows)

    @property
    def inputs(self) -> Floats:
        """The input rows, `(V, d)`: a view."""
        return self.rows[:, : self.dim]

    @property
    def outputs(self) -> Floats:
        """The output rows, `(V, d)`: a view."""
        return self.rows[:, self.dim :]

    def gather(self, ids: Ints, out: Floats) -> None:
        """Write the rows of `ids`, `(n,)`, into `out`, `(n, 2d)`."""
        np.take(self.rows, ids, 0, out=out, mode="clip")

    def gather_outputs(self, ids: Ints, out: Floats) -> None:
        """Write the output rows of `ids`, `(n,)`, into `out`, `(n, d)`."""
        np.take(self._halves, 2 * ids + 1, 0, out=out, mode="clip")

    def add(self, ids: Ints, steps: Floats) -> None:
        """Add `steps`, `(n, 2d)`, to the rows of distinct `ids`, `(n,)`; `steps` is used up."""
        steps += self.rows.take(ids, 0)
        self._row_items[ids] = _as_items(steps)

    def add_outputs(self, ids: Ints, steps: Floats) -> None:
        """Add `steps`, `(n, d)`, to the output rows of distinct `ids`, `(n,)`; `steps` is used up."""
        at = 2 * ids + 1
        steps += self._halves.take(at, 0)
        self._half_items[at] = _as_items(steps)


def _as_items(rows: Floats) -> NDArray[np.void]:
    """Return rows as one opaque item each: assigning to many is then one memory copy a row."""
    return rows.view(f"V{rows.shape[1] * rows.itemsize}")[:, 0]
