"""Which words have a colour in common: those of a cluster, or of a group that a file names."""

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.system.files import read_lines

MOST = 32  # groups that can be told apart, by colour and shape
TRIES = 10
ROUNDS = 100
TYPICAL = 3  # words that a cluster is called by


class Grouping(NamedTuple):
    """Groups of words. names: of the groups. of: `(n,)` the group of each word, -1 for none. by: how they came about.

    given: whether somebody named them.
    """

    names: list[str]
    of: Ints
    by: str
    given: bool = False


def by_clusters(words: Sequence[str], rows: Floats, count: int, seed: int) -> Grouping:
    """Return clusters of the directions `(n, d)` of words, fewer if there are fewer words, named by typical words.

    Raises SettingError for a count that is not within 1 to 32.
    """
    if not 1 <= count <= MOST:
        raise SettingError(f"clusters must be from 1 to {MOST}, got {count}.")
    of = k_means(rows, min(count, len(rows)), seed)
    names = [", ".join(_typical(words, rows, np.flatnonzero(of == number))) for number in range(of.max() + 1)]
    return Grouping(names, of, "k-means")


def by_file(path: Path, row_of: Mapping[str, int], rows: Sequence[int]) -> Grouping:
    """Return the groups of a file with `word<TAB>group` in each line; words that it does not have are in none.

    rows: of the words on the map. row_of: the row of each form. Raises SgnsError where the file cannot be read or has
    none of the words, SettingError for more than 32 groups.
    """
    group_of = {row_of[word]: group for word, group in _read_groups(path) if word in row_of}
    groups = [group_of.get(row) for row in rows]
    names = [name for name in dict.fromkeys(group_of.values()) if name in groups]
    if not names:
        raise SgnsError(f"None of the words on the map has a group in {path}. Choose words that have one with --words.")
    if len(names) > MOST:
        raise SettingError(f"No more than {MOST} groups can be told apart, {path} has {len(names)}.")
    return Grouping(names, np.array([-1 if group is None else names.index(group) for group in groups]), path.name, True)


def grouped_first(rows: Sequence[int], grouping: Grouping, asked: int) -> tuple[list[int], Grouping]:
    """Return rows in another order, and their groups: after those that were asked for those that have a group.

    So they have labels where there is not room for all.
    """
    order = sorted(range(len(rows)), key=lambda place: (place >= asked, grouping.of[place] < 0))
    return [rows[place] for place in order], grouping._replace(of=grouping.of[order])


def k_means(rows: Floats, count: int, seed: int) -> Ints:
    """Return the cluster of each row, `(n,)`; they are numbered as the rows come upon them. None is empty.

    Lloyd 1982, from the starts of k-means++ (Arthur and Vassilvitskii 2007), the best of ten.
    """
    rng = np.random.default_rng(seed)
    _, of = min((_lloyd(rows, _starts(rows, count, rng)) for _ in range(TRIES)), key=itemgetter(0))
    _, first, of = np.unique(of, return_index=True, return_inverse=True)
    return first.argsort().argsort()[of]  # type: ignore[no-any-return]


def _starts(rows: Floats, count: int, rng: np.random.Generator) -> Floats:
    """Return rows `(count, d)` to start from: each far from those before, by chance."""
    chosen = [int(rng.integers(len(rows)))]
    nearest = _distances(rows, rows[chosen])[:, 0]
    while len(chosen) < count and nearest.sum() > 0:
        chosen.append(int(rng.choice(len(rows), p=nearest / nearest.sum())))
        nearest = np.minimum(nearest, _distances(rows, rows[chosen[-1:]])[:, 0])
    return rows[chosen]


def _lloyd(rows: Floats, centres: Floats) -> tuple[float, Ints]:
    """Return the sum of squared distances from the centres, and the centre of each row, `(n,)`."""
    of = np.full(len(rows), -1)
    for _ in range(ROUNDS):
        before, of = of, _distances(rows, centres).argmin(1)
        if np.array_equal(before, of):
            break
        centres = np.stack([rows[of == k].mean(0) if (of == k).any() else centre for k, centre in enumerate(centres)])
    return float(_distances(rows, centres).min(1).sum()), of


def _distances(rows: Floats, centres: Floats) -> Floats:
    """Return squared distances, `(n, k)`."""
    squares = np.vecdot(rows, rows)[:, None] + np.vecdot(centres, centres) - 2 * rows @ centres.T
    return np.maximum(squares, 0)  # type: ignore[no-any-return]


def _typical(words: Sequence[str], rows: Floats, members: Ints) -> list[str]:
    """Return the words nearest to the middle of a cluster."""
    nearness = rows[members] @ rows[members].mean(0)
    return [words[members[place]] for place in np.argsort(-nearness, kind="stable")[:TYPICAL]]


def _read_groups(path: Path) -> Iterator[tuple[str, str]]:
    """Yield words and their groups. Raises SgnsError."""
    lines = read_lines(path)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        word, _, group = (part.strip() for part in line.partition("\t"))
        if not word or not group:
            raise SgnsError(f"{path}, line {number}: wanted a word, a tab and a group, got {line[:80]!r}.")
        yield word, group
