"""`sgns analogy`: words near to some words and far from others, as in king - man + woman."""

import json
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from spacy_sgns.cli.console import clean_end, show_scores, visible
from spacy_sgns.cli.expression import read_expression, written
from spacy_sgns.cli.flags import Among, Code, Json, Number, Pipeline
from spacy_sgns.cli.inputs import among_of, opened
from spacy_sgns.system.plugins import import_code

if TYPE_CHECKING:
    from spacy_sgns.vectors.word_vectors import ScoredWord, WordVectors

Expression = Annotated[
    list[str],
    typer.Argument(metavar="WORDS", help="king - man + woman, king -man +woman, or one quoted text"),
]
Method = Annotated[str, typer.Option(metavar="3cosadd|3cosmul", help="How scores are made of cosines")]
Rank = Annotated[str, typer.Option(metavar="WORD", help="Say at which place of the answer WORD stands")]


class Analogy(NamedTuple):
    """An answer. expression: in its usual form. rank: the place of the word that was asked for; 0 for none."""

    vectors: "WordVectors"
    expression: str
    found: list["ScoredWord"]
    rank: int


def analogy_cli(
    pipeline: Pipeline,
    expression: Expression,
    n: Number = 10,
    method: Method = "3cosadd",
    among: Among = "",
    rank: Rank = "",
    as_json: Json = False,
    code: Code = None,
) -> None:
    """Show the words nearest to king - man + woman, or the like.

    The words that are given are left out.
    """
    with clean_end():
        if code:
            import_code(code)
        answer = analogy(pipeline, expression, n, method, among, rank)
        if as_json:
            place = {"rank": {rank: answer.rank}} if rank else {}
            print(json.dumps({answer.expression: answer.found, **place}, ensure_ascii=False))
            return
        measure = "cosine" if method == "3cosadd" else "score"
        show_scores(answer.expression, measure, answer.found, answer.vectors.count)
        if rank:
            print(f"\n{visible(rank)} is number {answer.rank:,}.")


def analogy(
    pipeline: str, expression: list[str], n: int = 10, method: str = "3cosadd", among: str = "", rank: str = ""
) -> Analogy:
    """Return the n words nearest to an expression. Raises SgnsError."""
    vectors, those = opened(pipeline), among_of(among)
    positive, negative = read_expression(expression, vectors)
    found = vectors.most_similar(positive, negative, n, method=method, among=those)
    place = vectors.rank(positive, rank, negative, method=method, among=those) if rank else 0
    return Analogy(vectors, written(positive, negative), found, place)
