"""Measure how much two independent trainings slow each other down through caches and memory.

    python examples/benchmarks/side_by_side.py --corpus wiki8.xz

Each training has one worker on a core of its own. Two workers of one training cannot be faster together than these.
Linux only: processes are held to their cores.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from statistics import mean

from corpora import read_tokens
from defaults import train

DIMS = (100, 300)
TOKENS = 4_000_000


def main() -> None:
    """Print words/s of a training alone, and of each of two at once."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--dim", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.dim:
        report = train(read_tokens(args.corpus)[:TOKENS], dim=args.dim, epochs=2, workers=1).report
        print(report["epochs"][1]["words_per_second"])
        return
    print("| dim | alone: 1,000 words/s | two at once, each | share |\n|---:|---:|---:|---:|")
    cores = sorted(os.sched_getaffinity(0))[:2]
    for dim in DIMS:
        [alone], both = (speeds(args.corpus, dim, some) for some in (cores[:1], cores))
        print(f"| {dim} | {alone / 1000:,.0f} | {mean(both) / 1000:,.0f} | {mean(both) / alone:.0%} |", flush=True)


def speeds(corpus: Path, dim: int, cores: list[int]) -> list[int]:
    """Return the words/s of simultaneous trainings, one on each core, after a warm-up epoch."""
    command = [sys.executable, __file__, "--corpus", str(corpus), "--dim", str(dim)]
    trainings = [
        subprocess.Popen(["taskset", "-c", str(core), *command], stdout=subprocess.PIPE, text=True) for core in cores
    ]
    return [int(training.communicate()[0]) for training in trainings]


if __name__ == "__main__":
    main()
