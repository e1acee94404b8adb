"""Two trainings compared."""

import json

import numpy as np
import pytest

from spacy_sgns.comparison.compare import compare
from spacy_sgns.comparison.result import plain, summary
from spacy_sgns.errors import SettingError, SgnsError, UnknownWord
from spacy_sgns.vectors.word_vectors import WordVectors
from tests.comparison.planted import PLANTED


def test_planted_words_moved_most(pair):
    found = compare(*pair, n=5)
    assert {one.word for one in found.moved} == {f"w{i:03d}" for i in PLANTED}
    assert all(one.low <= one.displacement <= one.high for one in found.moved)
    assert [one.beyond for one in found.moved] == sorted((one.beyond for one in found.moved), reverse=True)
    assert [one.word for one in found.neighbours] == [one.word for one in found.moved]
    assert found.asked == found.moved and found.notes == []
    assert (found.sizes, found.shared, len(found.cloud.words)) == ((400, 400), 400, 400)


def test_of_the_same_vectors_nothing_moved(pair):
    a, _ = pair
    found = compare(a, a, n=3)
    assert [one.displacement for one in found.moved] == [0, 0, 0]
    assert [one.beyond for one in found.moved] == [0, 0, 0]
    assert all(one.overlap == 1 for one in found.neighbours)


def test_words_that_are_asked_for(pair):
    found = compare(*pair, ["w007", "w003", "w007"], 4)
    assert [one.word for one in found.neighbours] == ["w007", "w003"]
    assert [one.word for one in found.asked] == ["w007", "w003"]
    assert found.asked[1] in found.moved
    assert all(len(side) == 4 for one in found.neighbours for side in (*one.shared, *one.plain))


def test_rare_words_are_left_out_on_either_side(words, rows, turned, counts):
    counts_b = counts.copy()
    counts_b[0] = 59
    a, b = WordVectors(words, rows, counts=counts), WordVectors(words, turned, counts=counts_b)
    found = compare(a, b, ["w000"], 5, min_count=60)
    assert set(found.cloud.words) == {word for word, count in zip(words, counts_b, strict=True) if count >= 60}
    assert found.asked == [None] and len(found.neighbours[0].shared[0]) == 5
    assert not {word for word, _ in found.neighbours[0].shared[0]} - set(found.cloud.words)
    assert compare(a, b, min_count=59).cloud.words[0] == "w000"


def test_counts_that_are_not_known(words, rows, turned, counts):
    known, unknown = WordVectors(words, rows, counts=counts), WordVectors(words, turned)
    half = compare(known, unknown, n=3, min_count=60, names=("one", "two"))
    assert len(half.cloud.words) == (counts >= 60).sum() and half.cloud.counted
    assert half.moved[0].counts[0] > 0 and half.moved[0].counts[1] is None
    assert half.notes == ["Counts are not known for two: no word is left out for being rare there."]
    none = compare(WordVectors(words, rows), unknown, n=5, min_count=60)
    assert len(none.cloud.words) == 400 and not none.cloud.counted and len(none.notes) == 2
    assert none.cloud.across().tolist() == list(range(1, 401))  # the usual order of files
    assert {one.word for one in none.moved} == {f"w{i:03d}" for i in PLANTED}


def test_words_of_one_side_alone(words, rows, turned, counts):
    a = WordVectors([*words, "mine", "Ours"], np.vstack([rows, rows[:2]]), counts=np.array([*counts, 5, 900]))
    b = WordVectors([*words[10:], "theirs"], np.vstack([turned[10:], turned[:1]]))
    found = compare(a, b, n=3)
    assert found.only == ([("w000", 20_020), ("w001", 10_020), ("w002", 6686)], [("theirs", None)])
    folded = WordVectors(b.words, b.rows, row_of={**b.row_of, "w000": 5})
    assert [word for word, _ in compare(a, folded, n=2).only[0]] == ["w001", "w002"]  # as a form it is known


