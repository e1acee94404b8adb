import gzip
import tracemalloc
import zlib

import pytest
import spacy
import srsly
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from spacy_sgns.errors import SgnsError
from spacy_sgns.sources.readers import registered_readers, source_file
from spacy_sgns.sources.source import Source
from spacy_sgns.tokenization import docbin as stored
from spacy_sgns.tokenization.docs import DocMaker
from spacy_sgns.tokenization.source_tokens import source_tokens
from tests.tokenization.reading import PUNCT, SENTENCES, contexts, read_contexts


def docs_of(path, vocab):
    """Return the Docs of a `.spacy` file."""
    file = source_file(path, registered_readers()[".spacy"])
    return file.reader.docs(file, vocab)


@pytest.mark.parametrize("packed", ["", ".gz"])
def test_stored_docs_are_read_with_a_vocab_of_their_own(tmp_path, packed):
    path = tmp_path / f"a.spacy{packed}"
    data = DocBin(docs=[spacy.blank("de")("drei vier"), spacy.blank("en")("don't, five")]).to_bytes()
    path.write_bytes(gzip.compress(data) if packed else data)
    maker = DocMaker(lambda: spacy.blank("en"))
    batches = source_tokens(Source(path), maker, PUNCT, sentences=False, warn=pytest.fail)
    assert contexts(batches) == ([["drei", "vier"], ["do", "n't", "five"]], [], 2)


def test_stored_sentences_are_kept(tmp_path):
    DocBin(docs=[SENTENCES("One two. Three.")]).to_disk(tmp_path / "a.spacy")
    assert read_contexts(tmp_path, lambda: SENTENCES, sentences=True)[0] == [["One", "two"], ["Three"]]
    DocBin(docs=[spacy.blank("en")("One two. Three.")]).to_disk(tmp_path / "a.spacy")
    with pytest.raises(SgnsError, match="needs Docs with sentences"):
        read_contexts(tmp_path, lambda: SENTENCES, sentences=True)


def without_strings(data):
    stored = DocBin().from_bytes(data)
    stored.strings.clear()
    return stored.to_bytes()


