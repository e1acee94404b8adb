"""Ids on disk: a file of int32 ids and a file of int64 ends, written in order and read in order."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from spacy_sgns.arrays import Ints
from spacy_sgns.errors import SgnsError


@dataclass(frozen=True)
class EncodedCorpus:
    """A corpus as word ids on disk.

    texts: read. tokens: without the kinds left out. kept: those that are words. sha256: of the ids as stored.
    """

    folder: Path
    texts: int
    tokens: int
    kept: int
    sha256: str

    def slabs(self, size: int) -> Iterator[tuple[Ints, Ints]]:
        """Yield ids `(m,)`, m at most `size`, and the ends of contexts among them, in order, once through.

        The ids stand in a buffer that the next slab overwrites.
        """
        return read_slabs(self.folder, "ids", size)

    def files(self) -> list[str]:
        """Return the names of the files in the folder that it is made of."""
        return [path.name for path in _paths(self.folder, "ids")]


class IdWriter:
    """Appends ids and ends under a name in a folder. Raises SgnsError where there is no room."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._paths = folder, _paths(folder, name)
        with _said(folder):
            self._ids, self._ends = (path.open("wb") for path in self._paths)
        self.size = 0
        self._last_end = 0

    def __enter__(self) -> "IdWriter":
        return self

    def __exit__(self, *exc: Any) -> None:
        self.close()

    def write(self, ids: Ints, ends: Ints) -> None:
        """Append ids `(n,)` and the ends `(k,)` of contexts, counted from the first of these ids."""
        ends = ends.astype(np.int64) + self.size
        new = np.diff(ends, prepend=self._last_end) > 0  # a context without tokens has no end of its own
        with _said(self._folder):
            self._ids.write(ids.astype(np.int32, copy=False).tobytes())
            self._ends.write(ends[new].tobytes())
        self.size += len(ids)
        self._last_end = int(ends[-1]) if len(ends) else self._last_end

    def close(self) -> None:
        """Close the files."""
        with _said(self._folder):
            self._ids.close()
            self._ends.close()

    def remove(self) -> None:
        """Delete the files."""
        for path in self._paths:
            path.unlink()


def read_slabs(folder: Path, name: str, size: int) -> Iterator[tuple[Ints, Ints]]:
    """Yield ids and ends, counted within the slab, of what an `IdWriter` wrote; the ids stand in a reused buffer."""
    ids_path, ends_path = _paths(folder, name)
    if not ids_path.stat().st_size:
        return
    ids = np.memmap(ids_path, np.int32, "r")
    ends = np.memmap(ends_path, np.int64, "r") if ends_path.stat().st_size else np.zeros(0, np.int64)
    buffer = np.empty(min(size, len(ids)), np.int32)
    for start in range(0, len(ids), size):
        stop = min(start + size, len(ids))
        slab = buffer[: stop - start]
        np.copyto(slab, ids[start:stop])
        first, last = np.searchsorted(ends, (start, stop), "right")
        yield slab, np.asarray(ends[first:last]) - start


def _paths(folder: Path, name: str) -> tuple[Path, Path]:
    return folder / f"{name}.i32", folder / f"{name}.i64"


@contextmanager
def _said(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SgnsError(
            f"Cannot write the encoded corpus to {folder}: {error.strerror or error}. It needs 8 bytes per token."
        ) from error
