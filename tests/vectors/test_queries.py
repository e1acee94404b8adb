"""Queries by words, vectors, Docs, Spans and Tokens."""

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from spacy_sgns.errors import SettingError, SgnsWarning, UnknownWord
from spacy_sgns.pipeline.attach import attach_vectors
from spacy_sgns.vectors.queries import no_vector_for
from spacy_sgns.vectors.word_vectors import WordVectors

WORDS = ["king", "queen", "man", "woman", "apple", "pear"]


@pytest.fixture(scope="module")
def vectors():
    rows = np.random.default_rng(3).standard_normal((len(WORDS), 5)).astype(np.float32)
    return WordVectors(WORDS, rows, counts=np.array([60, 50, 40, 30, 20, 10]))


@pytest.fixture(scope="module")
def nlp(vectors):
    nlp = spacy.blank("en")
    attach_vectors(vectors, nlp.vocab)
    return nlp


def plain(vectors, vector, n):
    """The nearest words of a vector, computed in the plainest way."""
    vector, rows = np.asarray(vector, np.float64), vectors.rows.astype(np.float64)
    cosines = rows @ vector / np.linalg.norm(rows, axis=1) / np.linalg.norm(vector)
    return [(vectors.words[row], pytest.approx(cosines[row], abs=1e-6)) for row in np.argsort(-cosines)[:n]]


@given(st.integers(0, 1000), st.floats(1e-3, 1e3))
def test_a_vector_finds_the_words_nearest_to_it(vectors, seed, scale):
    vector = np.random.default_rng(seed).standard_normal(5) * scale
    for given_as in (vector, vector.astype(np.float32), vector.tolist(), tuple(vector.tolist())):
        assert [word for word, _ in vectors.most_similar(given_as, n=6)] == [w for w, _ in plain(vectors, vector, 6)]
    assert vectors.most_similar(vector, n=6) == plain(vectors, vector, 6)


def test_the_vector_of_a_word_finds_the_word_itself(vectors):
    assert vectors.most_similar(vectors["king"], n=1) == [("king", pytest.approx(1))]
    assert vectors.most_similar("king") == vectors.most_similar(["king"])


def test_a_token_is_not_among_its_own_hits(vectors, nlp):
    doc = nlp("king of apple")
    for asked in (doc[0], doc[0:1], nlp("king"), nlp.vocab["king"]):
        found = vectors.most_similar(asked)
        assert [word for word, _ in found] == [word for word, _ in vectors.most_similar("king")]
        assert found == [(word, pytest.approx(score, abs=1e-6)) for word, score in vectors.most_similar("king")]


def test_a_doc_is_asked_by_its_mean_vector(vectors, nlp):
    doc = nlp("king queen apple")
    assert vectors.most_similar(doc, n=6) == plain(vectors, vectors[["king", "queen", "apple"]].mean(0), 6)
    assert vectors.most_similar(doc[1:], n=6) == plain(vectors, vectors[["queen", "apple"]].mean(0), 6)


def test_kinds_may_be_mixed(vectors, nlp):
    asked = vectors.most_similar(["king", vectors["apple"]], [nlp("man")[0]], n=6)
    unit = {word: row / np.linalg.norm(row) for word, row in zip(WORDS, vectors.rows.astype(np.float64), strict=True)}
    expected = plain(vectors, unit["king"] + unit["apple"] - unit["man"], 6)
    assert asked == [pair for pair in expected if pair[0] not in ("king", "man")]


def test_a_batch_gives_each_query_what_it_gives_alone(vectors, nlp):
    queries = ["king", vectors["pear"], nlp("queen man"), (["man", vectors["king"]], "woman"), nlp("apple")[0]]
    alone = [vectors.most_similar(*(q if isinstance(q, tuple) else (q,)), n=4) for q in queries]
    assert vectors.most_similar_batch(queries, n=4) == alone
    assert vectors.most_similar_batch(nlp("pear"), n=4) == [vectors.most_similar("pear", n=4)]


def test_a_list_in_a_batch_is_one_query_and_a_tuple_of_two_has_negatives(vectors):
    queries = [["king", "queen", "man"], ["king", "queen"], ("king", "queen"), vectors["pear"].tolist()]
    alone = [vectors.most_similar(query, n=3) for query in (queries[0], queries[1], queries[3])]
    alone.insert(2, vectors.most_similar("king", "queen", n=3))
    assert vectors.most_similar_batch(queries, n=3) == alone
    with pytest.raises(SettingError, match="got int"):
        vectors.most_similar_batch([3])


