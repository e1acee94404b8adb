"""Chunks of a shard: every token once, no window across texts, segments far apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_sgns.training.chunks import Chunks, cut, keep_probability, subsampled
from tests.training import oracle


@st.composite
def shards(draw):
    """Draw ids, ends of texts and the arguments of `cut`."""
    tokens = draw(st.integers(1, 300))
    ends = draw(st.lists(st.integers(0, tokens), max_size=25))
    segment = draw(st.sampled_from([8, 16, 32]))
    length = segment * draw(st.sampled_from([1, 2, 4]))
    words = np.random.default_rng(draw(st.integers(0, 1000))).integers(0, 50, tokens).astype(np.int32)
    shift = draw(st.integers(0, segment - 1))
    return words, np.array(sorted(ends), np.int64), {"length": length, "segment": segment, "shift": shift}


def brute_reach(row, at, step, window):
    """Return the number of tokens from `at` in direction `step` in the same text and segment, at most `window`."""
    reach = 0
    while reach < window and 0 <= at + step * (reach + 1) < len(row):
        here, there = row[at + step * reach], row[at + step * (reach + 1)]
        if here.token is None or there.token != here.token + step or here[1:] != there[1:]:
            break
        reach += 1
    return reach


@settings(max_examples=80)
@given(shards(), st.integers(1, 12))
def test_cut_keeps_every_token_and_reaches_as_far_as_its_text(shard, window):
    ids, ends, how = shard
    chunks = cut(ids, ends, window=window, **how)
    rows = oracle.chunk_tokens(len(ids), ends.tolist(), **how)
    assert chunks.ids.shape == chunks.left.shape == chunks.right.shape == (len(rows), how["length"])
    tokens = sorted(origin.token for row in rows for origin in row if origin.token is not None)
    assert tokens == list(range(len(ids)))
    for c, row in enumerate(rows):
        for t, origin in enumerate(row):
            if origin.token is not None:
                assert chunks.ids[c, t] == ids[origin.token]
            assert chunks.left[c, t] == brute_reach(row, t, -1, window)
            assert chunks.right[c, t] == brute_reach(row, t, 1, window)


@settings(max_examples=40)
@given(shards(), st.integers(1, 12))
def test_padding_repeats_words_of_the_shard(shard, window):
    ids, ends, how = shard
    assert set(cut(ids, ends, window=window, **how).ids.ravel().tolist()) <= set(ids.tolist())


def test_cut_by_hand():
    ids = np.arange(10, 20, dtype=np.int32)
    chunks = cut(ids, np.array([3, 10]), window=2, length=8, segment=4, shift=1)
    assert chunks.ids[0, 1:].tolist() == [10, 11, 12, 17, 18, 19, chunks.ids[0, 7]]
    assert chunks.ids[1, :4].tolist() == [13, 14, 15, 16]
    assert chunks.left.tolist() == [[0, 0, 1, 2, 0, 1, 2, 0], [0, 1, 2, 2, 0, 0, 0, 0]]
    assert chunks.right.tolist() == [[0, 2, 1, 0, 2, 1, 0, 0], [2, 2, 1, 0, 0, 0, 0, 0]]


def test_segments_of_a_chunk_lie_far_apart():
    tokens, length, segment = 1000, 64, 16
    chunks = cut(np.arange(tokens), np.array([tokens]), window=3, length=length, segment=segment, shift=0)
    first = chunks.ids[: tokens // length, ::segment]
    gaps = np.diff(first[:, :-1].astype(int), axis=1)
    assert set(gaps.ravel().tolist()) == {segment * len(chunks)}


def test_shift_moves_the_cuts():
    ids, how = np.arange(100), {"window": 4, "length": 32, "segment": 16}
    cuts = []
    for shift in (0, 5):
        chunks = cut(ids, np.array([100]), shift=shift, **how)
        alone = (chunks.left == 0) & (chunks.right > 0)
        cuts.append(sorted(chunks.ids[alone].tolist()))
    assert cuts == [[0, 16, 32, 48, 64, 80, 96], [0, 11, 27, 43, 59, 75, 91]]


@pytest.mark.parametrize("shift", [0, 3])
def test_a_shard_without_kept_tokens_has_no_pairs(shift):
    nothing = np.zeros(0, np.int32)
    chunks = cut(nothing, np.zeros(1, np.int64), window=5, length=64, segment=64, shift=shift)
    assert not chunks.left.any()
    assert not chunks.right.any()


def test_batches_hold_all_chunks_in_order():
    chunks = Chunks(*(np.arange(14).reshape(7, 2) + k for k in range(3)))
    batches = list(chunks.batches(3))
    assert [len(batch) for batch in batches] == [3, 3, 1]
    for name in ("ids", "left", "right"):
        np.testing.assert_array_equal(np.concatenate([getattr(b, name) for b in batches]), getattr(chunks, name))


def test_keep_probability_is_that_of_word2vec():
    counts, t = np.array([1, 10, 1000, 50_000, 1_000_000]), 1e-4
    total = sum(counts.tolist())
    for keep, count in zip(keep_probability(counts, t), counts.tolist(), strict=True):
        threshold = t * total  # as word2vec.c writes it
        assert keep == pytest.approx(min(1, ((count / threshold) ** 0.5 + 1) * threshold / count), rel=1e-6)


def test_without_subsampling_every_token_is_kept():
    counts = np.array([1, 10**9])
    keep = keep_probability(counts, 0.0)
    assert keep.tolist() == [1, 1]
    ids, ends = np.array([1, 0, 1, 1]), np.array([2, 4])
    left, at = subsampled(ids, ends, keep, np.random.default_rng(0))
    assert left.tolist() == ids.tolist()
    assert at.tolist() == ends.tolist()


@settings(max_examples=40)
@given(shards(), st.integers(0, 99))
def test_subsampled_tokens_stay_in_order_and_in_their_texts(shard, seed):
    ids, ends, _ = shard
    numbers = np.arange(len(ids))
    keep = np.random.default_rng(seed).random(len(ids)).astype(np.float32)
    left, at = subsampled(numbers, ends, keep, np.random.default_rng(seed))
    assert left.tolist() == sorted(set(left.tolist()))
    assert at.tolist() == [sum(1 for number in left if number < end) for end in ends]


def test_words_are_kept_as_often_as_their_chance_says():
    keep = np.array([0.0, 0.1, 0.5, 0.9, 1.0], np.float32)
    ids = np.tile(np.arange(5), 20_000)
    left, _ = subsampled(ids, np.array([len(ids)]), keep, np.random.default_rng(5))
    np.testing.assert_allclose(np.bincount(left, minlength=5) / 20_000, keep, atol=0.015)
    assert not (left == 0).any()
    assert (left == 4).sum() == 20_000


def test_subsampling_is_redrawn():
    ids, ends, keep = np.zeros(200, int), np.array([200]), np.array([0.5], np.float32)
    rng = np.random.default_rng(6)
    a, b = (subsampled(np.arange(200), ends, np.full(200, 0.5), rng)[0].tolist() for _ in range(2))
    assert a != b
    again = subsampled(np.arange(200), ends, np.full(200, 0.5), np.random.default_rng(6))[0].tolist()
    assert again == a
    assert 60 < len(subsampled(ids, ends, keep, rng)[0]) < 140
