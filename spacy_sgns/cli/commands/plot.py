"""`sgns plot`: a map of words, or the loss curve of a training run."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from spacy_sgns.cli.console import good, info, warn
from spacy_sgns.cli.flags import ForceFile, Pipeline, Strict, command
from spacy_sgns.cli.inputs import joined, known_words, load_vectors, read_word_list
from spacy_sgns.cli.output import check_output_file
from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.settings import Settings

if TYPE_CHECKING:
    from spacy_sgns.pictures.word_map import WordMap
    from spacy_sgns.pipeline.word_filter import WordFilter
    from spacy_sgns.vectors.word_vectors import WordVectors

TOP, MAX_PROJECTED = 300, 10_000  # words on a map, and in files for the projector, which is slow with more
DROP, NONE = "punct,stop", "none"
BEST_METHOD = "tsne"
MAX_SEED = 2**32 - 1  # the limit of scikit-learn
Output = Annotated[
    Path,
    typer.Argument(
        metavar="OUTPUT",
        help="An interactive .html page, a .png, .svg or .pdf picture, a .tsv table of words with clusters and "
        "positions, or files for the TensorBoard projector: .projector.tsv",
    ),
]
Top = Annotated[
    int | None,
    typer.Option(
        metavar="INT",
        help=f"Show the INT most frequent words [default: {TOP}; .projector.tsv: {MAX_PROJECTED}]",
        show_default=False,
    ),
]
WordList = Annotated[
    list[str] | None,
    typer.Option(metavar="WORD,...", help="Show these words and the nearest words of each; repeatable"),
]
NearestNumber = Annotated[
    int, typer.Option("--n", "-n", metavar="INT", help="With --words: number of nearest words of each")
]
Drop = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KIND",
        help="Kinds of word to leave out: punct, number, stop, url, email, currency; none: show all. Give several with "
        f"commas, or the option several times. [default: {DROP}; with --words and for .projector.tsv: {NONE}]",
        show_default=False,
    ),
]
Lang = Annotated[
    str,
    typer.Option(
        metavar="CODE",
        help="Language of the stop words [default: the pipeline's, else recognized by the most frequent words]",
        show_default=False,
    ),
]
Method = Annotated[
    str,
    typer.Option(
        metavar="tsne|pca|umap",
        help="Projection to two dimensions [default: tsne; without scikit-learn: pca]",
        show_default=False,
    ),
]
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
    words: WordList = None,
    n: NearestNumber = 10,
    strict: Strict = False,
    drop: Drop = None,
    lang: Lang = "",
    method: Method = "",
    groups: Groups = None,
    clusters: Clusters = 8,
    seed: Seed = 0,
    loss: Loss = False,
    force: ForceFile = False,
) -> None:
    """Draw a map of words, or the loss curve of training.

    Words with similar vectors lie near each other. The ending of OUTPUT chooses the kind of picture.

    Example: python -m spacy sgns plot ./alice map.html --top 500
    """
    if loss:
        _check_without_words({"--top": top, "--words": joined(words), "--groups": groups, "--drop": drop})
        plot_loss(pipeline, output, force=force)
        good(f"Wrote the loss curve to {output}")
        return
    chosen = (top, joined(words), n, method, groups, clusters, seed)
    drawn, notes = plot(
        pipeline, output, *chosen, drop=joined(drop) if drop else None, lang=lang, strict=strict, force=force
    )
    good(f"Wrote a map of {len(drawn.rows):,} words to {output}")
    for note in notes:
        info(note)


def plot(
    pipeline: str,
    output: Path,
    top: int | None = None,
    words: str = "",
    n: int = 10,
    method: str = "",
    groups: Path | None = None,
    clusters: int = 8,
    seed: int = 0,
    *,
    drop: str | None = None,
    lang: str = "",
    strict: bool = False,
    force: bool = False,
) -> tuple["WordMap", list[str]]:
    """Write a map of words to `output`; return the map, and notes for the user about the picture. Raises SgnsError.

    words: separated by commas; without words, the map shows the `top` most frequent words. drop: kinds of word to leave
    out, separated by commas. strict: raise UnknownWord for one unknown word of several. force: replace the output.
    """
    from spacy_sgns.drawing.endings import by_ending
    from spacy_sgns.pictures.groups import by_clusters, by_file, grouped_first
    from spacy_sgns.pictures.layout import directions, projection
    from spacy_sgns.pictures.projector import write_projector
    from spacy_sgns.pictures.word_map import WordMap
    from spacy_sgns.pictures.writers import MAPS, written_files

    write = by_ending(MAPS, output)
    for path in written_files(write, output):
        check_output_file(path, force=force)
    whole = write is write_projector  # which has projections of its own
    method = method or (BEST_METHOD if whole else _default_method())
    projection(method)
    if not 0 <= seed <= MAX_SEED:
        raise SettingError(f"seed must be from 0 to {MAX_SEED}, got {seed}.")
    vectors = load_vectors(pipeline)
    selection = _select(pipeline, vectors, top, words, n, drop, lang, strict=strict, whole=whole)
    rows, queries = selection.rows, selection.queries
    if groups:
        rows, grouping = grouped_first(rows, by_file(groups, vectors.row_of, rows), queries)
    else:
        grouping = by_clusters([vectors.words[row] for row in rows], directions(vectors.rows[rows]), clusters, seed)
    name = Path(pipeline).resolve().name
    word_map = WordMap(vectors, rows, grouping, name, queries, method, seed, selection.left_out)
    return word_map, [*selection.notes, *write(word_map, output)]


def plot_loss(pipeline: str, output: Path, *, force: bool = False) -> None:
    """Write the loss curve of a pipeline's training run to `output`. Raises SgnsError."""
    from spacy_sgns.drawing.endings import by_ending
    from spacy_sgns.pictures.writers import CURVES
    from spacy_sgns.pipeline.load import open_record

    write = by_ending(CURVES, output)
    check_output_file(output, force=force)
    write(_epochs(open_record(pipeline).report), Path(pipeline).resolve().name, output)


