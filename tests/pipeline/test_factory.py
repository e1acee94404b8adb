import os

import pytest
import spacy

from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.pipeline.attach import untrained
from spacy_sgns.pipeline.factory import from_base, from_config, from_language, nested
from spacy_sgns.settings import Settings
from tests.pipeline.tiny_corpus import QUICK

SETTINGS = Settings(dim=7)
CONFIG = """
[nlp]
lang = "de"
pipeline = ["words", "sentencizer"]

[components]

[components.sentencizer]
factory = "sentencizer"

[components.words]
factory = "sgns"
dim = 7
drop = ["url"]

[components.words.objective]
@sgns_objectives = "negative_sampling.v1"
"""


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "base.cfg"
    path.write_text(CONFIG)
    return path


def static_tagger(vocab):
    nlp = spacy.blank("en", vocab=vocab)
    model = {
        "@architectures": "spacy.Tagger.v2",
        "tok2vec": {
            "@architectures": "spacy.HashEmbedCNN.v2",
            "pretrained_vectors": True,
            "width": 8,
            "depth": 1,
            "embed_size": 20,
            "window_size": 1,
            "maxout_pieces": 2,
            "subword_features": False,
        },
    }
    nlp.add_pipe("tagger", config={"model": model}).add_label("X")
    nlp.initialize()
    return nlp


def test_language_alone_is_blank(nlp):
    factory = from_language("sv", {"nlp.batch_size": 7})
    assert factory.for_docs(sentences=False).pipe_names == []
    assert factory.for_docs(sentences=True).pipe_names == ["sentencizer"]
    made = factory.for_output(SETTINGS, component=True)
    assert made.lang == "sv" and made.batch_size == 7 and made.pipe_names == ["sgns"]
    assert made.get_pipe("sgns").settings == SETTINGS and made.config["components"]["sgns"]["dim"] == 7
    assert factory.for_output(SETTINGS, component=False).pipe_names == []


def test_each_call_makes_another():
    factory = from_language("en", {})
    assert factory.for_docs(sentences=False).vocab is not factory.for_docs(sentences=False).vocab


def test_config_gives_settings_and_pipeline(config):
    factory = from_config(config, {"components.words.window": 2})
    settings = Settings.of(**factory.component_settings)
    assert (settings.dim, settings.window, settings.drop) == (7, 2, ("url",))
    assert settings.objective.name == "negative_sampling.v1"
    assert factory.for_docs(sentences=True).pipe_names == ["sentencizer"]
    nlp = factory.for_output(settings, component=False)
    assert (
        nlp.lang == "de" and nlp.pipe_names == ["sentencizer", "words"] and nlp.get_pipe("words").settings == settings
    )


@pytest.mark.parametrize("component", [False, True])
def test_a_component_that_only_gives_the_settings_is_not_written_by_default(config, component):
    config.write_text(CONFIG.replace('["words", "sentencizer"]', '["sentencizer"]'))
    factory = from_config(config, {})
    nlp = factory.for_output(Settings.of(**factory.component_settings), component=component)
    assert nlp.pipe_names == ["sentencizer", *(["sgns"] if component else [])]


def test_config_of_an_output_makes_the_same_again(made, tmp_path):
    made.to_disk(tmp_path / "out")
    factory = from_config(tmp_path / "out" / "config.cfg", {})
    assert Settings.of(**factory.component_settings) == Settings(**QUICK)
    assert factory.for_output(Settings(**QUICK), component=False).pipe_names == ["sgns"]


def test_config_with_untrained_components(config):
    config.write_text(CONFIG.replace("sentencizer", "tagger"))
    nlp = from_config(config, {}).for_output(SETTINGS, component=False)
    assert untrained(nlp) == ["tagger"]


WRONG_CONFIGS = {
    "no file": (None, "There is no config file"),
    "no section": (CONFIG.replace("[nlp]", "[nlq]"), r"has no section \[nlp\]"),
    "no component": (CONFIG.replace('"sgns"', '"senter"'), "There is no component sgns in the config"),
    "no config": ("What is this?", "is not valid"),
    "wrong factory": (
        CONFIG.replace('factory = "sentencizer"', 'factory = "nothing"'),
        "Can't find factory for 'nothing'",
    ),
    "wrong language": (CONFIG.replace('"de"', '"qqq"'), "Cannot load the config .*qqq"),
    "no block": (CONFIG.replace("[components.sentencizer]\nfactory", "sentencizer"), "Cannot load the config"),
}


