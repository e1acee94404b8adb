"""The page of a sequence: well-formed, self-contained, safe for any words, and its plot of trajectories."""

from xml.etree import ElementTree

import numpy as np
import pytest

from spacy_sgns.comparison.compare import compare
from spacy_sgns.comparison.plot_frame import NARROW, WIDE
from spacy_sgns.comparison.sequence_page import sequence_page, write_sequence_page
from spacy_sgns.comparison.trajectories import trajectories_svg
from spacy_sgns.drawing.text import printable
from spacy_sgns.errors import SgnsError
from spacy_sgns.vectors.word_vectors import WordVectors
from tests.comparison.test_page import HOSTILE, elements

YEARS = ("2014", "2015", "2016", "2017", "2018")


@pytest.fixture
def hostile(slices):
    words = [*HOSTILE, *slices[0].words[len(HOSTILE) :]]
    sides = [WordVectors(words, side.rows, counts=side.counts) for side in slices]
    return compare(*sides, words=HOSTILE, names=("<i>one", "two&", '"', "</svg>", "\x1b[31m"))


def test_it_is_well_formed_shows_words_as_text_and_requests_nothing(hostile):
    text = sequence_page(hostile)
    tree = ElementTree.fromstring(text)
    assert ["".join(heading.itertext()) for heading in tree.iter("h3")] == [printable(word) for word in HOSTILE]
    assert {element.tag for element in tree.iter()}.isdisjoint({"script", "img", "i", "b", "link"})
    assert {name for element in tree.iter() for name in element.attrib}.isdisjoint({"src", "href", "onload", "data"})
    assert "default-src 'none'" in text and "url(" not in text and "@import" not in text


def test_it_shows_the_numbers(slices):
    found = compare(*slices, n=5, names=YEARS)
    moved, steps, *trajectories = elements(sequence_page(found), "table")
    cells = [["".join(cell.itertext()) for cell in row] for row in moved.find("tbody")]
    assert [row[0] for row in cells] == [one.word for one in found.moved]
    assert [row[5:] for row in cells] == [[f"{step.displacement:.3f}" for step in one.steps] for one in found.moved]
    rows = [["".join(cell.itertext()) for cell in row] for row in steps.find("tbody")]
    assert [row[0] for row in rows] == ["2014 to 2015", "2015 to 2016", "2016 to 2017", "2017 to 2018"]
    best = found.moved_by_step[1][0]
    assert rows[1][1].startswith(f"{best.word} {best.robust_z:.1f}, ")
    last = ["".join(cell.itertext()) for cell in trajectories[0].find("tbody")[-1]]
    one = found.queries[0]
    assert last[:4] == ["2018", f"{one.counts[-1]:,}", f"{one.from_first[-1]:.3f}", f"{one.steps[-1].displacement:.3f}"]
    assert last[4] == ", ".join(word for word, _ in one.neighbours[-1]) and len(trajectories) == 5


@pytest.mark.parametrize("frame", [WIDE, NARROW])
def test_a_line_and_a_label_for_each_word_within_the_picture(slices, frame):
    found = compare(*slices, n=10, names=YEARS)
    svg = ElementTree.fromstring(trajectories_svg(found.queries, YEARS, frame))
    lines = list(svg.iter("polyline"))
    assert len(lines) == 10 and all(len(line.get("points").split()) == 5 for line in lines)
    names = {name.text: float(name.get("x")) for name in svg.iter("text") if name.get("class") == "name"}
    assert set(names) == {one.word for one in found.queries}
    assert all(x + 7.5 * len(word) <= frame.width for word, x in names.items())
    points = [[float(number) for number in point.split(",")] for line in lines for point in line.get("points").split()]
    assert np.all(np.array(points) >= 0) and np.all(np.array(points) <= (frame.width, frame.height - frame.bottom))
    titles = [title.text for title in svg.iter("title")]
    one = found.queries[0]
    assert f"{one.word}, 2016: displacement {one.from_first[2]:.3f}" in titles
    styles = [group.get("class") for group in svg.iter("g")]
    assert len(set(styles)) == 10  # the ninth has the colour of the first, and is dashed


@pytest.mark.parametrize("frame", [WIDE, NARROW])
def test_names_of_many_sides_do_not_touch(slices, frame):
    names = [f"a long name {i}" for i in range(15)]
    found = compare(*slices, *slices, *slices, names=names)
    svg = ElementTree.fromstring(trajectories_svg(found.queries, names, frame))
    shown = [float(text.get("x")) for text in svg.iter("text") if text.text.startswith("a long name")]
    assert 1 < len(shown) < 15 and np.diff(shown).min() >= 7.5 * 14


def test_pages_are_reproducible_and_never_incomplete(slices, tmp_path):
    for name in ("a.html", "b.html"):
        write_sequence_page(compare(*slices), tmp_path / name)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    with pytest.raises(SgnsError, match="Cannot write"):
        write_sequence_page(compare(*slices), tmp_path / "nowhere" / "a.html")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "b.html"]


def test_a_notebook_shows_the_words_that_moved_most(hostile):
    tree = ElementTree.fromstring(f"<div>{hostile._repr_html_()}</div>")
    words = ["".join(row[0].itertext()) for row in tree.find(".//tbody")]
    assert words == [printable(one.word) for one in hostile.moved]
    assert {element.tag for element in tree.iter()}.isdisjoint({"script", "img", "i", "b", "link"})
