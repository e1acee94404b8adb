import pytest

from spacy_sgns.errors import SgnsError
from spacy_sgns.pipeline.record import Record


def test_record_round_trips(made, tmp_path):
    record = made.get_pipe("sgns").record
    record.to_disk(tmp_path / "a" / "b")
    assert Record.from_disk(tmp_path / "a" / "b") == Record.from_json(record.to_json()) == record
    assert record.counts()["cat"] == 17 and list(record.counts())[:2] == ["the", "cat"]


def test_record_holds_only_words_that_are_kept(made):
    record = made.get_pipe("sgns").record
    assert "iPhone" in record.words and "zanna" not in record.to_json().lower()


@pytest.mark.parametrize("name", ["report.json", "words.json"])
def test_missing_part_is_an_error(made, tmp_path, name):
    made.get_pipe("sgns").record.to_disk(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(SgnsError, match=r"The record of training in .* is damaged"):
        Record.from_disk(tmp_path)
