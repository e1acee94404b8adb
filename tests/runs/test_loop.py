"""The course of a run: what it reports, when it ends, what it keeps, and that it goes on as if it had never stopped."""

import os
import signal
from dataclasses import replace
from functools import partial
from hashlib import sha256
from types import SimpleNamespace

import numpy as np
import pytest

from spacy_sgns.corpus.counts import CorpusCounts
from spacy_sgns.corpus.encoded import EncodedCorpus, IdWriter
from spacy_sgns.corpus.encoder import Encoding
from spacy_sgns.corpus.vocabulary import Vocabulary
from spacy_sgns.errors import SgnsError
from spacy_sgns.runs.checkpoint import CorruptCheckpoint
from spacy_sgns.runs.checkpoint_manager import CheckpointManager
from spacy_sgns.runs.loop import Evaluated, Resumed, TrainingLoop
from spacy_sgns.settings import Settings
from spacy_sgns.system.interrupts import Interrupted
from spacy_sgns.training.events import BatchDone, EpochEnd, Finished
from spacy_sgns.training.trainer import Trainer

SMALL = Settings(
    dim=8, window=3, epochs=4, learning_rate=0.05, subsample=0.0, chunk_size=64, chunks_per_step=2, negative=3
)
WORDS = 40


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.setattr("spacy_sgns.training.trainer.BATCH", 4)
    ids = np.random.default_rng(0).integers(0, WORDS, 3000).astype(np.int32)
    with IdWriter(tmp_path, "ids") as writer:
        writer.write(ids, np.arange(30, 3001, 30))
    return EncodedCorpus(tmp_path, 100, 3000, 3000, sha256(ids.tobytes()).hexdigest())


def trainer(corpus, place=None, **settings):
    counts = np.bincount(np.fromfile(corpus.folder / "ids.i32", np.int32))
    return Trainer(corpus, counts, replace(SMALL, **settings), place=place)


def kept(corpus, *, resume=False, every=0.0):
    made = CheckpointManager(corpus.folder, {}, {}, every=every, resume=resume, tell=pytest.fail)
    words = [str(i) for i in range(WORDS)]
    if resume:
        assert made.corpus()
    else:
        vocabulary = Vocabulary(words, np.ones(WORDS, int), [[word] for word in words])
        made.keep_corpus(
            Encoding(corpus, None, vocabulary, CorpusCounts(texts=1, tokens=1, tokens_kept=1, words=WORDS))
        )
    return made


def losses(*values):
    """What is asked about texts held out, with a loss for each epoch."""
    return SimpleNamespace(loss=partial(next, iter(values)))


def test_it_tells_and_reports_each_epoch(corpus):
    told = []
    course = TrainingLoop([told.append], score=lambda rows: {"pairs": float(len(rows))})
    rows = course.follow(made := trainer(corpus), held_out=losses(4, 3, 2, 1))
    assert rows is made.tables.inputs.rows
    assert [epoch["held_out_loss"] for epoch in course.epochs] == [4, 3, 2, 1]
    assert all(epoch["scores"] == {"pairs": float(WORDS)} for epoch in course.epochs)
    assert [event.loss for event in told if isinstance(event, EpochEnd)] == [epoch["loss"] for epoch in course.epochs]
    assert [e.scores for e in told if isinstance(e, Evaluated)][:2] == [{"held-out loss": 4}, {"pairs": float(WORDS)}]
    assert isinstance(told[-1], Finished) and sum(isinstance(event, Finished) for event in told) == 1
    assert course.seconds > 0


@pytest.mark.parametrize(
    "patience, each, done, best",
    [
        (1, (3, 4, 1, 1), 2, 1),
        (2, (3, 4, 2, 1), 4, 4),
        (2, (3, 4, 5, 1), 3, 1),
        (9, (3, 4, 5, 4), 4, 1),
        (1, (3, 3, 2, 2.5), 4, 3),
        (0, (1, 2, 3, 4), 4, None),
    ],
)
def test_it_ends_when_the_held_out_loss_no_longer_falls_and_returns_the_best(corpus, patience, each, done, best):
    seen, told = [], []
    course = TrainingLoop(
        [told.append],
        score=lambda rows: seen.append(rows.copy()) or {},
        patience=patience,
    )
    rows = course.follow(trainer(corpus), held_out=losses(*each))
    assert (len(course.epochs), course.best_epoch) == (done, best)
    assert np.array_equal(rows, seen[(best or done) - 1])
    assert isinstance(told[-1], Finished)


