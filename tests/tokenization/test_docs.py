import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.vocab import Vocab

from spacy_sgns.errors import SgnsError
from spacy_sgns.sources.source import Source
from spacy_sgns.sources.splitting import Piece, split
from spacy_sgns.tokenization import docs
from spacy_sgns.tokenization.docs import DocMaker, KindFilter, as_docs, batches_of_docs
from spacy_sgns.tokenization.source_tokens import source_tokens
from tests.tokenization.reading import BLANK, PUNCT, SENTENCES, contexts, read_contexts


@pytest.fixture(params=[1, 4, 1 << 17], ids="batch of {}".format)
def any_batch(request, monkeypatch):
    """Batches and portions of one size. With the smallest there are several portions, so that no Docs are made."""
    monkeypatch.setattr(docs, "MIN_BATCH_TOKENS", request.param)
    monkeypatch.setattr("spacy_sgns.sources.splitting.BATCH_CHARS", 4 * request.param)


def test_each_text_is_a_context_without_space_and_what_is_dropped(tmp_path, any_batch):
    path = tmp_path / "a.txt"
    path.write_text("The  cat,\tran!\n\n...\nA dog (and a cat)\n", encoding="utf8")
    assert read_contexts(path) == ([["The", "cat", "ran"], ["A", "dog", "and", "a", "cat"]], [], 3)


def test_no_context_crosses_files_of_any_kind(tmp_path, any_batch, nlp):
    (tmp_path / "a.txt").write_text("one two\nthree")
    (tmp_path / "b.jsonl").write_text('{"text": "four five"}')
    DocBin(docs=[nlp("six seven"), nlp(""), nlp("eight")]).to_disk(tmp_path / "c.spacy")
    (tmp_path / "d.txt").write_text("nine")
    wanted = [["one", "two"], ["three"], ["four", "five"], ["six", "seven"], ["eight"], ["nine"]]
    assert read_contexts(tmp_path) == (wanted, [], 7)


def test_long_text_is_one_context(tmp_path, monkeypatch, any_batch):
    monkeypatch.setattr("spacy_sgns.sources.splitting.MAX_PIECE_CHARS", 12)
    words = [f"w{i}" for i in range(50)]
    (tmp_path / "a.txt").write_text(" ".join(words) + "\n\nnext text")
    assert read_contexts(tmp_path, unit="file") == ([[*words, "next", "text"]], [], 1)
    assert read_contexts(tmp_path, unit="paragraph") == ([words, ["next", "text"]], [], 2)


