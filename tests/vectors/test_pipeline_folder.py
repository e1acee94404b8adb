"""Vectors in a pipeline folder."""

import gc
import io
import os
import tracemalloc

import numpy as np
import pytest
import spacy
import srsly
from spacy.vectors import Vectors

from spacy_sgns.errors import SgnsError, SgnsWarning
from spacy_sgns.pipeline.attach import attach_vectors
from spacy_sgns.vectors.forms import form_rows
from spacy_sgns.vectors.pipeline_folder import KEYS_FILE, LOOKUPS_FILE, TABLE_FILE
from spacy_sgns.vectors.record import Record, words_as_json
from spacy_sgns.vectors.word_vectors import WordVectors

WORDS, FORMS = ["the", "straße", "日本"], [["the", "The"], ["straße"], ["日本"]]
ROWS = np.arange(6, dtype=np.float32).reshape(3, 2)
REPORT = {"settings": {}}
ENTRY = {"report": "{}", "words": words_as_json(WORDS, [9, 5, 5], FORMS, invent=True)}


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
    nlp = spacy.blank("en")
    attach_vectors(WordVectors(WORDS, ROWS, row_of=form_rows(WORDS, FORMS, invent=True)), nlp.vocab)
    Record(REPORT, words_as_json(WORDS, [9, 5, 5], FORMS, invent=True)).attach(nlp.vocab)
    nlp.to_disk(tmp_path)
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


@pytest.mark.parametrize("there", [(), ("vocab",)])
def test_a_folder_that_is_not_a_pipeline_is_one_error(tmp_path, there):
    for name in there:
        (tmp_path / name).mkdir()
    refused(tmp_path, r"is damaged: .*strings\.json" if there else r"is not a spaCy pipeline: it has no folder vocab")


def test_a_pipeline_from_elsewhere_is_loaded_too(folder):
    nlp = spacy.blank("en")
    nlp.vocab.set_vector("other", ROWS[0])
    nlp.to_disk(folder)
    vectors = WordVectors.load(folder)
    assert (vectors.words, vectors.counts, vectors["other"].tolist()) == (["other"], None, ROWS[0].tolist())


def test_a_pipeline_without_vectors_is_one_error(folder):
    spacy.blank("en").to_disk(folder)
    refused(folder, "has no word vectors. Train some: python -m spacy sgns train")


@pytest.mark.parametrize("file", [LOOKUPS_FILE, KEYS_FILE, TABLE_FILE])
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
    "content",
    [
        b"\xff\xfe",
        srsly.msgpack_dumps([1]),
        srsly.msgpack_dumps({"spacy_sgns": 3}),
        srsly.msgpack_dumps({"spacy_sgns": [ENTRY]}),
        srsly.msgpack_dumps({"spacy_sgns": {1: None}}),
        srsly.msgpack_dumps({"spacy_sgns": {1: {**ENTRY, "words": "{"}}}),
        srsly.msgpack_dumps({"spacy_sgns": {1: {**ENTRY, "report": "{"}}}),
    ],
)
def test_damaged_lookups_are_one_error(folder, content):
    (folder / LOOKUPS_FILE).write_bytes(content)
    refused(folder, r"is damaged: .*(cannot be read|The record of training is damaged: ).*\.$")
    assert gc.isenabled()


def test_vectors_that_were_changed_are_loaded_by_spacy(folder):
    nlp = spacy.blank("en").from_disk(folder, exclude=["tokenizer"])
    nlp.vocab.set_vector("new", ROWS[0])
    nlp.vocab.to_disk(folder / "vocab")
    vectors = WordVectors.load(folder)
    assert vectors.words == [*WORDS, "new"]
    assert vectors.counts.tolist() == [9, 5, 5, 0]
    nlp.vocab.vectors = Vectors(strings=nlp.vocab.strings, data=-ROWS, keys=WORDS[::-1])
    nlp.vocab.to_disk(folder / "vocab")
    with pytest.warns(SgnsWarning, match="no longer those that spacy_sgns trained"):
        vectors = WordVectors.load(folder)
    assert (vectors.words, vectors.counts, vectors["the"].tolist()) == (WORDS[::-1], None, (-ROWS[2]).tolist())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("file", [LOOKUPS_FILE, KEYS_FILE, TABLE_FILE])
def test_a_pipe_does_not_block(folder, file):
    (folder / file).unlink()
    os.mkfifo(folder / file)
    refused(folder, "is not a file, but a pipe|is missing")
