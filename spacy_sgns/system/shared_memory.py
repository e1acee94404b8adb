"""Named arrays in one piece of memory: of this process alone, or shared by several, which all map it."""

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
PAGE = 1 << 12  # arrays begin on pages of their own
IN_MEMORY = Path("/dev/shm")  # Linux: files there are never written to a disk
WINDOWS = os.name == "nt"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Shared(NamedTuple):
    """Memory that other processes can map. name: for `mapped`. files: numbers of open files that they need for it."""

    memory: Memory
    name: str
    files: tuple[int, ...]


def private(layout: Layout) -> Memory:
    """Return arrays of zeros."""
    return {name: np.zeros(shape, dtype) for name, (shape, dtype) in layout.items()}


@contextmanager
def shared(layout: Layout, folder: Path) -> Iterator[Shared]:
    """Yield arrays of zeros, which others can map as long as the block lasts; who has mapped them may keep them.

    They lie in memory if the machine allows it, else in a file in `folder`. The file has no name: nothing is left
    behind, however the processes end. The room is taken now: to run out of it later would be the end of a process.
    Raises SgnsError if there is none.
    """
    size = _size(layout)
    try:
        content, name, files = _tagged(size) if WINDOWS else _in_file(size, folder)
    except OSError as error:
        place = "in memory" if WINDOWS else f"in {folder}, or in {IN_MEMORY}"
        raise SgnsError(
            f"No room for the vectors: {error.strerror or error}. It needs {size / 1e6:,.0f} MB {place}. Free some, or "
            "set workers to 1."
        ) from error
    try:
        yield Shared(_arrays(content, layout), name, files)
    finally:
        for file in files:
            os.close(file)


def mapped(name: str, layout: Layout) -> Memory:
    """Return the arrays that another process has shared under this name; the files it needs are closed."""
    if WINDOWS:
        return _arrays(_tagged(_size(layout), name)[0], layout)
    content = mmap.mmap(int(name), _size(layout))
    os.close(int(name))
    return _arrays(content, layout)


def _tagged(size: int, tag: str = "") -> tuple[mmap.mmap, str, tuple[int, ...]]:
    """Return memory that Windows knows by a tag, a new one if none is given, and forgets with the last process."""
    tag = tag or f"sgns-{token_hex(16)}"
    return mmap.mmap(-1, size, tagname=tag), tag, ()  # type: ignore[call-arg]


def _in_file(size: int, folder: Path) -> tuple[mmap.mmap, str, tuple[int, ...]]:
    try:
        return _mapped_file(size, IN_MEMORY)
    except OSError:  # no such folder, or only 64 MB, as in many containers
        return _mapped_file(size, folder)


def _mapped_file(size: int, folder: Path) -> tuple[mmap.mmap, str, tuple[int, ...]]:
    """Return a new file's content, and its number as a name: children get open files under the same numbers."""
    import fcntl  # not on Windows

    with TemporaryFile(dir=folder) as file:
        _reserve(file.fileno(), size)
        content = mmap.mmap(file.fileno(), size)
        number = fcntl.fcntl(file, fcntl.F_DUPFD_CLOEXEC, 3)  # below 3 is where a child has its standard streams
    return content, str(number), (number,)


def _reserve(file: int, size: int) -> None:
    """Make a file of `size` zeros, for which there is room on its disk from then on. Raises OSError."""
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
    with suppress(AttributeError, OSError):  # not everywhere; rows are fetched from all over: small pages miss the TLB
        content.madvise(mmap.MADV_HUGEPAGE)
    offsets = accumulate((_pages(*array) for array in layout.values()), initial=0)
    return {
        name: np.ndarray(shape, dtype, buffer=content, offset=offset)
        for (name, (shape, dtype)), offset in zip(layout.items(), offsets, strict=False)
    }


def _size(layout: Layout) -> int:
    return sum(_pages(*array) for array in layout.values())


def _pages(shape: tuple[int, ...], dtype: DTypeLike) -> int:
    """Return the bytes of the pages that an array takes."""
    return -(-prod(shape) * np.dtype(dtype).itemsize // PAGE) * PAGE
