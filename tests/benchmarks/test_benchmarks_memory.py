"""Peak memory counts what all processes made, and what they share once."""

import subprocess
import sys

import pytest
from memory import PROC, peak_until_end

MB = 1 << 20
PARENT = """
import mmap, subprocess, sys, time
shared = mmap.mmap(-1, 64 << 20)
shared[:] = bytes(64 << 20)
own = bytearray(32 << 20)
import os
if os.fork() == 0:
    assert shared[:] and len(bytearray(32 << 20))
    more = bytearray(b"x") * (48 << 20)
    time.sleep(1)
    os._exit(0)
os.wait()
"""


@pytest.mark.skipif(not (PROC / "self" / "smaps_rollup").exists(), reason="the system does not tell")
def test_shared_memory_counts_once_and_children_count():
    with subprocess.Popen([sys.executable, "-c", PARENT]) as process:
        peak = peak_until_end(process)
    assert process.returncode == 0
    needed = 64 + 32 + 48  # shared by both, and own to each
    assert needed * MB <= peak < (needed + 60) * MB


def test_a_process_that_ends_at_once():
    with subprocess.Popen([sys.executable, "-c", "exit(4)"]) as process:
        peak_until_end(process)
    assert process.returncode == 4
