"""Any number of workers, however late each of them is, makes the same tables."""

import os
from contextlib import suppress
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_sgns.system.processes import Channel, PeerExited
from spacy_sgns.training import trainer
from spacy_sgns.training.events import BatchDone, EpochEnd
from spacy_sgns.training.parallel.process_group import Coordinator, Member, SingleProcess, chunks_of_rank
from tests.training.kernel import SMALL, MemoryCorpus, fingerprint, topics
from tests.training.together import groups, in_threads, trained_together


def heard(events):
    """Return what events say, but for time."""
    told = [event for event in events if isinstance(event, BatchDone | EpochEnd)]
    return [replace(e, seconds=0, **({"words_per_second": 0} if isinstance(e, EpochEnd) else {})) for e in told]


def run(corpus, chosen, size, dawdling=0.0):
    """Return the bytes of the tables and what was told."""
    events = []
    tables = trained_together(corpus, chosen, groups(size, dawdling), [events.append])
    return fingerprint(tables), heard(events)


@pytest.fixture
def small_portions(monkeypatch):
    """Batches of 2 chunks a lane, and a corpus of three shards; the last batch and the last step are not full."""
    monkeypatch.setattr(trainer, "BATCH", 2)
    corpus = topics(texts=120, length=37, words=40)
    corpus.shard = 1500
    return corpus


THINNED = replace(SMALL, subsample=0.002, epochs=3)


@pytest.mark.parametrize("chunks_per_step", [2, 3, 5])
def test_any_number_of_workers_makes_the_same_tables_and_tells_the_same(small_portions, chunks_per_step):
    chosen = replace(THINNED, chunks_per_step=chunks_per_step)
    alone = run(small_portions, chosen, 1)
    assert len(alone[1]) >= 3 * (3 * 2 + 1)  # in each epoch three shards of two batches or more, and its end
    for size in (2, 3, 5):
        assert run(small_portions, chosen, size) == alone


def test_workers_may_be_late(small_portions):
    """What one reads, another one must not write meanwhile: that would show as soon as they are out of step."""
    chosen = replace(THINNED, chunks_per_step=5, epochs=1)
    alone = run(small_portions, chosen, 1)
    for size in (2, 3):
        assert run(small_portions, chosen, size, dawdling=0.004) == alone


@given(
    texts=st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=80), min_size=1, max_size=40),
    chunks_per_step=st.integers(1, 6),
    size=st.integers(2, 7),
    shard=st.integers(1, 600),
)
@settings(max_examples=25)
def test_any_corpus_lanes_and_workers(texts, chunks_per_step, size, shard):
    """Also more workers than chunks_per_step, more chunks_per_step than chunks, shards of a single word."""
    corpus = MemoryCorpus([np.array([*text, 31]) for text in texts], shard=max(shard, sum(map(len, texts)) // 8))
    chosen = replace(SMALL, chunks_per_step=chunks_per_step, dim=4)
    assert run(corpus, chosen, size) == run(corpus, chosen, 1)


def test_lanes_are_shared_out_each_to_one():
    for size in range(1, 9):
        shares = [chunks_of_rank(member, 6) for member in groups(size)]
        assert sorted(lane for share in shares for lane in share) == list(range(6))
        assert max(map(len, shares)) - min(map(len, shares)) <= 1
    assert list(chunks_of_rank(SingleProcess(), 3)) == [0, 1, 2]


@pytest.fixture
def company():
    """A leader and two followers, each with the channel that it speaks through, over real pipes; and all pipes."""
    pipes = [[os.pipe() for _ in range(2)] for _ in range(2)]
    here = [Channel(up[0], down[1]) for up, down in pipes]
    there = [Channel(down[0], up[1]) for up, down in pipes]
    yield Coordinator(here), [Member(channel, rank, 3) for rank, channel in enumerate(there, 1)], there, pipes
    for end in {end for both in pipes for pipe in both for end in pipe}:
        with suppress(OSError):  # a test has closed it
            os.close(end)


def test_a_leader_counts_itself(company):
    leader, followers, *_ = company
    assert [(member.rank, member.size) for member in (leader, *followers)] == [(0, 3), (1, 3), (2, 3)]


def test_nobody_goes_on_before_all_have_come(company):
    leader, followers, *_ = company
    came, seen = np.zeros((3, 200), int), np.zeros((3, 200), int)

    def walk(member):
        for step in range(200):
            came[member.rank, step] = 1
            member.barrier()
            seen[member.rank, step] = came[:, step].sum()

    in_threads(*(partial(walk, member) for member in (leader, *followers)))
    assert (seen == 3).all()


@pytest.mark.parametrize("who", [0, 1])
def test_a_leader_that_waits_hears_that_a_follower_is_gone(company, who):
    leader, _, there, pipes = company
    (_, up), (down, _) = pipes[who]

    def leave():
        os.close(up)
        os.close(down)

    there[1 - who].send()
    with pytest.raises(PeerExited):
        in_threads(leader.barrier, leave)


def test_a_follower_that_waits_hears_that_the_leader_is_gone(company):
    _, followers, _, pipes = company
    (up, _), (_, down) = pipes[0]

    def leave():
        os.close(up)
        os.close(down)

    with pytest.raises(PeerExited):
        in_threads(followers[0].barrier, leave)
