"""Comparison of three or more trainings in a sequence, such as slices of years."""

from collections.abc import Iterable, Sequence

import numpy as np

from spacy_sgns.comparison.common_space import CommonSpace, unit_tables
from spacy_sgns.comparison.displacements import peers
from spacy_sgns.comparison.generalized import displacements_between
from spacy_sgns.comparison.result import Displacements
from spacy_sgns.comparison.sequence_result import SequenceComparison, Shift, Trajectory
from spacy_sgns.comparison.sides import (
    Sides,
    check_numbers,
    comparable_words,
    frequency,
    indices,
    known_words,
    notes,
    shared_words,
)
from spacy_sgns.errors import SgnsError
from spacy_sgns.system.threads import one_blas_thread


def compare_sequence(sides: Sides, words: Sequence[str], n: int, min_count: int, *, strict: bool) -> SequenceComparison:
    """Return the comparison of three or more trainings. Other arguments and errors: as of `compare`."""
    check_numbers(n, min_count)
    shared = shared_words(sides)
    known, unknown = known_words(words, sides, shared, strict=strict)
    compared = comparable_words(sides, shared, min_count)
    index_of = indices(known, sides[0], compared)
    rare = _not_compared([word for word in known if word not in index_of], min_count, all_of_them=not index_of)
    with one_blas_thread():  # synchronizing threads costs more than small matrices gain
        between = displacements_between(unit_tables(sides, compared))
    whole = _displacements(sides, compared, between, 0, len(sides) - 1)
    steps = [_displacements(sides, compared, between, i, i + 1) for i in range(len(sides) - 1)]
    most = whole.by_robust_z()[:n].tolist()
    chosen = sorted({*most, *index_of.values()})
    trajectories = _trajectories(chosen, sides, between, (whole, *steps), n)
    return SequenceComparison(
        tuple(side.name for side in sides),
        tuple(len(side.vectors) for side in sides),
        len(shared),
        whole,
        steps,
        between,
        [trajectories[index] for index in most],
        [[_shift(step, index) for index in step.by_robust_z()[:n].tolist()] for step in steps],
        [trajectories[index] for index in index_of.values()] or [trajectories[index] for index in most],
        [*unknown, *rare, *notes(sides, len(compared))],
        CommonSpace(sides, compared),
    )


def _not_compared(words: Sequence[str], min_count: int, *, all_of_them: bool) -> list[str]:
    """Return a message for each word that is not compared. Raises SgnsError if all query words are such words."""
    found = [
        f"{word!r} is not compared: on a side it occurs less than {min_count} times, or its vector is zero. "
        "Lower --min-count."
        for word in words
    ]
    if found and all_of_them:
        raise SgnsError(" ".join(found))
    return found


def _displacements(sides: Sides, words: list[str], between: np.ndarray, a: int, b: int) -> Displacements:
    """Return the displacements of all compared words between two sides, by their indices."""
    order, has_counts = frequency([sides[a], sides[b]], words)
    values = between[a, b]
    return Displacements(words, values, order, peers(values, order), has_counts)


def _trajectories(
    chosen: Iterable[int], sides: Sides, between: np.ndarray, changes: Sequence[Displacements], n: int
) -> dict[int, Trajectory]:
    """Return the trajectories of the words at some indices. changes: from first to last, and in each step."""
    whole, *steps = changes
    words = [whole.words[index] for index in chosen]
    near = [side.vectors.most_similar_batch(words, n, among=whole.words) for side in sides]
    return {
        index: Trajectory(
            whole.words[index],
            tuple(vectors.count(whole.words[index]) for _, vectors in sides),
            between[0, :, index].tolist(),
            _shift(whole, index),
            [_shift(step, index) for step in steps],
            list(neighbours),
        )
        for index, neighbours in zip(chosen, zip(*near, strict=True), strict=True)
    }


def _shift(displacements: Displacements, i: int) -> Shift:
    peers = displacements.peers
    numbers = (displacements.values, peers.median, peers.percentile, displacements.robust_z)
    return Shift(displacements.words[i], *(float(values[i]) for values in numbers))
