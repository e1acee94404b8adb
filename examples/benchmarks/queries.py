"""Measure the time of a query among many words, after the first one.

python examples/benchmarks/queries.py [--words 100000] [--dim 100]
"""

import argparse
from collections.abc import Callable
from statistics import median
from time import perf_counter

import numpy as np

from spacy_sgns import WordVectors

TIMES = 200


def main() -> None:
    """Print the milliseconds of each kind of query."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--words", type=int, default=100_000)
    parser.add_argument("--dim", type=int, default=100)
    args = parser.parse_args()
    rows = np.random.default_rng(0).normal(size=(args.words, args.dim)).astype(np.float32)
    vectors = WordVectors([f"w{i}" for i in range(args.words)], rows)
    some = [vectors.words[i] for i in np.random.default_rng(1).integers(args.words, size=3 * TIMES)]
    questions: dict[str, Callable[[int], object]] = {
        "most_similar of a word": lambda i: vectors.most_similar(some[i]),
        "the same among the 30,000 most frequent": lambda i: vectors.most_similar(some[i], among=30_000),
        "analogy, 3CosAdd": lambda i: vectors.analogy(*some[3 * i : 3 * i + 3]),
        "analogy, 3CosMul": lambda i: vectors.analogy(*some[3 * i : 3 * i + 3], method="3cosmul"),
        "rank": lambda i: vectors.rank(some[3 * i], some[3 * i + 1]),
    }
    print(f"{args.words:,} words, {args.dim} dimensions; the median of {TIMES} questions\n")
    print("| question | ms |\n|---|---:|")
    for name, ask in questions.items():
        print(f"| {name} | {1000 * median(times(ask)):.1f} |")
    start = perf_counter()
    vectors.most_similar_batch(some)
    print(f"| most_similar of {len(some)} words at once, each | {1000 * (perf_counter() - start) / len(some):.1f} |")


def times(ask: Callable[[int], object]) -> list[float]:
    """Return the seconds of each query but the first."""
    ask(0)
    found = []
    for i in range(TIMES):
        start = perf_counter()
        ask(i)
        found.append(perf_counter() - start)
    return found


if __name__ == "__main__":
    main()
