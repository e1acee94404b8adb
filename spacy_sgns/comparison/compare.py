"""Comparison of two trainings, or of a sequence of them."""

from collections.abc import Sequence
from pathlib import Path
from string import ascii_uppercase
from typing import TypeAlias, overload

from spacy_sgns.comparison.pair import compare_pair
from spacy_sgns.comparison.result import Comparison
from spacy_sgns.comparison.sequence import compare_sequence
from spacy_sgns.comparison.sequence_result import SequenceComparison
from spacy_sgns.comparison.sides import MIN_COUNT, Side
from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.vectors.word_vectors import WordVectors

VectorsOrPath: TypeAlias = WordVectors | str | Path


@overload
def compare(
    a: VectorsOrPath,
    b: VectorsOrPath,
    *,
    words: str | Sequence[str] = ...,
    n: int = ...,
    min_count: int = ...,
    names: Sequence[str] = ...,
    strict: bool = ...,
) -> Comparison: ...


@overload
def compare(
    a: VectorsOrPath,
    b: VectorsOrPath,
    c: VectorsOrPath,
    /,
    *more: VectorsOrPath,
    words: str | Sequence[str] = ...,
    n: int = ...,
    min_count: int = ...,
    names: Sequence[str] = ...,
    strict: bool = ...,
) -> SequenceComparison: ...


def compare(
    a: VectorsOrPath,
    b: VectorsOrPath,
    *more: VectorsOrPath,
    words: str | Sequence[str] = (),
    n: int = 10,
    min_count: int = MIN_COUNT,
    names: Sequence[str] = (),
    strict: bool = False,
) -> Comparison | SequenceComparison:
    """Return which words moved between two trainings, or through a sequence of more, after Procrustes alignment.

    Of two sides the result is a `Comparison`, of more a `SequenceComparison`: see the guide.

    a, b, more: vectors, or files and folders that `WordVectors.load` reads. words: query words, whose neighbours are
    listed; by default those that moved most. n: words in each list. min_count: leave out words that are rarer on a
    side with known counts. names: of the sides; by default those of the files, or A, B and so on. strict: raise
    UnknownWord if any of the words has no vector on a side, not only if all of them have none; else the result's
    `notes` name them. Raises SettingError, and SgnsError if fewer than 10 words can be compared.
    """
    given = a, b, *more
    vectors = [_loaded(one) for one in given]
    names = names or [_default_name(one, i) for i, one in enumerate(given)]
    if len(names) != len(given):
        raise SettingError(f"There must be a name for each side, got {len(names)} names and {len(given)} sides.")
    sides = [Side(name, own) for name, own in zip(names, vectors, strict=True)]
    words = [words] if isinstance(words, str) else words
    if more:
        return compare_sequence(sides, words, n, min_count, strict=strict)
    return compare_pair(sides[0], sides[1], words, n, min_count, strict=strict)


def _loaded(given: VectorsOrPath) -> WordVectors:
    """Return vectors as they are, and those of a path. Raises SgnsError."""
    if isinstance(given, WordVectors):
        return given
    if not isinstance(given, str | Path):
        raise SgnsError(
            f"WordVectors or a path are needed, got {type(given).__name__}. "
            "Of a pipeline: WordVectors.from_pipeline(nlp). Of a list: compare(*vectors)."
        )
    return WordVectors.load(given)


def _default_name(given: VectorsOrPath, i: int) -> str:
    """Return the name of a file, or the letter or number of the i-th side."""
    if isinstance(given, WordVectors):
        return ascii_uppercase[i] if i < len(ascii_uppercase) else str(i + 1)
    return Path(given).name or str(given)
