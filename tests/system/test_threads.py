import os
import subprocess
import sys

import pytest

START = """
from threading import Barrier, Event, Thread
import numpy
from threadpoolctl import threadpool_info
from spacy_sgns.system.threads import one_blas_thread

def blas():
    return sorted({library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"})

before = blas()
"""
END = "print(before == blas(), before)"
BLOCK = "with one_blas_thread():\n    print(blas())\n"
ERROR = "try:\n    with one_blas_thread():\n        raise KeyboardInterrupt\nexcept KeyboardInterrupt:\n    pass\n"
NESTED = "with one_blas_thread():\n    with one_blas_thread():\n        pass\n    print(blas())\n"
OVERLAP = """
entered, left, go = Event(), Event(), Event()
def first():
    with one_blas_thread():
        entered.set()
        go.wait()
    left.set()
thread = Thread(target=first)
thread.start()
entered.wait()
with one_blas_thread():
    go.set()
    left.wait()
    print(blas())  # the first to come is gone
thread.join()
"""
MANY = """
seen, start = [], Barrier(8)
def work():
    start.wait()
    for _ in range(10):
        with one_blas_thread():
            seen.append(blas())
threads = [Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print([1] if seen == [[1]] * 80 else seen)
"""


@pytest.mark.parametrize("program", [BLOCK, NESTED, OVERLAP, MANY, ERROR + BLOCK])
def test_blas_has_one_thread_in_a_block_and_as_many_as_before_after_the_last(program):
    """In a separate process, which begins with two BLAS threads."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "2", "MKL_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"}
    command = [sys.executable, "-c", START + program + END]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    inside, after = done.stdout.splitlines()
    if not after.endswith(" [2]"):
        pytest.skip("BLAS is not one whose threads can be told")
    assert (inside, after) == ("[1]", "True [2]")
