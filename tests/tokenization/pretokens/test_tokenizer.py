import pytest

from spacy_sgns.tokenization.pretokens import pattern_classes
from spacy_sgns.tokenization.pretokens import tokenizer as tokenizer_module
from spacy_sgns.tokenization.pretokens.special_cases import CONTEXT_DEPENDENT, MAY_CLOSE, MAY_OPEN
from spacy_sgns.tokenization.pretokens.tokenizer import PretokenTokenizer
from tests.tokenization.hard_texts import spec_of


@pytest.fixture
def by_spacy(monkeypatch):
    """The spans that spaCy tokenizes; alphabets are analysed from the first pretoken on."""
    monkeypatch.setattr(pattern_classes, "MIN_SIGHTINGS", 0)
    spans, put = [], PretokenTokenizer._put_unknown

    def stats(self, some, places, tokens):
        spans.extend(some)
        put(self, some, places, tokens)

    monkeypatch.setattr(PretokenTokenizer, "_put_unknown", stats)
    return spans


def tokenized(tokenizer, spans):
    """Return the tokens of each span, and the flags."""
    tokens = tokenizer.tokenize(spans)
    places = zip(tokens.starts, tokens.sizes, strict=True)
    return [" ".join(tokens.texts[start : start + size]) for start, size in places], tokens.flags.tolist()


def test_spacy_tokenizes_one_pretoken_of_each_class(by_spacy):
    tokenizer = PretokenTokenizer(spec_of("en"))
    assert tokenized(tokenizer, ["cat,", "word", "3km"]) == (["cat ,", "word", "3 km"], [0, 0, 0])
    assert tokenized(tokenizer, ["dog,", "Paris", "mat.", "5cm"]) == (["dog ,", "Paris", "mat .", "5 cm"], [0] * 4)
    assert by_spacy == ["cat,", "3km", "mat.", "5cm"]


def test_spacy_tokenizes_pretokens_of_one_class_with_other_special_cases(by_spacy):
    tokenizer = PretokenTokenizer(spec_of("en"))
    assert tokenized(tokenizer, ["xx.", "yy."])[0] == ["xx .", "yy ."]
    assert tokenized(tokenizer, ["cats,", "cant,", "zz.", "Dr.", "dr.", "vs.", "its", "cant"])[0] == [
        *["cats ,", "ca nt ,", "zz .", "Dr.", "dr .", "vs.", "its", "ca nt"]
    ]
    assert {"cant,", "vs.", "cant"} <= set(by_spacy) and not {"zz.", "its"} & set(by_spacy)


def test_pretokens_with_special_cases_stand_for_those_with_the_same_only(by_spacy):
    """A pretoken with a special case stands for others of its class only if they have the same one."""
    tokenizer = PretokenTokenizer(spec_of("en"))
    assert tokenized(tokenizer, ["Anna's"])[0] == ["Anna 's"]
    assert tokenized(tokenizer, ["Otto's", "Emma's"])[0] == ["Otto 's", "Emma 's"] and by_spacy == ["Anna's"]
    assert tokenized(tokenizer, ["Otto't", "What's"])[0] == ["Otto't", "What 's"] and by_spacy[1:] == [
        "Otto't",
        "What's",
    ]


def test_flags_tell_what_neighbours_may_undo(by_spacy):
    tokenizer = PretokenTokenizer(spec_of("en"))
    assert tokenized(tokenizer, ["x:)", ":)x", ":)", "a.m."])[1] == [CONTEXT_DEPENDENT, CONTEXT_DEPENDENT, 0, 0]
    assert tokenized(tokenizer, ["x:)" + "," * 9])[1] == [CONTEXT_DEPENDENT]
    assert tokenized(PretokenTokenizer(spec_of("es")), ["EE.", "UU."])[1] == [MAY_OPEN, MAY_CLOSE]
    assert not {"x:)", ":)x"} & {span for span in by_spacy if by_spacy.count(span) > 1}


def test_context_dependent_pretokens_do_not_stand_for_others(by_spacy):
    tokenizer = PretokenTokenizer(spec_of("en"))
    first = tokenized(tokenizer, ["x:)", "y:)"])
    assert first == (["x :)", "y :)"], [CONTEXT_DEPENDENT, CONTEXT_DEPENDENT]) and by_spacy == ["x:)", "y:)"]


@pytest.mark.parametrize("most", [1, 500])
def test_tokens_are_the_same_for_any_batch_size(by_spacy, monkeypatch, most):
    monkeypatch.setattr(tokenizer_module, "BATCH_SPANS", most)
    spans = ["cat,", "dog,", "x:)", "can't", "don't.", "a,b", "c,d", "a" * 50 + ",", "," * 40, "U.S.", "'tis"]
    assert tokenized(PretokenTokenizer(spec_of("en")), spans)[0] == [
        " ".join(token.text for token in spec_of("en").tokenizer()(span)) for span in spans
    ]
