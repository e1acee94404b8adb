"""How fast this machine trains: some seconds of it, on a sample's ids, with tables as large as they will be."""

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

PORTION = 1 << 20  # ids rewritten at a time
NAME = "calibration"
TAME = 0.01  # learning rate at which nothing diverges, however long it goes on


@dataclass(frozen=True)
class Speed:
    """How fast some workers trained, in tokens of words per second, before subsampling."""

    tokens_per_second: float
    workers: int


class _Enough(Exception):
    """The speed is known."""


def training_speed(corpus: EncodedCorpus, counts: Floats, settings: Settings, seconds: float) -> Speed:
    """Return how fast this machine trains with these settings, in which no "auto" is left.

    corpus: a sample, each word's id being its rank. counts: `(V,)` those expected in the whole corpus, falling.
    seconds: to train for. Raises SgnsError where it cannot.
    """
    rows = _rows(corpus, len(counts))
    folder = corpus.folder / NAME
    folder.mkdir()
    sample = _rewritten(corpus, rows, folder)
    endless = replace(settings, epochs=100_000, learning_rate=min(float(settings.learning_rate), TAME))
    watch = _Watch(seconds)
    with one_blas_thread(), start_workers(sample, counts, endless) as (group, memory, _):
        try:
            Trainer(sample, counts, endless, group=group, memory=memory).run([watch])
        except _Enough:
            return Speed(watch.speed(), group.size)
    raise SgnsError("Training has ended before its speed was known. Give a larger corpus.")


class _Watch:
    """Ends training when it has gone on for some seconds; the first batch, in which all is new, does not count."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._seen = seconds, list[tuple[float, int]]()

    def __call__(self, event: Event) -> None:
        if isinstance(event, BatchDone):
            self._seen.append((perf_counter(), (event.epoch - 1) * event.total + event.tokens))
            if len(self._seen) > 2 and self._seen[-1][0] - self._seen[0][0] > self._seconds:
                raise _Enough

    def speed(self) -> float:
        """Return the tokens per second."""
        (start, before), *_, (end, after) = self._seen
        return (after - before) / (end - start)


def _rows(corpus: EncodedCorpus, words: int) -> Ints:
    """Return for each id of a sample its row among `words`, rising: frequent words first, the others spread over all.

    The sample's rarest words are left out if it has more of them.
    """
    seen = 1 + max((int(ids.max()) for ids, _ in corpus.shards(PORTION)), default=0)
    power = np.log(words) / np.log(seen) if words > seen > 1 else 1.0
    rows = ((np.arange(seen) + 1.0) ** power).astype(np.int64) - 1
    return np.where(rows < words, rows, -1)


def _rewritten(corpus: EncodedCorpus, rows: Ints, folder: Path) -> EncodedCorpus:
    """Return a corpus of rows in place of ids, without those below 0."""
    with IdWriter(folder, "ids") as writer:
        for ids, ends in corpus.shards(PORTION):
            every = rows.take(ids)
            gone = np.flatnonzero(every < 0)
            writer.write(np.delete(every, gone), ends - np.searchsorted(gone, ends))
        kept = writer.size
    return EncodedCorpus(folder, corpus.texts, kept, kept, "")
