import re

import pytest
import spacy
from spacy.tokenizer import Tokenizer
from spacy.vocab import Vocab

from spacy_sgns.tokenization.pretokens.tokenizer_spec import TokenizerSpec
from tests.tokenization.hard_texts import WORDS, blank, spec_of

TEXT = " ".join(WORDS)


def texts_of(doc):
    return [token.text for token in doc]


@pytest.mark.parametrize("lang", ["en", "de", "es", "hu", "tr", "xx"])
def test_the_same_tokenizer_is_made_from_plain_values(lang):
    found = spec_of(lang)
    again = TokenizerSpec.from_json(found.to_json())
    assert again == found and again.rules.keys() == blank(lang).tokenizer.rules.keys()
    assert texts_of(again.tokenizer()(TEXT)) == texts_of(blank(lang).tokenizer(TEXT))


def test_everything_that_a_tokenizer_is_made_of_counts():
    def tokenizer(**options):
        every = {
            "rules": {"xy": [{"ORTH": "x"}, {"ORTH": "y", "NORM": "z"}]},
            "prefix_search": re.compile("^<").search,
            "suffix_search": re.compile(">$").search,
            "infix_finditer": re.compile("[~]").finditer,
            "token_match": re.compile("<a>").match,
            "url_match": re.compile("b~.*", re.IGNORECASE).fullmatch,
            "faster_heuristics": False,
        }
        return Tokenizer(Vocab(), **{**every, **options})

    text = "<xy> <a> <B~c> <c~d> xy"
    wanted = ["<", "x", "y", ">", "<a>", "<", "B~c", ">", "<", "c", "~", "d", ">", "x", "y"]
    assert texts_of(tokenizer()(text)) == wanted
    found = TokenizerSpec.from_tokenizer(tokenizer())
    assert texts_of(TokenizerSpec.from_json(found.to_json()).tokenizer()(text)) == wanted
    for name in ("rules", "prefix_search", "suffix_search", "infix_finditer", "token_match", "url_match"):
        other = TokenizerSpec.from_tokenizer(tokenizer(**{name: None}))
        assert other != found and TokenizerSpec.from_json(other.to_json()) == other
        assert texts_of(other.tokenizer()(text)) == texts_of(tokenizer(**{name: None})(text))
    assert TokenizerSpec.from_tokenizer(tokenizer(faster_heuristics=True)) != found


def test_without_special_cases_and_with_their_first_step_only():
    """See the module: the second step joins `:)`, the first step splits `can't`."""
    found = spec_of("en")
    assert texts_of(found.tokenizer()("hello:) can't")) == ["hello", ":)", "ca", "n't"]
    assert texts_of(found.tokenizer(special_cases=False)("hello:) can't")) == ["hello", ":", ")", "can't"]
    assert texts_of(found.first_step(Vocab())("hello:) can't")) == ["hello", ":", ")", "ca", "n't"]


class Own(Tokenizer):
    pass


def with_function(name, function):
    tokenizer = spacy.blank("en").tokenizer
    setattr(tokenizer, name, function)
    return tokenizer


@pytest.mark.parametrize(
    "tokenizer",
    [
        Own(Vocab()),
        str.split,
        with_function("token_match", lambda text: None),
        with_function("url_match", re.compile("a").match.__call__),
        with_function("token_match", re.compile("a").findall),
        with_function("prefix_search", type("Found", (), {"search": lambda self, text: None})().search),
    ],
    ids=["class", "function", "lambda", "wrapper", "findall", "method"],
)
def test_other_classes_and_functions_have_no_spec(tokenizer):
    assert TokenizerSpec.from_tokenizer(tokenizer) is None


@pytest.mark.parametrize(
    ("text", "enough"),
    [
        ("New York", True),
        ("New York ", True),
        ("\n \n", True),
        ("a\nb", False),
        ("a  b", False),
        (" a", False),
        ("a\xa0b", False),
        ("a  ", False),
        ("see (can't too", False),
        ("see (x too", True),
    ],
)
def test_special_cases_with_odd_white_space_have_no_spec(text, enough):
    """Special cases with a part that spaCy may have cached without them have no spec either."""
    nlp = spacy.blank("en")
    nlp.tokenizer.add_special_case(text, [{"ORTH": text}])
    assert (TokenizerSpec.from_tokenizer(nlp.tokenizer) is not None) == enough
