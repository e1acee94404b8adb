import numpy as np

from spacy_sgns.vectors.example_word import example_word
from spacy_sgns.vectors.word_vectors import WordVectors


def named(words, lengths):
    return WordVectors(words, np.array([[length, 0.0] for length in lengths]), counts=np.arange(len(words), 0, -1))


def test_it_is_the_content_word_with_the_longest_vector():
    vectors = named(["the", "because", "said", "rabbit", "2024", "n't", "fox"], [9, 8, 1, 2, 7, 7, 7])
    assert example_word(vectors, {"the", "because"}) == "rabbit"


def test_only_frequent_words_are_chosen():
    words = [f"word{'a' * n}" for n in range(201)]
    assert example_word(named(words, [1] * 199 + [2, 3])) == words[199]


def test_without_a_content_word_it_is_the_most_frequent_one():
    assert example_word(named(["of", "a", "12"], [1, 2, 3]), {"of", "a"}) == "of"


def test_words_of_other_scripts_are_content_words_too():
    assert example_word(named(["的", "国王", "长城"], [9, 1, 2]), {"的"}) == "长城"
    assert example_word(named(["और", "हिन्दी", "२०"], [9, 1, 9]), {"और"}) == "हिन्दी"
