"""Properties of every registered format, and of the formats of word2vec."""

import os
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.registry import formats
from spacy_sgns.vectors.formats.lookup import format_for
from spacy_sgns.vectors.word_vectors import WordVectors

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Z", "Cc"]), min_size=1, max_size=8)
SAVED = b"2 3\nthe 1 2 3\nrabbit 4 5 6\n"
TABLE = np.array([[1, 2, 3], [4, 5, 6]], "<f4")
BINARY = b"2 3\nthe " + TABLE[0].tobytes() + b"\nrabbit " + TABLE[1].tobytes() + b"\n"
GOOD = {".vec": SAVED, ".bin": BINARY}


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """A folder for files that are overwritten again and again."""
    return tmp_path_factory.mktemp("files")


def refused(path, message=None):
    """Loading fails with one error of one line that names the file."""
    with pytest.raises(SgnsError, match=message) as error:
        WordVectors.load(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


# Every format


def test_what_is_saved_is_loaded(each_format, vectors, tmp_path):
    name, ending = each_format
    path = tmp_path / f"a{ending}"
    vectors.save(path)
    loaded = WordVectors.load(path)
    assert loaded.words == [word.replace(" ", "_") for word in vectors.words]
    assert loaded.rows.tobytes() == vectors.rows.tobytes()
    assert loaded.rows.dtype == np.float32
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert WordVectors.load(str(path), format=name).words == loaded.words


@settings(max_examples=50, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=6, unique=True), st.integers(1, 5), st.data())
def test_any_words_and_numbers_are_loaded_bit_by_bit(each_format, place, words, dim, data):
    numbers = st.floats(width=32, allow_nan=False, allow_infinity=False)
    rows = data.draw(arrays(np.float32, (len(words), dim), elements=numbers))
    path = place / f"a{each_format[1]}"
    WordVectors(words, rows).save(path)
    loaded = WordVectors.load(path)
    assert loaded.words == words
    assert loaded.rows.tobytes() == rows.tobytes()


@pytest.mark.parametrize("kind", [np.float16, np.float64, ">f4"])
def test_other_kinds_of_number_are_saved_as_float32(each_format, tmp_path, kind):
    path = tmp_path / f"a{each_format[1]}"
    WordVectors(["a", "b"], np.array([[1.5, -2], [0.25, 3]], kind)).save(path)
    assert WordVectors.load(path).rows.tolist() == [[1.5, -2], [0.25, 3]]


def test_rows_need_not_be_contiguous(each_format, tmp_path):
    path = tmp_path / f"a{each_format[1]}"
    rows = np.arange(24, dtype=np.float32).reshape(4, 6)[::2, ::3]
    WordVectors(["a", "b"], rows).save(path)
    assert WordVectors.load(path).rows.tolist() == rows.tolist()


@pytest.mark.parametrize("place", ["missing/a", "file/a"])
def test_a_place_that_cannot_be_written_is_one_error(each_format, vectors, tmp_path, place):
    (tmp_path / "file").write_text("")
    with pytest.raises(SgnsError, match=r"^Cannot write .*"):
        vectors.save(tmp_path / f"{place}{each_format[1]}")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("words", "rows", "message"),
    [
        (["a", "b"], [[1, 2], [1, np.nan]], "The vector of 'b' has numbers that are not finite"),
        (["a", "b"], [[np.inf, 2], [1, 1]], "The vector of 'a' has numbers that are not finite"),
        (["new york", "new_york"], [[1, 2], [1, 1]], "Two words would be written as 'new_york'"),
        (["a", "a"], [[1, 2], [1, 1]], "Two words would be written as 'a'"),
        (["a", "\ud800"], [[1, 2], [1, 1]], "cannot be written as UTF-8"),
        ([], np.zeros((0, 3)), "There are no words to write"),
    ],
)
def test_what_could_not_be_loaded_again_is_not_saved(each_format, tmp_path, words, rows, message):
    path = tmp_path / f"a{each_format[1]}"
    path.write_text("old")
    with pytest.raises(SgnsError, match=message):
        WordVectors(words, rows).save(path)
    assert path.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_an_interrupted_save_leaves_the_old_file(each_format, vectors, tmp_path):
    path = tmp_path / f"a{each_format[1]}"
    path.write_text("old")

    class Rows(np.ndarray):
        def __getitem__(self, key):
            raise KeyboardInterrupt

        def __iter__(self):
            yield vectors.rows[0]
            assert len(list(tmp_path.iterdir())) == 2  # the save has begun
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        format_for(path).save(path, vectors.words, vectors.rows.view(Rows))
    assert path.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("space", [" ", "\t", "\n", "\r\n", "\u00a0", "\u2028", "\x85", "\x1c", "\v", " \n "])
