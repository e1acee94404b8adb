"""Vectors in a pipeline folder."""

import io
import json
import os
import tracemalloc

import numpy as np
import pytest

from spacy_sgns.errors import SgnsError
from spacy_sgns.vectors.forms import form_rows
from spacy_sgns.vectors.pipeline_folder import TABLE_FILE, WORDS_FILE, read_words, words_as_json
from spacy_sgns.vectors.word_vectors import WordVectors

WORDS, FORMS = ["the", "straße", "日本"], [["the", "The"], ["straße"], ["日本"]]
ROWS = np.arange(6, dtype=np.float32).reshape(3, 2)
GOOD = {"words": WORDS, "counts": [9, 5, 5], "forms": FORMS, "invent": True}


def npy(array, **more):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, **more)
    return file.getvalue()


def header(shape):
    """The file of a table with three rows whose header claims another shape."""
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": shape})
    return file.getvalue() + ROWS.tobytes()


def zipped():
    file = io.BytesIO()
    np.savez(file, ROWS)
    return file.getvalue()


@pytest.fixture
def folder(tmp_path):
    """The part of a pipeline folder that holds the vectors."""
    for file in (WORDS_FILE, TABLE_FILE):
        (tmp_path / file).parent.mkdir()
    (tmp_path / WORDS_FILE).write_text(json.dumps(GOOD), encoding="utf8")
    (tmp_path / TABLE_FILE).write_bytes(npy(ROWS))
    return tmp_path


def refused(folder, message):
    with pytest.raises(SgnsError, match=message) as error:
        WordVectors.load(folder)
    assert str(folder) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_pipeline_is_loaded_without_spacy(folder):
    vectors = WordVectors.load(folder)
    assert vectors.words == WORDS
    assert vectors.rows.tolist() == ROWS.tolist()
    assert [vectors.count(word) for word in WORDS] == [9, 5, 5]
    assert vectors.row_of == form_rows(WORDS, FORMS, invent=True)
    assert vectors["STRASSE"].tolist() == [2, 3]
    assert WordVectors.load(str(folder)).words == WORDS


def test_a_loaded_table_does_not_depend_on_its_file(folder):
    vectors = WordVectors.load(folder)
    (folder / TABLE_FILE).write_bytes(npy(-ROWS))
    assert vectors.rows.tolist() == ROWS.tolist()
    assert vectors.rows.flags.writeable


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("kind", ["<f2", "<f4", ">f4", "<f8"])
def test_tables_of_any_kind_of_number(folder, kind, order):
    (folder / TABLE_FILE).write_bytes(npy(np.asarray(ROWS, kind, order=order)))
    assert WordVectors.load(folder).rows.tolist() == ROWS.tolist()


def test_words_are_written_and_read():
    text = words_as_json(WORDS, [9, 5, 5], FORMS, invent=False)
    found = read_words(text)
    assert found["words"] == WORDS
    assert found["counts"].tolist() == [9, 5, 5]
    assert found["row_of"] == form_rows(WORDS, FORMS, invent=False)
    assert "日本" in text


def test_the_error_for_another_pipeline_names_the_call_that_reads_it(tmp_path):
    refused(tmp_path, r"sgns/words\.json is missing\. For other pipelines: WordVectors\.from_pipeline")


@pytest.mark.parametrize("file", [WORDS_FILE, TABLE_FILE])
@pytest.mark.parametrize("part", [0, 0.3, 0.9])
def test_a_file_that_is_cut_short_is_one_error(folder, file, part):
    content = (folder / file).read_bytes()
    (folder / file).write_bytes(content[: int(len(content) * part)])
    refused(folder, r"is damaged: .*\. Train it again\.$")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x93NUMPY",
        b"not a table",
        header((10**18, 2)),
        header((3, 10**18)),
        header((10**30, 2)),
        header((-3, 2)),
        header((3, -2)),
        header((4, 2)),
        header((6,)),
        header(()),
        npy(np.array([["a"]], object), allow_pickle=True),
        npy(np.array([["a"]] * 3)),
        npy(np.array([[1, 2]] * 3)),
        npy(ROWS.reshape(3, 2, 1)),
        zipped(),
        header((3, 2)).replace(b"<f4", b"<f)"),
        header((3, 2)).replace(b"'descr': ", b"'descr' (("),
    ],
)
def test_a_damaged_table_is_one_error(folder, content):
    (folder / TABLE_FILE).write_bytes(content)
    tracemalloc.start()
    refused(folder, r"is damaged: vocab/vectors is not a table of vectors: .*\. Train it again\.$")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


def test_a_missing_table_is_one_error(folder):
    (folder / TABLE_FILE).unlink()
    refused(folder, "is damaged: vocab/vectors is not a table of vectors: .*No such file")


@pytest.mark.parametrize(
    "changed",
    [
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
    ],
)
def test_damaged_words_are_one_error(folder, changed):
    (folder / WORDS_FILE).write_text(json.dumps(GOOD | changed), encoding="utf8")
    refused(folder, r"is damaged: sgns/words\.json is damaged: .*\. Train it again\.$")


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"3", b"{}", b"null", b"{", b"\xff\xfe", b"[" * 100_000, b'{"words": []}']
)
def test_content_that_is_not_words_is_one_error(folder, content):
    (folder / WORDS_FILE).write_bytes(content)
    refused(folder, r"is damaged: .*\. Train it again\.$")


@pytest.mark.parametrize("rows", [ROWS[:2], np.concatenate([ROWS, ROWS])])
def test_a_replaced_table_is_reported(folder, rows):
    (folder / TABLE_FILE).write_bytes(npy(rows))
    refused(
        folder, r"are no longer those that spacy_sgns trained: \d rows for 3 words\. Use WordVectors\.from_pipeline"
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("file", [WORDS_FILE, TABLE_FILE])
def test_a_pipe_does_not_block(folder, file):
    (folder / file).unlink()
    os.mkfifo(folder / file)
    refused(folder, "is not a file, but a pipe|is missing")
