"""`sgns odd-one-out`: the word that is least like the others."""

import json
from typing import TYPE_CHECKING

from spacy_sgns.cli.console import clean_end, show_scores
from spacy_sgns.cli.flags import Code, Json, Pipeline, Words
from spacy_sgns.cli.inputs import opened
from spacy_sgns.system.plugins import import_code

if TYPE_CHECKING:
    from spacy_sgns.vectors.word_vectors import ScoredWord, WordVectors


def odd_one_out_cli(pipeline: Pipeline, words: Words, as_json: Json = False, code: Code = None) -> None:
    """Show which WORD is least like the others.

    Its mean cosine with them is the lowest: it stands first.
    """
    with clean_end():
        if code:
            import_code(code)
        vectors, found = odd_one_out(pipeline, words)
        if as_json:
            print(json.dumps(found, ensure_ascii=False))
        else:
            show_scores("odd one out", "mean cosine", found, vectors.count)


def odd_one_out(pipeline: str, words: list[str]) -> tuple["WordVectors", list["ScoredWord"]]:
    """Return the vectors, and the words with their mean cosine with the others, the lowest first. Raises SgnsError."""
    vectors = opened(pipeline)
    return vectors, vectors.odd_one_out(words)
