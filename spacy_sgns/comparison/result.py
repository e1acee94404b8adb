"""The result of a comparison, its tables for people, and its JSON for programs."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.comparison.common_space import CommonSpace
from spacy_sgns.comparison.displacements import MAX_PEERS, Peers, robust_z
from spacy_sgns.comparison.html import html_table, html_word
from spacy_sgns.comparison.neighbours import NeighbourLists, Neighbours
from spacy_sgns.drawing.text import escaped
from spacy_sgns.vectors.data_frame import data_frame
from spacy_sgns.vectors.word_vectors import WordVectors

EXPLANATION = (
    "Displacement: 1 - cosine of a word's two vectors after orthogonal Procrustes alignment.",
    "95 %: bootstrap interval over the words that the alignment is fitted on. It covers the uncertainty of the "
    "alignment, not the variation between other texts of the same kind or other seeds of training.",
    f"Peers: the {MAX_PEERS} words (a fifth of all, if fewer) nearest in count. The displacement that chance alone "
    "causes depends on how frequent a word is, so words are compared with their peers. Percentile: the share of peers "
    "with a smaller displacement.",
    "Sorted by robust z: displacement minus the peers' median, in units of their median absolute deviation.",
)
CountedWords: TypeAlias = list[tuple[str, int | None]]


@dataclass(frozen=True)
class MovedWord:
    """The displacement of a word, 0 to 2, with its 95 % interval, its comparison with its peers, and its counts.

    peer_median: the median displacement of the peers. percentile: of the displacement among those of the peers, 0 to
    100. robust_z: displacement minus `peer_median`, in units of the peers' median absolute deviation. counts: on both
    sides, None if unknown.
    """

    word: str
    displacement: float
    low: float
    high: float
    peer_median: float
    percentile: float
    robust_z: float
    counts: tuple[int | None, int | None]


@dataclass(frozen=True)
class Displacements:
    """The displacements of all compared words, `(n,)` each.

    frequency: the lower of the known counts. If no counts are known, `has_counts` is false and frequency is minus the
    higher of the two ranks in the files.
    """

    words: list[str]
    values: Floats
    frequency: Floats
    peers: Peers
    has_counts: bool

    def x_values(self) -> Floats:
        """Return the positions of the words on the x axis of a picture, `(n,)`, from 1."""
        return self.frequency if self.has_counts else -self.frequency

    def table(self) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Return the header and a row for each word, the highest robust z first."""
        order = self.by_robust_z()
        frequency = "count" if self.has_counts else "rank"
        numbers = self.values, self.peers.median, self.peers.percentile, self.robust_z, self.x_values()
        columns = [[self.words[i] for i in order], *(values[order].tolist() for values in numbers)]
        header = ["word", "displacement", "peer_median", "percentile", "robust_z", frequency]
        return header, list(zip(*columns, strict=True))

    def by_robust_z(self) -> Ints:
        """Return the indices of all words, the highest robust z first."""
        return np.argsort(-self.robust_z, kind="stable")

    @property
    def robust_z(self) -> Floats:
        """The robust z-score of each word among its peers, `(n,)`."""
        return robust_z(self.values, self.peers)

    @property
    def x_label(self) -> str:
        """The label of the x axis."""
        return "count (the lower of both sides)" if self.has_counts else "rank in the file (the higher of both sides)"


