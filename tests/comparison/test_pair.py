"""Two trainings compared."""

import json

import numpy as np
import pytest

from spacy_sgns.comparison.compare import compare
from spacy_sgns.comparison.result import as_plain, summary
from spacy_sgns.errors import SettingError, SgnsError, UnknownWord
from spacy_sgns.vectors.word_vectors import WordVectors
from tests.comparison.planted import PLANTED


def test_planted_words_moved_most(pair):
    found = compare(*pair, n=5)
    assert {one.word for one in found.moved} == {f"w{i:03d}" for i in PLANTED}
    assert all(one.low <= one.displacement <= one.high for one in found.moved)
    assert [one.robust_z for one in found.moved] == sorted((one.robust_z for one in found.moved), reverse=True)
    assert [one.word for one in found.neighbours] == [one.word for one in found.moved]
    assert found.queries == found.moved and found.notes == []
    assert (found.sizes, found.shared, len(found.displacements.words)) == ((400, 400), 400, 400)


def test_the_same_vectors_have_no_displacements(pair):
    a, _ = pair
    found = compare(a, a, n=3)
    assert [one.displacement for one in found.moved] == [0, 0, 0]
    assert [one.robust_z for one in found.moved] == [0, 0, 0]
    assert all(one.overlap == 1 for one in found.neighbours)


def test_query_words(pair):
    found = compare(*pair, words=["w007", "w003", "w007"], n=4)
    assert [one.word for one in found.neighbours] == ["w007", "w003"]
    assert [one.word for one in found.queries] == ["w007", "w003"]
    assert found.queries[1] in found.moved
    assert all(len(side) == 4 for one in found.neighbours for side in (*one.compared, *one.all))


def test_rare_words_are_left_out_on_either_side(words, rows, rotated, counts):
    counts_b = counts.copy()
    counts_b[0] = 59
    a, b = WordVectors(words, rows, counts=counts), WordVectors(words, rotated, counts=counts_b)
    found = compare(a, b, words=["w000"], n=5, min_count=60)
    assert set(found.displacements.words) == {word for word, count in zip(words, counts_b, strict=True) if count >= 60}
    assert found.queries == [None] and len(found.neighbours[0].compared[0]) == 5
    assert not {word for word, _ in found.neighbours[0].compared[0]} - set(found.displacements.words)
    assert compare(a, b, min_count=59).displacements.words[0] == "w000"


def test_unknown_counts(words, rows, rotated, counts):
    known, unknown = WordVectors(words, rows, counts=counts), WordVectors(words, rotated)
    half = compare(known, unknown, n=3, min_count=60, names=("one", "two"))
    assert len(half.displacements.words) == (counts >= 60).sum() and half.displacements.has_counts
    assert half.moved[0].counts[0] > 0 and half.moved[0].counts[1] is None
    assert half.notes == ["Counts are unknown for two: rare words of that side are not left out."]
    none = compare(WordVectors(words, rows), unknown, n=5, min_count=60)
    assert len(none.displacements.words) == 400 and not none.displacements.has_counts and len(none.notes) == 2
    assert none.displacements.x_values().tolist() == list(range(1, 401))  # the usual order of files
    assert {one.word for one in none.moved} == {f"w{i:03d}" for i in PLANTED}


def test_words_on_one_side_only(words, rows, rotated, counts):
    a = WordVectors([*words, "mine", "Ours"], np.vstack([rows, rows[:2]]), counts=np.array([*counts, 5, 900]))
    b = WordVectors([*words[10:], "theirs"], np.vstack([rotated[10:], rotated[:1]]))
    found = compare(a, b, n=3)
    assert found.only == ([("w000", 20_020), ("w001", 10_020), ("w002", 6686)], [("theirs", None)])
    folded = WordVectors(b.words, b.rows, row_of={**b.row_of, "w000": 5})
    assert [word for word, _ in compare(a, folded, n=2).only[0]] == ["w001", "w002"]  # the other side has it as a form


@pytest.mark.parametrize("bad", [0, np.nan, np.inf])
def test_words_without_a_direction_are_left_out(words, rows, rotated, counts, bad):
    spoiled = rotated.copy()
    spoiled[7] = bad
    found = compare(
        WordVectors(words, rows, counts=counts), WordVectors(words, spoiled, counts=counts), words=["w007"], n=5
    )
    assert len(found.displacements.words) == 399 and "w007" not in found.displacements.words
    assert {one.word for one in found.moved} == {f"w{i:03d}" for i in PLANTED}
    assert found.queries == [None]


def test_different_dimensions_are_compared_with_a_note(words, rows, rotated, counts):
    wide = np.hstack([rotated, np.zeros((400, 5))])
    found = compare(WordVectors(words, rows, counts=counts), WordVectors(words, wide, counts=counts), n=5)
    assert {one.word for one in found.moved} == {f"w{i:03d}" for i in PLANTED}
    assert found.notes == ["Vectors of 12 and 17 dimensions: the shorter ones are padded with zeros."]