class _Selection(NamedTuple):
    """The words to show. rows: of the words. queries: number of query words, which come first.

    left_out: number of words of each kind left out. notes: for the user.
    """

    rows: list[int]
    queries: int = 0
    left_out: Mapping[str, int] = {}
    notes: Sequence[str] = ()


def _default_method() -> str:
    """Return the projection of a map if the user gives none; warn if it is not the best for want of a package."""
    from spacy_sgns.drawing.extras import how_to_install
    from spacy_sgns.pictures.layout import default_method

    method = default_method()
    if method != BEST_METHOD:
        why = "scikit-learn is not installed, so the map is by PCA; t-SNE shows neighbourhoods better."
        warn(f"{why} {how_to_install('scikit-learn')}.")
    return method


def _select(
    pipeline: str,
    vectors: "WordVectors",
    top: int | None,
    words: str,
    n: int,
    drop: str | None,
    lang: str,
    *,
    strict: bool,
    whole: bool,
) -> _Selection:
    """Return the words to show. whole: all words by default. The other arguments: as in `plot`. Raises SgnsError."""
    if top is not None and words:
        raise SettingError("Give either --top (the most frequent words) or --words (some words and their nearest).")
    dropped = _word_filter(pipeline, vectors, drop if drop is not None else NONE if words or whole else DROP, lang)
    if words:
        selection = _neighbours(vectors, known_words(read_word_list(words), vectors, strict=strict), n, dropped)
    else:
        shown = MAX_PROJECTED if whole else TOP
        selection = _most_frequent(vectors, shown if top is None else top, dropped)
    return selection._replace(notes=[*selection.notes, *_unknown_language(pipeline, dropped)])


def _most_frequent(vectors: "WordVectors", top: int, dropped: "WordFilter | None") -> _Selection:
    """Return the most frequent words that are not of a kind to drop. Raises SgnsError."""
    from spacy_sgns.pictures.layout import MIN_WORDS
    from spacy_sgns.pictures.word_map import most_frequent_rows

    if dropped is None:
        return _Selection(most_frequent_rows(vectors, top)[0])
    rows, left_out = most_frequent_rows(vectors, top, dropped.kind)
    if not left_out:
        return _Selection(rows)
    note = f"Left out of the most frequent words: {_listed(left_out, dropped)}. --drop none shows them."
    if len(rows) < min(MIN_WORDS, top):
        raise SgnsError(f"Of {len(vectors):,} words only {len(rows)} can be shown. {note}")
    return _Selection(rows, 0, left_out, [note])


def _neighbours(vectors: "WordVectors", words: Sequence[str], n: int, dropped: "WordFilter | None") -> _Selection:
    """Return some words, and the nearest words of each that are not of a kind to drop. Raises SgnsError."""
    from spacy_sgns.pictures.word_map import with_neighbours

    if dropped is None:
        return _Selection(*with_neighbours(vectors, words, n))
    return _Selection(*with_neighbours(vectors, words, n, dropped.kind), dict.fromkeys(dropped.kinds, 0))


def _word_filter(pipeline: str, vectors: "WordVectors", drop: str, lang: str) -> "WordFilter | None":
    """Return the filter of words to leave out, None for `none`. Raises SettingError."""
    from spacy_sgns.pipeline.word_filter import WordFilter

    kinds = () if drop.strip() == NONE else Settings.of(drop=drop).drop
    frequent = (vectors.words[row] for row in vectors.most_frequent_rows(len(vectors)))
    return WordFilter(kinds, pipeline, frequent, lang) if kinds else None


def _unknown_language(pipeline: str, dropped: "WordFilter | None") -> list[str]:
    """Return a note if stop words were to be left out of an unknown language."""
    unknown = f"The language of {pipeline} is not known, so no stop words are left out. Name it with --lang CODE."
    return [unknown] if dropped and "stop" in dropped.kinds and not dropped.language else []


def _listed(left_out: Mapping[str, int], dropped: "WordFilter") -> str:
    from spacy_sgns.pictures.word_map import KINDS

    recognized = ", recognized" if dropped.recognized else ""
    languages = {"stop": f" ({dropped.language}{recognized})"}
    return ", ".join(f"{KINDS[kind]} {count:,}{languages.get(kind, '')}" for kind, count in left_out.items())


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
