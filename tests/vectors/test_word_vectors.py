from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from spacy.lookups import Lookups

from spacy_sgns.errors import SettingError, SgnsError, UnknownWord
from spacy_sgns.vectors.word_vectors import WordVectors

# Exact cosines, so that equal ones are equal: numbers that lie on the axes.
ON_AXES = st.sampled_from([(1, 0, 0), (0, 1, 0), (0, 0, 1), (-1, 0, 0), (0, -2, 0), (4, 0, 0), (0, 0, 0)])


def named(rows, **more):
    return WordVectors([f"w{i}" for i in range(len(rows))], np.array(rows, np.float32), **more)


def brute_force(vectors, positive, negative, n):
    """The nearest words, computed in the plainest way."""
    rows = vectors.rows.astype(np.float64)
    with np.errstate(all="ignore"):
        unit = rows / np.sqrt((rows**2).sum(1, keepdims=True))
    unit[~np.isfinite(unit).all(1)] = 0
    given = [vectors.row_of[word] for word in [*positive, *negative]]
    query = sum(unit[vectors.row_of[word]] for word in positive) - sum(unit[vectors.row_of[word]] for word in negative)
    query = query / (np.sqrt((query**2).sum()) or 1)
    cosines = [(float(row @ query), vectors.words[i]) for i, row in enumerate(unit) if i not in given]
    return [(word, cosine) for cosine, word in sorted(cosines, key=lambda found: -found[0])][:n]


@given(
    arrays(np.float32, st.tuples(st.integers(2, 30), st.integers(1, 6)), elements=st.floats(-8, 8, width=16)),
    st.data(),
)
def test_neighbours_are_those_of_brute_force(rows, data):
    vectors = named(rows)
    some = st.lists(st.sampled_from(vectors.words), max_size=3)
    positive, negative, n = data.draw(some.filter(bool)), data.draw(some), data.draw(st.integers(1, 40))
    found, expected = vectors.most_similar(positive, negative, n), brute_force(vectors, positive, negative, n)
    assert len(found) == len(expected)
    cosines = dict(brute_force(vectors, positive, negative, len(vectors)))
    for (word, cosine), (_, best) in zip(found, expected, strict=True):
        assert cosine == pytest.approx(best, abs=2e-5)
        assert cosine == pytest.approx(cosines[word], abs=2e-5)
    assert len({word for word, _ in found}) == len(found)
    assert not {word for word, _ in found} & {*positive, *negative}


@given(st.lists(ON_AXES, min_size=2, max_size=20), st.data())
def test_equally_near_words_stand_in_the_order_of_the_words(rows, data):
    vectors = named(rows)
    word, n = data.draw(st.sampled_from(vectors.words)), data.draw(st.integers(1, 25))
    assert vectors.most_similar(word, n=n) == brute_force(vectors, [word], [], n)


def test_a_word_with_its_opposite():
    vectors = named([(1, 0), (0, 1), (1, 1), (-1, 0)])
    assert vectors.most_similar("w0", n=3) == [("w2", pytest.approx(0.5**0.5)), ("w1", 0.0), ("w3", -1.0)]
    assert vectors.most_similar(["w0", "w1"], n=1) == [("w2", pytest.approx(1))]
    assert vectors.most_similar("w2", "w0", n=1)[0] == ("w1", pytest.approx(np.sin(np.pi / 8 * 3), abs=1e-6))
    assert vectors.most_similar("w0", ["w1"], 1) == [("w2", pytest.approx(0, abs=1e-7))]


def test_texts_and_lists_are_the_same():
    vectors = named([(1, 0), (0, 1), (1, 1), (-1, 0)])
    assert (
        vectors.most_similar("w0", "w1")
        == vectors.most_similar(["w0"], ("w1",))
        == vectors.most_similar(("w0",), ["w1"])
    )


def test_length_does_not_count():
    rows = np.random.default_rng(0).standard_normal((20, 5))
    scaled = rows * np.random.default_rng(1).uniform(0.01, 100, (20, 1))
    found = named(rows).most_similar(["w1", "w2"], "w3")
    assert [word for word, _ in found] == [word for word, _ in named(scaled).most_similar(["w1", "w2"], "w3")]


@pytest.mark.parametrize("n", [3, 4, 1000])
def test_more_than_there_are(n):
    assert len(named(np.eye(4)).most_similar("w0", n=n)) == 3
    assert len(named(np.eye(4)).most_similar(["w0", "w0", "w1"], "w1", n=n)) == 2
    assert named(np.eye(2)).most_similar(["w0", "w1"], n=n) == []


@pytest.mark.parametrize("n", [0, -1, 2.5, "3", None])
def test_n_is_a_number_from_one(n):
    with pytest.raises(SettingError, match="n must be a whole number from 1, got"):
        named(np.eye(3)).most_similar("w0", n=n)
    assert len(named(np.eye(3)).most_similar("w0", n=np.int64(1))) == 1


