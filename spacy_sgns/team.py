"""Starts the processes that train together with this one."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from spacy_sgns.arrays import Ints
from spacy_sgns.corpus.encoded import EncodedCorpus
from spacy_sgns.processes import SPIN, available_cores, started
from spacy_sgns.registry import homes
from spacy_sgns.settings import Settings
from spacy_sgns.training.crew import Crew, Leader
from spacy_sgns.training.memory import Memory, mapped, reserve
from spacy_sgns.training.trainer import layout

MODULE = "spacy_sgns.worker"


@contextmanager
def team(size: int, corpus: EncodedCorpus, counts: Ints, settings: Settings) -> Iterator[tuple[Crew, Memory]]:
    """Yield a crew of `size` processes, this one included, and the memory that they share.

    The others have ended when the block is left. Raises SgnsError where they cannot be started.
    """
    plan = layout(len(counts), settings)
    path = reserve(plan, corpus.folder)
    spin = SPIN if size <= available_cores() else 0.0
    try:
        memory = mapped(path, plan)
        memory["counts"][:] = counts
        with started(MODULE, size - 1, spin=spin) as others:
            for index, worker in enumerate(others, 1):
                job = _job(path, corpus, len(counts), settings) | {"index": index, "size": size, "spin": spin}
                worker.send(json.dumps(job).encode())
            for worker in others:
                worker.receive()  # it has mapped the file
            _forget(path)
            yield Leader(others), memory
    finally:
        _forget(path)


def _job(path: Path, corpus: EncodedCorpus, words: int, settings: Settings) -> dict[str, Any]:
    """Return what a worker has to know, as plain values."""
    return {
        "memory": str(path.absolute()),
        "corpus": {**asdict(corpus), "folder": str(corpus.folder.absolute())},
        "words": words,
        "settings": settings.as_dict(),
        "homes": homes(settings.architecture, settings.objective),
    }


def _forget(path: Path) -> None:
    """Delete the file's name; the memory stays until the last process lets go, and then no trace of it is left."""
    with suppress(OSError):  # it is gone, or mapped on Windows, where the folder is cleared away later
        path.unlink()
