"""A saved corpus loads as it was, or raises an error."""

import numpy as np
import pytest

from spacy_sgns.corpus.saved import CORPUS_FILE, VOCABULARY_FILE, corpus_digest, load_corpus, save_corpus
from spacy_sgns.errors import SgnsError
from spacy_sgns.settings import Settings

TEXTS = [["the", "cat", "sat"], ["The", "cat"], ["a\nb", "\ud800", "the"], ["a\nb", "\ud800", "cat"]] * 3
PARTS = Settings(min_count=2, held_out=0.3)


@pytest.fixture(params=[0.0, 0.3])
def kept(encoded, make_batch, tmp_path, request):
    encoding = encoded([make_batch(TEXTS)], Settings(min_count=2, held_out=request.param))
    assert bool(encoding.held_out) == bool(request.param)
    save_corpus(tmp_path, encoding)
    return encoding


def sealed(folder, text):
    """Write another text in place of the saved corpus; return its digest."""
    (folder / CORPUS_FILE).write_text(text)
    return corpus_digest(folder)


def shards(corpus):
    return corpus and [(ids.tolist(), ends.tolist()) for ids, ends in corpus.shards(4)]


def test_it_comes_back_as_it_was(kept, tmp_path):
    found = load_corpus(tmp_path, corpus_digest(tmp_path))
    assert (found.corpus, found.held_out, found.counts) == (kept.corpus, kept.held_out, kept.counts)
    assert shards(found.corpus) == shards(kept.corpus) and shards(found.held_out) == shards(kept.held_out)
    words, before = found.vocabulary, kept.vocabulary
    assert (words.words, words.forms, words.rare) == (before.words, before.forms, before.rare)
    assert words.counts.dtype == before.counts.dtype and np.array_equal(words.counts, before.counts)
    assert "\ud800" in words.words


def test_the_same_corpus_has_the_same_digest_and_another_another(kept, encoded, make_batch, tmp_path):
    held_out = 0.3 if kept.held_out else 0.0
    before = corpus_digest(tmp_path)
    for texts, same in ((TEXTS, True), ([*TEXTS, ["the"]], False)):
        save_corpus(tmp_path, encoded([make_batch(texts)], Settings(min_count=2, held_out=held_out)))
        assert (corpus_digest(tmp_path) == before) == same


@pytest.mark.parametrize("name", ["ids.i32", "ids.i64", "held_out.i32", "held_out.i64", VOCABULARY_FILE, CORPUS_FILE])
@pytest.mark.parametrize("damage", ["cut", "flipped", "gone", "empty"])
def test_any_damage_is_an_error(encoded, make_batch, tmp_path, name, damage):
    save_corpus(tmp_path, encoded([make_batch(TEXTS)], PARTS))
    path, digest = tmp_path / name, corpus_digest(tmp_path)
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        flipped = bytes([content[0] ^ 1]) + content[1:]
        path.write_bytes({"cut": content[:-1], "flipped": flipped, "empty": b""}[damage])
    with pytest.raises(SgnsError, match=r"The encoded corpus in .* is damaged"):
        load_corpus(tmp_path, digest)


@pytest.mark.parametrize(
    "text", ["[]", "null", '{"corpus": {}, "sha256": {}}', '{"corpus": []}', "[" * 100_000, '{"corpus": null}']
)
def test_a_file_of_something_else_is_an_error(kept, tmp_path, text):
    with pytest.raises(SgnsError, match="is damaged"):
        load_corpus(tmp_path, sealed(tmp_path, text))
