import pytest
import spacy

from spacy_sgns.pipeline.stop_words import stop_words


@pytest.mark.parametrize(("lang", "word"), [("en", "because"), ("de", "weil")])
def test_they_are_those_of_the_language(tmp_path, lang, word):
    spacy.blank(lang).to_disk(tmp_path / "pipeline")
    assert word in stop_words(str(tmp_path / "pipeline"))


@pytest.mark.parametrize("meta", [None, "", "[]", "{}", '{"lang": "none-such"}', '{"lang": 7}'])
def test_without_a_known_language_there_are_none(tmp_path, meta):
    if meta is not None:
        (tmp_path / "meta.json").write_text(meta, encoding="utf8")
    assert stop_words(str(tmp_path)) == frozenset()
