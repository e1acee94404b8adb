"""The binary format of word2vec: a line `V d`, then per word its name, a space and d float32, little-endian."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.errors import SgnsError
from spacy_sgns.files import written_beside
from spacy_sgns.vectors.word2vec_names import joined_words, read_header

LONGEST_WORD = 1 << 16  # bytes; a damaged file must not be read to its end in search of a space


def word2vec_binary_v1() -> "Word2VecBinary":
    """Return the format registered as `word2vec_binary.v1`."""
    return Word2VecBinary()


class Word2VecBinary:
    """Binary, small and quick to read; read by gensim."""

    endings = (".bin",)

    def save(self, path: Path, words: Sequence[str], rows: Floats) -> None:
        """Write `words` and `rows`, `(V, d)`, as float32."""
        with written_beside(path) as beside, beside.open("wb") as file:
            file.write(f"{len(words)} {rows.shape[1]}\n".encode())
            for word, row in zip(joined_words(words), rows.astype("<f4"), strict=True):
                file.write(word.encode("utf8") + b" " + row.tobytes() + b"\n")

    def load(self, path: Path) -> tuple[list[str], Floats]:
        """Return the words and rows in `path`. Raises SgnsError if it is cut short or damaged."""
        try:
            with path.open("rb") as file:
                size, dim = read_header(path, file.readline(100).decode("ascii", "replace"))
                if size * (4 * dim + 1) > path.stat().st_size:
                    raise SgnsError(f"{path} is cut short: its first line says {size} words of {dim} numbers.")
                rows = np.empty((size, dim), np.float32)
                words = [self._read_word(file, row, path) for row in rows]
        except (OSError, UnicodeDecodeError) as error:
            raise SgnsError(f"{path} cannot be read as word2vec binary: {error}") from error
        return words, rows

    def _read_word(self, file: BinaryIO, row: Floats, path: Path) -> str:
        """Read one word, and its numbers into `row`."""
        name = bytearray()
        while (byte := file.read(1)) not in (b" ", b"") and len(name) < LONGEST_WORD:
            name += byte
        data = file.read(row.nbytes)
        if byte != b" " or len(data) < row.nbytes:
            raise SgnsError(f"{path} is cut short or damaged after {file.tell()} bytes.")
        row[:] = np.frombuffer(data, "<f4")
        return name.decode("utf8").lstrip("\n")
