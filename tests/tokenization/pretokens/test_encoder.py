import gc
from itertools import islice
from pkgutil import iter_modules
from random import Random

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_sgns.sources.source import Source
from spacy_sgns.sources.splitting import Piece, piece_batches
from spacy_sgns.tokenization.pretokens import encoder as encoder_module
from spacy_sgns.tokenization.pretokens import pattern_classes
from spacy_sgns.tokenization.pretokens import tokenizer as tokenizer_module
from spacy_sgns.tokenization.pretokens.encoder import PretokenEncoder
from spacy_sgns.tokenization.pretokens.tokenizer_spec import TokenizerSpec
from tests.tokenization.hard_texts import LETTERS, MARKS, WORDS, random_text, spec_of, texts, tokens

ENCODERS = {}


@pytest.fixture(autouse=True)
def alphabets_at_once(monkeypatch):
    """Alphabets are analysed from the first pretoken on."""
    monkeypatch.setattr(pattern_classes, "MIN_SIGHTINGS", 0)


def encoder_of(lang):
    """Return an encoder that remembers nothing; making a new one takes a while."""
    encoder = ENCODERS.setdefault(lang, PretokenEncoder(spec_of(lang), str))
    encoder._tokenizer._splits.clear()
    encoder._reset()
    return encoder


def encoded(encoder, several):
    """Return the tokens of each text."""
    batch = encoder.encode([Piece(text, True) for text in several])
    made = [batch.forms.texts[number] for number in batch.form_ids]
    assert len(batch.text_ends) == len(batch.ends) == len(several) and batch.ends[-1] == len(made)
    return [made[start:end] for start, end in zip([0, *batch.ends], batch.ends, strict=False)]


@settings(max_examples=50, deadline=None)
@given(st.lists(texts("en"), min_size=1, max_size=4))
def test_tokens_are_those_of_docs(several):
    encoder = encoder_of("en")
    for each in (several[:1], several):
        assert encoded(encoder, each) == [tokens("en", text) for text in each]


def compare(lang, times):
    """Compare the tokens of many random texts with spaCy's; return the encoder."""
    random, encoder = Random(lang), encoder_of(lang)
    for _ in range(times):
        several = [random_text(lang, random) for _ in range(3)]
        assert encoded(encoder, several) == [tokens(lang, text) for text in several]
    return encoder


@pytest.mark.parametrize("lang", ["de", "el", "es", "hi", "hu", "ru", "tr"])
def test_tokens_are_those_of_docs_in_other_languages(lang):
    assert spec_of(lang)
    encoder = compare(lang, 100)
    assert any(" " in span for span in encoder._span_ids)  # some were joined


NASTY = " ".join([*WORDS, *MARKS, *(f"({word}s). {word}{mark}{word}" for word in LETTERS for mark in ".,'-/:’")])


@pytest.mark.slow
@pytest.mark.parametrize("lang", [module.name for module in iter_modules(spacy.lang.__path__) if module.ispkg])
def test_tokens_are_those_of_docs_in_every_language(lang):
    try:
        found = spec_of(lang)
    except ImportError:
        pytest.skip("its tokenizer is in another package")
    if found is None:
        pytest.skip("its texts are made into Docs")
    assert encoded(encoder_of(lang), [NASTY]) == [tokens(lang, NASTY)]
    compare(lang, 30)


def test_text_goes_on_in_the_next_piece_and_portion():
    encoder = encoder_of("en")
    first = encoder.encode(
        [Piece("a b", True), Piece("c ", False), Piece("", False), Piece("d", True), Piece("e", False)]
    )
    assert first.ends.tolist() == first.text_ends.tolist() == [2, 4] and len(first.form_ids) == 5
    second = encoder.encode([Piece("", True), Piece(" ", True), Piece("f", True)])
    assert second.ends.tolist() == second.text_ends.tolist() == [0, 0, 1] and len(second.form_ids) == 1
    assert second.forms is first.forms and second.forms.texts == list("abcdef")


@pytest.mark.parametrize(
    ("name", "limit"),
    [("MAX_SPANS", 40), ("MAX_SPANS", 5), ("MAX_MEAN_SPAN_CHARS", 0), ("MAX_FORMS", 30), ("MAX_CLASSES", 3)],
)
def test_tokens_are_the_same_whatever_is_forgotten(monkeypatch, name, limit):
    for module in (encoder_module, tokenizer_module):
        monkeypatch.setattr(module, name, limit, raising=False)
    compare("en", 60)


