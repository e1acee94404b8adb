import json
import logging
import pickle
import warnings

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.vectors import Vectors
from thinc.api import Config

from spacy_sgns.errors import SettingError, SgnsError, SgnsWarning, UnknownWord
from spacy_sgns.pipeline.component import NO_CORPUS
from spacy_sgns.pipeline.load import open_vectors
from spacy_sgns.training.events import EpochEnd
from spacy_sgns.vectors.word_vectors import WordVectors
from tests.pipeline.tiny_corpus import QUICK, RARE, TEXTS


def from_config(reader=None, **settings):
    """Return a pipeline from a config. reader: the block of the component's corpus."""
    config = {
        "nlp": {"lang": "en", "pipeline": ["sgns"]},
        "components": {"sgns": {"factory": "sgns", **QUICK}},
        "initialize": {"components": {"sgns": {**({"corpus": reader} if reader else {}), **settings}}},
    }
    return spacy.util.load_model_from_config(Config(config), auto_fill=True)


def text_corpus(path, **options):
    return {"@readers": "spacy_sgns.TextCorpus.v1", "path": str(path), **options}


def test_trained_on_docs(nlp):
    sgns = nlp.add_pipe("sgns", config=QUICK)
    vectors = sgns.train(nlp.pipe(TEXTS))
    assert vectors is sgns.vectors
    assert vectors.words[:5] == ["the", "cat", "dog", "ran", "iphone"]
    assert {"cat", "Cat", "CAT", "IPHONE"} <= vectors.row_of.keys()
    assert not [word for word in vectors.words if word in RARE or word in ",.!"]
    assert vectors["Cat"].tolist() == nlp("cat")[0].vector.tolist()
    assert vectors.count("CAT") == sum(text.lower().count("cat") for text in TEXTS)


def test_docs_pass_through(made):
    doc = Doc(made.vocab, words=["a", "b"])
    assert made.get_pipe("sgns")(doc) is doc


def test_questions_are_answered_by_the_vectors(made):
    sgns = made.get_pipe("sgns")
    assert sgns.most_similar(["cat", "dog"], "apple", n=3) == sgns.vectors.most_similar(["cat", "dog"], "apple", 3)
    assert (
        len(sgns.most_similar("Cat")) == 10 and not {"cat", "Cat", "CAT"} & dict(sgns.most_similar("Cat", n=99)).keys()
    )
    assert sgns.similarity("CAT", "dog") == sgns.vectors.similarity("cat", "dog")
    with pytest.raises(UnknownWord, match=r"No vector for 'catt'. Did you mean .*cat"):
        sgns.similarity("catt", "dog")


def test_without_vectors_questions_are_an_error(nlp):
    sgns = nlp.add_pipe("sgns")
    assert sgns.report == {}
    with pytest.raises(SgnsError, match="has no word vectors"):
        sgns.most_similar("cat")


def test_vectors_follow_the_vocab(nlp, made):
    """The component uses vectors that other code attaches to the vocab."""
    sgns = nlp.add_pipe("sgns", config=QUICK)
    sgns.train(nlp.pipe(["a b c"] * 9))
    assert sgns.vectors.words == ["a", "b", "c"]
    nlp.vocab.vectors = made.vocab.vectors
    with pytest.warns(SgnsWarning, match="no longer those that spacy_sgns trained"):
        assert sgns.vectors.words == made.get_pipe("sgns").vectors.words


WRONG_SETTINGS = [
    ({"dim": 0}, "dim"),
    ({"window": "5"}, "window"),
    ({"epochs": 1.5}, "epochs"),
    ({"min_count": True}, "min_count"),
    ({"learning_rate": "fast"}, "learning_rate"),
    ({"case": "lower"}, "case must be one of fold, keep, got 'lower'"),
    ({"drop": ["punkt"]}, "Did you mean punct"),
    ({"architecture": "skipgramm"}, "Did you mean skipgram"),
    ({"objective": {"@sgns_objectives": "none.v1"}}, "Could not find function 'none.v1' .*negative_sampling.v1"),
    ({"windw": 3}, "windw"),
]


