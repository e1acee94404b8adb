"""The files below a folder."""

from collections.abc import Callable, Iterator
from pathlib import Path

from spacy_sgns.errors import SgnsError
from spacy_sgns.sources.compression import ending
from spacy_sgns.sources.stats import Stats

MAX_ENDING_CHARS = 10  # with the dot


def walk(folder: Path, is_supported: Callable[[Path], bool], stats: Stats) -> Iterator[Path]:
    """Yield the supported files of a folder at any depth; hidden files are skipped, as spaCy skips them.

    Links to folders are not followed, as they may form a cycle. stats: counts the entries that are skipped. Raises
    SgnsError if a folder cannot be read.
    """
    waiting = [folder]
    while waiting:
        for path in _entries(waiting.pop()):
            if path.name.startswith("."):
                stats["files_hidden"] += 1
            elif path.is_dir():
                stats["folders_linked"] += path.is_symlink()
                waiting += [] if path.is_symlink() else [path]
            elif is_supported(path) and path.is_file():
                yield path
            else:
                stats["files_other"] += 1
                if known := _known_ending(path):
                    stats[f"files_other{known}"] += 1


def _known_ending(path: Path) -> str:
    """Return the ending of a file's name, for a count, or "" if nobody would call it one."""
    found = ending(path)
    return found if found.isascii() and found[1:].isalnum() and len(found) <= MAX_ENDING_CHARS else ""


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        raise SgnsError(f"Cannot read {error.filename}: {error.strerror or error}.") from error
