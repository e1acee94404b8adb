"""Process groups: any number of workers, however late each of them is, trains the same tables."""

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


def without_times(events):
    """Return the events of batches and epochs without their times."""
    chosen = [event for event in events if isinstance(event, BatchDone | EpochEnd)]
    return [replace(e, seconds=0, **({"words_per_second": 0} if isinstance(e, EpochEnd) else {})) for e in chosen]


def run(corpus, chosen, size, dawdling=0.0):
    """Return the bytes of the tables and the events."""
    events = []
    tables = trained_together(corpus, chosen, groups(size, dawdling), [events.append])
    return fingerprint(tables), without_times(events)


@pytest.fixture
def small_portions(monkeypatch):
    """Batches of 2 steps, and a corpus of three shards; the last batch and the last step are not full."""
    monkeypatch.setattr(trainer, "BATCH", 2)
    corpus = topics(texts=120, length=37, words=40)
    corpus.shard = 1500
    return corpus


THINNED = replace(SMALL, subsample=0.002, epochs=3)


@pytest.mark.parametrize("chunks_per_step", [2, 3, 5])
def test_any_number_of_workers_makes_the_same_tables_and_events(small_portions, chunks_per_step):
    chosen = replace(THINNED, chunks_per_step=chunks_per_step)
    alone = run(small_portions, chosen, 1)
    assert len(alone[1]) >= 3 * (3 * 2 + 1)  # in each epoch three shards of two batches or more, and its end
    for size in (2, 3, 5):
        assert run(small_portions, chosen, size) == alone


def test_workers_may_be_late(small_portions):
    """No worker may write what another still reads: delays would show it."""
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
def test_any_corpus_chunks_per_step_and_workers(texts, chunks_per_step, size, shard):
    """Including more workers than chunks in a step, steps larger than the corpus, and shards of a single word."""
    corpus = MemoryCorpus([np.array([*text, 31]) for text in texts], shard=max(shard, sum(map(len, texts)) // 8))
    chosen = replace(SMALL, chunks_per_step=chunks_per_step, dim=4)
    assert run(corpus, chosen, size) == run(corpus, chosen, 1)


def test_each_chunk_of_a_step_has_one_rank():
    for size in range(1, 9):
        shares = [chunks_of_rank(member, 6) for member in groups(size)]
        assert sorted(k for share in shares for k in share) == list(range(6))
        assert max(map(len, shares)) - min(map(len, shares)) <= 1
    assert list(chunks_of_rank(SingleProcess(), 3)) == [0, 1, 2]


@pytest.fixture
def group_of_three():
    """A coordinator and two members over real pipes, the channels of the members, and all pipes."""
    pipes = [[os.pipe() for _ in range(2)] for _ in range(2)]
    here = [Channel(up[0], down[1]) for up, down in pipes]
    there = [Channel(down[0], up[1]) for up, down in pipes]
    yield Coordinator(here), [Member(channel, rank, 3) for rank, channel in enumerate(there, 1)], there, pipes
    for end in {end for both in pipes for pipe in both for end in pipe}:
        with suppress(OSError):  # a test has closed it
            os.close(end)


def test_ranks_and_sizes_include_the_coordinator(group_of_three):
    coordinator, members, *_ = group_of_three
    assert [(member.rank, member.size) for member in (coordinator, *members)] == [(0, 3), (1, 3), (2, 3)]


def test_no_worker_passes_the_barrier_before_all_have_reached_it(group_of_three):
    coordinator, members, *_ = group_of_three
    came, seen = np.zeros((3, 200), int), np.zeros((3, 200), int)

    def walk(member):
        for step in range(200):
            came[member.rank, step] = 1
            member.barrier()
            seen[member.rank, step] = came[:, step].sum()

    in_threads(*(partial(walk, member) for member in (coordinator, *members)))
    assert (seen == 3).all()


@pytest.mark.parametrize("who", [0, 1])
def test_a_waiting_coordinator_raises_when_a_member_exits(group_of_three, who):
    coordinator, _, there, pipes = group_of_three
    (_, up), (down, _) = pipes[who]

    def leave():
        os.close(up)
        os.close(down)

    there[1 - who].send()
    with pytest.raises(PeerExited):
        in_threads(coordinator.barrier, leave)


def test_a_waiting_member_raises_when_the_coordinator_exits(group_of_three):
    _, members, _, pipes = group_of_three
    (up, _), (_, down) = pipes[0]

    def leave():
        os.close(up)
        os.close(down)

    with pytest.raises(PeerExited):
        in_threads(members[0].barrier, leave)
