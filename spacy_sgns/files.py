"""Files that are there whole or not at all, and the folder where a run keeps its work."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from spacy_sgns.errors import SgnsError

LOCK = "lock"


@contextmanager
def written_beside(path: Path) -> Iterator[Path]:
    """Yield a path beside `path` to write to; it takes the name when all went well and is deleted when not.

    Raises SgnsError if the place cannot be written to.
    """
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        yield beside
        os.replace(beside, path)
    except OSError as error:
        raise SgnsError(f"Cannot write {path}: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            beside.unlink()


@contextmanager
def work_folder(output: Path | None) -> Iterator[Path]:
    """Yield an empty folder to work in, `OUTPUT.work` or a temporary one, that is gone afterwards whatever happens.

    One left over by a run that was killed is emptied. Raises SgnsError while another run works there, or if it cannot
    be made.
    """
    if output is None:
        with tempfile.TemporaryDirectory(prefix="sgns-") as temporary:
            yield Path(temporary)
        return
    folder = output.with_name(output.name + ".work")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK, timeout=0)
        lock.acquire()
    except Timeout as error:
        raise SgnsError(f"Another training works on {output} at this moment (its work is in {folder}).") from error
    except OSError as error:
        raise SgnsError(f"Cannot work in {folder}: {error.strerror or error}. Choose another output.") from error
    try:
        _empty(folder)
        yield folder
    finally:
        _empty(folder)
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        elif entry.name != LOCK:
            entry.unlink()
