import re
from random import Random

import pytest

from spacy_sgns.tokenization.pretokens import pattern_classes as shapes
from spacy_sgns.tokenization.pretokens.pattern_classes import PatternClasses
from tests.pipeline.nasty import recipe

PATTERNS = [
    r"[a-c]",
    r"(?<=[0-9])(?:k|b)$",
    r"\.\.+$|'[sb]$",
    r"b(?=-)-a",
    r"(?<=-)(?<=-)-?b",
    r"(?!-a)-|(?<!b)\.",
    r"b(?:-\d){3}|c(?:-.)?",
    r"(?:\.(?:1|2)){2}",
    r"\bb|c\B",
    r"[^a-b]-$",
    r"\w-\D",
    r"^(?:[Kk]|-+b*?)$",
    r"a{2,3}|c{0}-",
    r"(-|b)+",
    r"(?:|b)c",
    r"[.\-]{2}b",
    r"(?:-|b)-",
]
UNKNOWN = [r"(b)\1", r"(?:(b)|c)(?(1)-|.)", r"-(?i:b)"]


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(shapes, "FEW", 0)


def chunks(random, number=1500, letters="abbckKé", others="--.'12²"):
    """Short chunks of few characters, so that many have one shape."""
    some = letters + others
    return ["".join(random.choice(some) for _ in range(random.choice((2, 3, 3, 4, 5)))) for _ in range(number)]


def found(pattern, chunk):
    """Everything that a pattern finds in a chunk and in its parts."""
    parts = [chunk[start:end] for start in range(len(chunk)) for end in range(start + 1, len(chunk) + 1)]
    return [[match.span() for match in pattern.finditer(part)] for part in parts]


@pytest.mark.parametrize("flags", [0, re.IGNORECASE, re.ASCII], ids=["", "ignore case", "ASCII"])
@pytest.mark.parametrize("text", PATTERNS)
def test_a_pattern_finds_the_same_in_chunks_of_one_shape(text, flags):
    pattern, first, shared = re.compile(text, flags), {}, 0
    told = PatternClasses([pattern])
    for chunk in chunks(Random(text)):
        other = first.setdefault(told.of(chunk), chunk)
        shared += other != chunk
        assert found(pattern, chunk) == found(pattern, other), (chunk, other)
    assert shared > 20 and None not in first


def test_several_patterns_tell_apart_what_one_of_them_does():
    told = PatternClasses([re.compile("a-"), re.compile("-b")])
    assert told.of("c-c") == told.of("d-e") and len({told.of(chunk) for chunk in ("a-c", "b-c", "c-c", "c-b")}) == 4


def test_what_does_not_matter_in_an_alphabet_is_not_told_apart():
    told = PatternClasses([re.compile(r"(?<=\d)(?:k|b)$|'s$|(?<=[a-z])\.$|(?:\.1){3}")])
    assert told.of("skb,") == told.of("KxÄ,".replace("Ä", "a")) != told.of("skb;")
    assert told.of("xs.") == told.of("sx.") != told.of("xS.")
    assert told.of("3k") != told.of("3m") == told.of("4s")
    assert told.of("x's") != told.of("x't")
    assert told.of("1.1") == told.of("2.3") and told.of("1.1.1.1") != told.of("1.2.1.1")
    assert told.of("ж,") == told.of("é,") and told.of("aж,") == told.of("жé,")


@pytest.mark.parametrize(("text", "silent"), [("[.,]", True), ("km?$", False), ("(?<=1)km$", True), ("(?:-)?", False)])
def test_silence_in_letters(text, silent):
    assert PatternClasses([re.compile(text)]).silent_in_letters == silent
    assert not PatternClasses([re.compile(text), re.compile("É")]).silent_in_letters


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_is_not_understood_has_no_shapes(text):
    told = PatternClasses([re.compile("-"), re.compile(text)])
    assert [told.of(chunk) for chunk in chunks(Random(0))] == [None] * 1500 and not told.silent_in_letters


def test_chunks_with_white_space_have_no_shape():
    told = PatternClasses([re.compile("-")])
    assert told.of("a-b") and told.of("a b") is told.of("a\u2003-") is None


def test_work_and_memory_are_bounded(monkeypatch):
    monkeypatch.setattr(shapes, "WORK", 50)
    monkeypatch.setattr(shapes, "MOST", 10)
    told = PatternClasses([re.compile(r"\d(?:km|m)$")])
    some = [told.of("a" * n + mark) for n in range(1, 20) for mark in ",.;:!?()[]{}+*/&%$#@"]
    assert None in some and told.of("a,") and len(told._of_outline) <= 10


def test_an_alphabet_is_looked_into_when_it_has_been_met_before(monkeypatch):
    monkeypatch.setattr(shapes, "FEW", 2)
    told = PatternClasses([re.compile("-")])
    assert [bool(told.of(chunk)) for chunk in ("a,", "b.", "aa,", "aaa,", "a,", "b.")] == [0, 0, 0, 1, 1, 0]


def test_the_patterns_of_english_cannot_tell_letters_apart_before_a_comma():
    told = PatternClasses(recipe("en").compiled())
    assert told.silent_in_letters
    assert told.of("Word,") == told.of("Anna,") == told.of("skmS,")
    assert told.of("word.") == told.of("anna.") != told.of("Anna.")


def test_no_letter_has_a_case_that_is_taken_for_none():
    """What is no letter, in whatever case, must not match one where case is ignored."""
    letters = [chr(code) for code in range(1 << 17) if chr(code).isalpha()]
    cased = {form for char in letters for form in (char.lower(), char.upper(), char.title()) if len(form) == 1}
    assert all(shapes._may_be_letter(ord(char)) for char in cased | set("\u0345ſK"))
