"""One step of all chunks_per_step, where every worker sees it: what each lane adds to the tables, its loss and its pairs."""

import numpy as np
from numpy.typing import DTypeLike

from spacy_sgns.arrays import Floats
from spacy_sgns.system.shared_memory import Layout, Memory
from spacy_sgns.training.parallel.process_group import ProcessGroup
from spacy_sgns.training.update.step import Step
from spacy_sgns.training.update.tables import Tables

STRIPE = 4  # bits of the row's number: neighbouring rows share lines of the cache, so they go to one worker


class Exchange:
    """A place for the step of each of L chunks_per_step. loss, pairs: `(L,)` of the current step, of the current batch.

    A lane's rows lie there by the worker that will add to them, so that each of them reads one piece of what another
    has written; `(L, workers + 1)` limits say where the pieces begin.
    """

    def __init__(self, memory: Memory, group: ProcessGroup) -> None:
        self.loss: Floats = memory["loss"]
        self.pairs: Floats = memory["pairs"]
        self._group = group
        self._limits, self._rows, self._steps = memory["limits"], memory["step_rows"], memory["steps"]
        self._unsorted = np.empty_like(self._steps[0])

    @staticmethod
    def layout(chunks_per_step: int, workers: int, width: int, dim: int, dtype: DTypeLike) -> Layout:
        """Return the arrays for chunks_per_step whose steps move up to `width` rows."""
        return {
            "loss": ((chunks_per_step,), "f8"),
            "pairs": ((chunks_per_step,), "f8"),
            "limits": ((chunks_per_step, workers + 1), "i8"),
            "step_rows": ((chunks_per_step, width), "i8"),
            "steps": ((chunks_per_step, width, dim), dtype),
        }

    def buffer(self, lane: int) -> Floats:
        """Return where a lane may compute its step."""
        return self._steps[lane] if self._group.size == 1 else self._unsorted

    def put(self, lane: int, step: Step) -> None:
        """Leave the step of a lane, which stands in its buffer, for those who will add it."""
        self.loss[lane] = step.loss
        size = len(step.rows)
        if self._group.size == 1:
            self._rows[lane, :size], self._limits[lane, 1] = step.rows, size
            return
        owner = ((step.rows >> STRIPE) % self._group.size).astype(np.uint16)
        order = np.argsort(owner, kind="stable")  # 16-bit keys make this a radix sort
        step.rows.take(order, 0, self._rows[lane, :size], "clip")
        step.steps.take(order, 0, self._steps[lane, :size], "clip")
        np.cumsum(np.bincount(owner, minlength=self._group.size), out=self._limits[lane, 1:])

    def add(self, lane: int, tables: Tables) -> None:
        """Add a lane's step to the rows that are this worker's own."""
        first, last = self._limits[lane, self._group.index : self._group.index + 2].tolist()
        tables.add(self._rows[lane, first:last], self._steps[lane, first:last])
