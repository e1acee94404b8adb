"""What lanes leave for the workers comes to every row once, lane after lane."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from together import crews

from spacy_sgns.training.exchange import Exchange
from spacy_sgns.training.lane import Step
from spacy_sgns.training.memory import private
from spacy_sgns.training.tables import Tables

WORDS, LENGTH, EXTRA, DIM = 200, 30, 12, 3


def tables(rng):
    return Tables(*rng.normal(size=(2, WORDS, DIM)).astype("f4"))


def steps(rng, lanes):
    """Return, for each lane, distinct ids and their rows on both sides; some steps are empty."""
    sizes = rng.integers(0, [LENGTH + 1, LENGTH + EXTRA + 1], (lanes, 2)).tolist()
    both = [[rng.permutation(WORDS)[:n] for n in pair] for pair in sizes]
    return [[(ids, rng.normal(size=(len(ids), DIM)).astype("f4")) for ids in pair] for pair in both]


def exchanges(lanes, size):
    memory = private(Exchange.layout(lanes, size, LENGTH, EXTRA, DIM, "f4"))
    return [Exchange(memory, member) for member in crews(size)]


def put(exchange, lane, pair, loss=1.0):
    """Leave a step as a lane does: its rows are computed in the buffers."""
    rows = []
    for buffer, (ids, own) in zip(exchange.buffers(lane), pair, strict=True):
        buffer[: len(ids)] = own
        rows.append(buffer[: len(ids)])
    exchange.put(lane, Step(loss, pair[0][0], rows[0], pair[1][0], rows[1]))


@given(size=st.integers(1, 7), lanes=st.integers(1, 5), seed=st.integers(0, 2**32 - 1), order=st.randoms())
def test_every_row_gets_the_steps_of_all_lanes_in_their_order(size, lanes, seed, order):
    rng = np.random.default_rng(seed)
    made, left = tables(rng), steps(rng, lanes)
    wanted = [made.inputs.rows.copy(), made.outputs.rows.copy()]
    for pair in left:
        for rows, (ids, more) in zip(wanted, pair, strict=True):
            rows[ids] += more
    members = exchanges(lanes, size)
    for lane in order.sample(range(lanes), lanes):  # whoever is first
        put(members[lane % size], lane, left[lane])
    for member in order.sample(members, size):
        for lane in range(lanes):
            member.add(lane, made)
    np.testing.assert_array_equal(made.inputs.rows, wanted[0])
    np.testing.assert_array_equal(made.outputs.rows, wanted[1])


@pytest.mark.parametrize("size", [2, 3, 5])
def test_rows_of_one_line_of_the_cache_are_added_by_one_worker(size):
    """Two workers that write to neighbouring bytes take them from each other again and again."""
    rng = np.random.default_rng(0)
    made = Tables(np.zeros((WORDS, DIM), "f4"), np.zeros((WORDS, DIM), "f4"))
    members, owner = exchanges(7, size), np.full(WORDS, -1)
    parts = np.array_split(rng.permutation(WORDS), 7)
    for lane, ids in enumerate(parts):
        put(members[0], lane, [(ids, np.ones((len(ids), DIM), "f4"))] * 2)
    for index, member in enumerate(members):
        before = made.inputs.rows.copy()
        for lane in range(7):
            member.add(lane, made)
        owner[(made.inputs.rows != before).any(1)] = index
    assert set(owner) == set(range(size))
    whole = owner[: WORDS // 16 * 16].reshape(-1, 16)
    assert (whole == whole[:, :1]).all()
    assert (made.inputs.rows == 1).all() and (made.outputs.rows == 1).all()


def test_losses_are_seen_by_all():
    members = exchanges(3, 2)
    for lane, loss in enumerate((0.5, 2.0, 4.0)):
        put(members[lane % 2], lane, steps(np.random.default_rng(0), 1)[0], loss)
    assert [member.loss.tolist() for member in members] == [[0.5, 2.0, 4.0]] * 2
