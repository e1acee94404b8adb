"""A word that shows what vectors have learnt, for the first question to ask."""

from collections.abc import Container
from unicodedata import category

import numpy as np

from spacy_sgns.vectors.word_vectors import WordVectors

CANDIDATES = 200  # most frequent words
MIN_LETTERS = 4


def example_word(vectors: WordVectors, stop_words: Container[str] = ()) -> str:
    """Return the frequent content word with the longest vector, or the most frequent word if there is none.

    A content word is no stop word. If possible, it has at least four letters; Chinese words mostly have two.

    Among words that are about equally frequent, the longer vector belongs to the word that is used in fewer kinds of
    context, which is the more specific one (Schakel and Wilson 2015, arXiv:1508.02297).
    """
    frequent = vectors.most_frequent_rows(CANDIDATES)
    content = [row for row in frequent if _is_content(vectors.words[row], stop_words)]
    if not content:
        return vectors.words[frequent[0]]
    content = [row for row in content if len(vectors.words[row]) >= MIN_LETTERS] or content
    lengths = np.linalg.norm(vectors.rows[content].astype(np.float64), axis=1)
    return vectors.words[content[int(lengths.argmax())]]


def _is_content(word: str, stop_words: Container[str]) -> bool:
    letters = all(category(character)[0] in "LM" for character in word)  # M: the vowel signs of Hindi or Thai
    return letters and word.lower() not in stop_words
