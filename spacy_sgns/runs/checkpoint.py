"""The file format of checkpoints; a damaged file is detected and not used.

line     spacy_sgns checkpoint 1
8 bytes  length of the header
header   JSON: the run, its state as plain values, shape and dtype of each array
arrays   one after the other
32 bytes SHA-256 of everything before
"""

import hashlib
import json
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from math import prod
from pathlib import Path
from typing import IO, Any

from numpy.typing import NDArray

from spacy_sgns.errors import SgnsError
from spacy_sgns.system.files import BLOCK, written_through

FIRST_LINE = b"spacy_sgns checkpoint 1\n"
LENGTH = struct.Struct("<q")
DIGEST = hashlib.sha256().digest_size
DTYPES = ("<f4", ">f4")


class CorruptCheckpoint(SgnsError):
    """A checkpoint is damaged or does not fit the run."""


@dataclass(frozen=True)
class Checkpoint:
    """An intact checkpoint. run: the digest of the run it belongs to. state: as given to `write_checkpoint`."""

    path: Path
    run: str
    state: Mapping[str, Any]
    _index: Mapping[str, tuple[tuple[int, ...], str, int]]  # shape, dtype and offset in bytes of each array

    def __contains__(self, name: str) -> bool:
        return name in self._index

    def read_into(self, name: str, out: NDArray[Any]) -> None:
        """Read an array into `out`. Raises CorruptCheckpoint if its shape or dtype is different."""
        shape, dtype, start = self._index.get(name, ((), "", 0))
        if (shape, dtype) != (out.shape, out.dtype.str):
            raise CorruptCheckpoint(
                f"{self.path} holds other vectors: {dtype} {shape}, wanted {out.dtype.str} {out.shape}."
            )
        with self.path.open("rb") as file:
            file.seek(start)
            file.readinto(out.data.cast("B"))  # type: ignore[attr-defined]


def write_checkpoint(path: Path, run: str, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a checkpoint: the file is fsynced and then renamed to `path`. Raises OSError.

    state: plain values. arrays: contiguous, in single precision.
    """
    index = {name: {"shape": array.shape, "dtype": array.dtype.str} for name, array in arrays.items()}
    header = json.dumps({"run": run, "state": state, "arrays": index}).encode()
    digest = hashlib.sha256()
    with written_through(path) as file:
        parts: list[bytes | memoryview] = [FIRST_LINE, LENGTH.pack(len(header)), header]
        for part in (*parts, *(array.data.cast("B") for array in arrays.values())):
            digest.update(part)
            file.write(part)
        file.write(digest.digest())


def read_checkpoint(path: Path) -> Checkpoint:
    """Return a checkpoint without its arrays. Raises CorruptCheckpoint if it is damaged."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size - DIGEST
            _check_whole(file, size)
            return _parsed(path, file, size)
    except OSError as error:
        raise CorruptCheckpoint(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, KeyError, TypeError, AttributeError, struct.error, RecursionError) as error:
        raise CorruptCheckpoint(f"{path} is damaged: {error}.") from error


def _check_whole(file: IO[bytes], size: int) -> None:
    digest, left = hashlib.sha256(), size
    while left > 0 and (block := file.read(min(left, BLOCK))):
        digest.update(block)
        left -= len(block)
    if left or file.read() != digest.digest():
        raise ValueError("its checksum is wrong")


def _parsed(path: Path, file: IO[bytes], size: int) -> Checkpoint:
    file.seek(0)
    if file.readline(len(FIRST_LINE)) != FIRST_LINE:
        raise ValueError(f"it does not begin with {FIRST_LINE.decode().strip()!r}")
    (length,) = LENGTH.unpack(file.read(LENGTH.size))
    start = file.tell() + length
    if not 0 <= length <= size:
        raise ValueError(f"its header claims to have {length} bytes")
    header = json.loads(file.read(length))
    shapes = [tuple(map(int, array["shape"])) for array in header["arrays"].values()]
    dtypes = [str(array["dtype"]) for array in header["arrays"].values()]
    if not set(dtypes) <= set(DTYPES) or any(side < 0 for shape in shapes for side in shape):
        raise ValueError(f"its arrays claim to be {list(zip(shapes, dtypes, strict=True))}")
    *starts, end = accumulate((4 * prod(shape) for shape in shapes), initial=start)
    if end != size:
        raise ValueError(f"its arrays claim to end at byte {end}, but the data ends at byte {size}")
    index = dict(zip(header["arrays"], zip(shapes, dtypes, starts, strict=True), strict=True))
    return Checkpoint(path, str(header["run"]), dict(header["state"]), index)
