"""`sgns compare`: the same words in two pipelines."""

import json
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spacy_sgns.cli.console import good, visible, warn
from spacy_sgns.cli.flags import ForceFile, Json, Strict, command
from spacy_sgns.cli.inputs import load_vectors, read_word_list
from spacy_sgns.cli.output import check_output_file
from spacy_sgns.cli.tables import decimal, show_table

if TYPE_CHECKING:
    from spacy_sgns.comparison.neighbours import Neighbours
    from spacy_sgns.comparison.result import Comparison, CountedWords, MovedWord
    from spacy_sgns.vectors.word_vectors import ScoredWord

A = Annotated[
    str, typer.Argument(metavar="A", help="A pipeline, by name or path, or a .vec, .txt or .bin file of vectors")
]
B = Annotated[str, typer.Argument(metavar="B", help="Another pipeline or file")]
WordList = Annotated[
    str,
    typer.Option(
        "--words", metavar="WORD,...", help="Show the neighbours of these words, not of those that moved most"
    ),
]
Rows = Annotated[int, typer.Option("--n", "-n", metavar="INT", help="Number of rows in each table")]
Tables = Annotated[
    int,
    typer.Option(
        "--tables", min=0, metavar="INT", help="Without --words: number of words whose neighbours are printed"
    ),
]
MinCount = Annotated[
    int, typer.Option(metavar="INT", help="Leave out words that are rarer in A or in B, where counts are known")
]
To = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Also draw it: .html, or .png or .svg (needs matplotlib)"),
]
BOTH = "*"
TABLES = 3


@command
def compare_cli(
    a: A,
    b: B,
    words: WordList = "",
    strict: Strict = False,
    n: Rows = 10,
    tables: Tables = TABLES,
    min_count: MinCount = 20,
    to: To = None,
    force: ForceFile = False,
    as_json: Json = False,
) -> None:
    """Show which words differ most between two pipelines.

    First come the words that moved most, then their nearest words in A and in B side by side.

    Displacement is 1 - cosine of a word's two vectors after orthogonal Procrustes alignment on the shared words. Its
    95 % interval is a bootstrap over the words that the alignment is fitted on: it covers the uncertainty of the
    alignment, not the variation between other texts of the same kind or other seeds. To see that variation, compare
    pipelines trained on two halves of one corpus.

    The displacement that chance alone causes depends on how frequent a word is. So words are compared with their peers,
    the 200 words (a fifth of all, if fewer) nearest in count, and sorted by robust z: displacement minus the peers'
    median, in units of their median absolute deviation. Percentile is the share of peers with a smaller displacement.

    Example: python -m spacy sgns compare A B --words king,queen
    """
    asked = read_word_list(words)
    found = compare(a, b, asked, n, min_count, to, strict=strict, force=force)
    if as_json:
        from spacy_sgns.comparison.result import as_plain

        print(json.dumps(as_plain(found), ensure_ascii=False))
        return
    show_comparison(found, len(asked) or tables)
    if to:
        print()
        good(f"Wrote {to}")


def compare(
    a: str,
    b: str,
    words: list[str],
    n: int = 10,
    min_count: int = 20,
    to: Path | None = None,
    *,
    strict: bool = False,
    force: bool = False,
) -> "Comparison":
    """Return how two pipelines or files differ, and draw it to `to` if given. Raises SgnsError."""
    from spacy_sgns.comparison.compare import compare as compare_vectors
    from spacy_sgns.comparison.writers import writer_for

    write = writer_for(to) if to else None
    if to:
        check_output_file(to, force=force)
    sides = load_vectors(a), load_vectors(b)
    found = compare_vectors(*sides, words, n, min_count=min_count, names=_names(a, b), strict=strict)
    if write and to:
        write(found, to)
    return found


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
    if len(found.neighbours) > tables:
        print(f"Neighbours of all {len(found.neighbours)} words: --tables {len(found.neighbours)}")
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


def _names(a: str, b: str) -> tuple[str, str]:
    """Return short names of two paths, or the paths if their short names are the same."""
    short = Path(a).name, Path(b).name
    return short if all(short) and short[0] != short[1] else (a, b)
