"""Reading of small files, and atomic writing."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from spacy_sgns.errors import SgnsError

MAX_LIST_BYTES = 1 << 26  # of a file of lines: about five million of them
BLOCK = 1 << 20


def check_regular(path: Path) -> None:
    """Raise SgnsError for a pipe, a socket or a device: reading it may never end."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise SgnsError(f"{path} is not a file, but a pipe, a socket or a device. Write its content to a file first.")


def check_regular_within(folder: Path) -> None:
    """Raise SgnsError for a pipe, a socket or a device anywhere in a folder that another library will read."""
    for path in folder.rglob("*"):
        check_regular(path)


def read_text(path: Path) -> str:
    """Return the text of a file. Raises OSError, UnicodeDecodeError, and SgnsError for a pipe or a device."""
    check_regular(path)
    return path.read_text(encoding="utf8")


def read_lines(path: Path) -> list[str]:
    """Return the lines of a text file of at most `MAX_LIST_BYTES`. Raises SgnsError if it cannot be read."""
    check_regular(path)
    try:
        with path.open("rb") as file:
            content = file.read(MAX_LIST_BYTES + 1)
    except OSError as error:
        raise SgnsError(f"Cannot read {path}: {reason(error)}.") from error
    if len(content) > MAX_LIST_BYTES:
        raise SgnsError(f"{path} has more than {MAX_LIST_BYTES >> 20} MiB, too much for a list. Is it the right file?")
    try:
        return content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise SgnsError(f"{path} is not UTF-8: byte {error.start} cannot be read.") from error


@contextmanager
def written_beside(path: Path) -> Iterator[Path]:
    """Yield a temporary path next to `path`; it replaces `path` if the block succeeds and is deleted if not.

    Raises SgnsError if it cannot be written.
    """
    target = Path(os.path.realpath(path))  # a symbolic link is kept, and its target replaced
    beside = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        if target.exists() and not target.is_file():  # a folder, or a device that must not be replaced
            raise SgnsError(f"Cannot write {path}: it exists and is not a file. Choose another name.")
        yield beside
        os.replace(beside, target)
    except OSError as error:
        raise SgnsError(f"Cannot write {path}: {reason(error)}.") from error
    finally:
        with suppress(OSError):
            beside.unlink()


@contextmanager
def written_through(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file that is fsynced and then renamed to `path` if the block succeeds, and deleted if not.

    Raises OSError if it cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
        _sync_folder(path.parent)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _sync_folder(folder: Path) -> None:
    """Fsync a folder, so that a new name in it survives a power cut, if the system supports that."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def reason(error: OSError) -> str:
    """Return the description of an error of the operating system."""
    return error.strerror or str(error)
