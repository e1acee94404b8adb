"""The neighbours of the same words on two sides, and how many of them are the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from spacy_sgns.vectors.word_vectors import ScoredWord, WordVectors

Sides: TypeAlias = tuple[list[ScoredWord], list[ScoredWord]]


@dataclass(frozen=True)
class Neighbours:
    """The n nearest words of a word on two sides, with cosines.

    shared: among the words that both sides have. plain: among all of each side. overlap: of the shared ones, those that
    both sides name by those that either names (Jaccard 1912), 0 to 1.
    """

    word: str
    shared: Sides
    plain: Sides
    overlap: float

    @property
    def common(self) -> set[str]:
        """The shared neighbours that both sides name."""
        a, b = self.shared
        return {word for word, _ in a} & {word for word, _ in b}


def side_by_side(
    a: WordVectors, b: WordVectors, words: Sequence[str], n: int, among: Sequence[str]
) -> list[Neighbours]:
    """Return the neighbours of each word on both sides. among: the words that both have. Raises UnknownWord."""
    shared = [side.most_similar_batch(words, n, among=among) for side in (a, b)]
    plain = [side.most_similar_batch(words, n) for side in (a, b)]
    return [
        Neighbours(word, (sa, sb), (pa, pb), _jaccard(sa, sb))
        for word, sa, sb, pa, pb in zip(words, *shared, *plain, strict=True)
    ]


def _jaccard(a: Sequence[ScoredWord], b: Sequence[ScoredWord]) -> float:
    one, other = {word for word, _ in a}, {word for word, _ in b}
    return len(one & other) / len(one | other) if one | other else 1.0
