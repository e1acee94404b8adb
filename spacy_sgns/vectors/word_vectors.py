"""Words and their vectors, to be looked up, compared and searched."""

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
from spacy_sgns.vectors.search import METHODS, Method, Question, Search

Words: TypeAlias = str | Sequence[str]
Asked: TypeAlias = str | tuple[Words, Words]
Among: TypeAlias = int | Sequence[str] | None
Scored: TypeAlias = tuple[str, float]


class WordVectors:
    """V words, each with a row of d numbers.

    words: canonical texts, one per row. rows: `(V, d)`. counts: `(V,)` occurrences, or None where they are not known.
    row_of: the row of every form that has one; by default each word its own. fold_twins: of words that differ in case
    alone, list but one as an answer, and none that the question has.

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
        fold_twins: bool = False,
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
        self._fold_twins = fold_twins

    @classmethod
    def load(cls, path: str | Path, *, format: str = "") -> "WordVectors":
        """Return the vectors of a file (`.vec`, `.txt`, `.bin`) or of a pipeline folder that this package wrote.

        format: registered name, where the file's ending does not say it. For any other pipeline:
        `WordVectors.from_pipeline(spacy.load(path))`. Raises SgnsError if it cannot be read.
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
        """Return the vectors of any spaCy pipeline that has some; each row is called by the last of its keys.

        counts: of the words, where they are known. Raises SgnsError if the pipeline has no vectors.
        """
        table, strings = nlp.vocab.vectors, nlp.vocab.strings
        data = _on_cpu(table.data)
        keys = {key: int(row) for key, row in table.key2row.items() if 0 <= row < len(data) and key in strings}
        names = {row: strings[key] for key, row in keys.items()}
        if not names:
            raise SgnsError(
                "The pipeline has no vectors of words. Train some: python -m spacy sgns train CORPUS OUTPUT"
            )
        used = sorted(names)
        place = dict(zip(used, range(len(used)), strict=True))
        words = [names[row] for row in used]
        return cls(
            words,
            data if len(used) == len(data) else data[used],
            counts=np.array([counts.get(word, 0) for word in words]) if counts else None,
            row_of={strings[key]: place[row] for key, row in keys.items()},
            fold_twins=counts is None,  # ours fold case themselves, or were told not to
        )

    def save(self, path: str | Path, *, format: str = "") -> None:
        """Write words and rows to a file, in the format registered under that name or going by the file's ending."""
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
        """Return how often a word occurred, or None where it is not known. Raises UnknownWord."""
        row = self._row(word)
        return None if self.counts is None else int(self.counts[row])

    def most_frequent(self, n: int) -> list[int]:
        """Return the rows of the n most frequent words; without counts the first n, the usual order of files."""
        if self.counts is None:
            return list(range(min(n, len(self))))
        return np.argsort(-self.counts, kind="stable")[:n].tolist()

    def similarity(self, a: str, b: str) -> float:
        """Return the cosine of two words. Raises UnknownWord."""
        return float(np.clip(self._unit[self._row(a)] @ self._unit[self._row(b)], -1, 1))

    def most_similar(
        self, positive: Words, negative: Words = (), n: int = 10, *, method: str = "3cosadd", among: Among = None
    ) -> list[Scored]:
        """Return the n words nearest to `positive` and farthest from `negative`, with scores; those left out.

        method: `3cosadd`, whose scores are cosines with the sum of unit vectors, or `3cosmul` (Levy and Goldberg 2014).
        among: the words that may be an answer, or how many of the most frequent. Scores within 1e-6 are equal, and
        stand in the order of the words; forms that share a row are one word. Raises UnknownWord.
        """
        return self.most_similar_each([(positive, negative)], n, method=method, among=among)[0]

    def most_similar_each(
        self, questions: Iterable[Asked], n: int = 10, *, method: str = "3cosadd", among: Among = None
    ) -> list[list[Scored]]:
        """Return what `most_similar` returns for each of many questions, much sooner.

        questions: words, or pairs of positive and negative words.
        """
        if not isinstance(n, Integral) or n < 1:
            raise SettingError(f"n must be a whole number from 1, got {n!r}.")
        questions = [questions] if isinstance(questions, str) else questions
        asked = [self._question(*((one, ()) if isinstance(one, str) else one)) for one in questions]
        answers = self._search.answers(asked, int(n), _method(method), self._among(among))
        return [
            [(self.words[row], score) for row, score in zip(rows.tolist(), scores.tolist(), strict=True)]
            for rows, scores in answers
        ]

    def analogy(
        self, a: str, b: str, c: str, n: int = 10, *, method: str = "3cosadd", among: Among = None
    ) -> list[Scored]:
        """Return the n words that are to `c` as `b` is to `a`, with scores; these three left out.

        `analogy("man", "king", "woman")` asks for king - man + woman. The rest is as in `most_similar`.
        """
        return self.most_similar([b, c], [a], n, method=method, among=among)

    def rank(
        self, positive: Words, word: str, negative: Words = (), *, method: str = "3cosadd", among: Among = None
    ) -> int:
        """Return the place of `word` among the words nearest to `positive` and farthest from `negative`, from 1.

        The rest is as in `most_similar`.
        """
        question, row = self._question(positive, negative), self._row(word)
        if row in (*question.positive, *question.negative):
            raise SettingError(f"{word!r} is in the question, so it has no place in the answer.")
        return self._search.rank(question, row, _method(method), self._among(among))

    def odd_one_out(self, words: Sequence[str]) -> list[Scored]:
        """Return words with their mean cosine with the others, the lowest first: that one is the odd one out.

        Raises UnknownWord, and SettingError for fewer than three words.
        """
        words = _as_list(words)
        rows = list(dict.fromkeys(map(self._row, words)))
        if len(rows) < 3:
            raise SettingError(
                f"To find the odd one out takes three different words, got {', '.join(words) or 'none'}."
            )
        unit = self._unit[rows].astype(np.float64)
        others = (unit.sum(0) - unit) / (len(rows) - 1)
        means = np.vecdot(unit, others).tolist()
        return sorted(((self.words[row], mean) for row, mean in zip(rows, means, strict=True)), key=itemgetter(1))

    @cached_property
    def _search(self) -> Search:
        twins = np.unique([word.lower() for word in self.words], return_inverse=True)[1] if self._fold_twins else None
        return Search(self._unit, twins)

    def _question(self, positive: Words, negative: Words) -> Question:
        question = Question(*(tuple(self._row(word) for word in _as_list(words)) for words in (positive, negative)))
        if not (question.positive or question.negative):
            raise SettingError("most_similar needs at least one word.")
        return question

    def _among(self, among: Among) -> Ints | None:
        """Return the rows that may be an answer; None for all."""
        if among is None:
            return None
        if not isinstance(among, int | np.integer):
            return np.unique([self._row(word) for word in _as_list(among)]).astype(np.intp)
        if among < 1:
            raise SettingError(f"among must be words, or how many of the most frequent from 1, got {among!r}.")
        return np.array(self.most_frequent(int(among)))

    @cached_property
    def _unit(self) -> Floats:
        """Rows of length one, `(V, d)`; those without a direction, of zeros or not finite, are zero."""
        lengths = np.sqrt(np.einsum("ij,ij->i", self.rows, self.rows, dtype=np.float64))
        usable = np.isfinite(lengths) & (lengths > 0)
        unit = np.empty(self.rows.shape, np.result_type(self.rows, np.float32))
        divisors = np.where(usable, lengths, 1)[:, None]
        with np.errstate(over="ignore", invalid="ignore"):  # in rows that are not usable
            np.divide(self.rows, divisors, out=unit, casting="same_kind")
        unit[~usable] = 0
        return unit

    def _row(self, word: str) -> int:
        try:
            return self.row_of[word]
        except KeyError:
            hint = closest(str(word), self.words)
            raise UnknownWord(f"No vector for {word!r}. {hint}".rstrip()) from None


def _method(name: str) -> Method:
    try:
        return METHODS[name]
    except KeyError:
        raise SettingError(f"method must be {' or '.join(METHODS)}, got {name!r}.") from None


def _own_rows(words: Sequence[str]) -> dict[str, int]:
    """Return the row of each word; of a word that is there twice the first."""
    rows: dict[str, int] = {}
    for row, word in enumerate(words):
        rows.setdefault(word, row)
    return rows


def _on_cpu(data: Any) -> Floats:
    return np.asarray(data.get() if hasattr(data, "get") else data)


def _as_list(words: Words | Iterable[str]) -> list[str]:
    return [words] if isinstance(words, str) else list(words)
