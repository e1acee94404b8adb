"""The work folder of a run, `OUTPUT.work`, and the atomic replacement of its output."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from spacy_sgns.errors import SgnsError
from spacy_sgns.system.files import reason

LOCK = "sgns.lock"  # also marks a work folder: a folder without it belongs to somebody else
RUN, CHECKPOINTS = "run.json", "checkpoint-*.sgns"  # a work folder with any of these holds a resumable run
REPLACED = "replaced"  # the earlier output, until its replacement is in place


def put(made: Path, output: Path, folder: Path) -> None:
    """Rename the folder `made` to `output`, replacing an existing one. folder: the work folder. Raises OSError."""
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
    output: Path | None, *, keep: bool = False, force: bool = False, warn: Callable[[str], object] | None = None
) -> Iterator[Path]:
    """Yield an empty folder, `OUTPUT.work` or a temporary one, and delete it after the block.

    It stays if the block raises and holds a resumable run. keep: leave an earlier resumable run in it; force: delete
    it. warn: called if the folder is left over from a run that cannot be resumed, and is emptied. Raises SgnsError if
    the folder holds a resumable run without `keep` or `force`, if another run is using it, if it is not a work folder,
    or if it cannot be created.
    """
    with _temporary() if output is None else _locked(output) as folder:
        if output:
            _put_back(output, folder)
        if is_resumable(folder) and not keep and not force:
            raise SgnsError(f"{folder} holds an unfinished run: resume it with --resume, or start over with --force.")
        if not (keep and is_resumable(folder)) and _empty(folder) and warn:
            warn(f"{folder} was left behind by a run that did not end properly, and has been emptied.")
        try:
            yield folder
        except BaseException:
            if not is_resumable(folder):
                _empty(folder)
            raise
        _empty(folder)


def is_resumable(folder: Path) -> bool:
    """Return whether a work folder holds a resumable run, or a part of one."""
    return (folder / RUN).exists() or any(folder.glob(CHECKPOINTS))


@contextmanager
def _temporary() -> Iterator[Path]:
    try:
        folder = Path(tempfile.mkdtemp(prefix="sgns-"))
    except OSError as error:
        raise SgnsError(
            f"Cannot create a temporary folder: {reason(error)}. Set TMPDIR to a folder with free space."
        ) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(output: Path) -> Iterator[Path]:
    """Yield the locked work folder of an output, and delete it after the block if it is empty."""
    folder = Path(os.path.abspath(output) + ".work")
    created = [folder, *(parent for parent in folder.parents if not os.path.exists(parent))]
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        _take(folder, lock, output)
        yield folder
    finally:
        if lock.is_locked:
            if _is_empty(folder):
                with suppress(OSError):  # before it is released; afterwards it may belong to another run
                    (folder / LOCK).unlink()
            lock.release()
        for path in created:
            with suppress(OSError):
                path.rmdir()


def _take(folder: Path, lock: FileLock, output: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()) and not (folder / LOCK).exists():
            raise SgnsError(
                f"{folder} is needed as the work folder, but is not one. Move it, or choose another output."
            )
        lock.acquire()
    except Timeout as error:
        raise SgnsError(f"Another run is writing {output} (its work folder is {folder}).") from error
    except OSError as error:
        raise SgnsError(f"Cannot work in {folder}: {reason(error)}. Choose another output.") from error


def _put_back(output: Path, folder: Path) -> None:
    """Restore the earlier output if a run was killed while replacing it."""
    if (folder / REPLACED).is_dir() and not output.exists():
        with suppress(OSError):
            os.replace(folder / REPLACED, output)


def _is_empty(folder: Path) -> bool:
    return not any(entry.name != LOCK for entry in folder.glob("*"))


def _empty(folder: Path) -> bool:
    """Delete the content of a work folder, as far as permissions allow; return whether there was any."""
    entries = [entry for entry in folder.glob("*") if entry.name != LOCK]
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            with suppress(OSError):
                entry.unlink()
    return bool(entries)
