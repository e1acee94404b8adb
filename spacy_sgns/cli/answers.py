"""Remarks on the answers to queries: there is none, or mostly rare words."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from spacy_sgns.cli.console import hint
from spacy_sgns.errors import SgnsError

if TYPE_CHECKING:
    from spacy_sgns.vectors.scored_words import ScoredWords
    from spacy_sgns.vectors.word_vectors import WordVectors

FREQUENT, RARE = 100, 10  # occurrences


def check_answered(found: Sequence["ScoredWords"]) -> None:
    """Raise SgnsError if no query has an answer."""
    if not any(found):
        raise SgnsError("No word is left to answer with. Lower --min-count, or give --among more words.")


def hint_at_rare_words(vectors: "WordVectors", asked: Sequence[Sequence[str]], found: Sequence["ScoredWords"]) -> None:
    """Print a hint if most of the answers to a query for frequent words are rare words.

    asked: the words of each query.
    """
    if any(are_crowded(hits, map(vectors.count, words)) for words, hits in zip(asked, found, strict=True)):
        hint(f"Most of these words are rare, and their vectors uncertain. Try --min-count {2 * RARE}.")


def are_crowded(found: "ScoredWords", asked: Iterable[int | None]) -> bool:
    """Return whether most of the words near to frequent words are rare. asked: counts of the frequent words."""
    if found.counts is None or not all(count is not None and count >= FREQUENT for count in asked):
        return False
    return 2 * sum(count < RARE for count in found.counts) > len(found)
