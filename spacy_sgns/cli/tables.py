"""Tables on the terminal, and how numbers are written in them."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

from spacy_sgns.cli.console import good, info, visible
from spacy_sgns.system.machine import shown_duration

if TYPE_CHECKING:
    from spacy_sgns.runs.train_vectors import Trained
    from spacy_sgns.vectors.scored_words import ScoredWords

MAX_EPOCH_ROWS = 10  # of evenly spaced epochs; the first, the best and the last come on top


def show_table(header: Sequence[str], rows: Sequence[Sequence[str]], aligns: str) -> None:
    """Print a table after an empty line. aligns: `l` or `r` for each column."""
    header, *rows = ([visible(cell) for cell in row] for row in (header, *rows))
    widths = [max(map(_width, column)) for column in zip(header, *rows, strict=True)]
    print()
    for row in (header, ["-" * width for width in widths], *rows):
        cells = [_padded(cell, width, align) for cell, width, align in zip(row, widths, aligns, strict=True)]
        print("  ".join(cells).rstrip())


def show_scores(title: str, measure: str, found: "ScoredWords") -> None:
    """Print a table of words with their scores and, if known, their counts."""
    rows = [(word, decimal(score)) for word, score in found]
    if found.counts is None:
        show_table((title, measure), rows, "lr")
    else:
        counts = [f"{count:,}" for count in found.counts]
        show_table((title, measure, "count"), [(*row, n) for row, n in zip(rows, counts, strict=True)], "lrr")


def show_epochs(trained: "Trained") -> None:
    """Print a table of the epochs with their losses and scores; of many epochs, print about every n-th."""
    epochs = list(enumerate(trained.report["epochs"], 1))
    step, best = -(-len(epochs) // MAX_EPOCH_ROWS), trained.report["best_epoch"]
    shown = [epoch for number, epoch in enumerate(epochs, 1) if number in (1, best, len(epochs)) or number % step == 0]
    sets = list(epochs[0][1].get("scores", ()))
    held_out = ["held-out"] if "held_out_loss" in epochs[0][1] else []
    header = ("epoch", "loss", *held_out, *sets, "words/s", "time")
    rows = [
        (
            str(number),
            decimal(epoch["loss"] or None, 4),
            *(decimal(epoch["held_out_loss"], 4) for _ in held_out),
            *(decimal(epoch["scores"][name]) for name in sets),
            f"{epoch['words_per_second']:,}",
            shown_duration(epoch["seconds"]),
        )
        for number, epoch in shown
    ]
    show_table(header, rows, "r" * len(header))


def show_training(trained: "Trained") -> None:
    """Print how long training took, and of which epoch the vectors are if not of the last one."""
    report = trained.report
    good(f"Trained {counted(len(report['epochs']), 'epoch')} in {shown_duration(report['seconds']['train'])}")
    if best := report["best_epoch"]:
        loss = decimal(report["epochs"][best - 1]["held_out_loss"], 4)
        info(f"The vectors are those of epoch {best}, which has the lowest held-out loss, {loss}")


def decimal(value: float | None, digits: int = 3, sign: str = "") -> str:
    """Return a score as text; `-` for None and NaN. sign: `+` to write it before positive numbers too."""
    return "-" if value is None or math.isnan(value) else f"{value:{sign}.{digits}f}"


def counted(n: int, noun: str) -> str:
    """Return a number with its noun: `1 text`, `2 texts`."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def _padded(text: str, width: int, align: str) -> str:
    space = " " * (width - _width(text))
    return space + text if align == "r" else text + space


def _width(text: str) -> int:
    """Return the number of terminal columns of a text: two for wide letters, none for combining accents."""
    return sum(0 if combining(letter) else 1 + (east_asian_width(letter) in "WF") for letter in text)