def test_too_few_words_for_the_dimensions_give_a_note(pair):
    a, b = (WordVectors(side.words[:30], side.rows[:30]) for side in pair)
    assert "30 words are few for an alignment in 12 dimensions, which needs about 36" in compare(a, b).notes[-1]


def test_a_form_of_a_word_is_the_word(pair):
    a, b = (WordVectors(side.words, side.rows, row_of={**side.row_of, "W003": 3}) for side in pair)
    [one] = compare(a, b, words=["W003"]).queries
    assert one.word == "w003"


def test_a_repeated_word_counts_once(pair):
    a, b = (WordVectors([*side.words, "w003"], np.vstack([side.rows, side.rows[:1]])) for side in pair)
    found = compare(a, b, n=5)
    assert len(found.displacements.words) == 400 and "w003" in {one.word for one in found.moved}


def test_unknown_words_offer_the_closest_shared_words(pair, words, rows):
    a, _ = pair
    b = WordVectors(words[:300], rows[:300])
    with pytest.raises(UnknownWord, match=r"No vector for 'w0077' in A and B. Did you mean w0"):
        compare(a, b, words=["w0077"])
    with pytest.raises(UnknownWord, match=r"No vector for 'w350' in B."):
        compare(a, b, words=["w350"])
    with pytest.raises(UnknownWord, match=r"No vector for 'w350' in B."):
        compare(a, b, words=["w003", "w350"], strict=True)


def test_unknown_words_are_noted_and_the_others_answered(pair, words, rows):
    found = compare(pair[0], WordVectors(words[:300], rows[:300]), words=["w350", "w003", "w0077"])
    assert [one.word for one in found.neighbours] == [one.word for one in found.queries] == ["w003"]
    assert found.notes[0].startswith("No vector for 'w350' in B.")
    assert found.notes[1].startswith("No vector for 'w0077' in A and B. Did you mean w0")


def test_no_shared_word_is_an_error_with_examples(words, rows):
    a, b = WordVectors(words, rows), WordVectors([word.upper() for word in words], rows)
    with pytest.raises(SgnsError, match=r"No word is on both sides.*: A has w000, w001, w002; B has W000, W001, W002"):
        compare(a, b)
    with pytest.raises(SgnsError, match="B has none"):
        compare(a, WordVectors([], np.zeros((0, 3))))


def test_too_few_words_are_an_error_with_their_number(pair):
    with pytest.raises(SgnsError, match="at least 3000 times on each side: of 400 shared words, 6 do"):
        compare(*pair, min_count=3000)


@pytest.mark.parametrize("setting", [{"n": 0}, {"min_count": 0}, {"n": 1.5}])
def test_settings_have_ranges(pair, setting):
    with pytest.raises(SettingError, match="must be a whole number from 1"):
        compare(*pair, **setting)


def test_results_are_reproducible(pair):
    assert json.dumps(as_plain(compare(*pair))) == json.dumps(as_plain(compare(*pair)))


def test_plain_values_hold_everything(pair):
    found = compare(*pair, words=["w003"], n=2, names=("one", "two"))
    values = json.loads(json.dumps(as_plain(found), allow_nan=False))
    assert values["a"] == {"name": "one", "words": 400, "only": []}
    assert (values["shared"], values["compared"]) == (400, 400)
    assert values["moved"][0]["word"] == found.moved[0].word
    assert values["moved"][0]["count_a"] == found.moved[0].counts[0]
    [one] = values["neighbours"]
    assert one["moved"]["displacement"] == found.queries[0].displacement
    assert [tuple(pair) for pair in one["compared"]["b"]] == found.neighbours[0].compared[1]
    assert summary(found) == "one has 400 words, two has 400 words; 400 are in both, and 400 of these are compared."


def test_of_many_unknown_words_ten_are_named(pair):
    found = compare(*pair, words=["w003", *(f"z{i}" for i in range(1500))])
    assert len(found.notes) == 11 and found.notes[-1] == "Nor for 1,490 others."


def test_a_data_frame_has_a_row_for_each_compared_word(pair, frames):
    found = compare(*pair)
    rows, columns = found.to_dataframe()
    assert columns == ["word", "displacement", "peer_median", "percentile", "robust_z", "count"]
    assert len(rows) == 400 and [row[0] for row in rows[:10]] == [one.word for one in found.moved]
    one = found.moved[0]
    assert rows[0][1:] == (one.displacement, one.peer_median, one.percentile, one.robust_z, one.counts[0])
    rows, columns = compare(*(WordVectors(side.words, side.rows) for side in pair)).to_dataframe()
    assert columns[-1] == "rank" and sorted(row[-1] for row in rows) == list(range(1, 401))
