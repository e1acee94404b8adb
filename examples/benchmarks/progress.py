"""Measure the speed of a program from the times of its progress reports."""

import os
import re
import subprocess
import time
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

PERCENT = re.compile(rb"Progress:\s*([\d.]+)%")
OWN_SPEED = re.compile(rb"words/sec/thread:\s*(\d+)")
Said = list[tuple[float, bytes]]  # when, and what


def listen(command: Sequence[str], folder: Path) -> Said:
    """Run a program in a folder; return its output with times. Raises RuntimeError if it fails."""
    said: Said = []
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0) as process:
        assert process.stdout
        while part := os.read(process.stdout.fileno(), 1 << 16):
            said.append((time.perf_counter(), part))
    if process.returncode:
        raise RuntimeError(
            f"{command[0]} ended with {process.returncode}: {_text(said)[-1000:].decode(errors='replace')}"
        )
    return said


def seconds_for_all(said: Said) -> float:
    """Return the seconds that the program would take from 0 to 100 %, by its first report of progress and its last.

    So neither its start, nor reading the vocabulary, nor writing is counted. Raises RuntimeError if it told too little.
    """
    text, ends = _text(said), list(accumulate(len(part) for _, part in said))
    found = PERCENT.finditer(text)  # a report may come in several parts: it is there when the last of them is
    reports = [(said[bisect_left(ends, report.end())][0], float(report[1])) for report in found]
    (start, first), (end, last) = (reports[0], reports[-1]) if reports else ((0, 0), (0, 0))
    if last - first < 50:
        raise RuntimeError(f"Progress was told from {first} % to {last} % only: take more tokens.")
    return (end - start) * 100 / (last - first)


def own_speed(said: Said, threads: int) -> float:
    """Return the words/s of all threads in the program's last report. Raises RuntimeError if there is none."""
    found = OWN_SPEED.findall(_text(said))
    if not found or not int(found[-1]):
        raise RuntimeError("No speed was told: take more tokens.")
    return int(found[-1]) * threads


def _text(said: Said) -> bytes:
    return b"".join(part for _, part in said)
