"""`sgns expand`: from a few terms to more of their kind, and to patterns for an entity ruler."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spacy_sgns.cli.console import good
from spacy_sgns.cli.expression import format_expression
from spacy_sgns.cli.flags import Among, ForceFile, Json, MinCount, Number, Pipeline, Strict, command
from spacy_sgns.cli.inputs import known_words, load_vectors, read_among, read_words
from spacy_sgns.cli.output import check_output_file
from spacy_sgns.cli.tables import show_scores
from spacy_sgns.errors import SettingError

if TYPE_CHECKING:
    from spacy_sgns.vectors.scored_words import ScoredWords

MAX_TITLE_WORDS = 5
Seeds = Annotated[list[str] | None, typer.Argument(metavar="[SEED]...", help="Terms of the kind that is looked for")]
SeedFile = Annotated[Path | None, typer.Option("--seeds", metavar="FILE", help="More seeds, one per line")]
Without = Annotated[
    list[str] | None,
    typer.Option("--without", metavar="WORD", help="A word of another kind, to stay away from; repeatable"),
]
Patterns = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Also write the seeds and suggestions as patterns for an EntityRuler: .jsonl"),
]
Label = Annotated[str, typer.Option(metavar="TEXT", help="Label of the patterns")]


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

    Suggestions are near to the mean of the seeds, and away from the mean of the words given by --without. Give those
    that fit as seeds, and those that do not by --without, and run it again.

    Example: python -m spacy sgns expand ./alice tea bread --without hat --patterns food.jsonl --label FOOD
    """
    asked = [*(seeds or []), *(read_words(seed_file, "--seeds") if seed_file else [])]
    if patterns:
        check_output_file(patterns, force=force)
    found = expand(pipeline, asked, without or [], n, among, min_count, strict=strict)
    terms = [*asked, *(word for word, _ in found)]
    if patterns:
        write_patterns(patterns, label, terms)
    if as_json:
        print(json.dumps({"seeds": asked, "without": without or [], "suggestions": found}, ensure_ascii=False))
        return
    show_scores(_title(asked, without or []), "cosine", found)
    if patterns:
        print()
        good(f"Wrote {len(set(terms)):,} patterns to {patterns}")
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
) -> "ScoredWords":
    """Return the n words nearest to the seeds and farthest from `without`, with cosines. Raises SgnsError."""
    if not seeds:
        raise SettingError("Give at least one SEED, or a file of them by --seeds.")
    vectors = load_vectors(pipeline)
    positive = known_words(seeds, vectors, strict=strict)
    negative = known_words(without, vectors, strict=strict, required=False)
    candidates = read_among(among, vectors, strict=strict)
    return vectors.most_similar(positive, negative, n, among=candidates, min_count=min_count)


def write_patterns(path: Path, label: str, terms: list[str]) -> None:
    """Write a pattern for each term, which matches its tokens in any case, as an EntityRuler reads it."""
    from spacy_sgns.system.files import written_beside

    with written_beside(path) as beside, beside.open("w", encoding="utf8", newline="\n") as file:
        for term in dict.fromkeys(term.lower() for term in terms):
            pattern = [{"LOWER": token} for token in term.split()]
            file.write(json.dumps({"label": label, "pattern": pattern}, ensure_ascii=False) + "\n")


def _title(seeds: list[str], without: list[str]) -> str:
    """Return the question in short."""
    shown = seeds[:MAX_TITLE_WORDS]
    more = [f"{len(seeds) - len(shown):,} more"] if len(seeds) > len(shown) else []
    return format_expression([*shown, *more], without)
