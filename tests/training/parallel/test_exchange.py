"""The exchange: every row receives the step of every chunk once, in the order of chunks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_sgns.system.shared_memory import private
from spacy_sgns.training.parallel.exchange import Exchange
from spacy_sgns.training.update.step import Step
from spacy_sgns.training.update.tables import Tables
from tests.training.kernel import rows_of
from tests.training.together import groups

WORDS, WIDTH, DIM = 200, 42, 3


def tables(rng):
    return Tables(rng.normal(size=(2 * WORDS, DIM)).astype("f4"))


def steps(rng, chunks_per_step):
    """Return, for each chunk, distinct rows and their steps; some are empty."""
    chosen = [rng.permutation(2 * WORDS)[: rng.integers(0, WIDTH + 1)] for _ in range(chunks_per_step)]
    return [(rows, rng.normal(size=(len(rows), DIM)).astype("f4")) for rows in chosen]


def exchanges(chunks_per_step, size):
    memory = private(Exchange.layout(chunks_per_step, size, WIDTH, DIM, "f4"))
    return [Exchange(memory, member) for member in groups(size)]


def put(exchange, k, rows, more, loss=1.0):
    """Publish a step that is computed in the buffer of chunk k."""
    buffer = exchange.buffer(k)
    buffer[: len(rows)] = more
    exchange.put(k, Step(loss, rows, buffer[: len(rows)]))


@given(size=st.integers(1, 7), chunks_per_step=st.integers(1, 5), seed=st.integers(0, 2**32 - 1), order=st.randoms())
def test_every_row_gets_the_steps_of_all_chunks_in_their_order(size, chunks_per_step, seed, order):
    rng = np.random.default_rng(seed)
    made, left = tables(rng), steps(rng, chunks_per_step)
    wanted = np.concatenate(rows_of(made))
    for rows, more in left:
        wanted[rows] += more
    members = exchanges(chunks_per_step, size)
    for k in order.sample(range(chunks_per_step), chunks_per_step):  # in any order
        put(members[k % size], k, *left[k])
    for member in order.sample(members, size):
        for k in range(chunks_per_step):
            member.add(k, made)
    np.testing.assert_array_equal(np.concatenate(rows_of(made)), wanted)


@pytest.mark.parametrize("size", [2, 3, 5])
def test_rows_of_one_line_of_the_cache_are_added_by_one_worker(size):
    """Two workers that write to neighbouring bytes take them from each other again and again."""
    rng = np.random.default_rng(0)
    made = Tables(np.zeros((2 * WORDS, DIM), "f4"))
    members, owner = exchanges(10, size), np.full(2 * WORDS, -1)
    parts = np.array_split(rng.permutation(2 * WORDS), 10)
    for k, rows in enumerate(parts):
        put(members[0], k, rows, np.ones((len(rows), DIM), "f4"))
    for index, member in enumerate(members):
        before = np.concatenate(rows_of(made))
        for k in range(10):
            member.add(k, made)
        owner[(np.concatenate(rows_of(made)) != before).any(1)] = index
    assert set(owner) == set(range(size))
    lines = owner.reshape(-1, 16)
    assert (lines == lines[:, :1]).all()
    assert (np.concatenate(rows_of(made)) == 1).all()


def test_losses_are_seen_by_all():
    members = exchanges(3, 2)
    for k, loss in enumerate((0.5, 2.0, 4.0)):
        put(members[k % 2], k, *steps(np.random.default_rng(0), 1)[0], loss)
    assert [member.loss.tolist() for member in members] == [[0.5, 2.0, 4.0]] * 2
