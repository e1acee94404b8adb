import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_sgns.corpus.vocabulary import build_vocabulary
from spacy_sgns.errors import SgnsError
from spacy_sgns.settings import Settings

COUNTED = st.dictionaries(st.text("abABßſİıΣσς", min_size=1, max_size=3), st.integers(1, 9), min_size=1)
ANY = Settings(min_count=1)


def build(counted, chosen=ANY):
    return build_vocabulary(list(counted), np.array(list(counted.values()), np.int64), chosen)


def test_order_is_by_count_and_then_by_text():
    vocabulary, ids = build({"d": 2, "c": 2, "b": 1, "a": 1, "e": 3})
    assert vocabulary.words == ["e", "c", "d", "a", "b"]
    assert vocabulary.counts.tolist() == [3, 2, 2, 1, 1]
    assert ids.tolist() == [2, 1, 4, 3, 0]
    assert len(vocabulary) == 5


def test_folded_forms_are_counted_together_and_kept_the_most_frequent_first():
    vocabulary, ids = build({"US": 4, "us": 9, "Us": 4, "it": 20})
    assert vocabulary.words == ["it", "us"]
    assert vocabulary.counts.tolist() == [20, 17]
    assert vocabulary.forms == [["it"], ["us", "US", "Us"]]
    assert ids.tolist() == [1, 1, 1, 0]


def test_forms_are_apart_where_case_is_kept():
    vocabulary, _ = build({"US": 4, "us": 9}, Settings(min_count=1, case="keep"))
    assert vocabulary.words == ["us", "US"]
    assert vocabulary.forms == [["us"], ["US"]]


def test_rare_words_are_left_out_by_the_sum_of_their_forms():
    vocabulary, ids = build({"us": 2, "US": 2, "it": 3, "he": 9, "ab": 4}, Settings(min_count=4))
    assert vocabulary.words == ["he", "ab", "us"]
    assert ids.tolist() == [2, 2, -1, 0, 1]


@pytest.mark.parametrize(
    ("most", "words"), [(0, ["c", "a", "b"]), (2, ["c", "a"]), (3, ["c", "a", "b"]), (9, ["c", "a", "b"])]
)
def test_the_most_frequent_are_kept(most, words):
    vocabulary, ids = build({"b": 1, "c": 5, "a": 1}, Settings(min_count=1, max_words=most))
    assert vocabulary.words == words
    assert (ids >= 0).sum() == len(words)


def test_what_is_not_kept_is_counted():
    vocabulary, _ = build({"a": 9, "b": 5, "c": 5, "B": 1, "d": 2, "e": 1, "z": 0}, Settings(min_count=3, max_words=2))
    assert (vocabulary.words, vocabulary.rare, vocabulary.over_max_words) == (["a", "b"], (2, 3), (1, 5))


def test_forms_that_were_never_seen_are_no_words_but_have_their_ids():
    vocabulary, ids = build({"a": 2, "A": 0, "b": 1, "z": 0})
    assert (vocabulary.words, vocabulary.forms, ids.tolist()) == (["a", "b"], [["a"], ["b"]], [0, 0, 1, -1])
    with pytest.raises(SgnsError, match="only one word, 'a'"):
        build({"z": 0, "a": 9, "A": 0})
    with pytest.raises(SgnsError, match="no tokens"):
        build({"z": 0})


@given(COUNTED, st.randoms(use_true_random=False), st.sampled_from(["fold", "keep"]))
def test_the_order_in_which_forms_come_does_not_matter(counted, random, case):
    counted |= {"zz": 5, "zy": 5}
    chosen = Settings(min_count=2, case=case)
    shuffled = list(counted.items())
    random.shuffle(shuffled)
    (first, ids), (second, other) = build(counted, chosen), build(dict(shuffled), chosen)
    assert (first.words, first.forms) == (second.words, second.forms)
    assert first.counts.tolist() == second.counts.tolist()
    assert dict(zip(counted, ids.tolist(), strict=True)) == dict(zip(dict(shuffled), other.tolist(), strict=True))
    assert ids.dtype == np.int32
    assert first.counts.dtype == np.int64
