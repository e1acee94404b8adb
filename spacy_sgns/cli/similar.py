"""`sgns similar`: the nearest words."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from spacy_sgns.cli.messages import clean_end, show_neighbours
from spacy_sgns.cli.options import Code, Pipeline
from spacy_sgns.registry import import_code

if TYPE_CHECKING:
    from spacy_sgns.vectors.word_vectors import WordVectors

Words = Annotated[list[str], typer.Argument(metavar="WORD", help="Words to ask about, one by one")]
Number = Annotated[int, typer.Option("--n", "-n", metavar="INT", help="Neighbours per word")]
Json = Annotated[bool, typer.Option("--json", help="For programs: an object with [word, cosine] pairs per word")]


def similar_cli(pipeline: Pipeline, words: Words, n: Number = 10, as_json: Json = False, code: Code = None) -> None:
    """Show the words nearest to each WORD."""
    with clean_end():
        if code:
            import_code(code)
        vectors, found = similar(pipeline, words, n)
        if as_json:
            print(json.dumps(found, ensure_ascii=False))
            return
        for word, near in found.items():
            show_neighbours(word, near, vectors.count)


def similar(pipeline: str, words: list[str], n: int = 10) -> tuple["WordVectors", dict[str, list[tuple[str, float]]]]:
    """Return the vectors and, for each word, its n nearest words with cosines. Raises SgnsError."""
    from spacy_sgns.pipeline.open import open_vectors

    vectors = open_vectors(pipeline)
    return vectors, {word: vectors.most_similar(word, n=n) for word in words}
