"""Comparison of two trainings: alignment, displacements, neighbours, and the words that one side lacks."""

from collections.abc import Sequence
from numbers import Integral
from typing import NamedTuple, TypeAlias

import numpy as np

from spacy_sgns.arrays import Ints
from spacy_sgns.comparison.displacements import Alignment, intervals, peers, robust_z
from spacy_sgns.comparison.neighbours import side_by_side
from spacy_sgns.comparison.procrustes import has_direction
from spacy_sgns.comparison.result import Comparison, CountedWords, Displacements, MovedWord
from spacy_sgns.errors import SettingError, SgnsError, UnknownWord, closest
from spacy_sgns.system.threads import one_blas_thread
from spacy_sgns.vectors.word_vectors import WordVectors

MIN_COUNT = 20
MIN_WORDS = 10  # to align at all
WORDS_PER_DIMENSION = 3  # for a good alignment


class Side(NamedTuple):
    """One of the two trainings, with its name."""

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
    strict: bool = False,
) -> Comparison:
    """Return the comparison of two trainings.

    words: query words, whose neighbours are listed; by default the words that moved most. n: words in each list.
    min_count: leave out words that are rarer on a side with known counts. names: of the sides, for messages. strict:
    raise UnknownWord if any of the words has no vector on a side, not only if all of them have none. Raises
    SettingError, and SgnsError if fewer than 10 words can be compared.
    """
    _check(n, min_count)
    sides = Side(names[0], a), Side(names[1], b)
    shared = _shared_words(sides)
    words, unknown = _known_words(words, sides, shared, strict=strict)
    compared = _comparable_words(sides, shared, min_count)
    with one_blas_thread():  # synchronizing threads costs more than small matrices gain
        displacements, alignment = _align(sides, compared)
        most = _by_robust_z(displacements)[:n].tolist()
        queries = words or [compared[index] for index in most]
        index_of = _indices(queries, sides[0], compared)
        moved = _moved_words(alignment, displacements, sorted({*most, *index_of.values()}), sides)
    return Comparison(
        names,
        (len(a), len(b)),
        len(shared),
        displacements,
        [moved[index] for index in most],
        [moved[index_of[word]] if word in index_of else None for word in queries],
        side_by_side(a, b, queries, n, compared),
        (_only(a, b, n), _only(b, a, n)),
        [*unknown, *_notes(sides, len(compared))],
    )


def _check(n: int, min_count: int) -> None:
    for name, value in (("n", n), ("min_count", min_count)):
        if not isinstance(value, Integral) or value < 1:
            raise SettingError(f"{name} must be a whole number from 1, got {value!r}.")


def _known_words(
    words: Sequence[str], sides: Sides, shared: Sequence[str], *, strict: bool
) -> tuple[list[str], list[str]]:
    """Return the words with a vector on both sides, and a message for each other one. Raises UnknownWord."""
    missing = {word: [side.name for side in sides if word not in side.vectors] for word in dict.fromkeys(words)}
    known = [word for word, names in missing.items() if not names]
    unknown = [
        f"No vector for {word!r} in {' and '.join(names)}. {closest(word, shared)}".rstrip()
        for word, names in missing.items()
        if names
    ]
    if unknown and (strict or not known):
        raise UnknownWord(" ".join(unknown))
    return known, unknown


def _shared_words(sides: Sides) -> list[str]:
    """Return the words of both sides, in the order of the first. Raises SgnsError if there are none."""
    words = [side.vectors.words for side in sides]
    other = set(words[1])
    shared = [word for word in dict.fromkeys(words[0]) if word in other]
    if not shared:
        examples = [f"{side.name} has {', '.join(side.vectors.words[:3]) or 'none'}" for side in sides]
        raise SgnsError(f"No word is on both sides, so there is nothing to compare: {'; '.join(examples)} ...")
    return shared


