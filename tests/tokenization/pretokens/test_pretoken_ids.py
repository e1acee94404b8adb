import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_sgns.corpus import id_cache
from spacy_sgns.tokenization.pretokens import pretoken_ids
from spacy_sgns.tokenization.pretokens.pretoken_ids import PretokenIds

PRETOKENS = st.sampled_from(
    ["a", "ab", "a\0", "\0a", "ä", "漢字", "𝒜" * 4, "x" * 8, "x" * 9, "x" * 16, "x" * 17, "x" * 40, "á\u0301"]
)
SPACES = st.sampled_from(
    [" ", "\n", "  ", "\t", "\xa0", "\u2028", "\u3000", "\x1c", "\x1f", "\x85", "\u1680", "\u202f", ""]
)
TEXTS = st.lists(st.tuples(PRETOKENS | st.text(max_size=20), SPACES).map("".join), max_size=12).map("".join)


class Known(dict):
    """Assigns ids to pretokens, and records the pretokens of all calls."""

    def __init__(self):
        self.calls = []

    def __call__(self, pretokens):
        self.calls += pretokens
        return np.array([self.setdefault(pretoken, len(self)) for pretoken in pretokens], np.int32)


@pytest.mark.parametrize("bits", [1, 3, 20])
@settings(max_examples=100, deadline=None)
@given(calls_of=st.lists(st.lists(TEXTS, min_size=1, max_size=4), max_size=4))
def test_ids_are_those_of_the_pretokens(bits, calls_of):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(id_cache, "SLOT_BITS", bits)
        known = Known()
        pretoken_ids_of = PretokenIds(known)
        for texts in calls_of:
            ids, sizes = pretoken_ids_of.ids(texts)
            assert [known[pretoken] for text in texts for pretoken in text.split()] == ids.tolist()
            assert [len(text.split()) for text in texts] == sizes.tolist()


def test_short_pretokens_are_looked_up_once():
    known = Known()
    pretoken_ids_of = PretokenIds(known)
    for _ in range(3):
        pretoken_ids_of.ids(["the cat, the dog", "a café the 1234567890123456 12345678901234567"])
    assert known.calls[:3] == ["the", "cat,", "the"]  # cached after the call
    assert known.calls[9:] == ["12345678901234567"] * 2


def test_ids_are_replaced_and_removed():
    known = Known()
    pretoken_ids_of = PretokenIds(known)
    pretoken_ids_of.ids(["a b c a"])
    pretoken_ids_of.renumber(np.array([5, -1, 0]))
    known.calls.clear()
    known["b"] = 7
    assert pretoken_ids_of.ids(["a b c"])[0].tolist() == [5, 7, 0] and known.calls == ["b"]


def test_white_space_is_that_of_python():
    every = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()]
    assert {char.encode() for char in every if ord(char) > 127} == set(pretoken_ids.WIDE_SPACES)
    assert [code for code in range(256) if pretoken_ids.IS_ASCII_SPACE[code]] == [
        ord(char) for char in every if ord(char) < 128
    ]
