"""The words that answer a query, with their scores: a list that also shows itself as a table."""

from collections.abc import Iterable
from html import escape
from typing import Any, TypeAlias

from spacy_sgns.vectors.data_frame import data_frame

ScoredWord: TypeAlias = tuple[str, float]


class ScoredWords(list[ScoredWord]):
    """Pairs of a word and its score, the best first. counts: of the words in the corpus, or None if unknown.

    A notebook shows a table.

    >>> ScoredWords([("cat", 0.5)], counts=[7])
    [('cat', 0.5)]
    """

    def __init__(self, pairs: Iterable[ScoredWord] = (), *, counts: list[int] | None = None) -> None:
        super().__init__(pairs)
        self.counts = counts

    def to_dataframe(self) -> Any:
        """Return a pandas DataFrame with the columns word, score and, if known, count. SgnsError: without pandas."""
        return data_frame(self._rows(), self._header())

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in self._header())
        rows = ("".join(f"<td>{_text(cell)}</td>" for cell in row) for row in self._rows())
        return f"<table><tr>{head}</tr>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"

    def _header(self) -> list[str]:
        return ["word", "score"] if self.counts is None else ["word", "score", "count"]

    def _rows(self) -> list[tuple[Any, ...]]:
        if self.counts is None:
            return list(self)
        return [(*pair, count) for pair, count in zip(self, self.counts, strict=True)]


def _text(cell: Any) -> str:
    return f"{cell:.3f}" if isinstance(cell, float) else escape(str(cell))
