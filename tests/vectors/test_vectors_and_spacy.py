"""Vectors are attached to a pipeline and read back unchanged."""

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.vectors import Vectors

from spacy_sgns.errors import SgnsError
from spacy_sgns.pipeline.attach import attach_vectors
from spacy_sgns.vectors.forms import form_rows
from spacy_sgns.vectors.word_vectors import WordVectors

FOLDED = st.lists(st.text("abßſıΣ1", min_size=1, max_size=3).map(str.lower), min_size=1, max_size=8, unique=True)


def trained(words):
    rows = np.random.default_rng(0).standard_normal((len(words), 4)).astype(np.float32)
    row_of = form_rows(words, [[word] for word in words], invent=True)
    return WordVectors(words, rows, counts=np.arange(len(words), 0, -1), row_of=row_of)


def same(a, b):
    assert a.words == b.words
    assert a.row_of == b.row_of
    assert a.rows.tolist() == b.rows.tolist()
    assert {row: form for form, row in b.row_of.items()} == dict(enumerate(b.words))  # the last form is the word


@settings(max_examples=40, deadline=None)
@given(FOLDED)
def test_what_is_attached_comes_back(words):
    vectors, nlp = trained(words), spacy.blank("xx")
    attach_vectors(vectors, nlp.vocab)
    same(vectors, WordVectors.from_pipeline(nlp))


@pytest.mark.parametrize("words", [["the", "mark", "root", "straße", "strasse"], ["nsubj"]])
def test_it_comes_back_after_saving_and_after_saving_again(tmp_path, words):
    """Includes words that are symbols of spaCy, whose keys are not hashes."""
    vectors, nlp = trained(words), spacy.blank("en")
    attach_vectors(vectors, nlp.vocab)
    nlp.to_disk(tmp_path / "one")
    spacy.load(tmp_path / "one").to_disk(tmp_path / "two")
    for again in (spacy.load(tmp_path / "two"), spacy.blank("en").from_bytes(nlp.to_bytes())):
        same(vectors, WordVectors.from_pipeline(again))


def test_a_table_that_spacy_grew_itself():
    """It has more rows than words."""
    nlp = spacy.blank("en")
    rows = np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32)
    for word, row in zip("abcde", rows, strict=True):
        nlp.vocab.set_vector(word, row)
    assert len(nlp.vocab.vectors.data) > 5
    vectors = WordVectors.from_pipeline(nlp)
    assert sorted(vectors.words) == list("abcde")
    assert all(vectors[word].tolist() == nlp.vocab[word].vector.tolist() for word in "abcde")


def test_a_table_that_spacy_pruned():
    vectors, nlp = trained(["a", "b", "c", "d"]), spacy.blank("en")
    attach_vectors(vectors, nlp.vocab)
    nlp.vocab.prune_vectors(2)
    pruned = WordVectors.from_pipeline(nlp)
    assert len(pruned) == 2
    assert all(pruned[form].tolist() == nlp.vocab[form].vector.tolist() for form in vectors.row_of)


def test_a_pipeline_without_vectors_is_one_error():
    with pytest.raises(SgnsError, match="Train some: python -m spacy sgns train"):
        WordVectors.from_pipeline(spacy.blank("en"))


def test_floret_vectors_have_no_words():
    nlp = spacy.blank("en")
    nlp.vocab.vectors = Vectors(
        strings=nlp.vocab.strings, data=np.eye(4, dtype=np.float32), mode="floret", minn=1, maxn=2, hash_count=1
    )
    with pytest.raises(SgnsError, match="no word vectors"):
        WordVectors.from_pipeline(nlp)


def test_vectors_and_tokens_agree():
    vectors, nlp = trained(["the", "rabbit"]), spacy.blank("en")
    attach_vectors(vectors, nlp.vocab)
    doc = nlp("The RABBIT ran")
    assert [token.has_vector for token in doc] == [True, True, False]
    assert vectors.similarity("The", "rabbit") == pytest.approx(doc[0].similarity(doc[1]), abs=1e-6)
