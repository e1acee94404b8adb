"""The loop: epochs of shards, shards of batches, batches of steps, steps of chunks_per_step. It knows no alternative by name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from time import perf_counter

import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import DTypeLike

from spacy_sgns.arrays import Ints
from spacy_sgns.errors import SgnsError
from spacy_sgns.settings import Settings
from spacy_sgns.system.shared_memory import Layout, Memory, private
from spacy_sgns.training.chunks import ChunkBuilder, Chunks, keep_probability
from spacy_sgns.training.events import BatchDone, EpochEnd, Event, Finished, Listener
from spacy_sgns.training.parallel.exchange import Exchange
from spacy_sgns.training.parallel.process_group import ProcessGroup, SingleProcess, own_chunks
from spacy_sgns.training.protocols import Architecture, Objective, TokenSource, Weighting
from spacy_sgns.training.schedule import linear_decay
from spacy_sgns.training.update.step import ChunkStep, Plan
from spacy_sgns.training.update.tables import Tables
from spacy_sgns.training.workspace import Workspace

SHARD = 1 << 20  # tokens read at a time
BATCH = 64  # chunks planned at a time
SEGMENT_BLOCKS = 16  # tokens taken together, in blocks of the architecture: shorter loses more pairs at the cuts


class Diverged(SgnsError):
    """A loss was no longer finite. tables: as they were before the step that failed."""

    def __init__(self, message: str, tables: Tables) -> None:
        super().__init__(message)
        self.tables = tables


@dataclass(frozen=True)
class TrainingState:
    """Where training stands between two batches, with what the epoch has added up to so far, in double precision.

    epoch, shard, batch: what comes next; epochs from 1. done: ids in the epoch's shards before that. step: taken in all.
    seconds: spent on this epoch.
    """

    epoch: int = 1
    shard: int = 0
    batch: int = 0
    done: int = 0
    step: int = 0
    loss: float = 0.0
    pairs: float = 0.0
    seconds: float = 0.0

    def mean(self) -> float:
        """Return the mean loss per pair."""
        return self.loss / self.pairs if self.pairs else 0.0


class Trainer:
    """Learns the vectors of a corpus; settings must hold no "auto" any more.

    counts: `(V,)` of the words by id. group: who takes part. memory: arrays of `layout`, which all of them share. place:
    where an earlier run stood; its tables are to be put into `tables` before it goes on. Random draws depend on seed,
    epoch, lane and place in the corpus alone.
    """

    def __init__(
        self,
        corpus: TokenSource,
        counts: Ints,
        settings: Settings,
        *,
        group: ProcessGroup | None = None,
        memory: Memory | None = None,
        place: TrainingState | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        self._corpus, self._settings, self._group = corpus, settings, group or SingleProcess()
        memory = memory or private(layout(counts, settings, self._group.size, dtype))
        self.tables, self._exchange = Tables(memory["rows"]), Exchange(memory, self._group)
        self._builder, self._chunk_step = parts(self.tables, counts, settings, dtype)
        self._lanes, self._own = int(settings.chunks_per_step), own_chunks(self._group, int(settings.chunks_per_step))
        self.place = place or TrainingState()
        if self._group.index == 0 and place is None:
            self.tables.start(default_rng(settings.seed))

    @property
    def epochs(self) -> int:
        """How many epochs there are to be."""
        return int(self._settings.epochs)

    def run(self, listeners: Iterable[Listener] = ()) -> Tables:
        """Train all epochs and return the tables. Raises Diverged when a loss is no longer finite."""
        listeners = list(listeners)
        for event in self.events():
            for listener in listeners:
                listener(event)
        return self.tables

    def events(self) -> Iterator[Event]:
        """Train, and yield what happens; meanwhile `place` and `tables` belong together. Raises Diverged."""
        self._group.barrier()
        for epoch in range(self.place.epoch, self.epochs + 1):
            yield from self._epoch(epoch)
        yield Finished(self.tables)

    def _epoch(self, epoch: int) -> Iterator[Event]:
        start = perf_counter() - self.place.seconds
        for shard, (ids, ends) in islice(enumerate(self._corpus.shards(SHARD)), self.place.shard, None):
            yield from self._shard(shard, ids, ends, start)
            self.place = replace(self.place, shard=shard + 1, batch=0, done=self.place.done + len(ids))
        done, seconds, tokens = self.place, perf_counter() - start, self._corpus.tokens
        self.place = TrainingState(epoch + 1, step=done.step)
        yield EpochEnd(epoch, self.epochs, done.mean(), tokens / seconds, seconds)

    def _shard(self, shard: int, ids: Ints, ends: Ints, start: float) -> Iterator[Event]:
        """Train on the batches of a shard that are not done yet. start: when the epoch began."""
        corpus, epoch, epochs = self._corpus, self.place.epoch, self.epochs
        chunks = self._builder.chunks(ids, ends, self._draws(epoch, shard))
        noise = {lane: self._draws(epoch, shard, lane + 1) for lane in self._own}
        size, done = BATCH * self._lanes, self.place.done
        for number, batch in enumerate(chunks.batches(size)):
            before, after = (done + len(ids) * n / len(chunks) for n in (number * size, number * size + len(batch)))
            rate = linear_decay(float(self._settings.learning_rate), (epoch - 1 + before / corpus.kept) / epochs)
            plans = self._planned(batch, rate, noise)
            if number < self.place.batch:  # done before; it has drawn its noise
                continue
            self._train(batch, rate, plans)
            self.place = place = replace(self.place, batch=number + 1, seconds=perf_counter() - start)
            tokens = int(after / corpus.kept * corpus.tokens)
            yield BatchDone(epoch, epochs, place.step, tokens, corpus.tokens, place.mean(), rate, place.seconds)

    def _draws(self, *place: int) -> Generator:
        return default_rng((self._settings.seed, *place))

    @np.errstate(over="ignore", invalid="ignore")  # seen in the loss, and said with what led to it
    def _train(self, batch: Chunks, rate: float, plans: Mapping[int, Plan]) -> None:
        """Take the steps of a batch: each computes its chunks_per_step from the same tables, then adds them in order."""
        group, exchange, place = self._group, self._exchange, self.place
        step, total, pairs = place.step, place.loss, place.pairs
        for first in range(0, len(batch), self._lanes):
            here = min(self._lanes, len(batch) - first)
            for lane, plan in plans.items():
                if lane < here:
                    exchange.put(lane, self._chunk_step.step(plan, first // self._lanes, exchange.buffer(lane)))
            group.barrier()
            step += 1
            total += float(exchange.loss[:here].sum())
            if not np.isfinite(total):
                raise self._diverged(step, rate)
            if not first:
                pairs += float(exchange.pairs[:here].sum())
            for lane in range(here):
                exchange.add(lane, self.tables)
            group.barrier()
        self.place = replace(place, step=step, loss=total, pairs=pairs)

    def _planned(self, batch: Chunks, rate: float, noise: Mapping[int, Generator]) -> dict[int, Plan]:
        """Return the plans of this worker's chunks_per_step, as far as the batch has chunks for them."""
        plans: dict[int, Plan] = {}
        for lane in self._own[: len(range(self._group.index, len(batch), self._group.size))]:
            plans[lane] = self._chunk_step.plan(batch.for_chunk_step(lane, self._lanes), rate, noise[lane])
            self._exchange.pairs[lane] = plans[lane].pairs
        return plans

    def _diverged(self, step: int, rate: float) -> Diverged:
        s = self._settings
        return Diverged(
            f"Training diverged: the loss is not finite in epoch {self.place.epoch}, step {step} (learning rate "
            f"{rate:.4g} of {s.learning_rate:g}, chunk_size {s.chunk_size}, chunks_per_step {s.chunks_per_step}, negative {s.negative}, "
            f"subsample {s.subsample:g}). Lower learning_rate, or chunks_per_step.",
            self.tables,
        )


