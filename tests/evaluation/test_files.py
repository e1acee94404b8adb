"""Recognizing and reading gold sets."""

import pytest

from spacy_sgns.errors import SgnsError
from spacy_sgns.evaluation.files import read_gold, read_sets
from spacy_sgns.evaluation.gold import Analogies, WordPairs

PAIRS = [("tiger", "cat"), ("king", "New York")]


def gold(tmp_path, text, name="set.tsv"):
    (tmp_path / name).write_text(text, encoding="utf8")
    return read_gold(tmp_path / name)


@pytest.mark.parametrize(
    "text",
    [
        "tiger\tcat\t7.5\nking\tNew York\t0.1\n",
        "# source\nword1\tword2\tscore\ntiger\tcat\t7.5\n\nking\tNew York\t0.1",
        "tiger,cat,7.5\nking,New York,0.1",
        '"Word 1","Word 2","Human (mean)"\n"tiger","cat",7.5\n"king","New York",.1\n',
        "tiger;cat;7.5;x\r\nking;New York;0.1;y\r\n",
        "\ufefftiger\tcat\tN\t7.5\t1\nking\tNew York\tN\t0.1\t2\n",
    ],
)
def test_word_pairs(tmp_path, text):
    found = gold(tmp_path, text)
    assert isinstance(found, WordPairs)
    assert (found.name, found.pairs, found.gold.tolist()) == ("set", PAIRS, [7.5, 0.1])


@pytest.mark.parametrize(
    "text", [": capitals\nAthens Greece Oslo Norway\n: more\na b c d\n", "Athens Greece Oslo Norway\na b c d"]
)
def test_analogies(tmp_path, text):
    found = gold(tmp_path, text, "questions.txt")
    assert isinstance(found, Analogies)
    assert found.analogies == [("Athens", "Greece", "Oslo", "Norway"), ("a", "b", "c", "d")]
    sections = [found.section(i) for i in range(len(found.sections))]
    assert sections in (
        [("capitals", range(0, 1)), ("more", range(1, 2))],
        [("questions", range(0, 2))],
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("# only a comment\n", "is empty"),
        ("one\ttwo\n", "is not a gold set"),
        ("a\tb\tc\n", "is not a gold set"),
        ("a\tb\t1\nc\td\nc\td\t3\n", "line 2: wanted a score in column 3"),
        ("a\tb\t1\nc\td\tnan\nc\td\t3\n", "line 2: wanted a score"),
        ("a\tb\t8.x\nc\td\t2\n", "line 1: wanted a score"),
        ("a\tb\tnan\nc\td\t2\n", "line 1: wanted a score"),
        ("a\tb\n\nc\td\t2\n", "line 1: wanted a score"),
        (": section\na b c\n", "line 2: got 3 words, wanted the four"),
        (": section\n", "only section names"),
    ],
)
def test_errors_name_the_line(tmp_path, text, message):
    with pytest.raises(SgnsError, match=r"set\.tsv") as caught:
        gold(tmp_path, text)
    assert message in str(caught.value)


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(SgnsError, match=r"Cannot read .*nothing"):
        read_gold(tmp_path / "nothing.tsv")
    (tmp_path / "latin.tsv").write_bytes("caf\u00e9\tth\u00e9\t1\n".encode("latin1"))
    with pytest.raises(SgnsError, match="not UTF-8: byte 3"):
        read_gold(tmp_path / "latin.tsv")


def test_two_files_of_one_name_are_an_error(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "set.tsv").write_text("a\tb\t1\n")
    with pytest.raises(SgnsError, match="Two gold sets have the name set"):
        read_sets([tmp_path / "a" / "set.tsv", tmp_path / "b" / "set.tsv"])
