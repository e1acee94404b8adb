"""`sgns similar`: the nearest words."""

import json
from typing import TYPE_CHECKING

from spacy_sgns.cli.flags import Among, Json, Number, Pipeline, Words, command
from spacy_sgns.cli.inputs import load_vectors, read_among
from spacy_sgns.cli.tables import show_scores

if TYPE_CHECKING:
    from spacy_sgns.vectors.word_vectors import ScoredWord, WordVectors


@command
def similar_cli(pipeline: Pipeline, words: Words, n: Number = 10, among: Among = "", as_json: Json = False) -> None:
    """Show the words nearest to each WORD.

    Nearness is the cosine of two vectors, from -1 to 1.

    Example: python -m spacy sgns similar PIPELINE king queen -n 5
    """
    vectors, found = similar(pipeline, words, n, among)
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for word, nearest in found.items():
        show_scores(word, "cosine", nearest, vectors.count)


def similar(
    pipeline: str, words: list[str], n: int = 10, among: str = ""
) -> tuple["WordVectors", dict[str, list["ScoredWord"]]]:
    """Return the vectors and, for each word, its n nearest words with cosines. Raises SgnsError."""
    vectors = load_vectors(pipeline)
    found = vectors.most_similar_batch(words, n, among=read_among(among))
    return vectors, dict(zip(words, found, strict=True))