WORDS = st.sampled_from(["cat", "don't", "U.S.", "(x)", ":-)", "a/b", "3km", "x.", '"', "…", "'", "http://a.de/b"])
SPACES = st.text(" \t\n\r\xa0\u2028\u3000\x1c", min_size=1, max_size=3)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(WORDS, SPACES), min_size=1, max_size=30), st.integers(16, 40))
def test_tokens_are_those_of_the_whole_text(parts, longest):
    text = "".join(word + space for word, space in parts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("spacy_sgns.sources.splitting.MAX_PIECE_CHARS", longest)
        made = [token.text for doc, _ in DocMaker(lambda: BLANK).docs(split(text)) for token in doc]
    assert [text for text in made if not text.isspace()] == [t.text for t in BLANK(text) if not t.is_space]


def test_the_cache_of_the_tokenizer_is_enlarged():
    """With its default, 10,000 strings, a corpus of any size is tokenized at half the speed."""
    nlp = spacy.blank("en")
    before = nlp.tokenizer.max_cache_size
    assert DocMaker(lambda: nlp).nlp.tokenizer.max_cache_size == docs.MAX_CACHED_STRINGS > before


def test_sentences_end_contexts(tmp_path, any_batch):
    (tmp_path / "a.txt").write_text("One two. Three! Four five\nSix.")
    found = read_contexts(tmp_path, lambda: SENTENCES, sentences=True)
    assert found == ([["One", "two"], ["Three"], ["Four", "five"], ["Six"]], [], 2)


@pytest.mark.parametrize("longest", range(5, 30))
def test_no_context_crosses_a_sentence_wherever_a_long_text_is_split(tmp_path, monkeypatch, longest):
    monkeypatch.setattr("spacy_sgns.sources.splitting.MAX_PIECE_CHARS", longest)
    (tmp_path / "a.txt").write_text("a1 a2 a3. b1 b2. c1 c2 c3 c4. d1")
    found, rest, texts = read_contexts(tmp_path, lambda: SENTENCES, sentences=True)
    assert all(len({word[0] for word in words}) == 1 for words in found)
    assert " ".join(map(" ".join, found)) == "a1 a2 a3 b1 b2 c1 c2 c3 c4 d1" and not rest and texts == 1


def test_sentences_are_those_of_the_docs(nlp):
    doc = Doc(nlp.vocab, words=list("abcd"), sent_starts=[True, False, True, False])
    single = Doc(nlp.vocab, words=["e"])
    found = contexts(batches_of_docs([doc, single, Doc(nlp.vocab)], nlp.vocab, (), sentences=True))
    assert found == ([["a", "b"], ["c", "d"], ["e"]], [], 3)
    hooked = Doc(nlp.vocab, words=list("abcd"))
    hooked.user_hooks["sents"] = lambda doc: [doc[:1], doc[1:]]
    assert contexts(batches_of_docs([hooked], nlp.vocab, (), sentences=True))[0] == [["a"], ["b", "c", "d"]]
    hooked.user_hooks["sents"] = lambda doc: [doc[:1]]
    found = contexts(batches_of_docs([hooked, single], nlp.vocab, (), sentences=True))[0]
    assert found == [["a"], ["b", "c", "d"], ["e"]]  # a text ends, whether a sentence does or not


def test_sentences_that_are_not_set_are_an_error(tmp_path, nlp):
    with pytest.raises(SgnsError, match="within_sentences needs Docs with sentences: add a sentencizer"):
        contexts(batches_of_docs([nlp("a b c")], nlp.vocab, (), sentences=True))
    with pytest.raises(SgnsError, match="needs a pipeline that sets sentences"):
        DocMaker(lambda: nlp, sentences=True)


def test_docs_of_several_vocabs_from_a_one_shot_generator(any_batch):
    taken = []

    def some():
        for lang, text in [("en", "one two"), ("de", "drei vier"), ("de", "fünf"), ("en", "six")]:
            taken.append(text)
            yield spacy.blank(lang)(text)

    batches = batches_of_docs(some(), Vocab(), (), sentences=False)
    assert contexts(batches) == ([["one", "two"], ["drei", "vier"], ["fünf"], ["six"]], [], 4)
    assert taken == ["one two", "drei vier", "fünf", "six"]


def test_of_examples_the_reference_is_taken(nlp):
    example = Example(nlp("a b"), Doc(nlp.vocab, words=["a b"]))
    assert [[t.text for t in doc] for doc in as_docs([example, nlp("c d")])] == [["a b"], ["c", "d"]]


@pytest.mark.parametrize("wrong", [["text"], "text", [None], [spacy.blank("en")("a b")[:1]]], ids=repr)
def test_anything_but_docs_is_an_error(wrong):
    with pytest.raises(SgnsError, match=r"Docs are needed, got (str|NoneType|Span)\. Make Docs of texts: nlp.pipe"):
        list(as_docs(wrong))


FORMS = {  # of each kind and no other
    "punct": [",", "...", "¿"],
    "number": ["3", "1,000"],
    "stop": ["the", "The", "and"],
    "url": ["www.a.org", "https://a.org/b"],
    "email": ["a@b.org"],
    "currency": ["£", "€"],
    "": ["cat", "x3y"],
}


@pytest.mark.parametrize("kind", [kind for kind in FORMS if kind])
@pytest.mark.parametrize("vocab", [spacy.blank("en").vocab, Vocab()], ids=["en", "bare"])
def test_kinds_are_decided_by_lexical_attributes(kind, vocab):
    drop_kind = KindFilter(vocab, [kind]).drop_kind
    of_kind = [] if kind == "stop" and not vocab.lex_attr_getters else FORMS[kind]
    assert [form for forms in FORMS.values() for form in forms if drop_kind(form)] == of_kind


def test_kinds_are_those_of_the_language(nlp):
    assert KindFilter(spacy.blank("de").vocab, ["stop"]).drop_kind("und")
    assert not KindFilter(nlp.vocab, ["stop"]).drop_kind("und")


@pytest.mark.parametrize("space", ["", " ", "\n\n", "\xa0", "\u3000"])
def test_space_is_left_out_whatever_is_dropped(nlp, space):
    assert KindFilter(nlp.vocab, []).drop_kind(space) and not KindFilter(nlp.vocab, []).drop_kind(".")


def test_string_store_stays_bounded(tmp_path, monkeypatch):
    """Each text has new words; unless it is renewed, the store holds all of them."""
    monkeypatch.setattr(docs, "MAX_NEW_STRINGS", 100)
    monkeypatch.setattr("spacy_sgns.sources.splitting.BATCH_CHARS", 80)
    path = tmp_path / "a.txt"
    path.write_text("\n".join(f"the word{i} , and ten word{i}x !" for i in range(150)))
    made = []

    def make():
        made.append(spacy.blank("en"))
        made[-1].add_pipe("sentencizer")
        return made[-1]

    start = len(spacy.blank("en").vocab.strings)
    found, _, texts = read_contexts(path, make, ["punct", "number", "stop"], sentences=True)
    assert found == [[f"word{i}", f"word{i}x"] for i in range(150)] and texts == 150
    assert len(made) > 3
    assert max(len(nlp.vocab.strings) for nlp in made) < start + 300


def test_string_store_stays_bounded_over_files_of_docs(tmp_path, monkeypatch):
    monkeypatch.setattr(docs, "MAX_NEW_STRINGS", 100)
    for i in range(8):
        words = [f"word{i}x{j}" for j in range(50)]
        DocBin(docs=[Doc(Vocab(), words=words)]).to_disk(tmp_path / f"{i}.spacy")
    maker = DocMaker(lambda: spacy.blank("en"))
    first = maker.nlp
    found, _, texts = contexts(source_tokens(Source(tmp_path), maker, PUNCT, sentences=False, warn=pytest.fail))
    assert texts == 8 and sum(map(len, found)) == 400
    assert maker.nlp is not first
    assert len(first.vocab.strings) < len(spacy.blank("en").vocab.strings) + 300


def test_pipeline_that_cannot_be_made_anew_is_kept(tmp_path, monkeypatch, nlp):
    """If `make` returns the same pipeline again, it is not called for every portion."""
    monkeypatch.setattr(docs, "MAX_NEW_STRINGS", 100)
    monkeypatch.setattr("spacy_sgns.sources.splitting.BATCH_CHARS", 4)
    calls = []
    maker = DocMaker(lambda: calls.append(1) or nlp)
    assert sum(1 for _ in maker.docs(Piece(f"word{i}", True) for i in range(250))) == 250
    assert 1 < len(calls) < 10


class OnlyCall:
    """The tokenizer of spaCy's own documentation, which has no `pipe`."""

    def __init__(self, vocab):
        self.vocab = vocab

    def __call__(self, text):
        return Doc(self.vocab, words=text.split("\t"))


def test_tokenizer_without_pipe_serves_and_gets_texts_as_they_are(tmp_path):
    def make():
        nlp = spacy.blank("en")
        nlp.tokenizer = OnlyCall(nlp.vocab)
        return nlp

    (tmp_path / "a.txt").write_text("one\ttwo  three\nfour")
    assert read_contexts(tmp_path, make)[0] == [["one", "two  three"], ["four"]]


@Language.component("test_chunks")
def chunks(doc):
    """Set the attributes that noun chunks are found by: each 'the X' is one."""
    for token in doc[:-1]:
        token.dep_, token.pos_ = "ROOT", "VERB"
    for token in doc:
        if token.i and doc[token.i - 1].text == "the":
            token.dep_, token.pos_ = "nsubj", "NOUN"
            doc[token.i - 1].dep_, doc[token.i - 1].head = "det", token
    return doc


@Language.component("test_never")
def never(doc):
    raise AssertionError("this component is not needed")


def test_components_run_as_far_as_they_change_tokens(tmp_path):
    def make():
        nlp = spacy.blank("en")
        nlp.add_pipe("test_chunks")
        nlp.add_pipe("merge_noun_chunks")
        nlp.add_pipe("test_never")
        return nlp

    (tmp_path / "a.txt").write_text("the cat saw the dog\nno chunk")
    assert read_contexts(tmp_path, make)[0] == [["the cat", "saw", "the dog"], ["no", "chunk"]]


@pytest.mark.parametrize("sentences", [False, True])
def test_components_run_as_far_as_sentences_are_asked_for(tmp_path, sentences):
    def make():
        nlp = spacy.blank("en")
        for name in ("sentencizer", "test_never") if sentences else ("test_never", "sentencizer"):
            nlp.add_pipe(name)
        return nlp

    (tmp_path / "a.txt").write_text("One two. Three")
    found = read_contexts(tmp_path, make, sentences=sentences)[0]
    assert found == ([["One", "two"], ["Three"]] if sentences else [["One", "two", "Three"]])


def test_of_several_that_set_sentences_the_last_decides(tmp_path):
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer", config={"punct_chars": ["!"]})
    nlp.add_pipe("sentencizer", name="second", config={"punct_chars": ["?"], "overwrite": True})
    (tmp_path / "a.txt").write_text("One! Two? Three")
    assert read_contexts(tmp_path, lambda: nlp, sentences=True)[0] == [["One", "Two"], ["Three"]]


def test_disabled_component_makes_no_tokens(tmp_path):
    def make():
        nlp = spacy.blank("en")
        nlp.add_pipe("entity_ruler").add_patterns([{"label": "X", "pattern": "new york"}])
        nlp.add_pipe("merge_entities")
        return nlp

    def disabled():
        nlp = make()
        nlp.disable_pipe("merge_entities")
        return nlp

    (tmp_path / "a.txt").write_text("in new york")
    assert read_contexts(tmp_path, make)[0] == [["in", "new york"]]
    assert read_contexts(tmp_path, disabled)[0] == [["in", "new", "york"]]


def test_only_the_first_of_many_hard_wrapped_files_is_reported(tmp_path):
    line = "Alice was beginning to get very tired of sitting by her"
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text("\n".join([line] * 40))
    said = []
    read_contexts(tmp_path, warn=said.append)
    assert len(said) == 1 and str(tmp_path / "a.txt") in said[0]
