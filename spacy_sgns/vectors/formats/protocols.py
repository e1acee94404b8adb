"""What is expected of a file format."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from spacy_sgns.arrays import Floats


class VectorFormat(Protocol):
    """How words and rows stand in a file; made by a factory in the registry `formats`.

    endings: of the files that go by this format where none is named, as in `.vec`.
    """

    endings: tuple[str, ...]

    def save(self, path: Path, words: Sequence[str], rows: Floats) -> None:
        """Write `words` and `rows`, `(V, d)`, to `path`."""

    def load(self, path: Path) -> tuple[list[str], Floats]:
        """Return the words and rows in `path`. Raises SgnsError if it is no whole file of this format."""
