"""What chunks_per_step leave for the workers comes to every row once, lane after lane."""

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
    """Return, for each lane, distinct rows and what is to be added to them; some steps are empty."""
    chosen = [rng.permutation(2 * WORDS)[: rng.integers(0, WIDTH + 1)] for _ in range(chunks_per_step)]
    return [(rows, rng.normal(size=(len(rows), DIM)).astype("f4")) for rows in chosen]


def exchanges(chunks_per_step, size):
    memory = private(Exchange.layout(chunks_per_step, size, WIDTH, DIM, "f4"))
    return [Exchange(memory, member) for member in groups(size)]


def put(exchange, lane, rows, more, loss=1.0):
    """Leave a step as a lane does: it is computed in the buffer."""
    buffer = exchange.buffer(lane)
    buffer[: len(rows)] = more
    exchange.put(lane, Step(loss, rows, buffer[: len(rows)]))


@given(size=st.integers(1, 7), chunks_per_step=st.integers(1, 5), seed=st.integers(0, 2**32 - 1), order=st.randoms())
def test_every_row_gets_the_steps_of_all_lanes_in_their_order(size, chunks_per_step, seed, order):
    rng = np.random.default_rng(seed)
    made, left = tables(rng), steps(rng, chunks_per_step)
    wanted = np.concatenate(rows_of(made))
    for rows, more in left:
        wanted[rows] += more
    members = exchanges(chunks_per_step, size)
    for lane in order.sample(range(chunks_per_step), chunks_per_step):  # whoever is first
        put(members[lane % size], lane, *left[lane])
    for member in order.sample(members, size):
        for lane in range(chunks_per_step):
            member.add(lane, made)
    np.testing.assert_array_equal(np.concatenate(rows_of(made)), wanted)


@pytest.mark.parametrize("size", [2, 3, 5])
def test_rows_of_one_line_of_the_cache_are_added_by_one_worker(size):
    """Two workers that write to neighbouring bytes take them from each other again and again."""
    rng = np.random.default_rng(0)
    made = Tables(np.zeros((2 * WORDS, DIM), "f4"))
    members, owner = exchanges(10, size), np.full(2 * WORDS, -1)
    parts = np.array_split(rng.permutation(2 * WORDS), 10)
    for lane, rows in enumerate(parts):
        put(members[0], lane, rows, np.ones((len(rows), DIM), "f4"))
    for index, member in enumerate(members):
        before = np.concatenate(rows_of(made))
        for lane in range(10):
            member.add(lane, made)
        owner[(np.concatenate(rows_of(made)) != before).any(1)] = index
    assert set(owner) == set(range(size))
    lines = owner.reshape(-1, 16)
    assert (lines == lines[:, :1]).all()
    assert (np.concatenate(rows_of(made)) == 1).all()


def test_losses_are_seen_by_all():
    members = exchanges(3, 2)
    for lane, loss in enumerate((0.5, 2.0, 4.0)):
        put(members[lane % 2], lane, *steps(np.random.default_rng(0), 1)[0], loss)
    assert [member.loss.tolist() for member in members] == [[0.5, 2.0, 4.0]] * 2
