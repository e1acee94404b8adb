"""Ids on disk: a file of int32 ids and a file of int64 ends of contexts, written and read in order."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from spacy_sgns.arrays import Ints
from spacy_sgns.errors import SgnsError


@dataclass(frozen=True)
class EncodedCorpus:
    """A corpus, or its held-out part, as word ids on disk.

    texts: the number of texts. tokens: the number of tokens, without dropped kinds. kept: the number of tokens that are
    words of the vocabulary. sha256: of the file of ids. name: the stem of the names of its files.
    """

    folder: Path
    texts: int
    tokens: int
    kept: int
    sha256: str
    name: str = "ids"

    def shards(self, size: int) -> Iterator[tuple[Ints, Ints]]:
        """Yield ids `(m,)`, m at most `size`, and the ends of contexts among them, in order.

        The ids are in a buffer that the next shard overwrites.
        """
        return read_shards(self.folder, self.name, size)

    def files(self) -> list[str]:
        """Return the names of its files."""
        return [path.name for path in _paths(self.folder, self.name)]


class Column:
    """A file of values of one dtype. Raises SgnsError if it cannot be written, for example to a full disk."""

    def __init__(self, path: Path, dtype: DTypeLike) -> None:
        self._path, self._dtype = path, dtype
        with _write_errors(path.parent):
            self._file = path.open("wb")

    def write(self, values: Ints) -> None:
        """Append values `(n,)`."""
        with _write_errors(self._path.parent):
            self._file.write(values.astype(self._dtype, copy=False).tobytes())

    def close(self) -> None:
        """Close the file."""
        with _write_errors(self._path.parent):
            self._file.close()

    def read(self) -> Ints:
        """Return all values, `(n,)`, of the closed file."""
        return np.fromfile(self._path, self._dtype)

    def remove(self) -> None:
        """Delete the file."""
        self._path.unlink()


class IdWriter:
    """Writes ids and ends of contexts. Raises SgnsError if they cannot be written, for example to a full disk."""

    def __init__(self, folder: Path, name: str) -> None:
        ids, ends = _paths(folder, name)
        self._ids, self._ends = Column(ids, np.int32), Column(ends, np.int64)
        self.size = 0
        self._last_end = 0

    def __enter__(self) -> "IdWriter":
        return self

    def __exit__(self, *exc: Any) -> None:
        self.close()

    def write(self, ids: Ints, ends: Ints) -> None:
        """Append ids `(n,)` and the ends `(k,)` of contexts, relative to the first of these ids."""
        ends = ends.astype(np.int64) + self.size
        new = np.diff(ends, prepend=self._last_end) > 0  # an empty context has no end of its own
        self._ids.write(ids)
        self._ends.write(ends[new])
        self.size += len(ids)
        self._last_end = int(ends[-1]) if len(ends) else self._last_end

    def close(self) -> None:
        """Close both files, also if closing the first one fails."""
        try:
            self._ids.close()
        finally:
            self._ends.close()

    def remove(self) -> None:
        """Delete the files."""
        self._ids.remove()
        self._ends.remove()


def read_shards(folder: Path, name: str, size: int) -> Iterator[tuple[Ints, Ints]]:
    """Yield the ids that an `IdWriter` wrote, in a reused buffer, and the ends of contexts relative to their first."""
    ids_path, ends_path = _paths(folder, name)
    ids, ends = _mapped(ids_path, np.int32), _mapped(ends_path, np.int64)
    buffer = np.empty(min(size, len(ids)), np.int32)
    for start in range(0, len(ids), size):
        stop = min(start + size, len(ids))
        shard = buffer[: stop - start]
        np.copyto(shard, ids[start:stop])
        first, last = np.searchsorted(ends, (start, stop), "right")
        yield shard, np.asarray(ends[first:last]) - start


def _mapped(path: Path, dtype: DTypeLike) -> Ints:
    """Return the values in a file, memory-mapped unless it is empty, which cannot be mapped."""
    return np.memmap(path, dtype, "r") if path.stat().st_size else np.zeros(0, dtype)


def _paths(folder: Path, name: str) -> tuple[Path, Path]:
    return folder / f"{name}.i32", folder / f"{name}.i64"


@contextmanager
def _write_errors(folder: Path) -> Iterator[None]:
    """Raise SgnsError for an OSError."""
    try:
        yield
    except OSError as error:
        raise SgnsError(
            f"Cannot write the encoded corpus to {folder}: {error.strerror or error}. It needs 8 bytes per token, and "
            "up to 32 per text."
        ) from error
