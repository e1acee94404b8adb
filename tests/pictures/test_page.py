"""A word map as an HTML page."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_sgns.errors import SgnsError
from spacy_sgns.pictures.page import as_json, page, write_page


class Elements(HTMLParser):
    """The elements of a page: their names, attributes and texts."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.found, self.texts, self.inside = [], {}, None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self.inside = tag, dict(attrs).get("id")

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        self.texts[self.inside] = self.texts.get(self.inside, "") + data


def embedded(text):
    return json.loads(Elements(text).texts["script", "data"])


def test_the_embedded_data(drawn):
    data = embedded(page(drawn))
    assert data["words"] == drawn.words and data["counts"] == drawn.counts.tolist()
    assert data["title"] == drawn.title and data["groups"] == drawn.grouping.names
    np.testing.assert_allclose(data["points"], drawn.points, atol=1e-4)
    assert [word for word, _ in data["neighbours"][0]] == [word for word, _ in drawn.neighbours[0]]
    assert data["neighbours"][0][0][1] == pytest.approx(drawn.neighbours[0][0][1], abs=1e-4)


def test_hostile_words_stay_words(hostile, drawn):
    text = page(hostile)
    assert embedded(text)["words"] == hostile.words
    assert [tag for tag, _ in Elements(text).found] == [tag for tag, _ in Elements(page(drawn)).found]
    assert not any(word in text for word in ("日本語", "\u2028", "\u202e"))
    assert "alert(1)</script>" not in text


@given(st.text())
def test_json_has_no_special_character_of_html_and_is_read_back_unchanged(text):
    written = as_json([text])
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == [text]


def test_nothing_is_requested_from_the_network(drawn):
    text = page(drawn)
    elements = Elements(text)
    links = [attrs for _, attrs in elements.found if {"src", "href", "action", "data"} & attrs.keys()]
    assert [attrs["href"] for attrs in links] == ["data:,"]
    assert not re.search(r"https?:|//\w|@import|url\(|fetch\(|XMLHttpRequest|import\(", text)


def test_the_policy_allows_its_own_script_and_style_only(drawn):
    elements = Elements(page(drawn))
    [policy] = [attrs["content"] for _, attrs in elements.found if attrs.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    for name, text in (("script", elements.texts["script", None]), ("style", elements.texts["style", None])):
        assert rules[f"{name}-src"] == f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_the_same_map_gives_the_same_bytes(drawn, tmp_path):
    for name in ("a.html", "b.html"):
        assert write_page(replace(drawn), tmp_path / name) == []
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert b"\r" not in (tmp_path / "a.html").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "b.html"]


def test_an_unwritable_path_is_an_error(drawn, tmp_path):
    with pytest.raises(SgnsError, match="Cannot write"):
        write_page(drawn, tmp_path / "nowhere" / "x.html")
