"""Questions to word vectors: similarity, nearest words, analogies, the odd one out."""

import warnings
from collections.abc import Iterable, Sequence
from functools import cached_property
from numbers import Integral
from typing import Any, TypeAlias

import numpy as np

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.errors import SettingError, SgnsWarning
from spacy_sgns.vectors.queries import Asked, AskedOrMany, QueryParser, is_asked, no_vector_for
from spacy_sgns.vectors.scored_words import ScoredWords
from spacy_sgns.vectors.search import SCORING_METHODS, Query, ScoringMethod, Search
from spacy_sgns.vectors.word_table import WordTable

AskedQuery: TypeAlias = AskedOrMany | tuple[AskedOrMany, AskedOrMany]
Among: TypeAlias = int | Sequence[str] | None


class WordVectors(WordTable):
    """V words, each with a vector of d dimensions.

    words: canonical texts, one per row. rows: `(V, d)`. counts: `(V,)` occurrences, or None if unknown. row_of: the row
    of every form that has one; by default each word has its own row. fold_case_variants: of words that differ in case
    only, list the nearest one as a hit, and none if the query has one of them. The first four are attributes too.

    `vectors["cat"]` is a vector `(d,)`, `vectors[["cat", "dog"]]` are several, `(n, d)`; `vectors[:100]` has the first
    100 words only. `len`, `in` and iteration are about words; `word in vectors` holds for every form.

    >>> vectors = WordVectors(["cat", "dog"], np.eye(2))
    >>> vectors.similarity("cat", "cat")
    1.0
    """

    def similarity(self, a: str, b: str) -> float:
        """Return the cosine of the words `a` and `b`. Raises UnknownWord."""
        return float(np.clip(self._unit[self._row(a)] @ self._unit[self._row(b)], -1, 1))

    def most_similar(
        self,
        positive: AskedOrMany,
        negative: AskedOrMany = (),
        n: int = 10,
        *,
        method: str = "3cosadd",
        among: Among = None,
        min_count: int = 0,
        strict: bool = True,
    ) -> ScoredWords:
        """Return the n words nearest to `positive` and farthest from `negative`, with scores; without these words.

        positive, negative: a word, a vector `(d,)`, a Doc, Span or Token, or a list of these. method: `3cosadd`, whose
        scores are cosines with the sum of unit vectors, or `3cosmul` (Levy and Goldberg 2014). among: the words to
        search, or a number of the most frequent words. min_count: search only words that occur at least this many
        times. strict: raise UnknownWord for words without a vector; if False, they are left out with a warning. Scores
        within 1e-6 are ties, listed in the order of the words; forms that share a row are one word.
        """
        found, unknown = self._answer([(positive, negative)], n, method, self._among(among, min_count), strict)
        self._warn_unknown(unknown)
        return found[0]

    def most_similar_batch(
        self,
        queries: Iterable[AskedQuery],
        n: int = 10,
        *,
        method: str = "3cosadd",
        among: Among = None,
        min_count: int = 0,
        strict: bool = True,
    ) -> list[ScoredWords]:
        """Return what `most_similar` returns for each query, much faster than one call per query.

        queries: each is what `most_similar` takes as `positive`, or a tuple of positives and negatives. With
        `strict=False`, a query without known words has no hits. Other arguments: as in `most_similar`.
        """
        many: Iterable[Any] = [queries] if is_asked(queries) else queries
        pairs = [query if isinstance(query, tuple) and len(query) == 2 else (query, ()) for query in many]
        found, unknown = self._answer(pairs, n, method, self._among(among, min_count), strict)
        self._warn_unknown(unknown)
        return found

    def analogy(
        self,
        a: Asked,
        b: Asked,
        c: Asked,
        n: int = 10,
        *,
        method: str = "3cosadd",
        among: Among = None,
        min_count: int = 0,
    ) -> ScoredWords:
        """Return the n words that are to `c` as `b` is to `a`, with scores, without these three words.

        `analogy("man", "king", "woman")` is the query king - man + woman. Other arguments: as in `most_similar`.
        """
        return self.most_similar([b, c], [a], n, method=method, among=among, min_count=min_count)

    def rank(
        self,
        positive: AskedOrMany,
        word: str,
        negative: AskedOrMany = (),
        *,
        method: str = "3cosadd",
        among: Among = None,
        min_count: int = 0,
    ) -> int:
        """Return the rank of `word` among the words nearest to `positive` and farthest from `negative`, from 1.

        Other arguments: as in `most_similar`.
        """
        parser, row = self._parser(), self._row(word)
        query: Query = parser.query(positive, negative)  # type: ignore[assignment]  # not None, as words are known
        if row in (*query.positive, *query.negative, *query.left_out):
            raise SettingError(f"{word!r} is in the query, so it has no rank among the hits. Choose another word.")
        search = self._search.with_given(parser.given)
        return search.rank(query, row, _scoring_method(method), self._among(among, min_count))

    def odd_one_out(self, words: Sequence[str]) -> ScoredWords:
        """Return words with their mean cosine with the other words, the lowest first: the odd one out.

        Raises UnknownWord, and SettingError for fewer than three words.
        """
        words = [words] if isinstance(words, str) else list(words)
        rows = list(dict.fromkeys(self._rows(words)))
        if len(rows) < 3:
            raise SettingError(
                f"Finding the odd one out takes three different words, got {', '.join(words) or 'none'}."
            )
        unit = self._unit[rows].astype(np.float64)
        others = (unit.sum(0) - unit) / (len(rows) - 1)
        means = np.vecdot(unit, others)
        order = np.argsort(means, kind="stable")
        return self._scored(np.array(rows)[order], means[order])

    @cached_property
    def _search(self) -> Search:
        if not self._fold_case_variants:
            return Search(self._unit)
        return Search(self._unit, np.unique([word.lower() for word in self.words], return_inverse=True)[1])

    def _answer(
        self, queries: Sequence[Any], n: int, method: str, among: Ints | None, strict: bool
    ) -> tuple[list[ScoredWords], list[str]]:
        """Return the hits of each query, a pair of positives and negatives, and the words that were left out."""
        _check_whole("n", n, 1)
        parser = self._parser(strict=strict)
        parsed = [parser.query(*query) for query in queries]
        search = self._search.with_given(parser.given)
        hits = search.search(list(filter(None, parsed)), int(n), _scoring_method(method), among)
        return [self._scored(*next(hits)) if query else ScoredWords() for query in parsed], parser.unknown

    def _warn_unknown(self, unknown: Sequence[str]) -> None:
        """Warn the caller of a public method about words that were left out."""
        if unknown:
            warnings.warn(f"Left out: {no_vector_for(unknown, self.words)}", SgnsWarning, stacklevel=3)

    def _parser(self, *, strict: bool = True) -> QueryParser:
        return QueryParser(self.row_of, self.words, self.rows.shape[1], strict=strict)

    def _scored(self, rows: Ints, scores: Floats) -> ScoredWords:
        """Return the words of rows `(n,)` with their scores `(n,)`."""
        words = [self.words[row] for row in rows.tolist()]
        counts = None if self.counts is None else self.counts[rows].tolist()
        return ScoredWords(zip(words, scores.tolist(), strict=True), counts=counts)

    def _among(self, among: Among, min_count: int = 0) -> Ints | None:
        """Return the rows to search; None for all."""
        rows = self._among_rows(among)
        _check_whole("min_count", min_count, 0)
        if not min_count:
            return rows
        if self.counts is None:
            raise SettingError("min_count needs the counts of the words, which are not known for these vectors.")
        frequent = np.flatnonzero(self.counts >= min_count)
        return frequent if rows is None else np.intersect1d(rows, frequent)

    def _among_rows(self, among: Among) -> Ints | None:
        if among is None:
            return None
        if not isinstance(among, int | np.integer):
            return np.unique(self._rows([among] if isinstance(among, str) else list(among))).astype(np.intp)
        if among < 1:
            raise SettingError(f"among must be words, or a number of the most frequent words from 1, got {among!r}.")
        return np.array(self.most_frequent_rows(int(among)))

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


def _check_whole(name: str, value: Any, least: int) -> None:
    if not isinstance(value, Integral) or value < least:
        raise SettingError(f"{name} must be a whole number from {least}, got {value!r}.")


def _scoring_method(name: str) -> ScoringMethod:
    try:
        return SCORING_METHODS[name]
    except KeyError:
        raise SettingError(f"method must be {' or '.join(SCORING_METHODS)}, got {name!r}.") from None
