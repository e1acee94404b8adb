"""What the package expects of a file format."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from spacy_sgns.arrays import Floats


class VectorFormat(Protocol):
    """How a file stores words and rows; made by a factory in the registry `formats`.

    endings: of the files that have this format if none is named, as in `.vec`.
    """

    endings: tuple[str, ...]

    def save(self, path: Path, words: Sequence[str], rows: Floats) -> None:
        """Write `words` and `rows`, `(V, d)`, to `path`."""

    def load(self, path: Path) -> tuple[list[str], Floats]:
        """Return the words and rows in `path`. Raises SgnsError if it is not a complete file of this format."""
