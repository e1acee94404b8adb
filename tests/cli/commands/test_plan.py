"""`sgns plan`, and `sgns train` without enough memory."""

import json

import pytest

from spacy_sgns.planning import plan as module
from spacy_sgns.planning import preflight as room
from tests.cli.typed import QUICK, SENTENCES, real, tree

TOKENS = sum(len(line.split()) for line in SENTENCES)


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    """Make the trial training short."""
    monkeypatch.setattr(module, "TRAINING_SECONDS", 0.05)


def test_a_plan_for_people(sgns, place):
    result = sgns("plan", "corpus.txt", *QUICK)
    assert result.exit_code == 0, result.stderr
    for said in (
        "All of the corpus was read",
        f"tokens            {TOKENS:,}",
        "min_count  words  tokens kept",
        "all 2 epochs",
        "Free: ",
        "Settings: dim 8, epochs 2, learning_rate",
    ):
        assert said in result.stdout
    assert tree(place) == ["corpus.txt"]


def test_a_plan_for_programs(sgns, place):
    result = sgns("plan", "corpus.txt", "--json", *QUICK, "--min-count", "3")
    made = json.loads(result.stdout)
    assert (made["tokens"], made["texts"], made["words"], made["sample"]) == (TOKENS, 120, 20, 1)
    assert made["settings"]["dim"] == 8
    assert made["vocabulary"][0] == {"min_count": 1, "words": 20, "kept": TOKENS}
    assert 3 in [row["min_count"] for row in made["vocabulary"]]
    assert made["seconds"]["training"] == pytest.approx(2 * made["seconds"]["epoch"])
    assert made["disk"]["peak"] >= made["disk"]["output"] > 0 and made["memory"]["peak"] > 0


def test_warnings_go_where_they_are_seen(sgns, place):
    result = sgns("plan", "corpus.txt", "--json", "--dim", "500")
    assert "The corpus is small for 500 dimensions" in result.stderr
    assert json.loads(result.stdout)["warnings"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("-",), 2, "cannot be standard input"),
        (("nothing.txt",), 1, "nothing.txt"),
        (("corpus.txt", "--dim", "0"), 2, "dim"),
        (("corpus.txt", "--dimm", "3"), 2, "--dim"),
        (("corpus.txt", "--lang", "en", "--base", "x"), 2, "only one of"),
        (("corpus.txt", "--min-count", "100000"), 1, "Fewer than two words will occur min_count=100000 times"),
        (("empty.txt",), 1, "no tokens"),
        (("bad.txt",), 1, "bad.txt is not valid UTF-8 at byte 3"),
    ],
)
def test_what_is_wrong_is_said(sgns, place, arguments, code, said):
    (place / "empty.txt").touch()
    (place / "bad.txt").write_bytes(b"caf\xe9\n")
    result = sgns("plan", *arguments)
    assert (result.exit_code, "Traceback" in result.stderr) == (code, False)
    assert said in result.stderr


def test_training_that_does_not_fit_is_refused_unless_forced(sgns, place, monkeypatch):
    monkeypatch.setattr(room, "free_memory", lambda: 1000)
    result = sgns("train", "corpus.txt", "out", *QUICK)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: Not enough memory: it needs about")
    assert tree(place) == ["corpus.txt"]
    assert sgns("train", "corpus.txt", "out", *QUICK, "--force").exit_code == 0


def test_as_people_type_it(place):
    done = real("plan", "corpus.txt", "--dim", "4", "--unit", "paragraph", cwd=place)
    assert (done.returncode, done.stderr) == (0, "")
    assert "total" in done.stdout
