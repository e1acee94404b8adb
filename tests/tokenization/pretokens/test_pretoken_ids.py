import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_sgns.corpus import id_cache
from spacy_sgns.tokenization.pretokens import pretoken_ids
from spacy_sgns.tokenization.pretokens.pretoken_ids import PretokenIds

CHUNKS = st.sampled_from(
    ["a", "ab", "a\0", "\0a", "ä", "漢字", "𝒜" * 4, "x" * 8, "x" * 9, "x" * 16, "x" * 17, "x" * 40, "á\u0301"]
)
SPACES = st.sampled_from(
    [" ", "\n", "  ", "\t", "\xa0", "\u2028", "\u3000", "\x1c", "\x1f", "\x85", "\u1680", "\u202f", ""]
)
TEXTS = st.lists(st.tuples(CHUNKS | st.text(max_size=20), SPACES).map("".join), max_size=12).map("".join)


class Known(dict):
    """Interner chunks, and takes down which it was asked about."""

    def __init__(self):
        self.asked = []

    def __call__(self, chunks):
        self.asked += chunks
        return np.array([self.setdefault(chunk, len(self)) for chunk in chunks], np.int32)


@pytest.mark.parametrize("bits", [1, 3, 20])
@settings(max_examples=100, deadline=None)
@given(portions=st.lists(st.lists(TEXTS, min_size=1, max_size=4), max_size=4))
def test_numbers_are_those_of_the_chunks(bits, portions):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(id_cache, "SLOT_BITS", bits)
        known = Known()
        look_up = PretokenIds(known)
        for texts in portions:
            numbers, sizes = look_up.ids(texts)
            assert [known[chunk] for text in texts for chunk in text.split()] == numbers.tolist()
            assert [len(text.split()) for text in texts] == sizes.tolist()


def test_short_chunks_are_asked_about_once():
    known = Known()
    look_up = PretokenIds(known)
    for _ in range(3):
        look_up.ids(["the cat, the dog", "a café the 1234567890123456 12345678901234567"])
    assert known.asked[:3] == ["the", "cat,", "the"]  # until they have a slot, that is, a portion
    assert known.asked[9:] == ["12345678901234567"] * 2


def test_numbers_are_changed_and_forgotten():
    known = Known()
    look_up = PretokenIds(known)
    look_up.ids(["a b c a"])
    look_up.renumber(np.array([5, -1, 0]))
    known.asked.clear()
    known["b"] = 7
    assert look_up.ids(["a b c"])[0].tolist() == [5, 7, 0] and known.asked == ["b"]


def test_white_space_is_pythons():
    every = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()]
    assert {char.encode() for char in every if ord(char) > 127} == set(pretoken_ids.WIDE_SPACES)
    assert [code for code in range(256) if pretoken_ids.IS_ASCII_SPACE[code]] == [
        ord(char) for char in every if ord(char) < 128
    ]
