"""Selection of the words of a map, and its title and note."""

import numpy as np
import pytest

from spacy_sgns.errors import SettingError, UnknownWord
from spacy_sgns.pictures.word_map import most_frequent_rows, with_neighbours
from spacy_sgns.vectors.word_vectors import WordVectors
from tests.pictures.bundles import map_of


def test_the_most_frequent_first(vectors):
    shuffled = WordVectors(vectors.words[::-1], vectors.rows[::-1], counts=vectors.counts[::-1])
    assert [shuffled.words[row] for row in most_frequent_rows(shuffled, 3)[0]] == ["a0", "a1", "a2"]
    assert most_frequent_rows(vectors, 10**6) == (list(range(len(vectors))), {})
    with pytest.raises(SettingError, match="top must be at least 1, got 0"):
        most_frequent_rows(vectors, 0)


def kind_of(word):
    """Even numbers are stop words, a1 and a3 numbers."""
    return "stop" if int(word[1:]) % 2 == 0 else "number" if word in ("a1", "a3") else ""


def test_words_of_kinds_to_leave_out_are_passed_over_and_counted(vectors):
    rows, left_out = most_frequent_rows(vectors, 3, kind_of)
    assert [vectors.words[row] for row in rows] == ["a5", "a7", "a9"]
    assert left_out == {"number": 2, "stop": 5}  # a10 is rarer than a9
    assert map_of(vectors, left_out=left_out).note.startswith(
        "PCA of 10 dimensions of 60 of 60 words, without numbers and stop words; colours"
    )


def test_neighbours_of_kinds_to_leave_out_are_passed_over_but_not_the_query_words(vectors):
    rows, queries = with_neighbours(vectors, ["a0"], 3, kind_of)
    first, *rest = [vectors.words[row] for row in rows]
    assert (first, queries, len(rest)) == ("a0", 1, 3) and not any(map(kind_of, rest))


def test_words_and_their_neighbours_without_duplicates(vectors):
    rows, queries = with_neighbours(vectors, ["b1", "a1", "b1"], 5)
    words = [vectors.words[row] for row in rows]
    assert (queries, words[:2], len(set(words))) == (2, ["b1", "a1"], len(words))
    nearest = {word for given in ("b1", "a1") for word, _ in vectors.most_similar(given, n=5)}
    assert set(words) == {"a1", "b1"} | nearest
    assert words[2] == vectors.most_similar("b1", n=1)[0][0]


def test_a_neighbour_that_is_a_query_word_occurs_once(vectors):
    nearest = vectors.most_similar("a1", n=1)[0][0]
    rows, queries = with_neighbours(vectors, ["a1", nearest], 3)
    assert queries == 2 and len(set(rows)) == len(rows)


def test_an_unknown_word_offers_the_closest(vectors):
    with pytest.raises(UnknownWord, match=r"No vector for 'a111'. Did you mean a11"):
        with_neighbours(vectors, ["a111"], 3)


def test_titles_and_notes(vectors, drawn):
    assert drawn.title == "The 60 most frequent words of made-up"
    assert drawn.note == "PCA of 10 dimensions of 60 of 60 words; colours by k-means, size by frequency"
    assert map_of(vectors, queries=2).title == "a0, a1 and their neighbours in made-up"
    assert map_of(vectors, queries=9).title == "a0, a1, a2, a3 ... (9 words) and their neighbours in made-up"
    assert "size" not in map_of(WordVectors(vectors.words, vectors.rows)).note


def test_neighbours_are_searched_among_all_words(drawn):
    assert drawn.neighbours[3] == drawn.vectors.most_similar("a3", n=10)
    assert np.array_equal(drawn.counts, drawn.vectors.counts)
