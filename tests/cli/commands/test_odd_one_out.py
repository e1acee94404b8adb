"""`sgns odd-one-out`."""

import json

import pytest

from spacy_sgns.vectors.word_vectors import WordVectors

SOME = ("bamon", "gotin", "lusel", "fitin")


def test_the_odd_one_stands_first(sgns, trained):
    expected = WordVectors.load(trained).odd_one_out(SOME)
    result = sgns("odd-one-out", trained, *SOME)
    assert (result.exit_code, result.stderr) == (0, "")
    head, _, *lines = result.stdout.strip().splitlines()
    assert head.startswith("odd one out  mean cosine  count")
    assert [line.split()[:2] for line in lines] == [[word, f"{mean:.3f}"] for word, mean in expected]
    assert json.loads(sgns("odd-one-out", trained, *SOME, "--json").stdout) == [list(pair) for pair in expected]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (SOME[:2], 2, "takes three different words"),
        (("bamon", "gotinn", "lusel"), 2, "takes three different words"),
        (("--strict", *SOME, "gotinn"), 1, "Did you mean gotin"),
        (("aaa", "bbb", "ccc"), 1, "No vector for 'aaa'. No vector for 'bbb'. No vector for 'ccc'."),
    ],
)
def test_what_cannot_be_answered_is_said_in_words(sgns, trained, words, code, said):
    result = sgns("odd-one-out", trained, *words)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr.splitlines()[-1]


def test_unknown_words_are_named_and_left_out(sgns, trained):
    result = sgns("odd-one-out", trained, *SOME, "gotinn")
    assert (result.exit_code, result.stdout) == (0, sgns("odd-one-out", trained, *SOME).stdout)
    assert result.stderr.startswith("Warning: No vector for 'gotinn'. Did you mean gotin")
