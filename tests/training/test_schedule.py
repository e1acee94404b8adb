"""The rules behind "auto": of the corpus and the settings, never of the machine."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_sgns.settings import Settings
from spacy_sgns.training import schedule
from spacy_sgns.training.schedule import chunk_size_for, decayed, epochs_for, lanes_for, learning_rate_for, settle

SIZES = [1, 50, 1000, 26_000, 200_000, 1_000_000, 4_000_000, 17_000_000, 10**9, 10**12]
DIMS = [1, 50, 100, 300, 1000, 4096]
AUTO = ("epochs", "learning_rate", "chunk_size", "lanes")
tokens = st.integers(0, 10**13)


@given(tokens, st.integers(1, 4096))
def test_what_is_chosen_is_within_range(size, dim):
    settled = settle(Settings(dim=dim), size)  # the settings check their ranges themselves
    assert 5 <= settled.epochs <= 100
    assert 0.01 <= settled.learning_rate <= 0.1
    assert 1 <= settled.lanes <= 16
    assert 64 <= settled.chunk_size <= 4096
    assert settled.chunk_size & (settled.chunk_size - 1) == 0


@given(tokens, tokens)
def test_larger_corpora_get_fewer_epochs_and_larger_portions(a, b):
    a, b = sorted((a, b))
    assert epochs_for(a) >= epochs_for(b)
    assert lanes_for(a) <= lanes_for(b)
    for dim in DIMS:
        assert chunk_size_for(a, dim) <= chunk_size_for(b, dim)


@given(tokens)
def test_wider_rows_get_smaller_chunks(size):
    sizes = [chunk_size_for(size, dim) for dim in DIMS]
    assert sizes == sorted(sizes, reverse=True)


def test_small_corpora_get_many_epochs_and_small_steps_and_large_ones_few():
    assert epochs_for(26_000) >= 30
    assert epochs_for(17_000_000) == epochs_for(10**12) == 5
    assert lanes_for(26_000) == 1
    assert chunk_size_for(26_000, 100) * 64 <= 26_000
    assert learning_rate_for(26_000) != learning_rate_for(17_000_000)


def test_the_machine_has_no_say(monkeypatch):
    chosen = [settle(Settings(), size) for size in SIZES]

    def asked(*args, **kwargs):
        raise AssertionError("the schedule asked about the machine")

    for name in ("cpu_count", "sched_getaffinity", "getloadavg", "process_cpu_count", "sysconf"):
        monkeypatch.setattr(os, name, asked, raising=False)
    assert [settle(Settings(), size) for size in SIZES] == chosen
    assert not {"os", "platform", "multiprocessing", "psutil"} & vars(schedule).keys()


@pytest.mark.parametrize("name", AUTO)
@pytest.mark.parametrize("size", [100, 10**9])
def test_given_values_stay(name, size):
    given_value = {"epochs": 7, "learning_rate": 0.011, "chunk_size": 512, "lanes": 9}[name]
    settled = settle(Settings(dim=30, **{name: given_value}), size)
    assert getattr(settled, name) == given_value
    others = {other: getattr(settled, other) for other in AUTO if other != name}
    assert "auto" not in others.values()
    assert others == {other: getattr(settle(Settings(dim=30), size), other) for other in others}
    assert settled.dim == 30


@given(st.floats(1e-6, 1), st.floats(0, 1), st.floats(0, 1))
def test_the_rate_falls_in_a_line_to_almost_nothing(rate, a, b):
    a, b = sorted((a, b))
    assert decayed(rate, 0) == rate
    assert rate >= decayed(rate, a) >= decayed(rate, b) > 0
    assert decayed(rate, a) == pytest.approx(max(rate * (1 - a), 1e-4 * rate))
    assert decayed(rate, 1) <= 1e-3 * rate
