"""The loop: epochs of slabs, slabs of batches, batches of steps, steps of lanes. It knows no alternative by name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import DTypeLike

from spacy_sgns.arrays import Ints
from spacy_sgns.errors import SgnsError
from spacy_sgns.settings import Settings
from spacy_sgns.training.events import BatchDone, EpochEnd, Event, Finished, Listener
from spacy_sgns.training.lane import Lane
from spacy_sgns.training.protocols import Architecture, Objective, TokenSource
from spacy_sgns.training.schedule import decayed
from spacy_sgns.training.slab import Chunks, cut, keep_probability, subsampled
from spacy_sgns.training.tables import Tables
from spacy_sgns.training.workspace import Workspace

SLAB = 1 << 20  # tokens read at a time
BATCH = 64  # chunks planned at a time
SEGMENT_BLOCKS = 16  # tokens taken together, in blocks of the architecture: shorter loses more pairs at the cuts


class Diverged(SgnsError):
    """A loss was no longer finite. tables: as they were before the step that failed."""

    def __init__(self, message: str, tables: Tables) -> None:
        super().__init__(message)
        self.tables = tables


@dataclass
class _Tally:
    """What an epoch adds up to, in double precision."""

    loss: float = 0.0
    pairs: float = 0.0

    def mean(self) -> float:
        return self.loss / self.pairs if self.pairs else 0.0


class Trainer:
    """Learns the vectors of a corpus; settings must hold no "auto" any more.

    counts: `(V,)` of the words by id. Random draws depend on seed, epoch and place in the corpus alone.
    """

    def __init__(self, corpus: TokenSource, counts: Ints, settings: Settings, *, dtype: DTypeLike = np.float32) -> None:
        architecture: Architecture = settings.architecture.make()
        objective: Objective = settings.objective.make()
        block = architecture.block(settings.window)
        self._corpus, self._settings = corpus, settings
        self._length = max(int(settings.chunk_size), block)
        self._segment = min(SEGMENT_BLOCKS * block, self._length)
        self._keep = keep_probability(counts, settings.subsample)
        self.tables = Tables.start(len(counts), settings.dim, default_rng(settings.seed), dtype)
        extra = objective.extra(self._length, settings)
        workspace = Workspace(length=self._length, window=settings.window, dim=settings.dim, extra=extra, dtype=dtype)
        examples = architecture.examples(workspace)
        questions = objective.questions(workspace, examples, counts, settings)
        self._lane = Lane(self.tables, workspace, examples, questions)
        self._buffers = [self._lane.buffers() for _ in range(int(settings.lanes))]
        self._step = 0

    def run(self, listeners: Iterable[Listener] = ()) -> Tables:
        """Train all epochs and return the tables. Raises Diverged when a loss is no longer finite."""
        listeners = list(listeners)
        with np.errstate(over="ignore", invalid="ignore"):  # seen in the loss, and said with what led to it
            for event in self._events():
                for listener in listeners:
                    listener(event)
        return self.tables

    def _events(self) -> Iterator[Event]:
        for epoch in range(1, int(self._settings.epochs) + 1):
            yield from self._epoch(epoch)
        yield Finished(self.tables)

    def _epoch(self, epoch: int) -> Iterator[Event]:
        epochs, rate, corpus = int(self._settings.epochs), float(self._settings.learning_rate), self._corpus
        tally, start, done = _Tally(), perf_counter(), 0
        for number, (ids, ends) in enumerate(corpus.slabs(SLAB)):
            rng = default_rng((self._settings.seed, epoch, number))
            chunks = self._cut(ids, ends, rng)
            for at, batch in zip(range(0, len(chunks), BATCH), chunks.batches(BATCH), strict=True):
                now = decayed(rate, (epoch - 1 + (done + len(ids) * at / len(chunks)) / corpus.kept) / epochs)
                self._train(batch, now, rng, tally, epoch)
                tokens = int((done + len(ids) * (at + len(batch)) / len(chunks)) / corpus.kept * corpus.tokens)
                seconds = perf_counter() - start
                yield BatchDone(epoch, epochs, self._step, tokens, corpus.tokens, tally.mean(), now, seconds)
            done += len(ids)
        seconds = perf_counter() - start
        yield EpochEnd(epoch, epochs, tally.mean(), corpus.tokens / seconds, seconds)

    def _cut(self, ids: Ints, ends: Ints, rng: Generator) -> Chunks:
        ids, ends = subsampled(ids, ends, self._keep, rng)
        shift = int(rng.integers(self._segment))
        return cut(ids, ends, window=self._settings.window, length=self._length, segment=self._segment, shift=shift)

    def _train(self, batch: Chunks, rate: float, rng: Generator, tally: _Tally, epoch: int) -> None:
        """Take the steps of a batch: each computes its lanes from the same tables, then adds them in order."""
        tally.pairs += self._lane.plan(batch, rate, rng)
        lanes = len(self._buffers)
        for first in range(0, len(batch), lanes):
            chunks = range(first, min(first + lanes, len(batch)))
            steps = [self._lane.step(c, self._buffers[c - first]) for c in chunks]
            self._step += 1
            loss = sum(step.loss for step in steps)
            if not np.isfinite(loss):
                raise self._diverged(epoch, rate)
            tally.loss += loss
            for step in steps:
                step.add_to(self.tables)

    def _diverged(self, epoch: int, rate: float) -> Diverged:
        s = self._settings
        return Diverged(
            f"Training diverged: the loss is not finite in epoch {epoch}, step {self._step} (learning rate {rate:.4g} "
            f"of {s.learning_rate:g}, chunk_size {self._length}, lanes {s.lanes}, negative {s.negative}, "
            f"subsample {s.subsample:g}). Lower learning_rate, or lanes.",
            self.tables,
        )
