"""The two tables that training makes: an input and an output row for each word."""

import numpy as np
from numpy.random import Generator
from numpy.typing import DTypeLike, NDArray

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.training.memory import Layout


class Table:
    """Rows `(n, d)`, gathered and added to by id.

    They must be contiguous: `np.take` on any other view copies the whole table.
    """

    def __init__(self, rows: Floats) -> None:
        self.rows = rows
        self._items = _as_items(rows)
        self._spare = np.empty((0, rows.shape[1]), rows.dtype)

    def gather(self, ids: Ints, out: Floats) -> None:
        """Write the rows of `ids`, `(n,)`, into `out`, `(n, d)`."""
        self.rows.take(ids, 0, out, "clip")

    def add(self, ids: Ints, steps: Floats) -> None:
        """Add `steps`, `(n, d)`, to the rows of distinct `ids`, `(n,)`."""
        if len(ids) > len(self._spare):
            self._spare = np.empty((2 * len(ids), *steps.shape[1:]), steps.dtype)
        present = self._spare[: len(ids)]
        self.gather(ids, present)
        present += steps
        self._items[ids] = _as_items(present)


class Tables:
    """An input and an output table."""

    def __init__(self, inputs: Floats, outputs: Floats) -> None:
        self.inputs, self.outputs = Table(inputs), Table(outputs)

    @staticmethod
    def layout(words: int, dim: int, dtype: DTypeLike) -> Layout:
        """Return the arrays of two tables."""
        return dict.fromkeys(("inputs", "outputs"), ((words, dim), dtype))

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
