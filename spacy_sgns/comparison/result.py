"""What a comparison finds, also in words and as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from spacy_sgns.arrays import Floats
from spacy_sgns.comparison.moved import PEERS, Peers
from spacy_sgns.comparison.neighbours import Neighbours

METHOD = (
    "Displacement: 1 - cosine of a word's two vectors after orthogonal Procrustes alignment.",
    "95 %: a bootstrap over the words that the alignment is fitted on. It says how sure the alignment is, not what "
    "other texts of the same kind, or another seed of training, would change.",
    f"Usual, percentile: the median of the {PEERS} words (a fifth of all, if fewer) nearest in count, and how many "
    "of a hundred of them moved less. How far words move by chance depends on how frequent they are.",
    "Sorted by beyond: displacement less usual, in spreads (median absolute deviations) of these words.",
)
Counted: TypeAlias = list[tuple[str, int | None]]


@dataclass(frozen=True)
class Moved:
    """A word's displacement, 0 to 2, with the ends of its 95 % interval, beside its peers, and its counts if known.

    usual: the median displacement of its peers. percentile: how many of a hundred peers moved less. beyond:
    displacement less usual, in spreads of the peers; words are sorted by it.
    """

    word: str
    displacement: float
    low: float
    high: float
    usual: float
    percentile: float
    beyond: float
    counts: tuple[int | None, int | None]


@dataclass(frozen=True)
class Cloud:
    """All compared words, `(n,)` each. values: displacements. frequency: the lower of the counts that are known.

    counted: whether any are; if not, frequency is minus the later of the two places in the files.
    """

    words: list[str]
    values: Floats
    frequency: Floats
    peers: Peers
    counted: bool

    def across(self) -> Floats:
        """Return what a picture sets the words out by, `(n,)`, from 1."""
        return self.frequency if self.counted else -self.frequency

    @property
    def measure(self) -> str:
        """What `across` is."""
        return "count, the lower of both sides" if self.counted else "place in the files, the later of both"


@dataclass(frozen=True)
class Comparison:
    """Two trainings compared.

    sizes: words of each. shared: words that both have. cloud: those of them that are compared. moved: the words that
    moved most, the first most. asked: how far the words moved whose `neighbours` are given, None for one that is not
    compared. only: of each side the most frequent words without a vector on the other, with counts if they are known.
    notes: what the reader should know.
    """

    names: tuple[str, str]
    sizes: tuple[int, int]
    shared: int
    cloud: Cloud
    moved: list[Moved]
    asked: list[Moved | None]
    neighbours: list[Neighbours]
    only: tuple[Counted, Counted]
    notes: list[str]


def summary(found: Comparison) -> str:
    """Return in a sentence what was compared."""
    a, b = (f"{name} has {size:,} words" for name, size in zip(found.names, found.sizes, strict=True))
    return f"{a}, {b}; {found.shared:,} are in both, and {len(found.cloud.words):,} of these are compared."


def columns(names: tuple[str, str]) -> list[str]:
    """Return what a table of moved words calls the columns after the word. names: of the two sides."""
    return ["displacement", "95 %", "usual", "percentile", "beyond", *(f"count in {name}" for name in names)]


def cells(one: Moved) -> list[str]:
    """Return these columns of a moved word, as people read them."""
    return [
        f"{one.displacement:.3f}",
        f"{one.low:.3f} to {one.high:.3f}",
        f"{one.usual:.3f}",
        f"{one.percentile:.1f}",
        f"{one.beyond:.1f}",
        *map(written, one.counts),
    ]


def written(count: int | None) -> str:
    """Return a count as people read it, a dash where it is not known."""
    return "-" if count is None else f"{count:,}"


def plain(found: Comparison) -> dict[str, Any]:
    """Return a comparison as plain values, without the cloud."""
    sides = {
        key: {"name": name, "words": size, "only": [{"word": word, "count": count} for word, count in only]}
        for key, name, size, only in zip("ab", found.names, found.sizes, found.only, strict=True)
    }
    return {
        **sides,
        "shared": found.shared,
        "compared": len(found.cloud.words),
        "moved": [_plain_moved(one) for one in found.moved],
        "neighbours": [_plain_neighbours(*both) for both in zip(found.neighbours, found.asked, strict=True)],
        "notes": found.notes,
    }


def _plain_moved(one: Moved) -> dict[str, Any]:
    counts = dict(zip(("count_a", "count_b"), one.counts, strict=True))
    return {**{name: value for name, value in vars(one).items() if name != "counts"}, **counts}


def _plain_neighbours(one: Neighbours, moved: Moved | None) -> dict[str, Any]:
    return {
        "word": one.word,
        "overlap": one.overlap,
        "moved": _plain_moved(moved) if moved else None,
        "shared": _plain_sides(one.shared),
        "plain": _plain_sides(one.plain),
    }


def _plain_sides(sides: Sequence[Sequence[tuple[str, float]]]) -> dict[str, Any]:
    return {key: [list(pair) for pair in found] for key, found in zip("ab", sides, strict=True)}