def test_without_a_held_out_loss_it_goes_on_and_patience_is_an_error(corpus):
    course = TrainingLoop([])
    course.follow(trainer(corpus), held_out=losses(None, None, None, None))
    assert [epoch["held_out_loss"] for epoch in course.epochs] == [None] * 4
    with pytest.raises(SgnsError, match="patience needs a held-out loss"):
        TrainingLoop([], patience=1).follow(trainer(corpus), held_out=losses(None))


def steps(events):
    return [event.step for event in events if isinstance(event, BatchDone)]


def stopped_at(number, corpus, held_out, **how):
    """Follow a run until its `number`th event, at which the user stops it."""
    events = []

    def listen(event):
        events.append(event)
        if len(events) == number:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(Interrupted) as error:
        TrainingLoop([listen], kept=kept(corpus, every=600), **how).follow(trainer(corpus), held_out=held_out)
    return str(error.value), events


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize("number", [1, 2, 7, 13, 20])
def test_it_goes_on_as_if_it_had_never_stopped(corpus, number):
    how = {"score": lambda rows: {"sum": float(rows.sum())}, "patience": 2}
    all_told = []
    whole = TrainingLoop([all_told.append], **how)
    expected = whole.follow(trainer(corpus), held_out=losses(4, 5, 3, 2)).copy()
    said, before = stopped_at(number, corpus, losses(4, 5, 3, 2), **how)
    done = sum(isinstance(event, EpochEnd) for event in before)
    assert said.startswith(f"Interrupted after {done} of 4 epochs. Training so far is kept in {corpus.folder}.")
    again, told = kept(corpus, resume=True), []
    checkpoint = again.latest()
    course = TrainingLoop([told.append], kept=again, **how)
    rows = course.follow(trainer(corpus, course.take_up(checkpoint)), checkpoint, losses(*(4, 5, 3, 2)[done:]))
    assert rows.tobytes() == expected.tobytes()
    assert told[0] == Resumed(done + 1, 4)
    assert steps(before)[-1] < steps(told)[0]
    assert steps(before) + steps(told) == steps(all_told) and isinstance(told[-1], Finished)
    figures = ("loss", "held_out_loss", "scores")
    assert [[e[f] for f in figures] for e in course.epochs] == [[e[f] for f in figures] for e in whole.epochs]
    assert course.best_epoch == whole.best_epoch


@pytest.mark.parametrize("every, expected", [(0.0, "often"), (600.0, "epochs")])
def test_checkpoints_come_with_time_and_with_epochs(corpus, every, expected, monkeypatch):
    monkeypatch.setattr(
        "spacy_sgns.runs.checkpoint_manager.SHARE", 1e9
    )  # these epochs are shorter than it takes to write one
    saved, run = [], kept(corpus, every=every)
    monkeypatch.setattr(run, "save", lambda state, arrays: saved.append(state["place"]))
    events = []
    TrainingLoop([events.append], kept=run).follow(trainer(corpus))
    if expected == "often":
        assert len(saved) == len(events)  # after each batch, each epoch, and all of them
    else:
        assert [(place["epoch"], place["batch"]) for place in saved] == [(2, 0), (3, 0), (4, 0), (5, 0)]


def test_a_checkpoint_that_lacks_something_is_damage(corpus):
    run = kept(corpus)
    for state in ({}, {"epochs": 3}, {"epochs": [], "seconds": 0, "best_epoch": None, "place": {"epok": 1}}):
        run.save(state, {"rows": np.zeros((2, 2), "f4")})
        with pytest.raises(CorruptCheckpoint, match="lacks what belongs to it"):
            TrainingLoop([]).take_up(run.latest())


def test_without_a_kept_run_an_interrupt_is_as_ever(corpus):
    def listen(event):
        if isinstance(event, BatchDone):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as error:
        TrainingLoop([listen]).follow(trainer(corpus))
    assert not isinstance(error.value, Interrupted)
