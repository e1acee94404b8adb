"""A run's report, early stopping and checkpoints, and that a resumed run ends as if it had never stopped."""

import json
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
from spacy_sgns.runs.events import Evaluated, Resumed
from spacy_sgns.runs.loop import TrainingLoop, run_training
from spacy_sgns.runs.state import RunState
from spacy_sgns.settings import Settings
from spacy_sgns.system.interrupts import Interrupted
from spacy_sgns.training.events import BatchDone, EpochEnd, Finished
from spacy_sgns.training.trainer import Trainer, TrainingState

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


def trainer(corpus, state=None, **settings):
    counts = np.bincount(np.fromfile(corpus.folder / "ids.i32", np.int32))
    return Trainer(corpus, counts, replace(SMALL, **settings), state=state)


def manager(corpus, *, resume=False, interval=0.0):
    made = CheckpointManager(corpus.folder, {}, {}, interval=interval, resume=resume, warn=pytest.fail)
    words = [str(i) for i in range(WORDS)]
    if resume:
        assert made.load_corpus()
    else:
        vocabulary = Vocabulary(words, np.ones(WORDS, int), [[word] for word in words])
        made.save_corpus(
            Encoding(corpus, None, vocabulary, CorpusCounts(texts=1, tokens=1, tokens_kept=1, words=WORDS))
        )
    return made


def losses(*values):
    """Return a stand-in for `HeldOut` with a loss for each epoch."""
    return SimpleNamespace(loss=partial(next, iter(values)))


def run(trainer, notify=lambda event: None, **options):
    """Run the training of a new run and return its input rows and its state."""
    state = RunState()
    return run_training(trainer, state, notify, **options), state


def test_it_notifies_and_reports_each_epoch(corpus):
    events, made = [], trainer(corpus)
    scores = {"pairs": float(WORDS)}
    rows, state = run(made, events.append, score=lambda rows: {"pairs": float(len(rows))}, held_out=losses(4, 3, 2, 1))
    assert rows is made.tables.inputs.rows
    assert [epoch["held_out_loss"] for epoch in state.epochs] == [4, 3, 2, 1]
    assert all(epoch["scores"] == scores for epoch in state.epochs)
    assert [event.loss for event in events if isinstance(event, EpochEnd)] == [epoch["loss"] for epoch in state.epochs]
    assert [e.scores for e in events if isinstance(e, Evaluated)][:2] == [{"held-out loss": 4}, scores]
    assert isinstance(events[-1], Finished) and sum(isinstance(event, Finished) for event in events) == 1
    assert state.seconds > 0


def test_the_order_of_events_is_that_of_the_trainer_with_evaluations_after_each_epoch(corpus):
    events = []
    run(trainer(corpus, epochs=2), events.append, score=lambda rows: {"x": 1.0}, held_out=losses(4, 3))
    names = [type(event).__name__ for event in events]
    batches = names.index("EpochEnd")
    epoch = ["BatchDone"] * batches + ["EpochEnd", "Evaluated", "Evaluated"]
    assert batches and names == [*epoch, *epoch, "Finished"]


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
    seen, events = [], []
    rows, state = run(
        trainer(corpus),
        events.append,
        score=lambda rows: seen.append(rows.copy()) or {},
        patience=patience,
        held_out=losses(*each),
    )
    assert (len(state.epochs), state.best_epoch) == (done, best)
    assert np.array_equal(rows, seen[(best or done) - 1])
    assert isinstance(events[-1], Finished)


def test_without_a_held_out_loss_it_goes_on_and_patience_is_an_error(corpus):
    _, state = run(trainer(corpus), held_out=losses(None, None, None, None))
    assert [epoch["held_out_loss"] for epoch in state.epochs] == [None] * 4
    with pytest.raises(SgnsError, match="patience needs a held-out loss"):
        run(trainer(corpus), patience=1, held_out=losses(None))


def steps(events):
    return [event.step for event in events if isinstance(event, BatchDone)]


