"""The result of comparing a sequence of trainings, its tables for people, and its JSON for programs."""

from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.comparison.common_space import CommonSpace
from spacy_sgns.comparison.html import html_table, html_word
from spacy_sgns.comparison.result import Displacements, format_count, told
from spacy_sgns.drawing.text import escaped
from spacy_sgns.vectors.data_frame import data_frame
from spacy_sgns.vectors.scored_words import ScoredWord
from spacy_sgns.vectors.word_vectors import WordVectors

SEQUENCE_EXPLANATION = (
    "Displacement: 1 - cosine of a word's vectors on the first side and the last, after generalized Procrustes "
    'alignment of all sides; columns "to ...": on a side and the one before.',
    "Sorted by robust z: displacement minus the median of the peers, the words nearest in count, in units of their "
    "median absolute deviation. Percentile: the share of peers with a smaller displacement.",
)


@dataclass(frozen=True)
class Shift:
    """The displacement of a word between two sides, 0 to 2, and its comparison with its peers.

    peer_median, percentile, robust_z: as in `MovedWord`.
    """

    word: str
    displacement: float
    peer_median: float
    percentile: float
    robust_z: float


@dataclass(frozen=True)
class Trajectory:
    """The way of a word through a sequence of k sides.

    counts: on each side, None if unknown. from_first: displacement between the first side and each one. change: from
    the first side to the last. steps: from each side to the next. neighbours: on each side the nearest of the words
    that are compared, with cosines.
    """

    word: str
    counts: tuple[int | None, ...]
    from_first: list[float]
    change: Shift
    steps: list[Shift]
    neighbours: list[list[ScoredWord]]


@dataclass(frozen=True, repr=False)
class SequenceComparison:
    """The result of comparing k trainings in their order, k at least 3.

    names, sizes: of the sides, in words. shared: number of words on all sides. displacements: of the words that are
    compared, from the first side to the last. steps: the same, from each side to the next. between: displacements of
    these words between every two sides, `(k, k, n)`. moved: the words that moved most from the first side to the last,
    sorted. moved_by_step: those that moved most in each step. queries: the trajectories of the query words. notes:
    warnings for the reader. aligned: for each side its vectors in the common space.
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    shared: int
    displacements: Displacements
    steps: list[Displacements]
    between: Floats
    moved: list[Trajectory]
    moved_by_step: list[list[Shift]]
    queries: list[Trajectory]
    notes: list[str]
    space: CommonSpace = field(compare=False)

    def __repr__(self) -> str:
        most = ", ".join(one.word for one in self.moved[:3])
        compared, names = len(self.displacements.words), ", ".join(self.names)
        return f"<SequenceComparison: {names}; {compared} words compared; moved most: {most}{told(self.notes)}>"

    def _repr_html_(self) -> str:
        return f"<p>{escaped(sequence_summary(self))}</p>{moved_through_table(self)}"

    @property
    def aligned(self) -> list[WordVectors]:
        """The vectors of each side in the common space: unit rows of all its words, minus the mean, rotated."""
        return list(self.space)

    def to_dataframe(self) -> Any:
        """Return a pandas DataFrame with a row for each compared word, the highest robust z first.

        Columns: those of a comparison of the first side and the last, then the displacement in each step (`A to B`).
        SgnsError: without pandas.
        """
        header, rows = self.displacements.table()
        steps = np.array([step.values for step in self.steps]).T[self.displacements.by_robust_z()].tolist()
        return data_frame(
            [(*row, *own) for row, own in zip(rows, steps, strict=True)], [*header, *step_names(self.names)]
        )


def step_names(names: tuple[str, ...]) -> list[str]:
    """Return the names of the steps between neighbouring sides."""
    return [f"{a} to {b}" for a, b in pairwise(names)]


def moved_through_header(names: tuple[str, ...]) -> list[str]:
    """Return the header of a table of moved words, without the word's column: numbers of the whole, then of steps."""
    return ["displacement", "peer median", "percentile", "robust z", *(f"to {name}" for name in names[1:])]


def moved_through_cells(one: Trajectory) -> list[str]:
    """Return the cells of a moved word, without the word's column."""
    whole = one.change
    return [
        f"{whole.displacement:.3f}",
        f"{whole.peer_median:.3f}",
        f"{whole.percentile:.1f}",
        f"{whole.robust_z:.1f}",
        *(f"{step.displacement:.3f}" for step in one.steps),
    ]


def moved_through_table(comparison: SequenceComparison) -> str:
    """Return the table of the words that moved most, as HTML."""
    header = ["word", *moved_through_header(comparison.names)]
    rows = [[html_word(one.word), *moved_through_cells(one)] for one in comparison.moved]
    return html_table(header, rows, "l" + "r" * (len(header) - 1), cards=True)


def trajectory_header(names: tuple[str, ...]) -> list[str]:
    """Return the header of a table of a trajectory, without the side's column and the neighbours."""
    return ["count", f"from {names[0]}", "step"]


def trajectory_cells(one: Trajectory) -> list[list[str]]:
    """Return the cells of each side, without the side's column and the neighbours."""
    steps = ["-", *(f"{step.displacement:.3f}" for step in one.steps)]
    return [
        [format_count(count), f"{far:.3f}", step]
        for count, far, step in zip(one.counts, one.from_first, steps, strict=True)
    ]


def sequence_summary(comparison: SequenceComparison) -> str:
    """Return a sentence about the sizes of all sides and the number of words compared."""
    sizes = ", ".join(f"{name} {size:,}" for name, size in zip(comparison.names, comparison.sizes, strict=True))
    compared = len(comparison.displacements.words)
    return f"Words: {sizes}; {comparison.shared:,} are in all {len(comparison.names)}, and {compared:,} are compared."


def sequence_as_plain(comparison: SequenceComparison) -> dict[str, Any]:
    """Return a comparison as lists, dicts, strings and numbers, without the displacements of all words."""
    steps = zip(pairwise(comparison.names), comparison.moved_by_step, strict=True)
    return {
        "sides": [{"name": n, "words": size} for n, size in zip(comparison.names, comparison.sizes, strict=True)],
        "shared": comparison.shared,
        "compared": len(comparison.displacements.words),
        "moved": [asdict(one.change) for one in comparison.moved],
        "steps": [{"from": a, "to": b, "moved": [asdict(one) for one in moved]} for (a, b), moved in steps],
        "trajectories": [asdict(one) for one in comparison.queries],
        "notes": comparison.notes,
    }
