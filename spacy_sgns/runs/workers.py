"""Gathers those who train together: this process, and others that it starts."""

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
from spacy_sgns.system.machine import available_cores
from spacy_sgns.system.plugins import import_targets
from spacy_sgns.system.processes import SPIN, started
from spacy_sgns.system.shared_memory import Layout, Memory, shared
from spacy_sgns.training.parallel.process_group import Coordinator, ProcessGroup, SingleProcess
from spacy_sgns.training.trainer import TrainingState, layout

MODULE = "spacy_sgns.runs.worker"


class Team(NamedTuple):
    """Who trains. memory: what they share; None for one alone.

    idle: why they are fewer than were asked for, or than there could be, for people; else empty.
    """

    group: ProcessGroup
    memory: Memory | None
    idle: str


@contextmanager
def team(corpus: EncodedCorpus, counts: Ints, settings: Settings, place: TrainingState | None = None) -> Iterator[Team]:
    """Yield the workers that the settings ask for, this process being one; the others have ended after the block.

    place: where an earlier run stood, from which all of them are to go on.

    Where others cannot be started, "auto" means this process alone. Raises SgnsError if they were asked for by number.
    """
    size, idle = _size(settings)
    with ExitStack() as stack:
        group: ProcessGroup = SingleProcess()
        memory = None
        if size > 1:
            try:
                group, memory = stack.enter_context(_processes(size, corpus, counts, settings, place))
            except SgnsError as error:
                if settings.workers != "auto":
                    raise
                idle = f"1 worker trains. {error}"
        yield Team(group, memory, idle)


def _size(settings: Settings) -> tuple[int, str]:
    """Return how many workers are to train, and why not more."""
    auto, chunks_per_step = settings.workers == "auto", int(settings.chunks_per_step)
    wanted = available_cores() if auto else int(settings.workers)
    if wanted == 1 or (auto and chunks_per_step == 1):
        return 1, ""
    if import_targets(*settings.choices) is None:
        return 1, "1 worker trains: others cannot import alternatives made in this program. Put them into a module."
    if wanted > chunks_per_step:
        return (
            chunks_per_step,
            f"{chunks_per_step} of {wanted} workers can train, one a lane. More chunks_per_step employ more, but change vectors.",
        )
    return wanted, ""


@contextmanager
def _processes(
    size: int, corpus: EncodedCorpus, counts: Ints, settings: Settings, place: TrainingState | None
) -> Iterator[tuple[Coordinator, Memory]]:
    """Yield a group of `size` processes and the memory that they share. Raises SgnsError if they cannot be started."""
    plan, spin = layout(counts, settings, size), SPIN if size <= available_cores() else 0.0
    with shared(plan, corpus.folder) as (memory, name, files):
        memory["counts"][:] = counts
        with started(MODULE, size - 1, spin=spin, files=files) as others:
            job = {**_job(name, plan, corpus, settings), "place": place and asdict(place)}
            for index, worker in enumerate(others, 1):
                worker.send(json.dumps({**job, "index": index, "size": size, "spin": spin}).encode())
            for worker in others:
                worker.receive()  # it is ready
            yield Coordinator(others), memory


def _job(name: str, plan: Layout, corpus: EncodedCorpus, settings: Settings) -> dict[str, Any]:
    """Return what a worker has to know, as plain values. name, plan: of the shared memory."""
    return {
        "memory": name,
        "corpus": {**asdict(corpus), "folder": str(corpus.folder.absolute())},
        "layout": {array: (shape, np.dtype(dtype).str) for array, (shape, dtype) in plan.items()},
        "settings": settings.as_dict(),
        "import_targets": import_targets(*settings.choices),
    }
