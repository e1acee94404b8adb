"""A fair sample of files: blocks of whole lines from places spread over them, few enough to be read in seconds."""

import re
from dataclasses import dataclass, fields
from hashlib import blake2b
from pathlib import Path
from time import perf_counter
from typing import IO, Any, NamedTuple

import numpy as np

from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.sources.source import DAMAGED, STANDARD_INPUT, UNPACK, Source, Stats, holds_docs, kind_of, likely_size

BLOCKS = 64  # places that a sample is from
SKIM = 3.0  # seconds for unpacking what is passed over: a packed file has no places to go to
STEP = 1 << 20  # bytes unpacked at a time
LONGEST_LINE = {".jsonl": 1 << 26}  # bytes; a line of text alone may be cut, and half a record is none
SPOILED = re.compile("\ufffd|[ÃÂ][\x80-\xbf]")  # of UTF-8 that was read as something else


class Block(NamedTuple):
    """Some lines of a file, and the byte, unpacked, from which on they were looked for."""

    start: int
    content: bytes


@dataclass(frozen=True)
class Sample(Source):
    """Some of a source, to be read in its place.

    paths: files of the source, or of blocks. fraction: of the source's bytes, unpacked. origins: where blocks are from,
    by path. parts: blocks that are only part of a line.
    """

    paths: tuple[Path, ...] = ()
    fraction: float = 1.0
    origins: tuple[tuple[Path, str], ...] = ()
    parts: int = 0

    def files(self, stats: Stats | None = None) -> list[Path]:
        """Return the files to read, in order."""
        return list(self.paths)

    def in_their_words(self, text: str) -> str:
        """Return a message with the files that the user knows in place of those of blocks."""
        for path, origin in self.origins:
            text = text.replace(str(path), origin)
        return text


