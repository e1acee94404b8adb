"""The routes from texts to a pipeline that `spacy.load` opens: this package's, and the usual one."""

import json
import subprocess
import sys
import time
from pathlib import Path

from jobs import Outcome, Task

TODAY = Path(__file__).with_name("route_of_today.py")
SPACY = [sys.executable, "-m", "spacy"]


def spacy_sgns(task: Task) -> Outcome:
    """Train with this package's command."""
    pipeline = Path(task.folder) / "pipeline"
    given = {**task.settings, "workers": task.workers, "seed": task.seed}
    flags = [text for name, value in given.items() for text in (f"--{name.replace('_', '-')}", str(value))]
    total = _run([*SPACY, "sgns", "train", task.corpus, str(pipeline), *flags])
    report = json.loads((pipeline / "sgns" / "report.json").read_text(encoding="utf8"))
    seconds = report["seconds"]
    return _outcome(pipeline, total, seconds["read"], seconds["train"])


def of_today(task: Task) -> Outcome:
    """spaCy's tokenizer and gensim in a script, then spaCy's command to make a pipeline of vectors in text form."""
    folder = Path(task.folder)
    vectors, phases, pipeline = folder / "vectors.txt", folder / "phases.json", folder / "pipeline"
    what = {"texts": task.corpus, "tokens": str(folder / "tokens.txt"), "vectors": str(vectors), "phases": str(phases)}
    settings = {**what, **task.settings, "workers": task.workers, "seed": task.seed}
    total = _run([sys.executable, str(TODAY), json.dumps(settings)])
    total += _run([*SPACY, "init", "vectors", "en", str(vectors), str(pipeline)])
    return _outcome(pipeline, total, **json.loads(phases.read_text(encoding="utf8")))


def _run(command: list[str]) -> float:
    """Return the seconds that a command takes, with its start."""
    start = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - start


def _outcome(pipeline: Path, total: float, read: float, train: float) -> Outcome:
    phases = {"read": read, "train": train, "rest": total - read - train, "total": total}
    return Outcome(0, _words(pipeline), phases={name: round(seconds, 2) for name, seconds in phases.items()})


def _words(pipeline: Path) -> int:
    """Return the number of vectors in a pipeline, which is loaded."""
    import spacy

    return len(spacy.load(pipeline).vocab.vectors.data)
