"""Expressions, however a shell has split them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_sgns.cli.expression import format_expression, read_expression
from spacy_sgns.errors import SettingError

KNOWN = {"king", "queen", "man", "woman", "well-known", "-ing", "New York", "c++"}


@pytest.mark.parametrize(
    "parts",
    [
        ("king", "-", "man", "+", "woman"),
        ("king", "-man", "+woman"),
        ("king - man + woman",),
        ("king -man", "+ woman"),
        ("king-man+woman",),
        ("+king", "woman", "-man"),
        ("king \u2212 man + woman",),
        ("  king", "-  man", "+woman "),
    ],
)
def test_all_ways_to_write_it_are_the_same(parts):
    positive, negative, text = read_expression(parts, KNOWN)
    assert (sorted(positive), negative) == (["king", "woman"], ["man"])
    assert text == format_expression(positive, negative)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("well-known", "-", "-ing"), (["well-known"], ["-ing"])),
        (("New York", "-", "man"), (["New York"], ["man"])),
        (("c++", "-man"), (["c++"], ["man"])),
        (("unheard-of", "-nobody"), (["unheard-of"], ["nobody"])),
        (("-man",), ([], ["man"])),
        (("king", "queen"), (["king", "queen"], [])),
    ],
)
def test_signs_within_words(parts, expected):
    assert read_expression(parts, KNOWN)[:2] == expected


@pytest.mark.parametrize("parts", [("man", "king", "woman"), ("man king woman",), ("man", "king woman")])
def test_three_words_without_a_sign_are_an_analogy(parts):
    assert read_expression(parts, KNOWN) == (["king", "woman"], ["man"], "man : king = woman : ?")


@pytest.mark.parametrize(
    "parts", [("man", "+", "king", "+", "woman"), ("man", "king", "+woman"), ("-man", "king", "woman")]
)
def test_three_words_with_a_sign_are_a_sum(parts):
    assert read_expression(parts, KNOWN).text in ("man + king + woman", "king + woman - man")


@pytest.mark.parametrize("parts", [(), ("",), ("+",), ("king", "-"), ("king - + man",), ("king", "- ", "-", "man")])
def test_a_sign_needs_a_word(parts):
    with pytest.raises(SettingError, match=r"Write: king - man \+ woman"):
        read_expression(parts, KNOWN)


@given(st.lists(st.sampled_from(sorted(KNOWN)), min_size=1), st.lists(st.sampled_from(sorted(KNOWN))))
def test_a_formatted_expression_reads_back(positive, negative):
    parts = []
    for sign, words in (("+", positive), ("-", negative)):
        for word in words:
            parts += [sign, word]
    assert read_expression(parts, KNOWN)[:2] == (positive, negative)
    one_word = [word for word in (*positive, *negative) if " " in word]
    if not one_word:
        assert read_expression([format_expression(positive, negative)], KNOWN)[:2] == (positive, negative)
