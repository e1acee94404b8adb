"""`--workers N`: the same pipeline for any N, and nothing left behind however a command ends."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import spacy

from tests.cli.typed import QUICK, TEXT, real, tree

LANES = ("--chunks-per-step", "5", "--chunk-size", "64", *QUICK)
linux = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="asks Linux for children")


@pytest.fixture
def many(place):
    """The current folder, with a corpus that trains for several steps of 5 chunks."""
    (place / "corpus.txt").write_text(TEXT * 5, encoding="utf8")
    return place


def content(folder):
    """Return the bytes of all files of a pipeline, and the words of its record; its report holds times."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    timed = ("report.json", "lookups.bin")
    record = spacy.load(folder).vocab.lookups.get_table("spacy_sgns").get("record")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.name not in timed} | {
        "words": record["words"]
    }


def report(folder):
    return json.loads((folder / "sgns" / "report.json").read_text())


def test_any_number_of_workers_makes_the_same_pipeline(sgns, many):
    for size in (1, 2, 3, 5):
        done = sgns("train", "corpus.txt", f"out{size}", "--workers", size, *LANES, "--seed", "7")
        assert done.exit_code == 0, done.stderr
        assert report(many / f"out{size}")["workers"] == size
    alone = content(many / "out1")
    assert {"config.cfg", str(Path("vocab", "vectors"))} <= alone.keys()
    assert all(content(many / f"out{size}") == alone for size in (2, 3, 5))
    other = sgns("train", "corpus.txt", "other", "--workers", 2, *LANES, "--seed", "8")
    assert other.exit_code == 0 and content(many / "other") != alone


@pytest.mark.parametrize(
    ("flags", "line"),
    [
        (
            ("--workers", "3", "--chunks-per-step", "2"),
            "2 of 3 workers can train, one for each chunk of a step. A higher ",
        ),
        (
            ("--workers", "3", "--chunks-per-step", "1"),
            "1 of 3 workers can train, one for each chunk of a step. A higher ",
        ),
        (("--workers", "2", "--chunks-per-step", "2"), ""),
        (("--workers", "1", "--chunks-per-step", "2"), ""),
        (("--chunks-per-step", "1"), ""),
    ],
)
def test_a_line_says_so_when_workers_exceed_lanes(sgns, flags, line):
    done = sgns("train", "corpus.txt", "out", *QUICK, *flags)
    said = [text for text in done.stdout.splitlines() if "workers can train" in text]
    assert done.exit_code == 0 and len(said) == bool(line) and all(text.startswith(line) for text in said)


@pytest.mark.parametrize("value", ["0", "-1", "1025", "many", "1.5"])
def test_a_number_that_cannot_be_is_wrong_usage(sgns, value):
    done = sgns("train", "corpus.txt", "out", "--workers", value)
    assert done.exit_code == 2
    assert done.stderr == f"Error: workers must be a whole number from 1 to 1,024 or auto, got {_shown(value)}.\n"


def _shown(value):
    return value if value.lstrip("-").isdigit() else repr(value)


def test_how_many_there_were_is_no_matter_of_the_pipeline(sgns, many):
    """Another machine, which trains again from the config, may have a different number of cores."""
    assert sgns("train", "corpus.txt", "out", "--component", "--workers", 2, *LANES).exit_code == 0
    assert 'workers = "auto"' in (many / "out" / "config.cfg").read_text()


OWN = """
import os
from spacy_sgns.registry import objectives
from spacy_sgns.training.objectives.negative_sampling import NegativeSampling

class Failing(NegativeSampling):
    def loss_kernel(self, *parts):
        made = super().loss_kernel(*parts)
        compute = made.forward_backward
        def compute_too(plan, chunk):
            if os.environ["TRIED_LEADER"] != str(os.getpid()):
                raise LookupError("only in a worker")
            return compute(plan, chunk)
        made.forward_backward = compute_too
        return made

@objectives.register("failing.v1")
def failing_v1():
    return Failing()
"""