@pytest.mark.parametrize("query", [([],), ((), ()), ([], [])])
def test_a_query_without_words_is_one_error(query):
    with pytest.raises(SettingError, match="A query needs at least one word or vector"):
        named(np.eye(3)).most_similar(*query)


def test_only_negative_words():
    assert named([(1, 0), (-1, 0), (0, 1)]).most_similar([], "w0", 1) == [("w1", 1.0)]


def test_words_that_cancel_out_have_cosine_zero_with_all():
    assert named(np.eye(3)).most_similar("w0", "w0") == [("w1", 0.0), ("w2", 0.0)]


@pytest.mark.parametrize("bad", [(0, 0), (np.nan, 1), (np.inf, 1), (np.nan, np.nan), (-np.inf, np.inf)])
def test_rows_without_a_direction_have_cosine_zero_with_all(bad):
    vectors = named([(1, 0), bad, (0, 1), (1, 0.1)])
    assert [word for word, _ in vectors.most_similar("w0")] == ["w3", "w1", "w2"]
    assert vectors.most_similar("w1") == [("w0", 0.0), ("w2", 0.0), ("w3", 0.0)]
    assert vectors.similarity("w0", "w1") == vectors.similarity("w1", "w1") == 0.0


@pytest.mark.parametrize("size", [1e-30, 1e-20, 1e20, 3e38])
def test_very_small_and_very_large_rows_have_a_direction(size):
    vectors = named([(size, 0), (0, 1), (size, size)])
    assert vectors.similarity("w0", "w2") == pytest.approx(0.5**0.5)


@given(arrays(np.float32, (3, 4), elements=st.floats(-10, 10, width=32)))
@example(np.array([(1, 4, 4, 4), (1, 4, 4, 4), (4, 4, 4, 4)], np.float32))  # a little more than 1 by rounding
def test_a_cosine_is_at_most_one(rows):
    vectors = named(rows)
    for a in vectors.words:
        assert -1 <= vectors.similarity(a, a) <= 1
        assert all(-1 <= cosine <= 1 for _, cosine in vectors.most_similar(a))


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64, np.int64])
def test_every_kind_of_number(kind):
    vectors = WordVectors(["a", "b", "c"], np.array([[300, 0], [300, 300], [0, 1]], kind))
    assert vectors.similarity("a", "b") == pytest.approx(0.5**0.5, abs=1e-6)
    assert vectors.most_similar("a")[0][0] == "b"


def test_rows_are_not_changed_by_queries():
    rows = np.array([[3, 4], [0, 0], [1, 1]], np.float32)
    vectors = WordVectors(["a", "b", "c"], rows)
    vectors.most_similar("a")
    vectors.similarity("a", "c")
    assert rows.tolist() == [[3, 4], [0, 0], [1, 1]]
    assert vectors.rows is rows


def test_forms_of_one_word_are_never_neighbours():
    forms = {"Cat": 0, "CAT": 0, "cat": 0, "Dog": 1, "dog": 1, "owl": 2}
    vectors = WordVectors(["cat", "dog", "owl"], np.eye(3), row_of=forms)
    for form in ("cat", "Cat", "CAT"):
        assert [word for word, _ in vectors.most_similar(form)] == ["dog", "owl"]
    assert vectors.similarity("Cat", "CAT") == 1.0
    assert vectors["Cat"] is not None
    assert "CAT" in vectors
    assert "DOG" not in vectors


def test_lookup():
    vectors = named([(1, 2), (3, 4)], counts=np.array([7, 5]))
    assert vectors["w1"].tolist() == [3, 4]
    assert len(vectors) == 2
    assert "w1" in vectors
    assert "x" not in vectors
    assert vectors.count("w1") == 5
    assert named([(1, 2)]).count("w0") is None
    assert repr(vectors) == "<WordVectors: 2 words, 2 dimensions>"


@pytest.mark.parametrize(
    "ask",
    [
        lambda vectors, word: vectors[word],
        lambda vectors, word: vectors.count(word),
        lambda vectors, word: vectors.similarity("rabbit", word),
        lambda vectors, word: vectors.most_similar(word),
        lambda vectors, word: vectors.most_similar("rabbit", [word]),
    ],
)
def test_an_unknown_word_is_offered_the_closest(ask):
    vectors = WordVectors(["rabbit", "hatter"], np.eye(2), row_of={"Rabbit": 0, "rabbit": 0, "hatter": 1})
    with pytest.raises(UnknownWord, match=r"^No vector for 'rabit'\. Did you mean rabbit\?$"):
        ask(vectors, "rabit")
    with pytest.raises(UnknownWord, match=r"^No vector for 'RABBITS'\. Did you mean rabbit\?$"):
        ask(vectors, "RABBITS")
    with pytest.raises(UnknownWord, match=r"^No vector for 'qqq'\.$"):
        ask(vectors, "qqq")
    with pytest.raises(UnknownWord, match=r"^No vector for ''\.$"):
        ask(vectors, "")


