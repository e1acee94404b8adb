"""Files that are there whole or not at all, and the folder where a run keeps its work."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

from spacy_sgns.errors import SgnsError

LARGEST = 1 << 26  # bytes of a small text file: five million lines
LOCK = "sgns.lock"  # also what a work folder is known by: a folder without it is somebody else's
RUN, CHECKPOINTS = "run.json", "checkpoint-*.sgns"  # a work folder that holds any of them holds a run that can go on
REPLACED = "replaced"  # what an output was before, as long as it is not replaced for good
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
        raise SgnsError(f"Cannot read {path}: {_reason(error)}.") from error
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
        raise SgnsError(f"Cannot write {path}: {_reason(error)}.") from error
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


def put(made: Path, output: Path, folder: Path) -> None:
    """Give a folder its name, in place of one that may have it. folder: the work folder. Raises OSError."""
    if not output.is_dir():
        os.replace(made, output)
        return
    replaced = folder / REPLACED
    os.replace(output, replaced)
    try:
        os.replace(made, output)
    except BaseException:
        os.replace(replaced, output)
        raise
    shutil.rmtree(replaced, ignore_errors=True)


@contextmanager
def work_folder(
    output: Path | None, *, keep: bool = False, force: bool = False, tell: Callable[[str], None] | None = None
) -> Iterator[Path]:
    """Yield a folder to work in, `OUTPUT.work` or a temporary one, that is empty, and gone afterwards.

    It stays when the block raises an exception and a run there can go on, and is yielded as it is with `keep`. One left
    over by a run that cannot go on is emptied; tell: called with a word about that. Raises SgnsError if a run there can
    go on, unless `keep` or `force`, while another run works there, if something else is there, or if it cannot be made.
    """
    with _temporary() if output is None else _locked(output) as folder:
        if output:
            _put_back(output, folder)
        if can_go_on(folder) and not keep and not force:
            raise SgnsError(f"{folder} holds a training that can go on: train with --resume, or --force to start over.")
        if not (keep and can_go_on(folder)) and _empty(folder) and tell:
            tell(f"{folder} was left behind by a run that did not end properly, and has been emptied.")
        try:
            yield folder
        except BaseException:
            if not can_go_on(folder):
                _empty(folder)
            raise
        _empty(folder)


def can_go_on(folder: Path) -> bool:
    """Return whether a work folder holds a run that can go on, or what was kept of one."""
    return (folder / RUN).exists() or any(folder.glob(CHECKPOINTS))


@contextmanager
def _temporary() -> Iterator[Path]:
    try:
        folder = Path(tempfile.mkdtemp(prefix="sgns-"))
    except OSError as error:
        raise SgnsError(f"Cannot make a temporary folder: {_reason(error)}. Set TMPDIR to one with room.") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(output: Path) -> Iterator[Path]:
    """Yield the work folder of an output while nobody else has it; afterwards it is gone, if it is empty."""
    folder = Path(os.path.abspath(output) + ".work")
    made = [folder, *(parent for parent in folder.parents if not os.path.exists(parent))]
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        _take(folder, lock, output)
        yield folder
    finally:
        if lock.is_locked:
            if _is_empty(folder):
                with suppress(OSError):  # before it is released: after that it may be another run's
                    (folder / LOCK).unlink()
            lock.release()
        for each in made:
            with suppress(OSError):
                each.rmdir()


def _take(folder: Path, lock: FileLock, output: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()) and not (folder / LOCK).exists():
            raise SgnsError(f"{folder} is needed for work, but is no work folder. Move it, or choose another output.")
        lock.acquire()
    except Timeout as error:
        raise SgnsError(f"Another training works on {output} at this moment (its work is in {folder}).") from error
    except OSError as error:
        raise SgnsError(f"Cannot work in {folder}: {_reason(error)}. Choose another output.") from error


def _put_back(output: Path, folder: Path) -> None:
    """Give an output its name back if a run was killed when it had lost it, and had not got another."""
    if (folder / REPLACED).is_dir() and not output.exists():
        with suppress(OSError):
            os.replace(folder / REPLACED, output)


def _sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system does that."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _is_empty(folder: Path) -> bool:
    return not any(entry.name != LOCK for entry in folder.glob("*"))


def _empty(folder: Path) -> bool:
    """Delete what is in a work folder as far as that is allowed; return whether there was anything."""
    entries = [entry for entry in folder.glob("*") if entry.name != LOCK]
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            with suppress(OSError):
                entry.unlink()
    return bool(entries)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
