"""A table of words, each with a vector: lookup, parts, loading and saving."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, overload

import numpy as np

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.errors import SgnsError, UnknownWord
from spacy_sgns.system.files import check_regular
from spacy_sgns.vectors.formats.lookup import format_for
from spacy_sgns.vectors.pipeline_folder import load_vocab, read_pipeline_folder
from spacy_sgns.vectors.queries import no_vector_for, text_of
from spacy_sgns.vectors.record import read_words, record_of

Table = TypeVar("Table", bound="WordTable")


class WordTable:
    """V words, each with a vector of d dimensions; `WordVectors` adds what can be asked."""

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
    def load(cls: type[Table], path: str | Path, *, format: str = "") -> Table:
        """Return the vectors in a file (`.vec`, `.txt`, `.bin`) or in the folder of a spaCy pipeline.

        format: registered name, needed if the file's ending does not tell it. spaCy is imported only for vectors that
        are not exactly as this package trained them. Raises SgnsError if the path cannot be read.
        """
        path = Path(path)
        if path.is_dir():
            found = read_pipeline_folder(path)
            return cls(**found) if found else cls._from_vocab(load_vocab(path), f"The pipeline {path}")
        if not path.exists():
            raise SgnsError(
                f"There is no file or folder {path}. Of an installed pipeline: "
                "WordVectors.from_pipeline(spacy.load(NAME))."
            )
        check_regular(path)
        words, rows = format_for(path, format).load(path)
        return cls(words, rows)

    @classmethod
    def from_pipeline(cls: type[Table], nlp: Any) -> Table:
        """Return the vectors of `nlp`, any spaCy pipeline; the last key of a row becomes its word.

        Words have counts if this package trained the vectors, 0 if they were added later. Warns if the vectors were
        pruned or replaced since. Raises SgnsError if the pipeline has no vectors.
        """
        return cls._from_vocab(nlp.vocab, "The pipeline")

    @classmethod
    def _from_vocab(cls: type[Table], vocab: Any, what: str) -> Table:
        table, strings = vocab.vectors, vocab.strings
        data = _on_cpu(table.data)
        keys = {key: int(row) for key, row in table.key2row.items() if 0 <= row < len(data) and key in strings}
        names = {row: strings[key] for key, row in keys.items()}
        if not names:
            raise SgnsError(f"{what} has no word vectors. Train some: python -m spacy sgns train CORPUS OUTPUT")
        record, counts = record_of(vocab), None
        if record:
            trained = read_words(record.words)
            names.update(enumerate(trained["words"]))
            counts = np.pad(trained["counts"], (0, len(names) - len(trained["words"])))
        used = sorted(names)
        place = dict(zip(used, range(len(used)), strict=True))
        return cls(
            [names[row] for row in used],
            data if len(used) == len(data) else data[used],
            counts=counts,
            row_of={strings[key]: place[row] for key, row in keys.items()},
            fold_case_variants=record is None,  # this package's training has decided on case
        )

    def save(self, path: str | Path, *, format: str = "") -> None:
        """Write words and rows to the file `path`. format: registered name; by default the file's ending decides."""
        format_for(Path(path), format).save(Path(path), self.words, self.rows)

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        """Return whether `word`, in any of its forms, has a vector."""
        return text_of(word) in self.row_of

    def __iter__(self) -> Iterator[str]:
        """Yield the words, one per row."""
        return iter(self.words)

    @overload
    def __getitem__(self: Table, key: slice) -> Table: ...
    @overload
    def __getitem__(self, key: str | Iterable[str]) -> Floats: ...
    def __getitem__(self: Table, key: str | Iterable[str] | slice) -> Table | Floats:
        """Return the vectors for `key`: of a word, of several, or the part of a slice. Raises UnknownWord."""
        if isinstance(key, slice):
            return self._part(range(len(self))[key])
        if isinstance(text := text_of(key), str):
            return self.rows[self._row(text)]
        if not isinstance(key, Iterable):
            raise UnknownWord(
                f"Give a word, a list of words or a slice, got {key!r}. By number: vectors.rows[{key!r}]."
            )
        return self.rows[self._rows(list(key))]

    def get(self, word: str, default: Any = None) -> Any:
        """Return the vector `(d,)` of a word, or `default` if it has none."""
        row = self.row_of.get(text_of(word))
        return default if row is None else self.rows[row]

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self)} words, {self.rows.shape[1]} dimensions>"

    def count(self, word: str) -> int | None:
        """Return how often a word occurred in the corpus, or None if unknown. Raises UnknownWord."""
        row = self._row(word)
        return None if self.counts is None else int(self.counts[row])

    def most_frequent_rows(self, n: int) -> list[int]:
        """Return the rows of the n most frequent words; without counts the first n, as files are usually sorted."""
        if self.counts is None:
            return list(range(min(n, len(self))))
        return np.argsort(-self.counts, kind="stable")[:n].tolist()

    def _part(self: Table, rows: range) -> Table:
        """Return the vectors of some rows, with all forms of their words."""
        place = {row: index for index, row in enumerate(rows)}
        return type(self)(
            [self.words[row] for row in rows],
            self.rows[list(rows)],
            counts=None if self.counts is None else self.counts[list(rows)],
            row_of={form: place[row] for form, row in self.row_of.items() if row in place},
            fold_case_variants=self._fold_case_variants,
        )

    def _row(self, word: str) -> int:
        return self._rows([word])[0]

    def _rows(self, words: Sequence[str]) -> list[int]:
        """Return the row of each word. Raises UnknownWord with all words that have none."""
        texts = [text_of(word) for word in words]
        if unknown := [text for text in texts if text not in self.row_of]:
            raise UnknownWord(no_vector_for(unknown, self.words))
        return [self.row_of[text] for text in texts]


def _own_rows(words: Sequence[str]) -> dict[str, int]:
    """Return the row of each word; of a repeated word, the first."""
    rows: dict[str, int] = {}
    for row, word in enumerate(words):
        rows.setdefault(word, row)
    return rows


def _on_cpu(data: Any) -> Floats:
    return np.asarray(data.get() if hasattr(data, "get") else data)
