"""Words of a set of vectors, selected and laid out to be drawn."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.corpus.tokens import SPACE
from spacy_sgns.drawing.text import label
from spacy_sgns.errors import SettingError
from spacy_sgns.pictures.groups import Grouping
from spacy_sgns.pictures.layout import layout, projection
from spacy_sgns.vectors.scored_words import ScoredWords
from spacy_sgns.vectors.word_vectors import WordVectors

NEIGHBOURS = 10
MAX_WORDS_IN_TITLE = 4
KINDS = {"punct": "punctuation", "number": "numbers", "stop": "stop words", "url": "URLs"}
KINDS |= {"email": "e-mail addresses", "currency": "currency signs", SPACE: "white space"}
KindOf: TypeAlias = Callable[[str], str]  # of a word to leave out; "" for one to keep


def _kept(word: str) -> str:
    return ""


@dataclass(frozen=True)
class WordMap:
    """Words on a plane, the most important first.

    rows: of the words. queries: number of query words, which come first. name: of the vectors, for the title.
    left_out: number of words of each kind that are left out of the selection.
    """

    vectors: WordVectors
    rows: list[int]
    grouping: Grouping
    name: str
    queries: int = 0
    method: str = "tsne"
    seed: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)

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
        """The subtitle: projection, number of words, kinds left out, meaning of colours and sizes."""
        _, dimensions = self.vectors.rows.shape
        data = f"{dimensions} dimensions of {len(self.rows):,} of {len(self.vectors):,} words"
        kinds = [KINDS[kind] for kind in self.left_out]
        data += f", without {' and '.join(kinds)}" if kinds else ""
        coloured = f"; colours by {self.grouping.by}" if self.grouping.by else ""
        sized = "" if self.counts is None else f"{',' if coloured else ';'} size by frequency"
        return f"{projection(self.method).title} of {data}{coloured}{sized}"


def most_frequent_rows(vectors: WordVectors, top: int, kind_of: KindOf = _kept) -> tuple[list[int], dict[str, int]]:
    """Return the rows of the most frequent words, the most frequent first, without those of a kind to leave out.

    Also return the number of words of each kind left out that are more frequent than the last of these. Raises
    SettingError.
    """
    if top < 1:
        raise SettingError(f"top must be at least 1, got {top}.")
    rows: list[int] = []
    left_out: Counter[str] = Counter()
    for row in vectors.most_frequent_rows(len(vectors)):
        if kind := kind_of(vectors.words[row]):
            left_out[kind] += 1
        else:
            rows.append(row)
        if len(rows) == top:
            break
    return rows, {kind: left_out[kind] for kind in KINDS if left_out[kind]}


def with_neighbours(
    vectors: WordVectors, words: Sequence[str], n: int, kind_of: KindOf = _kept
) -> tuple[list[int], int]:
    """Return the distinct rows of query words and their n nearest neighbours, and the number of distinct query words.

    The query words come first, then the nearest neighbour of each, then the second. Neighbours of a kind to leave out
    are passed over. Raises UnknownWord, SettingError.
    """
    among = None if kind_of is _kept else [word for word in vectors.words if not kind_of(word)]
    hits = vectors.most_similar_batch(words, n, among=among)
    queries = list(dict.fromkeys(vectors.row_of[word] for word in words))
    nearest = [vectors.row_of[word] for rank in zip(*hits, strict=False) for word, _ in rank]
    return list(dict.fromkeys([*queries, *nearest])), len(queries)


def _listed(words: Sequence[str]) -> str:
    listed = ", ".join(map(label, words[:MAX_WORDS_IN_TITLE]))
    return listed if len(words) <= MAX_WORDS_IN_TITLE else f"{listed} ... ({len(words):,} words)"
