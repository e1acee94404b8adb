"""One lane: the steps that a chunk asks of its words' rows, from tables that do not change meanwhile."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.training.protocols import Examples, Questions
from spacy_sgns.training.row_sums import plan_row_sums
from spacy_sgns.training.slab import Chunks
from spacy_sgns.training.tables import Tables
from spacy_sgns.training.trust_region import RADIUS, limit
from spacy_sgns.training.workspace import Workspace


@dataclass(frozen=True)
class Step:
    """What one chunk adds to the tables.

    loss: summed over the chunk's pairs. ids: `(u,)` distinct words, rows: `(u, 2d)`. outputs: `(v,)` other distinct
    output rows, output_rows: `(v, d)`.
    """

    loss: float
    ids: Ints
    rows: Floats
    outputs: Ints
    output_rows: Floats


class Lane:
    """Computes the chunks of a batch, one at a time; `sums` buffers are the caller's, as steps wait to be added."""

    def __init__(self, tables: Tables, workspace: Workspace, examples: Examples, questions: Questions) -> None:
        self._tables, self._workspace = tables, workspace
        self._examples, self._questions = examples, questions
        self._spare = np.empty_like(workspace.gradients)
        self._extra_spare = np.empty_like(questions.extra_gradients)
        self._place_of = np.zeros(len(tables.rows), np.intp)

    def buffers(self) -> tuple[Floats, Floats]:
        """Return the two buffers that a step needs until it is added."""
        return np.empty_like(self._spare), np.empty_like(self._extra_spare)

    def plan(self, chunks: Chunks, rate: float, rng: Generator) -> float:
        """Look at a batch; return the summed weight of its pairs."""
        weights = self._examples.plan(chunks, rate)
        self._ids, self._extra = chunks.ids, self._questions.plan(weights, rate, rng)
        self._sums, self._extra_sums = plan_row_sums(self._ids), plan_row_sums(self._extra)
        return float(weights.sum(dtype=np.float64))

    def step(self, chunk: int, sums: Floats, extra_sums: Floats) -> Step:
        """Return the step of a chunk of the batch, each row within the trust region."""
        self._tables.gather(self._ids[chunk], self._workspace.rows)
        self._tables.gather_outputs(self._extra[chunk], self._questions.extra_rows)
        self._examples.read(chunk)
        loss = self._questions.learn(chunk)
        self._examples.finish()
        plan, extra = self._sums[chunk], self._extra_sums[chunk]
        rows = plan.into(sums, self._workspace.gradients, self._spare)
        outputs = extra.into(extra_sums, self._questions.extra_gradients, self._extra_spare)
        alone = self._join(plan.ids, rows[:, self._workspace.dim :], extra.ids, outputs)
        outputs = outputs[alone]
        limit(rows.reshape(-1, self._workspace.dim), RADIUS)
        limit(outputs, RADIUS)
        return Step(loss, plan.ids, rows, extra.ids[alone], outputs)

    def _join(self, ids: Ints, rows: Floats, extra: Ints, extra_rows: Floats) -> Ints:
        """Add to `rows` those of `extra_rows` with the same id, so that both are limited as one; return the others.

        Limited apart, the pull of contexts and the push of noise could no longer cancel.
        """
        self._place_of[ids] = np.arange(len(ids))
        place = self._place_of.take(extra)  # left over from an earlier chunk for ids that are not in this one
        np.minimum(place, len(ids) - 1, out=place)
        same = ids.take(place) == extra
        rows[place[same]] += extra_rows[same]
        return np.flatnonzero(~same)
