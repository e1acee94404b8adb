"""How fast this machine trains."""

import numpy as np
import pytest

from spacy_sgns.corpus.encoded import EncodedCorpus, IdWriter
from spacy_sgns.planning import calibration
from spacy_sgns.planning.calibration import training_speed
from spacy_sgns.settings import Settings
from spacy_sgns.training.events import BatchDone
from spacy_sgns.training.trainer import Trainer

SMALL = Settings(dim=8, epochs=1, learning_rate=1.0, chunk_size=64, chunks_per_step=2, workers=1)
WORDS = 300


@pytest.fixture
def sample(tmp_path):
    """A sample whose ids are ranks, and ends of its texts."""
    ids = np.minimum(np.random.default_rng(0).geometric(0.02, 30_000) - 1, WORDS - 1).astype(np.int32)
    with IdWriter(tmp_path, "ids") as writer:
        writer.write(ids, np.arange(100, 30_001, 100))
    return EncodedCorpus(tmp_path, 300, len(ids), len(ids), "")


@pytest.mark.parametrize("words", [50, WORDS, 5000])
@pytest.mark.parametrize("workers", [1, 2])
def test_some_training_tells_the_speed(sample, monkeypatch, words, workers):
    seen = []

    class Watched(Trainer):
        def __init__(self, corpus, counts, settings, **rest):
            super().__init__(corpus, counts, settings, **rest)
            ids, ends = next(corpus.shards(1 << 20))
            seen.append((len(self.tables.inputs.rows), ids.max(), len(ids), ends[0]))

    monkeypatch.setattr(calibration, "Trainer", Watched)
    settings = Settings(**{**vars(SMALL), "workers": workers})
    speed = training_speed(sample, np.linspace(1000, 5, words), settings, 0.05)
    assert speed.tokens_per_second > 0
    assert speed.workers == workers
    [(rows, largest, size, first_end)] = seen
    assert rows == words
    assert words * 0.9 < largest + 1 <= words
    assert size == 30_000 if words >= WORDS else size < 30_000
    assert first_end == 100 if words >= WORDS else first_end <= 100


def test_rows_rise_with_ids_and_are_never_the_same(sample):
    rows = calibration._row_of_id(sample, 5000)
    assert (np.diff(rows) > 0).all()
    assert rows[0] == 0 and rows[-1] < 5000


def test_the_first_batch_does_not_count(monkeypatch):
    clock = iter([100.0, 101.0, 103.0])
    monkeypatch.setattr(calibration, "perf_counter", lambda: next(clock))
    watch = calibration._Stopwatch(2.0)
    events = [BatchDone(epoch, 9, 1, tokens, 1000, 0.0, 0.1, 0.0) for epoch, tokens in ((1, 600), (1, 1000), (2, 500))]
    watch(events[0])
    watch(events[1])
    with pytest.raises(calibration._SpeedKnown):
        watch(events[2])
    assert watch.speed() == 900 / 3
