"""`sgns analogy`: man king woman, or words near to some words and far from others, as in king - man + woman."""

import json
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from spacy_sgns.cli.answers import check_answered, hint_at_rare_words
from spacy_sgns.cli.console import visible
from spacy_sgns.cli.expression import read_expression
from spacy_sgns.cli.flags import Among, Json, MinCount, Number, Pipeline, command
from spacy_sgns.cli.inputs import load_vectors, read_among
from spacy_sgns.cli.tables import show_scores
from spacy_sgns.errors import SettingError

if TYPE_CHECKING:
    from spacy_sgns.vectors.scored_words import ScoredWords
    from spacy_sgns.vectors.word_vectors import WordVectors

Expression = Annotated[
    list[str],
    typer.Argument(
        metavar="WORDS",
        help="Three words, man king woman: man is to king as woman is to whom? Or an expression: king - man + woman",
    ),
]
Method = Annotated[
    str, typer.Option(metavar="3cosadd|3cosmul", help="Combine cosines by addition or by multiplication")
]
Rank = Annotated[str, typer.Option(metavar="WORD", help="Also show the rank of WORD among all candidates")]


class Analogy(NamedTuple):
    """An answer. question, asked: as it was read, its words. rank: of the requested word, from 1; 0 without one."""

    vectors: "WordVectors"
    question: str
    asked: list[str]
    found: "ScoredWords"
    rank: int


@command
def analogy_cli(
    pipeline: Pipeline,
    expression: Expression,
    n: Number = 10,
    method: Method = "3cosadd",
    among: Among = "",
    min_count: MinCount = 0,
    rank: Rank = "",
    as_json: Json = False,
) -> None:
    """Solve an analogy: man king woman, or king - man + woman.

    Three words without signs, A B C, ask for the word that is to C as B is to A; that is B - A + C. The words asked
    about are left out of the answer.

    Example: python -m spacy sgns analogy ./alice king queen he
    """
    answer = analogy(pipeline, expression, n, method, among, rank, min_count)
    if as_json:
        ranks = {"rank": {rank: answer.rank}} if rank else {}
        print(json.dumps({answer.question: answer.found, **ranks}, ensure_ascii=False))
        return
    show_scores(answer.question, "cosine" if method == "3cosadd" else "score", answer.found)
    hint_at_rare_words(answer.vectors, [answer.asked], [answer.found])
    if rank:
        print(f"\n{visible(rank)} has rank {answer.rank:,}.")


def analogy(
    pipeline: str,
    expression: list[str],
    n: int = 10,
    method: str = "3cosadd",
    among: str = "",
    rank: str = "",
    min_count: int = 0,
) -> Analogy:
    """Return the n words nearest to an expression. Raises SgnsError."""
    vectors = load_vectors(pipeline)
    positive, negative, question = read_expression(expression, vectors)
    if sorted(positive) == sorted(negative):
        raise SettingError(f"Nothing is left of {question!r}: it takes away what it adds.")
    options: Any = {"method": method, "among": read_among(among, vectors), "min_count": min_count}
    found = vectors.most_similar(positive, negative, n, **options)
    check_answered([found])
    number = vectors.rank(positive, rank, negative, **options) if rank else 0
    return Analogy(vectors, question, [*positive, *negative], found, number)
