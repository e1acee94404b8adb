"""`sgns odd-one-out`: the word that is least like the others."""

import json
from typing import TYPE_CHECKING

from spacy_sgns.cli.flags import Json, Pipeline, Strict, Words, command
from spacy_sgns.cli.inputs import known_words, load_vectors
from spacy_sgns.cli.tables import show_scores

if TYPE_CHECKING:
    from spacy_sgns.vectors.scored_words import ScoredWords


@command
def odd_one_out_cli(pipeline: Pipeline, words: Words, strict: Strict = False, as_json: Json = False) -> None:
    """Show which WORD is least like the others.

    The words are sorted by their mean cosine with the others; the odd one has the lowest and comes first.

    Example: python -m spacy sgns odd-one-out ./alice tea bread butter queen
    """
    found = odd_one_out(pipeline, words, strict=strict)
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        show_scores("odd one out", "mean cosine", found)


def odd_one_out(pipeline: str, words: list[str], *, strict: bool = False) -> "ScoredWords":
    """Return the words with their mean cosine with the others, the lowest first. Raises SgnsError."""
    vectors = load_vectors(pipeline)
    return vectors.odd_one_out(known_words(words, vectors, strict=strict))
