"""Run a job in its own process and return the result to store."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import machine
from corpora import prepared
from jobs import Job, Outcome, Task
from memory import peak_until_end
from store import Result
from tools import Programs

CHILD = Path(__file__).with_name("child.py")
OF_BLAS = ("OPENBLAS_", "MKL_", "OMP_", "VECLIB_")  # variables that a shell may hold: BLAS is to choose by itself
ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "MKL", "OMP", "VECLIB_MAXIMUM")}


class Failed(Exception):
    """A tool failed; the message is the tool's output."""


def key_of(job: Job, version: str) -> dict[str, Any]:
    """Return what the result of a job is stored under."""
    return {**job.key(), "version": version, "machine": machine.machine()}


def measured(job: Job, version: str, programs: Programs, work: Path, gold: Path | None) -> Result:
    """Return the result of a job. work: where prepared corpora lie. Raises Failed."""
    with TemporaryDirectory(dir=work) as folder:
        task = _task(job, programs, work, Path(folder))
        outcome, taken = _in_process(task, job, Path(folder))
        scores = _scores(outcome, gold) if job.scored and gold else None
    corpus = {"tokens": task.tokens, "kept": task.kept, "texts": task.texts}
    speed = round(task.kept * task.settings["epochs"] / outcome.seconds) if outcome.seconds else None
    result = {
        "key": key_of(job, version),
        "words_per_second": speed,
        **taken,
        "words": outcome.words,
        "phases": outcome.phases,
        "corpus": corpus,
        **outcome.more,
        "when": date.today().isoformat(),
        "commit": machine.commit(),
        "versions": machine.versions(),
    }
    return result | ({"scores": scores} if scores else {})


def _task(job: Job, programs: Programs, work: Path, folder: Path) -> Task:
    corpus = prepared(job.corpus, work)
    return Task(
        tool=job.tool,
        corpus=str(corpus.path),
        tokens=corpus.tokens,
        texts=corpus.texts,
        kept=corpus.kept(job.settings["min_count"]),
        settings=dict(job.settings),
        workers=job.workers,
        cores=machine.cores()[: job.workers],
        seed=job.seed,
        folder=str(folder),
        vectors=job.scored,
        program=str(programs.get(job.tool, "")),
    )


def _in_process(task: Task, job: Job, folder: Path) -> tuple[Outcome, Result]:
    """Return the outcome, and what the process took from start to end."""
    question, answer, log = folder / "task.json", folder / "outcome.json", folder / "log.txt"
    question.write_text(json.dumps(asdict(task)), encoding="utf8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OF_BLAS)}
    environment = {**kept, **ONE_THREAD, **job.environment}
    start, cpu = time.perf_counter(), _cpu_seconds()
    with log.open("wb") as out, _started([str(CHILD), str(question), str(answer)], environment, out) as process:
        peak = peak_until_end(process)
    taken = {"seconds": time.perf_counter() - start, "cpu_seconds": _cpu_seconds() - cpu}
    if process.returncode or not answer.exists():
        raise Failed(log.read_text(encoding="utf8", errors="replace")[-2000:] or f"exit code {process.returncode}")
    outcome = Outcome(**json.loads(answer.read_text(encoding="utf8")))
    return outcome, {**{name: round(value, 2) for name, value in taken.items()}, "peak_bytes": peak}


def _cpu_seconds() -> float:
    """Return the CPU seconds of all ended child processes."""
    times = os.times()
    return times.children_user + times.children_system


@contextmanager
def _started(command: list[str], environment: dict[str, str], out: Any) -> Iterator[subprocess.Popen]:
    """Yield a Python process that has ended, with all that it started, when the block is left."""
    posix = os.name == "posix"
    process = subprocess.Popen(
        [sys.executable, *command], env=environment, stdout=out, stderr=out, start_new_session=posix
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL) if posix else process.kill()
            process.wait()


def _scores(outcome: Outcome, gold: Path) -> dict[str, float]:
    from gold import scores

    from spacy_sgns import WordVectors

    vectors = WordVectors.load(outcome.vectors)
    return {name: round(value, 4) for name, value in scores(vectors.words, vectors.rows, gold).items()}
