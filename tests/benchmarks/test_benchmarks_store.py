"""Nothing is measured twice, and an interruption costs one measurement at most."""

import json

import pytest
from store import Store


def test_what_is_added_is_found_by_a_later_run(tmp_path):
    Store(tmp_path / "r.jsonl").add({"key": {"tool": "a", "cores": (0, 1)}, "seconds": 1})
    assert Store(tmp_path / "r.jsonl").find({"cores": (0, 1), "tool": "a"})["seconds"] == 1


@pytest.mark.parametrize("other", [{"tool": "b", "dim": 1}, {"tool": "a", "dim": 2}, {"tool": "a"}])
def test_another_key_is_not_found(tmp_path, other):
    store = Store(tmp_path / "r.jsonl")
    store.add({"key": {"tool": "a", "dim": 1}})
    assert store.find(other) is None


def test_the_newest_with_all_that_is_wanted(tmp_path):
    store = Store(tmp_path / "r.jsonl")
    for result in ({"n": 1, "scores": 1}, {"n": 2, "scores": 2}, {"n": 3}):
        store.add({"key": {}, **result})
    assert store.find({})["n"] == 3
    assert store.find({}, "scores")["n"] == 2
    assert store.find({}, "scores", "peak") is None


def test_new_are_those_of_this_run(tmp_path):
    Store(tmp_path / "r.jsonl").add({"key": {}, "n": 1})
    store = Store(tmp_path / "r.jsonl")
    assert store.find({}, new=True) is None
    store.add({"key": {}, "n": 2})
    assert store.find({}, new=True)["n"] == 2


@pytest.mark.parametrize("before", ["", '{"key": {"a": 1}}\n'])
def test_half_a_line_is_forgotten(tmp_path, before):
    path = tmp_path / "r.jsonl"
    path.write_text(before + '{"key": {"a": 2', encoding="utf8")
    store = Store(path)
    assert (store.find({"a": 1}) is None) == (not before)
    store.add({"key": {"a": 3}})
    assert [json.loads(line)["key"]["a"] for line in path.read_text().splitlines()][-1] == 3
    assert len(path.read_text().splitlines()) == 1 + bool(before)
