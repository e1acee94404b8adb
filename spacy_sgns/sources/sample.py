"""A fair sample of a source: blocks of whole lines from positions spread over its files, read within seconds."""

import re
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from time import perf_counter
from typing import IO, NamedTuple

import numpy as np

from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.sources.compression import (
    DECOMPRESSION_ERRORS,
    STANDARD_INPUT,
    ending,
    estimated_chars,
    is_compressed,
    opener,
)
from spacy_sgns.sources.readers import DocFile, SourceFile, TextFile
from spacy_sgns.sources.source import Source

BLOCKS = 64  # positions that a sample is read from
MAX_SKIM_SECONDS = 3.0  # for decompressing what is skipped: a compressed file has no positions to seek
SKIM_BYTES = 1 << 20  # decompressed at a time
MOJIBAKE = re.compile("\ufffd|[ÃÂ][\x80-\xbf]")  # of UTF-8 that was decoded as something else


class Block(NamedTuple):
    """Some lines of a file, and the decompressed byte at which the search for them began."""

    start: int
    content: bytes


@dataclass(frozen=True)
class Sample:
    """Files that stand for a whole source: its own files, or files of blocks.

    fraction: of the source's decompressed bytes. line_parts: number of blocks that are only part of a line.
    """

    source: Source
    files: tuple[SourceFile, ...]
    fraction: float = 1.0
    line_parts: int = 0


class TextQuality(NamedTuple):
    """What the texts of a sample look like, as shares of their characters.

    repeated: in texts that occurred before. mojibake: sequences that come from decoding with a wrong encoding.
    """

    repeated: float
    mojibake: float


