"""The steps of all chunks of one step of training, in shared memory: changes of rows, losses and pair weights."""

import numpy as np
from numpy.typing import DTypeLike

from spacy_sgns.arrays import Floats
from spacy_sgns.system.shared_memory import Layout, Memory
from spacy_sgns.training.parallel.process_group import ProcessGroup
from spacy_sgns.training.update.step import Step
from spacy_sgns.training.update.tables import Tables

STRIPE_BITS = 4  # 16 neighbouring rows share cache lines, so one worker adds to all of them


class Exchange:
    """A slot for each of the K chunks of a step. loss: `(K,)` of this step; pairs: `(K,)` weights of this batch.

    In a slot, rows are sorted by the rank of the worker that adds to them, so that each worker reads one slice of what
    another has written; limits, `(K, workers + 1)`, are the bounds of these slices.
    """

    def __init__(self, memory: Memory, group: ProcessGroup) -> None:
        self.loss: Floats = memory["loss"]
        self.pairs: Floats = memory["pairs"]
        self._group = group
        self._limits, self._rows, self._steps = memory["limits"], memory["step_rows"], memory["steps"]
        self._unsorted = np.empty_like(self._steps[0])

    @staticmethod
    def layout(chunks_per_step: int, workers: int, width: int, dim: int, dtype: DTypeLike) -> Layout:
        """Return the shared arrays for chunks whose steps change at most `width` rows each."""
        return {
            "loss": ((chunks_per_step,), "f8"),
            "pairs": ((chunks_per_step,), "f8"),
            "limits": ((chunks_per_step, workers + 1), "i8"),
            "step_rows": ((chunks_per_step, width), "i8"),
            "steps": ((chunks_per_step, width, dim), dtype),
        }

    def buffer(self, k: int) -> Floats:
        """Return the buffer in which the step of chunk k is to be computed, `(width, d)`."""
        return self._steps[k] if self._group.size == 1 else self._unsorted

    def put(self, k: int, step: Step) -> None:
        """Publish the step of chunk k, which lies in its buffer, sorted by the rank that adds it."""
        self.loss[k] = step.loss
        size = len(step.rows)
        if self._group.size == 1:
            self._rows[k, :size], self._limits[k, 1] = step.rows, size
            return
        owner = ((step.rows >> STRIPE_BITS) % self._group.size).astype(np.uint16)
        order = np.argsort(owner, kind="stable")  # 16-bit keys make this a radix sort
        step.rows.take(order, 0, self._rows[k, :size], "clip")
        step.steps.take(order, 0, self._steps[k, :size], "clip")
        np.cumsum(np.bincount(owner, minlength=self._group.size), out=self._limits[k, 1:])

    def add(self, k: int, tables: Tables) -> None:
        """Add the step of chunk k to the rows of the tables that belong to this rank."""
        first, last = self._limits[k, self._group.rank : self._group.rank + 2].tolist()
        tables.add(self._rows[k, first:last], self._steps[k, first:last])
