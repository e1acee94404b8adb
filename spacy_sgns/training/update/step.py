"""The step of one chunk: forward, backward, bounded steps of rows, from tables that do not change meanwhile."""

from dataclasses import dataclass
from typing import Generic

import numpy as np
from numpy.random import Generator

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.training.chunks import Chunks
from spacy_sgns.training.protocols import HiddenKernel, HiddenPlanT, LossKernel, LossPlanT, Weighting
from spacy_sgns.training.update.row_sums import RowSum, plan_row_sums
from spacy_sgns.training.update.tables import Tables
from spacy_sgns.training.update.trust_region import RADIUS, limit
from spacy_sgns.training.workspace import Workspace


@dataclass(frozen=True)
class Step:
    """What one chunk adds to the tables.

    loss: summed over the chunk's pairs by weight. rows: `(u,)` distinct rows of both tables. steps: `(u, d)`.
    """

    loss: float
    rows: Ints
    steps: Floats


@dataclass(frozen=True)
class BatchPlan(Generic[HiddenPlanT, LossPlanT]):
    """What `ChunkStep` computes once for the n chunks of a batch.

    ids: `(n, T)`. outputs: `(n, W)`. pairs: the summed weight of all pairs. hidden, loss: the plans of the kernels.
    rows: for each chunk the distinct rows of both tables that it changes, input rows first.
    """

    ids: Ints
    outputs: Ints
    rate: float
    pairs: float
    hidden: HiddenPlanT
    loss: LossPlanT
    input_sums: list[RowSum]
    output_sums: list[RowSum]
    rows: list[Ints]


class ChunkStep(Generic[HiddenPlanT, LossPlanT]):
    """Computes the steps of chunks, one at a time."""

    def __init__(
        self,
        tables: Tables,
        workspace: Workspace,
        weighting: Weighting,
        hidden: HiddenKernel[HiddenPlanT],
        loss: LossKernel[LossPlanT],
    ) -> None:
        self._tables, self._workspace, self._weighting = tables, workspace, weighting
        self._hidden, self._loss = hidden, loss
        self._spare = np.empty_like(workspace.grad_outputs)

    def plan(self, chunks: Chunks, rate: float, rng: Generator) -> BatchPlan[HiddenPlanT, LossPlanT]:
        """Return the plan of a batch. rate: the learning rate. rng: for random windows and noise words."""
        chunks = self._weighting.reach(chunks, self._workspace.window, rng)
        hidden = self._hidden.plan(chunks, rate)
        weights = hidden.weights
        loss = self._loss.plan(chunks.ids, weights, rate, rng)
        outputs, words = loss.outputs, self._tables.words
        pairs = float(weights.sum(dtype=np.float64))
        # An output row has one step, as context and as noise together: if the two were limited separately, attraction
        # and repulsion could no longer cancel. An unused output, -1, would be the last input row: no output row is.
        sums = plan_row_sums(chunks.ids), plan_row_sums(outputs + words, unused=words - 1)
        rows = [np.concatenate((inputs.ids, outputs.ids)) for inputs, outputs in zip(*sums, strict=True)]
        return BatchPlan(chunks.ids, outputs, rate, pairs, hidden, loss, *sums, rows)

    def loss(self, plan: BatchPlan[HiddenPlanT, LossPlanT], chunk: int) -> float:
        """Return the loss of a chunk, summed over its pairs by weight; leave its gradients in the workspace."""
        ids, space, tables = plan.ids[chunk], self._workspace, self._tables
        tables.inputs.gather(ids, space.inputs)
        outputs = plan.outputs[chunk]
        tables.outputs.gather(outputs, space.outputs[: len(outputs)])
        self._hidden.forward(plan.hidden, chunk)
        return self._loss.forward_backward(plan.loss, chunk) / plan.rate

    def step(self, plan: BatchPlan[HiddenPlanT, LossPlanT], chunk: int, out: Floats) -> Step:
        """Return the step of a chunk, each row within the trust region. out: a buffer for its rows."""
        loss, space = self.loss(plan, chunk), self._workspace
        self._hidden.backward()
        inputs = plan.input_sums[chunk].into(out, space.grad_inputs, self._spare)
        plan.output_sums[chunk].into(out[len(inputs) :], space.grad_outputs, self._spare)
        rows = plan.rows[chunk]
        steps = out[: len(rows)]
        limit(steps, RADIUS)
        return Step(loss, rows, steps)
