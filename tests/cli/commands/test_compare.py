"""`sgns compare`."""

import json
import sys
from itertools import pairwise

import numpy as np
import pytest

from spacy_sgns.vectors.word_vectors import WordVectors
from tests.cli.typed import WORDS


@pytest.fixture
def other(trained, place):
    """Vectors of the same words and one more, turned, one of them put elsewhere; without counts."""
    vectors = WordVectors.load(trained)
    rows = vectors.rows[:, ::-1].copy()
    rows[vectors.row_of["gotin"]] *= -1
    WordVectors([*vectors.words, "<b>new</b>"], np.vstack([rows, rows[:1]])).save(place / "other.vec")
    return "other.vec"


def tables(text):
    """The tables of an output, by the first word of their header, as lists of rows of cells."""
    found = {}
    for block in text.split("\n\n"):
        lines = block.splitlines()
        if len(lines) > 1 and set(lines[1]) <= {"-", " "}:
            edges = np.cumsum([0, *(len(part) + 2 for part in lines[1].split("  "))])
            cells = [[line[a:b].strip() for a, b in pairwise(edges)] for line in lines]
            found.setdefault(cells[0][0], []).append([cells[0], *cells[2:]])
    return found


def test_tables_of_what_moved_of_neighbours_and_of_words_of_one_side(sgns, trained, other):
    result = sgns("compare", trained, other, "-n", "3")
    assert result.exit_code == 0
    assert result.stdout.startswith("out has 20 words, other.vec has 21 words; 20 are in both, and 20 of these are")
    assert "bootstrap interval over the words that the alignment is fitted on" in result.stdout
    assert result.stderr.count("Warning: ") == 2 and "Counts are unknown for other.vec" in result.stderr
    found = tables(result.stdout)
    [moved] = found["moved most"]
    assert moved[1][0] == "gotin" and int(moved[1][6]) > 0 and moved[1][7] == "-"
    assert len(moved) == 1 + 3 and len(found["out"]) == 3
    [only] = found["only in out"]
    assert only[1:] == [["", "", "<b>new</b>", "-"]]


def test_words_that_are_asked_for_side_by_side(sgns, trained, other):
    result = sgns("compare", trained, other, "--words", "bamon, gotin", "-n", "4")
    first, second = tables(result.stdout)["out"]
    expected = WordVectors.load(trained).most_similar("bamon", n=4, among=WORDS)
    assert [row[0].removesuffix(" *") for row in first[1:]] == [word for word, _ in expected]
    assert [row[1] for row in first[1:]] == [f"{cosine:.3f}" for _, cosine in expected]
    whole = WordVectors.load(other).most_similar("gotin", n=4)
    assert [row[5] for row in second[1:]] == [word for word, _ in whole]
    both = {row[0] for row in first[1:]} & {row[2] for row in first[1:]}
    assert both == {cell for row in first[1:] for cell in row[:4] if cell.endswith("*")}
    assert f"bamon: overlap {len(both) / (8 - len(both)):.2f} ({len(both)} of 4 on both sides)" in result.stdout


