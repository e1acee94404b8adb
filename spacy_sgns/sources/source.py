"""A source of texts: which files to read, and how."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from spacy_sgns.errors import SettingError, SgnsError, closest
from spacy_sgns.sources.bundled import resolved
from spacy_sgns.sources.compression import STANDARD_INPUT, ending
from spacy_sgns.sources.decoding import check_encoding, encoding_name
from spacy_sgns.sources.readers import (
    ReaderOf,
    SourceFile,
    TextFile,
    reader_named,
    registered_readers,
    source_file,
    supported_endings,
)
from spacy_sgns.sources.splitting import Piece, split_long_words
from spacy_sgns.sources.stats import Stats, Warn, count_if_empty
from spacy_sgns.sources.units import UNITS
from spacy_sgns.sources.walk import walk
from spacy_sgns.system.files import check_regular


@dataclass(frozen=True)
class Source:
    """A file, a folder or standard input, with options for reading texts.

    path: of a file or a folder, `-` for standard input, or the name of a bundled text, `sample:alice`. unit: what one
    text of a plain text file is: a line, a paragraph or the whole file. field: of a JSON record, holds the text.
    `data.body` is the field `body` of the object in `data`. encoding: of text files. errors: "strict", or "replace" to
    read invalid characters as U+FFFD. source: the registered reader of all files, such as jsonl; "": each file's ending
    says which, and standard input is text, or JSON lines if its first line is a JSON object.

    Counters, where `stats` is given: files_hidden, files_other (not regular, or without a reader; files_other.csv: with
    that ending) and folders_linked, which are skipped in a folder; and, of the files that are read,
    files_without_text, lines_blank (where a line is a text), texts_missing (records without text), characters_replaced
    and characters_split (places where a word too long for tokenizers is split).

    Raises SettingError for an unknown unit, encoding, errors or source, SgnsError for an unknown bundled text.
    """

    path: Path
    unit: str = "line"
    field: str = "text"
    encoding: str = "utf-8"
    errors: str = "strict"
    source: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", resolved(Path(self.path)))
        check_encoding(self.encoding, self.errors)
        if self.unit not in UNITS:
            hint = closest(self.unit, UNITS)
            raise SettingError(f"unit must be one of {', '.join(UNITS)}, got {self.unit!r}. {hint}".rstrip())
        if self.source:
            reader_named(self.source)

    def files(self, stats: Stats | None = None) -> list[SourceFile]:
        """Return the files to read, in order. Raises SgnsError if there are none."""
        reader_of = _reader_finder(self.source)
        paths = self._paths(reader_of, Stats() if stats is None else stats)
        return [source_file(path, reader) for path in paths if (reader := reader_of(path))]

    def identity(self) -> dict[str, Any]:
        """Return the options, and the size and time of each file, as plain values. Standard input has no files."""
        files = {str(file.path.absolute()): _state(file.path) for file in self.files() if file.path != STANDARD_INPUT}
        return {**asdict(self), "path": str(self.path.absolute()) if files else str(self.path), "files": files}

    def pieces(self, file: TextFile, warn: Warn, stats: Stats | None = None) -> Iterator[Piece]:
        """Yield the pieces of the texts of a file. Raises SgnsError if the file cannot be read.

        warn: takes messages for the user.
        """
        stats = Stats() if stats is None else stats
        pieces = file.reader.pieces(file, self, warn, stats)
        return count_if_empty((part for piece in pieces for part in split_long_words(piece, stats)), stats)

    def warn_replaced(self, stats: Stats, warn: Warn) -> None:
        """Warn if characters were replaced."""
        if number := stats["characters_replaced"]:
            name = encoding_name(self.encoding)
            warn(f"Characters in {self.path} that are not valid {name} and were replaced by U+FFFD: {number:,}.")

    def _paths(self, reader_of: ReaderOf, stats: Stats) -> list[Path]:
        path = self.path
        if path == STANDARD_INPUT:
            return [path]
        if path.is_dir():
            found = walk(path, lambda file: reader_of(file) is not None, stats)
            if ordered := sorted(found, key=lambda file: file.relative_to(path).parts):
                return ordered
            raise SgnsError(f"The folder {path} holds no file to read: {supported_endings()}.")
        if not path.exists():
            raise SgnsError(f"There is no file or folder {path}.")
        check_regular(path)
        if reader_of(path) is None:
            raise SgnsError(
                f"Cannot tell how to read {path} by its name: {supported_endings()}. For another name, give the kind: "
                "--source text or jsonl."
            )
        return [path]


def _reader_finder(name: str) -> ReaderOf:
    """Return a function that finds the reader of a file: the one with a name or, without a name, by its ending."""
    if name:
        reader = reader_named(name)
        return lambda path: reader
    readers = registered_readers()
    return lambda path: readers.get(ending(path))


def _state(path: Path) -> str:
    found = path.stat()
    return f"{found.st_size} bytes, changed {datetime.fromtimestamp(found.st_mtime)} ({found.st_mtime_ns} ns)"
