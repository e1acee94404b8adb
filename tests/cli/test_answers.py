"""Remarks on the answers to queries."""

import numpy as np
import pytest

from spacy_sgns.cli.answers import are_crowded
from spacy_sgns.vectors.scored_words import ScoredWords
from spacy_sgns.vectors.word_vectors import WordVectors


@pytest.mark.parametrize(
    ("asked", "counts", "crowded"),
    [
        ([100], [5, 5, 5, 200], True),
        ([100, 500], [5, 5, 5, 200], True),
        ([100], [5, 5, 20, 200], False),
        ([100, 99], [5, 5, 5], False),
        ([None], None, False),
        ([500], [], False),
    ],
)
def test_rare_words_crowd_the_neighbours_of_frequent_ones(asked, counts, crowded):
    found = ScoredWords([(str(i), 0.5) for i in range(4 if counts is None else len(counts))], counts=counts)
    assert are_crowded(found, asked) == crowded


@pytest.fixture
def crowded(monkeypatch):
    """Vectors in which rare words are the nearest to two frequent ones, in place of those of any pipeline."""
    rows = np.array([[1, 0], [0.9, 0.1], [0.8, 0.2], [0.7, 0.3]], np.float32)
    vectors = WordVectors(["often", "much", "x", "y"], rows, counts=np.array([500, 400, 5, 6]))
    for name in ("similar", "analogy", "expand"):
        monkeypatch.setattr(f"spacy_sgns.cli.commands.{name}.load_vectors", lambda pipeline: vectors)


@pytest.mark.parametrize(
    "query", [("similar", "often", "-n", "3"), ("analogy", "often + much"), ("expand", "often", "much")]
)
def test_a_crowd_of_rare_words_is_a_hint_on_stderr(sgns, crowded, query):
    name, *args = query
    result = sgns(name, "made-up", *args)
    assert result.exit_code == 0
    assert result.stderr.startswith("Hint: ") and "--min-count 20" in result.stderr
    assert result.stderr.count("\n") == 1
    assert sgns(name, "made-up", *args, "--json").stderr == ""


@pytest.mark.parametrize("query", [("similar", "x"), ("analogy", "often + x"), ("expand", "x", "often")])
def test_a_query_for_a_rare_word_has_no_hint(sgns, crowded, query):
    name, *args = query
    assert sgns(name, "made-up", *args).stderr == ""


@pytest.mark.parametrize("query", [("similar", "bamon"), ("analogy", "bamon + gotin"), ("expand", "bamon")])
@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_no_word_to_answer_with_is_an_error(sgns, trained, query, flags):
    name, *args = query
    result = sgns(name, trained, *args, "--min-count", "1000000", *flags)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: No word is left to answer with. Lower --min-count, or give --among more words.\n"
