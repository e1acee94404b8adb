"""The kinds of files: readers registered in the slot `sources`, found by the ending of a file's name.

A new kind is one registered factory, without arguments, of a `TextReader` or a `DocReader`:

    @spacy_sgns.registry.sources.register("lines.v1")
    def lines_v1() -> TextReader: ...

An installed package advertises it in the entry point group `spacy_sgns_sources`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias, runtime_checkable

from spacy_sgns.errors import SettingError
from spacy_sgns.registry import Choice, names, unversioned
from spacy_sgns.sources.compression import COMPRESSIONS, STANDARD_INPUT
from spacy_sgns.sources.splitting import Piece
from spacy_sgns.sources.stats import Stats, Warn


class ReadOptions(Protocol):
    """How the user wants texts to be read; a `Source` has these options, and describes them."""

    @property
    def source(self) -> str:
        """The name of the reader of all files; "": each file has that of its ending."""

    @property
    def unit(self) -> str:
        """What one text of a plain text file is."""

    @property
    def field(self) -> str:
        """The field of a record that holds the text."""

    @property
    def encoding(self) -> str:
        """The encoding of text files."""

    @property
    def errors(self) -> str:
        """What to do with bytes that cannot be decoded: strict or replace."""


@runtime_checkable
class TextReader(Protocol):
    """Reads texts from files of one kind.

    endings: of these files' names, in lower case, with the dot. max_line_bytes: a sample of a large file consists of
    whole lines, and a line longer than this is cut between words; 0: as soon as it is longer than a block of the
    sample; None: the files have no lines, and are sampled as a whole.
    """

    @property
    def endings(self) -> tuple[str, ...]:
        """The endings of the files, for example `(".txt",)`."""

    @property
    def max_line_bytes(self) -> int | None:
        """The length at which a line is cut in a sample."""

    def pieces(self, file: "TextFile", options: ReadOptions, warn: Warn, stats: Stats) -> Iterator[Piece]:
        """Yield the texts of a file, long ones in several pieces. Raises SgnsError if the file cannot be read.

        warn: takes messages for the user. stats: counters to increment.
        """


@runtime_checkable
class DocReader(Protocol):
    """Reads spaCy's Docs, which are tokenized already, from files of one kind. endings: as for a `TextReader`."""

    @property
    def endings(self) -> tuple[str, ...]:
        """The endings of the files, for example `(".txt",)`."""

    def docs(self, file: "DocFile", vocab: Any) -> Iterator[Any]:
        """Yield the Docs of a file, with their strings in `vocab`. Raises SgnsError if the file cannot be read."""

    def tokens(self, file: "DocFile", maker: Any, warn: Warn, *, sentences: bool) -> Iterator[Any]:
        """Yield the `DocTokens` of a file. Raises SgnsError if the file cannot be read.

        maker: the pipeline's `DocMaker`, to compare the tokens with. sentences: contexts are sentences, not texts.
        """


@dataclass(frozen=True)
class TextFile:
    """A file of texts.

    label: the name that users know the file by, for messages. from_start: False for a part of a file, in a sample.
    """

    path: Path
    label: str
    reader: TextReader
    from_start: bool = True


@dataclass(frozen=True)
class DocFile:
    """A file of stored Docs. label: the name that users know the file by, for messages."""

    path: Path
    label: str
    reader: DocReader


SourceFile: TypeAlias = TextFile | DocFile
ReaderOf: TypeAlias = Callable[[Path], TextReader | DocReader | None]  # of a file; None if it cannot be read


def registered_readers() -> Mapping[str, TextReader | DocReader]:
    """Return the newest version of each registered reader, by ending. Slow: it loads entry points.

    Raises SgnsError if one of them cannot be loaded or has neither protocol, SettingError if two share an ending.
    """
    newest = {unversioned(name): name for name in sorted(names("source"), key=_version)}
    found: dict[str, TextReader | DocReader] = {}
    owners: dict[str, str] = {}
    for name in sorted(newest.values()):
        reader = _checked(name, Choice("source", name).make())
        for suffix in reader.endings:
            if suffix in owners:
                raise SettingError(f"Both {owners[suffix]} and {name} read files that end in {suffix}. Uninstall one.")
            found[suffix], owners[suffix] = reader, name
    return found


def reader_named(name: str) -> TextReader | DocReader:
    """Return the reader that is registered under a name. Raises SettingError if there is none."""
    choice = Choice.of("source", name)
    return _checked(choice.name, choice.make())


def source_file(path: Path, reader: TextReader | DocReader) -> SourceFile:
    """Return a file with its reader. Raises SettingError for standard input if it is not read as text."""
    label = "Standard input" if path == STANDARD_INPUT else str(path)
    if path == STANDARD_INPUT and not isinstance(reader, TextReader):
        raise SettingError("Standard input must hold texts: give --source text or jsonl, or a file.")
    return TextFile(path, label, reader) if isinstance(reader, TextReader) else DocFile(path, label, reader)


def supported_endings() -> str:
    """Return the endings that can be read, for messages."""
    return f"supported are {', '.join(sorted(registered_readers()))}, each also with {', '.join(COMPRESSIONS)}"


def _checked(name: str, reader: Any) -> TextReader | DocReader:
    if not isinstance(reader, TextReader | DocReader):
        raise SettingError(
            f"source {name} must make a TextReader (endings, max_line_bytes, pieces) or a DocReader (endings, docs, "
            f"tokens), got {type(reader).__name__}."
        )
    return reader


def _version(name: str) -> int:
    found = re.search(r"\.v(\d+)$", name)
    return int(found[1]) if found else 0
