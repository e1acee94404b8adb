"""One step of all lanes, where every worker sees it: what each lane adds to the tables, its loss and its pairs."""

from numpy.typing import DTypeLike

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.training.crew import Crew, own_rows
from spacy_sgns.training.lane import Buffers, Step
from spacy_sgns.training.memory import Layout, Memory
from spacy_sgns.training.tables import Tables


class Exchange:
    """A place for the step of each of L lanes. loss, pairs: `(L,)` of the current step, of the current batch."""

    def __init__(self, memory: Memory) -> None:
        self.loss: Floats = memory["loss"]
        self.pairs: Floats = memory["pairs"]
        self._sizes: Ints = memory["sizes"]
        self._inputs, self._outputs = ((memory[f"step_{of}_ids"], memory[f"step_{of}"]) for of in ("inputs", "outputs"))

    @staticmethod
    def layout(lanes: int, length: int, extra: int, dim: int, dtype: DTypeLike) -> Layout:
        """Return the arrays that `lanes` chunks of `length` tokens and `extra` output rows need."""
        both = length + extra
        return {
            "loss": ((lanes,), "f8"),
            "pairs": ((lanes,), "f8"),
            "sizes": ((lanes, 2), "i8"),
            "step_inputs_ids": ((lanes, length), "i8"),
            "step_inputs": ((lanes, length, dim), dtype),
            "step_outputs_ids": ((lanes, both), "i8"),
            "step_outputs": ((lanes, both, dim), dtype),
        }

    def buffers(self, lane: int) -> Buffers:
        """Return where a lane may compute the rows of its step."""
        return self._inputs[1][lane], self._outputs[1][lane]

    def put(self, lane: int, step: Step) -> None:
        """Leave the step of a lane, whose rows stand in its buffers."""
        self.loss[lane] = step.loss
        for side, ids in enumerate((step.ids, step.output_ids)):
            self._sizes[lane, side] = len(ids)
            (self._inputs, self._outputs)[side][0][lane, : len(ids)] = ids

    def add(self, lane: int, tables: Tables, crew: Crew) -> None:
        """Add a lane's step to the rows that are this worker's own; that part of the step is used up."""
        n, m = self._sizes[lane].tolist()
        tables.inputs.add(*own_rows(crew, *(part[lane, :n] for part in self._inputs)))
        tables.outputs.add(*own_rows(crew, *(part[lane, :m] for part in self._outputs)))
