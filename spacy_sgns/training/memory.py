"""Named arrays in one piece of memory: of this process alone, or shared by several through a mapped file."""

import mmap
import os
from collections.abc import Mapping
from itertools import accumulate
from math import prod
from pathlib import Path
from tempfile import mkstemp
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

from spacy_sgns.errors import SgnsError

Layout: TypeAlias = Mapping[str, tuple[tuple[int, ...], DTypeLike]]
Memory: TypeAlias = Mapping[str, NDArray[Any]]
PAGE = 1 << 12  # arrays begin on pages of their own
IN_MEMORY = Path("/dev/shm")  # Linux: files there are never written to a disk


def private(layout: Layout) -> Memory:
    """Return arrays of zeros."""
    return {name: np.zeros(shape, dtype) for name, (shape, dtype) in layout.items()}


def mapped(path: Path, layout: Layout) -> Memory:
    """Return the arrays that lie in a file made by `reserve`; who else maps it sees the same ones."""
    with path.open("r+b") as file:
        content = mmap.mmap(file.fileno(), 0)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        content.madvise(mmap.MADV_HUGEPAGE)  # rows are fetched from all over: small pages would miss the TLB
    sizes = [_size(shape, dtype) for shape, dtype in layout.values()]
    offsets = accumulate(sizes, initial=0)
    return {
        name: np.ndarray(shape, dtype, buffer=content, offset=offset)
        for (name, (shape, dtype)), offset in zip(layout.items(), offsets, strict=False)
    }


def reserve(layout: Layout, folder: Path) -> Path:
    """Return a new file with room for the arrays, all zero: in memory if the machine allows it, else in `folder`.

    The room is taken now: to run out of it later would be the end of the process. Raises SgnsError if there is none.
    """
    size = sum(_size(shape, dtype) for shape, dtype in layout.values())
    try:
        return _file(IN_MEMORY, size)
    except OSError:  # no such folder, or only 64 MB, as in many containers
        pass
    try:
        return _file(folder, size)
    except OSError as error:
        raise SgnsError(
            f"No room for the vectors in {folder}: {error.strerror or error}. It needs {size / 1e6:,.0f} MB there, or "
            f"in {IN_MEMORY}. Free some, or set workers to 1."
        ) from error


def _file(folder: Path, size: int) -> Path:
    if not folder.is_dir():
        raise FileNotFoundError(folder)
    handle, name = mkstemp(".sgns", dir=folder)
    try:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(handle, 0, size)
        else:
            _fill(handle, size)
    except BaseException:
        os.close(handle)
        os.unlink(name)
        raise
    os.close(handle)
    return Path(name)


def _fill(handle: int, size: int) -> None:
    zeros = bytes(1 << 20)
    while size > 0:
        size -= os.write(handle, zeros[: min(size, len(zeros))])


def _size(shape: tuple[int, ...], dtype: DTypeLike) -> int:
    return -(-prod(shape) * np.dtype(dtype).itemsize // PAGE) * PAGE
