"""Words of kinds to leave out."""

import pkgutil

import pytest
import spacy
import spacy.lang
from spacy.util import get_lang_class

from spacy_sgns.errors import SettingError
from spacy_sgns.pipeline.word_filter import WordFilter, recognized_language

ENGLISH = ["the", "Rabbit", "of", ",", "and", "queen", "to", "it", "1865"]
GERMAN = ["der", "und", "Hase", "die", "ist", "nicht", "Königin", "Zeit", "ein"]
CONTENT = ["rabbit", "queen", "hatter", "garden", "time", "table", "house"]


def kinds(words, *args):
    found = WordFilter(*args)
    return [found.kind(word) for word in words]


@pytest.fixture(scope="module")
def german(tmp_path_factory):
    path = tmp_path_factory.mktemp("pipelines") / "german"
    spacy.blank("de").to_disk(path)
    return str(path)


def test_a_pipeline_tells_its_language(german):
    words = ["Die", "die", "Hase", "the", ",", "3"]
    assert kinds(words, ("punct", "stop"), german, []) == ["stop", "stop", "", "", "punct", ""]
    found = WordFilter(("stop",), german, ENGLISH)
    assert (found.language, found.recognized) == ("de", False)


def test_a_given_language_takes_precedence(german):
    assert kinds(["the", "die"], ("stop",), german, [], "en") == ["stop", ""]
    assert WordFilter(("stop",), german, ENGLISH, "xx").language == "xx"


@pytest.mark.parametrize(("frequent", "code"), [(ENGLISH, "en"), (GERMAN, "de")])
def test_a_file_is_recognized_by_its_frequent_words(frequent, code):
    found = WordFilter(("stop",), "nowhere.vec", frequent)
    assert (found.language, found.recognized) == (code, True)
    assert found.kind(frequent[0]) == "stop" and found.kind("Rabbit") == ""


def test_a_pipeline_of_many_languages_is_recognized_by_its_words(tmp_path):
    spacy.blank("xx").to_disk(tmp_path / "many")
    assert WordFilter(("stop",), str(tmp_path / "many"), GERMAN).language == "de"


@pytest.mark.parametrize("frequent", [[], CONTENT, [",", "."]])
def test_a_language_that_is_not_recognized_has_no_stop_words(frequent):
    found = WordFilter(("punct", "stop"), "nowhere.vec", frequent)
    assert (found.language, [found.kind(word) for word in ("the", "die", ",")]) == ("", ["", "", "punct"])


def test_each_language_is_recognized_by_its_stop_words():
    codes = [module.name for module in pkgutil.iter_modules(spacy.lang.__path__) if module.ispkg]
    stop_words = {code: get_lang_class(code).Defaults.stop_words for code in codes}
    for code in codes:
        words = sorted(stop_words[code], key=lambda word: (len(word), word))
        found = recognized_language(words)
        assert found == "" if not words else set(words[:100]) <= stop_words[found], code


@pytest.mark.parametrize("meta", ["", "[]", "{}", '{"lang": 3}', '{"lang": "klingon"}', "{"])
def test_a_pipeline_that_does_not_tell_its_language_is_recognized(tmp_path, meta):
    (tmp_path / "meta.json").write_text(meta)
    assert WordFilter(("stop",), str(tmp_path), ENGLISH).language == "en"


def test_an_unknown_language_is_an_error():
    with pytest.raises(SettingError, match=r"spaCy has no language 'klingon'. Give its code, such as en or de"):
        WordFilter(("stop",), "nowhere", [], "klingon")