@pytest.mark.parametrize(("config", "message"), WRONG_SETTINGS, ids=str)
def test_wrong_settings_are_named(nlp, config, message):
    with pytest.raises(ValueError, match=f"(?s){message}"):
        nlp.add_pipe("sgns", config=config)


def test_settings_out_of_range_get_one_clear_line(nlp):
    with pytest.raises(SettingError, match=r"^dim must be a whole number from 1 to [^\n]*, got 0\.$"):
        nlp.add_pipe("sgns", config={"dim": 0})


def test_defaults_stand_in_the_config(nlp):
    nlp.add_pipe("sgns", config={"architecture": "skipgram", "drop": []})
    block = nlp.config["components"]["sgns"]
    assert block["architecture"] == "skipgram" and block["window"] == 5 and block["drop"] == []
    assert block["objective"] == {"@sgns_objectives": "negative_sampling.v1"}
    assert nlp.get_pipe("sgns").settings.architecture.name == "skipgram.v1"


READERS = {
    "TextCorpus, lines": lambda folder: text_corpus(folder / "corpus.txt"),
    "TextCorpus, folder": text_corpus,
    "TextCorpus, docs": lambda folder: text_corpus(folder / "docs" / "corpus.spacy"),
    "PlainTextCorpus": lambda folder: {"@readers": "spacy.PlainTextCorpus.v1", "path": str(folder / "corpus.txt")},
    "JsonlCorpus": lambda folder: {"@readers": "spacy.JsonlCorpus.v1", "path": str(folder / "lines.jsonl")},
    "Corpus": lambda folder: {"@readers": "spacy.Corpus.v1", "path": str(folder / "docs"), "gold_preproc": False},
}


@pytest.mark.parametrize("reader", READERS)
def test_initialize_trains_on_its_corpus(corpus, made, caplog, reader):
    folder = corpus.parent
    if reader == "JsonlCorpus":
        (folder / "lines.jsonl").write_text("\n".join(json.dumps({"text": text}) for text in TEXTS))
    if reader in ("Corpus", "TextCorpus, docs"):
        (folder / "docs").mkdir()
        DocBin(docs=spacy.blank("en").pipe(TEXTS)).to_disk(folder / "docs" / "corpus.spacy")
    nlp = from_config(READERS[reader](folder))
    with caplog.at_level(logging.INFO, "spacy"):
        nlp.initialize()
    assert caplog.text.count("sgns: epoch") == 5 and "words/s" in caplog.text
    sgns, wanted = nlp.get_pipe("sgns"), made.get_pipe("sgns")
    assert {**sgns.report["corpus"], "source": {}} == wanted.report["corpus"]  # that was Docs
    assert sgns.report["corpus"]["source"].get("files", 0) == reader.startswith("TextCorpus")
    assert np.array_equal(sgns.vectors.rows, wanted.vectors.rows)
    assert not [string for string in nlp.vocab.strings if any(rare in string.lower() for rare in RARE)]


def test_text_corpus_makes_no_examples(corpus, monkeypatch):
    monkeypatch.setattr("spacy_sgns.pipeline.reader.Example", None)
    nlp = from_config(text_corpus(corpus))
    nlp.initialize()
    assert nlp.vocab.vectors.n_keys


def test_initialize_never_trains_on_what_spacy_makes_up(nlp):
    nlp.add_pipe("sgns", config={**QUICK, "min_count": 1})
    with pytest.warns(SgnsWarning) as told:
        nlp.initialize()
    assert [str(warning.message) for warning in told] == [NO_CORPUS]
    assert not nlp.vocab.vectors.n_keys and "x" not in nlp.vocab.vectors
    examples = [Example(doc, doc) for doc in nlp.pipe(TEXTS)]
    with pytest.warns(SgnsWarning, match="no corpus to train them on"):
        nlp.initialize(lambda: examples)
    assert not nlp.vocab.vectors.n_keys


