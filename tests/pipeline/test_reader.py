import pytest
import spacy
from spacy.tokens import Doc, DocBin
from spacy.training import Example

from spacy_sgns.errors import SgnsError, SgnsWarning
from spacy_sgns.pipeline.config_error import ConfigError
from spacy_sgns.pipeline.reader import TextCorpus, text_corpus_v1
from tests.pipeline.tiny_corpus import TEXTS


def test_is_registered():
    assert spacy.registry.readers.get("spacy_sgns.TextCorpus.v1") is text_corpus_v1


def test_gives_an_example_for_each_text_at_each_call(corpus, nlp):
    reader = text_corpus_v1(str(corpus))
    for _ in range(2):
        examples = list(reader(nlp))
        assert [example.text for example in examples] == TEXTS
        assert all(isinstance(example, Example) for example in examples)
        assert all(example.predicted.vocab is example.reference.vocab is nlp.vocab for example in examples)
        assert all(example.predicted is not example.reference for example in examples)


def test_takes_what_the_command_takes(tmp_path, nlp):
    (tmp_path / "a.txt").write_text("one\ntwo\n\nthree")
    (tmp_path / "b.jsonl").write_text('{"body": "four"}')
    found = [example.text for example in text_corpus_v1(tmp_path, unit="paragraph", field="body")(nlp)]
    assert [text.split() for text in found] == [["one", "two"], ["three"], ["four"]]


def test_stored_docs_keep_their_annotation(tmp_path, nlp):
    """The reader therefore also serves the [corpora] of other components."""
    other = spacy.blank("en")
    doc = Doc(other.vocab, words=["do", "n't", "go"], spaces=[False, True, False], tags=["V", "R", "V"])
    DocBin(docs=[doc], attrs=["TAG"]).to_disk(tmp_path / "a.spacy")
    (example,) = text_corpus_v1(tmp_path)(nlp)
    assert example.get_aligned("TAG", as_string=True) == ["V", "R", "V"]
    assert [token.tag_ for token in example.predicted] == ["", "", ""]
    assert example.predicted.vocab is example.reference.vocab is nlp.vocab


def test_long_text_comes_in_several(tmp_path, nlp, monkeypatch):
    monkeypatch.setattr("spacy_sgns.sources.splitting.MAX_PIECE_CHARS", 20)
    (tmp_path / "a.txt").write_text("word " * 30)
    examples = list(text_corpus_v1(tmp_path / "a.txt")(nlp))
    assert len(examples) > 5 and "".join(example.text for example in examples) == "word " * 30


def test_hard_wrapped_text_is_told(tmp_path, nlp):
    (tmp_path / "a.txt").write_text("\n".join(["sister on the bank, and of having nothing to do, once or"] * 40))
    with pytest.warns(SgnsWarning, match="looks hard-wrapped"):
        list(text_corpus_v1(tmp_path / "a.txt")(nlp))


def test_what_is_wrong_is_told_when_it_is_read(tmp_path, nlp):
    with pytest.raises(ConfigError, match=r"^unit must be one of"):
        text_corpus_v1(tmp_path, unit="word")
    reader = text_corpus_v1(tmp_path / "none.txt")
    assert isinstance(reader, TextCorpus)
    with pytest.raises(SgnsError, match="There is no file or folder"):
        list(reader(nlp))


def test_serves_a_pipeline_that_is_trained(corpus, nlp):
    examples = list(text_corpus_v1(corpus)(nlp))
    nlp.add_pipe(
        "textcat",
        config={
            "model": {
                "@architectures": "spacy.TextCatBOW.v3",
                "exclusive_classes": True,
                "length": 64,
                "ngram_size": 1,
                "no_output_layer": False,
            }
        },
    )
    for example in examples:
        example.reference.cats = {"CAT": float("cat" in example.text), "NOT": float("cat" not in example.text)}
    nlp.initialize(lambda: examples)
    assert nlp.update(examples)["textcat"] > 0
