import pickle
from difflib import get_close_matches

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_sgns.errors import SettingError, SgnsError, UnknownWord, closest

LETTERS = st.characters(codec="utf-8", categories=["Ll", "Nd", "Pc"])
WORDS = st.text(LETTERS, min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("name", "options", "hint"),
    [
        ("windw", ["window", "dim"], "Did you mean window?"),
        ("skipgam", ["skipgram.v1", "cbow.v1"], "Did you mean skipgram.v1?"),
        ("--min-cuont", ["--min-count", "--dim"], "Did you mean --min-count?"),
        ("zebra", ["window", "dim"], ""),
        ("zebra", [], ""),
        ("", ["window"], ""),
    ],
)
def test_closest_names_what_is_spelled_alike(name, options, hint):
    assert closest(name, options) == hint


def test_case_does_not_count_but_is_kept():
    assert closest("LONDN", ["paris", "London"]) == "Did you mean London?"


def test_of_options_equally_like_it_the_earlier_goes_first():
    assert closest("rat", ["bat", "cat", "hat"], n=2) == "Did you mean bat, cat?"
    assert closest("rat", ["hat", "cat", "bat"], n=2) == "Did you mean hat, cat?"


def test_the_most_alike_goes_first():
    assert closest("rabit", ["rabies", "rabbit"], n=1) == "Did you mean rabbit?"


@given(st.text(LETTERS, min_size=4, max_size=12), LETTERS, st.data())
def test_one_wrong_letter_is_always_recognised(word, letter, data):
    place = data.draw(st.integers(0, len(word) - 1))
    for wrong in (word[:place] + word[place + 1 :], word[:place] + letter + word[place:]):
        assert closest(wrong, ["%%% %%% %%%", word]) == f"Did you mean {word}?"


@given(WORDS, st.lists(WORDS, max_size=20, unique=True))
def test_what_is_left_out_unseen_would_not_have_been_offered(name, options):
    """Options with half of their letters in common are found, as if all options were compared."""
    near = [o for o in options if 2 * len(set(name) & set(o)) >= 0.5 * (len(set(name)) + len(set(o)))]
    found = closest(name, options, n=100).removeprefix("Did you mean ").removesuffix("?")
    expected = get_close_matches(name.lower(), [o.lower() for o in near], n=100)
    assert sorted(o.lower() for o in found.split(", ") if o) == sorted(expected)


def test_a_vocabulary_is_searched_by_comparing_few_words(monkeypatch):
    compared = []

    class Counting:
        def __init__(self, b):
            pass

        def set_seq1(self, text):
            compared.append(text)

        def quick_ratio(self):
            return 0.0

    monkeypatch.setattr("spacy_sgns.errors.SequenceMatcher", Counting)
    closest("rabit", [f"{a}{b}{c}{d}" for a in "abcdefgxyz" for b in "rstuvw" for c in "klmnop" for d in "aeiouqwz"])
    assert 0 < len(compared) < 10 * 6 * 6 * 8 / 10


def test_an_unknown_word_is_one_of_our_errors_and_a_key_error():
    error = UnknownWord("No vector for 'x'.")
    assert isinstance(error, SgnsError)
    assert isinstance(error, KeyError)
    assert str(error) == "No vector for 'x'."


@pytest.mark.parametrize("kind", [SgnsError, SettingError, UnknownWord])
def test_errors_pass_between_processes(kind):
    copy = pickle.loads(pickle.dumps(kind("what was wrong")))
    assert type(copy) is kind
    assert str(copy) == "what was wrong"
