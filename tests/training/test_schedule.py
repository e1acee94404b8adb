"""The rules behind "auto" depend on the corpus and the settings, never on the machine."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_sgns.settings import Settings
from spacy_sgns.training import schedule
from spacy_sgns.training.schedule import linear_decay, resolve_auto

SIZES = [1, 50, 1000, 26_000, 200_000, 1_000_000, 4_000_000, 17_000_000, 10**9, 10**12]
DIMS = [1, 50, 100, 300, 1000, 4096]
AUTO = ("epochs", "learning_rate", "chunk_size", "chunks_per_step")
tokens = st.integers(0, 10**13)


def chosen_for(size, **given):
    return resolve_auto(Settings(**given), size)


@given(tokens, st.integers(1, 4096))
def test_what_is_chosen_is_within_range(size, dim):
    settled = chosen_for(size, dim=dim)  # the settings check their ranges themselves
    assert 5 <= settled.epochs <= 200
    assert 0.01 <= settled.learning_rate <= 0.1
    assert 1 <= settled.chunks_per_step <= 16
    assert 64 <= settled.chunk_size <= 4096
    assert settled.chunk_size & (settled.chunk_size - 1) == 0


@given(tokens, tokens, st.sampled_from(DIMS))
def test_larger_corpora_get_fewer_epochs_and_larger_portions(a, b, dim):
    small, large = (chosen_for(size, dim=dim) for size in sorted((a, b)))
    assert small.epochs >= large.epochs
    assert small.learning_rate <= large.learning_rate
    assert small.chunks_per_step <= large.chunks_per_step
    assert small.chunk_size <= large.chunk_size


@given(tokens)
def test_wider_rows_get_smaller_chunks(size):
    sizes = [chosen_for(size, dim=dim).chunk_size for dim in DIMS]
    assert sizes == sorted(sizes, reverse=True)


def test_small_corpora_get_many_small_steps_and_large_ones_few_epochs():
    small, large, huge = (chosen_for(size) for size in (26_000, 17_000_000, 10**12))
    assert small.epochs >= 30
    assert large.epochs == huge.epochs == 5
    assert (small.chunks_per_step, large.chunks_per_step) == (1, 2)
    assert small.chunk_size * 64 <= 26_000
    assert small.learning_rate < large.learning_rate


@given(tokens, st.integers(1, 1000), st.integers(1, 1000))
def test_fewer_epochs_never_lower_the_rate(size, a, b):
    few, many = sorted((a, b))
    assert chosen_for(size, epochs=few).learning_rate >= chosen_for(size, epochs=many).learning_rate


def test_the_machine_has_no_influence(monkeypatch):
    chosen = [resolve_auto(Settings(), size) for size in SIZES]

    def asked(*args, **kwargs):
        raise AssertionError("the schedule asked about the machine")

    for name in ("cpu_count", "sched_getaffinity", "getloadavg", "process_cpu_count", "sysconf"):
        monkeypatch.setattr(os, name, asked, raising=False)
    assert [resolve_auto(Settings(), size) for size in SIZES] == chosen
    assert not {"os", "platform", "multiprocessing", "psutil"} & vars(schedule).keys()


@pytest.mark.parametrize("name", AUTO)
@pytest.mark.parametrize("size", [100, 10**9])
def test_given_values_stay(name, size):
    given_value = {"epochs": 7, "learning_rate": 0.011, "chunk_size": 512, "chunks_per_step": 9}[name]
    settled = resolve_auto(Settings(dim=30, **{name: given_value}), size)
    assert getattr(settled, name) == given_value
    apart = {name, "learning_rate"}  # depends on the given epochs
    others = {other: getattr(settled, other) for other in AUTO if other not in apart}
    assert "auto" not in {getattr(settled, other) for other in AUTO}
    assert others == {other: getattr(resolve_auto(Settings(dim=30), size), other) for other in others}
    assert settled.dim == 30


@given(st.floats(1e-6, 1), st.floats(0, 1), st.floats(0, 1))
def test_the_rate_falls_in_a_line_to_almost_nothing(rate, a, b):
    a, b = sorted((a, b))
    assert linear_decay(rate, 0) == rate
    assert rate >= linear_decay(rate, a) >= linear_decay(rate, b) > 0
    assert linear_decay(rate, a) == pytest.approx(max(rate * (1 - a), 1e-4 * rate))
    assert linear_decay(rate, 1) <= 1e-3 * rate