@pytest.mark.parametrize("name", ["MAX_SPANS", "MAX_MEAN_SPAN_CHARS"])
def test_what_is_met_again_is_remembered_and_the_rest_is_not(monkeypatch, name):
    encoder = encoder_of("en")
    monkeypatch.setattr(encoder_module, "MAX_SPANS", 100)
    monkeypatch.setattr(encoder_module, "MAX_MEAN_SPAN_CHARS", 5 if name == "MAX_MEAN_SPAN_CHARS" else 1000)
    words = [f"x{i}y" for i in range(400)]
    for i in range(0, 400, 10):
        assert encoded(encoder, [" ".join(["the", *words[i : i + 10], "cat."])]) == [
            ["the", *words[i : i + 10], "cat", "."]
        ]
        assert len(encoder._span_ids) <= 112
    assert {"the", "cat."} <= encoder._span_ids.keys() and "x5y" not in encoder._span_ids
    assert len(encoder._forms.texts) == 403  # these keep their numbers


def test_forms_begin_anew_when_there_are_too_many(monkeypatch):
    encoder = encoder_of("en")
    monkeypatch.setattr(encoder_module, "MAX_FORMS", 50)
    batches = [encoder.encode([Piece(" ".join(f"w{i}x{j}" for j in range(20)), True)]) for i in range(10)]
    assert len({batch.forms for batch in batches}) > 2
    assert max(len(batch.forms.texts) for batch in batches) <= 70


def test_strings_of_spacy_stay_bounded(monkeypatch):
    monkeypatch.setattr(tokenizer_module, "MAX_NEW_STRINGS", 200)
    encoder = PretokenEncoder(spec_of("en"), str)
    made, fresh = [], len(spec_of("en").tokenizer().vocab.strings)
    for i in range(20):
        encoded(encoder, [" ".join(f"{'-' * i}w{i}x{j}" for j in range(50))])
        made.append(encoder._tokenizer._tokenizer)
        assert len(made[-1].vocab.strings) < fresh + 400
    assert len(set(map(id, made))) > 3


def test_garbage_collection_is_as_it_was():
    encoder = encoder_of("en")
    for before in (gc.disable, gc.enable):
        before()
        enabled = gc.isenabled()
        encoded(encoder, ["a b"])
        assert gc.isenabled() == enabled


CASES = {
    "New York": [{"ORTH": "New York"}],
    "at|least": [{"ORTH": "at|"}, {"ORTH": "least"}],
    "( :": [{"ORTH": "( :"}],
    "..x": [{"ORTH": ".."}, {"ORTH": "x"}],
    "a b c": [{"ORTH": "a b"}, {"ORTH": " c"}],
    "dontpls": [{"ORTH": "dont"}, {"ORTH": "pls"}],
    ":)": [{"ORTH": ":"}, {"ORTH": ")"}],
}


@pytest.mark.parametrize("faster", [True, False])
def test_special_cases_of_somebodys_own(faster):
    nlp = spacy.blank("en")
    for text, specs in CASES.items():
        nlp.tokenizer.add_special_case(text, specs)
    nlp.tokenizer.faster_heuristics = faster
    found = TokenizerSpec.from_tokenizer(nlp.tokenizer)
    assert found
    encoder, random = PretokenEncoder(found, str), Random(0)
    bits = [*(text[i : i + 3] for text in CASES for i in range(3)), *CASES, " ", " ", " ", "\n", ".", "'s", "("]
    for _ in range(400):
        text = "".join(random.choice(bits) for _ in range(12))
        assert encoded(encoder, [text]) == [[token.text for token in nlp.tokenizer(text) if not token.is_space]]


def test_pretokens_alone_would_be_wrong():
    """The reason for `SpecialCases`."""
    text = "( :)x"
    assert encoded(encoder_of("en"), [text]) == [["(", ":", ")", "x"]] == [tokens("en", text)]
    assert tokens("en", ":)x") == [":)", "x"]
    text = "en EE. UU. hoy"
    assert encoded(encoder_of("es"), [text]) == [["en", "EE. UU.", "hoy"]] == [tokens("es", text)]


@pytest.mark.corpus
def test_natural_text_has_the_tokens_of_docs(shared):
    path = shared / "data" / "wiki-articles.jsonl.gz"
    encoder = encoder_of("en")
    source = Source(path)
    [file] = source.files()
    for portion in islice(piece_batches(source.pieces(file, pytest.fail)), 3):
        some = [text for text, _ in portion]
        assert encoded(encoder, some) == [tokens("en", text) for text in some]