@pytest.mark.parametrize(
    ("words", "rows", "more"),
    [
        (["a"], np.eye(2), {}),
        (["a", "b"], np.ones(2), {}),
        (["a", "b"], np.ones((2, 2, 2)), {}),
        (["a", "b"], np.eye(2), {"counts": np.array([1])}),
    ],
)
def test_words_and_rows_must_fit(words, rows, more):
    with pytest.raises(SgnsError, match=r"There must be a (row|count) for each word"):
        WordVectors(words, rows, **more)


def test_of_a_repeated_word_the_first_is_found():
    assert WordVectors(["a", "b", "a"], np.eye(3))["a"].tolist() == [1, 0, 0]


def test_rows_may_be_a_list():
    assert WordVectors(["a", "b"], [[1, 0], [1, 1]]).similarity("a", "b") == pytest.approx(0.5**0.5)


class Strings:
    """The part of a string store that is used."""

    def __init__(self):
        self.texts = dict(enumerate(["", "a", "A", "b", "c", "d"]))

    def __getitem__(self, key):
        return self.texts[key]

    def __contains__(self, key):
        return key in self.texts


def pipeline_with(key2row, data):
    table = SimpleNamespace(key2row=key2row, data=data, n_keys=len(key2row))
    return SimpleNamespace(vocab=SimpleNamespace(vectors=table, strings=Strings(), lookups=Lookups()))


def test_the_last_key_of_a_row_is_its_word_and_rows_without_a_key_are_left_out():
    data = np.arange(12, dtype=np.float32).reshape(6, 2)
    vectors = WordVectors.from_pipeline(pipeline_with({3: 4, 2: 1, 1: 1, 4: -1, 5: 9, 77: 2}, data))
    assert vectors.words == ["a", "b"]
    assert vectors.row_of == {"b": 1, "A": 0, "a": 0}
    assert vectors.rows.tolist() == [[2, 3], [8, 9]]
    assert vectors.counts is None


def test_a_full_table_is_not_copied():
    data = np.eye(2, dtype=np.float32)
    vectors = WordVectors.from_pipeline(pipeline_with({1: 0, 3: 1}, data))
    assert np.shares_memory(vectors.rows, data)
    assert vectors.counts is None


def test_a_table_on_another_device_is_fetched():
    data = SimpleNamespace(get=lambda: np.eye(2))
    assert WordVectors.from_pipeline(pipeline_with({1: 0, 3: 1}, data)).words == ["a", "b"]


@pytest.mark.parametrize("key2row", [{}, {1: -1}, {77: 0}, {1: 2}])
def test_a_pipeline_without_words_is_one_error(key2row):
    with pytest.raises(SgnsError, match="The pipeline has no word vectors"):
        WordVectors.from_pipeline(pipeline_with(key2row, np.eye(2)))


def test_iteration_is_over_the_words():
    vectors = named(np.eye(3))
    assert list(vectors) == vectors.words == [word for word in vectors if word in vectors]


def test_several_words_have_a_row_each():
    vectors = named([(1, 0), (0, 1), (1, 1)])
    assert vectors[["w2", "w0"]].tolist() == [[1, 1], [1, 0]]
    assert vectors[("w2", "w0")].tolist() == vectors[iter(["w2", "w0"])].tolist() == [[1, 1], [1, 0]]
    assert vectors[[]].shape == (0, 2)
    with pytest.raises(UnknownWord, match=r"'w3'.*'x'"):
        vectors[["w0", "w3", "x"]]


@pytest.mark.parametrize("key", [0, 1.5, None])
def test_a_number_is_not_a_word(key):
    with pytest.raises(UnknownWord, match="Give a word, a list of words or a slice, got"):
        named(np.eye(3))[key]


def test_get_has_a_default():
    vectors = named(np.eye(2))
    assert vectors.get("w1").tolist() == [0, 1]
    assert vectors.get("x") is None and vectors.get("x", 7) == 7


@pytest.mark.parametrize("part", [slice(2), slice(1, None), slice(None, None, -1), slice(9, 12)])
def test_a_slice_is_a_part_with_its_forms_and_counts(part):
    vectors = named(np.eye(4), counts=np.arange(4), row_of={f"{kind}{i}": i for kind in "Ww" for i in range(4)})
    some = vectors[part]
    assert some.words == vectors.words[part]
    assert some.rows.tolist() == vectors.rows[part].tolist() and some.counts.tolist() == vectors.counts[part].tolist()
    for word in vectors.words:
        assert (word in some) == (word.upper() in some) == (word in vectors.words[part])
        assert word not in some or some[word.upper()].tolist() == vectors[word].tolist()
