import numpy as np
import pytest
from hypothesis import given

from spacy_sgns.tokenization.pretokens.special_cases import (
    CONTEXT_DEPENDENT,
    MAY_CLOSE,
    MAY_OPEN,
    SpecialCases,
    pattern_tokens,
)
from tests.tokenization.hard_texts import spec_of, texts


@pytest.fixture(scope="module")
def english():
    return SpecialCases(spec_of("en"))


@pytest.fixture(scope="module")
def spanish():
    return SpecialCases(spec_of("es"))


def test_spans_are_pretokens_except_where_a_sequence_may_join_them(english, spanish):
    assert english.spans("one ( :)x two") == ["one", "( :)x", "two"]
    assert english.spans("one (  :)x ( two\n:)") == ["one", "(", ":)x", "(", "two", ":)"]
    assert spanish.spans("EE. UU. hoy") == ["EE. UU.", "hoy"]
    assert english.spans(" \n ") == english.spans("") == []


@given(texts("en"))
def test_spans_are_the_pretokens_in_order(english, text):
    assert [pretoken for span in english.spans(text) for pretoken in span.split()] == text.split()


def joined(special_cases, pretokens, flags):
    return special_cases.any_joined(pretokens, np.array(flags, np.uint8))


def test_pretokens_are_joined_only_where_it_matters(english, spanish):
    assert joined(english, ["(", ":)x"], [0, CONTEXT_DEPENDENT]) and joined(
        english, ["x(", ":"], [CONTEXT_DEPENDENT, 0]
    )
    assert not joined(english, ["(", ":)x"], [0, 0]) and not joined(
        english, ["a", ":)x", "b"], [0, CONTEXT_DEPENDENT, 0]
    )
    assert joined(spanish, ["a", "EE.", "UU."], [0, MAY_OPEN, MAY_CLOSE])
    assert not joined(spanish, ["a", "EE.", "UU."], [0, MAY_CLOSE, MAY_OPEN])
    assert not joined(spanish, ["EE.", "b", "UU."], [MAY_OPEN, 0, MAY_CLOSE])
    assert not joined(english, ["a"], [CONTEXT_DEPENDENT])


def test_marks_tell_where_a_special_case_with_a_space_may_go_on(english, spanish):
    assert spanish.flags(["EE.", "xEE.", "UU.x", "EE.x", "UU.", "a"]).tolist() == [
        MAY_OPEN,
        MAY_OPEN,
        MAY_CLOSE,
        0,
        MAY_CLOSE,
        0,
    ]
    assert english.flags(["a", "b"]).tolist() == [0, 0]


def test_what_patterns_make_of_special_cases():
    found = dict(
        zip((rule for rule in spec_of("en").rules if not rule.isspace()), pattern_tokens(spec_of("en")), strict=True)
    )
    assert found[":)"] == [":", ")"] and found["can't"] == ["can't"] and found["a.m."] != spec_of("en").rules["a.m."]