@pytest.mark.parametrize("text", ["", "\n\n", "... !\n"])
def test_empty_corpus_is_an_error(tmp_path, text):
    (tmp_path / "corpus.txt").write_text(text)
    with pytest.raises(SgnsError, match="The corpus has no tokens"):
        from_config(text_corpus(tmp_path / "corpus.txt")).initialize()
    with pytest.raises(SgnsError, match="The corpus has no tokens"):
        from_config({"@readers": "spacy.PlainTextCorpus.v1", "path": str(tmp_path / "corpus.txt")}).initialize()


def test_vectors_that_are_there_are_left_alone(corpus, made, caplog):
    nlp = from_config(text_corpus(corpus), overwrite=False)
    nlp.vocab.vectors = made.vocab.vectors
    before = nlp.vocab.vectors.data
    with caplog.at_level(logging.INFO, "spacy"), warnings.catch_warnings():
        warnings.simplefilter("error")
        nlp.initialize()
    assert nlp.vocab.vectors.data is before and nlp.get_pipe("sgns").report == {}
    assert "sgns: the vocab's vectors are kept; set overwrite = true" in caplog.text


def test_vectors_that_are_there_are_overwritten_if_asked_for(corpus, nlp):
    other = nlp.add_pipe("sgns", config=QUICK).train(nlp.pipe(["one two three"] * 5))
    again = from_config(text_corpus(corpus), overwrite=True)
    again.vocab.vectors = nlp.vocab.vectors
    again.initialize()
    assert again("cat")[0].has_vector and not again("one")[0].has_vector
    assert nlp.get_pipe("sgns").vectors.words == other.words  # those of the other pipeline stay


def test_vectors_in_the_vocab_need_no_corpus(made):
    nlp = from_config()
    nlp.vocab.vectors = made.vocab.vectors
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nlp.initialize()


def test_training_over_vectors_must_be_asked_for(nlp, made):
    nlp.vocab.vectors = made.vocab.vectors
    sgns = nlp.add_pipe("sgns", config=QUICK)
    with pytest.raises(SgnsError, match=r"sgns has vectors from elsewhere .* train\(docs, overwrite=True\)"):
        sgns.train(nlp.pipe(["a b c"] * 9))
    assert "cat" in sgns.vectors
    sgns.train(nlp.pipe(["a b c"] * 9), overwrite=True)
    assert sgns.vectors.words == ["a", "b", "c"]
    with pytest.raises(SgnsError, match=r"sgns was trained already \(3 vectors\), and training starts over"):
        sgns.train(nlp.pipe(["d e f"] * 9))
    assert sgns.vectors.words == ["a", "b", "c"] and nlp("a")[0].has_vector
    sgns.train(nlp.pipe(["d e f"] * 9), overwrite=True)
    assert sgns.vectors.words == ["d", "e", "f"]


def test_a_run_that_fails_changes_nothing(nlp):
    sgns = nlp.add_pipe("sgns", config=QUICK)
    before = sgns.train(nlp.pipe(["a b c"] * 9))
    with pytest.raises(SgnsError):
        sgns.train(nlp.pipe(["d"] * 9), overwrite=True)
    assert sgns.vectors is before and nlp("a")[0].has_vector and sgns.report["corpus"]["words"] == 3


def test_progress_is_called_with_each_event(nlp):
    events = []
    nlp.add_pipe("sgns", config=QUICK).train(nlp.pipe(TEXTS), progress=events.append)
    assert [event.epoch for event in events if isinstance(event, EpochEnd)] == [1, 2, 3, 4, 5]
    assert type(events[0]).__name__ == "TokensRead" and type(events[-1]).__name__ == "Finished"


def test_components_do_not_share_anything(nlp, corpus):
    other = spacy.blank("en")
    one = nlp.add_pipe("sgns", config={**QUICK, "dim": 4}).train(nlp.pipe(["a b c"] * 9))
    two = other.add_pipe("sgns", config=QUICK).train(nlp.pipe(TEXTS))
    assert one.rows.shape[1] == 4 and two.rows.shape[1] == 8
    assert nlp("a")[0].vector.shape == (4,) and other("cat")[0].has_vector and not other("a")[0].has_vector


