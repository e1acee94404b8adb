"""A word that shows what vectors have learnt, for the first question to ask."""

from collections.abc import Container

import numpy as np

from spacy_sgns.vectors.word_vectors import WordVectors

CANDIDATES = 200  # most frequent words
MIN_LETTERS = 4


def example_word(vectors: WordVectors, stop_words: Container[str] = ()) -> str:
    """Return the frequent content word with the longest vector, or the most frequent word if there is none.

    Among words that are about equally frequent, the longer vector belongs to the word that is used in fewer kinds of
    context, which is the more specific one (Schakel and Wilson 2015, arXiv:1508.02297).
    """
    frequent = vectors.most_frequent(CANDIDATES)
    content = [row for row in frequent if _is_content(vectors.words[row], stop_words)]
    if not content:
        return vectors.words[frequent[0]]
    lengths = np.linalg.norm(vectors.rows[content].astype(np.float64), axis=1)
    return vectors.words[content[int(lengths.argmax())]]


def _is_content(word: str, stop_words: Container[str]) -> bool:
    return word.isalpha() and len(word) >= MIN_LETTERS and word.lower() not in stop_words
