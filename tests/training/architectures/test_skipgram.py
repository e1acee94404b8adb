"""Skip-gram: the pairs of a chunk and their weights."""

import tracemalloc

import numpy as np
import pytest

from spacy_sgns.training.architectures.skipgram import skipgram_v1
from spacy_sgns.training.chunks import cut
from tests.training import oracle
from tests.training.kernel import Kernel


@pytest.mark.parametrize("window", [1, 2, 5, 8, 9, 10, 16, 20])
def test_a_token_weighs_as_much_as_its_pairs(window):
    rng = np.random.default_rng(window)
    length = max(64, 8 * skipgram_v1().block(window))
    ends = np.unique(rng.integers(1, 150, 8))
    chunks = cut(rng.integers(0, 9, 150), ends, window=window, length=length, segment=length // 4, shift=3)
    kernel = Kernel(np.full(9, 5), window=window, dim=2, chunk_size=length).architecture.kernel
    plan = kernel.plan(chunks, 0.025)
    made = plan.weights
    assert made.shape == chunks.ids.shape
    for chunk in range(len(chunks)):
        wanted = np.zeros(length)
        for centre, _, weight in oracle.pairs_by_reach(
            chunks.left[chunk].tolist(), chunks.right[chunk].tolist(), window
        ):
            wanted[centre] += weight
        np.testing.assert_allclose(made[chunk], wanted, rtol=1e-12)
        kernel.forward(plan, chunk)
        assert kernel.weights.sum() == pytest.approx(0.025 * wanted.sum())


@pytest.mark.parametrize("window", [1, 5, 8, 9, 100])
def test_blocks_are_powers_of_two_no_smaller_than_the_window(window):
    block = skipgram_v1().block(window)
    assert block >= window
    assert block & (block - 1) == 0


def test_wide_windows_take_little_memory():
    tracemalloc.start()
    try:
        Kernel(np.full(9, 5), window=50, dim=2, dtype=np.float32)
        assert tracemalloc.get_traced_memory()[1] < 64e6
    finally:
        tracemalloc.stop()