@pytest.mark.parametrize("bad", [0, np.nan, np.inf])
def test_words_without_a_direction_are_left_out(words, rows, turned, counts, bad):
    spoiled = turned.copy()
    spoiled[7] = bad
    found = compare(WordVectors(words, rows, counts=counts), WordVectors(words, spoiled, counts=counts), ["w007"], 5)
    assert len(found.cloud.words) == 399 and "w007" not in found.cloud.words
    assert {one.word for one in found.moved} == {f"w{i:03d}" for i in PLANTED}
    assert found.asked == [None]


def test_different_dimensions_are_compared_and_said(words, rows, turned, counts):
    wide = np.hstack([turned, np.zeros((400, 5))])
    found = compare(WordVectors(words, rows, counts=counts), WordVectors(words, wide, counts=counts), n=5)
    assert {one.word for one in found.moved} == {f"w{i:03d}" for i in PLANTED}
    assert found.notes == ["Vectors of 12 and 17 dimensions: the shorter ones are filled up with zeros."]


def test_few_words_for_the_dimensions_are_said(pair):
    a, b = (WordVectors(side.words[:30], side.rows[:30]) for side in pair)
    assert "30 words are few to align 12 dimensions by, some 36 are wanted" in compare(a, b).notes[-1]


def test_a_form_of_a_word_is_the_word(pair):
    a, b = (WordVectors(side.words, side.rows, row_of={**side.row_of, "W003": 3}) for side in pair)
    [one] = compare(a, b, ["W003"]).asked
    assert one.word == "w003"


def test_a_word_that_is_twice_in_a_file_is_one(pair):
    a, b = (WordVectors([*side.words, "w003"], np.vstack([side.rows, side.rows[:1]])) for side in pair)
    found = compare(a, b, n=5)
    assert len(found.cloud.words) == 400 and "w003" in {one.word for one in found.moved}


def test_unknown_words_offer_the_closest_that_both_have(pair, words, rows):
    a, _ = pair
    b = WordVectors(words[:300], rows[:300])
    with pytest.raises(UnknownWord, match=r"No vector for 'w0077' in A and B. Did you mean w0"):
        compare(a, b, ["w0077"])
    with pytest.raises(UnknownWord, match=r"No vector for 'w350' in B."):
        compare(a, b, ["w350"])


def test_nothing_in_common_is_an_error_that_shows_some_words(words, rows):
    a, b = WordVectors(words, rows), WordVectors([word.upper() for word in words], rows)
    with pytest.raises(SgnsError, match=r"No word is in both.*: A has w000, w001, w002; B has W000, W001, W002"):
        compare(a, b)
    with pytest.raises(SgnsError, match="B has none"):
        compare(a, WordVectors([], np.zeros((0, 3))))


def test_too_few_words_are_an_error_that_says_how_many(pair):
    with pytest.raises(SgnsError, match="at least 3000 times on each side: of 400 words that both have, 6 do"):
        compare(*pair, min_count=3000)


@pytest.mark.parametrize("setting", [{"n": 0}, {"min_count": 0}, {"n": 1.5}])
def test_settings_have_ranges(pair, setting):
    with pytest.raises(SettingError, match="must be a whole number from 1"):
        compare(*pair, **setting)


def test_the_same_again(pair):
    assert json.dumps(plain(compare(*pair))) == json.dumps(plain(compare(*pair)))


def test_plain_values_hold_everything(pair):
    found = compare(*pair, ["w003"], 2, names=("one", "two"))
    values = json.loads(json.dumps(plain(found), allow_nan=False))
    assert values["a"] == {"name": "one", "words": 400, "only": []}
    assert (values["shared"], values["compared"]) == (400, 400)
    assert values["moved"][0]["word"] == found.moved[0].word
    assert values["moved"][0]["count_a"] == found.moved[0].counts[0]
    [one] = values["neighbours"]
    assert one["moved"]["displacement"] == found.asked[0].displacement
    assert [tuple(pair) for pair in one["shared"]["b"]] == found.neighbours[0].shared[1]
    assert summary(found) == "one has 400 words, two has 400 words; 400 are in both, and 400 of these are compared."
