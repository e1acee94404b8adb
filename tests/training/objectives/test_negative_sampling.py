"""Negative sampling: its noise words, and its loss on untrained tables."""

from math import log

import numpy as np
import pytest

from spacy_sgns.training.chunks import cut
from spacy_sgns.training.events import EpochEnd
from tests.training.kernel import Kernel, rows_of, topics, trainer_on


def chunks_of(length):
    ids = np.random.default_rng(0).integers(0, 30, 3 * length)
    return cut(ids, np.array([40, 100]), window=4, length=length, segment=32, shift=7)


@pytest.mark.parametrize("negative", [1, 2, 5, 10, 20])
def test_untrained_tables_lose_log_2_per_question(negative):
    kernel, chunks = Kernel(np.full(30, 9), window=4, dim=8, chunk_size=128, negative=negative), chunks_of(128)
    weight = kernel.plan(chunks, 0.025)
    loss = sum(kernel.step(chunk)[0] for chunk in range(len(chunks)))
    assert loss / weight == pytest.approx((1 + negative) * log(2), rel=1e-9)


@pytest.mark.parametrize("negative", [1, 5])
def test_the_first_loss_that_training_reports_is_that_of_untrained_tables(negative):
    losses = []
    trainer = trainer_on(topics(), negative=negative, epochs=1, learning_rate=1e-6)
    trainer.run([lambda e: losses.append(e.loss) if isinstance(e, EpochEnd) else None])
    assert losses == [pytest.approx((1 + negative) * log(2), rel=1e-3)]


def test_noise_words_grow_with_the_negatives_asked_for():
    sizes = []
    for negative in (1, 5, 20):
        kernel = Kernel(np.full(30, 9), window=4, dim=8, chunk_size=128, negative=negative)
        kernel.plan(chunks_of(128), 0.025)
        sizes.append(len(kernel.noise(0, 2)[0]))
    assert sizes[0] < sizes[1] < sizes[2]
    assert sizes[1] == 32


def test_noise_follows_the_exponent():
    counts = np.array([10_000] + [10] * 29)
    kernel = Kernel(counts, window=4, dim=8, chunk_size=128)
    kernel.plan(chunks_of(128), 0.025)
    drawn = np.concatenate([np.ravel(kernel.noise(chunk, 2)) for chunk in range(3)])
    share = 10_000**0.75 / (10_000**0.75 + 29 * 10**0.75)
    assert (drawn == 0).mean() == pytest.approx(share, abs=0.12)


def test_the_loss_does_not_depend_on_the_rate():
    losses = []
    for rate in (1e-6, 1.0):
        kernel, chunks = Kernel(np.full(30, 9), window=4, dim=8, chunk_size=64), chunks_of(64)
        for rows in rows_of(kernel.tables):
            rows[:] = np.random.default_rng(1).normal(size=rows.shape)
        kernel.plan(chunks, rate)
        losses.append(kernel.step(0)[0])
    assert losses[0] == pytest.approx(losses[1], rel=1e-9)
