"""Named arrays in one block of memory, private to this process or shared by several."""

import errno
import mmap
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import accumulate
from math import prod
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryFile
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

from spacy_sgns.errors import SgnsError

Layout: TypeAlias = Mapping[str, tuple[tuple[int, ...], DTypeLike]]
Memory: TypeAlias = Mapping[str, NDArray[Any]]
PAGE = 1 << 12  # bytes; each array begins on its own page
IN_MEMORY = Path("/dev/shm")  # Linux: files there are never written to a disk
WINDOWS = os.name == "nt"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Shared(NamedTuple):
    """Memory that other processes can map. name: for `mapped`. files: the file descriptors that they must inherit."""

    memory: Memory
    name: str
    files: tuple[int, ...]


def private(layout: Layout) -> Memory:
    """Return arrays of zeros."""
    return {name: np.zeros(shape, dtype) for name, (shape, dtype) in layout.items()}


@contextmanager
def shared(layout: Layout, folder: Path) -> Iterator[Shared]:
    """Yield arrays of zeros that other processes can map while the block lasts; a mapping outlives the block.

    The arrays are in memory if the machine allows it, otherwise in a file in `folder`. The file has no name, so nothing
    is left behind however the processes end. All space is reserved now: running out of it later would kill a process.
    Raises SgnsError if there is not enough.
    """
    size = _size(layout)
    try:
        content, name, files = _tagged(size) if WINDOWS else _in_file(size, folder)
    except OSError as error:
        place = "in memory" if WINDOWS else f"in {folder}, or in {IN_MEMORY}"
        raise SgnsError(
            f"No space for the vectors: {error.strerror or error}. It needs {size / 1e6:,.0f} MB {place}. Free "
            "some, or set workers to 1."
        ) from error
    try:
        yield Shared(_arrays(content, layout), name, files)
    finally:
        for file in files:
            os.close(file)


def mapped(name: str, layout: Layout) -> Memory:
    """Return the arrays that another process has shared under a name, and close the file descriptors."""
    if WINDOWS:
        return _arrays(_tagged(_size(layout), name)[0], layout)
    content = mmap.mmap(int(name), _size(layout))
    os.close(int(name))
    return _arrays(content, layout)


def _tagged(size: int, tag: str = "") -> tuple[mmap.mmap, str, tuple[int, ...]]:
    """Return memory that Windows identifies by a tag, new or given, and frees with the last process that maps it."""
    tag = tag or f"sgns-{token_hex(16)}"
    return mmap.mmap(-1, size, tagname=tag), tag, ()  # type: ignore[call-arg]


def _in_file(size: int, folder: Path) -> tuple[mmap.mmap, str, tuple[int, ...]]:
    try:
        return _mapped_file(size, IN_MEMORY)
    except OSError:  # the folder does not exist, or has only 64 MB, as in many containers
        return _mapped_file(size, folder)


def _mapped_file(size: int, folder: Path) -> tuple[mmap.mmap, str, tuple[int, ...]]:
    """Return the mapped content of a new file, its descriptor as a name, and the descriptors that children inherit."""
    import fcntl  # not on Windows

    with TemporaryFile(dir=folder) as file:
        _reserve(file.fileno(), size)
        content = mmap.mmap(file.fileno(), size)
        number = fcntl.fcntl(file, fcntl.F_DUPFD_CLOEXEC, 3)  # 0 to 2 are a child's standard streams
    return content, str(number), (number,)


def _reserve(file: int, size: int) -> None:
    """Extend a file to `size` zeros, whose space on the disk is then reserved. Raises OSError."""
    if hasattr(os, "posix_fallocate"):
        try:
            return os.posix_fallocate(file, 0, size)
        except OSError as error:
            if error.errno in FULL:
                raise
    zeros = bytes(1 << 20)  # macOS, or a file system that cannot reserve
    while size > 0:
        size -= os.write(file, zeros[: min(size, len(zeros))])


def _arrays(content: mmap.mmap, layout: Layout) -> Memory:
    # Access to rows is random: small pages would miss the TLB.
    with suppress(AttributeError, OSError):
        content.madvise(mmap.MADV_HUGEPAGE)
    offsets = accumulate((_pages(*array) for array in layout.values()), initial=0)
    return {
        name: np.ndarray(shape, dtype, buffer=content, offset=offset)
        for (name, (shape, dtype)), offset in zip(layout.items(), offsets, strict=False)
    }


def _size(layout: Layout) -> int:
    return sum(_pages(*array) for array in layout.values())


def _pages(shape: tuple[int, ...], dtype: DTypeLike) -> int:
    """Return the size of an array in bytes, rounded up to whole pages."""
    return -(-prod(shape) * np.dtype(dtype).itemsize // PAGE) * PAGE
