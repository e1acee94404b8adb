"""The contract of every alternative: built in, installed by other packages, and the objective of the example.

Alternatives that an installed package advertises are tested here as well.
"""

import json
from dataclasses import replace
from pathlib import Path

import catalogue
import numpy as np
import pytest

from spacy_sgns.registry import Choice, names
from spacy_sgns.settings import Settings
from spacy_sgns.system import plugins
from spacy_sgns.training.chunks import Chunks, cut
from spacy_sgns.training.events import BatchDone, EpochEnd
from spacy_sgns.training.schedule import resolve_auto
from spacy_sgns.training.trainer import Trainer
from tests.training.kernel import SMALL, Kernel, MemoryCorpus, fingerprint, rows_of, topics, trainer_on
from tests.training.together import groups, trained_together

OWN = Path(__file__).parent.parent.parent / "examples" / "03_own_objective.py"
OBJECTIVES = sorted({*names("objective"), "full_softmax.v1"})
VARIANTS = [{"architecture": a, "objective": o} for a in names("architecture") for o in OBJECTIVES]
VARIANTS += [{"architecture": a, "weighting": w} for a in names("architecture") for w in names("weighting")]
VARIANTS += [{"noise": n} for n in names("noise")]
WORDS, LENGTH = 40, 64


@pytest.fixture(scope="module", autouse=True)
def _own_objective():
    """Register the objective of the example as `--code` does, and remove it after these tests."""
    before = dict(catalogue.REGISTRY)
    plugins.import_code(OWN)
    yield
    catalogue.REGISTRY.clear()
    catalogue.REGISTRY.update(before)
    plugins.loaded_code.clear()


@pytest.fixture(params=VARIANTS, ids=lambda variant: "-".join(variant.values()))
def variant(request):
    """Choices by slot."""
    return {slot: Choice.of(slot, name) for slot, name in request.param.items()}


def kernel_of(variant, **settings):
    """Return a kernel whose tables are random."""
    parts = {
        slot: choice.make() if slot in ("architecture", "objective") else choice for slot, choice in variant.items()
    }
    kernel = Kernel(np.arange(WORDS, 0, -1) ** 2, window=3, dim=6, chunk_size=LENGTH, **settings, **parts)
    kernel.fill(np.random.default_rng(3), 0.6)
    return kernel


def some_chunks():
    """Return chunks of short texts; the last one is padded."""
    rng = np.random.default_rng(2)
    ids = (WORDS * rng.random(2 * LENGTH + 20) ** 2).astype(np.int32)
    return cut(ids, np.unique(rng.integers(1, len(ids), 12)), window=3, length=LENGTH, segment=16, shift=5)


def test_steps_are_finite_differences_of_the_loss(variant):
    kernel, chunks, rate, size = kernel_of(variant), some_chunks(), 1e-5, 1e-5
    kernel.plan(chunks, rate)
    rng, last = np.random.default_rng(1), len(chunks) - 1
    for rows, moves in zip(rows_of(kernel.tables), kernel.step(last)[1:], strict=True):
        assert moves.any()
        for row in range(WORDS):
            direction = rng.normal(size=rows.shape[1])
            before, losses = rows[row].copy(), []
            for sign in (1, -1):
                rows[row] = before + sign * size * direction
                losses.append(kernel.step(last)[0])
            rows[row] = before
            slope = (losses[0] - losses[1]) / (2 * size)
            assert -moves[row] @ direction / rate == pytest.approx(slope, rel=1e-5, abs=1e-5)


def test_the_loss_is_of_the_tables_and_not_of_the_rate(variant):
    losses = []
    for rate in (1e-6, 0.5):
        kernel = kernel_of(variant)
        weight = kernel.plan(some_chunks(), rate)
        losses.append([kernel.step(chunk)[0] for chunk in range(3)])
    assert losses[0] == pytest.approx(losses[1], rel=1e-9)
    assert weight > 0 and min(losses[0]) > 0


def test_padding_has_no_influence(variant):
    """Except where noise is taken from the chunk: padding repeats words of the shard, which may be noise words."""
    if "noise" in variant:
        return
    chunks = some_chunks()
    alone = (chunks.left == 0) & (chunks.right == 0)
    others = Chunks(np.where(alone, (chunks.ids + 7) % WORDS, chunks.ids), chunks.left, chunks.right)
    assert (others.ids != chunks.ids).sum() > LENGTH // 4
    made = []
    for those in (chunks, others):
        kernel = kernel_of(variant)
        weight = kernel.plan(those, 0.01)
        made.append([weight, *(kernel.step(len(those) - 1))])
    for one, other in zip(*made, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


def test_training_lowers_the_loss_and_brings_topics_together(variant):
    losses = []
    trainer = trainer_on(topics(texts=200), epochs=8, learning_rate=0.2, **variant)
    inputs = rows_of(trainer.run([lambda e: losses.append(e.loss) if isinstance(e, EpochEnd) else None]))[0]
    assert losses[-1] < losses[0] - 0.1
    inputs /= np.linalg.norm(inputs, axis=1, keepdims=True)
    cosines, topic = inputs @ inputs.T, np.arange(24) % 2
    same = topic[:, None] == topic
    assert cosines[same & ~np.eye(24, dtype=bool)].mean() > cosines[~same].mean() + 0.15


def test_any_number_of_workers_makes_the_same_bytes(variant):
    chosen, corpus = replace(SMALL, chunks_per_step=5, subsample=0.02, **variant), topics(texts=90, words=30)
    alone = fingerprint(Trainer(corpus, corpus.counts, chosen).run())
    for size in (1, 2, 3, 5):
        assert fingerprint(trained_together(corpus, chosen, groups(size))) == alone


def test_a_resumed_run_makes_the_same_bytes(variant):
    chosen, corpus = replace(SMALL, subsample=0.02, **variant), topics()
    first = Trainer(corpus, corpus.counts, chosen)
    events = first.events()
    next(e for e in events if isinstance(e, BatchDone) and e.epoch == 2)
    again = Trainer(corpus, corpus.counts, chosen, state=first.state)
    again.tables.rows[:] = first.tables.rows
    assert fingerprint(again.run()) == fingerprint(Trainer(corpus, corpus.counts, chosen).run())


@pytest.mark.parametrize("texts", [[[0, 1]], [[0], [1]], [[0] * 500 + [1]], [[0, 1, 2] * 21 + [0]]])
def test_tiny_corpora_go_through(variant, texts):
    tables = trainer_on(MemoryCorpus([np.array(text) for text in texts]), epochs=20, **variant).run()
    assert all(np.isfinite(rows).all() for rows in rows_of(tables))


@pytest.mark.parametrize("rate", [0.025, 0.5])
def test_few_words_and_a_high_rate_stay_stable(variant, rate):
    trainer = trainer_on(topics(texts=200), learning_rate=rate, epochs=8, chunks_per_step=2, chunk_size=512, **variant)
    for rows in rows_of(trainer.run()):
        assert np.linalg.norm(rows, axis=1).max() < 30


def test_settings_come_back_as_they_were(variant):
    settings = replace(Settings(), **variant)
    assert Settings.of(**json.loads(json.dumps(settings.as_dict()))) == settings
    assert 0 < resolve_auto(settings, 10**6).learning_rate <= 1
