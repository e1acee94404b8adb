"""The two tables that training makes: an input and an output row for each word."""

import numpy as np
from numpy.random import Generator
from numpy.typing import DTypeLike, NDArray

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.system.shared_memory import Layout


class Table:
    """Rows `(n, d)`, gathered by id.

    They must be contiguous: `np.take` on any other view copies the whole table.
    """

    def __init__(self, rows: Floats) -> None:
        self.rows = rows

    def gather(self, ids: Ints, out: Floats) -> None:
        """Write the rows of `ids`, `(n,)`, into `out`, `(n, d)`, which may have a higher precision."""
        if out.dtype == self.rows.dtype:
            self.rows.take(ids, 0, out, "clip")
        else:
            out[:] = self.rows.take(ids, 0, mode="clip")


class Tables:
    """An input and an output table of V words, one above the other.

    rows: `(2V, d)`, first the input rows: the output row of word i is row V + i.
    """

    def __init__(self, rows: Floats) -> None:
        self.rows, self.words = rows, len(rows) // 2
        self.inputs, self.outputs = Table(rows[: self.words]), Table(rows[self.words :])
        self._both, self._items = Table(rows), _as_items(rows)
        self._spare = np.empty((0, rows.shape[1]), rows.dtype)

    @staticmethod
    def layout(words: int, dim: int, dtype: DTypeLike) -> Layout:
        """Return the array of two tables."""
        return {"rows": ((2 * words, dim), dtype)}

    def add(self, rows: Ints, steps: Floats) -> None:
        """Add `steps`, `(n, d)`, to distinct `rows`, `(n,)`, of both tables."""
        if len(rows) > len(self._spare):
            self._spare = np.empty((2 * len(rows), *steps.shape[1:]), steps.dtype)
        present = self._spare[: len(rows)]
        self._both.gather(rows, present)
        present += steps
        self._items[rows] = _as_items(present)

    def start(self, rng: Generator) -> None:
        """Make input rows uniform in +-1/(2 dim) and output rows zero, as word2vec.c does."""
        inputs = self.inputs.rows
        inputs[:] = rng.random(inputs.shape, dtype=np.float32)
        inputs -= 0.5
        inputs /= inputs.shape[1]
        self.outputs.rows[:] = 0


def _as_items(rows: Floats) -> NDArray[np.void]:
    """Return rows as one opaque item each: assigning to many is then one memory copy a row."""
    return rows.view(f"V{rows.shape[1] * rows.itemsize}")[:, 0]