def test_what_fails_in_a_worker_only_is_one_clear_line(many):
    """After the traceback, with --verbose."""
    (many / "own.py").write_text(f"import os\nos.environ.setdefault('TRIED_LEADER', str(os.getpid()))\n{OWN}")
    before = tree(many)
    flags = ("--code", "own.py", "--objective", "failing", "--workers", "2", "--verbose")
    done = real("train", "corpus.txt", "out", *flags, *LANES, cwd=many)
    assert done.returncode == 1
    *more, last = [line for line in done.stderr.splitlines() if not line.startswith("Warning: ")]
    assert last == (
        "Error: A worker process ended early: LookupError: only in a worker. Set workers to 1, or try again. The "
        f"encoded corpus is kept in {many / 'out.work'}. To resume, give the same command with --resume."
    )
    assert any("in compute_too" in line for line in more)
    shutil.rmtree(many / "out.work")
    assert [path for path in tree(many) if "__pycache__" not in path] == before


# Signals


def children(pid):
    """Return the running child processes of a process."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except FileNotFoundError:
        return []


def running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def training(many):
    """A command that trains forever with three workers; it and the other two are killed after the test."""
    (many / "corpus.txt").write_text(TEXT * 20, encoding="utf8")
    flags = ("--workers", "3", "--chunks-per-step", "3", "--epochs", "100000", "--checkpoint-every", "0")
    command = [sys.executable, "-m", "spacy", "sgns", "train", "corpus.txt", "deep/out", *flags]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "start_new_session": True}
    with subprocess.Popen(command, cwd=many, **options) as run:
        try:
            while line := run.stdout.readline():
                if line.startswith("epoch 1/"):
                    break
            others = children(run.pid)
            assert len(others) == 2 and all(map(running, others))
            yield run, others
        finally:
            run.kill()
            for pid in filter(running, others):
                os.kill(pid, signal.SIGKILL)


def gone(pids):
    """Return whether processes end within a few seconds."""
    deadline = time.monotonic() + 20
    while any(map(running, pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(map(running, pids))


@linux
@pytest.mark.parametrize("how", ["SIGHUP", "terminal"])
def test_interrupted_it_ends_in_one_line_and_leaves_nothing(many, training, how):
    run, others = training
    if how == "terminal":  # sends it to all that were started from it
        os.killpg(run.pid, signal.SIGINT)
    else:
        run.send_signal(getattr(signal, how))
    _, trouble = run.communicate(timeout=60)
    assert (run.returncode, trouble) == (130, "Error: Interrupted; nothing was written.\n")
    assert not any(map(running, others))
    assert tree(many) == ["corpus.txt"]


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="signals as on Unix")
def test_a_signal_that_is_ignored_stays_so(place):
    """As under `nohup`, so that a command continues when its terminal is closed."""
    code = (
        "import os, signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); from spacy_sgns.cli.console import clean_exit"
    )
    code += "\nwith clean_exit(): os.kill(os.getpid(), signal.SIGHUP); print('goes on')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "goes on\n"), done.stderr


@linux
def test_a_worker_that_is_killed_ends_it_in_one_line(many, training):
    run, others = training
    os.kill(others[1], signal.SIGKILL)
    _, trouble = run.communicate(timeout=60)
    said = "A worker process was ended by signal 9 (Killed). The machine may be short of memory: set workers to 1."
    assert (run.returncode, trouble) == (1, f"Error: {said}\n")
    assert not any(map(running, others))
    assert tree(many) == ["corpus.txt"]


@linux
def test_killed_it_leaves_no_process_and_the_next_run_clears_up(many, training):
    run, others = training
    run.kill()
    assert gone(others)
    done = real("train", "corpus.txt", "deep/out", "--workers", "2", *LANES, cwd=many)
    assert done.returncode == 0, done.stderr
    assert "deep/out.work was left behind by a run that did not end properly" in done.stderr
    assert [path for path in tree(many) if ".work" in path] == []
