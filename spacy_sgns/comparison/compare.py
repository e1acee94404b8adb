"""Two trainings compared: joins alignment, what is usual, neighbours, and the words that one side lacks."""

from collections.abc import Sequence
from numbers import Integral
from typing import NamedTuple, TypeAlias

import numpy as np

from spacy_sgns.arrays import Ints
from spacy_sgns.comparison.moved import Alignment, beyond, intervals, peers
from spacy_sgns.comparison.neighbours import side_by_side
from spacy_sgns.comparison.procrustes import has_direction
from spacy_sgns.comparison.result import Cloud, Comparison, Counted, Moved
from spacy_sgns.errors import SettingError, SgnsError, UnknownWord, closest
from spacy_sgns.system.threads import one_blas_thread
from spacy_sgns.vectors.word_vectors import WordVectors

MIN_COUNT = 20
LEAST = 10  # words, to align at all
ENOUGH = 3  # words for each dimension


class Side(NamedTuple):
    """One of two trainings, and what it is called."""

    name: str
    vectors: WordVectors


Sides: TypeAlias = tuple[Side, Side]


def compare(
    a: WordVectors,
    b: WordVectors,
    words: Sequence[str] = (),
    n: int = 10,
    *,
    min_count: int = MIN_COUNT,
    names: tuple[str, str] = ("A", "B"),
) -> Comparison:
    """Return how the words of two trainings differ.

    words: whose neighbours are wanted, by default those that moved most. n: words in each list. min_count: words that
    are rarer on a side whose counts are known are not compared. names: of the sides, for messages. Raises UnknownWord,
    SettingError, and SgnsError where fewer than 10 words can be compared.
    """
    _check(n, min_count)
    sides = Side(names[0], a), Side(names[1], b)
    shared = _shared(sides)
    for word in words:
        _check_word(word, sides, shared)
    used = _usable(sides, shared, min_count)
    with one_blas_thread():  # threads that wait for each other make small matrices slower
        cloud, alignment = _aligned(sides, used)
        most = _order(cloud)[:n].tolist()
        asked = list(dict.fromkeys(words)) or [used[place] for place in most]
        places = _places(asked, sides[0], used)
        found = _moved(alignment, cloud, sorted({*most, *places.values()}), sides)
    return Comparison(
        names,
        (len(a), len(b)),
        len(shared),
        cloud,
        [found[place] for place in most],
        [found[places[word]] if word in places else None for word in asked],
        side_by_side(a, b, asked, n, used),
        (_only(a, b, n), _only(b, a, n)),
        _notes(sides, len(used)),
    )


def _check(n: int, min_count: int) -> None:
    for name, value in (("n", n), ("min_count", min_count)):
        if not isinstance(value, Integral) or value < 1:
            raise SettingError(f"{name} must be a whole number from 1, got {value!r}.")


def _check_word(word: str, sides: Sides, shared: Sequence[str]) -> None:
    """Raise UnknownWord if a side has no vector for a word."""
    missing = [side.name for side in sides if word not in side.vectors]
    if missing:
        raise UnknownWord(f"No vector for {word!r} in {' and '.join(missing)}. {closest(word, shared)}".rstrip())


def _shared(sides: Sides) -> list[str]:
    """Return the words of both sides, in the order of the first. Raises SgnsError if there are none."""
    words = [side.vectors.words for side in sides]
    others = set(words[1])
    found = [word for word in dict.fromkeys(words[0]) if word in others]
    if not found:
        some = [f"{side.name} has {', '.join(side.vectors.words[:3]) or 'none'}" for side in sides]
        raise SgnsError(f"No word is in both, so there is nothing to compare: {'; '.join(some)} ...")
    return found


