"""A sequence of trainings compared."""

import json

import numpy as np
import pytest

from spacy_sgns.comparison.compare import compare
from spacy_sgns.comparison.sequence_result import sequence_as_plain, sequence_summary
from spacy_sgns.errors import SettingError, SgnsError, UnknownWord
from spacy_sgns.vectors.word_vectors import WordVectors
from tests.comparison.planted import PLANTED

YEARS = ("2014", "2015", "2016", "2017", "2018")
MOVED = {f"w{i:03d}" for i in PLANTED}


def test_words_that_go_elsewhere_step_by_step_moved_most(slices):
    found = compare(*slices, n=5, names=YEARS)
    assert {one.word for one in found.moved} == MOVED and found.notes == []
    assert [one.change.robust_z for one in found.moved] == sorted(
        (one.change.robust_z for one in found.moved), reverse=True
    )
    for one in found.moved:
        assert one.from_first[0] == 0 and one.from_first[-1] == one.change.displacement
        assert one.from_first[1] < one.from_first[2] < one.from_first[3]
        assert [step.displacement for step in one.steps] == [
            found.between[i, i + 1, found.displacements.words.index(one.word)] for i in range(4)
        ]
    assert found.queries == found.moved
    assert found.between.shape == (5, 5, 400) and len(found.steps) == 4


def test_a_word_that_moves_in_one_step_is_first_in_that_step(slices, rows):
    moving = slices[2].rows.copy()
    moving[50] = rows[390]
    tables = [*slices[:2], *(WordVectors(s.words, s.rows, counts=s.counts) for s in slices[2:])]
    tables[2] = WordVectors(slices[2].words, moving, counts=slices[2].counts)
    found = compare(*tables, n=3)
    assert [step[0].word == "w050" for step in found.moved_by_step] == [False, True, True, False]
    assert "w050" not in {one.word for one in found.moved}  # it is back in the last slice
    values = [step.values for step in found.steps]
    np.testing.assert_array_equal(values[1], found.between[1, 2])


def test_neighbours_are_those_of_each_side_among_the_compared_words(slices):
    [one] = compare(*slices, words="w003", n=4).queries
    for side, near in zip(slices, one.neighbours, strict=True):
        assert near == side.most_similar("w003", n=4)
    assert one.counts == tuple(side.count("w003") for side in slices)


def test_unknown_and_rare_words_are_noted_and_the_others_answered(slices, words, counts):
    rare = counts.copy()
    rare[7] = 3
    tables = [*slices[:4], WordVectors(words[:300], slices[4].rows[:300], counts=rare[:300])]
    found = compare(*tables, words=["w350", "w007", "w003"], names=YEARS)
    assert [one.word for one in found.queries] == ["w003"]
    assert found.notes[0].startswith("No vector for 'w350' in 2018.")
    assert found.notes[1].startswith("'w007' is not compared: on a side it occurs less than 20 times")
    with pytest.raises(UnknownWord, match="No vector for 'w350' in 2018"):
        compare(*tables, words=["w350", "w003"], names=YEARS, strict=True)
    with pytest.raises(UnknownWord, match="No vector for 'w350' in 2018"):
        compare(*tables, words=["w350"], names=YEARS)
    with pytest.raises(SgnsError, match="'w007' is not compared"):
        compare(*tables, words=["w007", "w350"])


def test_no_shared_word_and_too_few_are_errors(slices, words):
    other = WordVectors([word.upper() for word in words], slices[0].rows)
    with pytest.raises(SgnsError, match=r"No word is on all 3 sides.*: A has w000, w001, w002; B has w000"):
        compare(slices[0], slices[1], other)
    with pytest.raises(SgnsError, match="of 400 shared words, 6 do"):
        compare(*slices, min_count=3000)
    with pytest.raises(SettingError, match="n must be a whole number from 1, got 0"):
        compare(*slices, n=0)


def test_unknown_counts_and_few_words_give_notes(slices):
    bare = [WordVectors(side.words[:30], side.rows[:30]) for side in slices[:3]]
    found = compare(*bare)
    assert found.notes[0] == "Counts are unknown for A and B and C: rare words of these sides are not left out."
    assert found.notes[1].startswith("Peers are the words nearest in the files")
    assert found.notes[2].startswith("30 words are few for an alignment in 12 dimensions")
    assert not found.displacements.has_counts


def test_plain_values_summary_and_repr(slices):
    found = compare(*slices, words=["w003"], n=2, names=YEARS)
    values = json.loads(json.dumps(sequence_as_plain(found), allow_nan=False))
    assert values["sides"][1] == {"name": "2015", "words": 400}
    assert [one["word"] for one in values["moved"]] == [one.word for one in found.moved]
    assert [(step["from"], step["to"], len(step["moved"])) for step in values["steps"]] == [
        ("2014", "2015", 2),
        ("2015", "2016", 2),
        ("2016", "2017", 2),
        ("2017", "2018", 2),
    ]
    [one] = values["trajectories"]
    assert one["from_first"] == found.queries[0].from_first and len(one["neighbours"]) == 5
    assert sequence_summary(found) == (
        "Words: 2014 400, 2015 400, 2016 400, 2017 400, 2018 400; 400 are in all 5, and 400 are compared."
    )
    most = ", ".join(one.word for one in found.moved)
    assert repr(found) == (
        f"<SequenceComparison: 2014, 2015, 2016, 2017, 2018; 400 words compared; moved most: {most}>"
    )
    assert json.dumps(sequence_as_plain(compare(*slices))) == json.dumps(sequence_as_plain(compare(*slices)))


def test_aligned_vectors(slices):
    found = compare(*slices)
    assert [len(own) for own in found.aligned] == [400] * 5
    first, *_, last = found.aligned
    cosine = first["w003"] @ last["w003"] / np.linalg.norm(first["w003"]) / np.linalg.norm(last["w003"])
    index = found.displacements.words.index("w003")
    assert 1 - cosine == pytest.approx(found.between[0, 4, index], abs=0.05)


def test_a_data_frame_has_a_column_for_each_step(slices, frames):
    found = compare(*slices, names=YEARS)
    rows, columns = found.to_dataframe()
    assert columns[5:] == ["count", "2014 to 2015", "2015 to 2016", "2016 to 2017", "2017 to 2018"]
    assert len(rows) == 400 and [row[0] for row in rows[:10]] == [one.word for one in found.moved]
    for row, one in zip(rows, found.moved, strict=False):
        assert list(row)[6:] == [step.displacement for step in one.steps]