DAMAGE = {
    "empty": lambda data: b"",
    "cut": lambda data: data[: len(data) // 2],
    "text": lambda data: b"no DocBin at all",
    "flipped": lambda data: data[:40] + bytes([data[40] ^ 255]) + data[41:],
    "of something else": lambda data: zlib.compress(srsly.msgpack_dumps({"a": 1})),
    "without strings": without_strings,
}


@pytest.mark.parametrize("how", DAMAGE)
def test_damaged_docs_are_an_error(tmp_path, how, nlp):
    path = tmp_path / "a.spacy"
    path.write_bytes(DAMAGE[how](DocBin(docs=[nlp("uncommon wordings " * 50)]).to_bytes()))
    with pytest.raises(SgnsError, match=r"a.spacy is not a complete DocBin file"):
        read_contexts(tmp_path)
    (tmp_path / "b.spacy").mkdir()
    with pytest.raises(SgnsError, match=r"Cannot read .*b.spacy"):
        list(docs_of(tmp_path / "b.spacy", Vocab()))


def test_other_tokens_than_the_tokenizers_are_told_once_with_their_share(tmp_path, nlp):
    other = [Doc(nlp.vocab, words=["don't", "\n", "go", "now"], spaces=[False, False, True, False])]
    for name in ("b", "c"):
        DocBin(docs=other).to_disk(tmp_path / f"{name}.spacy")
    DocBin(docs=[nlp("don't go")]).to_disk(tmp_path / "a.spacy")
    said = []
    assert read_contexts(tmp_path, warn=said.append)[0][1:] == [["don't", "go", "now"]] * 2
    assert len(said) == 1 and said[0].startswith(f"{tmp_path / 'b.spacy'}: 33.3% of the tokens compared are not")


def test_of_a_long_stored_doc_the_beginning_is_compared(tmp_path, monkeypatch, nlp):
    monkeypatch.setattr(stored, "COMPARED_CHARS", 20)
    DocBin(docs=[nlp("word " * 10), Doc(nlp.vocab, words=["word"] * 10 + ["don't"])]).to_disk(tmp_path / "a.spacy")
    assert len(read_contexts(tmp_path)[0]) == 2
    DocBin(docs=[Doc(nlp.vocab, words=["don't"] + ["word"] * 99)]).to_disk(tmp_path / "a.spacy")
    said = []
    read_contexts(tmp_path, warn=said.append)
    assert "33.3% of the tokens" in said[0]


def test_failure_of_a_warning_is_not_taken_for_damage(tmp_path, nlp):
    DocBin(docs=[Doc(nlp.vocab, words=["don't"])]).to_disk(tmp_path / "a.spacy")

    def strict(text):
        raise RuntimeError(text)

    with pytest.raises(RuntimeError, match="are not those of this pipeline's tokenizer"):
        read_contexts(tmp_path, warn=strict)


def test_stored_docs_merged_as_the_pipeline_merges_are_no_other_tokens(tmp_path):
    def make():
        nlp = spacy.blank("en")
        nlp.add_pipe("entity_ruler").add_patterns([{"label": "X", "pattern": "new york"}])
        nlp.add_pipe("merge_entities")
        return nlp

    DocBin(docs=[make()("in new york")]).to_disk(tmp_path / "a.spacy")
    assert read_contexts(tmp_path, make)[0] == [["in", "new york"]]


def test_no_docs_are_made_but_for_sentences(tmp_path, monkeypatch):
    """Those that are compared aside: making Docs is most of the work of reading them."""
    nlp = spacy.blank("en")
    DocBin(docs=[nlp(f"don't {i}") for i in range(70)] + [Doc(nlp.vocab, words=["a", " ", "b"])]).to_disk(
        tmp_path / "a.spacy"
    )
    monkeypatch.setattr(DocBin, "get_docs", lambda *_: pytest.fail("a Doc is made"))
    assert read_contexts(tmp_path)[0] == [*(["do", "n't", str(i)] for i in range(70)), ["a", "b"]]


def test_docs_without_known_spaces_are_compared_as_well(tmp_path):
    nlp = spacy.blank("en")
    DocBin(docs=[Doc(nlp.vocab, words=["one", "two"])]).to_disk(tmp_path / "a.spacy")
    assert read_contexts(tmp_path)[0] == [["one", "two"]]
    stored_bin = DocBin(docs=[Doc(nlp.vocab, words=["one", "don't"])])
    stored_bin.flags[0]["has_unknown_spaces"] = True
    stored_bin.to_disk(tmp_path / "a.spacy")
    said = []
    assert read_contexts(tmp_path, warn=said.append)[0] == [["one", "don't"]] and "50.0%" in said[0]


@pytest.mark.parametrize("packed", ["", ".gz"])
def test_docs_that_unpack_to_much_more_than_they_are_end_in_an_error(tmp_path, monkeypatch, packed):
    monkeypatch.setattr(stored, "MIN_LIMIT_BYTES", 1 << 20)
    path = tmp_path / f"a.spacy{packed}"
    data = zlib.compress(bytes(30 << 20))
    path.write_bytes(gzip.compress(data) if packed else data)
    vocab = Vocab()
    tracemalloc.start()
    with pytest.raises(SgnsError, match=r"a\.spacy.* decompresses to more than 256 times its size, .*Write it again"):
        list(docs_of(path, vocab))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20


def test_docs_that_are_much_alike_are_no_such_file(tmp_path):
    docs = [spacy.blank("en")("the same text again and again")] * 20_000
    DocBin(docs=docs).to_disk(tmp_path / "a.spacy")
    assert sum(1 for _ in docs_of(tmp_path / "a.spacy", Vocab())) == 20_000
