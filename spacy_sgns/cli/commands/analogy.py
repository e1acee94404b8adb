"""`sgns analogy`: words near to some words and far from others, as in king - man + woman."""

import json
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from spacy_sgns.cli.console import visible
from spacy_sgns.cli.expression import format_expression, read_expression
from spacy_sgns.cli.flags import Among, Json, Number, Pipeline, command
from spacy_sgns.cli.inputs import load_vectors, read_among
from spacy_sgns.cli.tables import show_scores

if TYPE_CHECKING:
    from spacy_sgns.vectors.word_vectors import ScoredWord, WordVectors

Expression = Annotated[
    list[str],
    typer.Argument(metavar="WORDS", help="An expression: king - man + woman, king -man +woman, or quoted as one text"),
]
Method = Annotated[
    str, typer.Option(metavar="3cosadd|3cosmul", help="Combine cosines by addition or by multiplication")
]
Rank = Annotated[str, typer.Option(metavar="WORD", help="Also show the rank of WORD among all candidates")]


class Analogy(NamedTuple):
    """An answer. expression: in its usual form. rank: of the requested word, from 1; 0 if none was requested."""

    vectors: "WordVectors"
    expression: str
    found: list["ScoredWord"]
    rank: int


@command
def analogy_cli(
    pipeline: Pipeline,
    expression: Expression,
    n: Number = 10,
    method: Method = "3cosadd",
    among: Among = "",
    rank: Rank = "",
    as_json: Json = False,
) -> None:
    """Solve an analogy: show the words nearest to king - man + woman.

    The words of the expression itself are left out of the answer.

    Example: python -m spacy sgns analogy PIPELINE king - man + woman
    """
    answer = analogy(pipeline, expression, n, method, among, rank)
    if as_json:
        ranks = {"rank": {rank: answer.rank}} if rank else {}
        print(json.dumps({answer.expression: answer.found, **ranks}, ensure_ascii=False))
        return
    measure = "cosine" if method == "3cosadd" else "score"
    show_scores(answer.expression, measure, answer.found, answer.vectors.count)
    if rank:
        print(f"\n{visible(rank)} has rank {answer.rank:,}.")


def analogy(
    pipeline: str, expression: list[str], n: int = 10, method: str = "3cosadd", among: str = "", rank: str = ""
) -> Analogy:
    """Return the n words nearest to an expression. Raises SgnsError."""
    vectors, candidates = load_vectors(pipeline), read_among(among)
    positive, negative = read_expression(expression, vectors)
    found = vectors.most_similar(positive, negative, n, method=method, among=candidates)
    number = vectors.rank(positive, rank, negative, method=method, among=candidates) if rank else 0
    return Analogy(vectors, format_expression(positive, negative), found, number)
