"""`sgns plot`: a map of words, or the curve of a training, as a picture."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spacy_sgns.cli.console import clean_end, good, info
from spacy_sgns.cli.flags import Code, Number, Pipeline
from spacy_sgns.cli.inputs import opened
from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.system.plugins import import_code

if TYPE_CHECKING:
    from spacy_sgns.pictures.word_map import WordMap
    from spacy_sgns.vectors.word_vectors import WordVectors

TOP = 300
LAST_SEED = 2**32 - 1  # that scikit-learn takes
Output = Annotated[
    Path,
    typer.Argument(metavar="OUTPUT", help=".png or .svg for print, .html to look around in, .tsv for the projector"),
]
Top = Annotated[
    int | None,
    typer.Option(metavar="INT", help=f"Show the INT most frequent words [default: {TOP}]", show_default=False),
]
AskedFor = Annotated[str, typer.Option(metavar="WORD,WORD", help="Show these words and the --n nearest to each")]
Method = Annotated[str, typer.Option(metavar="tsne|pca|umap", help="How words are placed on the plane")]
Groups = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Colour by groups: a word, a tab and its group in each line")
]
Clusters = Annotated[int, typer.Option(metavar="INT", help="Else colour by so many clusters")]
Seed = Annotated[int, typer.Option(metavar="INT", help="The same seed draws the same picture")]
Loss = Annotated[bool, typer.Option("--loss", help="Show how training went instead: loss and scores of each epoch")]


def plot_cli(
    pipeline: Pipeline,
    output: Output,
    top: Top = None,
    words: AskedFor = "",
    n: Number = 10,
    method: Method = "tsne",
    groups: Groups = None,
    clusters: Clusters = 8,
    seed: Seed = 0,
    loss: Loss = False,
    code: Code = None,
) -> None:
    """Draw a map of words, or how training went.

    Words that are used alike are near to each other. OUTPUT says by its ending what is drawn.
    """
    with clean_end():
        if code:
            import_code(code)
        if loss:
            _only_without_loss({"--top": top, "--words": words, "--groups": groups})
            plot_loss(pipeline, output)
            good(f"Wrote the curve of training to {output}")
            return
        drawn, notes = plot(pipeline, output, top, words, n, method, groups, clusters, seed)
        good(f"Wrote {len(drawn.rows):,} words to {output}")
        for note in notes:
            info(note)


def plot(
    pipeline: str,
    output: Path,
    top: int | None = None,
    words: str = "",
    n: int = 10,
    method: str = "tsne",
    groups: Path | None = None,
    clusters: int = 8,
    seed: int = 0,
) -> tuple["WordMap", list[str]]:
    """Write a map of words to `output`; return it, and what is to be said of the picture. Raises SgnsError.

    words: by commas; without them the `top` most frequent.
    """
    from spacy_sgns.drawing.endings import by_ending
    from spacy_sgns.pictures.groups import by_clusters, by_file, grouped_first
    from spacy_sgns.pictures.layout import directions, projection
    from spacy_sgns.pictures.word_map import WordMap
    from spacy_sgns.pictures.writers import MAPS

    write = by_ending(MAPS, output)
    projection(method)
    if not 0 <= seed <= LAST_SEED:
        raise SettingError(f"seed must be from 0 to {LAST_SEED}, got {seed}.")
    vectors = opened(pipeline)
    rows, queries = _chosen(vectors, top, words, n)
    if groups:
        rows, grouping = grouped_first(rows, by_file(groups, vectors.row_of, rows), queries)
    else:
        grouping = by_clusters([vectors.words[row] for row in rows], directions(vectors.rows[rows]), clusters, seed)
    drawn = WordMap(vectors, rows, grouping, Path(pipeline).resolve().name, queries, method, seed)
    return drawn, write(drawn, output)


def plot_loss(pipeline: str, output: Path) -> None:
    """Write the curve of the training of a pipeline to `output`. Raises SgnsError."""
    from spacy_sgns.drawing.endings import by_ending
    from spacy_sgns.pictures.writers import CURVES
    from spacy_sgns.pipeline.record import REPORT, Record
    from spacy_sgns.pipeline.save import FOLDER

    write = by_ending(CURVES, output)
    folder = Path(pipeline) / FOLDER
    if not (folder / REPORT).is_file():
        raise SgnsError(f"{pipeline} has no report of a training by spacy_sgns: {FOLDER}/{REPORT} is missing.")
    write(_epochs(Record.from_disk(folder).report), Path(pipeline).resolve().name, output)


def _chosen(vectors: "WordVectors", top: int | None, words: str, n: int) -> tuple[list[int], int]:
    """Return the rows of the words to show, and how many of them, the first, were asked for. Raises SgnsError."""
    from spacy_sgns.pictures.word_map import most_frequent, with_neighbours

    if top is not None and words:
        raise SettingError("Give --top or --words, not both: the most frequent words, or some words and those near.")
    if words:
        return with_neighbours(vectors, _listed(words), n)
    return most_frequent(vectors, TOP if top is None else top), 0


def _epochs(report: Any) -> Sequence[Mapping[str, Any]]:
    try:
        return report["epochs"]
    except (KeyError, TypeError):
        raise SgnsError("The report of training is damaged: it has no epochs. Train it again.") from None


def _listed(words: str) -> list[str]:
    """Return the words of a text, by commas. Raises SettingError if there are none."""
    found = [word.strip() for word in words.split(",") if word.strip()]
    if not found:
        raise SettingError(f"--words takes words with commas between them, got {words!r}.")
    return found


def _only_without_loss(given: Mapping[str, Any]) -> None:
    for flag, value in given.items():
        if value not in (None, ""):
            raise SettingError(f"--loss shows a training, not words. Leave out {flag}.")
