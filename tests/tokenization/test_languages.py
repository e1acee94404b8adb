import pytest
import spacy
from spacy.language import Language

from spacy_sgns.errors import SgnsError
from spacy_sgns.sources.splitting import Piece
from spacy_sgns.tokenization.docs import DocMaker
from spacy_sgns.tokenization.languages import tokenizer_error, tokenizer_warnings, unsplit_warning


def failing(error):
    def fail(text):
        raise error

    return fail


@Language.component("fails_when_run", retokenizes=True)
def fails_when_run(doc):
    raise KeyError(doc.text)


@pytest.mark.parametrize("error", [OSError("no\nlibrary."), ImportError("no library"), Exception("no library")])
def test_a_tokenizer_that_fails_is_an_error_in_one_line(error):
    nlp = spacy.blank("en")
    nlp.tokenizer = failing(error)
    with pytest.raises(SgnsError, match=r"^The pipeline \(en\) cannot split a text: \w+: no library\.$"):
        list(DocMaker(lambda: nlp).docs([Piece("a", True)]))


@pytest.mark.parametrize("error", [SgnsError("said already"), MemoryError()])
def test_errors_that_say_what_is_wrong_are_passed_on(error):
    nlp = spacy.blank("en")
    nlp.tokenizer = failing(error)
    with pytest.raises(type(error)) as raised:
        list(DocMaker(lambda: nlp).docs([Piece("a", True)]))
    assert raised.value is error


def test_a_component_that_fails_is_an_error_too():
    nlp = spacy.blank("en")
    nlp.add_pipe("fails_when_run")
    with pytest.raises(SgnsError, match=r"cannot split a text: KeyError: 'a b'\."):
        list(DocMaker(lambda: nlp).docs([Piece("a b", True)]))


@pytest.mark.parametrize(("lang", "needed"), [("ko", "natto-py"), ("ja", "sudachipy"), ("xx", ""), ("en", "")])
def test_what_a_language_needs_is_named(lang, needed):
    nlp = type("Nlp", (), {"lang": lang})
    said = str(tokenizer_error(nlp, ValueError("x")))
    assert ("needs" in said) == bool(needed) and needed in said


def test_only_chinese_in_characters_is_warned_of():
    [said] = tokenizer_warnings(spacy.blank("zh"))
    assert "single characters" in said and "--nlp.tokenizer.segmenter jieba" in said
    assert not list(tokenizer_warnings(spacy.blank("en")))
    nlp = spacy.blank("zh")
    nlp.tokenizer.segmenter = "jieba"  # as its config would, if that is installed
    assert not list(tokenizer_warnings(nlp))


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("国王和王后一起走进了美丽的花园里", "zh"),
        ("今天天气很好，我们去公园玩。晚上回家吃饭", "zh"),
        ("พระราชาและพระราชินีเดินเข้าไปในสวน", "th"),
        ("王様と女王様は美しい庭園に入りました", "ja"),
    ],
)
def test_clauses_instead_of_words_are_a_warning_with_the_language_to_give(text, lang):
    assert f"--lang {lang}" in unsplit_warning([text, "king", "queen"], "en")
    assert unsplit_warning([text[:4], text[4:8], "king", "queen"], "en") == ""
    assert unsplit_warning([text, *"abcdefgh"], "en") == ""


def test_words_of_languages_with_spaces_are_no_clauses():
    assert unsplit_warning(["金鱼想要牛奶", "小猫想要红茶"], "en") and not unsplit_warning(
        ["金鱼", "想要", "牛奶"], "en"
    )
    words = ["Donaudampfschifffahrt", "국어사전편찬위원회", "непредсказуемость", "internationalization"]
    assert unsplit_warning(words, "xx") == ""
    assert unsplit_warning([], "en") == ""
