import re
from random import Random

import pytest

from spacy_sgns.tokenization.pretokens import pattern_classes
from spacy_sgns.tokenization.pretokens.pattern_classes import PatternClasses
from tests.tokenization.hard_texts import spec_of

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
    monkeypatch.setattr(pattern_classes, "MIN_SIGHTINGS", 0)


def pretokens(random, number=1500, letters="abbckKé", others="--.'12²"):
    """Return short pretokens of few characters, so that many are of one class."""
    some = letters + others
    return ["".join(random.choice(some) for _ in range(random.choice((2, 3, 3, 4, 5)))) for _ in range(number)]


def found(pattern, pretoken):
    """Return all matches of a pattern in a pretoken and in its substrings."""
    parts = [pretoken[start:end] for start in range(len(pretoken)) for end in range(start + 1, len(pretoken) + 1)]
    return [[match.span() for match in pattern.finditer(part)] for part in parts]


@pytest.mark.parametrize("flags", [0, re.IGNORECASE, re.ASCII], ids=["", "ignore case", "ASCII"])
@pytest.mark.parametrize("text", PATTERNS)
def test_a_pattern_finds_the_same_in_pretokens_of_one_class(text, flags):
    pattern, first, shared = re.compile(text, flags), {}, 0
    classes = PatternClasses([pattern])
    for pretoken in pretokens(Random(text)):
        other = first.setdefault(classes.class_of(pretoken), pretoken)
        shared += other != pretoken
        assert found(pattern, pretoken) == found(pattern, other), (pretoken, other)
    assert shared > 20 and None not in first


def test_several_patterns_tell_apart_what_one_of_them_does():
    classes = PatternClasses([re.compile("a-"), re.compile("-b")])
    assert (
        classes.class_of("c-c") == classes.class_of("d-e")
        and len({classes.class_of(pretoken) for pretoken in ("a-c", "b-c", "c-c", "c-b")}) == 4
    )


def test_only_what_matters_in_an_alphabet_is_told_apart():
    classes = PatternClasses([re.compile(r"(?<=\d)(?:k|b)$|'s$|(?<=[a-z])\.$|(?:\.1){3}")])
    assert classes.class_of("skb,") == classes.class_of("KxÄ,".replace("Ä", "a")) != classes.class_of("skb;")
    assert classes.class_of("xs.") == classes.class_of("sx.") != classes.class_of("xS.")
    assert classes.class_of("3k") != classes.class_of("3m") == classes.class_of("4s")
    assert classes.class_of("x's") != classes.class_of("x't")
    assert classes.class_of("1-1") == classes.class_of("2-3")
    assert classes.class_of("1.1.1.1") != classes.class_of("1.2.1.1")
    assert classes.class_of("ж,") == classes.class_of("é,") and classes.class_of("aж,") == classes.class_of("жé,")


@pytest.mark.parametrize(("text", "ignore"), [("[.,]", True), ("km?$", False), ("(?<=1)km$", True), ("(?:-)?", False)])
def test_patterns_that_ignore_letters(text, ignore):
    assert PatternClasses([re.compile(text)]).ignore_letters == ignore
    assert not PatternClasses([re.compile(text), re.compile("É")]).ignore_letters


@pytest.mark.parametrize("text", UNKNOWN)
def test_pretokens_have_no_class_if_a_pattern_is_not_understood(text):
    classes = PatternClasses([re.compile("-"), re.compile(text)])
    assert [classes.class_of(pretoken) for pretoken in pretokens(Random(0))] == [
        None
    ] * 1500 and not classes.ignore_letters


def test_pretokens_with_white_space_have_no_class():
    classes = PatternClasses([re.compile("-")])
    assert classes.class_of("a-b") and classes.class_of("a b") is classes.class_of("a\u2003-") is None


def test_time_and_memory_are_bounded(monkeypatch):
    monkeypatch.setattr(pattern_classes, "MAX_NODES", 50)
    monkeypatch.setattr(pattern_classes, "MAX_OUTLINES", 10)
    classes = PatternClasses([re.compile(r"\d(?:km|m)$")])
    some = [classes.class_of("a" * n + mark) for n in range(1, 20) for mark in ",.;:!?()[]{}+*/&%$#@"]
    assert None in some and classes.class_of("a,") and len(classes._by_outline) <= 10


def test_an_alphabet_is_analysed_once_it_has_come_often(monkeypatch):
    monkeypatch.setattr(pattern_classes, "MIN_SIGHTINGS", 2)
    classes = PatternClasses([re.compile("-")])
    assert [bool(classes.class_of(pretoken)) for pretoken in ("a,", "b.", "aa,", "aaa,", "a,", "b.")] == [
        0,
        0,
        0,
        1,
        1,
        0,
    ]


def test_english_patterns_do_not_tell_letters_apart_before_a_comma():
    classes = PatternClasses(spec_of("en").compiled())
    assert classes.ignore_letters
    assert classes.class_of("Word,") == classes.class_of("Anna,") == classes.class_of("skmS,")
    assert classes.class_of("word.") == classes.class_of("anna.") != classes.class_of("Anna.")


CLASSES = {
    **{"Amsel,": b"AAAAA,", "(Zebra)": b"(AAAAA)", "(blau": b"(AAAA", "Uhr?!": b"AAA?!", "“Wolke”": "“AAAAA”"},
    **{"Blume.": b"Aaaaa.", "1990,": b"0000,", "*Oper*": b"*AAAA*", "ab/cd": b"AA/AA"},
}
HAVE_A_CLASS = ["don't", "l'eau", "x-y", "3km", "10%", "$5", "e.g.", "1,000.5", "ÄÖ;", "жук…", "a@b.org", "C++"]


@pytest.mark.parametrize("lang", ["en", "de", "fr"])
def test_patterns_of_widely_used_languages_are_understood(lang):
    """A private module of Python parses them: if it changed, tokenizing would take twice as long, without an error."""
    patterns = spec_of(lang).compiled()
    classes = PatternClasses(patterns)
    assert len(patterns) >= 4 and classes.understood and classes.ignore_letters
    assert {pretoken: classes.class_of(pretoken) for pretoken in CLASSES} == CLASSES
    assert None not in map(classes.class_of, HAVE_A_CLASS)


def test_no_letter_has_a_case_that_is_taken_for_none():
    """A character that is not a letter in any case must not match a letter where case is ignored."""
    letters = [chr(code) for code in range(1 << 17) if chr(code).isalpha()]
    cased = {form for char in letters for form in (char.lower(), char.upper(), char.title()) if len(form) == 1}
    assert all(pattern_classes._may_be_letter(ord(char)) for char in cased | set("\u0345ſK"))
