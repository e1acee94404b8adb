"""`sgns evaluate`."""

import itertools
import json

import pytest

from spacy_sgns.vectors.word_vectors import WordVectors
from tests.cli.typed import WORDS


@pytest.fixture
def gold(place):
    pairs = list(itertools.combinations(WORDS, 2))[:60]
    (place / "pairs.tsv").write_text("".join(f"{a}\t{b}\t{i * 7 % 13}\n" for i, (a, b) in enumerate(pairs)))
    fours = list(zip(WORDS, WORDS[1:], WORDS[2:], WORDS[3:], strict=False))
    (place / "fours.txt").write_text(": near\n" + "".join(f"{' '.join(f)}\n" for f in fours) + ": none\na b c d\n")
    return place


@pytest.fixture
def other(trained, gold):
    vectors = WordVectors.load(trained)
    vectors.rows[:] = vectors.rows[::-1].copy()
    vectors.save(gold / "other.vec")
    return "other.vec"


def test_scores_with_intervals_and_coverage(sgns, trained, gold):
    result = sgns("evaluate", trained, "--on", "pairs.tsv", "--on", "fours.txt")
    assert (result.exit_code, result.stderr) == (0, "")
    table, sections = result.stdout.strip().split("\n\n")
    head, _, pairs, fours = table.splitlines()
    assert head.split() == ["set", "metric", "score", "95", "%", "covered"]
    assert pairs.split()[:2] == ["pairs", "Spearman"] and pairs.endswith("60 of 60")
    assert fours.split()[:2] == ["fours", "accuracy"] and fours.endswith("17 of 18")
    assert [line.split()[0] for line in sections.splitlines()[2:]] == ["near", "none"]
    assert sections.splitlines()[-1].split() == ["none", "-", "0", "of", "1"]


def test_json_holds_the_same(sgns, trained, gold):
    result = sgns("evaluate", trained, "--on", "pairs.tsv", "--on", "fours.txt", "--json")
    pairs, fours = json.loads(result.stdout)
    [score] = pairs["scores"]
    assert score["pipeline"] == str(trained) and score["low"] <= score["value"] <= score["high"]
    assert (pairs["name"], pairs["metric"], score["covered"]) == ("pairs", "Spearman", 60)
    assert fours["sections"][0]["sections"][1] == {"name": "none", "value": None, "covered": 0, "total": 1}


def test_several_side_by_side(sgns, trained, gold, other):
    result = sgns("evaluate", trained, other, "--on", "pairs.tsv")
    assert (result.exit_code, result.stderr) == (0, "")
    scores, differences = result.stdout.strip().split("\n\n")
    assert [line.split()[1] for line in scores.splitlines()[2:]] == [str(trained), other]
    [line] = differences.splitlines()[2:]
    assert line.split()[:2] == ["pairs", other]
    assert f"vs {trained}" in differences.splitlines()[0]
    assert line.endswith(("better", "worse", "no clear difference"))
    [plain] = json.loads(sgns("evaluate", trained, other, "--on", "pairs.tsv", "--json").stdout)
    [difference] = plain["differences"]
    values = [score["value"] for score in plain["scores"]]
    assert difference["value"] == pytest.approx(values[1] - values[0])


@pytest.mark.parametrize(("least", "code"), [("-1", 0), ("0.999", 1)])
def test_a_score_that_is_too_low_ends_with_an_error(sgns, trained, gold, least, code):
    result = sgns("evaluate", trained, "--on", "pairs.tsv", "--fail-under", f"pairs={least}")
    assert result.exit_code == code and "pairs" in result.stdout
    if code:
        assert result.stderr.startswith(f"Error: pairs of {trained} is ")
        assert result.stderr.endswith(", below the limit 0.999\n")


def test_a_score_that_is_nan_is_too_low(sgns, trained, gold):
    (gold / "strange.tsv").write_text("x\ty\t1\n")
    result = sgns("evaluate", trained, "--on", "strange.tsv", "--fail-under", "strange=0")
    warning, error = result.stderr.splitlines()
    assert result.exit_code == 1 and error.startswith("Error: strange of")
    assert warning == "Warning: strange: no item is covered, so it is not scored."


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "Missing option '--on'"),
        (("--on", "nothing.tsv"), 1, "Cannot read nothing.tsv"),
        (("--on", "corpus.txt"), 1, "corpus.txt is not a gold set"),
        (("--on", "pairs.tsv", "--fail-under", "pair=1"), 2, "Did you mean pairs?"),
        (("--on", "pairs.tsv", "--fail-under", "pairs=much"), 2, "must be NAME=VALUE with a number"),
        (("--on", "pairs.tsv", "--among", "0"), 2, "--among must be at least 1"),
    ],
)
def test_what_is_wrong_is_said(sgns, trained, gold, arguments, code, said):
    result = sgns("evaluate", trained, *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr and "Traceback" not in result.stderr
