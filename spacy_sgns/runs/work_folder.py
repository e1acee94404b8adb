"""The folder where a run does its work, `OUTPUT.work`, and the step by which its result takes its name."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from spacy_sgns.errors import SgnsError
from spacy_sgns.system.files import reason

LOCK = "sgns.lock"  # also what a work folder is known by: a folder without it is somebody else's
RUN, CHECKPOINTS = "run.json", "checkpoint-*.sgns"  # a work folder that holds any of them holds a run that can go on
REPLACED = "replaced"  # what an output was before, as long as it is not replaced for good


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
    output: Path | None, *, keep: bool = False, force: bool = False, warn: Callable[[str], object] | None = None
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
        if not (keep and can_go_on(folder)) and _empty(folder) and warn:
            warn(f"{folder} was left behind by a run that did not end properly, and has been emptied.")
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
        raise SgnsError(f"Cannot make a temporary folder: {reason(error)}. Set TMPDIR to one with room.") from error
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
        raise SgnsError(f"Cannot work in {folder}: {reason(error)}. Choose another output.") from error


def _put_back(output: Path, folder: Path) -> None:
    """Give an output its name back if a run was killed when it had lost it, and had not got another."""
    if (folder / REPLACED).is_dir() and not output.exists():
        with suppress(OSError):
            os.replace(folder / REPLACED, output)


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
