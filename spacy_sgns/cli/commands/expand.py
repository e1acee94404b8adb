"""`sgns expand`: from a few terms to more of their kind, and to patterns for an entity ruler."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from spacy_sgns.cli.answers import check_answered, hint_at_rare_words
from spacy_sgns.cli.console import good
from spacy_sgns.cli.expression import format_expression
from spacy_sgns.cli.flags import Among, ForceFile, Json, MinCount, Number, Pipeline, Strict, command
from spacy_sgns.cli.inputs import known_words, load_vectors, read_among, read_words
from spacy_sgns.cli.output import check_output_file
from spacy_sgns.cli.tables import show_scores
from spacy_sgns.errors import SettingError

if TYPE_CHECKING:
    from spacy_sgns.vectors.scored_words import ScoredWords
    from spacy_sgns.vectors.word_vectors import WordVectors

MAX_TITLE_WORDS = 5
Seeds = Annotated[list[str] | None, typer.Argument(metavar="[SEED]...", help="Terms of the kind that is looked for")]
SeedFile = Annotated[Path | None, typer.Option("--seeds", metavar="FILE", help="More seeds, one per line")]
Without = Annotated[
    list[str] | None,
    typer.Option("--without", metavar="WORD", help="A word of another kind, to stay away from; repeatable"),
]
Patterns = Annotated[
    Path | None,
    typer.Option(metavar="FILE.jsonl", help="Also write the seeds and suggestions as patterns for an EntityRuler"),
]
Label = Annotated[str, typer.Option(metavar="TEXT", help="Label of the patterns")]


class Expansion(NamedTuple):
    """Suggestions, and the words that they are from: those given that have a vector, each once."""

    vectors: "WordVectors"
    seeds: list[str]
    without: list[str]
    found: "ScoredWords"


@command
def expand_cli(
    pipeline: Pipeline,
    seeds: Seeds = None,
    seed_file: SeedFile = None,
    without: Without = None,
    n: Number = 10,
    among: Among = "",
    min_count: MinCount = 0,
    patterns: Patterns = None,
    label: Label = "TERM",
    strict: Strict = False,
    force: ForceFile = False,
    as_json: Json = False,
) -> None:
    """Suggest more words of the kind of the SEEDs.

    Suggestions are nearest to the sum of the seeds' unit vectors minus that of the words given by --without. Give those
    that fit as seeds, and those that do not by --without, and run it again.

    Example: python -m spacy sgns expand ./alice tea bread --without hat --patterns food.jsonl --label FOOD
    """
    given = [*(seeds or []), *(read_words(seed_file, "--seeds") if seed_file else [])]
    if patterns:
        _check_patterns(patterns, label, force=force)
    answer = expand(pipeline, given, without or [], n, among, min_count, strict=strict)
    written = write_patterns(patterns, label, [*given, *dict(answer.found)], pipeline) if patterns else 0
    if as_json:
        shown = {"seeds": answer.seeds, "without": answer.without, "suggestions": answer.found}
        print(json.dumps(shown, ensure_ascii=False))
        return
    show_scores(_title(answer.seeds, answer.without), "cosine", answer.found)
    hint_at_rare_words(answer.vectors, [answer.seeds], [answer.found])
    if patterns:
        print()
        good(f"Wrote {written:,} patterns to {patterns}")
        print(f'  nlp.add_pipe("entity_ruler").from_disk({str(patterns)!r})')


def expand(
    pipeline: str,
    seeds: list[str],
    without: list[str],
    n: int = 10,
    among: str = "",
    min_count: int = 0,
    *,
    strict: bool = False,
) -> Expansion:
    """Return the n words nearest to the seeds and farthest from `without`, with cosines. Raises SgnsError."""
    if not seeds:
        raise SettingError("Give at least one SEED, or a file of them by --seeds.")
    vectors = load_vectors(pipeline)
    positive = _once(known_words(seeds, vectors, strict=strict), vectors)
    negative = _once(known_words(without, vectors, strict=strict, required=False), vectors)
    if both := [word for row, word in positive.items() if row in negative]:
        raise SettingError(f"Given both as a SEED and by --without: {', '.join(both)}. Choose one of the two.")
    kept, away = list(positive.values()), list(negative.values())
    candidates = read_among(among, vectors, strict=strict)
    found = vectors.most_similar(kept, away, n, among=candidates, min_count=min_count)
    check_answered([found])
    return Expansion(vectors, kept, away, found)


def write_patterns(path: Path, label: str, terms: list[str], pipeline: str) -> int:
    """Write a pattern for each term, as an EntityRuler reads it, and return their number.

    A pattern matches the term's tokens, as the tokenizer of the pipeline makes them, in any case.
    """
    from spacy_sgns.pipeline.load import open_tokenizer
    from spacy_sgns.system.files import written_beside

    tokenizer = open_tokenizer(pipeline)
    distinct = dict.fromkeys(tuple(token.lower_ for token in tokenizer(term) if not token.is_space) for term in terms)
    with written_beside(path) as beside, beside.open("w", encoding="utf8", newline="\n") as file:
        for tokens in distinct:
            pattern = [{"LOWER": token} for token in tokens]
            file.write(json.dumps({"label": label, "pattern": pattern}, ensure_ascii=False) + "\n")
    return len(distinct)


def _check_patterns(path: Path, label: str, *, force: bool) -> None:
    """Raise SettingError for a file or label that an EntityRuler does not take, SgnsError for a file that exists."""
    if path.suffix != ".jsonl":
        raise SettingError(f"--patterns must be a .jsonl file, the only one that an EntityRuler reads, got {path}.")
    if not label.strip():
        raise SettingError("--label must not be empty: it is the label of the entities.")
    check_output_file(path, force=force)


def _once(words: list[str], vectors: "WordVectors") -> dict[int, str]:
    """Return the rows of words with one form of each."""
    rows: dict[int, str] = {}
    for word in words:
        rows.setdefault(vectors.row_of[word], word)
    return rows


def _title(seeds: list[str], without: list[str]) -> str:
    """Return the question in short."""
    shown = seeds[:MAX_TITLE_WORDS]
    more = [f"{len(seeds) - len(shown):,} more"] if len(seeds) > len(shown) else []
    return format_expression([*shown, *more], without)