def sampled(source: Source, folder: Path, size: int, skim: float = SKIM) -> Sample:
    """Return about `size` bytes of a source, spread over its files; all of a small one.

    folder: for the blocks. skim: seconds for unpacking what is passed over; of packed files that take longer, blocks
    are from the beginning. Raises SgnsError if there is nothing to read, SettingError for standard input.
    """
    if source.path == STANDARD_INPUT:
        raise SettingError(
            "A sample is read first, and then all, so it cannot be standard input. Give a file or a folder."
        )
    if len("aa".encode(source.encoding)) > 1 + len("a".encode(source.encoding)):
        raise SettingError(
            f"A sample cannot be taken from texts in {source.encoding}, where a letter has several bytes. Convert them "
            "to UTF-8 first, for instance with iconv."
        )
    files = source.files()
    given = {f.name: getattr(source, f.name) for f in fields(source)}
    try:
        sizes = [path.stat().st_size if holds_docs(path) else likely_size(path) for path in files]
        if sum(sizes) <= size:
            return Sample(**given, paths=tuple(files))
        return _spread(given, files, sizes, _Writer(folder), size // BLOCKS, perf_counter() + skim)
    except DAMAGED as error:
        raise SgnsError(f"{source.path} is, or holds a file that is, damaged or cut short: {error}.") from error
    except OSError as error:
        raise SgnsError(f"Cannot read {error.filename or source.path}: {error.strerror or error}.") from error


class _Writer:
    """Writes blocks into files of their own, and takes down where they are from."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.origins: list[tuple[Path, str]] = []
        self.parts = 0

    def write(self, block: Block, source: Path) -> Path:
        """Return the file of a block."""
        path = self._folder / f"{len(self.origins)}{kind_of(source)}"
        path.write_bytes(block.content)
        self.origins.append((path, f"{source}, from byte {block.start} on"))
        self.parts += b"\n" not in block.content
        return path


def _spread(
    given: dict[str, Any], files: list[Path], sizes: list[int], writer: _Writer, size: int, deadline: float
) -> Sample:
    """Return a sample of blocks of `size` bytes. deadline: when to stop unpacking what is passed over."""
    paths: list[Path] = []
    read, whole = 0, dict(enumerate(sizes))
    for i, offsets in _places(sizes, size).items():
        if _taken_whole(files[i], sizes[i], size):
            paths.append(files[i])
            read += sizes[i]
            continue
        blocks, whole[i] = _blocks_of(files[i], offsets, size, deadline)
        paths += [writer.write(block, files[i]) for block in blocks if block.content]
        read += sum(len(block.content) for block in blocks)
    fraction = min(1.0, read / _whole(files, sizes, whole))
    return Sample(**given, paths=tuple(paths), fraction=fraction, origins=tuple(writer.origins), parts=writer.parts)


def _places(sizes: list[int], block: int) -> dict[int, list[int]]:
    """Return where blocks are looked for: by the number of each file to read, offsets in it.

    The files lie one behind the other, and places are evenly spread over them. A file that is smaller than a block is
    met by the one that its beginning lies in.
    """
    starts = np.concatenate(([0], np.cumsum(sizes)))
    found: dict[int, list[int]] = {}
    for place in np.linspace(0, starts[-1], BLOCKS, endpoint=False).astype(np.int64).tolist():
        holder = int(np.searchsorted(starts, place, "right")) - 1
        if sizes[holder] > block:
            found.setdefault(holder, []).append(place - int(starts[holder]))
        first, last = np.searchsorted(starts[:-1], (place, place + block)).tolist()
        for i in range(first, last):
            if sizes[i] <= block:
                found.setdefault(i, [])
    return dict(sorted(found.items()))


def _taken_whole(path: Path, size: int, block: int) -> bool:
    """Return whether a file is read as it is: it is small, or cannot be read in part."""
    return holds_docs(path) or (size <= block and not is_packed(path))


def _whole(files: list[Path], sizes: list[int], known: dict[int, int]) -> float:
    """Return the bytes of all files, unpacked; known: of each file, a guess for packed ones that were not looked at."""
    packed = [i for i, path in enumerate(files) if is_packed(path)]
    seen = [i for i in packed if known[i] != sizes[i]]
    ratio = sum(known[i] for i in seen) / sum(sizes[i] for i in seen) if seen else 1.0
    return sum(known.values()) + (ratio - 1) * sum(sizes[i] for i in packed if i not in seen)


def is_packed(path: Path) -> bool:
    """Return whether a file has to be unpacked to be read."""
    return path.suffix.lower() in UNPACK


def _blocks_of(path: Path, offsets: list[int], size: int, deadline: float) -> tuple[list[Block], int]:
    """Return blocks of a file and its size, both unpacked."""
    longest = LONGEST_LINE.get(kind_of(path), size)
    if is_packed(path):
        return _skimmed(path, max(1, len(offsets)), size, longest, deadline)
    with path.open("rb") as file:
        blocks = []
        for offset in offsets:
            file.seek(offset)
            blocks.append(_block(file, size, longest))
        return blocks, path.stat().st_size


def _skimmed(path: Path, number: int, size: int, longest: int, deadline: float) -> tuple[list[Block], int]:
    """Return at most so many blocks of a packed file, as evenly spread as can be without knowing where it ends."""
    blocks: list[Block] = []
    apart = size
    with path.open("rb") as raw, UNPACK[path.suffix.lower()](raw, "rb") as file:
        while True:
            blocks.append(_block(file, size, longest))
            if len(blocks) > 2 * number:
                blocks, apart = blocks[::2], 2 * apart
            if not _forward(file, blocks[-1].start + apart) or perf_counter() > deadline:
                break
        whole = round(file.tell() / max(raw.tell(), 1) * path.stat().st_size)
    chosen = np.unique(np.linspace(0, len(blocks) - 1, number).round().astype(int))
    return [blocks[i] for i in chosen.tolist()], whole


def _forward(file: IO[bytes], place: int) -> bool:
    """Read on to a place; return whether there is more than that."""
    while (left := place - file.tell()) > 0:
        if not file.read(min(left, STEP)):
            return False
    return True


def _block(file: IO[bytes], size: int, longest: int) -> Block:
    """Return a block of whole lines, the first that begins here or later; a line that is far too long is cut."""
    start = file.tell()
    if start:
        file.readline(longest)
    content = file.read(size)
    content += file.readline(longest) if not content.endswith(b"\n") else b""
    if len(content) >= longest and not content.endswith(b"\n"):
        content = content[: content.rfind(b" ") + 1] or content
    return Block(start, content)


class Looks(NamedTuple):
    """What the texts of a sample look like: shares of its characters.

    repeated: in texts that were there before. spoiled: signs of text that was decoded wrongly.
    """

    repeated: float
    spoiled: float


def looked_through(sample: Sample) -> Looks:
    """Return what the texts of a sample look like; Docs are passed over. Raises SgnsError where it cannot be read."""
    seen: set[bytes] = set()
    characters = repeated = spoiled = length = 0
    digest = blake2b(digest_size=8)
    for path in sample.files():
        for text, last in sample.pieces(path, _ignore) if not holds_docs(path) else ():
            digest.update(text.encode())
            length += len(text)
            spoiled += len(SPOILED.findall(text))
            if last:
                repeated += length if digest.digest() in seen else 0
                seen.add(digest.digest())
                characters, length, digest = characters + length, 0, blake2b(digest_size=8)
    return Looks(repeated / max(characters, 1), spoiled / max(characters, 1))


def _ignore(text: str) -> None:
    """Take a warning that was given before."""
