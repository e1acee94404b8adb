"""The two tables that are trained: an input row and an output row for each word."""

import numpy as np
from numpy.random import Generator
from numpy.typing import DTypeLike, NDArray

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.system.shared_memory import Layout


class Table:
    """Rows `(n, d)`, fetched by id. They must be contiguous: `np.take` would otherwise copy the whole table."""

    def __init__(self, rows: Floats) -> None:
        self.rows = rows

    def gather(self, ids: Ints, out: Floats) -> None:
        """Write the rows of `ids`, `(m,)`, into `out`, `(m, d)`, of the same or a higher precision; any row for -1."""
        if out.dtype == self.rows.dtype:
            self.rows.take(ids, 0, out, "clip")
        else:
            out[:] = self.rows.take(ids, 0, mode="clip")


class Tables:
    """The input and the output table of V words, in one array.

    rows: `(2V, d)`, input rows first: the output row of word i is row V + i.
    """

    def __init__(self, rows: Floats) -> None:
        self.rows, self.words = rows, len(rows) // 2
        self.inputs, self.outputs = Table(rows[: self.words]), Table(rows[self.words :])
        self._both, self._items = Table(rows), _as_items(rows)
        self._spare = np.empty((0, rows.shape[1]), rows.dtype)

    @staticmethod
    def layout(words: int, dim: int, dtype: DTypeLike) -> Layout:
        """Return the layout of the array that holds both tables."""
        return {"rows": ((2 * words, dim), dtype)}

    def add(self, rows: Ints, steps: Floats) -> None:
        """Add `steps`, `(m, d)`, to the distinct `rows`, `(m,)`, numbered over both tables."""
        if len(rows) > len(self._spare):
            self._spare = np.empty((2 * len(rows), *steps.shape[1:]), steps.dtype)
        present = self._spare[: len(rows)]
        self._both.gather(rows, present)
        present += steps
        self._items[rows] = _as_items(present)

    def start(self, rng: Generator) -> None:
        """Initialize as word2vec.c does: input rows uniform in ±1/(2d), output rows zero."""
        inputs = self.inputs.rows
        inputs[:] = rng.random(inputs.shape, dtype=np.float32)
        inputs -= 0.5
        inputs /= inputs.shape[1]
        self.outputs.rows[:] = 0


def _as_items(rows: Floats) -> NDArray[np.void]:
    """Return a view of rows as opaque items: assigning to many rows is then one memory copy for each."""
    return rows.view(f"V{rows.shape[1] * rows.itemsize}")[:, 0]