def _comparable_words(sides: Sides, shared: list[str], min_count: int) -> list[str]:
    """Return the shared words that are frequent enough and have a direction. Raises SgnsError if they are too few."""
    comparable = np.ones(len(shared), bool)
    for _, vectors in sides:
        rows = _rows(vectors, shared)
        comparable &= has_direction(vectors.rows[rows])
        if vectors.counts is not None:
            comparable &= vectors.counts[rows] >= min_count
    if comparable.sum() < MIN_WORDS:
        raise SgnsError(
            f"A comparison needs at least {MIN_WORDS} words that occur at least {min_count} times on each side: of "
            f"{len(shared):,} shared words, {comparable.sum()} do. Lower --min-count, or train on more text."
        )
    return [word for word, fits in zip(shared, comparable, strict=True) if fits]


def _align(sides: Sides, words: list[str]) -> tuple[Displacements, Alignment]:
    """Return the displacements of all compared words, and the alignment."""
    rows = [_rows(side.vectors, words) for side in sides]
    alignment = Alignment(*(side.vectors.rows[own] for side, own in zip(sides, rows, strict=True)))
    values = alignment.displacements()
    counts = [s.vectors.counts[own] for s, own in zip(sides, rows, strict=True) if s.vectors.counts is not None]
    frequency = np.min(counts or [-1 - own for own in rows], axis=0)
    return Displacements(words, values, frequency, peers(values, frequency), bool(counts)), alignment


def _by_robust_z(displacements: Displacements) -> Ints:
    """Return the indices of all words, the highest robust z first."""
    return np.argsort(-robust_z(displacements.values, displacements.peers), kind="stable")


def _moved_words(
    alignment: Alignment, displacements: Displacements, indices: list[int], sides: Sides
) -> dict[int, MovedWord]:
    """Return the displacements of the words at some indices, with intervals and counts."""
    values, peers = displacements.values[indices], displacements.peers
    low, high = intervals(values, alignment.resample(np.array(indices)))
    z = robust_z(displacements.values, peers)[indices]
    columns = values, low, high, peers.median[indices], peers.percentile[indices], z
    moved = {}
    for index, numbers in zip(indices, np.stack(columns, axis=1).tolist(), strict=True):
        word = displacements.words[index]
        counts = sides[0].vectors.count(word), sides[1].vectors.count(word)
        value, start, end, median, percentile, z_score = numbers
        moved[index] = MovedWord(word, value, start, end, median, percentile, z_score, counts)
    return moved


def _indices(words: Sequence[str], side: Side, compared: list[str]) -> dict[str, int]:
    """Return the index among the compared words of each word that is one of them, or a form of one."""
    index = {word: i for i, word in enumerate(compared)}
    canonical = {word: side.vectors.words[side.vectors.row_of[word]] for word in words}
    return {word: index[name] for word, name in canonical.items() if name in index}


def _only(side: WordVectors, other: WordVectors, n: int) -> CountedWords:
    """Return the n most frequent words of a side that have no vector on the other, with counts if known."""
    words = dict.fromkeys(side.words[row] for row in side.most_frequent(len(side)))
    only = (word for word in words if word not in other)
    return [(word, side.count(word)) for word, _ in zip(only, range(n), strict=False)]


def _rows(vectors: WordVectors, words: Sequence[str]) -> Ints:
    return np.array([vectors.row_of[word] for word in words], np.intp)


def _notes(sides: Sides, compared: int) -> list[str]:
    """Return warnings about a comparison. compared: number of words."""
    dims = [side.vectors.rows.shape[1] for side in sides]
    wanted = WORDS_PER_DIMENSION * max(dims)
    unknown = [side.name for side in sides if side.vectors.counts is None]
    notes = []
    if unknown:
        notes.append(f"Counts are unknown for {' and '.join(unknown)}: rare words of that side are not left out.")
    if len(unknown) == 2:
        notes.append("Peers are the words nearest in the files, which are usually sorted by frequency.")
    if dims[0] != dims[1]:
        notes.append(f"Vectors of {dims[0]} and {dims[1]} dimensions: the shorter ones are padded with zeros.")
    if compared < wanted:
        notes.append(
            f"{compared:,} words are few for an alignment in {max(dims)} dimensions, which needs about {wanted:,}: "
            "displacements are overestimated, so trust the neighbours more. Lower --min-count, or train on more text."
        )
    return notes
