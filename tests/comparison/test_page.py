"""The comparison page: well-formed, self-contained, and safe for any words."""

from xml.etree import ElementTree

import numpy as np
import pytest

from spacy_sgns.comparison.compare import compare
from spacy_sgns.comparison.page import page, write_page
from spacy_sgns.comparison.plot_frame import NARROW, WIDE
from spacy_sgns.comparison.scatter import scatter_svg
from spacy_sgns.drawing.text import printable
from spacy_sgns.errors import SgnsError
from spacy_sgns.vectors.word_vectors import WordVectors

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=//x>',
    "&amp;",
    "a\x00b\x1b[31m",
    "\u202ella",
    "\ud800",
    "]]>",
    "$x_",
    "'",
]


@pytest.fixture
def hostile(pair):
    words = [*HOSTILE, *pair[0].words[len(HOSTILE) :]]
    sides = [WordVectors([*words, f"<b>{i}"], np.vstack([side.rows, side.rows[:1]])) for i, side in enumerate(pair)]
    return compare(*sides, words=HOSTILE, names=("<i>one", "two&"))


def elements(text, kind):
    return list(ElementTree.fromstring(text).iter(kind))


def test_it_is_well_formed_and_shows_words_as_text(hostile):
    text = page(hostile)
    headings = ["".join(heading.itertext()) for heading in elements(text, "h3")]
    assert headings == [printable(word) for word in HOSTILE]
    assert ["".join(heading.itertext()) for heading in elements(text, "h1")] == ["<i>one and two&"]
    assert {element.tag for element in ElementTree.fromstring(text).iter()}.isdisjoint(
        {"script", "img", "b", "i", "link"}
    )
    assert "<b>0" in {"".join(word.itertext()) for word in elements(text, "bdi")}


def test_it_requests_nothing(hostile):
    text = page(hostile)
    tree = ElementTree.fromstring(text)
    names = {name for element in tree.iter() for name in element.attrib}
    assert names.isdisjoint({"src", "href", "onload", "onclick", "action", "data"})
    assert "url(" not in text and "@import" not in text and "http" not in text.replace("http-equiv", "")
    assert "default-src 'none'" in text


def test_it_shows_the_numbers(pair):
    found = compare(*pair, n=5)
    tables = [["".join(cell.itertext()) for cell in table.iter("td")] for table in elements(page(found), "table")]
    moved = tables[0]
    assert moved[0::8] == [one.word for one in found.moved]
    assert moved[1::8] == [f"{one.displacement:.3f}" for one in found.moved]
    assert moved[6::8] == [f"{one.counts[0]:,}" for one in found.moved]
    assert len(tables) == 1 + 2 * 5  # no table of words on one side only
    assert tables[1][0] == found.neighbours[0].compared[0][0][0]


def test_a_point_for_each_word_and_labels_for_those_that_moved(pair):
    found = compare(*pair, n=5)
    text = page(found)
    assert [len(list(svg.iter("circle"))) for svg in elements(text, "svg")] == [400, 400]  # wide, and for phones
    titles = [title.text for title in elements(text, "title")]
    first = found.moved[0]
    assert f"{first.word}: displacement {first.displacement:.3f}, percentile {first.percentile:.1f}" in titles
    for svg in elements(text, "svg"):
        names = [name.text for name in svg.iter("text") if name.get("class") == "name"]
        assert sorted(names) == sorted(one.word for one in found.moved)


@pytest.mark.parametrize("frame", [WIDE, NARROW])
def test_points_and_labels_are_within_the_picture(pair, frame):
    for found in (compare(*pair), compare(pair[0], pair[0])):
        for circle in elements(scatter_svg(found.displacements, ["w003"], frame), "circle"):
            assert 0 <= float(circle.get("cx")) <= frame.width and 0 <= float(circle.get("cy")) <= frame.height - 40
    long = [f"{word}{'x' * 20}" for word in pair[0].words]
    found = compare(*(WordVectors(long, side.rows, counts=side.counts) for side in pair))
    svg = scatter_svg(found.displacements, [long[0], long[399]], frame)  # at the right and at the left edge
    right, left = (next(name for name in elements(svg, "text") if name.text == word) for word in (long[0], long[399]))
    assert (right.get("text-anchor"), left.get("text-anchor")) == ("end", None)
    assert float(right.get("x")) <= frame.width and float(left.get("x")) + 24 * 7 <= frame.width


def test_tick_labels_do_not_touch(pair):
    vectors = [WordVectors(side.words, side.rows, counts=side.counts * 50) for side in pair]
    found = compare(*vectors, min_count=1)
    svg = ElementTree.fromstring(scatter_svg(found.displacements, [], NARROW))
    ticks = [float(tick.get("x")) for tick in svg.iter("text") if tick.text.replace(",", "").isdecimal()]
    assert len(ticks) >= 3 and np.diff(ticks).min() >= 36


@pytest.mark.parametrize("frame", [WIDE, NARROW])
def test_a_sample_of_very_many_words_is_drawn(frame):
    rows = np.random.default_rng(0).normal(size=(frame.max_points + 500, 3))
    vectors = WordVectors([f"w{i}" for i in range(len(rows))], rows, counts=np.full(len(rows), 30))
    drawn = elements(scatter_svg(compare(vectors, vectors).displacements, ["w1"], frame), "circle")
    assert frame.max_points <= len(drawn) <= frame.max_points + 1


def test_a_table_of_many_columns_is_a_list_of_cards_on_a_phone(pair):
    text = page(compare(*pair, n=2))
    cards, *others = elements(text, "table")
    labels = [cell.get("data-label") for cell in cards.find("tbody")[0]]
    assert cards.get("class") == "cards" and labels[:3] == [None, "displacement", "95 %"]
    assert all(table.get("class") is None and len(list(table.find("tbody")[0])) <= 4 for table in others)
    assert "@media (max-width: 40rem)" in text


def test_pages_are_reproducible_and_never_incomplete(pair, tmp_path):
    for name in ("a.html", "b.html"):
        write_page(compare(*pair), tmp_path / name)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    with pytest.raises(SgnsError, match="Cannot write"):
        write_page(compare(*pair), tmp_path / "nowhere" / "a.html")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "b.html"]


def test_a_notebook_shows_the_words_that_moved_most(hostile):
    tree = ElementTree.fromstring(f"<div>{hostile._repr_html_()}</div>")
    words = ["".join(row[0].itertext()) for row in tree.find(".//tbody")]
    assert words == [printable(one.word) for one in hostile.moved]
    assert {element.tag for element in tree.iter()}.isdisjoint({"script", "img", "i", "b", "link"})