def test_a_vector_in_a_batch_does_not_round_the_rows_of_the_others():
    rows = np.random.default_rng(5).standard_normal((6, 5))
    vectors = WordVectors(WORDS, rows)
    assert vectors.most_similar_batch(["king", rows[0]])[0] == vectors.most_similar("king")


@pytest.mark.parametrize("scale", [1e-310, 1e-200, 1e200, 1e300])
def test_the_length_of_a_vector_does_not_matter(vectors, scale):
    vector = np.array([1, -2, 0.5, 3, 1])
    expected = vectors.most_similar(vector, n=6)
    found = vectors.most_similar(vector * scale, n=6)
    assert found == [(word, pytest.approx(score, abs=1e-6)) for word, score in expected]


def test_a_word_has_a_rank_for_a_vector(vectors):
    order = [word for word, _ in vectors.most_similar(vectors["king"], n=6)]
    assert [vectors.rank(vectors["king"], word) for word in order] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (np.zeros(5), "A vector of zeros has no direction"),
        (np.ones(4), r"A vector must have 5 numbers like those of the words, got the shape \(4,\)"),
        ([0.5, 0.5], r"got the shape \(2,\)"),
        (np.array([1, 2, np.nan, 0, 0]), "not finite"),
        ([None], "A query takes words, vectors, Docs, Spans and Tokens, got NoneType"),
        (None, "A query takes words, vectors, Docs, Spans and Tokens, got NoneType"),
        (3, "A query takes words, vectors, Docs, Spans and Tokens, got int"),
        ([["king", "queen"]], "A query takes words, vectors, Docs, Spans and Tokens, got list"),
        (np.array("king"), "A query takes words, vectors, Docs, Spans and Tokens, got ndarray"),
        ([], "A query needs at least one word or vector"),
    ],
)
def test_what_is_no_query_is_an_error(vectors, asked, message):
    with pytest.raises(SettingError, match=message):
        vectors.most_similar(asked)


def test_all_unknown_words_are_named(vectors, nlp):
    with pytest.raises(UnknownWord, match=r"No vector for 'kings'\. Did you mean king\? No vector for 'xyzzy'\."):
        vectors.most_similar(["king", "kings"], ["xyzzy"])
    with pytest.raises(UnknownWord, match="No vector for 'xyzzy'"):
        vectors.most_similar(nlp("xyzzy"))


def test_unknown_words_can_be_left_out(vectors):
    with pytest.warns(SgnsWarning, match="No vector for 'xyzzy'") as caught:
        assert vectors.most_similar(["king", "xyzzy"], strict=False) == vectors.most_similar("king")
    assert caught[0].filename == __file__
    with pytest.warns(SgnsWarning, match="No vector for 'xyzzy'"):
        found = vectors.most_similar_batch(["xyzzy", "king"], strict=False)
    assert found == [[], vectors.most_similar("king")]


def test_rare_words_can_be_left_out(vectors):
    found = vectors.most_similar("king", min_count=30)
    assert found == [pair for pair in vectors.most_similar("king") if pair[0] in ("queen", "man", "woman")]
    assert found.counts == [vectors.count(word) for word, _ in found]
    assert vectors.most_similar("king", min_count=30, among=["man", "pear"]) == [
        pair for pair in found if pair[0] == "man"
    ]
    assert vectors.most_similar("king", min_count=1000) == []
    for wrong in (-1, 2.5, "x"):
        with pytest.raises(SettingError, match="min_count must be a whole number from 0, got"):
            vectors.most_similar("king", min_count=wrong)
    with pytest.raises(SettingError, match="min_count needs the counts"):
        WordVectors(WORDS, vectors.rows).most_similar("king", min_count=2)


def test_of_many_unknown_words_some_are_named():
    message = no_vector_for([f"w{n}" for n in range(1, 1013)], ["cat"])
    assert message.count("No vector for") == 10 and message.endswith("Nor for 1,002 others.")


def test_a_token_stands_for_its_text_wherever_a_word_does(vectors, nlp):
    king, queen, apple = nlp("king queen apple")
    assert vectors.similarity(king, queen) == vectors.similarity("king", "queen")
    assert vectors.odd_one_out([king, queen, apple]) == vectors.odd_one_out(["king", "queen", "apple"])
    assert vectors.rank(king, queen) == vectors.rank("king", "queen")
    assert vectors[king].tolist() == vectors.get(king).tolist() == vectors["king"].tolist()
    assert vectors[[king, "apple"]].tolist() == vectors[["king", "apple"]].tolist()
    assert king in vectors and nlp("xyzzy")[0] not in vectors
    with pytest.raises(UnknownWord, match="No vector for 'xyzzy'"):
        vectors[nlp("xyzzy")[0]]