@dataclass(frozen=True, repr=False)
class Comparison:
    """The result of comparing two trainings.

    names, sizes: of the sides, in words. shared: number of words on both sides. displacements: of the shared words that
    are compared. moved: the words that moved most, sorted. neighbours: of the query words. queries: the displacements
    of the query words, None for a word that is not compared. only: for each side its most frequent words without a
    vector on the other, with counts if known. notes: warnings for the reader. aligned: for each side its vectors in the
    common space.
    """

    names: tuple[str, str]
    sizes: tuple[int, int]
    shared: int
    displacements: Displacements
    moved: list[MovedWord]
    queries: list[MovedWord | None]
    neighbours: list[Neighbours]
    only: tuple[CountedWords, CountedWords]
    notes: list[str]
    space: CommonSpace = field(compare=False)

    def __repr__(self) -> str:
        most, compared = ", ".join(one.word for one in self.moved[:3]), len(self.displacements.words)
        return f"<Comparison: {', '.join(self.names)}; {compared} words compared; moved most: {most}{told(self.notes)}>"

    def _repr_html_(self) -> str:
        return f"<p>{escaped(summary(self))}</p>{moved_table(self)}"

    @property
    def aligned(self) -> list[WordVectors]:
        """The vectors of each side in the common space: unit rows of all its words, minus the mean, rotated."""
        return list(self.space)

    def to_dataframe(self) -> Any:
        """Return a pandas DataFrame with a row for each compared word, the highest robust z first.

        count: the lower of both sides, or `rank` in the files if no counts are known. SgnsError: without pandas.
        """
        header, rows = self.displacements.table()
        return data_frame(rows, header)


def summary(comparison: Comparison) -> str:
    """Return a sentence about the sizes of both sides and the number of words compared."""
    a, b = (f"{name} has {size:,} words" for name, size in zip(comparison.names, comparison.sizes, strict=True))
    compared = len(comparison.displacements.words)
    return f"{a}, {b}; {comparison.shared:,} are in both, and {compared:,} of these are compared."


def moved_header(names: tuple[str, str]) -> list[str]:
    """Return the header of a table of moved words, without the word's column. names: of the two sides."""
    return ["displacement", "95 %", "peer median", "percentile", "robust z", *(f"count in {name}" for name in names)]


def moved_cells(moved: MovedWord) -> list[str]:
    """Return the cells of a moved word, without the word's column."""
    return [
        f"{moved.displacement:.3f}",
        f"{moved.low:.3f} to {moved.high:.3f}",
        f"{moved.peer_median:.3f}",
        f"{moved.percentile:.1f}",
        f"{moved.robust_z:.1f}",
        *map(format_count, moved.counts),
    ]


def moved_table(comparison: Comparison) -> str:
    """Return the table of the words that moved most, as HTML."""
    rows = [[html_word(moved.word), *moved_cells(moved)] for moved in comparison.moved]
    return html_table(["word", *moved_header(comparison.names)], rows, "l" + "r" * 7, cards=True)


def told(notes: list[str]) -> str:
    """Return the end of a repr that points to notes, if there are any."""
    return f"; see .notes ({len(notes)})" if notes else ""


def format_count(count: int | None) -> str:
    """Return a count with thousands separators, or a dash if it is unknown."""
    return "-" if count is None else f"{count:,}"


def as_plain(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as lists, dicts, strings and numbers, without the displacements of all words."""
    sides = {
        key: {"name": name, "words": size, "only": [{"word": word, "count": count} for word, count in only]}
        for key, name, size, only in zip("ab", comparison.names, comparison.sizes, comparison.only, strict=True)
    }
    return {
        **sides,
        "shared": comparison.shared,
        "compared": len(comparison.displacements.words),
        "moved": [_plain_moved(moved) for moved in comparison.moved],
        "neighbours": [
            _plain_neighbours(neighbours, moved)
            for neighbours, moved in zip(comparison.neighbours, comparison.queries, strict=True)
        ],
        "notes": comparison.notes,
    }


def _plain_moved(moved: MovedWord) -> dict[str, Any]:
    counts = dict(zip(("count_a", "count_b"), moved.counts, strict=True))
    return {**{name: value for name, value in vars(moved).items() if name != "counts"}, **counts}


def _plain_neighbours(neighbours: Neighbours, moved: MovedWord | None) -> dict[str, Any]:
    return {
        "word": neighbours.word,
        "overlap": neighbours.overlap,
        "moved": _plain_moved(moved) if moved else None,
        "compared": _plain_lists(neighbours.compared),
        "all": _plain_lists(neighbours.all),
    }


def _plain_lists(lists: NeighbourLists) -> dict[str, Any]:
    return {key: [list(pair) for pair in words] for key, words in zip("ab", lists, strict=True)}