def test_component_by_another_name(tmp_path, corpus):
    nlp = spacy.blank("en")
    sgns = nlp.add_pipe("sgns", name="word_vectors", config=QUICK)
    sgns.train(nlp.pipe(TEXTS))
    nlp.to_disk(tmp_path / "saved")
    again = spacy.load(tmp_path / "saved").get_pipe("word_vectors")
    assert again.report == sgns.report and again.most_similar("cat") == sgns.most_similar("cat")


def test_record_is_kept(made, tmp_path):
    wanted = made.get_pipe("sgns")
    made.to_disk(tmp_path / "saved")
    kept = [
        spacy.load(tmp_path / "saved"),
        spacy.util.load_model_from_config(made.config).from_bytes(made.to_bytes()),
        pickle.loads(pickle.dumps(made)),
    ]
    for nlp in kept:
        sgns = nlp.get_pipe("sgns")
        assert sgns.vocab is nlp.vocab and sgns.settings == wanted.settings and sgns.report == wanted.report
        assert sgns.vectors.words == wanted.vectors.words and sgns.vectors.row_of == wanted.vectors.row_of
        assert sgns.vectors.counts.tolist() == wanted.vectors.counts.tolist()
        assert sgns.most_similar("cat") == wanted.most_similar("cat")


def test_pickle_does_not_hold_the_vectors_twice(made):
    sgns = made.get_pipe("sgns")
    sgns.most_similar("cat")  # unit rows are kept from here on
    assert pickle.loads(pickle.dumps(sgns))._cached is None


def test_untrained_component_can_be_kept(nlp, tmp_path):
    nlp.add_pipe("sgns", config=QUICK)
    nlp.to_disk(tmp_path / "saved")
    assert spacy.load(tmp_path / "saved").get_pipe("sgns").report == {}
    assert spacy.util.load_model_from_config(nlp.config).from_bytes(nlp.to_bytes()).get_pipe("sgns").report == {}


def test_loaded_record_replaces_one_that_was_there(nlp, made, tmp_path):
    made.to_disk(tmp_path / "saved")
    nlp.add_pipe("sgns", config=QUICK).train(nlp.pipe(["a b c"] * 9))
    nlp.from_disk(tmp_path / "saved")
    assert nlp.get_pipe("sgns").vectors.words == made.get_pipe("sgns").vectors.words


@pytest.fixture
def copied(made):
    """A copy of `made` that a test may change."""
    return pickle.loads(pickle.dumps(made))


def pruned(vocab):
    vocab.prune_vectors(5)


def replaced(vocab):
    vocab.vectors = Vectors(strings=vocab.strings, keys=["cat", "dog"], data=np.eye(2, dtype=np.float32))


@pytest.mark.parametrize("change", [pruned, replaced])
def test_record_of_vectors_that_were_pruned_or_replaced_is_ignored_with_a_warning(copied, tmp_path, change):
    assert copied.get_pipe("sgns").vectors.counts is not None
    change(copied.vocab)
    copied.to_disk(tmp_path / "saved")
    other = spacy.util.load_model_from_config(copied.config).from_bytes(copied.to_bytes())
    for nlp in (copied, spacy.load(tmp_path / "saved"), other):
        with pytest.warns(SgnsWarning, match=r"no longer those that spacy_sgns trained: they were pruned or replaced"):
            assert nlp.get_pipe("sgns").report == {}
        with pytest.warns(SgnsWarning, match="no longer"):
            vectors = nlp.get_pipe("sgns").vectors
        assert vectors.counts is None and vectors.words == [
            nlp.vocab.strings[key] for key in nlp.vocab.vectors.find(rows=range(len(vectors)))
        ]
    with pytest.warns(SgnsWarning, match="no longer"):
        assert open_vectors(str(tmp_path / "saved")).most_similar("cat") == vectors.most_similar("cat")


