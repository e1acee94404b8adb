"""The kernel against formulas written out in plain Python, and against finite differences of its own loss."""

import numpy as np
import pytest

from spacy_sgns.training.architectures.skipgram import skipgram_v1
from spacy_sgns.training.chunks import cut
from spacy_sgns.training.objectives.negative_sampling import GROUP
from spacy_sgns.training.update.trust_region import RADIUS
from tests.training import oracle
from tests.training.kernel import Kernel, rows_of

NARROW, WIDE = 6, 208
SHAPES = [
    (1, NARROW, 64),
    (5, NARROW, 128),
    (10, NARROW, 128),
    (5, WIDE, 64),
    (10, WIDE, 128),
    (1, 199, 64),
    (1, 200, 64),
]


class Case:
    """Chunks of a small shard with many texts: words recur, and the last segments are padding."""

    def __init__(self, window, dim, length, *, words=60, negative=5, scale=1.0, seed=0):
        rng = np.random.default_rng(seed)
        tokens = 2 * length + length // 3
        segment, shift = 2 * skipgram_v1().block(window), 5
        self.ids = (words * rng.random(tokens) ** 2).astype(np.int32)
        ends = np.unique(rng.integers(1, tokens, tokens // 12))
        self.chunks = cut(self.ids, ends, window=window, length=length, segment=segment, shift=shift)
        self.places = oracle.chunk_tokens(tokens, ends.tolist(), length=length, segment=segment, shift=shift)
        self.window, self.negative, self.groups = window, negative, length // GROUP
        counts = np.bincount(self.ids, minlength=words) + 1
        self.kernel = Kernel(counts, window=window, dim=dim, chunk_size=length, negative=negative)
        self.kernel.fill(rng, scale * dim**-0.25)

    def expected(self, chunk, rate, radius=RADIUS):
        """Return the step of the oracle for a chunk."""
        inputs, outputs = (rows.tolist() for rows in rows_of(self.kernel.tables))
        words = self.chunks.ids[chunk].tolist()
        pairs = oracle.pairs_of(self.places[chunk], self.window)
        noise = self.kernel.noise(chunk, self.groups)
        return oracle.skipgram_ns_step(
            words, pairs, noise, inputs, outputs, negative=self.negative, rate=rate, radius=radius
        )


def dense(moves, shape):
    """Return steps per word as rows, `(V, d)`."""
    rows = np.zeros(shape)
    for word, move in moves.items():
        rows[word] = move
    return rows


def assert_as_expected(case, chunk, rate):
    """Compare a chunk's loss and gradients with the oracle's; return the oracle's step."""
    wanted = case.expected(chunk, rate)
    loss, inputs, outputs = case.kernel.step(chunk)
    assert loss == pytest.approx(wanted.loss, rel=1e-9)
    np.testing.assert_allclose(inputs / rate, dense(wanted.inputs, inputs.shape) / rate, rtol=0, atol=1e-6)
    np.testing.assert_allclose(outputs / rate, dense(wanted.outputs, outputs.shape) / rate, rtol=0, atol=1e-6)
    return wanted


@pytest.mark.parametrize(("window", "dim", "length"), SHAPES)
def test_agrees_with_the_oracle(window, dim, length):
    case = Case(window, dim, length)
    rate = 1e-3
    weight = case.kernel.plan(case.chunks, rate)
    made = [assert_as_expected(case, chunk, rate) for chunk in range(len(case.chunks))]
    assert weight == pytest.approx(sum(step.weight for step in made), rel=1e-9)
    assert all(
        np.linalg.norm(move) < RADIUS for step in made for move in [*step.inputs.values(), *step.outputs.values()]
    )


def test_the_cases_hold_what_they_are_for():
    case = Case(5, NARROW, 128)
    last, padding = case.places[-1], [place.token is None for place in case.places[-1]]
    assert 0 < sum(padding) < len(last)
    texts = [place.text for place in last if place.token is not None]
    assert len(set(texts)) > 5
    assert np.bincount(case.chunks.ids[0]).max() > 8
    case.kernel.plan(case.chunks, 1.0)
    noise = {word for group in case.kernel.noise(0, case.groups) for word in group}
    own = set(case.chunks.ids[0].tolist())
    assert noise & own
    assert noise - own


@pytest.mark.parametrize(("window", "dim", "length"), [(5, NARROW, 128), (5, WIDE, 64)])
def test_limits_steps_as_the_oracle_does(window, dim, length):
    case = Case(window, dim, length)
    rate = 0.05
    case.kernel.plan(case.chunks, rate)
    wanted = assert_as_expected(case, 0, rate)
    for moves in (wanted.inputs, wanted.outputs):
        lengths = np.array([np.linalg.norm(move) for move in moves.values()])
        assert np.any(np.isclose(lengths, RADIUS))
        assert np.any(lengths < 0.99 * RADIUS)


@pytest.mark.parametrize("negative", [1, 3, 15])
def test_agrees_for_other_numbers_of_noise_words(negative):
    case = Case(3, NARROW, 64, negative=negative)
    case.kernel.plan(case.chunks, 1e-3)
    assert len(case.kernel.noise(0, case.groups)[0]) >= 6 * negative
    assert_as_expected(case, 0, 1e-3)


def test_agrees_where_scores_are_large():
    case = Case(3, NARROW, 64, scale=4.0)
    inputs, outputs = rows_of(case.kernel.tables)
    assert np.abs(inputs @ outputs.T).max() > 40
    case.kernel.plan(case.chunks, 1e-6)
    assert_as_expected(case, 0, 1e-6)


def test_agrees_where_all_tokens_are_the_same_word():
    case = Case(5, NARROW, 64, words=1)
    case.kernel.plan(case.chunks, 1e-4)
    assert_as_expected(case, 0, 1e-4)


def test_agrees_in_every_batch_of_the_same_kernel():
    case = Case(2, NARROW, 64)
    for seed, rate in enumerate((1e-3, 2e-3, 5e-4)):
        case.kernel.plan(case.chunks, rate, seed)
        for chunk in (2, 0):
            assert_as_expected(case, chunk, rate)


def test_single_precision_agrees_too():
    case = Case(5, NARROW, 128, scale=0.5)
    exact = case.kernel
    case.kernel = Kernel(np.ones(60, int), window=5, dim=NARROW, chunk_size=128, dtype=np.float32)
    for rows, wanted in zip(rows_of(case.kernel.tables), rows_of(exact.tables), strict=True):
        rows[:] = wanted
    case.kernel.plan(case.chunks, 0.02)
    wanted = case.expected(0, 0.02)
    loss, inputs, outputs = case.kernel.step(0)
    assert inputs.dtype == outputs.dtype == np.float32
    assert loss == pytest.approx(wanted.loss, rel=1e-5)
    np.testing.assert_allclose(inputs, dense(wanted.inputs, inputs.shape), rtol=0, atol=1e-5)
    np.testing.assert_allclose(outputs, dense(wanted.outputs, outputs.shape), rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    ("window", "dim", "length"), [(1, NARROW, 64), (5, NARROW, 128), (10, NARROW, 128), (5, WIDE, 64)]
)
def test_steps_are_finite_differences_of_the_loss(window, dim, length):
    case, rate, size = Case(window, dim, length), 1e-4, 1e-5
    rng = np.random.default_rng(1)
    case.kernel.plan(case.chunks, rate)
    chunk = len(case.chunks) - 1
    for rows, moves in zip(rows_of(case.kernel.tables), case.kernel.step(chunk)[1:], strict=True):
        for word in range(len(rows)):
            direction = rng.normal(size=dim)
            direction /= np.linalg.norm(direction)
            before, losses = rows[word].copy(), []
            for sign in (1, -1):
                rows[word] = before + sign * size * direction
                losses.append(case.kernel.step(chunk)[0])
            rows[word] = before
            slope = (losses[0] - losses[1]) / (2 * size)
            assert -moves[word] @ direction / rate == pytest.approx(slope, rel=1e-6, abs=1e-6)


def test_words_that_are_not_in_a_chunk_do_not_move():
    case = Case(3, NARROW, 64, words=400)
    case.kernel.plan(case.chunks, 0.05)
    _, inputs, outputs = case.kernel.step(0)
    own = set(case.chunks.ids[0].tolist())
    noise = {word for group in case.kernel.noise(0, case.groups) for word in group}
    assert {int(word) for word in np.flatnonzero(inputs.any(1))} <= own
    assert {int(word) for word in np.flatnonzero(outputs.any(1))} <= own | noise
