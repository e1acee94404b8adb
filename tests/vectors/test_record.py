"""The record of a training run in a vocab."""

import copy
import json
import pickle

import numpy as np
import pytest
from spacy.lookups import Lookups
from spacy.vectors import Vectors
from spacy.vocab import Vocab

from spacy_sgns.errors import SgnsError, SgnsWarning
from spacy_sgns.vectors.record import Record, detach, read_words, record_of, words_as_json

WORDS, FORMS = ["the", "mark", "日本"], [["the", "The"], ["mark"], ["日本"]]
RECORD = Record(
    {"settings": {"dim": 2}, "loss": [1.5, None], "path": "\udcff"}, words_as_json(WORDS, [9, 5, 5], FORMS, invent=True)
)


@pytest.fixture
def vocab():
    made = Vocab()
    made.vectors = Vectors(strings=made.strings, data=np.eye(3, dtype=np.float32), keys=WORDS)
    RECORD.attach(made)
    return made


def test_words_are_written_and_read():
    text = words_as_json(WORDS, [9, 5, 5], FORMS, invent=False)
    found = read_words(text)
    assert (found["words"], found["forms"], found["invent"]) == (WORDS, FORMS, False)
    assert found["counts"].tolist() == [9, 5, 5]
    assert "日本" in text


def test_record_round_trips(vocab):
    assert Record.from_entry(RECORD.entry()) == RECORD == record_of(vocab)


@pytest.mark.parametrize("how", ["bytes", "pickle", "deepcopy", "disk"])
def test_spacy_saves_and_copies_it(vocab, tmp_path, how):
    if how == "disk":
        vocab.to_disk(tmp_path / "vocab")
    ways = {
        "bytes": lambda: Vocab().from_bytes(vocab.to_bytes()),
        "pickle": lambda: pickle.loads(pickle.dumps(vocab)),
        "deepcopy": lambda: copy.deepcopy(vocab),
        "disk": lambda: Vocab().from_disk(tmp_path / "vocab"),
    }
    other = ways[how]()
    assert record_of(other) == RECORD
    detach(other)
    assert record_of(other) is None and record_of(vocab) == RECORD


def test_a_later_record_replaces_it(vocab):
    later = Record({"settings": {}}, RECORD.words)
    later.attach(vocab)
    assert record_of(vocab) == later


def test_without_a_record(vocab):
    vocab.lookups = Lookups()
    assert record_of(vocab) is None
    detach(vocab)


def test_other_rows_are_not_described(vocab):
    vocab.vectors = Vectors(strings=vocab.strings, data=np.eye(3, dtype=np.float32), keys=WORDS[::-1])
    with pytest.warns(SgnsWarning, match="no longer those that spacy_sgns trained"):
        assert record_of(vocab) is None


@pytest.mark.parametrize("report", ["", "{", "[]", "3", "[" * 100_000, "1" * 5000, '{"a": NaN', "null", None, {"a": 1}])
def test_a_damaged_report_is_one_error(vocab, report):
    vocab.lookups.get_table("spacy_sgns").set("record", {"report": report, "words": RECORD.words})
    with pytest.raises(SgnsError, match=r"^The record of training is damaged: .*Train it again\.$"):
        record_of(vocab)


@pytest.mark.parametrize("entry", [None, 3, [], {}, {"words": ""}, {"report": "{}"}, {"report": "{}", "words": 3}])
def test_a_damaged_entry_is_one_error(vocab, entry):
    vocab.lookups.get_table("spacy_sgns").set("record", entry)
    with pytest.raises(SgnsError, match=r"^The record of training is damaged: .*Train it again\.$"):
        record_of(vocab)


GOOD = {"words": WORDS, "counts": [9, 5, 5], "forms": FORMS, "invent": True}
CHANGES = [
    {"words": ["the"]},
    {"words": "the"},
    {"words": [1, 2, 3]},
    {"words": None},
    {"words": ["the", "half \ud800", "c"]},
    {"forms": [["the"], ["\udfff"], ["c"]]},
    {"counts": [1, 2]},
    {"counts": ["a", "b", "c"]},
    {"counts": [1, 2, 10**40]},
    {"counts": [[1], [2], [3]]},
    {"counts": 3},
    {"forms": [["the"]]},
    {"forms": [["the"], [1], ["c"]]},
    {"forms": {"the": 1}},
    {"forms": ["the", "straße", "日本"]},
]
TEXTS = ["", "[]", "3", "{}", "null", "{", "[" * 100_000, '{"words": []}', *(json.dumps(GOOD | c) for c in CHANGES)]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_damaged_words_are_one_error(text):
    with pytest.raises(SgnsError, match=r"^The record of training is damaged: .*Train it again\.$"):
        read_words(text)
