"""The two tables: their initial values, and rows that are fetched and changed by id."""

import numpy as np
import pytest

from spacy_sgns.system.shared_memory import private
from spacy_sgns.training.update.tables import Tables
from tests.training.kernel import fingerprint, rows_of

WORDS, DIM = 40, 6


def start(seed=0, **kind):
    tables = of_size(WORDS, DIM, **kind)
    tables.start(np.random.default_rng(seed))
    return tables


def of_size(words, dim, dtype=np.float32):
    return Tables(private(Tables.layout(words, dim, dtype))["rows"])


def test_start_as_word2vec_does():
    tables = of_size(2000, 10)
    for rows in rows_of(tables):
        rows[:] = 7
    tables.start(np.random.default_rng(0))
    inputs, outputs = rows_of(tables)
    assert inputs.shape == outputs.shape == (2000, 10)
    assert inputs.dtype == outputs.dtype == np.float32
    assert not outputs.any()
    assert np.abs(inputs).max() <= 0.5 / 10
    assert np.abs(inputs).max() > 0.49 / 10
    assert abs(inputs.mean()) < 1e-3
    assert inputs.std() == pytest.approx(0.1 / 12**0.5, rel=0.02)


def test_the_initial_values_depend_on_the_generator_only():
    assert fingerprint(start(1)) == fingerprint(start(1))
    assert fingerprint(start(1)) != fingerprint(start(2))


def test_double_precision_starts_at_the_same_values():
    single, double = rows_of(start())[0], rows_of(start(dtype=np.float64))[0]
    assert double.dtype == np.float64
    np.testing.assert_allclose(single, double, rtol=1e-6)


def test_rows_are_contiguous():
    for table in (start().inputs, start().outputs):
        assert table.rows.flags.c_contiguous


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("half", ["inputs", "outputs"])
def test_gather_by_id(half, dtype):
    tables, rng = start(dtype=dtype), np.random.default_rng(3)
    table = getattr(tables, half)
    table.rows[:] = rng.normal(size=(WORDS, DIM))
    ids = rng.integers(0, WORDS, 100)
    out = np.empty((100, DIM), dtype)
    table.gather(ids, out)
    np.testing.assert_array_equal(out, table.rows[ids])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_add_to_rows_of_both(dtype):
    tables, rng = start(dtype=dtype), np.random.default_rng(3)
    for rows in rows_of(tables):
        rows[:] = rng.normal(size=(WORDS, DIM))
    wanted = np.concatenate(rows_of(tables))
    for size in (3, 30, 2 * WORDS, 7):
        rows = rng.permutation(2 * WORDS)[:size]
        steps = rng.normal(size=(size, DIM)).astype(dtype)
        wanted[rows] += steps
        tables.add(rows, steps.copy())
        np.testing.assert_array_equal(np.concatenate(rows_of(tables)), wanted)


def test_adding_nothing_changes_nothing():
    tables = start()
    before = fingerprint(tables)
    tables.add(np.zeros(0, np.intp), np.zeros((0, DIM), np.float32))
    assert fingerprint(tables) == before
