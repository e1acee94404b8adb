from pathlib import Path

import pytest

from spacy_sgns.sources.source import Source
from spacy_sgns.sources.unit_hint import MAX_LINES, unit_hint


def hint(folder, files, lines, ending=".txt", **reading):
    for number in range(files):
        (folder / f"{number}{ending}").write_text("Some words of it.\n\n" * lines)
    source = Source(Path(folder), **reading)
    return unit_hint(source, source.files())


def test_documents_of_several_lines_bring_a_hint(tmp_path):
    said = hint(tmp_path, 33, 6)
    assert said.startswith("Each line of the 33 text files is a text of its own, about 6 in a file.")
    assert "--unit file" in said


@pytest.mark.parametrize(
    ("files", "lines", "reading"),
    [
        (33, 1, {}),
        (33, MAX_LINES + 1, {}),
        (33, 2000, {}),
        (19, 6, {}),
        (33, 6, {"unit": "file"}),
        (33, 6, {"unit": "paragraph"}),
        (33, 6, {"ending": ".log", "source": "jsonl"}),
    ],
    ids=str,
)
def test_other_files_bring_none(tmp_path, files, lines, reading):
    assert hint(tmp_path, files, lines, **reading) == ""


def test_files_that_cannot_be_read_bring_none(tmp_path):
    (tmp_path / "00.txt").write_bytes(b"\xff")
    assert hint(tmp_path, 33, 6) == ""
