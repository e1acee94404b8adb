"""Files in, texts out: a stream of pieces that never holds a file, nor a long text, in memory."""

import bz2
import gzip
import json
import lzma
import sys
import unicodedata
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice, pairwise
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeAlias, TypeVar

from spacy_sgns.errors import SettingError, SgnsError, closest
from spacy_sgns.sources.decoding import SURROGATE, Decoder, check_encoding, name_of
from spacy_sgns.sources.xz import open_xz
from spacy_sgns.system.files import check_regular

T = TypeVar("T")
Warn = Callable[[str], object]
Stats: TypeAlias = Counter[str]  # what was counted beside texts, by the names in `Source`
BLOCK = 1 << 20  # bytes read at a time
LONGEST = 1 << 14  # characters of a piece; a longer text comes in several
LONGEST_WORD = 1000  # characters without space; the time that tokenizers take may grow with the square of it
LONGEST_RECORD = 1 << 24  # characters of a line of JSON, which has to be in memory as a whole
PORTION = 1 << 19  # characters of pieces that are worked on together
HEAD = 500  # lines that are looked at for hard wrapping
STANDARD_INPUT = Path("-")
UNPACK: dict[str, Any] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": open_xz}
DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError)


class Piece(NamedTuple):
    """A text, or a part of a long one; `last` closes the text. Parts meet at white space wherever there is some."""

    text: str
    last: bool


@dataclass(frozen=True)
class Source:
    """Where texts come from. unit: what one text of a `.txt` is. field: of a `.jsonl` line holds its text.

    encoding: of `.txt` and `.jsonl`. errors: "strict", or "replace": a mark stands for each character that is wrong.

    Stats, where that is asked for: files_hidden, files_other (of another ending, or no files) and folders_linked, which
    were passed over in a folder; of the files that were read files_without_text, lines_blank (where a line is a text),
    characters_replaced. Raises SettingError for another unit, encoding or errors, SgnsError if there is nothing to
    read.
    """

    path: Path
    unit: str = "line"
    field: str = "text"
    encoding: str = "utf-8"
    errors: str = "strict"

    def __post_init__(self) -> None:
        check_encoding(self.encoding, self.errors)
        if self.unit not in UNITS:
            hint = closest(self.unit, UNITS)
            raise SettingError(f"unit must be one of {', '.join(UNITS)}, got {self.unit!r}. {hint}".rstrip())

    def files(self, stats: Stats | None = None) -> list[Path]:
        """Return the files to read, in order. Raises SgnsError if there are none."""
        path, stats = self.path, Counter() if stats is None else stats
        if path == STANDARD_INPUT:
            return [path]
        if path.is_dir():
            if found := sorted(_walk(path, stats), key=lambda file: file.relative_to(path).parts):
                return found
            raise SgnsError(f"The folder {path} holds no file to read: {_ENDINGS}.")
        if not path.exists():
            raise SgnsError(f"There is no file or folder {path}.")
        check_regular(path)
        if not is_known(path):
            raise SgnsError(f"Cannot tell how to read {path} by its name: {_ENDINGS}.")
        return [path]

    def identity(self) -> dict[str, Any]:
        """Return in plain values what is read and how; of each file its size and time. Standard input has no files."""
        files = {} if self.path == STANDARD_INPUT else {str(path.absolute()): _state(path) for path in self.files()}
        return {**asdict(self), "path": str(self.path.absolute()) if files else str(self.path), "files": files}

    def pieces(self, path: Path, warn: Warn, stats: Stats | None = None) -> Iterator[Piece]:
        """Yield the pieces of one of the files that holds text. Raises SgnsError where it cannot be read.

        warn: called with what seems wrong, for people.
        """
        stats = Counter() if stats is None else stats
        kind = ".txt" if path == STANDARD_INPUT else kind_of(path)
        pieces = (part for piece in TEXT_KINDS[kind](self, path, warn, stats) for part in _parted(piece, stats))
        return or_noted(pieces, stats)


def _state(path: Path) -> str:
    found = path.stat()
    return f"{found.st_size} bytes, changed {datetime.fromtimestamp(found.st_mtime)} ({found.st_mtime_ns} ns)"


def kind_of(path: Path) -> str:
    """Return the ending that says how a file is read, without that of a compression."""
    name = path.stem if path.suffix.lower() in UNPACK else path.name
    return Path(name).suffix.lower()


def is_known(path: Path) -> bool:
    """Return whether it can be told by its name how a file is read."""
    return kind_of(path) in (*TEXT_KINDS, DOC_KIND)


def holds_docs(path: Path) -> bool:
    """Return whether a file holds Docs, and no text."""
    return kind_of(path) == DOC_KIND


def likely_size(path: Path) -> int:
    """Return about how many characters of text a file holds; 0 where that is not known."""
    packed = path.suffix.lower() in UNPACK
    return path.stat().st_size * (3 if packed else 1) if path.is_file() else 0


