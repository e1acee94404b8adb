"""A training step in double precision, and a small corpus in memory: fixtures of this folder's tests."""

from dataclasses import dataclass, field, replace

import numpy as np

from spacy_sgns.registry import Choice
from spacy_sgns.settings import Settings
from spacy_sgns.training.architectures.skipgram import skipgram_v1
from spacy_sgns.training.objectives.negative_sampling import negative_sampling_v1
from spacy_sgns.training.trainer import Trainer

SMALL = Settings(
    dim=16, window=3, epochs=2, learning_rate=0.05, subsample=0.0, chunk_size=64, chunks_per_step=1, negative=5, seed=1
)


@dataclass
class MemoryCorpus:
    """Texts of word ids as a `TokenSource`; like the corpus on disk, it reuses the buffer of its shards."""

    texts: list
    shard: int = 1 << 20
    ids: np.ndarray = field(init=False)
    ends: np.ndarray = field(init=False)

    def __post_init__(self):
        self.ids = np.concatenate(self.texts).astype(np.int32)
        self.ends = np.cumsum([len(text) for text in self.texts])
        self.kept = len(self.ids)
        self.tokens = self.kept + 3  # as if three were too rare to be words

    @property
    def counts(self):
        return np.bincount(self.ids)

    def shards(self, size):
        size = min(size, self.shard)
        buffer = np.empty(size, np.int32)
        for start in range(0, len(self.ids), size):
            part = self.ids[start : start + size]
            buffer[: len(part)] = part
            inside = (self.ends > start) & (self.ends <= start + len(part))
            yield buffer[: len(part)], self.ends[inside] - start


class Given(Choice):
    """The choice of an alternative that is not registered."""

    def __init__(self, slot, alternative):
        super().__init__(slot, "given.v1", {})
        object.__setattr__(self, "alternative", alternative)

    def make(self):
        return self.alternative


class Recorder:
    """An alternative that delegates to another, and records the arguments and results of its kernel's plans."""

    def __init__(self, inner):
        self.inner = inner
        self.plans = []

    def itself(self):
        return self

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def hidden_kernel(self, *args):
        return self._recording(self.inner.hidden_kernel(*args))

    def loss_kernel(self, *args):
        return self._recording(self.inner.loss_kernel(*args))

    def _recording(self, kernel):
        plan = kernel.plan

        def recorded(*args):
            made = plan(*args)
            self.plans.append((args, made))
            return made

        kernel.plan = recorded
        self.kernel = kernel
        return kernel


class Kernel:
    """The `ChunkStep` of a trainer, for single steps."""

    def __init__(self, counts, *, dtype=np.float64, architecture=None, objective=None, **settings):
        self.architecture = Recorder(architecture or skipgram_v1())
        self.objective = Recorder(objective or negative_sampling_v1())
        chosen = with_alternatives(SMALL, architecture=self.architecture, objective=self.objective, **settings)
        trainer = Trainer(MemoryCorpus([np.zeros(2)]), counts, chosen, dtype=dtype)
        self._length = chosen.chunk_size
        self.chunk_step, self.tables, self._exchange = trainer._chunk_step, trainer.tables, trainer._exchange

    def fill(self, rng, scale=1.0):
        """Fill both tables with random numbers."""
        for rows in rows_of(self.tables):
            rows[:] = rng.normal(0, scale, rows.shape)

    def plan(self, chunks, rate, seed=0):
        """Plan a batch; return the summed weight of its pairs."""
        self._plan = self.chunk_step.plan(chunks, rate, np.random.default_rng(seed))
        return self._plan.pairs

    def noise(self, chunk, groups):
        """Return the noise words of a chunk of the batch, by group."""
        return self.objective.plans[-1][1].outputs[chunk][self._length :].reshape(groups, -1).tolist()

    def step(self, chunk):
        """Return the loss of a chunk and its steps of input and of output rows, `(V, d)`; keep the tables."""
        before = [rows.copy() for rows in rows_of(self.tables)]
        made = self.chunk_step.step(self._plan, chunk, self._exchange.buffer(0))
        self._exchange.put(0, made)
        self._exchange.add(0, self.tables)
        moves = [rows - old for rows, old in zip(rows_of(self.tables), before, strict=True)]
        for rows, old in zip(rows_of(self.tables), before, strict=True):
            rows[:] = old
        return made.loss, *moves


def topics(*, texts=60, length=40, words=12, groups=2, seed=0):
    """Return a corpus in which each text uses the words of a single topic out of `groups`."""
    rng = np.random.default_rng(seed)
    return MemoryCorpus([rng.integers(0, words, length) * groups + t % groups for t in range(texts)])


def with_alternatives(base, **settings):
    """Return settings with other values; the value of a slot may be a recorder."""
    chosen = {name: Given(name, value) if isinstance(value, Recorder) else value for name, value in settings.items()}
    return replace(base, **chosen)


def trainer_on(corpus, *, dtype=np.float32, **settings):
    """Return a trainer with the settings `SMALL`, changed by `settings`."""
    return Trainer(corpus, corpus.counts, with_alternatives(SMALL, **settings), dtype=dtype)


def rows_of(tables):
    """Return the input and the output rows, `(V, d)` each; views."""
    return tables.inputs.rows, tables.outputs.rows


def fingerprint(tables):
    """Return the bytes of both tables."""
    return b"".join(rows.tobytes() for rows in rows_of(tables))
