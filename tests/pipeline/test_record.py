import os

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


@pytest.mark.parametrize(
    "report", [b"", b"{", b"[]", b"3", b"\xff", b"[" * 100_000, b"1" * 5000, b'{"a": NaN', b"null"]
)
def test_a_damaged_report_is_one_error(made, tmp_path, report):
    made.get_pipe("sgns").record.to_disk(tmp_path)
    (tmp_path / "report.json").write_bytes(report)
    with pytest.raises(SgnsError, match=r"^The record of training in .* is damaged: .*Train it again\.$"):
        Record.from_disk(tmp_path)


@pytest.mark.parametrize(
    "data",
    [
        *(b"{", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b"9" * 5000, b'{"report": {}}'),
        *(b'{"report": {}, "words": 3}', b'{"report": [], "words": ""}', b'{"report": {}, "words": "", "more": 1}'),
    ],
)
def test_damaged_bytes_are_one_error(nlp, data):
    with pytest.raises(SgnsError, match=r"^The record of training is damaged: .*Train it again\.$"):
        nlp.add_pipe("sgns").from_bytes(data)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="wants pipes with names")
@pytest.mark.parametrize("name", ["report.json", "words.json"])
def test_a_pipe_is_not_waited_for(made, tmp_path, name):
    made.get_pipe("sgns").record.to_disk(tmp_path)
    (tmp_path / name).unlink()
    os.mkfifo(tmp_path / name)
    with pytest.raises(SgnsError, match=f"{name} is not a file, but a pipe"):
        Record.from_disk(tmp_path)
