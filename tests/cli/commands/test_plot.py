"""`sgns plot`."""

import json
import re
import sys

import numpy as np
import pytest
import spacy

from spacy_sgns.vectors.word_vectors import WordVectors
from tests.cli.typed import WORDS, tree


def data(page):
    return json.loads(re.search(r'id="data">(.*?)</script>', page.read_text())[1])


@pytest.mark.parametrize("ending", ["png", "svg", "pdf", "html", "tsv"])
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
    result = sgns("plot", trained, "x.projector.tsv", "--top", "5")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "Wrote a map of 5 words to x.projector.tsv")
    assert "x.projector.metadata.tsv" in result.stdout
    assert len((place / "x.projector.tsv").read_text().splitlines()) == 5
    assert (place / "x.projector.metadata.tsv").read_text().startswith("word\tcount\tcluster\n")


def test_files_for_the_projector_have_all_words(sgns, place):
    words = ["the", *(f"word{i}" for i in range(400))]
    WordVectors(words, np.random.default_rng(0).standard_normal((401, 3))).save("x.vec")
    assert sgns("plot", "x.vec", "x.projector.tsv").stdout.startswith("Wrote a map of 401 words")
    assert sgns("plot", "x.vec", "y.projector.tsv", "--drop", "stop", "--lang", "en").exit_code == 0
    first = [(place / f"{name}.projector.metadata.tsv").read_text().split("\n")[1].split("\t")[0] for name in "xy"]
    assert first == ["the", "word0"]


def test_the_clusters_as_data(sgns, trained, place):
    result = sgns("plot", trained, "x.tsv", "--top", "7", "--clusters", "3")
    assert (result.exit_code, result.stdout) == (0, "Wrote a map of 7 words to x.tsv\n")
    header, *lines = (place / "x.tsv").read_text().splitlines()
    assert (header, len(lines)) == ("word\tcount\tcluster\tx\ty", 7)
    assert len({line.split("\t")[2] for line in lines}) == 3


@pytest.fixture
def english(place):
    """A pipeline without its lexical data, and a file, whose frequent words are English stop words."""
    words = ["the", "of", ",", "and", "rabbit", "it", "queen", "to", "hatter", "she", "garden", "was", "table"]
    rows = np.random.default_rng(0).standard_normal((len(words), 5)).astype(np.float32)
    WordVectors(words, rows).save("english.vec")
    return "english.vec"


def test_stop_words_and_punctuation_are_left_out_and_said_to_be(sgns, english, place):
    result = sgns("plot", english, "x.html", "--top", "3", "--method", "pca")
    said = "Left out of the most frequent words: punctuation 1, stop words 5 (en, recognized). --drop none shows them."
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == ["Wrote a map of 3 words to x.html", said]
    shown = data(place / "x.html")
    assert shown["words"] == ["rabbit", "queen", "hatter"] and "without punctuation and stop words" in shown["note"]


@pytest.mark.parametrize(
    ("drop", "words"),
    [("none", ["the", "of", ","]), ("punct", ["the", "of", "and"]), ("stop", [",", "rabbit", "queen"])],
)
def test_the_user_says_what_to_leave_out(sgns, english, place, drop, words):
    assert sgns("plot", english, "x.html", "--top", "3", "--method", "pca", "--drop", drop).exit_code == 0
    assert data(place / "x.html")["words"] == words


def test_the_language_of_the_stop_words(sgns, trained, english, place):
    result = sgns("plot", english, "x.html", "--method", "pca", "--lang", "de")
    assert "punctuation 1, stop words 1 (de)." in result.stdout and "the" in data(place / "x.html")["words"]
    WordVectors.load(trained).save("unknown.vec")
    result = sgns("plot", "unknown.vec", "y.html", "--method", "pca")
    said = "The language of unknown.vec is not known, so no stop words are left out. Name it with --lang CODE."
    assert result.stdout.splitlines() == ["Wrote a map of 20 words to y.html", said]


def test_too_few_words_that_are_no_stop_words(sgns, place):
    WordVectors(["the", "of", "and", "it", "rabbit"], np.eye(5)).save("x.vec")
    result = sgns("plot", "x.vec", "x.html", "--method", "pca")
    assert (result.exit_code, result.stdout, (place / "x.html").exists()) == (1, "", False)
    assert "Of 5 words only 1 can be shown. Left out of the most frequent words: stop words 4 (en, rec" in result.stderr


def test_neighbours_are_all_words_unless_kinds_are_to_be_left_out(sgns, english, place):
    for name, drop in (("all", ()), ("some", ("--drop", "stop", "--drop", "punct"))):
        assert (
            sgns("plot", english, f"{name}.html", "--words", "the", "-n", "5", "--method", "pca", *drop).exit_code == 0
        )
    assert "of" in data(place / "all.html")["words"]
    words = data(place / "some.html")["words"]
    assert sorted(words) == ["garden", "hatter", "queen", "rabbit", "table", "the"]


