"""The text format of word2vec: a line `V d`, then a word and its numbers per line. Read by gensim and by spaCy."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.errors import SgnsError
from spacy_sgns.system.files import written_beside
from spacy_sgns.vectors.formats.word2vec_names import LONGEST_HEADER, LONGEST_WORD, read_header, writable

SHORTEST_NUMBER = 2  # bytes: a digit and a space
LONGEST_NUMBER = 64  # bytes, on average: twice of what any tool writes


def word2vec_text_v1() -> "Word2VecText":
    """Return the format registered as `word2vec_text.v1`."""
    return Word2VecText()


class Word2VecText:
    """Text, readable by people and by every tool."""

    endings = (".vec", ".txt")

    def save(self, path: Path, words: Sequence[str], rows: Floats) -> None:
        """Write `words` and `rows`, `(V, d)`, with as many digits as tell every float32 from the next."""
        names, numbers = writable(words, rows), " ".join(["%.9g"] * rows.shape[1])
        with written_beside(path) as beside, beside.open("w", encoding="utf8", newline="\n") as file:
            file.write(f"{len(words)} {rows.shape[1]}\n")
            for name, row in zip(names, rows, strict=True):
                file.write(f"{name} {numbers % tuple(row.tolist())}\n")

    def load(self, path: Path) -> tuple[list[str], Floats]:
        """Return the words and rows in `path`. Raises SgnsError, naming the line that is wrong."""
        words: list[str] = []
        try:
            with path.open("rb") as file:
                size, dim = read_header(path, file.readline(LONGEST_HEADER), SHORTEST_NUMBER)
                rows = np.empty((size, dim), np.float32)
                longest = LONGEST_WORD + dim * LONGEST_NUMBER
                for line in iter(partial(file.readline, longest), b""):
                    if len(words) < size:
                        words.append(_read_line(line, rows[len(words)]))
                    elif line.strip():
                        raise ValueError(f"more words than the {size} that the first line says")
        except SgnsError:
            raise
        except OSError as error:
            raise SgnsError(f"Cannot read {path}: {error.strerror or error}.") from error
        except ValueError as error:
            raise SgnsError(f"{path} is damaged in line {len(words) + 2}: {error}.") from error
        if len(words) < size:
            raise SgnsError(f"{path} is cut short: its first line says {size} words, it has {len(words)}.")
        return words, rows


def _read_line(line: bytes, row: Floats) -> str:
    """Return the word of a line, and put its numbers into `row`."""
    if not line.endswith(b"\n"):  # a last number that lost digits would look whole
        raise ValueError("it has no end, so the file is cut short, or no text at all")
    word, *numbers = line.decode("utf8").rstrip(" \r\n").split(" ")
    if len(numbers) != len(row):
        raise ValueError(f"expected {len(row)} numbers, got {len(numbers)}")
    with np.errstate(over="ignore"):  # it is seen right after
        row[:] = [float(number) for number in numbers]
    if not np.isfinite(row).all():
        raise ValueError(f"a number of {word!r} is not finite")
    return word
