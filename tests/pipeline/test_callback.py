import warnings
from io import StringIO

import pytest
import spacy
from spacy.training import Example
from spacy.util import logger_stream_handler
from thinc.api import Config

from spacy_sgns.errors import SgnsError, SgnsWarning
from spacy_sgns.pipeline.config_error import ConfigError
from spacy_sgns.pipeline.load import open_vectors
from spacy_sgns.registry import Choice
from spacy_sgns.settings import Settings
from tests.pipeline.tiny_corpus import QUICK, RARE

STATIC = {
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
COMPONENTS = {"sgns": {"factory": "sgns", **QUICK}, "tagger": {"factory": "tagger", "model": STATIC}}


def pipeline(corpus, names, vectors=None, sgns=None, **callback):
    """Return a pipeline whose config trains vectors before its components are initialised."""
    reader = {"@readers": "spacy_sgns.TextCorpus.v1", "path": str(corpus)}
    before = {"@callbacks": "spacy_sgns.train_vectors.v1", "corpus": reader, **callback}
    config = {
        "paths": {"vectors": vectors},
        "nlp": {"lang": "en", "pipeline": list(names)},
        "components": {name: COMPONENTS[name] for name in names},
        "initialize": {"before_init": before, "vectors": "${paths.vectors}", "components": {"sgns": sgns or {}}},
    }
    return spacy.util.load_model_from_config(Config(config), auto_fill=True)


@pytest.mark.parametrize("names", [["sgns", "tagger"], ["tagger", "sgns"]])
def test_static_vectors_are_there_whatever_the_order(corpus, made, names):
    nlp = pipeline(corpus, names)
    example = Example.from_dict(nlp.make_doc("the cat ran"), {"tags": ["D", "N", "V"]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        optimizer = nlp.initialize(lambda: [example])
    layer = next(node for node in nlp.get_pipe("tagger").model.walk() if node.name == "static_vectors")
    assert layer.get_dim("nM") == 8 and nlp("cat")[0].vector.any()
    for _ in range(40):
        nlp.update([example], sgd=optimizer)
    assert [token.tag_ for token in nlp("the cat ran")] == ["D", "N", "V"]
    sgns = nlp.get_pipe("sgns")
    assert {**sgns.report["corpus"], "source": {}} == made.get_pipe("sgns").report["corpus"]  # that was Docs
    assert sgns.vectors.rows.tolist() == made.get_pipe("sgns").vectors.rows.tolist()


def test_strings_of_the_corpus_stay_out(corpus):
    nlp = pipeline(corpus, ["sgns"])
    nlp.initialize()
    assert nlp.vocab.vectors.n_keys
    assert not [string for string in nlp.vocab.strings if any(rare in string.lower() for rare in RARE)]


def test_component_is_not_needed(corpus, tmp_path, made):
    objective = {"@sgns_objectives": "negative_sampling.v1"}
    nlp = pipeline(corpus, ["tagger"], settings={**QUICK, "dim": 5, "case": "keep", "objective": objective})
    nlp.get_pipe("tagger").add_label("X")
    nlp.initialize()
    doc = nlp.make_doc("cat Cat CAT")
    assert [token.has_vector for token in doc] == [True, True, False] and doc[0].vector.shape == (5,)
    nlp.to_disk(tmp_path / "saved")
    vectors = open_vectors(str(tmp_path / "saved"))
    assert 0 < vectors.count("cat") < made.get_pipe("sgns").vectors.count("cat")  # which counts Cat and CAT too
    assert nlp.add_pipe("sgns").report["settings"]["dim"] == 5


def test_settings_are_those_of_an_unnamed_component(corpus, monkeypatch):
    used = []

    def stop(corpus, nlp, settings):
        used.append(settings)
        raise SgnsError("enough")

    monkeypatch.setattr("spacy_sgns.pipeline.train.train_on_reader", stop)
    for settings in ({"dim": 7, "architecture": {"@sgns_architectures": "skipgram.v1"}}, None):
        with pytest.raises(SgnsError, match="enough"):
            pipeline(corpus, [], settings=settings).initialize()
    with pytest.raises(SgnsError, match="enough"):
        pipeline(corpus, ["sgns"]).initialize()
    assert used == [Settings(dim=7, architecture=Choice("architecture", "skipgram.v1")), Settings(), Settings(**QUICK)]


def test_settings_in_two_places_are_an_error(corpus):
    with pytest.raises(SgnsError, match="has a component sgns: give the settings there, not to the callback"):
        pipeline(corpus, ["sgns"], settings={"dim": 4}).initialize()


def test_wrong_settings_are_named(corpus):
    with pytest.raises(ConfigError, match=r"^Unknown setting 'dims'\. Did you mean dim\?"):
        pipeline(corpus, [], settings={"dims": 4}).initialize()


def test_vectors_named_as_well_are_an_error(corpus, made, tmp_path):
    made.to_disk(tmp_path / "other")
    with pytest.raises(
        ConfigError, match=r"^\[initialize\] vectors is .*other' and would replace .* vectors = null in"
    ):
        pipeline(corpus, [], vectors=str(tmp_path / "other")).initialize()


@pytest.mark.parametrize("overwrite", [False, True])
def test_vectors_that_are_there_are_left_alone_unless_asked_for(corpus, nlp, overwrite):
    nlp.add_pipe("sgns", config=QUICK).train(nlp.pipe(["one two three"] * 5))
    other = pipeline(corpus, ["sgns"], overwrite=overwrite)
    other.vocab.vectors = nlp.vocab.vectors
    other.initialize()
    assert (other("one")[0].has_vector, other("cat")[0].has_vector) == (not overwrite, overwrite)


def test_component_does_not_train_again(corpus, monkeypatch):
    reader = {"@readers": "spacy_sgns.TextCorpus.v1", "path": str(corpus.parent / "missing.txt")}
    nlp = pipeline(corpus, ["sgns"], sgns={"corpus": reader})
    nlp.initialize()
    assert nlp("cat")[0].has_vector


def test_empty_corpus_is_an_error(tmp_path):
    (tmp_path / "empty.txt").write_text("")
    with pytest.raises(SgnsError, match="The corpus has no tokens"):
        pipeline(tmp_path / "empty.txt", []).initialize()


@pytest.mark.parametrize("names", [[], ["sgns"]])
def test_vectors_nearly_the_same_are_told(corpus, monkeypatch, names):
    monkeypatch.setitem(COMPONENTS, "sgns", {**COMPONENTS["sgns"], "epochs": 2, "learning_rate": 0.1})
    settings = None if names else {**QUICK, "epochs": 2, "learning_rate": 0.1}
    with pytest.warns(SgnsWarning, match="nearly the same"):
        pipeline(corpus, names, settings=settings).initialize()


def test_lookups_that_replace_the_record_are_told(corpus):
    nlp = pipeline(corpus, [], settings=QUICK)
    lookups = {"@misc": "spacy.LookupsDataLoader.v1", "lang": "qqq", "tables": []}
    nlp.config["initialize"]["lookups"] = lookups
    with pytest.warns(SgnsWarning, match=r"\[initialize.lookups\] replaces .* the counts and the report"):
        nlp.initialize()


@pytest.mark.parametrize("names", [["tagger"], ["sgns", "tagger"]])
def test_vectors_that_nothing_uses_are_told(corpus, monkeypatch, names):
    model = {**STATIC, "tok2vec": {**STATIC["tok2vec"], "pretrained_vectors": None}}
    monkeypatch.setitem(COMPONENTS, "tagger", {"factory": "tagger", "model": model})
    nlp = pipeline(corpus, names, **({} if "sgns" in names else {"settings": QUICK}))
    nlp.get_pipe("tagger").add_label("X")
    with pytest.warns(SgnsWarning, match=r"Set pretrained_vectors = true in \[components\.tagger\.model\.tok2vec\]\.$"):
        nlp.initialize()


def test_progress_is_logged_without_verbose_and_silent_in_python(corpus, monkeypatch, nlp):
    monkeypatch.setattr(logger_stream_handler, "stream", StringIO())
    pipeline(corpus, [], settings=QUICK).initialize()
    said = logger_stream_handler.stream.getvalue()
    assert f"[INFO] sgns: reading {corpus}\n" in said
    assert "[INFO] sgns: read 13 texts, " in said and "[INFO] sgns: kept 16 words, " in said
    assert said.count("[INFO] sgns: epoch") == QUICK["epochs"] and " left\n" in said
    nlp.add_pipe("sgns", config=QUICK).train(nlp.pipe(corpus.read_text().splitlines()))
    assert logger_stream_handler.stream.getvalue() == said
