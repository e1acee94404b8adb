"""Texts that tokenizers find hard."""

from functools import cache

import spacy
from hypothesis import strategies as st

from spacy_sgns.tokenization.pretokens import TokenizerSpec

LETTERS = ["abkmsxABKMSX", "äößÄéèçœÉ", "абвгАБВ", "αβγΑΒ", "ابت", "कखगिा", "あ漢字", "ıİşğ", "𝒜𝒷", "ﬁǅʰ"]
MARKS = [*".,:;!?()[]{}\"'’‘“”«»-–—…/\\*&%$€£°+=<>_~^|#@`´¿·", "...", "--", "\u0301", "\u200d", "😀", "©", "²"]
SPACES = [*[" "] * 12, "  ", "\t", "\n", "\xa0", "\u2028", "\u3000", "\x1c", "\x1f", "\x85", "\r\n", " \n"]
WORDS = ["http://a.de/b?c=1", "www.x.org", "a@b.co", "10.0.0.1", "3km", "5°C", "don't", "it's", "U.S.", "e.g.", "d'un"]
WORDS += ["(x)", ":-)", "( :)x", "1,000.5", "US$5", "C++", "'s", "n't", "a/b", "...", "x.", "3rd", "a\0b", "a" * 40]


@cache
def blank(lang):
    return spacy.blank(lang)


@cache
def spec_of(lang):
    return TokenizerSpec.from_tokenizer(blank(lang).tokenizer)


@cache
def parts(lang):
    """Return parts of texts: letters, numbers, marks, white space, and special cases of a language, also truncated."""
    rules = sorted(rule for rule in spec_of(lang).rules if not rule.isspace())
    odd = [rule for rule in rules if not rule[0].isalpha() or " " in rule] or rules
    words = [letters[i : i + n] for letters in LETTERS for i in range(4) for n in (1, 2, 5)]
    numbers = ["0", "7", "12", "1990", "2,5"]
    return [words, numbers, MARKS, SPACES, SPACES, rules, odd, [rule[:2] for rule in odd], WORDS]


def texts(lang):
    return st.lists(st.sampled_from(parts(lang)).flatmap(st.sampled_from), max_size=25).map("".join)


def random_text(lang, random):
    """Return a text as `texts` generates, many times faster."""
    return "".join(random.choice(random.choice(parts(lang))) for _ in range(random.randint(0, 25)))


def tokens(lang, text):
    """Return the tokens that spaCy makes of a text, without white space."""
    return [token.text for token in blank(lang).tokenizer(text) if not token.is_space]
