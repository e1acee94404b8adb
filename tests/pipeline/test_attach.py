import copy
import pickle
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.tokens import DocBin
from spacy.util import OOV_RANK
from thinc.api import NumpyOps

from spacy_sgns.errors import SgnsError
from spacy_sgns.pipeline.attach import attach_vectors, check_replaceable, untrained, unused_vectors
from spacy_sgns.vectors.word_vectors import WordVectors

HERE = Path(__file__).parent
FORMS = {
    "cat": ["cat", "Cat", "CAT"],  # Cat was seen, CAT was not
    "dog": ["dog", "DOG", "Dog"],
    "iphone": ["iPhone", "iphone", "Iphone", "IPHONE"],
    "apple": ["Apple", "apple"],
}
UNKNOWN = ["cAt", "zzz", "Zanzibarov", "."]


def check(docs, vectors):
    """Check tokens and Docs of `made_of` against the vectors that were trained."""
    words = [token for doc in docs for token in doc]
    assert [token.text for token in words] == [form for forms in FORMS.values() for form in forms] + UNKNOWN
    row_of = {form: vectors.words.index(word) for word, forms in FORMS.items() for form in forms}
    for token in words:
        row = row_of.get(token.text)
        assert (token.has_vector, token.is_oov) == (row is not None, row is None), token.text
        assert np.array_equal(token.vector, 0 * vectors.rows[0] if row is None else vectors.rows[row]), token.text
        assert token.rank == (OOV_RANK if row is None else row), token.text
    a, b = docs[0], docs[-1]
    for doc in (a, b):
        assert np.allclose(doc.vector, np.mean([token.vector for token in doc], axis=0), atol=1e-6)
        assert doc.has_vector
    assert doc.vector_norm > 0
    assert a.similarity(b) == pytest.approx(cosine(a.vector, b.vector), abs=1e-5)
    assert words[0].similarity(words[3]) == pytest.approx(cosine(vectors["cat"], vectors["dog"]), abs=1e-5)


def texts():
    *some, last = (" ".join(forms) for forms in FORMS.values())
    return [*some, " ".join([last, *UNKNOWN])]


def cosine(a, b):
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def through_disk(nlp, folder, name="saved"):
    nlp.to_disk(folder / name)
    return spacy.load(folder / name)


def through_bytes(nlp, folder):
    return spacy.util.load_model_from_config(nlp.config).from_bytes(nlp.to_bytes())


def excluded(nlp, folder):
    nlp.to_disk(folder / "saved")
    return spacy.load(folder / "saved", exclude=["sgns"])


def removed(nlp, folder):
    nlp = through_bytes(nlp, folder)
    nlp.remove_pipe("sgns")
    return through_disk(nlp, folder)


def disabled(nlp, folder):
    nlp = through_bytes(nlp, folder)
    nlp.disable_pipe("sgns")
    return through_disk(nlp, folder)


def pickled(nlp, folder):
    return pickle.loads(pickle.dumps(nlp))


def with_pickled_vocab(nlp, folder):
    return spacy.blank("en", vocab=pickle.loads(pickle.dumps(nlp.vocab)))


def in_another(nlp, folder):
    """The vectors serve as `[initialize] vectors` of a new pipeline."""
    nlp.to_disk(folder / "saved")
    other = spacy.blank("en")
    other.config["initialize"]["vectors"] = str(folder / "saved")
    other.initialize()
    return other


def copied(nlp, folder):
    return copy.deepcopy(nlp)


WAYS = [through_disk, through_bytes, pickled, copied, in_another, with_pickled_vocab, excluded, removed, disabled]


@pytest.mark.parametrize("way", WAYS)
def test_vectors_stay_right(made, tmp_path, way):
    vectors = made.get_pipe("sgns").vectors
    nlp = way(made, tmp_path)
    check(list(nlp.pipe(texts())), vectors)
    check(list(through_disk(nlp, tmp_path, "again").pipe(texts())), vectors)


def test_vectors_stay_right_in_a_docbin(made):
    stored = DocBin(docs=made.pipe(texts()), store_user_data=True).to_bytes()
    check(list(DocBin().from_bytes(stored).get_docs(made.vocab)), made.get_pipe("sgns").vectors)


def test_vectors_stay_right_with_two_processes(made):
    check(list(made.pipe(texts(), n_process=2, batch_size=1)), made.get_pipe("sgns").vectors)


def test_vectors_stay_right_where_the_plugin_is_not_installed(made, tmp_path, run):
    made.to_disk(tmp_path / "saved")
    assert "['Cat', 'CAT', 'Iphone']" in run(HERE / "without_plugin.py", "saved", "again", "sgns")
    check(list(spacy.load(tmp_path / "again").pipe(texts())), made.get_pipe("sgns").vectors)
    assert "Can't find factory for 'sgns'" in run(HERE / "without_plugin.py", "saved", "other", fails=True)


