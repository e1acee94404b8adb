"""Groups of words that share a colour: clusters, or groups from a file."""

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.system.files import read_lines

MAX_GROUPS = 32  # that colours and markers can tell apart
INITIALIZATIONS, MAX_ITERATIONS = 10, 300  # of k-means
TOLERANCE = 1e-12  # of squared distances between unit vectors
TYPICAL_WORDS = 3  # in the name of a cluster


class Grouping(NamedTuple):
    """Groups of words. names: of the groups. of: `(n,)` the group of each word, -1 for none. by: the method or file.

    from_file: whether the user named the groups.
    """

    names: list[str]
    of: Ints
    by: str
    from_file: bool = False


def by_clusters(words: Sequence[str], directions: Floats, count: int, seed: int) -> Grouping:
    """Return clusters of words by their unit vectors `(n, d)`, each named by its most typical words.

    There are fewer clusters if there are fewer words. Raises SettingError for a count that is not from 1 to 32.
    """
    if not 1 <= count <= MAX_GROUPS:
        raise SettingError(f"clusters must be from 1 to {MAX_GROUPS}, got {count}.")
    of = k_means(directions, min(count, len(directions)), seed)
    names = [", ".join(_typical(words, directions, np.flatnonzero(of == number))) for number in range(of.max() + 1)]
    return Grouping(names, of, "k-means")


def by_file(path: Path, row_of: Mapping[str, int], rows: Sequence[int]) -> Grouping:
    """Return the groups in a file with `word<TAB>group` in each line; a word that is not in the file has no group.

    rows: of the words on the map. row_of: the row of each form. Raises SgnsError if the file cannot be read or has none
    of the words, SettingError for more than 32 groups.
    """
    group_of = {row_of[word]: group for word, group in _read_groups(path) if word in row_of}
    groups = [group_of.get(row) for row in rows]
    names = [name for name in dict.fromkeys(group_of.values()) if name in groups]
    if not names:
        raise SgnsError(f"None of the words on the map has a group in {path}. Choose words that have one with --words.")
    if len(names) > MAX_GROUPS:
        raise SettingError(f"A map can show at most {MAX_GROUPS} groups, {path} has {len(names)}. Merge some groups.")
    of = np.array([-1 if group is None else names.index(group) for group in groups])
    return Grouping(names, of, path.name, from_file=True)


def grouped_first(rows: Sequence[int], grouping: Grouping, queries: int) -> tuple[list[int], Grouping]:
    """Return rows and their groups reordered: the query words, then words with a group, then words without one.

    Words with a group then get labels first. queries: number of query words, which come first in `rows`.
    """
    order = sorted(range(len(rows)), key=lambda index: (index >= queries, grouping.of[index] < 0))
    return [rows[index] for index in order], grouping._replace(of=grouping.of[order])


def k_means(rows: Floats, count: int, seed: int) -> Ints:
    """Return the cluster of each row, `(n,)`, numbered in the order of the rows; none is empty.

    The best of ten runs of Lloyd (1982), Least Squares Quantization in PCM. Equal rows make fewer clusters.
    """
    rng = np.random.default_rng(seed)
    with threadpool_limits(1):  # the sums of several threads differ in their last bits
        runs = [_lloyd(rows, _initial_centres(rows, count, rng)) for _ in range(INITIALIZATIONS)]
    of = min(runs, key=itemgetter(1))[0]
    _, first, of = np.unique(of, return_index=True, return_inverse=True)
    return first.argsort().argsort()[of]  # type: ignore[no-any-return]


def _initial_centres(rows: Floats, count: int, rng: np.random.Generator) -> Floats:
    """Return distinct rows far apart, at most `count` (k-means++, Arthur and Vassilvitskii 2007)."""
    centres = rows[[rng.integers(len(rows))]]
    while len(centres) < count:
        nearest = _squared_distances(rows, centres).min(1)
        if not nearest.any():
            break
        centres = np.vstack((centres, rows[rng.choice(len(rows), p=nearest / nearest.sum())]))
    return centres


def _lloyd(rows: Floats, centres: Floats) -> tuple[Ints, float]:
    """Return the cluster of each row, and the sum of squared distances, once moving the centres changes no cluster."""
    of = np.full(len(rows), -1)
    for _ in range(MAX_ITERATIONS):
        distances = _squared_distances(rows, centres)
        nearest = distances.argmin(1)
        if np.array_equal(of, nearest):
            break
        numbers, of = np.unique(nearest, return_inverse=True)
        centres = np.stack([rows[of == number].mean(0) for number in range(len(numbers))])
    return of, float(distances.min(1).sum())


def _squared_distances(rows: Floats, centres: Floats) -> Floats:
    """Return the squared distance of each row from each centre, `(n, k)`."""
    squares = np.vecdot(rows, rows)[:, None] + np.vecdot(centres, centres) - 2 * rows @ centres.T
    return np.where(squares > TOLERANCE, squares, 0)  # of equal rows, exactly zero


def _typical(words: Sequence[str], directions: Floats, members: Ints) -> list[str]:
    """Return the words nearest to the centre of a cluster."""
    similarity = directions[members] @ directions[members].mean(0)
    return [words[members[index]] for index in np.argsort(-similarity, kind="stable")[:TYPICAL_WORDS]]


def _read_groups(path: Path) -> Iterator[tuple[str, str]]:
    """Yield words and their groups. Raises SgnsError."""
    for number, line in enumerate(read_lines(path), 1):
        if not line.strip():
            continue
        word, _, group = (part.strip() for part in line.partition("\t"))
        if not word or not group:
            raise SgnsError(f"{path}, line {number}: wanted a word, a tab and a group, got {line[:80]!r}.")
        yield word, group
