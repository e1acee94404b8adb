"""Files that are there whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from spacy_sgns.errors import SgnsError

LARGEST = 1 << 26  # bytes of a small text file: five million lines
BLOCK = 1 << 20


def check_regular(path: Path) -> None:
    """Raise SgnsError for a pipe or a device, which may never end, or never begin."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise SgnsError(
            f"{path} is no file, but a pipe, a socket or a device. Write what comes from it to a file first."
        )


def check_regular_within(folder: Path) -> None:
    """Raise SgnsError for a pipe or a device anywhere in a folder whose files others will read."""
    for path in folder.rglob("*"):
        check_regular(path)


def read_text(path: Path) -> str:
    """Return the text of a file. Raises SgnsError for a pipe or a device, OSError, UnicodeDecodeError."""
    check_regular(path)
    return path.read_text(encoding="utf8")


def read_lines(path: Path) -> list[str]:
    """Return the lines of a text file of `LARGEST` bytes at most. Raises SgnsError where it cannot be read."""
    check_regular(path)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise SgnsError(f"Cannot read {path}: {reason(error)}.") from error
    if len(content) > LARGEST:
        raise SgnsError(f"{path} has more than {LARGEST >> 20} MiB, too much for a list. Is it the right file?")
    try:
        return content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise SgnsError(f"{path} is not UTF-8: byte {error.start} cannot be read.") from error


@contextmanager
def written_beside(path: Path) -> Iterator[Path]:
    """Yield a path beside `path` to write to; it takes the name when all went well and is deleted when not.

    Raises SgnsError if the place cannot be written to.
    """
    target = Path(os.path.realpath(path))  # a link goes on to lead there
    beside = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        if target.exists() and not target.is_file():  # a folder, or a device that must not be replaced
            raise SgnsError(f"Cannot write {path}: there is something else than a file. Choose another name.")
        yield beside
        os.replace(beside, target)
    except OSError as error:
        raise SgnsError(f"Cannot write {path}: {reason(error)}.") from error
    finally:
        with suppress(OSError):
            beside.unlink()


@contextmanager
def written_through(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file that is on the disk, whole and under its name, when all went well, and gone when not.

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
    """Bring the names in a folder to the disk, where the system does that."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def reason(error: OSError) -> str:
    """Return what the operating system says is wrong."""
    return error.strerror or str(error)
