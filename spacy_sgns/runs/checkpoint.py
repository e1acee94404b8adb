"""A checkpoint: where a run stands, with its arrays, in one file that is whole or not used.

line     spacy_sgns checkpoint 1
8 bytes  length of the head
head     JSON: of which run it is, its state in plain values, shape and dtype of each array
arrays   one after the other
32 bytes SHA-256 of all before
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
    """A checkpoint is not as it was written."""


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint whose checksum is right. run: which it belongs to. state: as it was given."""

    path: Path
    run: str
    state: Mapping[str, Any]
    _places: Mapping[str, tuple[tuple[int, ...], str, int]]  # shape, dtype and first byte of each array

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def read_into(self, name: str, out: NDArray[Any]) -> None:
        """Read an array into `out`, of the same shape. Raises CorruptCheckpoint if it is of another."""
        shape, dtype, start = self._places.get(name, ((), "", 0))
        if (shape, dtype) != (out.shape, out.dtype.str):
            raise CorruptCheckpoint(
                f"{self.path} holds other vectors: {dtype} {shape}, wanted {out.dtype.str} {out.shape}."
            )
        with self.path.open("rb") as file:
            file.seek(start)
            file.readinto(out.data.cast("B"))  # type: ignore[attr-defined]


def write_checkpoint(path: Path, run: str, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a checkpoint, down to the disk, and give it its name only then. Raises OSError.

    state: plain values. arrays: contiguous, of single precision.
    """
    described = {name: {"shape": array.shape, "dtype": array.dtype.str} for name, array in arrays.items()}
    head = json.dumps({"run": run, "state": state, "arrays": described}).encode()
    digest = hashlib.sha256()
    with written_through(path) as file:
        parts: list[bytes | memoryview] = [FIRST_LINE, LENGTH.pack(len(head)), head]
        for part in (*parts, *(array.data.cast("B") for array in arrays.values())):
            digest.update(part)
            file.write(part)
        file.write(digest.digest())


def read_checkpoint(path: Path) -> Checkpoint:
    """Return a checkpoint without its arrays. Raises CorruptCheckpoint if it is not as it was written."""
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
        raise ValueError(f"its head is said to have {length} bytes")
    head = json.loads(file.read(length))
    shapes = [tuple(map(int, array["shape"])) for array in head["arrays"].values()]
    dtypes = [str(array["dtype"]) for array in head["arrays"].values()]
    if not set(dtypes) <= set(DTYPES) or any(side < 0 for shape in shapes for side in shape):
        raise ValueError(f"its arrays are said to be {list(zip(shapes, dtypes, strict=True))}")
    *starts, end = accumulate((4 * prod(shape) for shape in shapes), initial=start)
    if end != size:
        raise ValueError(f"its arrays are said to end at byte {end}, and it has {size}")
    places = dict(zip(head["arrays"], zip(shapes, dtypes, starts, strict=True), strict=True))
    return Checkpoint(path, str(head["run"]), dict(head["state"]), places)