def test_white_space_in_words_becomes_an_underscore(each_format, tmp_path, space):
    path = tmp_path / f"a{each_format[1]}"
    WordVectors([f"new{space}york", "b"], np.eye(2)).save(path)
    assert WordVectors.load(path).words == ["new_york", "b"]


@pytest.mark.parametrize("name", ["a.doc", "a", "vec", "a.vec.gz"])
def test_an_ending_without_a_format(vectors, tmp_path, name):
    with pytest.raises(SgnsError, match=r"No format has the ending of .*Known endings: \.bin, \.txt, \.vec"):
        vectors.save(tmp_path / name)
    vectors.save(tmp_path / name, format="word2vec_text")
    assert WordVectors.load(tmp_path / name, format="word2vec_text.v1").words[1] == "rabbit"


def test_an_ending_may_be_in_capitals(vectors, tmp_path):
    vectors.save(tmp_path / "a.VEC")
    assert WordVectors.load(tmp_path / "a.VEC").words[1] == "rabbit"


def test_a_format_that_is_not_registered(vectors, tmp_path):
    with pytest.raises(SettingError, match=r"Unknown format 'word2vec_txt'\. Registered: .*Did you mean word2vec_text"):
        vectors.save(tmp_path / "a.vec", format="word2vec_txt")


@pytest.mark.parametrize("name", ["missing.vec", "missing", "missing.bin"])
def test_a_file_that_is_not_there(tmp_path, name):
    refused(tmp_path / name, "There is no file or folder")


def test_a_third_party_format_is_found_by_its_ending(vectors, tmp_path, monkeypatch):
    class Words:
        endings = (".words", ".vec.words")  # the longer one is not .vec

        def save(self, path, words, rows):
            path.write_text("\n".join(words))

    monkeypatch.setattr("catalogue.REGISTRY", {})
    formats.register("words.v9", func=lambda: pytest.fail("an old version is not made"))
    formats.register("words.v10", func=Words)
    vectors.save(tmp_path / "a.words")
    assert (tmp_path / "a.words").read_text().split("\n") == vectors.words
    formats.register("others.v1", func=Words)
    with pytest.raises(SgnsError, match=r"Several formats have the ending of .*a\.words: others, words\. Name one"):
        format_for(tmp_path / "a.words")


# Damaged files


@pytest.mark.parametrize("ending", GOOD)
def test_the_whole_file_is_good(tmp_path, ending):
    path = tmp_path / f"a{ending}"
    path.write_bytes(GOOD[ending])
    loaded = WordVectors.load(path)
    assert (loaded.words, loaded.rows.tolist()) == (["the", "rabbit"], TABLE.tolist())


@pytest.mark.parametrize(("ending", "length"), [(e, n) for e in GOOD for n in range(len(GOOD[e]))])
def test_a_file_that_is_cut_short_is_one_error(tmp_path, ending, length):
    path = tmp_path / f"a{ending}"
    path.write_bytes(GOOD[ending][:length])
    if length == len(BINARY) - 1 and ending == ".bin":
        assert len(WordVectors.load(path)) == 2  # without its last line feed it is as gensim writes it
    else:
        refused(path)


