"""One lane: the steps that a chunk asks of its words' rows, from tables that do not change meanwhile."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.training.chunks import Chunks
from spacy_sgns.training.protocols import Examples, Questions, Weighting
from spacy_sgns.training.update.row_sums import RowSum, plan_row_sums
from spacy_sgns.training.update.tables import Tables
from spacy_sgns.training.update.trust_region import RADIUS, limit
from spacy_sgns.training.workspace import Workspace


@dataclass(frozen=True)
class Step:
    """What one chunk adds to the tables.

    loss: summed over the chunk's pairs. rows: `(u,)` distinct rows of both tables. steps: `(u, d)`, to be added.
    """

    loss: float
    rows: Ints
    steps: Floats


@dataclass(frozen=True)
class Plan:
    """What is worked out beforehand for the n chunks of a lane in a batch.

    ids: `(n, T)`. outputs: `(n, W)`. pairs: the summed weight of all. examples, questions: the plans of these two.
    rows: per chunk the distinct rows of both tables that it moves, those of inputs first.
    """

    ids: Ints
    outputs: Ints
    pairs: float
    examples: Any
    questions: Any
    input_sums: list[RowSum]
    output_sums: list[RowSum]
    rows: list[Ints]


class ChunkStep:
    """Computes chunks, one at a time."""

    def __init__(
        self, tables: Tables, workspace: Workspace, weighting: Weighting, examples: Examples, questions: Questions
    ) -> None:
        self._tables, self._workspace, self._weighting = tables, workspace, weighting
        self._examples, self._questions = examples, questions
        self._spare = np.empty_like(workspace.output_gradients)

    def plan(self, chunks: Chunks, rate: float, rng: Generator) -> Plan:
        """Return the plan of chunks that are to be trained on at a learning rate; rng: for what is drawn."""
        chunks = self._weighting.reach(chunks, self._workspace.window, rng)
        examples = self._examples.plan(chunks, rate)
        weights = examples.weights
        questions = self._questions.plan(chunks.ids, weights, rate, rng)
        outputs, words = questions.outputs, self._tables.words
        pairs = float(weights.sum(dtype=np.float64))
        # An output row has one step, of its part as context and its part as noise: limited apart, the pull of the one
        # and the push of the other could no longer cancel.
        sums = plan_row_sums(chunks.ids), plan_row_sums(outputs + words, unused=questions.unused + words)
        rows = [np.concatenate((inputs.ids, outputs.ids)) for inputs, outputs in zip(*sums, strict=True)]
        return Plan(chunks.ids, outputs, pairs, examples, questions, *sums, rows)

    def loss(self, plan: Plan, chunk: int) -> float:
        """Return the loss of a chunk, summed over its pairs; its gradients stand in the workspace then."""
        ids, space, tables = plan.ids[chunk], self._workspace, self._tables
        tables.inputs.gather(ids, space.inputs)
        outputs = plan.outputs[chunk]
        tables.outputs.gather(outputs, space.outputs[: len(outputs)])
        self._examples.read(plan.examples, chunk)
        return self._questions.learn(plan.questions, chunk)

    def step(self, plan: Plan, chunk: int, out: Floats) -> Step:
        """Return the step of a chunk, each row within the trust region. out: for its rows."""
        loss, space = self.loss(plan, chunk), self._workspace
        self._examples.finish()
        inputs = plan.input_sums[chunk].into(out, space.input_gradients, self._spare)
        plan.output_sums[chunk].into(out[len(inputs) :], space.output_gradients, self._spare)
        rows = plan.rows[chunk]
        steps = out[: len(rows)]
        limit(steps, RADIUS)
        return Step(loss, rows, steps)
