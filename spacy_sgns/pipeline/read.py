"""Files in, texts out: a stream of pieces that never holds a file, nor a long text, in memory."""

import bz2
import codecs
import gzip
import io
import json
import lzma
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, NamedTuple

from spacy_sgns.errors import SettingError, SgnsError, closest

BLOCK = 1 << 20  # bytes read at a time
LONGEST = 1 << 17  # characters of a piece; a longer text comes in several
STANDARD_INPUT = Path("-")
UNPACK: dict[str, Any] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError)


class Piece(NamedTuple):
    """A text, or a part of a long one; `last` closes the text. Parts meet at white space."""

    text: str
    last: bool


@dataclass(frozen=True)
class Source:
    """Where texts come from. unit: what one text of a `.txt` is. field: of a `.jsonl` line holds its text.

    Raises SettingError for another unit, SgnsError if there is nothing to read.
    """

    path: Path
    unit: str = "line"
    field: str = "text"

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            hint = closest(self.unit, UNITS)
            raise SettingError(f"unit must be one of {', '.join(UNITS)}, got {self.unit!r}. {hint}".rstrip())

    def files(self) -> list[Path]:
        """Return the files to read, in order. Raises SgnsError if there are none."""
        path = self.path
        if path == STANDARD_INPUT:
            return [path]
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.is_file() and kind_of(p) in (*TEXT_KINDS, DOC_KIND))
            if found:
                return found
            raise SgnsError(f"The folder {path} holds no file to read: {_ENDINGS}.")
        if not path.exists():
            raise SgnsError(f"There is no file or folder {path}.")
        if kind_of(path) not in (*TEXT_KINDS, DOC_KIND):
            raise SgnsError(f"Cannot tell how to read {path} by its name: {_ENDINGS}.")
        return [path]

    def pieces(self, path: Path) -> Iterator[Piece]:
        """Yield the pieces of one of the files that holds text. Raises SgnsError where it cannot be read."""
        kind = ".txt" if path == STANDARD_INPUT else kind_of(path)
        return TEXT_KINDS[kind](self, path)


def kind_of(path: Path) -> str:
    """Return the ending that says how a file is read, without that of a compression."""
    return Path(path.stem).suffix if path.suffix in UNPACK else path.suffix


def opened(path: Path) -> AbstractContextManager[IO[bytes]]:
    """Return the bytes of a file, unpacked."""
    if path == STANDARD_INPUT:
        return nullcontext(sys.stdin.buffer)
    return UNPACK.get(path.suffix, open)(path, "rb")


def looks_wrapped(lines: list[str]) -> bool:
    """Return whether the first lines of a file look like paragraphs broken at a fixed width."""
    running = [line for line, following in pairwise(lines) if line.strip() and following.strip()]
    if len(running) < 20:
        return False
    lengths = sorted(len(line) for line in running)
    widest = lengths[int(0.95 * len(lengths))]
    finished = sum(line.rstrip().endswith((".", "!", "?")) for line in running)
    return 20 <= widest <= 100 and lengths[len(lengths) // 2] > 0.75 * widest and finished < len(running) / 2


def first_lines(path: Path, count: int = 500) -> list[str]:
    """Return the first lines of a text file, as far as they can be read."""
    lines = []
    for line, _ in _lines(_blocks(path)):
        lines.append(line)
        if len(lines) == count:
            break
    return lines


def _text_pieces(source: Source, path: Path) -> Iterator[Piece]:
    return UNITS[source.unit](_lines(_blocks(path)))


def _json_pieces(source: Source, path: Path) -> Iterator[Piece]:
    line, number = "", 1
    for part, whole in _lines(_blocks(path)):
        line += part
        if whole:
            if line.strip():
                yield from _cut(_json_text(line, source.field, f"{path}, line {number}"))
            line, number = "", number + 1


def _json_text(line: str, field: str, place: str) -> str:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SgnsError(f"{place}: no valid JSON: {error}.") from error
    if not isinstance(record, dict) or not isinstance(record.get(field), str):
        has = ", ".join(record) if isinstance(record, dict) else type(record).__name__
        raise SgnsError(f"{place}: expected an object with text in the field {field!r}, got {has[:200]}.")
    return str(record[field])


def _blocks(path: Path) -> Iterator[str]:
    """Yield the text of a file, with newlines of one kind. Raises SgnsError with the place that is wrong."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8-sig")(), translate=True)
    position = 0
    try:
        with opened(path) as file:
            while block := file.read(BLOCK):
                yield decoder.decode(block)
                position += len(block)
            yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        start = position - (len(error.object) - len(block)) + error.start
        raise SgnsError(
            f"{path} is not valid UTF-8 at byte {start}: {error.reason}. Convert it first, for instance with iconv."
        ) from error
    except DAMAGED as error:
        raise SgnsError(f"{path} is damaged or cut short: {error}.") from error
    except OSError as error:
        raise SgnsError(f"Cannot read {path}: {error.strerror or error}.") from error


def _lines(blocks: Iterator[str]) -> Iterator[tuple[str, bool]]:
    """Yield lines without their ends; a line too long for a piece comes in parts, of which only the last is whole."""
    rest = ""
    for block in blocks:
        *lines, rest = (rest + block).split("\n")
        for line in lines:
            yield from _cut(line)
        while len(rest) > LONGEST:
            part, rest = _split(rest)
            yield part, False
    if rest:
        yield rest, True


def _cut(text: str) -> Iterator[Piece]:
    while len(text) > LONGEST:
        part, text = _split(text)
        yield Piece(part, False)
    yield Piece(text, True)


def _split(text: str) -> tuple[str, str]:
    """Return a part no longer than a piece and the rest, between words if there is white space at all."""
    at = max(text.rfind(" ", 0, LONGEST), text.rfind("\n", 0, LONGEST), text.rfind("\t", 0, LONGEST))
    at = at if at > 0 else LONGEST
    return text[:at], text[at:]


def _by_line(lines: Iterator[tuple[str, bool]]) -> Iterator[Piece]:
    started = False
    for line, whole in lines:
        started = started or bool(line.strip())
        if started:
            yield Piece(line, whole)
        started = started and not whole


def _by_paragraph(lines: Iterator[tuple[str, bool]]) -> Iterator[Piece]:
    return _joined(lines, lambda line: not line.strip())


def _by_file(lines: Iterator[tuple[str, bool]]) -> Iterator[Piece]:
    return _joined(lines, lambda line: False)


def _joined(lines: Iterator[tuple[str, bool]], is_end: Callable[[str], bool]) -> Iterator[Piece]:
    """Yield the pieces of texts of several lines; the line that ends a text is no part of it."""
    text, started = "", False
    for line, whole in lines:
        if started and whole and is_end(line):
            yield Piece(text, True)
            text, started = "", False
        elif started or line.strip():
            text, started = text + line + ("\n" if whole else ""), True
        if len(text) > LONGEST:
            part, text = _split(text)
            yield Piece(part, False)
    if started:
        yield Piece(text, True)


UNITS = {"line": _by_line, "paragraph": _by_paragraph, "file": _by_file}
TEXT_KINDS = {".txt": _text_pieces, ".jsonl": _json_pieces}
DOC_KIND = ".spacy"
_ENDINGS = f"it takes {', '.join((*TEXT_KINDS, DOC_KIND))}, each also with {', '.join(UNPACK)}"