def test_json_holds_the_same(sgns, trained, other):
    shown = tables(sgns("compare", trained, other, "--words", "bamon").stdout)
    result = sgns("compare", trained, other, "--words", "bamon", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    values = json.loads(result.stdout)
    assert (values["a"]["words"], values["b"]["words"], values["shared"]) == (20, 21, 20)
    [moved], [neighbours] = shown["moved most"], shown["out"]
    assert [row[:2] for row in moved[1:]] == [[one["word"], f"{one['displacement']:.3f}"] for one in values["moved"]]
    [one] = values["neighbours"]
    assert [row[3] for row in neighbours[1:]] == [f"{cosine:.3f}" for _, cosine in one["compared"]["b"]]
    assert values["b"]["only"] == [{"word": "<b>new</b>", "count": None}]
    assert len(values["notes"]) == 2


def test_neighbours_of_three_words_unless_more_are_asked_for(sgns, trained, other):
    short = sgns("compare", trained, other)
    assert len(tables(short.stdout)["out"]) == 3
    assert "\nNeighbours of all 10 words: --tables 10\n" in short.stdout
    assert len(json.loads(sgns("compare", trained, other, "--json").stdout)["neighbours"]) == 10
    more = sgns("compare", trained, other, "--tables", "10").stdout
    assert len(tables(more)["out"]) == 10 and "--tables" not in more
    none = sgns("compare", trained, other, "--tables", "0").stdout
    assert "out" not in tables(none) and "is a neighbour" not in none
    asked = sgns("compare", trained, other, "--words", ",".join(WORDS[:5])).stdout
    assert len(tables(asked)["out"]) == 5 and "--tables" not in asked


def test_unknown_words_are_named_and_the_others_answered(sgns, trained, other):
    result = sgns("compare", trained, other, "--words", "gotinn,bamon,zzz")
    assert result.exit_code == 0 and len(tables(result.stdout)["out"]) == 1 and "\nbamon: overlap" in result.stdout
    assert "Warning: No vector for 'gotinn' in out and other.vec. Did you mean gotin" in result.stderr
    assert "Warning: No vector for 'zzz' in out and other.vec." in result.stderr
    refused = sgns("compare", trained, other, "--words", "gotinn,bamon", "--strict")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Error: No vector for 'gotinn' in out and other.vec. Did you mean gotin")


def test_a_picture_is_replaced_only_by_force(sgns, trained, other, place):
    (place / "mine.html").write_text("mine")
    refused = sgns("compare", trained, other, "--to", "mine.html")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == "Error: mine.html exists. Choose another name, or replace it with --force.\n"
    assert (place / "mine.html").read_text() == "mine"
    assert sgns("compare", trained, other, "--to", "mine.html", "--force").exit_code == 0
    assert (place / "mine.html").read_text().startswith("<!DOCTYPE html>")


def test_three_pipelines_in_their_order(sgns, trained, other, place):
    WordVectors.load(trained).save(place / "back.vec")
    result = sgns("compare", trained, other, "back.vec", "--words", "gotin,zzz")
    assert result.exit_code == 0
    assert result.stdout.startswith("Words: out 20, other.vec 21, back.vec 20; 20 are in all 3, and 20 are compared.")
    assert "Warning: No vector for 'zzz' in out and other.vec and back.vec." in result.stderr
    found = tables(result.stdout)
    [moved], [steps], [side] = found["moved most"], found["step"], found["side"]
    assert moved[0][1:] == ["displacement", "peer median", "percentile", "robust z", "to other.vec", "to back.vec"]
    assert {row[1] for row in moved[1:]} == {"0.000"} and len(moved) == 1 + 10  # the last is the first
    assert [row[0] for row in steps[1:]] == ["out to other.vec", "other.vec to back.vec"]
    assert all(row[1].startswith("gotin ") for row in steps[1:])
    assert [row[0] for row in side[1:]] == ["out", "other.vec", "back.vec"]
    assert [row[2] for row in side[1:]][::2] == ["0.000", "0.000"] and float(side[2][2]) > 0.5
    nearest = WordVectors.load(trained).most_similar("gotin", n=5)
    assert side[1][4].split(", ") == [word for word, _ in nearest]


def test_three_pipelines_as_json(sgns, trained, other):
    result = sgns("compare", trained, other, trained, "--json", "-n", "2")
    assert (result.exit_code, result.stderr) == (0, "")
    values = json.loads(result.stdout)
    assert [side["name"] for side in values["sides"]] == [str(trained), other, str(trained)]
    assert values["steps"][0]["moved"][0]["word"] == "gotin" and len(values["trajectories"]) == 2


def test_trajectories_of_three_words_unless_more_are_asked_for(sgns, trained, other):
    short = sgns("compare", trained, other, "other.vec").stdout
    assert len(tables(short)["side"]) == 3 and "\nNeighbours of all 10 words: --tables 10\n" in short
    assert len(tables(sgns("compare", trained, other, "other.vec", "--tables", "10").stdout)["side"]) == 10


@pytest.mark.parametrize("names", [("other.vec",), ("other.vec", "back.vec")])
def test_vectors_in_the_common_space(sgns, trained, other, place, names):
    WordVectors.load(trained).save(place / "back.vec")
    result = sgns("compare", trained, *names, "--save-aligned", "aligned", "--ending", ".bin")
    assert result.exit_code == 0 and result.stdout.endswith("\nWrote aligned\n")
    files = ["out.bin", *(name.replace(".vec", ".bin") for name in names)]
    assert sorted(path.name for path in (place / "aligned").iterdir()) == sorted(files)
    first, second = (WordVectors.load(place / "aligned" / name) for name in files[:2])
    unit = [side.rows / np.linalg.norm(side.rows, axis=1, keepdims=True) for side in (first, second)]
    cosines = dict(zip(first.words, np.vecdot(unit[0], unit[1][:20]), strict=True))
    assert min(cosines, key=cosines.get) == "gotin" and cosines["bamon"] > 0.8
    before = (place / "aligned" / "out.bin").read_bytes()
    again = sgns("compare", trained, *names, "--save-aligned", "aligned", "--ending", ".bin")
    assert (again.exit_code, again.stdout) == (1, "")
    assert "aligned/out.bin exists. Choose another name, or replace it with --force." in again.stderr
    assert sgns("compare", trained, *names, "--save-aligned", "aligned", "--ending", "bin", "--force").exit_code == 0
    assert (place / "aligned" / "out.bin").read_bytes() == before


@pytest.mark.parametrize("ending", [".html", ".png", ".svg", ".pdf"])
def test_a_picture(sgns, trained, other, place, ending):
    if ending != ".html":
        pytest.importorskip("matplotlib")
    result = sgns("compare", trained, other, "--to", f"picture{ending}")
    assert result.exit_code == 0 and result.stdout.endswith(f"\nWrote picture{ending}\n")
    content = (place / f"picture{ending}").read_bytes()
    assert len(content) > 5000 and b"<b>new</b>" not in content
    as_json = sgns("compare", trained, other, "--to", f"again{ending}", "--json")
    assert json.loads(as_json.stdout) and (place / f"again{ending}").read_bytes() == content


@pytest.mark.parametrize("ending", [".html", ".svg"])
def test_a_picture_of_three_pipelines(sgns, trained, other, place, ending):
    if ending != ".html":
        pytest.importorskip("matplotlib")
    result = sgns("compare", trained, other, "other.vec", "--words", "gotin", "--to", f"picture{ending}")
    assert result.exit_code == 0 and result.stdout.endswith(f"\nWrote picture{ending}\n")
    assert len((place / f"picture{ending}").read_bytes()) > 5000


def test_two_pipelines_of_the_same_name_are_called_by_their_paths(sgns, trained):
    output = sgns("compare", trained, trained).stdout
    assert output.startswith(f"{trained} has 20 words") and "only in" not in output


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "Missing argument 'B'"),
        (("nowhere",), 1, "There is no pipeline or file nowhere"),
        (("strange.vec",), 1, "No word is on both sides, so there is nothing to compare: out has"),
        (("other.vec", "--words", "gotinn"), 1, "No vector for 'gotinn' in out and other.vec. Did you mean gotin"),
        (("other.vec", "--words", " , "), 2, "--words must be words separated by commas"),
        (("other.vec", "--n", "0"), 2, "n must be a whole number from 1, got 0"),
        (("other.vec", "--min-count", "0"), 2, "min_count must be a whole number from 1, got 0"),
        (("other.vec", "--min-count", "9999"), 1, "of 20 shared words, 0 do. Lower --min-count"),
        (("other.vec", "--to", "picture.gif"), 2, "must end in one of .html, .png, .svg, .pdf; got 'picture.gif'"),
        (("other.vec", "--to", "no/such/place.html"), 1, "Cannot write no/such/place.html"),
        (("other.vec", "--mincount", "5"), 2, "--min-count"),
        (("other.vec", "--save-aligned", "new", "--ending", ".xyz"), 1, "No format has the ending of vectors.xyz"),
        (("other.vec", "--to", "a.html", "--save-aligned", "a.html"), 2, "--to and --save-aligned must differ"),
        (("other.vec", "--save-aligned", "other.vec"), 1, "other.vec is a file. Give the path of a folder."),
        (("other.vec", "strange.vec"), 1, "No word is on all 3 sides, so there is nothing to compare: out has"),
        (("other.vec", "nowhere"), 1, "There is no pipeline or file nowhere"),
    ],
)
def test_what_is_wrong_is_said(sgns, trained, other, place, arguments, code, said):
    (place / "strange.vec").write_text("2 2\nx 1 2\ny 2 1\n")
    before = sorted(place.iterdir())
    result = sgns("compare", trained, *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr and "Traceback" not in result.stderr
    assert sorted(place.iterdir()) == before


def test_without_matplotlib_it_is_said_before_anything_is_read(sgns, trained, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    result = sgns("compare", trained, "nowhere", "--to", "a.svg")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "python -m pip install matplotlib" in result.stderr


def test_words_may_be_given_several_times(sgns, trained, other):
    at_once = sgns("compare", trained, other, "--words", "bamon,gotin,derak", "--json")
    assert at_once.exit_code == 0
    assert (
        sgns("compare", trained, other, "--words", "bamon,gotin", "--words", "derak", "--json").stdout == at_once.stdout
    )
