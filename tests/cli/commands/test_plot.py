"""`sgns plot`."""

import json
import re
import shutil
import sys

import pytest

from spacy_sgns.vectors.word_vectors import WordVectors
from tests.cli.typed import WORDS, tree


def data(page):
    return json.loads(re.search(r'id="data">(.*?)</script>', page.read_text())[1])


@pytest.mark.parametrize("ending", ["png", "svg", "html"])
def test_the_ending_says_the_kind_and_the_seed_the_bytes(sgns, trained, place, ending):
    for name in "ab":
        result = sgns("plot", trained, f"{name}.{ending}", "--seed", "3")
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout.startswith(f"Wrote a map of 20 words to {name}.{ending}\n")
    assert (place / f"a.{ending}").read_bytes() == (place / f"b.{ending}").read_bytes()
    assert tree(place) == sorted(["corpus.txt", f"a.{ending}", f"b.{ending}"])


def test_the_most_frequent_words(sgns, trained, place):
    assert sgns("plot", trained, "x.html", "--top", "7", "--method", "pca", "--clusters", "2").exit_code == 0
    shown = data(place / "x.html")
    assert shown["words"] == WordVectors.load(trained).words[:7]
    assert shown["title"] == "The 7 most frequent words of out"
    assert shown["note"].startswith("PCA of 8 dimensions") and len(shown["groups"]) == 2


def test_words_and_their_neighbours(sgns, trained, place):
    result = sgns("plot", trained, "x.html", "--words", "bamon, GOTIN", "-n", "3", "--method", "pca")
    assert (result.exit_code, result.stderr) == (0, "")
    shown = data(place / "x.html")
    vectors = WordVectors.load(trained)
    expected = {word for given in ("bamon", "gotin") for word, _ in vectors.most_similar(given, n=3)}
    assert (shown["queries"], shown["words"][:2]) == (2, ["bamon", "gotin"])
    assert set(shown["words"]) == expected | {"bamon", "gotin"} and len(shown["words"]) == len(set(shown["words"]))


def test_groups_of_a_file(sgns, trained, place):
    (place / "groups.tsv").write_text("".join(f"{word}\t{word[:2]}\n" for word in WORDS[:12]) + "other\tzz\n")
    assert sgns("plot", trained, "x.html", "--groups", "groups.tsv").exit_code == 0
    shown = data(place / "x.html")
    assert shown["groups"] == ["ba", "de", "fi"]
    for word, of in zip(shown["words"], shown["groupOf"], strict=True):
        assert (shown["groups"][of] if of >= 0 else None) == (word[:2] if word in WORDS[:12] else None)


def test_files_for_the_projector(sgns, trained, place):
    result = sgns("plot", trained, "x.tsv", "--top", "5")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "Wrote a map of 5 words to x.tsv")
    assert "x.metadata.tsv" in result.stdout
    assert len((place / "x.tsv").read_text().splitlines()) == 5
    assert (place / "x.metadata.tsv").read_text().startswith("word\tcount\n")


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_how_training_went(sgns, trained, place, ending):
    result = sgns("plot", "--loss", trained, f"x.{ending}")
    assert (result.exit_code, result.stdout) == (0, f"Wrote the loss curve to x.{ending}\n")
    assert (place / f"x.{ending}").stat().st_size > 1000


def test_a_picture_that_is_there_is_replaced(sgns, trained, place):
    (place / "x.svg").write_text("before")
    assert sgns("plot", trained, "x.svg", "--method", "pca").exit_code == 0
    assert "</svg>" in (place / "x.svg").read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("x.gif",), 2, "must end in one of .png, .svg, .html, .tsv; got"),
        (("x",), 2, "must end in one of .png, .svg, .html, .tsv; got"),
        (("x.html", "--loss"), 2, "must end in one of .png, .svg; got"),
        (("x.png", "--loss", "--top", "0"), 2, "Leave out --top"),
        (("x.png", "--loss", "--words", "bamon"), 2, "Leave out --words"),
        (("x.png", "--words", "bamon,gotinn"), 1, "No vector for 'gotinn'. Did you mean gotin"),
        (("x.png", "--words", " , "), 2, "--words must be words separated by commas, got ' , '"),
        (("x.png", "--words", "bamon", "-n", "0"), 2, "n must be a whole number from 1"),
        (("x.png", "--words", "bamon", "-n", "1"), 1, "A map needs at least 3 words, got 2"),
        (("x.png", "--words", "bamon", "--top", "5"), 2, "Give either --top (the most frequent words) or --words"),
        (("x.png", "--top", "0"), 2, "top must be at least 1, got 0"),
        (("x.png", "--top", "2"), 1, "A map needs at least 3 words, got 2"),
        (("x.png", "--method", "tnse"), 2, "Did you mean tsne?"),
        (("x.png", "--clusters", "0"), 2, "clusters must be from 1 to 32, got 0"),
        (("x.png", "--seed", "-1"), 2, "seed must be from 0 to 4294967295, got -1"),
        (("x.png", "--groups", "nothing.tsv"), 1, "Cannot read nothing.tsv"),
        (("x.png", "--groups", "corpus.txt"), 1, "corpus.txt, line 1: wanted a word, a tab and a group"),
        (("nowhere/x.png",), 1, "Cannot write nowhere/x.png"),
        (("folder.png",), 1, "Cannot write folder.png"),
        (("x.png", "--tpo", "3"), 2, "Did you mean --top?"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_left(sgns, trained, place, arguments, code, said):
    (place / "folder.png").mkdir()
    result = sgns("plot", trained, *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr and "Traceback" not in result.stderr
    assert tree(place) == ["corpus.txt", "folder.png"]


def test_no_report_no_curve(sgns, trained, place):
    WordVectors.load(trained).save("x.vec")
    for source in ("x.vec", "corpus.txt", "nowhere"):
        result = sgns("plot", source, "x.png", "--loss")
        assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
        assert "has no training report" in result.stderr


@pytest.mark.parametrize("report", ["{}", "[]", "{", '{"epochs": []}', '{"epochs": 3}', '{"epochs": [{}]}'])
def test_a_damaged_report_is_said_to_be(sgns, trained, place, report):
    shutil.copytree(trained, place / "copy")
    (place / "copy" / "sgns" / "report.json").write_text(report)
    result = sgns("plot", "copy", "x.png", "--loss")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert "of training" in result.stderr and not (place / "x.png").exists()


def test_without_the_extra_a_page_by_pca_still_works(sgns, trained, place, monkeypatch):
    for name in [n for n in sys.modules if n.partition(".")[0] in ("matplotlib", "sklearn")] + [
        "matplotlib",
        "sklearn",
    ]:
        monkeypatch.setitem(sys.modules, name, None)
    for arguments in (("x.html",), ("x.png", "--method", "pca"), ("x.png", "--loss")):
        result = sgns("plot", trained, *arguments)
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
        assert "pip install 'spacy-sgns[plot]'" in result.stderr
    result = sgns("plot", trained, "x.html", "--method", "pca")
    assert result.exit_code == 0 and "No clusters, so all words have one colour" in result.stdout
    assert data(place / "x.html")["groups"] == []
    assert sgns("plot", trained, "x.tsv").stdout.count("No clusters") == 0
    assert tree(place) == ["corpus.txt", "x.html", "x.metadata.tsv", "x.tsv"]
