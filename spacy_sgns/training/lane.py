"""One lane: the steps that a chunk asks of its words' rows, from tables that do not change meanwhile."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.random import Generator

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.training.protocols import Examples, Questions
from spacy_sgns.training.row_sums import RowSum, plan_row_sums
from spacy_sgns.training.slab import Chunks
from spacy_sgns.training.tables import Tables
from spacy_sgns.training.trust_region import RADIUS, limit
from spacy_sgns.training.workspace import Workspace

Buffers: TypeAlias = tuple[Floats, Floats, Floats]


@dataclass(frozen=True)
class Step:
    """What one chunk adds to the tables.

    loss: summed over the chunk's pairs. ids: `(u,)` distinct words of the chunk, inputs and outputs: `(u, d)`. extra:
    `(v,)` other distinct output rows, extra_outputs: `(v, d)`.
    """

    loss: float
    ids: Ints
    inputs: Floats
    outputs: Floats
    extra: Ints
    extra_outputs: Floats

    def add_to(self, tables: Tables) -> None:
        """Take the step; it is used up."""
        tables.inputs.add(self.ids, self.inputs)
        tables.outputs.add(self.ids, self.outputs)
        tables.outputs.add(self.extra, self.extra_outputs)


class Lane:
    """Computes the chunks of a batch, one at a time."""

    def __init__(self, tables: Tables, workspace: Workspace, examples: Examples, questions: Questions) -> None:
        self._tables, self._workspace = tables, workspace
        self._examples, self._questions = examples, questions
        self._spare = np.empty_like(workspace.input_gradients)
        self._extra_spare = np.empty_like(questions.extra_gradients)
        self._place_of = np.zeros(len(tables.outputs.rows), np.intp)

    def buffers(self) -> Buffers:
        """Return the buffers that a step needs until it is added."""
        return np.empty_like(self._spare), np.empty_like(self._spare), np.empty_like(self._extra_spare)

    def plan(self, chunks: Chunks, rate: float, rng: Generator) -> float:
        """Look at a batch; return the summed weight of its pairs."""
        weights = self._examples.plan(chunks, rate)
        self._ids, self._extra = chunks.ids, self._questions.plan(weights, rate, rng)
        self._sums, self._extra_sums = plan_row_sums(self._ids), plan_row_sums(self._extra)
        return float(weights.sum(dtype=np.float64))

    def step(self, chunk: int, buffers: Buffers) -> Step:
        """Return the step of a chunk of the batch, each row within the trust region."""
        ids, extra_ids, space = self._ids[chunk], self._extra[chunk], self._workspace
        self._tables.inputs.gather(ids, space.inputs)
        self._tables.outputs.gather(ids, space.outputs)
        self._tables.outputs.gather(extra_ids, self._questions.extra_rows)
        self._examples.read(chunk)
        loss = self._questions.learn(chunk)
        self._examples.finish()
        return self._summed(loss, self._sums[chunk], self._extra_sums[chunk], buffers)

    def _summed(self, loss: float, own: RowSum, extra: RowSum, buffers: Buffers) -> Step:
        """Return the step that the gradients in the workspace add up to."""
        inputs = own.into(buffers[0], self._workspace.input_gradients, self._spare)
        outputs = own.into(buffers[1], self._workspace.output_gradients, self._spare)
        extra_outputs = extra.into(buffers[2], self._questions.extra_gradients, self._extra_spare)
        alone = self._join(own.ids, outputs, extra.ids, extra_outputs)
        extra_outputs = extra_outputs.take(alone, 0)
        for rows in (inputs, outputs, extra_outputs):
            limit(rows, RADIUS)
        return Step(loss, own.ids, inputs, outputs, extra.ids.take(alone), extra_outputs)

    def _join(self, ids: Ints, rows: Floats, extra: Ints, extra_rows: Floats) -> Ints:
        """Add to `rows` those of `extra_rows` with the same id, so that both are limited as one; return the others.

        Limited apart, the pull of contexts and the push of noise could no longer cancel.
        """
        self._place_of[ids] = np.arange(len(ids))
        place = self._place_of.take(extra)  # left over from an earlier chunk for ids that are not in this one
        np.minimum(place, len(ids) - 1, out=place)
        same = ids.take(place) == extra
        both = np.flatnonzero(same)
        rows[place.take(both)] += extra_rows.take(both, 0)
        return np.flatnonzero(~same)