def draw_sample(source: Source, folder: Path, size: int, max_skim_seconds: float = MAX_SKIM_SECONDS) -> Sample:
    """Return about `size` bytes of a source, spread over its files; everything if the source is small.

    folder: for the blocks. max_skim_seconds: for decompressing what is skipped; of compressed files that take longer,
    all blocks are from the beginning. Raises SgnsError if there is nothing to read, SettingError for standard input.
    """
    _check_can_be_sampled(source)
    files = source.files()
    try:
        sizes = [_size(file) for file in files]
        if sum(sizes) <= size:
            return Sample(source, tuple(files))
        return _spread(source, files, sizes, _BlockWriter(folder), size // BLOCKS, perf_counter() + max_skim_seconds)
    except DECOMPRESSION_ERRORS as error:
        raise SgnsError(f"{source.path} is, or contains a file that is, damaged or cut short: {error}.") from error
    except OSError as error:
        raise SgnsError(f"Cannot read {error.filename or source.path}: {error.strerror or error}.") from error


def text_quality(sample: Sample) -> TextQuality:
    """Return what the texts of a sample look like; stored Docs are skipped. Raises SgnsError if it cannot be read."""
    seen: set[bytes] = set()
    characters = repeated = mojibake = length = 0
    digest = blake2b(digest_size=8)
    for file in sample.files:
        for text, last in sample.source.pieces(file, _ignore) if isinstance(file, TextFile) else ():
            digest.update(text.encode())
            length += len(text)
            mojibake += len(MOJIBAKE.findall(text))
            if last:
                repeated += length if digest.digest() in seen else 0
                seen.add(digest.digest())
                characters, length, digest = characters + length, 0, blake2b(digest_size=8)
    return TextQuality(repeated / max(characters, 1), mojibake / max(characters, 1))


def _size(file: SourceFile) -> int:
    return file.path.stat().st_size if isinstance(file, DocFile) else estimated_chars(file.path)


class _BlockWriter:
    """Writes blocks to files of their own, labelled with the file and the byte that they are from."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._count = folder, 0
        self.line_parts = 0

    def write(self, block: Block, file: TextFile) -> TextFile:
        """Return the file of a block."""
        path = self._folder / f"{self._count}{ending(file.path)}"
        path.write_bytes(block.content)
        self._count += 1
        self.line_parts += b"\n" not in block.content
        label = f"{file.label}, from byte {block.start} on"
        return TextFile(path, label, file.reader, from_start=not block.start)


def _check_can_be_sampled(source: Source) -> None:
    if source.path == STANDARD_INPUT:
        raise SettingError(
            "A sample is read first, and then the whole corpus, so it cannot be standard input. Give a file or a "
            "folder."
        )
    if len("aa".encode(source.encoding)) > 1 + len("a".encode(source.encoding)):
        raise SettingError(
            f"A sample cannot be taken from texts in {source.encoding}, where a letter has several bytes. Convert them "
            "to UTF-8 first, for example with iconv."
        )


def _spread(
    source: Source, files: list[SourceFile], sizes: list[int], writer: _BlockWriter, size: int, deadline: float
) -> Sample:
    """Return a sample of blocks of `size` bytes. deadline: when to stop decompressing what is skipped."""
    chosen: list[SourceFile] = []
    read, decompressed = 0, dict(enumerate(sizes))
    for i, offsets in _positions(sizes, size).items():
        file = files[i]
        if isinstance(file, DocFile) or _is_read_whole(file, sizes[i], size):
            chosen.append(file)
            read += sizes[i]
            continue
        blocks, decompressed[i] = _blocks(file, offsets, size, deadline)
        chosen += [writer.write(block, file) for block in blocks if block.content]
        read += sum(len(block.content) for block in blocks)
    fraction = min(1.0, read / _total_bytes(files, sizes, decompressed))
    return Sample(source, tuple(chosen), fraction, writer.line_parts)


def _positions(sizes: list[int], block: int) -> dict[int, list[int]]:
    """Return where blocks begin: offsets, by the index of each file to read.

    The files are laid end to end, and the positions are evenly spread over them. A file that is smaller than a block is
    read if it begins within a block.
    """
    starts = np.concatenate(([0], np.cumsum(sizes)))
    found: dict[int, list[int]] = {}
    for position in np.linspace(0, starts[-1], BLOCKS, endpoint=False).astype(np.int64).tolist():
        holder = int(np.searchsorted(starts, position, "right")) - 1
        if sizes[holder] > block:
            found.setdefault(holder, []).append(position - int(starts[holder]))
        first, last = np.searchsorted(starts[:-1], (position, position + block)).tolist()
        for i in range(first, last):
            if sizes[i] <= block:
                found.setdefault(i, [])
    return dict(sorted(found.items()))


def _is_read_whole(file: TextFile, size: int, block: int) -> bool:
    """Return whether a file is read as it is: it is small, or has no lines that it could be cut at."""
    return file.reader.max_line_bytes is None or (size <= block and not is_compressed(file.path))


def _total_bytes(files: list[SourceFile], sizes: list[int], known: dict[int, int]) -> float:
    """Return the decompressed bytes of all files. known: of each file; an estimate for files that were not read."""
    compressed = [i for i, file in enumerate(files) if is_compressed(file.path)]
    seen = [i for i in compressed if known[i] != sizes[i]]
    ratio = sum(known[i] for i in seen) / sum(sizes[i] for i in seen) if seen else 1.0
    return sum(known.values()) + (ratio - 1) * sum(sizes[i] for i in compressed if i not in seen)


def _blocks(file: TextFile, offsets: list[int], size: int, deadline: float) -> tuple[list[Block], int]:
    """Return blocks of a file, and the decompressed size of the file."""
    max_line = file.reader.max_line_bytes or size
    if is_compressed(file.path):
        return _skimmed(file.path, max(1, len(offsets)), size, max_line, deadline)
    with file.path.open("rb") as content:
        blocks = []
        for offset in offsets:
            content.seek(offset)
            blocks.append(_block(content, size, max_line))
        return blocks, file.path.stat().st_size


def _skimmed(path: Path, number: int, size: int, max_line: int, deadline: float) -> tuple[list[Block], int]:
    """Return up to `number` blocks of a compressed file, spread as evenly as possible while its end is unknown."""
    blocks: list[Block] = []
    apart = size
    with path.open("rb") as raw, opener(path)(raw, "rb") as content:
        while True:
            blocks.append(_block(content, size, max_line))
            if len(blocks) > 2 * number:
                blocks, apart = blocks[::2], 2 * apart
            if not _skip_to(content, blocks[-1].start + apart) or perf_counter() > deadline:
                break
        decompressed = round(content.tell() / max(raw.tell(), 1) * path.stat().st_size)
    chosen = np.unique(np.linspace(0, len(blocks) - 1, number).round().astype(int))
    return [blocks[i] for i in chosen.tolist()], decompressed


def _skip_to(content: IO[bytes], position: int) -> bool:
    """Read on to a position; return whether the file is that long."""
    while (left := position - content.tell()) > 0:
        if not content.read(min(left, SKIM_BYTES)):
            return False
    return True


def _block(content: IO[bytes], size: int, max_line: int) -> Block:
    """Return a block of whole lines, from the first one that begins here or later; a line that is too long is cut."""
    start = content.tell()
    if start:
        content.readline(max_line)
    block = content.read(size)
    block += content.readline(max_line) if not block.endswith(b"\n") else b""
    if len(block) >= max_line and not block.endswith(b"\n"):
        block = block[: block.rfind(b" ") + 1] or block
    return Block(start, block)


def _ignore(text: str) -> None:
    """Drop a warning that was given before."""
