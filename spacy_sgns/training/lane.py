"""One lane: the steps that a chunk asks of its words' rows, from tables that do not change meanwhile."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.random import Generator

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.training.protocols import Examples, Questions
from spacy_sgns.training.row_sums import plan_row_sums
from spacy_sgns.training.slab import Chunks
from spacy_sgns.training.tables import Tables
from spacy_sgns.training.trust_region import RADIUS, limit
from spacy_sgns.training.workspace import Workspace

Buffers: TypeAlias = tuple[Floats, Floats]


@dataclass(frozen=True)
class Step:
    """What one chunk adds to the tables.

    loss: summed over the chunk's pairs. ids: `(u,)` distinct words, inputs: `(u, d)`. output_ids: `(v,)` distinct
    output rows, outputs: `(v, d)`.
    """

    loss: float
    ids: Ints
    inputs: Floats
    output_ids: Ints
    outputs: Floats

    def add_to(self, tables: Tables) -> None:
        """Take the step; it is used up."""
        tables.inputs.add(self.ids, self.inputs)
        tables.outputs.add(self.output_ids, self.outputs)


class Lane:
    """Computes the chunks of a batch, one at a time."""

    def __init__(self, tables: Tables, workspace: Workspace, examples: Examples, questions: Questions) -> None:
        self._tables, self._workspace = tables, workspace
        self._examples, self._questions = examples, questions
        self._spare = np.empty_like(workspace.output_gradients)

    def buffers(self) -> Buffers:
        """Return the buffers that a step needs until it is added."""
        return np.empty_like(self._workspace.input_gradients), np.empty_like(self._spare)

    def plan(self, chunks: Chunks, rate: float, rng: Generator) -> float:
        """Look at a batch; return the summed weight of its pairs."""
        weights = self._examples.plan(chunks, rate)
        self._ids, self._extra = chunks.ids, self._questions.plan(weights, rate, rng)
        self._input_sums = plan_row_sums(self._ids)
        # An output row has one step, of its part as context and its part as noise: limited apart, the pull of the one
        # and the push of the other could no longer cancel.
        self._output_sums = plan_row_sums(np.concatenate((self._ids, self._extra), axis=1))
        return float(weights.sum(dtype=np.float64))

    def step(self, chunk: int, buffers: Buffers) -> Step:
        """Return the step of a chunk of the batch, each row within the trust region."""
        ids, space, tables = self._ids[chunk], self._workspace, self._tables
        tables.inputs.gather(ids, space.inputs)
        tables.outputs.gather(ids, space.outputs)
        tables.outputs.gather(self._extra[chunk], space.extra)
        self._examples.read(chunk)
        loss = self._questions.learn(chunk)
        self._examples.finish()
        of_inputs, of_outputs = self._input_sums[chunk], self._output_sums[chunk]
        inputs = of_inputs.into(buffers[0], space.input_gradients, self._spare)
        outputs = of_outputs.into(buffers[1], space.output_gradients, self._spare)
        limit(inputs, RADIUS)
        limit(outputs, RADIUS)
        return Step(loss, of_inputs.ids, inputs, of_outputs.ids, outputs)