@pytest.mark.parametrize("how", WRONG_CONFIGS)
def test_wrong_config_gets_one_clear_line(config, how):
    text, message = WRONG_CONFIGS[how]
    config.write_text(text) if text else config.unlink()
    with pytest.raises(SgnsError, match=message) as raised:
        from_config(config, {}).for_docs(sentences=False)
    assert "\n" not in str(raised.value)


def test_unknown_language_gets_one_clear_line():
    with pytest.raises(SgnsError, match=r"^spaCy has no language 'qqq'\. Give its code, such as en"):
        from_language("qqq", {}).for_docs(sentences=False)


def test_base_keeps_everything_and_gets_the_component_last(tmp_path, nlp):
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "X", "pattern": "new york"}])
    nlp.tokenizer.add_special_case("gonna", [{"ORTH": "gon"}, {"ORTH": "na"}])
    nlp.to_disk(tmp_path / "base")
    factory = from_base(str(tmp_path / "base"), {"nlp.batch_size": 7})
    made = factory.for_output(SETTINGS, component=True)
    assert made.pipe_names == ["sentencizer", "entity_ruler", "sgns"] and made.batch_size == 7
    assert [ent.label_ for ent in made("new york").ents] == ["X"]
    assert [token.text for token in factory.for_docs(sentences=True)("gonna")] == ["gon", "na"]
    only = factory.for_output(SETTINGS, component=False)
    assert only.pipe_names == ["sentencizer", "entity_ruler"]
    assert [token.text for token in only("gonna")] == ["gon", "na"]


@pytest.mark.parametrize("name", ["sgns", "words"])
def test_base_that_has_vectors_by_us_gets_new_ones(made, tmp_path, name):
    nlp = spacy.blank("en", vocab=made.vocab)
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("sgns", name=name, config=QUICK, first=True)
    nlp.to_disk(tmp_path / "base")
    factory = from_base(str(tmp_path / "base"), {})
    assert factory.doc_maker(sentences=False).tokenizer_only
    again = factory.for_output(SETTINGS, component=False)
    assert again.pipe_names == ["sentencizer", name] and again.get_pipe(name).settings == SETTINGS


def test_base_whose_components_need_its_vectors_is_refused(made, tmp_path):
    static_tagger(made.vocab).to_disk(tmp_path / "base")
    factory = from_base(str(tmp_path / "base"), {})
    with pytest.raises(
        SgnsError,
        match=r"^Of this pipeline, tagger learnt .* Take a base without its trained components: .* each of tagger,",
    ):
        factory.for_output(SETTINGS, component=False)


def test_base_that_does_not_load_gets_one_clear_line(tmp_path):
    with pytest.raises(SgnsError, match=r"^Cannot load the base nowhere_to_be_found: .*E050[^\n]*$"):
        from_base("nowhere_to_be_found", {}).for_docs(sentences=False)


def test_dotted_names_become_sections():
    assert nested({"a.b.c": 1, "a.d": 2, "e": 3}) == {"a": {"b": {"c": 1}, "d": 2}, "e": 3}


@pytest.mark.parametrize("names", [("a.b", "a.b.c"), ("a.b.c", "a.b"), ("a", "a.b.c.d")])
def test_a_name_that_is_both_a_value_and_a_section_is_an_error(names):
    with pytest.raises(SettingError, match=f"--{names[1]} .*another flag gives"):
        nested(dict.fromkeys(names, 1))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="wants pipes with names")
@pytest.mark.parametrize("name", ["meta.json", "vocab/strings.json"])
def test_a_pipe_in_a_pipeline_is_not_waited_for(tmp_path, name):
    spacy.blank("en").to_disk(tmp_path)
    (tmp_path / name).unlink()
    os.mkfifo(tmp_path / name)
    with pytest.raises(SgnsError, match=f"{name} is not a file, but a pipe"):
        from_base(str(tmp_path), {}).make()