def test_unknown_words_are_named_and_the_others_shown(sgns, trained, place):
    given = ("plot", trained, "x.html", "--words", "bamon,gotinn,gotin", "-n", "2", "--method", "pca")
    result = sgns(*given)
    assert (result.exit_code, result.stderr.count("\n")) == (0, 1)
    assert result.stderr.startswith("Warning: No vector for 'gotinn'. Did you mean gotin")
    assert data(place / "x.html")["words"][:2] == ["bamon", "gotin"]
    result = sgns(*given, "--strict", "--force")
    assert (result.exit_code, result.stdout) == (1, "") and "No vector for 'gotinn'" in result.stderr


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_how_training_went(sgns, trained, place, ending):
    result = sgns("plot", "--loss", trained, f"x.{ending}")
    assert (result.exit_code, result.stdout) == (0, f"Wrote the loss curve to x.{ending}\n")
    assert (place / f"x.{ending}").stat().st_size > 1000


@pytest.mark.parametrize(
    ("there", "arguments"),
    [
        ("x.html", ("x.html",)),
        ("x.svg", ("x.svg", "--loss")),
        ("x.projector.tsv", ("x.projector.tsv",)),
        ("x.projector.metadata.tsv", ("x.projector.tsv",)),
    ],
)
def test_a_file_that_exists_is_replaced_only_by_force(sgns, trained, place, there, arguments):
    (place / there).write_text("before")
    result = sgns("plot", trained, *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{there} exists. Choose another name, or replace it with --force" in result.stderr
    assert tree(place) == ["corpus.txt", there] and (place / there).read_text() == "before"
    assert sgns("plot", trained, *arguments, "--force").exit_code == 0
    assert (place / there).read_text() != "before"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("x.gif",), 2, "must end in one of .html, .png, .svg, .pdf, .tsv, .projector.tsv; got"),
        (("x",), 2, "must end in one of .html, .png, .svg, .pdf, .tsv, .projector.tsv; got"),
        (("x.html", "--loss"), 2, "must end in one of .png, .svg, .pdf; got"),
        (("x.png", "--loss", "--top", "0"), 2, "Leave out --top"),
        (("x.png", "--loss", "--words", "bamon"), 2, "Leave out --words"),
        (("x.png", "--loss", "--drop", "none"), 2, "Leave out --drop"),
        (("x.png", "--drop", "verbs"), 2, "drop must be"),
        (("x.png", "--lang", "klingon"), 2, "spaCy has no language 'klingon'"),
        (("x.png", "--words", "bamon,gotinn", "--strict"), 1, "No vector for 'gotinn'. Did you mean gotin"),
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
        assert "not a spaCy pipeline" in result.stderr or "There is no pipeline" in result.stderr


def test_vectors_from_elsewhere_have_no_curve(sgns, place):
    nlp = spacy.blank("en")
    nlp.vocab.set_vector("word", np.ones(3, np.float32))
    nlp.to_disk("other")
    result = sgns("plot", "other", "x.png", "--loss")
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: other has no record of training: its vectors are not those of a run of spacy_sgns.\n",
    )


@pytest.mark.parametrize("report", ["{}", "[]", "{", '{"epochs": []}', '{"epochs": 3}', '{"epochs": [{}]}'])
def test_a_damaged_report_is_said_to_be(sgns, trained, place, report):
    nlp = spacy.load(trained)
    nlp.vocab.lookups.get_table("spacy_sgns").get("record")["report"] = report
    nlp.to_disk("copy")
    result = sgns("plot", "copy", "x.png", "--loss")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert "of training" in result.stderr and not (place / "x.png").exists()


def test_without_the_extra_pages_and_tables_are_by_pca_with_a_note(sgns, trained, place, monkeypatch):
    loaded = [name for name in sys.modules if name.partition(".")[0] in ("matplotlib", "sklearn")]
    for name in [*loaded, "matplotlib", "sklearn"]:
        monkeypatch.setitem(sys.modules, name, None)
    for package, arguments in (
        ("matplotlib", ("x.png", "--method", "pca")),
        ("matplotlib", ("x.pdf", "--loss")),
        ("scikit-learn", ("x.html", "--method", "tsne")),
    ):
        result = sgns("plot", trained, *arguments)
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
        assert f"python -m pip install {package} (the extra 'plot' includes it)" in result.stderr
    for name in ("x.html", "x.tsv"):
        result = sgns("plot", trained, name)
        assert (result.exit_code, result.stderr.count("\n")) == (0, 1)
        assert result.stderr.startswith("Warning: scikit-learn is not installed, so the map is by PCA")
        assert "python -m pip install scikit-learn (the extra 'plot' includes it)" in result.stderr
    assert data(place / "x.html")["note"].startswith("PCA of") and len(data(place / "x.html")["groups"]) == 8
    for arguments in (("y.html", "--method", "pca"), ("y.projector.tsv",)):
        assert sgns("plot", trained, *arguments).stderr == ""


def test_words_may_be_given_several_times(sgns, trained, place):
    for name, words in {"once.tsv": ("bamon,gotin",), "twice.tsv": ("bamon", "gotin")}.items():
        flags = [part for word in words for part in ("--words", word)]
        assert sgns("plot", trained, name, *flags, "-n", "2").exit_code == 0
    assert (place / "once.tsv").read_bytes() == (place / "twice.tsv").read_bytes()
