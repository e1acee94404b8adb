"""The text format of word2vec: a line `V d`, then a line with each word and its numbers. gensim and spaCy read it."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.errors import SgnsError
from spacy_sgns.system.files import written_beside
from spacy_sgns.vectors.formats.word2vec_common import MAX_HEADER_BYTES, MAX_WORD_BYTES, read_header, writable_words

MIN_NUMBER_BYTES = 2  # a digit and a space
MAX_NUMBER_BYTES = 64  # on average: twice the length that any tool writes


def word2vec_text_v1() -> "Word2VecText":
    """Return word2vec's text format (`.vec`, `.txt`), which most tools read, registered as `word2vec_text.v1`."""
    return Word2VecText()


class Word2VecText:
    """Text, readable by people and by most tools."""

    endings = (".vec", ".txt")

    def save(self, path: Path, words: Sequence[str], rows: Floats) -> None:
        """Write `words` and `rows`, `(V, d)`, with enough digits to restore every float32 exactly."""
        texts, numbers = writable_words(words, rows), " ".join(["%.9g"] * rows.shape[1])
        with written_beside(path) as beside, beside.open("w", encoding="utf8", newline="\n") as file:
            file.write(f"{len(words)} {rows.shape[1]}\n")
            for text, row in zip(texts, rows, strict=True):
                file.write(f"{text} {numbers % tuple(row.tolist())}\n")

    def load(self, path: Path) -> tuple[list[str], Floats]:
        """Return the words and rows in `path`. Raises SgnsError with the number of the damaged line."""
        words: list[str] = []
        try:
            with path.open("rb") as file:
                size, dim = read_header(path, file.readline(MAX_HEADER_BYTES), MIN_NUMBER_BYTES)
                rows = np.empty((size, dim), np.float32)
                max_line_bytes = MAX_WORD_BYTES + dim * MAX_NUMBER_BYTES
                for line in iter(partial(file.readline, max_line_bytes), b""):
                    if len(words) < size:
                        words.append(_read_line(line, rows[len(words)]))
                    elif line.strip():
                        raise ValueError(f"more words than the {size} that the first line announces")
        except SgnsError:
            raise
        except OSError as error:
            raise SgnsError(f"Cannot read {path}: {error.strerror or error}.") from error
        except ValueError as error:
            raise SgnsError(f"{path} is damaged in line {len(words) + 2}: {error}.") from error
        if len(words) < size:
            raise SgnsError(f"{path} is cut short: its first line announces {size} words, it has {len(words)}.")
        return words, rows


def _read_line(line: bytes, row: Floats) -> str:
    """Return the word of a line, and read its numbers into `row`."""
    if not line.endswith(b"\n"):  # a last number that lost digits would look complete
        raise ValueError("it does not end, so the file is cut short, or is not text")
    word, *numbers = line.decode("utf8").rstrip(" \r\n").split(" ")
    if len(numbers) != len(row):
        raise ValueError(f"expected {len(row)} numbers, got {len(numbers)}")
    with np.errstate(over="ignore"):  # the next check reports it
        row[:] = [float(number) for number in numbers]
    if not np.isfinite(row).all():
        raise ValueError(f"a number of {word!r} is not finite")
    return word