WRONG = st.lists(st.tuples(st.integers(0, len(SAVED)), st.integers(0, 2), st.binary(max_size=3)), max_size=4)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(GOOD)), WRONG)
def test_a_file_with_wrong_bytes_is_one_error_or_loads(place, ending, wrong):
    content, path = bytearray(GOOD[ending]), place / f"b{ending}"
    for at, length, instead in wrong:
        content[at : at + length] = instead
    path.write_bytes(content)
    try:
        loaded = WordVectors.load(path)
    except SgnsError as error:
        assert str(path) in str(error)
    else:
        assert np.isfinite(loaded.rows).all()
        assert loaded.rows.shape[0] == len(loaded.words) > 0


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(sorted(GOOD)), st.binary(max_size=200))
def test_random_bytes_are_one_error(place, ending, content):
    path = place / f"c{ending}"
    path.write_bytes(content)
    refused(path)


@pytest.mark.parametrize("ending", GOOD)
@pytest.mark.parametrize(
    "header",
    [
        b"1000000000000000000 3\n",
        b"2 1000000000000000000\n",
        b"1000000000 1000000000\n",
        b"9" * 90 + b" 3\n",
        b"9" * 5000 + b" 3\n",
        b"-2 3\n",
        b"2 -3\n",
        b"-2 -3\n",
        b"0 3\n",
        b"2 0\n",
        b"2\n",
        b"2 3 4\n",
        b"2 3.0\n",
        b"2 3",
        b"two three\n",
        b"\xb2 3\n",
        b"\xff\xfe\n",
        b"\n",
        b"",
    ],
)
def test_a_header_that_cannot_be_true_is_one_error(tmp_path, ending, header):
    path = tmp_path / f"a{ending}"
    path.write_bytes(header + GOOD[ending].split(b"\n", 1)[1])
    tracemalloc.start()
    refused(path, "its first line")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


@pytest.mark.parametrize("ending", GOOD)
def test_a_file_with_one_long_line_is_not_read_whole(tmp_path, ending):
    path = tmp_path / f"a{ending}"
    path.write_bytes(b"alice " * 1_000_000)
    tracemalloc.start()
    refused(path, r"first line must be two numbers, got 'alice alice")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"2 3\nthe 1 2 3\nrabbit 4 5\n", "line 3: expected 3 numbers, got 2"),
        (b"2 3\nthe 1 2 3 4\nrabbit 4 5 6\n", "line 2: expected 3 numbers, got 4"),
        (b"2 3\nthe 1 2 3\nwhite rabbit 4 5 6\n", "line 3: expected 3 numbers, got 4"),
        (b"2 3\nthe 1 2 3\nrabbit 4 five 6\n", "line 3: could not convert string to float: 'five'"),
        (b"2 3\nthe 1 2 3\nrabbit 4  6\n", "line 3: could not convert string to float: ''"),
        (b"2 3\nthe 1 2 3\nrabbit 4 nan 6\n", "line 3: a number of 'rabbit' is not finite"),
        (b"2 3\nthe 1 2 3\nrabbit 4 1e39 6\n", "line 3: a number of 'rabbit' is not finite"),
        (b"2 3\nthe 1 2 3\nrabbit 4 -inf 6\n", "line 3: a number of 'rabbit' is not finite"),
        (b"2 3\nthe 1 2 3\nrabb\xff 4 5 6\n", "line 3: 'utf-8' codec can't decode byte 0xff"),
        (b"2 3\nthe 1 2 3\n\nrabbit 4 5 6\n", "line 3: expected 3 numbers, got 0"),
        (b"2 3\nthe 1 2 3\nrabbit 4 5 6\nhat 7 8 9\n", "line 4: more words than the 2"),
        (b"3 3\nthe 1 2 3\nrabbit 4 5 6\n", "announces 3 words, it has 2"),
        (b"2 3\nthe 1 2 3\nrabbit 4 5 6", "line 3: it does not end, so the file is cut short"),
        (BINARY, "line 2"),
    ],
)
def test_the_line_that_is_wrong_is_named(tmp_path, content, message):
    (tmp_path / "a.vec").write_bytes(content)
    refused(tmp_path / "a.vec", message)


