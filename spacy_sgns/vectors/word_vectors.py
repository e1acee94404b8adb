"""Words and their vectors, to be looked up, compared and searched."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
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
        if len(words) != len(rows):
            raise SgnsError(f"There must be a row for each word, got {len(words)} words and {len(rows)} rows.")
        self.words, self.rows, self.counts = list(words), rows, counts
        self.row_of = dict(row_of) if row_of is not None else {word: row for row, word in enumerate(words)}

    @classmethod
    def load(cls, path: str | Path) -> "WordVectors":
        """Return the vectors of a file (`.vec`, `.txt`, `.bin`) or of a pipeline folder that this package wrote.

        For any other pipeline: `WordVectors.from_pipeline(spacy.load(path))`. Raises SgnsError if it cannot be read.
        """
        path = Path(path)
        if path.is_dir():
            return cls(**read_pipeline_folder(path))
        words, rows = format_for(path).load(path)
        return cls(words, rows)

    @classmethod
    def from_pipeline(cls, nlp: Any, *, counts: Mapping[str, int] | None = None) -> "WordVectors":
        """Return the vectors of any spaCy pipeline that has some; each row is called by the last of its keys.

        counts: of the words, where they are known. Raises SgnsError if the pipeline has no vectors.
        """
        table, strings = nlp.vocab.vectors, nlp.vocab.strings
        if not table.n_keys:
            raise SgnsError("The pipeline has no vectors. Train some: python -m spacy sgns train CORPUS OUTPUT")
        row_of = {strings[key]: int(row) for key, row in table.key2row.items() if row >= 0}
        names = {row: form for form, row in row_of.items()}
        used = sorted(names)
        place = {row: i for i, row in enumerate(used)}
        rows = np.asarray(table.data)[used] if len(used) < len(table.data) else np.asarray(table.data)
        row_of = {form: place[row] for form, row in row_of.items()}
        words = [names[row] for row in used]
        known = np.array([counts.get(word, 0) for word in words]) if counts else None
        return cls(words, rows, counts=known, row_of=row_of)

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
        return float(self._unit[self._row(a)] @ self._unit[self._row(b)])

    def most_similar(self, positive: Words, negative: Words = (), n: int = 10) -> list[tuple[str, float]]:
        """Return the n words nearest to the mean of `positive` minus `negative`, with cosines; those left out.

        Cosines are taken of unit vectors (3CosAdd: Levy and Goldberg 2014). Raises UnknownWord.
        """
        given = [(self._row(w), 1) for w in _as_list(positive)] + [(self._row(w), -1) for w in _as_list(negative)]
        if not given:
            raise SettingError("most_similar needs at least one word.")
        if n < 1:
            raise SettingError(f"n must be at least 1, got {n}.")
        rows = [row for row, _ in given]
        query = np.array([sign for _, sign in given], self._unit.dtype) @ self._unit[rows]
        cosines = self._unit @ (query / (np.linalg.norm(query) or 1))
        cosines[rows] = -np.inf
        n = min(n, len(self) - len(set(rows)))
        best: Ints | list[int] = np.argpartition(-cosines, n - 1)[:n] if n else []
        return [(self.words[i], float(cosines[i])) for i in sorted(best, key=lambda i: (-cosines[i], self.words[i]))]

    @cached_property
    def _unit(self) -> Floats:
        """Rows of length one, `(V, d)`; rows of zeros stay so."""
        lengths = np.linalg.norm(self.rows, axis=1, keepdims=True)
        return self.rows / np.where(lengths == 0, 1, lengths)

    def _row(self, word: str) -> int:
        try:
            return self.row_of[word]
        except KeyError:
            hint = closest(word, self.row_of)
            raise UnknownWord(f"No vector for {word!r}. {hint}".rstrip()) from None


def _as_list(words: Words | Iterable[str]) -> list[str]:
    return [words] if isinstance(words, str) else list(words)
