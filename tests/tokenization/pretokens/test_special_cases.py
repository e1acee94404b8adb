import numpy as np
import pytest
from hypothesis import given

from spacy_sgns.tokenization.pretokens.special_cases import (
    CLOSES,
    OPENS,
    TOUCHY,
    SpecialCases,
    by_patterns,
)
from tests.pipeline.nasty import recipe, texts


@pytest.fixture(scope="module")
def english():
    return SpecialCases(recipe("en"))


@pytest.fixture(scope="module")
def spanish():
    return SpecialCases(recipe("es"))


def test_units_are_chunks_but_where_a_sequence_may_join_them(english, spanish):
    assert english.units("one ( :)x two") == ["one", "( :)x", "two"]
    assert english.units("one (  :)x ( two\n:)") == ["one", "(", ":)x", "(", "two", ":)"]
    assert spanish.units("EE. UU. hoy") == ["EE. UU.", "hoy"]
    assert english.units(" \n ") == english.units("") == []


@given(texts("en"))
def test_units_are_the_chunks_in_their_order(english, text):
    assert [chunk for unit in english.units(text) for chunk in unit.split()] == text.split()


def joined(neighbours, chunks, marks):
    return neighbours.are_joined(chunks, np.array(marks, np.uint8))


def test_chunks_are_joined_only_where_it_matters(english, spanish):
    assert joined(english, ["(", ":)x"], [0, TOUCHY]) and joined(english, ["x(", ":"], [TOUCHY, 0])
    assert not joined(english, ["(", ":)x"], [0, 0]) and not joined(english, ["a", ":)x", "b"], [0, TOUCHY, 0])
    assert joined(spanish, ["a", "EE.", "UU."], [0, OPENS, CLOSES])
    assert not joined(spanish, ["a", "EE.", "UU."], [0, CLOSES, OPENS])
    assert not joined(spanish, ["EE.", "b", "UU."], [OPENS, 0, CLOSES])
    assert not joined(english, ["a"], [TOUCHY])


def test_marks_tell_where_a_special_case_with_a_space_may_go_on(english, spanish):
    assert spanish.marks(["EE.", "xEE.", "UU.x", "EE.x", "UU.", "a"]).tolist() == [OPENS, OPENS, CLOSES, 0, CLOSES, 0]
    assert english.marks(["a", "b"]).tolist() == [0, 0]


def test_what_patterns_make_of_special_cases():
    found = dict(
        zip((rule for rule in recipe("en").rules if not rule.isspace()), by_patterns(recipe("en")), strict=True)
    )
    assert found[":)"] == [":", ")"] and found["can't"] == ["can't"] and found["a.m."] != recipe("en").rules["a.m."]
