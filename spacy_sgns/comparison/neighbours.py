"""Nearest neighbours of the same words on two sides, and their overlap."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from spacy_sgns.vectors.scored_words import ScoredWord
from spacy_sgns.vectors.word_vectors import WordVectors

NeighbourLists: TypeAlias = tuple[list[ScoredWord], list[ScoredWord]]  # of side A and of side B


@dataclass(frozen=True)
class Neighbours:
    """The n nearest neighbours of a word on both sides, with cosines.

    compared: among the words that are compared. all: among all words of each side. overlap: the Jaccard index of the
    two lists in `compared`, from 0 to 1 (Jaccard 1912).
    """

    word: str
    compared: NeighbourLists
    all: NeighbourLists
    overlap: float

    @property
    def common(self) -> set[str]:
        """The words in both lists of `compared`."""
        a, b = self.compared
        return {word for word, _ in a} & {word for word, _ in b}


def side_by_side(
    a: WordVectors, b: WordVectors, words: Sequence[str], n: int, among: Sequence[str]
) -> list[Neighbours]:
    """Return the neighbours of each word on both sides. among: the words that are compared. Raises UnknownWord."""
    compared = [side.most_similar_batch(words, n, among=among) for side in (a, b)]
    unrestricted = [side.most_similar_batch(words, n) for side in (a, b)]
    return [
        Neighbours(word, (compared_a, compared_b), (all_a, all_b), _jaccard(compared_a, compared_b))
        for word, compared_a, compared_b, all_a, all_b in zip(words, *compared, *unrestricted, strict=True)
    ]


def _jaccard(a: Sequence[ScoredWord], b: Sequence[ScoredWord]) -> float:
    one, other = {word for word, _ in a}, {word for word, _ in b}
    return len(one & other) / len(one | other) if one | other else 1.0
