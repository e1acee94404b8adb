"""Measure the cost of checkpoints: `python examples/benchmarks/checkpoints.py CORPUS [FLAG VALUE ...]`.

Trains as `sgns train CORPUS` does, with its defaults and the flags given, and prints how much of the time went into
keeping the encoded corpus and into checkpoints.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from spacy_sgns.cli.commands.train import train
from spacy_sgns.cli.inputs import pipeline_and_settings
from spacy_sgns.runs.checkpoint_manager import CheckpointManager


def main() -> None:
    corpus, flags = Path(sys.argv[1]), sys.argv[2:]
    given = {name.lstrip("-").replace("-", "_"): value for name, value in zip(flags[::2], flags[1::2], strict=True)}
    spent = {name: timed(name) for name in ("save_corpus", "save")}
    with TemporaryDirectory(dir=".") as folder:
        factory, settings = pipeline_and_settings(
            None, None, None, [], {name: number(value) for name, value in given.items()}
        )
        seconds = train(corpus, Path(folder) / "out", factory, settings).report["seconds"]
    corpora, saves = spent["save_corpus"], spent["save"]
    share = sum(saves) / seconds["train"]
    print(f"\nkeeping the encoded corpus: {sum(corpora):.2f} s, {sum(corpora) / seconds['read']:.2%} of reading")
    print(f"{len(saves)} checkpoints: {sum(saves):.2f} s, {share:.2%} of {seconds['train']:.1f} s of training")


def timed(name: str) -> list[float]:
    """Make a method of `CheckpointManager` record the seconds of each call; return the list."""
    method, seconds = getattr(CheckpointManager, name), []

    def call(*args):
        start = perf_counter()
        try:
            return method(*args)
        finally:
            seconds.append(perf_counter() - start)

    setattr(CheckpointManager, name, call)
    return seconds


def number(text: str) -> float | int | str:
    """Return what a flag's text means."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


if __name__ == "__main__":
    main()
