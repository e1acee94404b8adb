"""Words and their vectors, to be looked up, compared and searched."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from numbers import Integral
from pathlib import Path
from typing import Any

import numpy as np

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.errors import SettingError, SgnsError, UnknownWord, closest
from spacy_sgns.vectors.files import format_for, read_pipeline_folder

Words = str | Sequence[str]


class WordVectors:
    """V words, each with a row of d numbers.

    words: canonical texts, one per row. rows: `(V, d)`. counts: `(V,)` occurrences, or None where they are not known.
    row_of: the row of every form that has one; by default each word its own.

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
        )

    def save(self, path: str | Path, *, format: str = "") -> None:
        """Write words and rows to a file, in the format registered under that name or going by the file's ending."""
        format_for(Path(path), format).save(Path(path), self.words, self.rows)

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
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

    def similarity(self, a: str, b: str) -> float:
        """Return the cosine of two words. Raises UnknownWord."""
        return float(np.clip(self._unit[self._row(a)] @ self._unit[self._row(b)], -1, 1))

    def most_similar(self, positive: Words, negative: Words = (), n: int = 10) -> list[tuple[str, float]]:
        """Return the n words nearest to the mean of `positive` minus `negative`, with cosines; those left out.

        Cosines are taken of unit vectors (3CosAdd: Levy and Goldberg 2014); equal ones stand in the order of the words.
        Forms that share a row are one word. Raises UnknownWord.
        """
        rows = {
            1: [self._row(word) for word in _as_list(positive)],
            -1: [self._row(word) for word in _as_list(negative)],
        }
        given = rows[1] + rows[-1]
        if not given:
            raise SettingError("most_similar needs at least one word.")
        if not isinstance(n, Integral) or n < 1:
            raise SettingError(f"n must be a whole number from 1, got {n!r}.")
        query = self._unit[rows[1]].sum(0) - self._unit[rows[-1]].sum(0)
        cosines = self._unit @ (query / (np.linalg.norm(query) or 1))
        cosines[given] = -np.inf
        best = _largest(cosines, min(n, len(self) - len(set(given))))
        return [(self.words[i], float(np.clip(cosines[i], -1, 1))) for i in best.tolist()]

    @cached_property
    def _unit(self) -> Floats:
        """Rows of length one, `(V, d)`; those without a direction, of zeros or not finite, are zero."""
        lengths = np.sqrt(np.einsum("ij,ij->i", self.rows, self.rows, dtype=np.float64))
        usable = np.isfinite(lengths) & (lengths > 0)
        unit = np.empty(self.rows.shape, np.result_type(self.rows, np.float32))
        divisors = np.where(usable, lengths, 1)[:, None]
        with np.errstate(over="ignore"):
            np.divide(self.rows, divisors, out=unit, casting="same_kind")
        unit[~usable] = 0
        return unit

    def _row(self, word: str) -> int:
        try:
            return self.row_of[word]
        except KeyError:
            hint = closest(str(word), self.words)
            raise UnknownWord(f"No vector for {word!r}. {hint}".rstrip()) from None


def _largest(values: Floats, n: int) -> Ints:
    """Return the places of the n largest values, `(n,)`, the largest first and equal ones in order."""
    if n < 1:
        return np.zeros(0, np.int64)
    least = np.partition(values, len(values) - n)[len(values) - n]
    places = np.flatnonzero(values >= least)
    return places[np.argsort(-values[places], kind="stable")][:n]


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
