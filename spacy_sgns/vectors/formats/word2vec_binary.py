"""The binary format of word2vec: a line `V d`, then for each word its text, a space and d little-endian float32."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.errors import SgnsError
from spacy_sgns.system.files import written_beside
from spacy_sgns.vectors.formats.word2vec_common import MAX_HEADER_BYTES, MAX_WORD_BYTES, read_header, writable_words

FLOAT32 = np.dtype("<f4")


def word2vec_binary_v1() -> "Word2VecBinary":
    """Return word2vec's binary format (`.bin`), compact and fast to load, registered as `word2vec_binary.v1`."""
    return Word2VecBinary()


class Word2VecBinary:
    """Binary, compact and fast to load; gensim reads it."""

    endings = (".bin",)

    def save(self, path: Path, words: Sequence[str], rows: Floats) -> None:
        """Write `words` and `rows`, `(V, d)`, as float32."""
        texts = writable_words(words, rows)
        with written_beside(path) as beside, beside.open("wb") as file:
            file.write(f"{len(words)} {rows.shape[1]}\n".encode())
            for text, row in zip(texts, rows, strict=True):
                file.write(text.encode("utf8") + b" " + row.astype(FLOAT32).tobytes() + b"\n")

    def load(self, path: Path) -> tuple[list[str], Floats]:
        """Return the words and rows in `path`. Raises SgnsError with the number of the damaged word."""
        words: list[str] = []
        try:
            with path.open("rb") as file:
                size, dim = read_header(path, file.readline(MAX_HEADER_BYTES), FLOAT32.itemsize)
                rows = np.empty((size, dim), np.float32)
                for row in rows:
                    words.append(_read_word(file, row))
                if file.read(2).strip(b"\n"):
                    raise ValueError(f"more words than the {size} that the first line announces")
        except SgnsError:
            raise
        except OSError as error:
            raise SgnsError(f"Cannot read {path}: {error.strerror or error}.") from error
        except ValueError as error:
            raise SgnsError(f"{path} is damaged at word {len(words) + 1}: {error}.") from error
        return words, rows


def _read_word(file: BinaryIO, row: Floats) -> str:
    """Return the next word, and read its numbers into `row`."""
    text = bytearray()
    while (byte := file.read(1)) not in (b" ", b"") and len(text) < MAX_WORD_BYTES:
        text += byte
    data = file.read(row.nbytes)
    if byte != b" " or len(data) < row.nbytes:
        raise ValueError(f"it is cut short or does not end, at byte {file.tell()}")
    row[:] = np.frombuffer(data, FLOAT32)
    if not np.isfinite(row).all():
        raise ValueError(f"a number before byte {file.tell()} is not finite")
    return text.decode("utf8").lstrip("\n")
