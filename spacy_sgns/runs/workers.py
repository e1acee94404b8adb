"""Starts the worker processes of a run and gathers them, with this process, into one group."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np

from spacy_sgns.arrays import Ints
from spacy_sgns.corpus.encoded import EncodedCorpus
from spacy_sgns.errors import SgnsError
from spacy_sgns.settings import Settings
from spacy_sgns.system.machine import available_cores, worker_count
from spacy_sgns.system.plugins import import_targets
from spacy_sgns.system.processes import SPIN, started
from spacy_sgns.system.shared_memory import Layout, Memory, shared
from spacy_sgns.training.parallel.process_group import Coordinator, ProcessGroup, SingleProcess
from spacy_sgns.training.trainer import TrainingState, layout

MODULE = "spacy_sgns.runs.worker"


class Workers(NamedTuple):
    """The processes that train. memory: what they share; None for a single process.

    note: for the user, why fewer workers train than the setting or the machine allows; otherwise empty.
    """

    group: ProcessGroup
    memory: Memory | None
    note: str


@contextmanager
def start_workers(
    corpus: EncodedCorpus, counts: Ints, settings: Settings, state: TrainingState | None = None
) -> Iterator[Workers]:
    """Yield the workers that the settings call for, including this process; the others end with the block.

    counts: `(V,)`. state: the position from which all workers resume. If no other process can be started, workers
    "auto" falls back to this process alone. Raises SgnsError if workers is a number.
    """
    size, note = _size(settings)
    with ExitStack() as stack:
        group: ProcessGroup = SingleProcess()
        memory = None
        if size > 1:
            try:
                group, memory = stack.enter_context(_processes(size, corpus, counts, settings, state))
            except SgnsError as error:
                if settings.workers != "auto":
                    raise
                note = f"1 worker trains. {error}"
        yield Workers(group, memory, note)


def _size(settings: Settings) -> tuple[int, str]:
    """Return the number of workers that train, and a note if there could be more."""
    auto, chunks_per_step = settings.workers == "auto", int(settings.chunks_per_step)
    wanted = worker_count(settings.workers)
    if wanted == 1 or (auto and chunks_per_step == 1):
        return 1, ""
    if import_targets(*settings.choices) is None:
        return 1, (
            "1 worker trains: other processes cannot import alternatives that this program defines itself. "
            "Put them into a module."
        )
    if wanted > chunks_per_step:
        return chunks_per_step, (
            f"{chunks_per_step} of {wanted} workers can train, one for each chunk of a step. "
            "A higher chunks_per_step uses more workers, but changes the vectors."
        )
    return wanted, ""


@contextmanager
def _processes(
    size: int, corpus: EncodedCorpus, counts: Ints, settings: Settings, state: TrainingState | None
) -> Iterator[tuple[Coordinator, Memory]]:
    """Yield a group of `size` processes and the memory they share. Raises SgnsError if they cannot be started."""
    plan, spin = layout(counts, settings, size), SPIN if size <= available_cores() else 0.0
    with shared(plan, corpus.folder) as (memory, name, files):
        memory["counts"][:] = counts
        with started(MODULE, size - 1, spin=spin, files=files) as others:
            job = {**_job(name, plan, corpus, settings), "size": size, "spin": spin, "state": state and asdict(state)}
            for rank, worker in enumerate(others, 1):
                worker.send(json.dumps({**job, "rank": rank}).encode())
            for worker in others:
                worker.receive()  # it is ready
            yield Coordinator(others), memory


def _job(memory: str, plan: Layout, corpus: EncodedCorpus, settings: Settings) -> dict[str, Any]:
    """Return what a worker needs to join the run, as plain values. memory, plan: shared memory, its name and layout."""
    return {
        "memory": memory,
        "layout": {array: (shape, np.dtype(dtype).str) for array, (shape, dtype) in plan.items()},
        "corpus": {**asdict(corpus), "folder": str(corpus.folder.absolute())},
        "settings": settings.as_dict(),
        "import_targets": import_targets(*settings.choices),
    }
