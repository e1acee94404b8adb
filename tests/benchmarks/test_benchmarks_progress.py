"""The speed of a program from what it says."""

import sys

import pytest
from progress import listen, own_speed, seconds_for_all


def test_from_the_first_report_to_the_last_and_none_of_what_is_around():
    said = [
        (0, b"Vocab size: 9\n"),
        (10, b"\rProgress: 10.00%"),
        (12, b"\rProgress: 60"),
        (20, b".00%"),
        (99, b" done"),
    ]
    assert seconds_for_all(said) == pytest.approx((20 - 10) / 0.5)
    said[3:] = [(20, b".00%\rProgress: 90.00%"), (99, b" done")]
    assert seconds_for_all(said) == pytest.approx((20 - 10) / 0.8)


@pytest.mark.parametrize("said", [[], [(0, b"Progress: 100.0%")], [(0, b"Progress: 1%"), (9, b"Progress: 50%")]])
def test_too_little_was_told(said):
    with pytest.raises(RuntimeError, match="take more tokens"):
        seconds_for_all(said)


def test_own_speed_is_the_last_and_of_all_threads():
    said = [(0, b"words/sec/thread:    10 lr\rwords/sec/thr"), (1, b"ead:  300 lr")]
    assert own_speed(said, 2) == 600
    with pytest.raises(RuntimeError, match="No speed"):
        own_speed([(0, b"words/sec/thread: 0")], 2)


def test_both_outputs_are_heard_in_the_folder(tmp_path):
    program = "import os, sys; print(os.listdir(), flush=True); print('bad', file=sys.stderr)"
    (tmp_path / "here").touch()
    assert b"".join(part for _, part in listen([sys.executable, "-c", program], tmp_path)).split() == [
        b"['here']",
        b"bad",
    ]


def test_a_program_that_fails_is_quoted(tmp_path):
    with pytest.raises(RuntimeError, match=r"ended with 3.*no corpus"):
        listen([sys.executable, "-c", "print('no corpus'); exit(3)"], tmp_path)
