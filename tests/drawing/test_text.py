"""Text made safe to draw."""

from html import unescape
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_sgns.drawing.text import MAX_LABEL_CHARS, escaped, label, printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("word", "word"),
        ("New  York\n", "New York"),
        ("a\u202eb", "ab"),
        ("a\x00b", "a\ufffdb"),
        ("\ud800", "\ufffd"),
        ("क्‍ष", "क्‍ष"),
        ("x" * 99, "x" * (MAX_LABEL_CHARS - 1) + "…"),
    ],
)
def test_a_label_is_one_printable_line(text, expected):
    assert label(text) == expected


@given(st.text())
def test_any_word_has_a_label_that_can_be_written(text):
    found = label(text)
    assert len(found) <= MAX_LABEL_CHARS and "\n" not in found
    found.encode("utf8")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("love", "love"), ("a\x1bb", "a\ufffdb"), ("می\u200cخواهم", "می\u200cخواهم"), ("\ud800", "\ufffd")],
)
def test_printable(text, expected):
    assert printable(text) == expected


@given(st.text())
def test_escaped_text_is_text_in_xml(text):
    found = escaped(text)
    assert unescape(found) == printable(text)
    assert "".join(ElementTree.fromstring(f"<a>{found}</a>").itertext()) == printable(text)
