"""One step of all lanes, where every worker sees it: what each lane adds to the tables, its loss and its pairs."""

import numpy as np
from numpy.typing import DTypeLike

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.training.crew import Crew
from spacy_sgns.training.lane import Buffers, Step
from spacy_sgns.training.memory import Layout, Memory
from spacy_sgns.training.tables import Tables

STRIPE = 4  # bits of the row's number: neighbouring rows share lines of the cache, so they go to one worker


class Exchange:
    """A place for the step of each of L lanes. loss, pairs: `(L,)` of the current step, of the current batch.

    A lane's rows lie there by the worker that will add them, so that each of them reads one piece of what another has
    written. `(L, 2, workers + 1)` limits say where the pieces begin, for input and output rows.
    """

    def __init__(self, memory: Memory, crew: Crew) -> None:
        self.loss: Floats = memory["loss"]
        self.pairs: Floats = memory["pairs"]
        self._crew, self._limits = crew, memory["limits"]
        self._ids = memory["step_inputs_ids"], memory["step_outputs_ids"]
        self._rows = memory["step_inputs"], memory["step_outputs"]
        self._unsorted = np.empty_like(self._rows[0][0]), np.empty_like(self._rows[1][0])

    @staticmethod
    def layout(lanes: int, workers: int, length: int, extra: int, dim: int, dtype: DTypeLike) -> Layout:
        """Return the arrays that `lanes` chunks of `length` tokens and `extra` output rows need."""
        both = length + extra
        return {
            "loss": ((lanes,), "f8"),
            "pairs": ((lanes,), "f8"),
            "limits": ((lanes, 2, workers + 1), "i8"),
            "step_inputs_ids": ((lanes, length), "i8"),
            "step_inputs": ((lanes, length, dim), dtype),
            "step_outputs_ids": ((lanes, both), "i8"),
            "step_outputs": ((lanes, both, dim), dtype),
        }

    def buffers(self, lane: int) -> Buffers:
        """Return where a lane may compute the rows of its step."""
        return (self._rows[0][lane], self._rows[1][lane]) if self._crew.size == 1 else self._unsorted

    def put(self, lane: int, step: Step) -> None:
        """Leave the step of a lane, whose rows stand in its buffers, for those who will add it."""
        self.loss[lane] = step.loss
        for side, (ids, rows) in enumerate(((step.ids, step.inputs), (step.output_ids, step.outputs))):
            if self._crew.size == 1:
                self._ids[side][lane, : len(ids)] = ids
                self._limits[lane, side, 1] = len(ids)
            else:
                self._sort(lane, side, ids, rows)

    def _sort(self, lane: int, side: int, ids: Ints, rows: Floats) -> None:
        owner = ((ids >> STRIPE) % self._crew.size).astype(np.uint16)
        order = np.argsort(owner, kind="stable")  # 16-bit keys make this a radix sort
        ids.take(order, 0, self._ids[side][lane, : len(ids)], "clip")
        rows.take(order, 0, self._rows[side][lane, : len(ids)], "clip")
        np.cumsum(np.bincount(owner, minlength=self._crew.size), out=self._limits[lane, side, 1:])

    def add(self, lane: int, tables: Tables) -> None:
        """Add a lane's step to the rows that are this worker's own."""
        for side, table in enumerate((tables.inputs, tables.outputs)):
            first, last = self._limits[lane, side, self._crew.index : self._crew.index + 2].tolist()
            table.add(self._ids[side][lane, first:last], self._rows[side][lane, first:last])
