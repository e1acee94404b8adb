"""`sgns plot`: a map of words, or the loss curve of a training run."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spacy_sgns.cli.console import good, info
from spacy_sgns.cli.flags import Pipeline, command
from spacy_sgns.cli.inputs import load_vectors, read_word_list
from spacy_sgns.errors import SettingError, SgnsError

if TYPE_CHECKING:
    from spacy_sgns.pictures.word_map import WordMap
    from spacy_sgns.vectors.word_vectors import WordVectors

TOP = 300
MAX_SEED = 2**32 - 1  # the limit of scikit-learn
Output = Annotated[
    Path,
    typer.Argument(
        metavar="OUTPUT",
        help="A .png or .svg picture, an interactive .html page, or .tsv files for the TensorFlow projector",
    ),
]
Top = Annotated[
    int | None,
    typer.Option(metavar="INT", help=f"Show the INT most frequent words [default: {TOP}]", show_default=False),
]
WordList = Annotated[str, typer.Option(metavar="WORD,...", help="Show these words and the nearest words of each")]
NearestNumber = Annotated[
    int, typer.Option("--n", "-n", metavar="INT", help="With --words: number of nearest words of each")
]
Method = Annotated[str, typer.Option(metavar="tsne|pca|umap", help="Projection to two dimensions")]
Groups = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Colour words by group; a line has a word, a tab and its group")
]
Clusters = Annotated[int, typer.Option(metavar="INT", help="Without --groups: number of clusters to colour")]
Seed = Annotated[int, typer.Option(metavar="INT", help="Random seed; the same seed draws the same picture")]
Loss = Annotated[bool, typer.Option("--loss", help="Draw loss and scores of each epoch instead of words")]


@command
def plot_cli(
    pipeline: Pipeline,
    output: Output,
    top: Top = None,
    words: WordList = "",
    n: NearestNumber = 10,
    method: Method = "tsne",
    groups: Groups = None,
    clusters: Clusters = 8,
    seed: Seed = 0,
    loss: Loss = False,
) -> None:
    """Draw a map of words, or the loss curve of training.

    Words with similar vectors lie near each other. The ending of OUTPUT chooses the kind of picture.

    Example: python -m spacy sgns plot PIPELINE map.html --top 500
    """
    if loss:
        _check_without_words({"--top": top, "--words": words, "--groups": groups})
        plot_loss(pipeline, output)
        good(f"Wrote the loss curve to {output}")
        return
    drawn, notes = plot(pipeline, output, top, words, n, method, groups, clusters, seed)
    good(f"Wrote a map of {len(drawn.rows):,} words to {output}")
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
    """Write a map of words to `output`; return the map, and notes for the user about the picture. Raises SgnsError.

    words: separated by commas; without words, the map shows the `top` most frequent words.
    """
    from spacy_sgns.drawing.endings import by_ending
    from spacy_sgns.pictures.groups import by_clusters, by_file, grouped_first
    from spacy_sgns.pictures.layout import directions, projection
    from spacy_sgns.pictures.word_map import WordMap
    from spacy_sgns.pictures.writers import MAPS

    write = by_ending(MAPS, output)
    projection(method)
    if not 0 <= seed <= MAX_SEED:
        raise SettingError(f"seed must be from 0 to {MAX_SEED}, got {seed}.")
    vectors = load_vectors(pipeline)
    rows, queries = _chosen(vectors, top, words, n)
    if groups:
        rows, grouping = grouped_first(rows, by_file(groups, vectors.row_of, rows), queries)
    else:
        grouping = by_clusters([vectors.words[row] for row in rows], directions(vectors.rows[rows]), clusters, seed)
    drawn = WordMap(vectors, rows, grouping, Path(pipeline).resolve().name, queries, method, seed)
    return drawn, write(drawn, output)


def plot_loss(pipeline: str, output: Path) -> None:
    """Write the loss curve of a pipeline's training run to `output`. Raises SgnsError."""
    from spacy_sgns.drawing.endings import by_ending
    from spacy_sgns.pictures.writers import CURVES
    from spacy_sgns.pipeline.record import REPORT, Record
    from spacy_sgns.pipeline.save import FOLDER

    write = by_ending(CURVES, output)
    folder = Path(pipeline) / FOLDER
    if not (folder / REPORT).is_file():
        raise SgnsError(f"{pipeline} has no training report of spacy_sgns: {FOLDER}/{REPORT} is missing.")
    write(_epochs(Record.from_disk(folder).report), Path(pipeline).resolve().name, output)


def _chosen(vectors: "WordVectors", top: int | None, words: str, n: int) -> tuple[list[int], int]:
    """Return the rows of the words to show; the first ones are those of `words`, and their number. Raises SgnsError."""
    from spacy_sgns.pictures.word_map import most_frequent, with_neighbours

    if top is not None and words:
        raise SettingError("Give either --top (the most frequent words) or --words (some words and their nearest).")
    if chosen := read_word_list(words):
        return with_neighbours(vectors, chosen, n)
    return most_frequent(vectors, TOP if top is None else top), 0


def _epochs(report: Any) -> Sequence[Mapping[str, Any]]:
    try:
        return report["epochs"]
    except (KeyError, TypeError):
        raise SgnsError("The report of training is damaged: it has no epochs. Train the pipeline again.") from None


def _check_without_words(given: Mapping[str, Any]) -> None:
    """Raise SettingError if a flag that only a map of words has is given together with --loss."""
    for flag, value in given.items():
        if value not in (None, ""):
            raise SettingError(f"--loss draws a training run, not words. Leave out {flag}.")
