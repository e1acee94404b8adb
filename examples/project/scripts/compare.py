"""Print the test scores without and with vectors side by side: means over the draws, then each draw by itself.

Usage: python scripts/compare.py TRAINING
"""

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import mean
from typing import Any

import srsly
from wasabi import msg

WAYS = ("without", "with")
Run = dict[str, Any]


def main(training: Path) -> None:
    runs = {way: [srsly.read_json(path) for path in sorted(training.glob(f"{way}/*/test.json"))] for way in WAYS}
    plays = sorted(runs["with"][0]["cats_f_per_type"])
    rows = [row(play, runs, lambda run, play=play: run["cats_f_per_type"][play]["f"]) for play in plays]
    rows.append(row("all plays, mean F", runs, macro_f))
    for n in range(len(runs["with"])):
        rows.append(row(f"  draw {n}", {way: [runs[way][n]] for way in WAYS}, macro_f))
    msg.table(rows, header=("F on test", *WAYS, "gain"), aligns=("l", "r", "r", "r"), divider=True)


def macro_f(run: Run) -> float:
    return run["cats_macro_f"]


def row(name: str, runs: dict[str, list[Run]], score: Callable[[Run], float]) -> tuple[str, str, str, str]:
    without, with_vectors = (mean(score(run) for run in runs[way]) for way in WAYS)
    return name, f"{without:.3f}", f"{with_vectors:.3f}", f"{with_vectors - without:+.3f}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
