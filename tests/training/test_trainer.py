"""The training loop: runs against the oracle, determinism, stability, divergence and resuming."""

import os
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import catalogue
import numpy as np
import pytest

from spacy_sgns.errors import SgnsError
from spacy_sgns.registry import Choice
from spacy_sgns.settings import Settings
from spacy_sgns.training.architectures.skipgram import skipgram_v1
from spacy_sgns.training.events import BatchDone, EpochEnd
from spacy_sgns.training.objectives.negative_sampling import GROUP, negative_sampling_v1
from spacy_sgns.training.trainer import Diverged, Trainer
from spacy_sgns.training.update.trust_region import RADIUS
from tests.training import oracle
from tests.training.kernel import SMALL, MemoryCorpus, Recorder, fingerprint, rows_of, topics, trainer_on

NOISE_TRIED = {"chunks_per_step": 4, "subsample": 0.02, "epochs": 3}


def trained(corpus=None, **settings):
    """Return the bytes of the tables after a run."""
    return fingerprint(trainer_on(corpus or topics(), **settings).run())


def epoch_losses(corpus, **settings):
    losses = []
    trainer_on(corpus, **settings).run([lambda e: losses.append(e.loss) if isinstance(e, EpochEnd) else None])
    return losses


def replayed(trainer, chunk_plans, noise_plans, rates, settings):
    """Return the tables that the oracle trains on the chunks and noise of a run, and the mean loss of each batch."""
    inputs, outputs = (rows.tolist() for rows in rows_of(trainer.tables))
    losses = []
    for batch, rate in enumerate(rates):
        own = slice(batch * settings.chunks_per_step, (batch + 1) * settings.chunks_per_step)
        plans = zip(chunk_plans[own], noise_plans[own], strict=True)
        planned = [(args[0], plan.outputs[:, SMALL.chunk_size :]) for (args, _), (_, plan) in plans]
        loss = weight = 0.0
        for c in range(len(planned[0][0])):
            steps = []
            for chunks, noise in [plan for plan in planned if c < len(plan[0])]:
                pairs = oracle.pairs_by_reach(chunks.left[c].tolist(), chunks.right[c].tolist(), settings.window)
                drawn = noise[c].reshape(chunks.ids.shape[1] // GROUP, -1).tolist()
                how = {"negative": settings.negative, "rate": rate, "radius": RADIUS}
                steps.append(oracle.skipgram_ns_step(chunks.ids[c].tolist(), pairs, drawn, inputs, outputs, **how))
            oracle.take(steps, inputs, outputs)
            loss += sum(step.loss for step in steps)
            weight += sum(step.weight for step in steps)
        losses.append(loss / weight)
    return np.array(inputs), np.array(outputs), losses


@pytest.mark.parametrize("chunks_per_step", [1, 3])
def test_a_run_takes_the_steps_of_the_oracle_in_order(chunks_per_step, monkeypatch):
    recorders = {"architecture": Recorder(skipgram_v1()), "objective": Recorder(negative_sampling_v1())}
    for slot, recorder in recorders.items():
        monkeypatch.setitem(catalogue.REGISTRY, ("spacy_sgns", f"{slot}s", "recorded.v1"), recorder.itself)
    choices = {slot: Choice.of(slot, "recorded") for slot in recorders}
    settings = replace(SMALL, dim=4, learning_rate=0.2, chunks_per_step=chunks_per_step, **choices)
    corpus = topics(texts=12, length=30)
    trainer, events = Trainer(corpus, corpus.counts, settings, dtype=np.float64), []
    at_first = [rows.copy() for rows in rows_of(trainer.tables)]
    trainer.run([events.append])
    made = [rows.copy() for rows in rows_of(trainer.tables)]
    for rows, old in zip(rows_of(trainer.tables), at_first, strict=True):
        rows[:] = old
    rates = [event.learning_rate for event in events if isinstance(event, BatchDone)]
    plans = [recorders[slot].plans for slot in ("architecture", "objective")]
    *wanted, losses = replayed(trainer, *plans, rates, settings)
    for rows, rows_wanted in zip(made, wanted, strict=True):
        np.testing.assert_allclose(rows, rows_wanted, rtol=0, atol=1e-6)
    told = [event.loss for event in events if isinstance(event, EpochEnd)]  # one batch each
    assert told == pytest.approx(losses, rel=1e-9)


def test_every_token_is_trained_on_once_an_epoch():
    recorder = Recorder(skipgram_v1())
    corpus = topics()
    corpus.shard = 700
    trainer_on(corpus, architecture=recorder, epochs=3).run()
    counts, chunks = corpus.counts, [args[0] for args, _ in recorder.plans]
    paired = [c.ids[(c.left + c.right) > 0] for c in chunks]
    seen = np.bincount(np.concatenate(paired), minlength=len(counts))
    assert (seen <= 3 * counts).all()
    assert seen.sum() > 0.97 * 3 * counts.sum()  # tokens without pairs are those at cuts


def test_same_settings_same_bytes():
    assert trained(**NOISE_TRIED) == trained(**NOISE_TRIED)


@pytest.mark.parametrize("other", [{"seed": 2}, {"chunks_per_step": 3}, {"chunk_size": 128}, {"learning_rate": 0.04}])
def test_other_settings_other_bytes(other):
    assert trained(**{**NOISE_TRIED, **other}) != trained(**NOISE_TRIED)


def test_the_initial_tables_depend_on_the_seed():
    assert len({fingerprint(trainer_on(topics(), seed=seed).tables) for seed in (0, 1, 1, 2)}) == 3


@pytest.mark.parametrize("chunks_per_step", [1, 2, 5, 1000])
def test_runs_with_any_chunks_per_step_are_reproducible(chunks_per_step):
    assert trained(chunks_per_step=chunks_per_step) == trained(chunks_per_step=chunks_per_step)


def test_each_chunk_of_a_step_has_its_own_draws():
    recorder = Recorder(negative_sampling_v1())
    trainer_on(topics(), objective=recorder, epochs=1, chunks_per_step=4).run()
    draws = {plan.outputs[0][64:].tobytes() for _, plan in recorder.plans}
    assert len(draws) == len(recorder.plans) == 4


def test_listeners_and_the_global_random_state_have_no_influence():
    events = []
    trainer = trainer_on(topics(), **NOISE_TRIED)
    np.random.default_rng().random(1000)
    trainer.run([events.append, lambda event: np.random.random(3)])  # noqa: NPY002 - the global state is the point
    assert fingerprint(trainer.tables) == trained(**NOISE_TRIED)


def test_each_epoch_has_its_own_draws():
    recorder = Recorder(skipgram_v1())
    trainer_on(topics(), architecture=recorder, epochs=3, subsample=0.02).run()
    layouts = {args[0].ids.tobytes() for args, _ in recorder.plans}
    assert len(layouts) == len(recorder.plans) == 3


def test_each_shard_has_its_own_draws():
    recorder = Recorder(negative_sampling_v1())
    corpus = MemoryCorpus([np.tile(np.arange(10), 64)] * 2, shard=640)
    trainer_on(corpus, objective=recorder, epochs=1).run()
    draws = [plan.outputs[0][64:].tolist() for _, plan in recorder.plans]
    assert len(draws) == 2
    assert draws[0] != draws[1]


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_same_bytes_whatever_the_hash_seed(hash_seed):
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from threadpoolctl import threadpool_limits\n"
        "from hashlib import sha256\n"
        "from kernel import fingerprint, topics, trainer_on\n"
        "with threadpool_limits(1, user_api='blas'):\n"
        f"    tables = trainer_on(topics(), **{NOISE_TRIED!r}).run()\n"
        "print(sha256(fingerprint(tables)).hexdigest())\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == sha256(trained(**NOISE_TRIED)).hexdigest(), done.stderr


@pytest.mark.parametrize("chunk_size", [64, 1024])
@pytest.mark.parametrize("chunks_per_step", [1, 4])
@pytest.mark.parametrize("groups", [1, 4])
def test_few_words_and_a_high_rate_stay_steady(chunk_size, chunks_per_step, groups):
    corpus = topics(texts=200, words=24 // groups, groups=groups)
    assert len(corpus.counts) == 24
    trainer = trainer_on(
        corpus, learning_rate=0.5, epochs=12, chunks_per_step=chunks_per_step, chunk_size=chunk_size, window=5
    )
    for rows in rows_of(trainer.run()):
        assert np.isfinite(rows).all()
        assert np.linalg.norm(rows, axis=1).max() < 10


def test_the_loss_falls():
    losses = epoch_losses(topics(texts=200), epochs=6)
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0] - 0.3


def test_words_of_one_topic_come_together():
    trainer = trainer_on(topics(texts=200), epochs=6)
    inputs = rows_of(trainer.run())[0]
    inputs /= np.linalg.norm(inputs, axis=1, keepdims=True)
    cosines, topic = inputs @ inputs.T, np.arange(24) % 2
    same = topic[:, None] == topic
    assert cosines[same & ~np.eye(24, dtype=bool)].mean() > cosines[~same].mean() + 0.5


class Poison:
    """A listener that fills the tables with huge numbers after an epoch, and keeps their bytes."""

    def __init__(self, trainer, epoch):
        self.trainer, self.epoch, self.bytes = trainer, epoch, b""

    def __call__(self, event):
        if isinstance(event, EpochEnd) and event.epoch == self.epoch:
            for rows in rows_of(self.trainer.tables):
                rows[:] = np.random.default_rng(0).choice([-1e30, 1e30], rows.shape)
            self.bytes = fingerprint(self.trainer.tables)


@pytest.mark.parametrize("chunks_per_step", [1, 4])
def test_a_loss_that_is_not_finite_ends_training(chunks_per_step):
    trainer = trainer_on(
        topics(), epochs=4, chunks_per_step=chunks_per_step, negative=7, subsample=0.03, learning_rate=0.04
    )
    poison, steps = Poison(trainer, 2), []
    with pytest.raises(Diverged) as caught:
        trainer.run([poison, lambda e: steps.append(e.step) if isinstance(e, BatchDone) else None])
    assert isinstance(caught.value, SgnsError)
    message = str(caught.value)
    assert "epoch 3" in message
    assert f"step {steps[-1] + 1} " in message
    for setting in (
        "learning rate",
        "0.04",
        "chunk_size 64",
        f"chunks_per_step {chunks_per_step}",
        "negative 7",
        "subsample 0.03",
    ):
        assert setting in message
    assert caught.value.tables is trainer.tables
    assert fingerprint(trainer.tables) == poison.bytes
    assert all(np.isfinite(rows).all() for rows in rows_of(trainer.tables))


def test_a_table_that_is_not_finite_ends_training_in_the_first_step():
    trainer = trainer_on(topics())
    rows_of(trainer.tables)[0][:] = np.nan
    with pytest.raises(Diverged, match="epoch 1, step 1 "):
        trainer.run()


def test_all_steps_before_the_one_that_diverged_are_kept_and_that_one_is_not():
    """Only one word is not finite, and only some chunks contain it: the chunks before are trained on."""
    corpus = MemoryCorpus([np.tile(np.arange(1, 20), 40), np.array([0, 0, 0, 1])])
    trainer = trainer_on(corpus, epochs=1, window=2)
    inputs, outputs = rows_of(trainer.tables)
    inputs[0] = np.inf
    before = inputs[1:].copy()
    with pytest.raises(Diverged) as caught:
        trainer.run()
    assert "step 1 " not in str(caught.value)
    assert np.isfinite(inputs[1:]).all()
    assert np.isfinite(outputs).all()
    assert (inputs[1:] != before).any()


@pytest.mark.parametrize("texts", [[[0, 1]], [[0], [1]], [[0] * 500 + [1]], [[0, 1] * 32], [[0, 1, 2] * 21 + [0]]])
@pytest.mark.parametrize("subsample", [0.0, 1e-4])
def test_tiny_corpora_go_through(texts, subsample):
    corpus = MemoryCorpus([np.array(text) for text in texts])
    tables = trainer_on(corpus, epochs=70, subsample=subsample).run()
    assert all(np.isfinite(rows).all() for rows in rows_of(tables))


@pytest.mark.parametrize("settings", [{"window": 1}, {"window": 40}, {"dim": 1}, {"dim": 300}, {"negative": 1}])
def test_unusual_sizes_go_through(settings):
    losses = epoch_losses(topics(texts=100), epochs=3, learning_rate=0.1, **settings)
    assert np.isfinite(losses).all()
    assert losses[-1] < losses[0]


def test_double_precision_is_close_to_single():
    a, b = (rows_of(trainer_on(topics(), epochs=1, dtype=dtype).run()) for dtype in (np.float32, np.float64))
    for single, double in zip(a, b, strict=True):
        assert single.dtype == np.float32
        assert double.dtype == np.float64
        np.testing.assert_allclose(single, double, atol=1e-4)


def test_settings_choose_the_alternatives_by_name():
    assert {Settings().architecture.name, Settings().objective.name} == {"skipgram.v1", "negative_sampling.v1"}


def test_a_run_resumes_from_any_state_with_the_same_result(monkeypatch):
    """Three shards in an epoch, several batches in a shard, and random draws for noise, subsampling and each chunk."""
    monkeypatch.setattr("spacy_sgns.training.trainer.BATCH", 8)
    corpus, how = topics(texts=400), {"chunks_per_step": 2, "subsample": 0.05, "epochs": 2, "chunk_size": 64}
    corpus.shard = 6000
    whole, tables, stops, told = trainer_on(corpus, **how), [], [], []
    for event in whole.events():
        tables.append(whole.tables.rows.copy())
        stops.append(whole.state)
        told.append(event)
    assert len({(state.epoch, state.shard, state.batch) for state in stops}) >= 2 * 3 * 2
    for state, rows, number in zip(stops, tables, range(len(stops)), strict=True):
        later = Trainer(corpus, corpus.counts, whole._settings, state=state)
        later.tables.rows[:] = rows
        events = list(later.events())
        assert fingerprint(later.tables) == fingerprint(whole.tables)
        assert [without_times(event) for event in events] == [
            without_times(event) for event in told[number + 1 :] or told[-1:]
        ]


def without_times(event):
    """Return the type of an event and its fields without times."""
    return type(event), [getattr(event, name, None) for name in ("epoch", "step", "tokens", "loss", "learning_rate")]
