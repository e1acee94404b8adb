"""Model what more cores would give: the time of a step, from its parts as measured here.

    python examples/benchmarks/scaling.py --corpus wiki8.xz

With W workers, each computes its share of the L chunks of a step, one after another; then all add the results for their
own rows, and two barriers end the step. Every worker cuts each shard into chunks for itself. The parts are measured on
one core, a barrier with two processes. The model leaves out that cores share caches and memory and so slow each other
down: its results are upper bounds.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from math import ceil
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from corpora import read_tokens
from defaults import train

from spacy_sgns.training.chunks import ChunkBuilder
from spacy_sgns.training.parallel.exchange import Exchange
from spacy_sgns.training.parallel.process_group import Coordinator
from spacy_sgns.training.update.step import ChunkStep

WORKERS = (1, 2, 4, 8, 16, 64)
SHAPES = ((2, 1024), (4, 1024), (4, 512), (8, 1024), (8, 512), (16, 1024), (64, 1024))
PARTS = (
    (ChunkStep, "plan"),
    (ChunkStep, "step"),
    (Exchange, "put"),
    (Exchange, "add"),
    (ChunkBuilder, "chunks"),
    (Coordinator, "barrier"),
)
SLOW = 1e-3  # so that steps of 64 chunks do not diverge; the rate does not change the time
Spent = dict[str, list[float]]


def main() -> None:
    """Measure the parts of steps of several shapes, and print the speed-ups of the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--tokens", type=int, default=2_000_000)
    args = parser.parse_args()
    tokens = read_tokens(args.corpus)[: args.tokens]
    with watched() as spent:
        train(tokens, chunks_per_step=2, epochs=1, workers=2, learning_rate=SLOW)
    barrier = float(np.quantile(spent["barrier"], 0.25))  # the others wait for each other as well
    print(f"A barrier: {1e6 * barrier:.0f} µs.\n")
    print("| chunks_per_step x tokens | µs a step | " + " | ".join(f"{w} workers" for w in WORKERS) + " |")
    print("|---|---:|" + "---:|" * len(WORKERS))
    for chunks_per_step, size in SHAPES:
        with watched() as spent:
            train(tokens, chunks_per_step=chunks_per_step, chunk_size=size, epochs=1, workers=1, learning_rate=SLOW)
        times = {w: step_time(spent, chunks_per_step, w, barrier) for w in WORKERS if w <= chunks_per_step}
        speeds = " | ".join(f"{times[1] / times[w]:.1f}" if w in times else "" for w in WORKERS)
        print(f"| {chunks_per_step} x {size:,} | {1e6 * times[1]:,.0f} | {speeds} |", flush=True)


def step_time(spent: Spent, chunks_per_step: int, workers: int, barrier: float) -> float:
    """Return the seconds of a step by the model. spent: by one worker."""
    chunks = len(spent["step"])
    part = {name: sum(seconds) / chunks for name, seconds in spent.items()}
    own = ceil(chunks_per_step / workers) * (part["plan"] + part["step"] + part["put"])
    return own + chunks_per_step * (part["add"] / workers + part["chunks"]) + 2 * barrier * (workers > 1)


@contextmanager
def watched() -> Iterator[Spent]:
    """Yield the seconds that each call of the parts takes, by its name, in this process."""
    spent: Spent = defaultdict(list)
    plain = {(owner, name): getattr(owner, name) for owner, name in PARTS}
    for (owner, name), function in plain.items():
        setattr(owner, name, _timed(function, spent[name]))
    try:
        yield spent
    finally:
        for (owner, name), function in plain.items():
            setattr(owner, name, function)


def _timed(function: Any, seconds: list[float]) -> Any:
    @wraps(function)
    def timed(*args: Any) -> Any:
        start = perf_counter()
        try:
            return function(*args)
        finally:
            seconds.append(perf_counter() - start)

    return timed


if __name__ == "__main__":
    main()
