"""Comparison of two trainings: alignment, displacements, neighbours, and the words that one side lacks."""

from collections.abc import Sequence

import numpy as np

from spacy_sgns.comparison.common_space import CommonSpace
from spacy_sgns.comparison.displacements import Alignment, intervals, peers
from spacy_sgns.comparison.neighbours import side_by_side
from spacy_sgns.comparison.result import Comparison, CountedWords, Displacements, MovedWord
from spacy_sgns.comparison.sides import (
    Side,
    Sides,
    check_numbers,
    comparable_words,
    frequency,
    indices,
    known_words,
    notes,
    rows_of,
    shared_words,
)
from spacy_sgns.system.threads import one_blas_thread
from spacy_sgns.vectors.word_vectors import WordVectors


def compare_pair(a: Side, b: Side, words: Sequence[str], n: int, min_count: int, *, strict: bool) -> Comparison:
    """Return the comparison of two trainings. Other arguments and errors: as of `compare`."""
    check_numbers(n, min_count)
    sides = a, b
    shared = shared_words(sides)
    words, unknown = known_words(words, sides, shared, strict=strict)
    compared = comparable_words(sides, shared, min_count)
    with one_blas_thread():  # synchronizing threads costs more than small matrices gain
        displacements, alignment = _align(sides, compared)
        most = displacements.by_robust_z()[:n].tolist()
        queries = words or [compared[index] for index in most]
        index_of = indices(queries, a, compared)
        moved = _moved_words(alignment, displacements, sorted({*most, *index_of.values()}), sides)
    return Comparison(
        (a.name, b.name),
        (len(a.vectors), len(b.vectors)),
        len(shared),
        displacements,
        [moved[index] for index in most],
        [moved[index_of[word]] if word in index_of else None for word in queries],
        side_by_side(a.vectors, b.vectors, queries, n, compared),
        (_only(a.vectors, b.vectors, n), _only(b.vectors, a.vectors, n)),
        [*unknown, *notes(sides, len(compared))],
        CommonSpace(sides, compared),
    )


def _align(sides: Sides, words: list[str]) -> tuple[Displacements, Alignment]:
    """Return the displacements of all compared words, and the alignment."""
    alignment = Alignment(*(side.vectors.rows[rows_of(side.vectors, words)] for side in sides))
    values = alignment.displacements()
    order, has_counts = frequency(sides, words)
    return Displacements(words, values, order, peers(values, order), has_counts), alignment


def _moved_words(
    alignment: Alignment, displacements: Displacements, indices: list[int], sides: Sides
) -> dict[int, MovedWord]:
    """Return the displacements of the words at some indices, with intervals and counts."""
    values, peers = displacements.values[indices], displacements.peers
    low, high = intervals(values, alignment.resample(np.array(indices)))
    z = displacements.robust_z[indices]
    columns = values, low, high, peers.median[indices], peers.percentile[indices], z
    moved = {}
    for index, numbers in zip(indices, np.stack(columns, axis=1).tolist(), strict=True):
        word = displacements.words[index]
        counts = sides[0].vectors.count(word), sides[1].vectors.count(word)
        value, start, end, median, percentile, z_score = numbers
        moved[index] = MovedWord(word, value, start, end, median, percentile, z_score, counts)
    return moved


def _only(side: WordVectors, other: WordVectors, n: int) -> CountedWords:
    """Return the n most frequent words of a side that have no vector on the other, with counts if known."""
    words = dict.fromkeys(side.words[row] for row in side.most_frequent_rows(len(side)))
    only = (word for word in words if word not in other)
    return [(word, side.count(word)) for word, _ in zip(only, range(n), strict=False)]