def test_record_still_describes_the_trained_words_when_words_are_added(copied, tmp_path):
    sgns = copied.get_pipe("sgns")
    before = sgns.vectors
    copied.vocab.set_vector("brexit", before["cat"] + before["dog"])
    assert sgns.vectors.words == [*before.words, "brexit"] and sgns.report == before_report(copied)
    copied.vocab.set_vector("remain", before["cat"])  # spaCy has made room, so this does not replace the table
    copied.to_disk(tmp_path / "saved")
    for vectors in (sgns.vectors, open_vectors(str(tmp_path / "saved")), WordVectors.load(tmp_path / "saved")):
        assert vectors.words == [*before.words, "brexit", "remain"]
        assert vectors.counts.tolist() == [*before.counts.tolist(), 0, 0]
        assert {"Cat", "CAT", "brexit"} <= vectors.row_of.keys()
        assert dict(vectors.most_similar("remain", n=1)) == {"cat": pytest.approx(1)}
    assert spacy.load(tmp_path / "saved").get_pipe("sgns").report == sgns.report


def before_report(nlp):
    return json.loads(nlp.vocab.lookups.get_table("spacy_sgns").get("record")["report"])


def test_merging_tokens_adds_a_vector_and_keeps_the_record(copied):
    before = copied.get_pipe("sgns").vectors
    doc = copied("the cat")
    with doc.retokenize() as retokenizer:
        retokenizer.merge(doc[0:2])
    after = copied.get_pipe("sgns").vectors
    assert "the cat" in after and after.count("cat") == before.count("cat") and after.count("the cat") == 0


def test_a_further_form_of_a_word_does_not_become_its_name(copied):
    vectors, table = copied.get_pipe("sgns").vectors, copied.vocab.vectors
    table.add(copied.vocab.strings.add("pussycat"), row=vectors.row_of["cat"])
    after = copied.get_pipe("sgns").vectors
    assert after.words == vectors.words and after.count("pussycat") == vectors.count("cat")


def test_vectors_from_elsewhere_are_still_protected_when_a_record_is_there(copied):
    replaced(copied.vocab)
    with pytest.warns(SgnsWarning, match="no longer"), pytest.raises(SgnsError, match="vectors from elsewhere"):
        copied.get_pipe("sgns").train(copied.pipe(TEXTS))


def test_damaged_record_is_an_error(copied, tmp_path):
    copied.vocab.lookups.get_table("spacy_sgns").set("record", {"report": "{", "words": ""})
    copied.to_disk(tmp_path / "saved")
    with pytest.raises(SgnsError, match=r"record of training is damaged: .*Train it again"):
        spacy.load(tmp_path / "saved").get_pipe("sgns").most_similar("cat")


def test_vectors_nearly_the_same_are_told(nlp):
    sgns = nlp.add_pipe("sgns", config={**QUICK, "epochs": 2, "learning_rate": 0.1})
    with pytest.warns(
        SgnsWarning, match=r"nearly the same .*Raise epochs \(now 2\) or learning_rate \(now 0.1\)"
    ) as told:
        sgns.train(nlp.pipe(TEXTS))
    assert told[0].filename == __file__


def test_case_is_kept_if_asked_for(nlp):
    sgns = nlp.add_pipe("sgns", config={**QUICK, "case": "keep"})
    vectors = sgns.train(spacy.blank("en").pipe(TEXTS))
    assert {"cat", "Cat", "dog", "DOG", "iPhone", "iphone"} <= set(vectors.words) == vectors.row_of.keys()
    assert vectors["cat"].tolist() != vectors["Cat"].tolist()
    doc = nlp("Cat CAT")
    assert doc[0].vector.tolist() == vectors["Cat"].tolist() and doc[1].is_oov and not doc[1].has_vector


def test_what_is_dropped_has_no_vector(nlp):
    docs = list(spacy.blank("en").pipe(TEXTS))
    sgns = nlp.add_pipe("sgns", config={**QUICK, "drop": ["stop", "number"]})
    assert {"the", "3"} & set(sgns.train(docs).words) == set() and "." in sgns.vectors
    other = spacy.blank("en").add_pipe("sgns", config={**QUICK, "drop": []})
    assert {"the", "3", ".", ","} <= set(other.train(docs).words)


def test_assignments_are_known_to_spacy(made):
    analysis = made.analyze_pipes()
    assert analysis["summary"]["sgns"]["assigns"] == ["token.vector", "doc.vector"]
    assert not analysis["problems"]["sgns"]