def opened(path: Path) -> AbstractContextManager[IO[bytes]]:
    """Return the bytes of a file, unpacked."""
    if path == STANDARD_INPUT:
        return nullcontext(sys.stdin.buffer)
    return UNPACK.get(path.suffix.lower(), open)(path, "rb")


def looks_wrapped(lines: list[str]) -> bool:
    """Return whether the first lines of a file look like paragraphs broken at a fixed width."""
    running = [line for line, following in pairwise(lines) if line.strip() and following.strip()]
    if len(running) < 20:
        return False
    lengths = sorted(len(line) for line in running)
    widest = lengths[int(0.95 * len(lengths))]
    finished = sum(line.rstrip().endswith((".", "!", "?")) for line in running)
    return 20 <= widest <= 100 and lengths[len(lengths) // 2] > 0.75 * widest and finished < len(running) / 2


def cut(text: str, longest: int = 0) -> Iterator[Piece]:
    """Yield the pieces of a text, parted after white space or, where there is none for long, after punctuation.

    longest: characters of a piece; 0: `LONGEST`.
    """
    start, longest = 0, longest or LONGEST
    while len(text) - start > longest:
        end = _gap(text, start, longest)
        yield Piece(text[start:end], False)
        start = end
    yield Piece(text[start:], True)


def or_noted(of_a_file: Iterator[T], stats: Stats) -> Iterator[T]:
    """Pass on what is in a file; if there is nothing, note that."""
    first = list(islice(of_a_file, 1))
    stats["files_without_text"] += not first
    yield from first
    yield from of_a_file


def say_replaced(source: Source, stats: Stats, warn: Warn) -> None:
    """Warn of characters that were replaced."""
    if number := stats["characters_replaced"]:
        name = name_of(source.encoding)
        warn(f"Characters in {source.path} that were not valid {name} and were replaced by a mark: {number:,}.")


def portions(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Yield pieces in lists of a bounded number of characters."""
    portion: list[Piece] = []
    size = 0
    for piece in pieces:
        portion.append(piece)
        size += len(piece.text)
        if size > PORTION:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _gap(text: str, start: int, longest: int) -> int:
    end = start + longest
    begun = _begun(text[start:end])
    if begun < longest:
        return end - begun
    first = max(start, end - LONGEST_WORD)
    if text[first:end].isalnum():
        return end
    return next((at for at in range(end, first, -1) if unicodedata.category(text[at - 1]).startswith("P")), end)


def _begun(text: str) -> int:
    """Return how many characters at the end of a text are of a word that may go on."""
    return 0 if text[-1].isspace() else len(text.rsplit(None, 1)[-1])


def _parted(piece: Piece, stats: Stats) -> Iterator[Piece]:
    """Yield a piece, in several if it has words that are longer than `LONGEST_WORD`."""
    text, start, at = piece.text, 0, 0
    while len(text) - at > LONGEST_WORD:
        begun = _begun(text[at : at + LONGEST_WORD])
        if begun < LONGEST_WORD or text[at + LONGEST_WORD].isspace():
            at += LONGEST_WORD - begun or LONGEST_WORD
        else:
            at = _gap(text, at, LONGEST_WORD)
            stats["characters_split"] += 1
            yield Piece(text[start:at], False)
            start = at
    yield Piece(text[start:], piece.last)


def _walk(folder: Path, stats: Stats) -> Iterator[Path]:
    """Yield the files of a folder that can be read, at any depth; hidden ones are passed over, as spaCy does.

    Links to folders are not followed: they may lead round in a circle. Raises SgnsError for a folder that is locked.
    """
    waiting = [folder]
    while waiting:
        for path in _listed(waiting.pop()):
            if path.name.startswith("."):
                stats["files_hidden"] += 1
            elif path.is_dir():
                stats["folders_linked"] += path.is_symlink()
                waiting += [] if path.is_symlink() else [path]
            elif is_known(path) and path.is_file():
                yield path
            else:
                stats["files_other"] += 1


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        raise SgnsError(f"Cannot read {error.filename}: {error.strerror or error}.") from error


def _text_pieces(source: Source, path: Path, warn: Warn, stats: Stats) -> Iterator[Piece]:
    blocks = _blocks(source, path, stats)
    if source.unit == "line":
        blocks = _watched(blocks, path, warn)
    return UNITS[source.unit](_lines(blocks), stats)


def _watched(blocks: Iterator[str], path: Path, warn: Warn) -> Iterator[str]:
    """Pass blocks on; warn if the first one looks hard-wrapped, or like JSON."""
    first = next(blocks, "")
    name = "Standard input" if path == STANDARD_INPUT else path
    if first.startswith('{"'):
        warn(f"{name} looks like JSON, and is read as text, names and all: give it as a file that ends in .jsonl.")
    elif looks_wrapped(first.split("\n", HEAD)[:HEAD]):
        warn(f"{name} looks hard-wrapped, and each line counts as a text of its own: try --unit paragraph.")
    yield first
    yield from blocks


def _json_pieces(source: Source, path: Path, warn: Warn, stats: Stats) -> Iterator[Piece]:
    parts: list[str] = []
    number, size = 1, 0
    for part, whole in _lines(_blocks(source, path, stats)):
        parts.append(part)
        size += len(part)
        if size > LONGEST_RECORD:
            raise SgnsError(
                f"{path}, line {number}: it has more than {LONGEST_RECORD:,} characters, the most that are read at "
                "once. Give a text so long in several lines, or as a .txt."
            )
        if whole:
            line = "".join(parts)
            if line.strip():
                yield from cut(_json_text(line, source.field, f"{path}, line {number}"))
            else:
                stats["lines_blank"] += 1
            parts, number, size = [], number + 1, 0


def _json_text(line: str, field: str, place: str) -> str:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SgnsError(f"{place}: no valid JSON: {getattr(error, 'msg', error)}.") from error
    if not isinstance(record, dict) or not isinstance(record.get(field), str):
        has = ", ".join(record) if isinstance(record, dict) else type(record).__name__
        raise SgnsError(f"{place}: expected an object with text in the field {field!r}, got {has[:200]}.")
    text = str(record[field])
    if "\\u" in line and (half := SURROGATE.search(text)):  # elsewhere it would be no valid UTF-8
        raise SgnsError(f"{place}: {half[0]!a} is half a character, of a text that was cut through. Repair that line.")
    return text


def _blocks(source: Source, path: Path, stats: Stats) -> Iterator[str]:
    """Yield the text of a file, with newlines of one kind. Raises SgnsError with the place that is wrong."""
    decoder = Decoder(source.encoding, source.errors, stats)
    position, block = 0, b""
    try:
        with opened(path) as file:
            while block := file.read(BLOCK):
                yield decoder.decode(block)
                position += len(block)
            yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        start = position - (len(error.object) - len(block)) + error.start
        raise SgnsError(_invalid(path, source.encoding, f" at byte {start}: {error.reason}")) from error
    except UnicodeError as error:
        raise SgnsError(_invalid(path, source.encoding, f": {error}")) from error
    except DAMAGED as error:
        raise SgnsError(f"{path} is damaged or cut short: {error}.") from error
    except OSError as error:
        raise SgnsError(f"Cannot read {path}: {error.strerror or error}.") from error


def _invalid(path: Path, encoding: str, how: str) -> str:
    return (
        f"{path} is not valid {name_of(encoding)}{how}. Give its encoding (--encoding latin-1 or utf-16-le, say), "
        "convert it, with iconv for instance, or let a mark stand for what is no character (--errors replace)."
    )


def _lines(blocks: Iterator[str]) -> Iterator[Piece]:
    """Yield lines without their ends; a line too long for a piece comes in several, of which the last closes it."""
    rest = ""
    for block in blocks:
        *lines, rest = (rest + block).split("\n")
        for line in lines:
            yield from cut(line)
        *parts, (rest, _) = cut(rest)
        yield from parts
    if rest:
        yield Piece(rest, True)


def _by_line(lines: Iterator[Piece], stats: Stats) -> Iterator[Piece]:
    started = False
    for line, whole in lines:
        started = started or bool(line.strip())
        if started:
            yield Piece(line, whole)
        elif whole:
            stats["lines_blank"] += 1
        started = started and not whole


def _by_paragraph(lines: Iterator[Piece], _: Stats) -> Iterator[Piece]:
    return _joined(lines, ends_at_blank=True)


def _by_file(lines: Iterator[Piece], _: Stats) -> Iterator[Piece]:
    return _joined(lines, ends_at_blank=False)


def _joined(lines: Iterator[Piece], *, ends_at_blank: bool) -> Iterator[Piece]:
    """Yield the pieces of texts of several lines; blank lines before a text are no part of it."""
    parts: list[str] = []
    size, fresh = 0, True  # fresh: a line begins here
    for line, whole in lines:
        blank = fresh and whole and not line.strip()
        if blank and ends_at_blank and parts:
            yield Piece("".join(parts), True)
            parts, size = [], 0
        elif parts or line.strip():
            parts += [line, "\n"] if whole else [line]
            size += len(line) + whole
        if size > LONGEST:
            *full, (rest, _) = cut("".join(parts))
            yield from full
            parts, size = [rest], len(rest)
        fresh = whole
    if parts:
        yield Piece("".join(parts), True)


UNITS = {"line": _by_line, "paragraph": _by_paragraph, "file": _by_file}
TEXT_KINDS = {".txt": _text_pieces, ".jsonl": _json_pieces}
DOC_KIND = ".spacy"
_ENDINGS = f"it takes {', '.join((*TEXT_KINDS, DOC_KIND))}, each also with {', '.join(UNPACK)}"
