"""The trainings that are compared, the words they share, and what the reader should know about them."""

from collections.abc import Iterable, Sequence
from numbers import Integral
from typing import NamedTuple, TypeAlias

import numpy as np

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.comparison.procrustes import has_direction
from spacy_sgns.errors import SettingError, SgnsError, UnknownWord, closest
from spacy_sgns.vectors.queries import MAX_NAMED
from spacy_sgns.vectors.word_vectors import WordVectors

MIN_COUNT = 20
MIN_WORDS = 10  # to align at all
WORDS_PER_DIMENSION = 3  # for a good alignment


class Side(NamedTuple):
    """One of the trainings, with its name."""

    name: str
    vectors: WordVectors


Sides: TypeAlias = Sequence[Side]


def check_numbers(n: int, min_count: int) -> None:
    """Raise SettingError for a number out of its range."""
    for name, value in (("n", n), ("min_count", min_count)):
        if not isinstance(value, Integral) or value < 1:
            raise SettingError(f"{name} must be a whole number from 1, got {value!r}.")


def shared_words(sides: Sides) -> list[str]:
    """Return the words of all sides, in the order of the first. Raises SgnsError if there are none."""
    others = set(sides[1].vectors.words).intersection(*(side.vectors.words for side in sides[2:]))
    shared = [word for word in dict.fromkeys(sides[0].vectors.words) if word in others]
    if not shared:
        where = "both" if len(sides) == 2 else f"all {len(sides)}"
        examples = [f"{side.name} has {', '.join(side.vectors.words[:3]) or 'none'}" for side in sides]
        raise SgnsError(f"No word is on {where} sides, so there is nothing to compare: {'; '.join(examples)} ...")
    return shared


def known_words(
    words: Iterable[str], sides: Sides, shared: Sequence[str], *, strict: bool
) -> tuple[list[str], list[str]]:
    """Return the words with a vector on all sides, and a message for each other one.

    Raises UnknownWord if all words are such others, or if any is and `strict` is true.
    """
    missing = {word: [side.name for side in sides if word not in side.vectors] for word in dict.fromkeys(words)}
    known = [word for word, names in missing.items() if not names]
    others = [(word, " and ".join(names)) for word, names in missing.items() if names]
    unknown = [
        f"No vector for {word!r} in {where}. {closest(word, shared)}".rstrip() for word, where in others[:MAX_NAMED]
    ]
    if len(others) > MAX_NAMED:
        unknown.append(f"Nor for {len(others) - MAX_NAMED:,} others.")
    if unknown and (strict or not known):
        raise UnknownWord(" ".join(unknown))
    return known, unknown


def comparable_words(sides: Sides, shared: list[str], min_count: int) -> list[str]:
    """Return the shared words that are frequent enough and have a direction. Raises SgnsError if they are too few."""
    comparable = np.ones(len(shared), bool)
    for _, vectors in sides:
        rows = rows_of(vectors, shared)
        comparable &= has_direction(vectors.rows[rows])
        if vectors.counts is not None:
            comparable &= vectors.counts[rows] >= min_count
    if comparable.sum() < MIN_WORDS:
        raise SgnsError(
            f"A comparison needs at least {MIN_WORDS} words that occur at least {min_count} times on each side: of "
            f"{len(shared):,} shared words, {comparable.sum()} do. Lower --min-count, or train on more text."
        )
    return [word for word, fits in zip(shared, comparable, strict=True) if fits]


def rows_of(vectors: WordVectors, words: Sequence[str]) -> Ints:
    """Return the indices of the rows of words, `(n,)`."""
    return np.array([vectors.row_of[word] for word in words], np.intp)


def frequency(sides: Sides, words: Sequence[str]) -> tuple[Floats, bool]:
    """Return the lowest known count of each word, `(n,)`, and true; or minus its highest rank in the files, and false.

    Ranks are for sides of which none has counts: files are usually sorted by frequency.
    """
    rows = [rows_of(side.vectors, words) for side in sides]
    counts = [s.vectors.counts[own] for s, own in zip(sides, rows, strict=True) if s.vectors.counts is not None]
    return np.min(counts or [-1 - own for own in rows], axis=0), bool(counts)


def indices(words: Iterable[str], side: Side, compared: Sequence[str]) -> dict[str, int]:
    """Return the index among the compared words of each word that is one of them, or a form of one."""
    index = {word: i for i, word in enumerate(compared)}
    canonical = {word: side.vectors.words[side.vectors.row_of[word]] for word in words}
    return {word: index[name] for word, name in canonical.items() if name in index}


def notes(sides: Sides, compared: int) -> list[str]:
    """Return warnings about a comparison. compared: number of words."""
    dims = sorted({side.vectors.rows.shape[1] for side in sides})
    wanted = WORDS_PER_DIMENSION * dims[-1]
    unknown = [side.name for side in sides if side.vectors.counts is None]
    found = []
    if unknown:
        which = "that side" if len(unknown) == 1 or len(sides) == 2 else "these sides"
        found.append(f"Counts are unknown for {' and '.join(unknown)}: rare words of {which} are not left out.")
    if len(unknown) == len(sides):
        found.append("Peers are the words nearest in the files, which are usually sorted by frequency.")
    if len(dims) > 1:
        mixed = " and ".join(str(side.vectors.rows.shape[1]) for side in sides)
        found.append(f"Vectors of {mixed} dimensions: the shorter ones are padded with zeros.")
    if compared < wanted:
        found.append(
            f"{compared:,} words are few for an alignment in {dims[-1]} dimensions, which needs about {wanted:,}: "
            "displacements are overestimated, so trust the neighbours more. Lower --min-count, or train on more text."
        )
    return found