def stopped_at(number, corpus, **options):
    """Run until event `number`, at which the user stops it; return the message and the events."""
    events = []

    def listen(event):
        events.append(event)
        if len(events) == number:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(Interrupted) as error:
        run(trainer(corpus), listen, manager=manager(corpus, interval=600), **options)
    return str(error.value), events


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize("number", [1, 2, 7, 13, 20])
def test_it_goes_on_as_if_it_had_never_stopped(corpus, number):
    options = {"score": lambda rows: {"sum": float(rows.sum())}, "patience": 2}
    all_events = []
    rows, whole = run(trainer(corpus), all_events.append, held_out=losses(4, 5, 3, 2), **options)
    expected = rows.tobytes()
    message, before = stopped_at(number, corpus, held_out=losses(4, 5, 3, 2), **options)
    done = sum(isinstance(event, EpochEnd) for event in before)
    assert message.startswith(f"Interrupted after {done} of 4 epochs. Training so far is kept in {corpus.folder}.")
    again, events = manager(corpus, resume=True), []
    checkpoint = again.latest()
    state = RunState.from_checkpoint(checkpoint)
    options |= {"checkpoint": checkpoint, "held_out": losses(*(4, 5, 3, 2)[done:]), "manager": again}
    rows = run_training(trainer(corpus, state.training), state, events.append, **options)
    assert rows.tobytes() == expected
    assert events[0] == Resumed(done + 1, 4)
    assert state.training.epoch == 5 and checkpoint.state["training"]["epoch"] == done + 1
    assert steps(before)[-1] < steps(events)[0]
    assert steps(before) + steps(events) == steps(all_events) and isinstance(events[-1], Finished)
    metrics = ("loss", "held_out_loss", "scores")
    assert [[e[m] for m in metrics] for e in state.epochs] == [[e[m] for m in metrics] for e in whole.epochs]
    assert state.best_epoch == whole.best_epoch


@pytest.mark.parametrize("interval, expected", [(0.0, "often"), (600.0, "epochs")])
def test_checkpoints_come_with_time_and_with_epochs(corpus, interval, expected, monkeypatch):
    # These epochs take less time than a checkpoint.
    monkeypatch.setattr("spacy_sgns.runs.checkpoint_manager.MAX_SHARE", 1e9)
    saved, made = [], manager(corpus, interval=interval)
    monkeypatch.setattr(made, "save", lambda state, arrays: saved.append(state["training"]))
    events = []
    run(trainer(corpus), events.append, manager=made)
    if expected == "often":
        assert len(saved) == len(events)  # after each batch, each epoch, and all of them
    else:
        assert [(state["epoch"], state["batch"]) for state in saved] == [(2, 0), (3, 0), (4, 0), (5, 0)]


def test_the_last_checkpoint_is_written_before_training_stops_early(corpus):
    made = manager(corpus)
    _, state = run(trainer(corpus), patience=1, held_out=losses(3, 4), manager=made)
    checkpoint = made.latest()
    assert (len(state.epochs), checkpoint.state) == (2, state.to_json())
    assert "best" in checkpoint and len(checkpoint.state["epochs"]) == 2


def test_a_new_rule_is_one_listener(corpus):
    class StopAtStep:
        def __init__(self, state, step):
            self.state, self.step = state, step

        def __call__(self, event):
            self.state.stopped |= isinstance(event, BatchDone) and event.step >= self.step

    state, events = RunState(), []
    TrainingLoop(trainer(corpus), state, [events.append, StopAtStep(state, 5)]).run()
    assert steps(events)[-2] < 5 <= steps(events)[-1] == state.training.step


def test_a_state_comes_back_from_json():
    state = RunState(TrainingState(3, 1, 2, step=40, loss=1 / 3), [{"loss": 0.1 + 0.2}], 12.5, 2)
    assert RunState.from_json(json.loads(json.dumps(state.to_json()))) == state


def test_a_checkpoint_that_lacks_something_is_damage(corpus):
    made = manager(corpus)
    for state in ({}, {"epochs": 3}, {"epochs": [], "seconds": 0, "best_epoch": None, "training": {"epok": 1}}):
        made.save(state, {"rows": np.zeros((2, 2), "f4")})
        with pytest.raises(CorruptCheckpoint, match="lacks a part of the run's state"):
            RunState.from_checkpoint(made.latest())


def test_without_a_manager_an_interrupt_is_as_ever(corpus):
    def listen(event):
        if isinstance(event, BatchDone):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as error:
        run(trainer(corpus), listen)
    assert not isinstance(error.value, Interrupted)
