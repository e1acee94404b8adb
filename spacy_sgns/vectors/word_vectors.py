"""Word vectors in memory: lookup, similarity, search, loading and saving."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from numbers import Integral
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.errors import SettingError, SgnsError, UnknownWord, closest
from spacy_sgns.system.files import check_regular
from spacy_sgns.vectors.formats.lookup import format_for
from spacy_sgns.vectors.pipeline_folder import read_pipeline_folder
from spacy_sgns.vectors.search import SCORING_METHODS, Query, ScoringMethod, Search

WordOrWords: TypeAlias = str | Sequence[str]
QueryWords: TypeAlias = str | tuple[WordOrWords, WordOrWords]
Among: TypeAlias = int | Sequence[str] | None
ScoredWord: TypeAlias = tuple[str, float]


class WordVectors:
    """V words, each with a vector of d dimensions.

    words: canonical texts, one per row. rows: `(V, d)`. counts: `(V,)` occurrences, or None if unknown. row_of: the row
    of every form that has one; by default each word has its own row. fold_case_variants: of words that differ in case
    only, list the nearest one as a hit, and none if the query has one of them.

    >>> vectors = WordVectors(["cat", "dog"], np.eye(2))
    >>> vectors.similarity("cat", "cat")
    1.0
    """

    def __init__(
        self,
        words: Sequence[str],
        rows: Floats,
        *,
        counts: Ints | None = None,
        row_of: Mapping[str, int] | None = None,
        fold_case_variants: bool = False,
    ) -> None:
        rows = np.asarray(rows)
        if rows.ndim != 2 or len(words) != len(rows):
            raise SgnsError(
                f"There must be a row for each word, got {len(words)} words and rows of shape {rows.shape}."
            )
        if counts is not None and len(counts) != len(words):
            raise SgnsError(f"There must be a count for each word, got {len(words)} words and {len(counts)} counts.")
        self.words, self.rows, self.counts = list(words), rows, counts
        self.row_of = dict(row_of) if row_of is not None else _own_rows(self.words)
        self._fold_case_variants = fold_case_variants

    @classmethod
    def load(cls, path: str | Path, *, format: str = "") -> "WordVectors":
        """Return the vectors in a file (`.vec`, `.txt`, `.bin`) or in a pipeline folder that this package wrote.

        format: registered name, needed if the file's ending does not tell it. For any other pipeline use
        `WordVectors.from_pipeline(spacy.load(path))`. Raises SgnsError if the path cannot be read.
        """
        path = Path(path)
        if path.is_dir():
            return cls(**read_pipeline_folder(path))
        if not path.exists():
            raise SgnsError(f"There is no file or folder {path}.")
        check_regular(path)
        words, rows = format_for(path, format).load(path)
        return cls(words, rows)

    @classmethod
    def from_pipeline(cls, nlp: Any, *, counts: Mapping[str, int] | None = None) -> "WordVectors":
        """Return the vectors of any spaCy pipeline; the last key of a row becomes its word.

        counts: occurrences of the words, if known. Raises SgnsError if the pipeline has no vectors.
        """
        table, strings = nlp.vocab.vectors, nlp.vocab.strings
        data = _on_cpu(table.data)
        keys = {key: int(row) for key, row in table.key2row.items() if 0 <= row < len(data) and key in strings}
        names = {row: strings[key] for key, row in keys.items()}
        if not names:
            raise SgnsError("The pipeline has no word vectors. Train some: python -m spacy sgns train CORPUS OUTPUT")
        used = sorted(names)
        place = dict(zip(used, range(len(used)), strict=True))
        words = [names[row] for row in used]
        return cls(
            words,
            data if len(used) == len(data) else data[used],
            counts=np.array([counts.get(word, 0) for word in words]) if counts else None,
            row_of={strings[key]: place[row] for key, row in keys.items()},
            fold_case_variants=counts is None,  # with counts they are from this package, whose training decided on case
        )

    def save(self, path: str | Path, *, format: str = "") -> None:
        """Write words and rows to a file. format: registered name; by default the file's ending decides."""
        format_for(Path(path), format).save(Path(path), self.words, self.rows)

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self.row_of

    def __getitem__(self, word: str) -> Floats:
        """Return the vector `(d,)` of a word. Raises UnknownWord."""
        return self.rows[self._row(word)]

    def __repr__(self) -> str:
        return f"<WordVectors: {len(self)} words, {self.rows.shape[1]} dimensions>"

    def count(self, word: str) -> int | None:
        """Return how often a word occurred in the corpus, or None if unknown. Raises UnknownWord."""
        row = self._row(word)
        return None if self.counts is None else int(self.counts[row])

    def most_frequent(self, n: int) -> list[int]:
        """Return the rows of the n most frequent words; without counts the first n, as files are usually sorted."""
        if self.counts is None:
            return list(range(min(n, len(self))))
        return np.argsort(-self.counts, kind="stable")[:n].tolist()

    def similarity(self, a: str, b: str) -> float:
        """Return the cosine of two words. Raises UnknownWord."""
        return float(np.clip(self._unit[self._row(a)] @ self._unit[self._row(b)], -1, 1))

    def most_similar(
        self,
        positive: WordOrWords,
        negative: WordOrWords = (),
        n: int = 10,
        *,
        method: str = "3cosadd",
        among: Among = None,
    ) -> list[ScoredWord]:
        """Return the n words nearest to `positive` and farthest from `negative`, with scores; without these words.

        method: `3cosadd`, whose scores are cosines with the sum of unit vectors, or `3cosmul` (Levy and Goldberg 2014).
        among: the words to search, or a number of the most frequent words. Scores within 1e-6 are ties, listed in the
        order of the words; forms that share a row are one word. Raises UnknownWord.
        """
        return self.most_similar_batch([(positive, negative)], n, method=method, among=among)[0]

    def most_similar_batch(
        self, queries: Iterable[QueryWords], n: int = 10, *, method: str = "3cosadd", among: Among = None
    ) -> list[list[ScoredWord]]:
        """Return what `most_similar` returns for each query, much faster than one call per query.

        queries: words, or pairs of positive and negative words.
        """
        if not isinstance(n, Integral) or n < 1:
            raise SettingError(f"n must be a whole number from 1, got {n!r}.")
        queries = [queries] if isinstance(queries, str) else queries
        parsed = [self._query(*((words, ()) if isinstance(words, str) else words)) for words in queries]
        results = self._search.search(parsed, int(n), _scoring_method(method), self._among(among))
        return [
            [(self.words[row], score) for row, score in zip(rows.tolist(), scores.tolist(), strict=True)]
            for rows, scores in results
        ]

    def analogy(
        self, a: str, b: str, c: str, n: int = 10, *, method: str = "3cosadd", among: Among = None
    ) -> list[ScoredWord]:
        """Return the n words that are to `c` as `b` is to `a`, with scores, without these three words.

        `analogy("man", "king", "woman")` is the query king - man + woman. Other arguments: as in `most_similar`.
        """
        return self.most_similar([b, c], [a], n, method=method, among=among)

    def rank(
        self,
        positive: WordOrWords,
        word: str,
        negative: WordOrWords = (),
        *,
        method: str = "3cosadd",
        among: Among = None,
    ) -> int:
        """Return the rank of `word` among the words nearest to `positive` and farthest from `negative`, from 1.

        Other arguments: as in `most_similar`.
        """
        query, row = self._query(positive, negative), self._row(word)
        if row in (*query.positive, *query.negative):
            raise SettingError(f"{word!r} is in the query, so it has no rank among the hits. Choose another word.")
        return self._search.rank(query, row, _scoring_method(method), self._among(among))

    def odd_one_out(self, words: Sequence[str]) -> list[ScoredWord]:
        """Return words with their mean cosine with the other words, the lowest first: the odd one out.

        Raises UnknownWord, and SettingError for fewer than three words.
        """
        words = _as_list(words)
        rows = list(dict.fromkeys(map(self._row, words)))
        if len(rows) < 3:
            raise SettingError(
                f"Finding the odd one out takes three different words, got {', '.join(words) or 'none'}."
            )
        unit = self._unit[rows].astype(np.float64)
        others = (unit.sum(0) - unit) / (len(rows) - 1)
        means = np.vecdot(unit, others).tolist()
        return sorted(((self.words[row], mean) for row, mean in zip(rows, means, strict=True)), key=itemgetter(1))

    @cached_property
    def _search(self) -> Search:
        if not self._fold_case_variants:
            return Search(self._unit)
        return Search(self._unit, np.unique([word.lower() for word in self.words], return_inverse=True)[1])

    def _query(self, positive: WordOrWords, negative: WordOrWords) -> Query:
        query = Query(*(tuple(self._row(word) for word in _as_list(words)) for words in (positive, negative)))
        if not (query.positive or query.negative):
            raise SettingError("most_similar needs at least one word.")
        return query

    def _among(self, among: Among) -> Ints | None:
        """Return the rows to search; None for all."""
        if among is None:
            return None
        if not isinstance(among, int | np.integer):
            return np.unique([self._row(word) for word in _as_list(among)]).astype(np.intp)
        if among < 1:
            raise SettingError(f"among must be words, or a number of the most frequent words from 1, got {among!r}.")
        return np.array(self.most_frequent(int(among)))

    @cached_property
    def _unit(self) -> Floats:
        """Unit rows `(V, d)`; a row without a direction (zero or not finite) is zero."""
        lengths = np.sqrt(np.einsum("ij,ij->i", self.rows, self.rows, dtype=np.float64))
        usable = np.isfinite(lengths) & (lengths > 0)
        unit = np.empty(self.rows.shape, np.result_type(self.rows, np.float32))
        divisors = np.where(usable, lengths, 1)[:, None]
        with np.errstate(over="ignore", invalid="ignore"):  # in unusable rows, zeroed below
            np.divide(self.rows, divisors, out=unit, casting="same_kind")
        unit[~usable] = 0
        return unit

    def _row(self, word: str) -> int:
        try:
            return self.row_of[word]
        except KeyError:
            hint = closest(str(word), self.words)
            raise UnknownWord(f"No vector for {word!r}. {hint}".rstrip()) from None


def _scoring_method(name: str) -> ScoringMethod:
    try:
        return SCORING_METHODS[name]
    except KeyError:
        raise SettingError(f"method must be {' or '.join(SCORING_METHODS)}, got {name!r}.") from None


def _own_rows(words: Sequence[str]) -> dict[str, int]:
    """Return the row of each word; of a repeated word, the first."""
    rows: dict[str, int] = {}
    for row, word in enumerate(words):
        rows.setdefault(word, row)
    return rows


def _on_cpu(data: Any) -> Floats:
    return np.asarray(data.get() if hasattr(data, "get") else data)


def _as_list(words: WordOrWords | Iterable[str]) -> list[str]:
    return [words] if isinstance(words, str) else list(words)
