"""`sgns analogy`."""

import json

import pytest

from spacy_sgns.vectors.word_vectors import WordVectors

WAYS = [
    ("bamon", "-", "gotin", "+", "lusel"),
    ("bamon", "-gotin", "+lusel"),
    ("bamon - gotin + lusel",),
]


@pytest.fixture
def expected(trained):
    return WordVectors.load(trained).most_similar(["bamon", "lusel"], ["gotin"], n=3)


@pytest.mark.parametrize("words", WAYS)
def test_the_three_ways_to_write_it(sgns, trained, expected, words):
    result = sgns("analogy", trained, *words, "-n", "3")
    assert (result.exit_code, result.stderr) == (0, "")
    head, _, *lines = result.stdout.strip().splitlines()
    assert head.split("  ")[0] == "bamon + lusel - gotin" and head.split()[-2:] == ["cosine", "count"]
    assert [line.split()[:2] for line in lines] == [[word, f"{score:.3f}"] for word, score in expected]


def test_three_words_ask_for_the_fourth_and_the_title_says_so(sgns, trained, expected):
    result = sgns("analogy", trained, "gotin", "bamon", "lusel", "-n", "3")
    head, _, *lines = result.stdout.strip().splitlines()
    assert head.split("  ")[0] == "gotin : bamon = lusel : ?"
    assert [line.split()[:2] for line in lines] == [[word, f"{score:.3f}"] for word, score in expected]
    found = json.loads(sgns("analogy", trained, "gotin", "bamon", "lusel", "-n", "3", "--json").stdout)
    assert found == {"gotin : bamon = lusel : ?": [list(pair) for pair in expected]}


@pytest.mark.parametrize("at", [0, 1, 2])
def test_flags_stand_anywhere(sgns, trained, expected, at):
    arguments = [trained, "bamon - gotin", "+lusel"]
    arguments[at:at] = ["--json", "-n3"]
    found = json.loads(sgns("analogy", *arguments).stdout)
    assert found == {"bamon + lusel - gotin": [list(pair) for pair in expected]}


def test_multiplied_instead_of_added(sgns, trained):
    expected = WordVectors.load(trained).most_similar(["bamon", "lusel"], ["gotin"], n=2, method="3cosmul")
    result = sgns("analogy", trained, *WAYS[1], "--method", "3cosmul", "-n", "2")
    assert [line.split()[0] for line in result.stdout.strip().splitlines()[2:]] == [word for word, _ in expected]
    assert "score" in result.stdout and "cosine" not in result.stdout


def test_the_place_of_a_word(sgns, trained):
    place = WordVectors.load(trained).rank(["bamon", "lusel"], "fitin", ["gotin"])
    assert sgns("analogy", trained, *WAYS[0], "--rank", "fitin").stdout.endswith(f"\nfitin has rank {place}.\n")
    found = json.loads(sgns("analogy", trained, *WAYS[0], "--rank=fitin", "--json").stdout)
    assert found["rank"] == {"fitin": place}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("bamon", "-"), 2, "A word is missing at the end"),
        (("bamon", "-", "bamon"), 2, "Nothing is left of 'bamon - bamon'"),
        (("bamon", "-gotinn"), 1, "No vector for 'gotinn'. Did you mean gotin"),
        (("bamon", "--methd", "x"), 2, "No such option: --methd"),
        (("bamon", "--method", "x"), 2, "method must be 3cosadd or 3cosmul"),
        (("bamon", "-n", "0"), 2, "n must be"),
        (("bamon", "--rank", "bamon"), 2, "is in the query"),
        (("bamon", "--among", "nowhere.txt"), 2, "--among must be a number or a file with one word per line"),
        ((), 2, "Missing argument"),
    ],
)
def test_what_cannot_be_answered_is_said_in_words(sgns, trained, arguments, code, said):
    result = sgns("analogy", trained, *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr and "Traceback" not in result.stderr
