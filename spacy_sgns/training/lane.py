"""One lane: the steps that a chunk asks of its words' rows, from tables that do not change meanwhile."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.random import Generator

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.training.protocols import Examples, Questions
from spacy_sgns.training.row_sums import RowSum, plan_row_sums
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


@dataclass(frozen=True)
class Plan:
    """What is worked out beforehand for the n chunks of a lane in a batch.

    ids: `(n, T)`. extra: `(n, E)`. pairs: the summed weight of all pairs. examples, questions: the plans of these two.
    """

    ids: Ints
    extra: Ints
    pairs: float
    examples: Any
    questions: Any
    input_sums: list[RowSum]
    output_sums: list[RowSum]


class Lane:
    """Computes chunks, one at a time."""

    def __init__(self, tables: Tables, workspace: Workspace, examples: Examples, questions: Questions) -> None:
        self._tables, self._workspace = tables, workspace
        self._examples, self._questions = examples, questions
        self._spare = np.empty_like(workspace.output_gradients)

    def plan(self, chunks: Chunks, rate: float, rng: Generator) -> Plan:
        """Return the plan of chunks that are to be trained on at a learning rate; rng: for their noise."""
        examples = self._examples.plan(chunks, rate)
        weights = examples.weights
        questions = self._questions.plan(weights, rate, rng)
        # An output row has one step, of its part as context and its part as noise: limited apart, the pull of the one
        # and the push of the other could no longer cancel.
        both = np.concatenate((chunks.ids, questions.extra), axis=1)
        pairs = float(weights.sum(dtype=np.float64))
        sums = plan_row_sums(chunks.ids), plan_row_sums(both)
        return Plan(chunks.ids, questions.extra, pairs, examples, questions, *sums)

    def step(self, plan: Plan, chunk: int, buffers: Buffers) -> Step:
        """Return the step of a chunk, each row within the trust region. buffers: for its rows."""
        ids, space, tables = plan.ids[chunk], self._workspace, self._tables
        tables.inputs.gather(ids, space.inputs)
        tables.outputs.gather(ids, space.outputs)
        tables.outputs.gather(plan.extra[chunk], space.extra)
        self._examples.read(plan.examples, chunk)
        loss = self._questions.learn(plan.questions, chunk)
        self._examples.finish()
        of_inputs, of_outputs = plan.input_sums[chunk], plan.output_sums[chunk]
        inputs = of_inputs.into(buffers[0], space.input_gradients, self._spare)
        outputs = of_outputs.into(buffers[1], space.output_gradients, self._spare)
        limit(inputs, RADIUS)
        limit(outputs, RADIUS)
        return Step(loss, of_inputs.ids, inputs, of_outputs.ids, outputs)
