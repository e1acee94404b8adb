"""An encoded corpus that is read again: the same, or an error."""

import numpy as np
import pytest

from spacy_sgns.corpus.saved import CORPUS, VOCABULARY, corpus_digest, save_corpus, saved_corpus
from spacy_sgns.errors import SgnsError
from spacy_sgns.settings import Settings

TEXTS = [["the", "cat", "sat"], ["The", "cat"], ["a\nb", "\ud800", "the"], ["a\nb", "\ud800", "cat"]]


@pytest.fixture
def kept(encoded, make_batch, tmp_path):
    corpus, vocabulary = encoded([make_batch(TEXTS)], Settings(min_count=2))
    save_corpus(corpus, vocabulary)
    return corpus, vocabulary


def slabs(corpus):
    return [(ids.tolist(), ends.tolist()) for ids, ends in corpus.slabs(4)]


def test_it_comes_back_as_it_was(kept, tmp_path):
    (corpus, vocabulary), (found, words) = kept, saved_corpus(tmp_path)
    assert found == corpus
    assert slabs(found) == slabs(corpus)
    assert (words.words, words.forms) == (vocabulary.words, vocabulary.forms)
    assert words.counts.dtype == vocabulary.counts.dtype and np.array_equal(words.counts, vocabulary.counts)
    assert "\ud800" in words.words


def test_the_same_corpus_has_the_same_digest_and_another_another(kept, encoded, make_batch, tmp_path):
    before = corpus_digest(tmp_path)
    for texts, same in ((TEXTS, True), ([*TEXTS, ["the"]], False)):
        save_corpus(*encoded([make_batch(texts)], Settings(min_count=2)))
        assert (corpus_digest(tmp_path) == before) == same


@pytest.mark.parametrize("name", ["ids.i32", "ids.i64", VOCABULARY, CORPUS])
@pytest.mark.parametrize("damage", ["cut", "flipped", "gone", "empty"])
def test_any_damage_is_an_error(kept, tmp_path, name, damage):
    path = tmp_path / name
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        flipped = bytes([content[0] ^ 1]) + content[1:]
        path.write_bytes({"cut": content[:-1], "flipped": flipped, "empty": b""}[damage])
    with pytest.raises(SgnsError, match=r"The encoded corpus in .* is damaged"):
        saved_corpus(tmp_path)


@pytest.mark.parametrize("text", ["[]", "null", '{"corpus": {}, "sha256": {}}', '{"corpus": []}', "[" * 100_000])
def test_a_file_of_something_else_is_an_error(kept, tmp_path, text):
    (tmp_path / CORPUS).write_text(text)
    with pytest.raises(SgnsError, match="is damaged"):
        saved_corpus(tmp_path)
