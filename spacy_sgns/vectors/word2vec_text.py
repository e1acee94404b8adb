"""The text format of word2vec: a line `V d`, then a word and its numbers per line. Read by gensim and by spaCy."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.errors import SgnsError
from spacy_sgns.files import written_beside
from spacy_sgns.vectors.word2vec_names import joined_words, read_header


def word2vec_text_v1() -> "Word2VecText":
    """Return the format registered as `word2vec_text.v1`."""
    return Word2VecText()


class Word2VecText:
    """Text, readable by people and by every tool."""

    endings = (".vec", ".txt")

    def save(self, path: Path, words: Sequence[str], rows: Floats) -> None:
        """Write `words` and `rows`, `(V, d)`; numbers keep their full precision."""
        with written_beside(path) as beside, beside.open("w", encoding="utf8", newline="\n") as file:
            file.write(f"{len(words)} {rows.shape[1]}\n")
            for word, row in zip(joined_words(words), rows, strict=True):
                file.write(f"{word} {' '.join(map(str, row.tolist()))}\n")

    def load(self, path: Path) -> tuple[list[str], Floats]:
        """Return the words and rows in `path`. Raises SgnsError, naming the line that is wrong."""
        words, rows = [], []
        try:
            with path.open(encoding="utf8", newline="\n") as file:
                size, dim = read_header(path, file.readline())
                for number, line in enumerate(file, 2):
                    word, *values = line.rstrip("\r\n").rstrip(" ").split(" ")
                    if len(values) != dim:
                        raise SgnsError(f"{path}, line {number}: expected {dim} numbers, got {len(values)}.")
                    words.append(word)
                    rows.append(np.array(values, np.float32))
        except (OSError, ValueError) as error:
            if isinstance(error, SgnsError):
                raise
            raise SgnsError(f"{path} cannot be read as word2vec text: {error}") from error
        if len(words) != size:
            raise SgnsError(f"{path} is cut short or damaged: its first line says {size} words, it has {len(words)}.")
        return words, np.array(rows, np.float32).reshape(size, dim)
