"""A fair sample of files: blocks of whole lines from places spread over them, few enough to be read in seconds."""

from dataclasses import dataclass, fields
from pathlib import Path
from time import perf_counter
from typing import IO, NamedTuple

import numpy as np

from spacy_sgns.errors import SgnsError
from spacy_sgns.pipeline.read import STANDARD_INPUT, UNPACK, Source, holds_docs, kind_of, likely_size

BLOCK = 1 << 17  # bytes from one place
SKIM = 3.0  # seconds for unpacking what is passed over: a packed file has no places to go to
STEP = 1 << 20  # bytes unpacked at a time
LONGEST_LINE = {".jsonl": 1 << 26}  # bytes; a line of text alone may be cut, and half a record is none


class Block(NamedTuple):
    """Some lines of a file, and the byte, unpacked, from which on they were looked for."""

    start: int
    content: bytes


@dataclass(frozen=True)
class Sample(Source):
    """Some of a source, to be read in its place.

    paths: files of the source, or of blocks. fraction: of the source's bytes, unpacked. origins: where blocks are from,
    by path.
    """

    paths: tuple[Path, ...] = ()
    fraction: float = 1.0
    origins: tuple[tuple[Path, str], ...] = ()

    def files(self) -> list[Path]:
        """Return the files to read, in order."""
        return list(self.paths)

    def in_their_words(self, text: str) -> str:
        """Return a message with the files that the user knows in place of those of blocks."""
        for path, origin in self.origins:
            text = text.replace(str(path), origin)
        return text


def sampled(source: Source, folder: Path, size: int) -> Sample:
    """Return about `size` bytes of a source, spread over its files; all of a small one.

    folder: for the blocks. Of a packed file that takes long to unpack, they are from its beginning. Raises SgnsError
    if there is nothing to read, or if it could not be read twice.
    """
    if source.path == STANDARD_INPUT:
        raise SgnsError("Standard input is gone once it is read, so none of it can be looked at first. Give a file.")
    files = source.files()
    given = {f.name: getattr(source, f.name) for f in fields(source)}
    try:
        sizes = [path.stat().st_size if holds_docs(path) else likely_size(path) for path in files]
        if sum(sizes) <= size:
            return Sample(**given, paths=tuple(files))
        return _spread(given, files, sizes, folder, size)
    except OSError as error:
        raise SgnsError(f"Cannot read {error.filename or source.path}: {error.strerror or error}.") from error


def _spread(given: dict[str, object], files: list[Path], sizes: list[int], folder: Path, size: int) -> Sample:
    paths: list[Path] = []
    origins: list[tuple[Path, str]] = []
    read, whole, deadline = 0, dict(enumerate(sizes)), perf_counter() + SKIM
    for i, offsets in _places(sizes, size // BLOCK).items():
        if _taken_whole(files[i], sizes[i]):
            paths.append(files[i])
            read += sizes[i]
            continue
        blocks, whole[i] = _blocks_of(files[i], offsets, deadline)
        for block in blocks:
            path = folder / f"{len(paths)}{kind_of(files[i])}"
            path.write_bytes(block.content)
            paths.append(path)
            origins.append((path, f"{files[i]}, from byte {block.start} on"))
            read += len(block.content)
    there = _whole(files, sizes, whole)
    return Sample(**given, paths=tuple(paths), fraction=min(1.0, read / there), origins=tuple(origins))  # type: ignore[arg-type]


def _places(sizes: list[int], number: int) -> dict[int, list[int]]:
    """Return where blocks are looked for: by the number of each file to read, offsets in it.

    The files lie one behind the other, and places are evenly spread over them. A file that is smaller than a block is
    met by the one that its beginning lies in.
    """
    starts = np.concatenate(([0], np.cumsum(sizes)))
    found: dict[int, list[int]] = {}
    for place in np.linspace(0, starts[-1], max(1, number), endpoint=False).astype(np.int64).tolist():
        holder = int(np.searchsorted(starts, place, "right")) - 1
        if sizes[holder] > BLOCK:
            found.setdefault(holder, []).append(place - int(starts[holder]))
        first, last = np.searchsorted(starts[:-1], (place, place + BLOCK)).tolist()
        for i in range(first, last):
            if sizes[i] <= BLOCK:
                found.setdefault(i, [])
    return dict(sorted(found.items()))


def _taken_whole(path: Path, size: int) -> bool:
    """Return whether a file is read as it is: it is small, or cannot be read in part."""
    return holds_docs(path) or (size <= BLOCK and not _is_packed(path))


def _whole(files: list[Path], sizes: list[int], known: dict[int, int]) -> float:
    """Return the bytes of all files, unpacked; known: of each file, a guess for packed ones that were not looked at."""
    packed = [i for i, path in enumerate(files) if _is_packed(path)]
    seen = [i for i in packed if known[i] != sizes[i]]
    ratio = sum(known[i] for i in seen) / sum(sizes[i] for i in seen) if seen else 1.0
    return sum(known.values()) + (ratio - 1) * sum(sizes[i] for i in packed if i not in seen)


def _is_packed(path: Path) -> bool:
    return path.suffix.lower() in UNPACK


def _blocks_of(path: Path, offsets: list[int], deadline: float) -> tuple[list[Block], int]:
    """Return blocks of a file and its size, both unpacked."""
    longest = LONGEST_LINE.get(kind_of(path), BLOCK)
    if _is_packed(path):
        return _skimmed(path, max(1, len(offsets)), longest, deadline)
    with path.open("rb") as file:
        blocks = []
        for offset in offsets:
            file.seek(offset)
            blocks.append(_block(file, longest))
        return blocks, path.stat().st_size


def _skimmed(path: Path, most: int, longest: int, deadline: float) -> tuple[list[Block], int]:
    """Return at most so many blocks of a packed file, as evenly spread as can be without knowing where it ends."""
    blocks: list[Block] = []
    apart = BLOCK
    with path.open("rb") as raw, UNPACK[path.suffix.lower()](raw, "rb") as file:
        while True:
            start = file.tell()
            blocks.append(_block(file, longest))
            if len(blocks) > most:
                blocks, apart = blocks[::2], 2 * apart
            if not _forward(file, max(start, blocks[-1].start) + apart) or perf_counter() > deadline:
                break
        return blocks, round(file.tell() / max(raw.tell(), 1) * path.stat().st_size)


def _forward(file: IO[bytes], place: int) -> bool:
    """Read on to a place; return whether there is anything."""
    while (left := place - file.tell()) > 0:
        if not file.read(min(left, STEP)):
            return False
    return True


def _block(file: IO[bytes], longest: int) -> Block:
    """Return a block of whole lines, the first that begins here or later; a line that is far too long is cut."""
    start = file.tell()
    if start:
        file.readline(longest)
    content = file.read(BLOCK)
    content += file.readline(longest) if not content.endswith(b"\n") else b""
    if len(content) >= longest and not content.endswith(b"\n"):
        content = content[: content.rfind(b" ") + 1] or content
    return Block(start, content)
