"""Tables of a comparison on the terminal."""

from itertools import zip_longest
from typing import TYPE_CHECKING

from spacy_sgns.cli.console import visible, warn
from spacy_sgns.cli.tables import decimal, show_table

if TYPE_CHECKING:
    from spacy_sgns.comparison.neighbours import Neighbours
    from spacy_sgns.comparison.result import Comparison, CountedWords, MovedWord
    from spacy_sgns.comparison.sequence_result import SequenceComparison, Shift, Trajectory
    from spacy_sgns.vectors.scored_words import ScoredWord

BOTH = "*"
TABLES = 3
WORDS_PER_ROW = 5  # of moved words and of neighbours, in tables of a sequence


def show_comparison(found: "Comparison", tables: int = TABLES) -> None:
    """Print a comparison: the words that moved most, neighbours side by side, and the words of one side alone.

    tables: number of words whose neighbours are printed, the first ones.
    """
    from spacy_sgns.comparison.result import EXPLANATION, summary

    print(visible(summary(found)))
    for note in found.notes:
        warn(note)
    _show_moved(found.moved, found.names)
    print(*("", *EXPLANATION), sep="\n")
    for one, moved in zip(found.neighbours[:tables], found.queries, strict=False):
        _show_neighbours(one, moved, found.names)
    if tables:
        print(f"\n{BOTH} is a neighbour on both sides, among the compared words; all of: among all words of that side.")
    _show_more(len(found.neighbours), tables)
    _show_only(found.only, found.names)


def _show_moved(moved: list["MovedWord"], names: tuple[str, str]) -> None:
    from spacy_sgns.comparison.result import moved_cells, moved_header

    header = ["moved most", *moved_header(names)]
    show_table(header, [[one.word, *moved_cells(one)] for one in moved], "l" + "r" * 7)


def _show_neighbours(one: "Neighbours", moved: "MovedWord | None", names: tuple[str, str]) -> None:
    """Print the neighbours of a word on both sides."""
    far = f"displacement {moved.displacement:.3f}, percentile {moved.percentile:.1f}" if moved else "not compared"
    both = f"{len(one.common)} of {len(one.compared[0])} on both sides"
    print(f"\n{visible(one.word)}: overlap {one.overlap:.2f} ({both}); {far}")
    header = (names[0], "cosine", names[1], "cosine", f"all of {names[0]}", f"all of {names[1]}")
    rows = [
        (*_scored(a, one.common), *_scored(b, one.common), *(pair[0] if pair else "" for pair in whole))
        for a, b, *whole in zip_longest(*one.compared, *one.all)
    ]
    show_table(header, rows, "lrlrll")


def _show_only(only: tuple["CountedWords", "CountedWords"], names: tuple[str, str]) -> None:
    if not any(only):
        return
    from spacy_sgns.comparison.result import format_count

    header = (f"only in {names[0]}", "count", f"only in {names[1]}", "count")
    rows = [
        [cell for side in both for cell in ((side[0], format_count(side[1])) if side else ("", ""))]
        for both in zip_longest(*only)
    ]
    show_table(header, rows, "lrlr")


def _scored(pair: "ScoredWord | None", common: set[str]) -> tuple[str, str]:
    if pair is None:
        return "", ""
    return f"{pair[0]} {BOTH}" if pair[0] in common else pair[0], decimal(pair[1])


def show_sequence(found: "SequenceComparison", tables: int = TABLES) -> None:
    """Print a comparison of a sequence: the words that moved most, also in each step, and trajectories of some words.

    tables: number of words whose trajectories are printed, the first ones.
    """
    from spacy_sgns.comparison.sequence_result import SEQUENCE_EXPLANATION, sequence_summary

    print(visible(sequence_summary(found)))
    for note in found.notes:
        warn(note)
    _show_moved_through(found.moved, found.names)
    print(*("", *SEQUENCE_EXPLANATION), sep="\n")
    _show_steps(found.moved_by_step, found.names)
    for one in found.queries[:tables]:
        _show_trajectory(one, found.names)
    _show_more(len(found.queries), tables)


def _show_moved_through(moved: list["Trajectory"], names: tuple[str, ...]) -> None:
    from spacy_sgns.comparison.sequence_result import moved_through_cells, moved_through_header

    header = ["moved most", *moved_through_header(names)]
    show_table(header, [[one.word, *moved_through_cells(one)] for one in moved], "l" + "r" * (len(header) - 1))


def _show_steps(moved: list[list["Shift"]], names: tuple[str, ...]) -> None:
    from spacy_sgns.comparison.sequence_result import step_names

    rows = [
        (step, ", ".join(f"{one.word} {one.robust_z:.1f}" for one in best[:WORDS_PER_ROW]))
        for step, best in zip(step_names(names), moved, strict=True)
    ]
    show_table(("step", "moved most, with robust z"), rows, "ll")


def _show_trajectory(one: "Trajectory", names: tuple[str, ...]) -> None:
    """Print how far a word has moved from the first side, and its neighbours on each side."""
    from spacy_sgns.comparison.sequence_result import trajectory_cells, trajectory_header

    change = one.change
    print(f"\n{visible(one.word)}: displacement {change.displacement:.3f}, percentile {change.percentile:.1f}")
    rows = [
        (name, *cells, ", ".join(word for word, _ in near[:WORDS_PER_ROW]))
        for name, cells, near in zip(names, trajectory_cells(one), one.neighbours, strict=True)
    ]
    show_table(("side", *trajectory_header(names), "nearest compared words"), rows, "lrrrl")


def _show_more(n: int, tables: int) -> None:
    """Say how to see the neighbours of all words that moved most."""
    if n > tables:
        print(f"Neighbours of all {n} words: --tables {n}")