@pytest.mark.parametrize("content", [SAVED + b"\n\n", SAVED.replace(b"\n", b"\r\n"), SAVED.replace(b"\n", b" \n")])
def test_line_ends_of_other_programs(tmp_path, content):
    (tmp_path / "a.vec").write_bytes(content)
    assert WordVectors.load(tmp_path / "a.vec").rows.tolist() == TABLE.tolist()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (BINARY.replace(b"rabbit", b"rabb\xff"), "word 2: 'utf-8' codec can't decode byte 0xff"),
        (BINARY.replace(TABLE[1].tobytes(), np.array([1, np.nan, 1], "<f4").tobytes()), "word 2: .* is not finite"),
        (BINARY.replace(TABLE[0].tobytes(), np.array([1, np.inf, 1], "<f4").tobytes()), "word 1: .* is not finite"),
        (BINARY + b"hat " + TABLE[0].tobytes(), "word 3: more words than the 2"),
        (BINARY.replace(b"rabbit ", b"rabbit"), "word 2: it is cut short or does not end"),
        (b"1 1\n" + b"x" * 1_000_000, r"word 1: it is cut short or does not end, at byte 6\d{4}\.$"),
        (SAVED.replace(b" 3\n", b" 1\n"), "word"),
    ],
)
def test_the_word_that_is_wrong_is_named(tmp_path, content, message):
    (tmp_path / "a.bin").write_bytes(content)
    refused(tmp_path / "a.bin", message)


# Other programs


@pytest.mark.parametrize(("ending", "binary"), [(".vec", False), (".bin", True)])
def test_gensim_reads_it_and_writes_it(vectors, tmp_path, ending, binary):
    keyed = pytest.importorskip("gensim.models").KeyedVectors
    vectors.save(tmp_path / f"a{ending}")
    read = keyed.load_word2vec_format(str(tmp_path / f"a{ending}"), binary=binary)
    assert read.index_to_key == [word.replace(" ", "_") for word in vectors.words]
    assert read.vectors.tobytes() == vectors.rows.tobytes()
    assert read.most_similar("rabbit", topn=1)[0][0] == vectors.most_similar("rabbit", n=1)[0][0].replace(" ", "_")
    read.save_word2vec_format(str(tmp_path / f"b{ending}"), binary=binary)
    loaded = WordVectors.load(tmp_path / f"b{ending}")
    assert loaded.words == read.index_to_key
    assert np.allclose(loaded.rows, vectors.rows, atol=1e-6)


def test_spacy_reads_it(vectors, tmp_path):
    import spacy
    from spacy.cli._util import app
    from typer.testing import CliRunner

    vectors.save(tmp_path / "a.vec")
    asked = ["init", "vectors", "en", str(tmp_path / "a.vec"), str(tmp_path / "pipeline")]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    nlp = spacy.load(tmp_path / "pipeline")
    for word, row in zip(vectors.words, vectors.rows, strict=True):
        assert nlp.vocab[word.replace(" ", "_")].vector.tobytes() == row.tobytes()


@pytest.mark.parametrize("ending", GOOD)
def test_a_file_with_a_hole_is_not_read_whole(tmp_path, ending):
    """A sparse file of a terabyte takes no space on the disk."""
    path = tmp_path / f"a{ending}"
    path.write_bytes(GOOD[ending][:-9])
    with path.open("ab") as file:
        try:
            file.truncate(1 << 40)
        except OSError:
            pytest.skip("the file system does not allow such large files")
    tracemalloc.start()
    refused(path, "is damaged")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("ending", GOOD)
def test_a_pipe_does_not_block(tmp_path, ending):
    os.mkfifo(tmp_path / f"a{ending}")
    refused(tmp_path / f"a{ending}", "is not a file, but a pipe")