def _usable(sides: Sides, shared: list[str], min_count: int) -> list[str]:
    """Return the shared words that are frequent enough and have a direction. Raises SgnsError if they are too few."""
    good = np.ones(len(shared), bool)
    for _, vectors in sides:
        rows = _rows(vectors, shared)
        good &= has_direction(vectors.rows[rows])
        if vectors.counts is not None:
            good &= vectors.counts[rows] >= min_count
    if good.sum() < LEAST:
        raise SgnsError(
            f"{LEAST} words are needed to compare, that occur at least {min_count} times on each side: of "
            f"{len(shared):,} words that both have, {good.sum()} do. Lower --min-count, or train on more text."
        )
    return [word for word, fits in zip(shared, good, strict=True) if fits]


def _aligned(sides: Sides, words: list[str]) -> tuple[Cloud, Alignment]:
    """Return how far all compared words moved, and the alignment."""
    rows = [_rows(side.vectors, words) for side in sides]
    alignment = Alignment(*(side.vectors.rows[own] for side, own in zip(sides, rows, strict=True)))
    values = alignment.displacements()
    both = list(zip((side.vectors.counts for side in sides), rows, strict=True))
    counts = [counts[own] for counts, own in both if counts is not None]
    frequency = np.min(counts or [-1 - own for own in rows], axis=0)
    return Cloud(words, values, frequency, peers(values, frequency), bool(counts)), alignment


def _order(cloud: Cloud) -> Ints:
    """Return the places of all words, those first that are furthest beyond what is usual."""
    return np.argsort(-beyond(cloud.values, cloud.peers), kind="stable")


def _moved(alignment: Alignment, cloud: Cloud, places: list[int], sides: Sides) -> dict[int, Moved]:
    """Return, for some places in the cloud, how far their words moved."""
    values, far = cloud.values[places], beyond(cloud.values, cloud.peers)[places]
    ends = intervals(values, alignment.resampled(np.array(places)))
    columns = values, *ends, cloud.peers.usual[places], cloud.peers.percentile[places], far
    found = {}
    for place, figures in zip(places, np.stack(columns, axis=1).tolist(), strict=True):
        value, low, high, usual, percentile, spreads = figures
        word = cloud.words[place]
        counts = sides[0].vectors.count(word), sides[1].vectors.count(word)
        found[place] = Moved(word, value, low, high, usual, percentile, spreads, counts)
    return found


def _places(words: Sequence[str], side: Side, used: list[str]) -> dict[str, int]:
    """Return the place among the compared words of each word that is one, or a form of one."""
    place = {word: at for at, word in enumerate(used)}
    named = {word: side.vectors.words[side.vectors.row_of[word]] for word in words}
    return {word: place[name] for word, name in named.items() if name in place}


def _only(side: WordVectors, other: WordVectors, n: int) -> Counted:
    """Return the n most frequent words of a side that have no vector on the other, with counts if they are known."""
    words = dict.fromkeys(side.words[row] for row in side.most_frequent(len(side)))
    found = (word for word in words if word not in other)
    return [(word, side.count(word)) for word, _ in zip(found, range(n), strict=False)]


def _rows(vectors: WordVectors, words: Sequence[str]) -> Ints:
    return np.array([vectors.row_of[word] for word in words], np.intp)


def _notes(sides: Sides, used: int) -> list[str]:
    """Return what the reader of a comparison of so many words should know of it."""
    widths = [side.vectors.rows.shape[1] for side in sides]
    wanted = ENOUGH * max(widths)
    unknown = [side.name for side in sides if side.vectors.counts is None]
    found = []
    if unknown:
        found.append(f"Counts are not known for {' and '.join(unknown)}: no word is left out for being rare there.")
    if len(unknown) == 2:
        found.append("Peers are words that stand near each other in the files, which are usually sorted by frequency.")
    if widths[0] != widths[1]:
        found.append(f"Vectors of {widths[0]} and {widths[1]} dimensions: the shorter ones are filled up with zeros.")
    if used < wanted:
        found.append(
            f"{used:,} words are few to align {max(widths)} dimensions by, some {wanted:,} are wanted: displacements "
            "are too large, and neighbours say more. Lower --min-count, or train on more text."
        )
    return found
