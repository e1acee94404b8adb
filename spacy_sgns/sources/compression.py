"""Compressed files, recognized by their ending."""

import bz2
import gzip
import lzma
import sys
import zlib
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, Any

from spacy_sgns.sources.xz import open_xz

STANDARD_INPUT = Path("-")
COMPRESSIONS: dict[str, Any] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": open_xz}  # ending -> open(file, mode)
DECOMPRESSION_ERRORS = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError)
TEXT_RATIO = 3  # typical size of a text relative to its compressed file


def is_compressed(path: Path) -> bool:
    """Return whether a file has to be decompressed to be read."""
    return path.suffix.lower() in COMPRESSIONS


def ending(path: Path) -> str:
    """Return the ending of a file's name in lower case, without the ending of a compression.

    Standard input has no name; it is read like a file that ends in `.txt`.
    """
    if path == STANDARD_INPUT:
        return ".txt"
    return Path(path.stem if is_compressed(path) else path.name).suffix.lower()


def open_binary(path: Path) -> AbstractContextManager[IO[bytes]]:
    """Return the decompressed bytes of a file, or of standard input."""
    return nullcontext(sys.stdin.buffer) if path == STANDARD_INPUT else opener(path)(path, "rb")


def opener(path: Path) -> Any:
    """Return the function `(file, mode) -> IO[bytes]` that opens a file and decompresses it."""
    return COMPRESSIONS.get(path.suffix.lower(), open)


def estimated_chars(path: Path) -> int:
    """Return about how many characters of text a file holds; 0 for standard input."""
    return path.stat().st_size * (TEXT_RATIO if is_compressed(path) else 1) if path.is_file() else 0
