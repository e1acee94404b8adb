"""`sgns export`."""

import numpy as np
import pytest
import spacy
from spacy.cli._util import app
from typer.testing import CliRunner

from spacy_sgns.vectors.word_vectors import WordVectors


@pytest.mark.parametrize("ending", [".vec", ".txt", ".bin"])
def test_the_ending_says_the_format(sgns, trained, place, ending):
    result = sgns("export", trained, f"x{ending}")
    assert (result.exit_code, result.stdout) == (0, f"Wrote 20 vectors to x{ending}\n")
    ours, read = WordVectors.load(trained), WordVectors.load(f"x{ending}")
    assert read.words == ours.words
    np.testing.assert_array_equal(read.rows, ours.rows)


@pytest.mark.parametrize(("ending", "binary"), [(".vec", False), (".txt", False), (".bin", True)])
def test_gensim_reads_it(sgns, trained, place, ending, binary):
    models = pytest.importorskip("gensim.models")
    sgns("export", trained, f"x{ending}")
    read = models.KeyedVectors.load_word2vec_format(f"x{ending}", binary=binary)
    ours = WordVectors.load(trained)
    assert read.index_to_key == ours.words
    np.testing.assert_array_equal(read.vectors, ours.rows)


def test_spacy_init_vectors_reads_it(sgns, trained, place):
    sgns("export", trained, "x.vec")
    result = CliRunner().invoke(app, ["init", "vectors", "en", "x.vec", "stock"])
    assert result.exit_code == 0, result.output
    nlp, ours = spacy.load("stock"), WordVectors.load(trained)
    for word in ours.words:
        np.testing.assert_allclose(nlp.vocab[word].vector, ours[word], rtol=1e-6)


def test_a_file_is_replaced_only_where_asked(sgns, trained, place):
    (place / "x.vec").write_text("mine")
    refused = sgns("export", trained, "x.vec")
    said = "Error: x.vec exists. Choose another name, or replace it with --force.\n"
    assert (refused.exit_code, refused.stderr) == (1, said)
    assert (place / "x.vec").read_text() == "mine"
    assert sgns("export", trained, "x.vec", "--force").exit_code == 0
    assert WordVectors.load("x.vec").words == WordVectors.load(trained).words


def test_a_format_can_be_named(sgns, trained, place):
    assert sgns("export", trained, "x.dat", "--format", "word2vec_binary").exit_code == 0
    assert sgns("export", trained, "x.bin").exit_code == 0
    assert (place / "x.dat").read_bytes() == (place / "x.bin").read_bytes()


@pytest.mark.parametrize(
    ("file", "args", "code", "said"),
    [
        ("x.csv", (), 1, ".bin, .txt, .vec"),
        ("x", (), 1, ".bin, .txt, .vec"),
        ("nowhere/x.vec", (), 1, "Cannot write nowhere/x.vec"),
        ("folder.vec", (), 1, "folder.vec"),
        ("x.vec", ("--format", "word2vec_txt"), 2, "Did you mean word2vec_text"),
    ],
)
def test_what_cannot_be_written_is_one_clear_line(sgns, trained, place, file, args, code, said):
    (place / "folder.vec").mkdir()
    result = sgns("export", trained, file, *args)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (code, "", 1)
    assert said in result.stderr
    assert sorted(path.name for path in place.iterdir()) == ["corpus.txt", "folder.vec"]