def test_table_is_what_spacy_expects(made):
    table = made.vocab.vectors
    vectors = made.get_pipe("sgns").vectors
    assert table.name == "en_sgns" and made.meta["vectors"]["name"] == "en_sgns"
    assert table.data.dtype == np.float32 and table.data.flags.c_contiguous
    assert table.shape == (len(vectors), 8) and table.is_full
    cat = np.array([vectors["cat"]])
    keys, _, scores = table.most_similar(cat, n=1)
    assert made.vocab.strings[keys[0, 0]] == "cat" and scores[0, 0] == pytest.approx(1)


def test_rows_of_other_kinds_become_what_spacy_expects(nlp):
    rows = np.asfortranarray(np.arange(6, dtype=np.float64).reshape(3, 2))
    attach_vectors(WordVectors(["a", "b", "c"], rows), nlp.vocab)
    data = nlp.vocab.vectors.data
    assert data.dtype == np.float32 and data.flags.c_contiguous and data.tolist() == rows.tolist()


def test_ranks_of_words_met_before_are_set(nlp):
    attach_vectors(WordVectors(["a", "b"], np.eye(2)), nlp.vocab)
    assert [nlp.vocab[word].rank for word in "abc"] == [0, 1, OOV_RANK]
    attach_vectors(WordVectors(["c", "b"], np.eye(2)), nlp.vocab)
    assert [nlp.vocab[word].rank for word in "abc"] == [OOV_RANK, 1, 0]


def test_table_goes_where_the_numbers_are_computed(nlp, monkeypatch):
    class Elsewhere(NumpyOps):
        def asarray(self, data, dtype=None):
            return super().asarray(data + 1, dtype=dtype)

    monkeypatch.setattr("spacy_sgns.pipeline.attach.get_current_ops", Elsewhere)
    attach_vectors(WordVectors(["a", "b"], np.eye(2)), nlp.vocab)
    assert nlp.vocab.vectors.data.tolist() == [[2, 1], [1, 2]]


def tagger(nlp, *, vectors):
    """Return a pipeline with a tagger. vectors: whether the tagger reads the vectors of the vocab."""
    nlp.add_pipe(
        "tagger",
        config={
            "model": {
                "@architectures": "spacy.Tagger.v2",
                "tok2vec": {
                    "@architectures": "spacy.HashEmbedCNN.v2",
                    "pretrained_vectors": vectors,
                    "width": 8,
                    "depth": 1,
                    "embed_size": 20,
                    "window_size": 1,
                    "maxout_pieces": 2,
                    "subword_features": False,
                },
            }
        },
    ).add_label("X")
    return nlp


@pytest.mark.parametrize("vectors", [None, True])
def test_only_components_trained_with_vectors_forbid_others(made, vectors):
    nlp = tagger(spacy.blank("en", vocab=copy.deepcopy(made.vocab)), vectors=vectors)
    assert untrained(nlp) == ["tagger"]
    nlp.initialize()
    assert untrained(nlp) == []
    nlp.disable_pipe("tagger")  # it is written all the same
    if vectors:
        with pytest.raises(SgnsError, match="Of this pipeline, tagger learnt from its present vectors"):
            check_replaceable(nlp)
    else:
        check_replaceable(nlp)


def test_components_yet_to_be_trained_forbid_nothing(nlp):
    """An untrained tagger uses the new vectors."""
    check_replaceable(tagger(nlp, vectors=True))


def trainable(name, model):
    nlp = spacy.blank("en")
    nlp.add_pipe(name, config={"model": model})
    return nlp


EMBED = {"@architectures": "spacy.MultiHashEmbed.v2", "width": 8, "attrs": ["NORM"], "rows": [20]}
ENCODE = {
    "@architectures": "spacy.MaxoutWindowEncoder.v2",
    "width": 8,
    "depth": 1,
    "window_size": 1,
    "maxout_pieces": 2,
}


@pytest.mark.parametrize("used", [False, True])
def test_a_line_that_would_use_the_vectors_is_named(used):
    embed = {**EMBED, "include_static_vectors": used}
    nlp = trainable("tok2vec", {"@architectures": "spacy.Tok2Vec.v2", "embed": embed, "encode": ENCODE})
    expected = (
        "No component uses the vectors that are trained. Set include_static_vectors = true in "
        "[components.tok2vec.model.embed]."
    )
    assert unused_vectors(nlp) == ("" if used else expected)


def test_components_that_cannot_use_vectors_are_named():
    nlp = trainable(
        "textcat",
        {"@architectures": "spacy.TextCatBOW.v3", "exclusive_classes": True, "ngram_size": 1, "no_output_layer": False},
    )
    assert "trained: textcat cannot. It takes an embedding that can" in unused_vectors(nlp)


def test_without_components_to_train_nothing_is_said():
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("sgns")
    assert unused_vectors(nlp) == ""
