import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from spacy_sgns.errors import SgnsError
from spacy_sgns.sources.splitting import Piece
from spacy_sgns.tokenization.parallel import pool as pool_module
from spacy_sgns.tokenization.parallel.pool import encode_parallel
from tests.tokenization.hard_texts import WORDS, spec_of, tokens

TEXTS = [" ".join(f"{word} w{i}x{j}." for j, word in enumerate(WORDS)) for i in range(60)]
PORTIONS = [[Piece(text, True), Piece("a ", False)] for text in TEXTS]
ENOUGH = 1 << 40  # characters


@pytest.fixture
def workers(monkeypatch):
    """The workers that have started; `is_free` waits until they are ready."""
    every, is_free = [], pool_module.PoolWorker.is_free

    def ready(worker):
        if worker not in every:
            every.append(worker)
        worker._ready.exception(60)
        return is_free(worker)

    monkeypatch.setattr(pool_module.PoolWorker, "is_free", ready)
    return every


@pytest.fixture
def by_itself(monkeypatch):
    """The portions that this process encodes itself."""
    portions = []

    class Counting(pool_module.PretokenEncoder):
        def encode(self, portion):
            portions.append(portion)
            return super().encode(portion)

    monkeypatch.setattr(pool_module, "PretokenEncoder", Counting)
    return portions


@pytest.fixture(autouse=True)
def nothing_left(workers):
    """After each test, passed or failed, all its threads and processes have ended."""
    before = threading.active_count()
    yield
    assert threading.active_count() == before
    assert all(worker._worker._process.poll() is not None for worker in workers)


def made(batches):
    """Return the tokens of batches, with `|` where a context ends."""
    found = []
    for batch in batches:
        ends = set(batch.ends.tolist())
        for place, number in enumerate(batch.form_ids.tolist()):
            found += ["|"] * (place in ends) + [batch.forms.texts[number]]
        found += ["|"] * (len(batch.form_ids) in ends)
    return found


WANTED = [token for text in TEXTS for token in [*tokens("en", text), "|", "a"]]


@pytest.mark.parametrize("number", [2, 3])
def test_any_number_of_workers_gives_the_same_in_order(workers, by_itself, number):
    assert made(encode_parallel(PORTIONS, spec_of("en"), str, number, ENOUGH)) == WANTED
    assert len(workers) == number - 1 and 0 < len(by_itself) < len(PORTIONS)


def test_one_worker_is_this_process(workers, by_itself):
    assert made(encode_parallel(PORTIONS, spec_of("en"), str, 1, ENOUGH)) == WANTED
    assert not workers and len(by_itself) == len(PORTIONS)


def test_there_are_workers_only_when_they_are_worth_it(workers, by_itself, monkeypatch):
    size = sum(len(text) for text, _ in PORTIONS[0])
    monkeypatch.setattr(pool_module, "MIN_PARALLEL_CHARS", 20 * size)
    assert made(encode_parallel(PORTIONS, spec_of("en"), str, 2, 19 * size)) == WANTED
    assert not workers and len(by_itself) == len(PORTIONS)
    by_itself.clear()
    assert made(encode_parallel(PORTIONS, spec_of("en"), str, 2, 0)) == WANTED  # the size is unknown
    assert len(workers) == 1 and 9 <= len(by_itself) < len(PORTIONS)


def test_portions_are_read_no_further_ahead_than_needed(workers):
    read = []
    batches = encode_parallel((read.append(portion) or portion for portion in PORTIONS), spec_of("en"), str, 2, ENOUGH)
    for done, _ in enumerate(batches, 1):
        assert len(read) <= done + 2 * pool_module.MAX_AHEAD_PORTIONS
    batches.close()


@pytest.mark.parametrize("when", ["waiting", "working"])
def test_a_worker_that_dies_ends_the_run_with_an_error(workers, when):
    def portions():
        for i, portion in enumerate(PORTIONS):
            if i == 9:
                workers[0]._worker._process.kill()
            yield portion if when == "waiting" or i < 8 else [Piece(TEXTS[i] * 300, True)]

    start = time.monotonic()
    with pytest.raises(SgnsError, match=r"A worker process was ended by signal 9|ended early"):
        made(encode_parallel(portions(), spec_of("en"), str, 2, ENOUGH))
    assert time.monotonic() - start < 30


def test_a_worker_that_cannot_begin_ends_the_run_with_an_error(monkeypatch):
    monkeypatch.setattr(pool_module, "MODULE", "spacy_sgns.no_such_module")
    with pytest.raises(SgnsError, match=r"A worker process ended early.*no_such_module"):
        made(encode_parallel(PORTIONS, spec_of("en"), str, 2, ENOUGH))


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, MemoryError])
def test_an_exception_leaves_nothing_behind(error):
    def portions():
        yield from PORTIONS[:20]
        raise error

    with pytest.raises(error):
        made(encode_parallel(portions(), spec_of("en"), str, 2, ENOUGH))


def test_closed_it_leaves_nothing_behind(workers):
    batches = encode_parallel(PORTIONS, spec_of("en"), str, 2, ENOUGH)
    next(batches)
    assert workers[0]._worker._process.poll() is None
    batches.close()
    assert workers[0]._worker._process.poll() is not None


PARENT = """
import sys, time, spacy
from spacy_sgns.tokenization.parallel import pool as pool_module
from spacy_sgns.sources.splitting import Piece
from spacy_sgns.tokenization.pretokens import TokenizerSpec

def portions():
    yield [Piece("a b", True)]
    print(pool[0]._worker._process.pid, flush=True)
    time.sleep(60)

pool, made = [], pool_module.PoolWorker.__init__
pool_module.PoolWorker.__init__ = lambda self, *args: pool.append(self) or made(self, *args)
spec = TokenizerSpec.from_tokenizer(spacy.blank("en").tokenizer)
list(pool_module.encode_parallel(portions(), spec, str, 2, 1 << 40))
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for the worker in /proc")
def test_workers_end_with_a_parent_that_is_killed():
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as parent:
        worker = Path("/proc", parent.stdout.readline().decode().strip())
        assert b"tokenization.parallel.worker" in (worker / "cmdline").read_bytes()
        os.kill(parent.pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while worker.is_dir() and "\nState:\tZ" not in (worker / "status").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