def parts(tables: Tables, counts: Ints, settings: Settings, dtype: DTypeLike) -> tuple[ChunkBuilder, ChunkStep]:
    """Return what makes chunks of shards, and what computes these."""
    architecture: Architecture = settings.architecture.make()
    objective: Objective = settings.objective.make()
    length, segment = _lengths(architecture, settings)
    outputs = objective.outputs(length, counts, settings)
    weighting: Weighting = settings.weighting.make()
    weights = weighting.weights(settings.window)
    workspace = Workspace(length=length, weights=weights, dim=settings.dim, outputs=outputs, dtype=dtype)
    examples = architecture.examples(workspace)
    questions = objective.questions(workspace, examples, counts, settings)
    cutter = ChunkBuilder(keep_probability(counts, settings.subsample), settings.window, length, segment)
    return cutter, ChunkStep(tables, workspace, weighting, examples, questions)


def layout(counts: Ints, settings: Settings, workers: int, dtype: DTypeLike = np.float32) -> Layout:
    """Return the arrays that the workers of a run share."""
    length, _ = _lengths(settings.architecture.make(), settings)
    outputs, words = settings.objective.make().outputs(length, counts, settings), len(counts)
    width = min(length, words) + min(outputs, words)  # the rows of a step are distinct
    exchange = Exchange.layout(int(settings.chunks_per_step), workers, width, settings.dim, dtype)
    return {**Tables.layout(words, settings.dim, dtype), **exchange, "counts": ((words,), "i8")}


def _lengths(architecture: Architecture, settings: Settings) -> tuple[int, int]:
    """Return the tokens of a chunk and of a segment."""
    block = architecture.block(settings.window)
    length = max(int(settings.chunk_size), block)
    return length, min(SEGMENT_BLOCKS * block, length)
