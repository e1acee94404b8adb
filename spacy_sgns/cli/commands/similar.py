"""`sgns similar`: the nearest words."""

import json
from typing import TYPE_CHECKING

from spacy_sgns.cli.answers import check_answered, hint_at_rare_words
from spacy_sgns.cli.flags import Among, Json, MinCount, Number, Pipeline, Strict, Words, command
from spacy_sgns.cli.inputs import known_words, load_vectors, read_among
from spacy_sgns.cli.tables import show_scores

if TYPE_CHECKING:
    from spacy_sgns.vectors.scored_words import ScoredWords
    from spacy_sgns.vectors.word_vectors import WordVectors


@command
def similar_cli(
    pipeline: Pipeline,
    words: Words,
    n: Number = 10,
    among: Among = "",
    min_count: MinCount = 0,
    strict: Strict = False,
    as_json: Json = False,
) -> None:
    """Show the words nearest to each WORD.

    Nearness is the cosine of two vectors, from -1 to 1.

    Example: python -m spacy sgns similar ./alice rabbit queen -n 5
    """
    vectors, found = similar(pipeline, words, n, among, min_count, strict=strict)
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for word, nearest in found.items():
        show_scores(word, "cosine", nearest)
    hint_at_rare_words(vectors, [[word] for word in found], list(found.values()))


def similar(
    pipeline: str, words: list[str], n: int = 10, among: str = "", min_count: int = 0, *, strict: bool = False
) -> tuple["WordVectors", dict[str, "ScoredWords"]]:
    """Return the vectors and, for each word that has a vector, its n nearest words with cosines. Raises SgnsError."""
    vectors = load_vectors(pipeline)
    words = known_words(words, vectors, strict=strict)
    candidates = read_among(among, vectors, strict=strict)
    found = vectors.most_similar_batch(words, n, among=candidates, min_count=min_count)
    check_answered(found)
    return vectors, dict(zip(words, found, strict=True))
