"""Files packed by xz, unpacked in bounded memory.

A file says how much its reader has to remember, up to 4 GB, and the standard library's `LZMAFile` lets it.
"""

import io
import lzma
from pathlib import Path
from typing import IO, Any

from spacy_sgns.errors import SgnsError

MOST_MEMORY = 1 << 28  # bytes; `xz -9` needs a quarter of that
AT_ONCE = 1 << 16  # bytes read at a time
LIMIT_MET = "Memory usage limit exceeded"


def open_xz(source: Path | IO[bytes], mode: str = "rb") -> io.BufferedReader:
    """Return the unpacked bytes of a file, by its path or open, to be read once through.

    Reading raises `EOFError` and `lzma.LZMAError` where the file is damaged, SgnsError if it wants too much memory.
    """
    return io.BufferedReader(_Unpacked(source))


class _Unpacked(io.RawIOBase):
    """The streams of a file, one after the other."""

    def __init__(self, source: Path | IO[bytes]) -> None:
        self._file, self._position = source.open("rb") if isinstance(source, Path) else source, 0
        self._begin()

    def _begin(self) -> None:
        self._stream = lzma.LZMADecompressor(memlimit=MOST_MEMORY)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as there is something at once; return how many bytes, 0 at the end."""
        data = b""
        while not data and (packed := self._packed()) is not None:
            data = self._unpacked(packed, len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def tell(self) -> int:
        """Return how many bytes, unpacked, were read."""
        return self._position

    def close(self) -> None:
        self._file.close()
        super().close()

    def _packed(self) -> bytes | None:
        """Return what the stream takes next; None after the last one."""
        if self._stream.eof:
            rest = self._stream.unused_data.lstrip(b"\0")  # zeros fill up a stream
            while not rest and (block := self._file.read(AT_ONCE)):
                rest = block.lstrip(b"\0")
            if not rest:
                return None
            self._begin()
            return rest
        if not self._stream.needs_input:
            return b""
        if not (block := self._file.read(AT_ONCE)):
            raise EOFError("it ends before its last stream does")
        return block

    def _unpacked(self, packed: bytes, most: int) -> bytes:
        try:
            return self._stream.decompress(packed, most)
        except lzma.LZMAError as error:
            if str(error) != LIMIT_MET:
                raise
            raise SgnsError(
                f"{self._file.name} takes more than {MOST_MEMORY >> 20} MiB to unpack. Pack it with xz -9, or less."
            ) from error
