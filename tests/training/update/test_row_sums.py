"""Sums of rows by word, against the naive reference; the rows are whole numbers, so that results are equal exactly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_sgns.training.update.row_sums import ROUNDS, plan_row_sums
from tests.training.oracle import row_sums

DIM = 3


def check(ids):
    """Compare the sums of each chunk of ids, `(chunks, T)`, with the reference and with `np.add.at`."""
    length = ids.shape[1]
    rows = np.random.default_rng(0).integers(-1000, 1000, (*ids.shape, DIM)).astype(np.float64)
    sums, spare = np.empty((length, DIM)), np.empty((length, DIM))
    plans = plan_row_sums(ids)
    assert len(plans) == len(ids)
    for chunk, plan in enumerate(plans):
        words, of = np.unique(ids[chunk], return_inverse=True)
        wanted = np.zeros((len(words), DIM))
        np.add.at(wanted, of, rows[chunk])
        made = plan.into(sums, rows[chunk], spare)
        order = np.argsort(plan.ids)
        np.testing.assert_array_equal(plan.ids[order], words)
        np.testing.assert_array_equal(made[order], wanted)
        assert dict(zip(plan.ids.tolist(), made.tolist(), strict=True)) == row_sums(ids[chunk].tolist(), rows[chunk])


@settings(max_examples=80)
@given(
    chunks=st.integers(1, 5),
    length=st.integers(1, 150),
    words=st.sampled_from([1, 2, 3, 20, 500]),
    skew=st.sampled_from([1.0, 4.0]),
    seed=st.integers(0, 2**32 - 1),
    kind=st.sampled_from([np.int32, np.int64, np.intp]),
)
def test_equals_adding_row_by_row(chunks, length, words, skew, seed, kind):
    draw = np.random.default_rng(seed).random((chunks, length))
    check((words * draw**skew).astype(kind))


@pytest.mark.parametrize("times", [1, ROUNDS - 1, ROUNDS, ROUNDS + 1, 3 * ROUNDS])
def test_counts_occurrences_beyond_the_rounds(times):
    ids = np.concatenate((np.full(times, 7), np.full(times, 3), np.arange(10, 20)))
    np.random.default_rng(1).shuffle(ids)
    check(np.stack((ids, np.full(len(ids), 5), np.arange(len(ids)))))


@pytest.mark.parametrize("largest", [(1 << 24) - 2, (1 << 24) - 1, 1 << 24, (1 << 31) - 1, 1 << 40])
@pytest.mark.parametrize("length", [128, 129])
def test_ids_may_be_too_large_for_packed_keys_of_32_bits(largest, length):
    draw = np.random.default_rng(2).integers(0, 30, (3, length))
    check(largest - draw)


def test_many_chunks_at_once():
    check(np.random.default_rng(3).integers(0, 3, (4000, 4)))


def test_the_sums_of_a_chunk_do_not_depend_on_other_chunks():
    rng = np.random.default_rng(4)
    ids, rows = rng.integers(0, 9, (6, 200)), rng.normal(size=(200, DIM)).astype(np.float32)
    spare = np.empty_like(rows)
    together = plan_row_sums(ids)[2].into(np.empty_like(rows), rows, spare)
    alone = plan_row_sums(ids[2:3])[0].into(np.empty_like(rows), rows, spare)
    assert together.tobytes() == alone.tobytes()
