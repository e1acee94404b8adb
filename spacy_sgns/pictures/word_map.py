"""Some words of vectors, to be shown on a plane."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.drawing.labels import shown
from spacy_sgns.errors import SettingError
from spacy_sgns.pictures.clusters import Grouping
from spacy_sgns.pictures.layout import layout, method_of
from spacy_sgns.vectors.word_vectors import ScoredWord, WordVectors

NEAREST = 10


@dataclass(frozen=True)
class WordMap:
    """Words on a plane, those first that matter most.

    rows: of the words. asked: how many of them, the first, were asked for by name. name: of the vectors, for people.
    """

    vectors: WordVectors
    rows: list[int]
    grouping: Grouping
    name: str
    asked: int = 0
    method: str = "tsne"
    seed: int = 0

    @property
    def words(self) -> list[str]:
        """The words."""
        return [self.vectors.words[row] for row in self.rows]

    @property
    def counts(self) -> Ints | None:
        """How often each word occurred, `(n,)`, or None where it is not known."""
        return None if self.vectors.counts is None else self.vectors.counts[self.rows]

    @cached_property
    def points(self) -> Floats:
        """Where the words stand, `(n, 2)` within -1 to 1. Raises SgnsError."""
        return layout(self.vectors.rows[self.rows], self.method, self.seed)

    @cached_property
    def near(self) -> list[list[ScoredWord]]:
        """The ten words nearest to each, of all that have vectors, with cosines."""
        return self.vectors.most_similar_batch(self.words, NEAREST)

    @property
    def title(self) -> str:
        """What is shown."""
        if not self.asked:
            return f"The {len(self.rows):,} most frequent words of {shown(self.name)}"
        return f"{_listed(self.words[: self.asked])} and their neighbours in {shown(self.name)}"

    @property
    def note(self) -> str:
        """How it came about."""
        _, dimensions = self.vectors.rows.shape
        of = f"{dimensions} dimensions of {len(self.rows):,} of {len(self.vectors):,} words"
        sized = "" if self.counts is None else ", size by frequency"
        return f"{method_of(self.method).title} of {of}; colours by {self.grouping.by}{sized}"


def most_frequent(vectors: WordVectors, top: int) -> list[int]:
    """Return the rows of the most frequent words, the first of them first. Raises SettingError."""
    if top < 1:
        raise SettingError(f"top must be at least 1, got {top}.")
    return vectors.most_frequent(top)


def around(vectors: WordVectors, words: Sequence[str], n: int) -> tuple[list[int], int]:
    """Return the rows of words and of their n nearest words, each once, and how many of them are words that were given.

    The nearest of each come first. Raises UnknownWord, SettingError.
    """
    found = vectors.most_similar_batch(words, n)
    given = list(dict.fromkeys(vectors.row_of[word] for word in words))
    nearest = [vectors.row_of[word] for place in zip(*found, strict=False) for word, _ in place]
    return list(dict.fromkeys([*given, *nearest])), len(given)


def _listed(words: Sequence[str], most: int = 4) -> str:
    some = ", ".join(map(shown, words[:most]))
    return some if len(words) <= most else f"{some} ... ({len(words):,} words)"
