"""Words of a set of vectors, selected and laid out to be drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.drawing.text import label
from spacy_sgns.errors import SettingError
from spacy_sgns.pictures.groups import Grouping
from spacy_sgns.pictures.layout import layout, projection
from spacy_sgns.vectors.scored_words import ScoredWords
from spacy_sgns.vectors.word_vectors import WordVectors

NEIGHBOURS = 10
MAX_WORDS_IN_TITLE = 4


@dataclass(frozen=True)
class WordMap:
    """Words on a plane, the most important first.

    rows: of the words. queries: number of query words, which come first. name: of the vectors, for the title.
    """

    vectors: WordVectors
    rows: list[int]
    grouping: Grouping
    name: str
    queries: int = 0
    method: str = "tsne"
    seed: int = 0

    @property
    def words(self) -> list[str]:
        """The words."""
        return [self.vectors.words[row] for row in self.rows]

    @property
    def counts(self) -> Ints | None:
        """The occurrences of each word, `(n,)`, or None if unknown."""
        return None if self.vectors.counts is None else self.vectors.counts[self.rows]

    @cached_property
    def points(self) -> Floats:
        """The positions of the words, `(n, 2)` within -1 to 1. Raises SgnsError."""
        return layout(self.vectors.rows[self.rows], self.method, self.seed)

    @cached_property
    def neighbours(self) -> list[ScoredWords]:
        """The ten nearest neighbours of each word among all words with vectors, with cosines."""
        return self.vectors.most_similar_batch(self.words, NEIGHBOURS)

    @property
    def title(self) -> str:
        """The title."""
        if not self.queries:
            return f"The {len(self.rows):,} most frequent words of {label(self.name)}"
        return f"{_listed(self.words[: self.queries])} and their neighbours in {label(self.name)}"

    @property
    def note(self) -> str:
        """The subtitle: projection, number of words, meaning of colours and sizes."""
        _, dimensions = self.vectors.rows.shape
        data = f"{dimensions} dimensions of {len(self.rows):,} of {len(self.vectors):,} words"
        coloured = f"; colours by {self.grouping.by}" if self.grouping.by else ""
        sized = "" if self.counts is None else f"{',' if coloured else ';'} size by frequency"
        return f"{projection(self.method).title} of {data}{coloured}{sized}"


def most_frequent(vectors: WordVectors, top: int) -> list[int]:
    """Return the rows of the most frequent words, the most frequent first. Raises SettingError."""
    if top < 1:
        raise SettingError(f"top must be at least 1, got {top}.")
    return vectors.most_frequent(top)


def with_neighbours(vectors: WordVectors, words: Sequence[str], n: int) -> tuple[list[int], int]:
    """Return the distinct rows of query words and their n nearest neighbours, and the number of distinct query words.

    The query words come first, then the nearest neighbour of each, then the second. Raises UnknownWord, SettingError.
    """
    hits = vectors.most_similar_batch(words, n)
    queries = list(dict.fromkeys(vectors.row_of[word] for word in words))
    nearest = [vectors.row_of[word] for rank in zip(*hits, strict=False) for word, _ in rank]
    return list(dict.fromkeys([*queries, *nearest])), len(queries)


def _listed(words: Sequence[str]) -> str:
    listed = ", ".join(map(label, words[:MAX_WORDS_IN_TITLE]))
    return listed if len(words) <= MAX_WORDS_IN_TITLE else f"{listed} ... ({len(words):,} words)"
