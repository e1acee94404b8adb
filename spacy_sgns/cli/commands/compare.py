"""`sgns compare`: the same words in two pipelines."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spacy_sgns.cli.comparison_tables import TABLES, show_comparison, show_sequence
from spacy_sgns.cli.console import good
from spacy_sgns.cli.flags import ForceFile, Json, Strict, command
from spacy_sgns.cli.inputs import joined, load_vectors, read_word_list
from spacy_sgns.cli.output import check_output_file
from spacy_sgns.errors import SettingError

if TYPE_CHECKING:
    from spacy_sgns.comparison.result import Comparison
    from spacy_sgns.comparison.sequence_result import SequenceComparison

A = Annotated[
    str, typer.Argument(metavar="A", help="A pipeline, by name or path, or a .vec, .txt or .bin file of vectors")
]
B = Annotated[str, typer.Argument(metavar="B", help="Another pipeline or file")]
More = Annotated[
    list[str] | None,
    typer.Argument(metavar="[C]...", help="More of them: all are compared in their order, for example by years"),
]
WordList = Annotated[
    list[str] | None,
    typer.Option(
        "--words",
        metavar="WORD,...",
        help="Show the neighbours of these words, not of those that moved most; repeatable",
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
    typer.Option(metavar="FILE", help="Also draw it: .html, or .png, .svg or .pdf (needs matplotlib)"),
]
SaveAligned = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Also write the vectors of each pipeline in the common space, in this folder"),
]
Ending = Annotated[
    str, typer.Option(metavar=".vec|.txt|.bin", help="Ending of the files of --save-aligned, and their format")
]


@command
def compare_cli(
    a: A,
    b: B,
    more: More = None,
    words: WordList = None,
    strict: Strict = False,
    n: Rows = 10,
    tables: Tables = TABLES,
    min_count: MinCount = 20,
    to: To = None,
    save_aligned: SaveAligned = None,
    ending: Ending = ".vec",
    force: ForceFile = False,
    as_json: Json = False,
) -> None:
    """Show which words differ most between two or more pipelines.

    First come the words that moved most, then their nearest words in A and in B side by side.

    Displacement is 1 - cosine of a word's two vectors after orthogonal Procrustes alignment on the shared words. Its
    95 % interval is a bootstrap over the words that the alignment is fitted on: it covers the uncertainty of the
    alignment, not the variation between other texts of the same kind or other seeds. To see that variation, compare
    pipelines trained on two halves of one corpus.

    The displacement that chance alone causes depends on how frequent a word is. So words are compared with their peers,
    the 200 words (a fifth of all, if fewer) nearest in count, and sorted by robust z: displacement minus the peers'
    median, in units of their median absolute deviation. Percentile is the share of peers with a smaller displacement.

    Three or more pipelines are aligned together, by generalized Procrustes alignment. Then come the words that moved
    most from the first to the last, those that moved most in each step, and trajectories: the displacement of a word
    from the first pipeline to each one, and its nearest words there. There are no intervals.

    Example: python -m spacy sgns compare ./alice ./cbow --words king,queen
    """
    asked, paths = read_word_list(joined(words)), [a, b, *(more or ())]
    found = compare(
        paths, asked, n, min_count, to, save_aligned=save_aligned, ending=ending, strict=strict, force=force
    )
    plain, show = _output_of(found)
    if as_json:
        print(json.dumps(plain(found), ensure_ascii=False))
        return
    show(found, len(asked) or tables)
    written = [*([to] if to else []), *([save_aligned] if save_aligned else [])]
    if written:
        print()
    for path in written:
        good(f"Wrote {path}")


def compare(
    pipelines: Sequence[str],
    words: Sequence[str] = (),
    n: int = 10,
    min_count: int = 20,
    to: Path | None = None,
    *,
    save_aligned: Path | None = None,
    ending: str = ".vec",
    strict: bool = False,
    force: bool = False,
) -> "Comparison | SequenceComparison":
    """Return how two or more pipelines or files differ. Raises SgnsError.

    to: file of a picture. save_aligned: folder for the vectors in the common space, in files with `ending`. force:
    replace files that exist.
    """
    from spacy_sgns.comparison.aligned_files import AlignedFiles
    from spacy_sgns.comparison.compare import compare as compare_vectors
    from spacy_sgns.comparison.writers import writer_for

    names = _names(pipelines)
    write = writer_for(to, len(names)) if to else None
    files = AlignedFiles(save_aligned, names, ending) if save_aligned else None
    if to and to == save_aligned:
        raise SettingError(f"--to and --save-aligned must differ, got {to} for both.")
    for path in [*([to] if to else []), *(files.paths if files else [])]:
        check_output_file(path, force=force)
    a, b, *more = map(load_vectors, pipelines)
    found = compare_vectors(a, b, *more, words=words, n=n, min_count=min_count, names=names, strict=strict)
    if write and to:
        write(found, to)
    if files:
        files.write(found.space)
    return found


def _output_of(found: "Comparison | SequenceComparison") -> tuple[Callable[[Any], Any], Callable[[Any, int], None]]:
    """Return the functions that make an object for JSON of a comparison, and print its tables."""
    from spacy_sgns.comparison.result import Comparison, as_plain
    from spacy_sgns.comparison.sequence_result import sequence_as_plain

    if isinstance(found, Comparison):
        return as_plain, show_comparison
    return sequence_as_plain, show_sequence


def _names(pipelines: Sequence[str]) -> list[str]:
    """Return short names of paths, or the paths if two short names are the same."""
    short = [Path(pipeline).name for pipeline in pipelines]
    return short if all(short) and len(set(short)) == len(short) else list(pipelines)
