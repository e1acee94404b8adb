"""Training speed of this machine, measured for a few seconds on a sample with tables of the final size."""

from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

import numpy as np

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.corpus.encoded import EncodedCorpus, IdWriter
from spacy_sgns.errors import SgnsError
from spacy_sgns.runs.workers import start_workers
from spacy_sgns.settings import Settings
from spacy_sgns.system.threads import one_blas_thread
from spacy_sgns.training.events import BatchDone, Event
from spacy_sgns.training.trainer import Trainer

SHARD_TOKENS = 1 << 20  # ids rewritten at a time
FOLDER_NAME = "calibration"
STABLE_LEARNING_RATE = 0.01  # training does not diverge, however long it lasts


@dataclass(frozen=True)
class Speed:
    """The speed of a number of workers. tokens_per_second: tokens of words, before subsampling."""

    tokens_per_second: float
    workers: int


class _SpeedKnown(Exception):
    """Ends training when the speed is known."""


def training_speed(corpus: EncodedCorpus, counts: Floats, settings: Settings, seconds: float) -> Speed:
    """Return the training speed of this machine with these settings, which hold no "auto".

    corpus: a sample; the id of a word is its rank. counts: `(V,)` expected in the whole corpus, falling. seconds: of
    training. Raises SgnsError if training ends before.
    """
    rows = _row_of_id(corpus, len(counts))
    folder = corpus.folder / FOLDER_NAME
    folder.mkdir()
    sample = _with_rows(corpus, rows, folder)
    endless = replace(settings, epochs=100_000, learning_rate=min(float(settings.learning_rate), STABLE_LEARNING_RATE))
    stopwatch = _Stopwatch(seconds)
    with one_blas_thread(), start_workers(sample, counts, endless) as (group, memory, _):
        try:
            Trainer(sample, counts, endless, group=group, memory=memory).run([stopwatch])
        except _SpeedKnown:
            return Speed(stopwatch.speed(), group.size)
    raise SgnsError("Training has ended before its speed was known. Give a larger corpus.")


class _Stopwatch:
    """Ends training after some seconds. The first batch does not count, because memory and caches are cold."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._seen = seconds, list[tuple[float, int]]()

    def __call__(self, event: Event) -> None:
        if isinstance(event, BatchDone):
            self._seen.append((perf_counter(), (event.epoch - 1) * event.total + event.tokens))
            if len(self._seen) > 2 and self._seen[-1][0] - self._seen[0][0] > self._seconds:
                raise _SpeedKnown

    def speed(self) -> float:
        """Return the tokens per second."""
        (start, before), *_, (end, after) = self._seen
        return (after - before) / (end - start)


def _row_of_id(corpus: EncodedCorpus, words: int) -> Ints:
    """Return for each id of a sample its row among `words`, rising: frequent words first, the others spread over all.

    The sample's rarest words are left out if it has more of them.
    """
    seen = 1 + max((int(ids.max()) for ids, _ in corpus.shards(SHARD_TOKENS)), default=0)
    power = np.log(words) / np.log(seen) if words > seen > 1 else 1.0
    rows = ((np.arange(seen) + 1.0) ** power).astype(np.int64) - 1
    return np.where(rows < words, rows, -1)


def _with_rows(corpus: EncodedCorpus, rows: Ints, folder: Path) -> EncodedCorpus:
    """Return a corpus of rows in place of ids, without those below 0."""
    with IdWriter(folder, "ids") as writer:
        for ids, ends in corpus.shards(SHARD_TOKENS):
            every = rows.take(ids)
            gone = np.flatnonzero(every < 0)
            writer.write(np.delete(every, gone), ends - np.searchsorted(gone, ends))
        kept = writer.size
    return EncodedCorpus(folder, corpus.texts, kept, kept, "")
