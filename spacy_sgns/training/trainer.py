"""The training loop: epochs of shards, shards of batches, batches of steps. It knows no alternative by name.

A *shard* is what is read of the corpus at a time, and is cut into chunks. A *batch* of chunks is planned at a time. A
*step* trains `chunks_per_step` chunks, all from the same tables, and then adds their steps in order. Chunk k of the
steps of a batch has a plan and random draws of its own, so it does not matter which worker computes it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from time import perf_counter
from typing import NamedTuple, TypeAlias

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
from spacy_sgns.training.parallel.process_group import ProcessGroup, SingleProcess, chunks_of_rank
from spacy_sgns.training.protocols import Architecture, HiddenPlan, LossPlan, Objective, TokenSource, Weighting
from spacy_sgns.training.schedule import linear_decay
from spacy_sgns.training.update.step import BatchPlan, ChunkStep
from spacy_sgns.training.update.tables import Tables
from spacy_sgns.training.workspace import Workspace

SHARD = 1 << 20  # tokens read at a time
BATCH = 64  # steps planned at a time
SEGMENT_BLOCKS = 16  # blocks of the architecture in a segment: shorter segments lose more pairs at the cuts
Plan: TypeAlias = BatchPlan[HiddenPlan, LossPlan]


class Diverged(SgnsError):
    """A loss is no longer finite. tables: from before the step that failed."""

    def __init__(self, message: str, tables: Tables) -> None:
        super().__init__(message)
        self.tables = tables


@dataclass(frozen=True)
class TrainingState:
    """The position of training between two batches, with the sums of the epoch so far in double precision.

    epoch, shard, batch: the next ones; epochs count from 1. done: ids in the epoch's shards before `shard`. step: the
    number of steps taken in all epochs. loss, pairs: summed over the epoch. seconds: spent on the epoch.
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
    """Trains the tables of a corpus. The settings must hold no "auto"; see `schedule.resolve_auto`.

    counts: `(V,)` of the words by id. group: the workers of the run. memory: the arrays of `layout`, shared by the
    group. state: the position from which to resume; the caller then restores `tables`. Random draws depend on the
    seed, the epoch and the position in the corpus only, never on the group.
    """

    def __init__(
        self,
        corpus: TokenSource,
        counts: Ints,
        settings: Settings,
        *,
        group: ProcessGroup | None = None,
        memory: Memory | None = None,
        state: TrainingState | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        self._corpus, self._settings, self._group = corpus, settings, group or SingleProcess()
        memory = memory or private(layout(counts, settings, self._group.size, dtype))
        self.tables, self._exchange = Tables(memory["rows"]), Exchange(memory, self._group)
        self._builder, self._chunk_step = build_step(self.tables, counts, settings, dtype)
        self._per_step = int(settings.chunks_per_step)
        self._own = chunks_of_rank(self._group, self._per_step)
        self.state = state or TrainingState()
        if self._group.rank == 0 and state is None:
            self.tables.start(default_rng(settings.seed))

    @property
    def epochs(self) -> int:
        """The number of epochs."""
        return int(self._settings.epochs)

    def run(self, listeners: Iterable[Listener] = ()) -> Tables:
        """Train all epochs and return the tables. Raises Diverged if a loss is no longer finite."""
        listeners = list(listeners)
        for event in self.events():
            for listener in listeners:
                listener(event)
        return self.tables

    def events(self) -> Iterator[Event]:
        """Train and yield events; at each of them, `state` and `tables` are consistent. Raises Diverged."""
        self._group.barrier()
        for epoch in range(self.state.epoch, self.epochs + 1):
            yield from self._epoch(epoch)
        yield Finished(self.tables)

    def _epoch(self, epoch: int) -> Iterator[Event]:
        start = perf_counter() - self.state.seconds
        for shard, (ids, ends) in islice(enumerate(self._corpus.shards(SHARD)), self.state.shard, None):
            yield from self._shard(shard, ids, ends, start)
            self.state = replace(self.state, shard=shard + 1, batch=0, done=self.state.done + len(ids))
        last, seconds, tokens = self.state, perf_counter() - start, self._corpus.tokens
        self.state = TrainingState(epoch + 1, step=last.step)
        yield EpochEnd(epoch, self.epochs, last.mean(), tokens / seconds, seconds)

    def _shard(self, shard: int, ids: Ints, ends: Ints, start: float) -> Iterator[Event]:
        """Train on the batches of a shard from `state.batch` on. start: the time at which the epoch began."""
        corpus, epoch, epochs = self._corpus, self.state.epoch, self.epochs
        chunks = self._builder.chunks(ids, ends, self._rng(epoch, shard))
        rngs = {k: self._rng(epoch, shard, k + 1) for k in self._own}
        size, done = BATCH * self._per_step, self.state.done
        for number, batch in enumerate(chunks.batches(size)):
            before, after = (done + len(ids) * n / len(chunks) for n in (number * size, number * size + len(batch)))
            rate = linear_decay(float(self._settings.learning_rate), (epoch - 1 + before / corpus.kept) / epochs)
            plans = self._plan(batch, rate, rngs)
            if number < self.state.batch:  # trained on before the resume; planned again for its random draws
                continue
            self._train(batch, rate, plans)
            self.state = state = replace(self.state, batch=number + 1, seconds=perf_counter() - start)
            tokens = int(after / corpus.kept * corpus.tokens)
            yield BatchDone(epoch, epochs, state.step, tokens, corpus.tokens, state.mean(), rate, state.seconds)

    def _rng(self, *position: int) -> Generator:
        return default_rng((self._settings.seed, *position))

    @np.errstate(over="ignore", invalid="ignore")  # the loss shows it, and Diverged reports it with its context
    def _train(self, batch: Chunks, rate: float, plans: Mapping[int, Plan]) -> None:
        """Take the steps of a batch. plans: by k, for the chunks k of a step that this rank computes."""
        group, exchange = self._group, self._exchange
        step, total, pairs = self.state.step, self.state.loss, self.state.pairs
        for number, first in enumerate(range(0, len(batch), self._per_step)):
            count = min(self._per_step, len(batch) - first)
            for k, plan in plans.items():
                if k < count:
                    exchange.put(k, self._chunk_step.step(plan, number, exchange.buffer(k)))
            group.barrier()
            step += 1
            total += float(exchange.loss[:count].sum())
            if not np.isfinite(total):
                raise self._diverged(step, rate)
            if not first:
                pairs += float(exchange.pairs[:count].sum())
            for k in range(count):
                exchange.add(k, self.tables)
            group.barrier()
        self.state = replace(self.state, step=step, loss=total, pairs=pairs)

    def _plan(self, batch: Chunks, rate: float, rngs: Mapping[int, Generator]) -> dict[int, Plan]:
        """Return the plans of this rank's chunks by k, their index in a step; none for a k beyond the batch."""
        plans: dict[int, Plan] = {}
        for k in self._own:
            if k < len(batch):
                plans[k] = self._chunk_step.plan(batch.kth_of_each_step(k, self._per_step), rate, rngs[k])
                self._exchange.pairs[k] = plans[k].pairs
        return plans

    def _diverged(self, step: int, rate: float) -> Diverged:
        s = self._settings
        return Diverged(
            f"Training diverged: the loss is not finite in epoch {self.state.epoch}, step {step} (learning rate "
            f"{rate:.4g} of {s.learning_rate:g}, chunk_size {s.chunk_size}, chunks_per_step {s.chunks_per_step}, "
            f"negative {s.negative}, subsample {s.subsample:g}). Lower learning_rate, or chunks_per_step.",
            self.tables,
        )


class BuiltStep(NamedTuple):
    """What trains on a shard. builder: makes its chunks. chunk_step: computes the step of each chunk."""

    builder: ChunkBuilder
    chunk_step: ChunkStep[HiddenPlan, LossPlan]


def build_step(tables: Tables, counts: Ints, settings: Settings, dtype: DTypeLike) -> BuiltStep:
    """Return the builder and the step of chunks, with the alternatives that the settings choose."""
    architecture: Architecture[HiddenPlan] = settings.architecture.make()
    objective: Objective[LossPlan] = settings.objective.make()
    weighting: Weighting = settings.weighting.make()
    length, segment = _lengths(architecture.block(settings.window), int(settings.chunk_size))
    outputs = objective.max_outputs(length, counts, settings)
    weights = weighting.weights(settings.window)
    workspace = Workspace(length=length, weights=weights, dim=settings.dim, outputs=outputs, dtype=dtype)
    hidden = architecture.hidden_kernel(workspace)
    loss = objective.loss_kernel(workspace, hidden, counts, settings)
    builder = ChunkBuilder(keep_probability(counts, settings.subsample), settings.window, length, segment)
    return BuiltStep(builder, ChunkStep(tables, workspace, weighting, hidden, loss))


def layout(counts: Ints, settings: Settings, workers: int, dtype: DTypeLike = np.float32) -> Layout:
    """Return the layout of the arrays that the workers of a run share."""
    length, _ = _lengths(settings.architecture.make().block(settings.window), int(settings.chunk_size))
    outputs, words = settings.objective.make().max_outputs(length, counts, settings), len(counts)
    width = min(length, words) + min(outputs, words)  # the rows of a step are distinct
    exchange = Exchange.layout(int(settings.chunks_per_step), workers, width, settings.dim, dtype)
    return {**Tables.layout(words, settings.dim, dtype), **exchange, "counts": ((words,), "i8")}


def _lengths(block: int, chunk_size: int) -> tuple[int, int]:
    """Return the length of a chunk and of a segment in tokens. block: the architecture's."""
    length = max(chunk_size, block)
    return length, min(SEGMENT_BLOCKS * block, length)
