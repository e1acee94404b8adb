"""`sgns similar`: the nearest words."""

import json
from typing import TYPE_CHECKING

from spacy_sgns.cli.console import clean_end, show_scores
from spacy_sgns.cli.flags import Among, Code, Json, Number, Pipeline, Words
from spacy_sgns.cli.inputs import among_of, opened
from spacy_sgns.system.plugins import import_code

if TYPE_CHECKING:
    from spacy_sgns.vectors.word_vectors import ScoredWord, WordVectors


def similar_cli(
    pipeline: Pipeline, words: Words, n: Number = 10, among: Among = "", as_json: Json = False, code: Code = None
) -> None:
    """Show the words nearest to each WORD."""
    with clean_end():
        if code:
            import_code(code)
        vectors, found = similar(pipeline, words, n, among)
        if as_json:
            print(json.dumps(found, ensure_ascii=False))
            return
        for word, near in found.items():
            show_scores(word, "cosine", near, vectors.count)


def similar(
    pipeline: str, words: list[str], n: int = 10, among: str = ""
) -> tuple["WordVectors", dict[str, list["ScoredWord"]]]:
    """Return the vectors and, for each word, its n nearest words with cosines. Raises SgnsError."""
    vectors = opened(pipeline)
    found = vectors.most_similar_batch(words, n, among=among_of(among))
    return vectors, dict(zip(words, found, strict=True))
