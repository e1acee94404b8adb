import tempfile
import tracemalloc
from collections import Counter
from contextlib import contextmanager
from hashlib import sha256
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_sgns.corpus.encoder import Encoder
from spacy_sgns.errors import SgnsError
from spacy_sgns.settings import Settings

WORDS = ["\n", "a", "A", "b", "B", "ab", "Ab", "AB", "ß", "SS", "ss", "İ", "i̇", ",", "."]
LEFT_OUT = {",", ".", "\n"}
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=12), max_size=12)


def expected(texts, chosen):
    """Words with counts, contexts as ids, tokens: said in the plainest way."""
    stay = [[token for token in text if token not in LEFT_OUT] for text in texts]
    canonical = [[token.lower() if chosen.case == "fold" else token for token in text] for text in stay]
    counts = Counter(token for text in canonical for token in text)
    words = sorted((w for w, c in counts.items() if c >= chosen.min_count), key=lambda w: (-counts[w], w))
    words = words[: chosen.max_words or None]
    number = {word: i for i, word in enumerate(words)}
    contexts = [[number[token] for token in text if token in number] for text in canonical]
    forms = Counter(token for text in stay for token in text)
    return words, counts, [c for c in contexts if c], forms, sum(map(len, stay))


def contexts_of(corpus, size):
    """The contexts that slabs of some size hold, put together again."""
    contexts, rest = [], []
    for ids, ends in corpus.slabs(size):
        assert 0 < len(ids) <= size
        assert ids.dtype == np.int32
        assert (np.diff(ends, prepend=0) > 0).all()
        assert (ends <= len(ids)).all()
        start = 0
        for end in ends.tolist():
            contexts.append(rest + ids[start:end].tolist())
            rest, start = [], end
        rest = rest + ids[start:].tolist()
    return contexts + [rest] * bool(rest)


@contextmanager
def encoding(batches, chosen):
    with tempfile.TemporaryDirectory() as name:
        encoder = Encoder(Path(name))
        try:
            for batch in batches:
                encoder.add(batch)
            yield encoder, *encoder.finish(chosen)
        finally:
            encoder.close()


def in_batches(sources, texts, cuts):
    """The same texts in batches that end anywhere, also within a text and between its last token and its end.

    sources: those that make the batches, in turn.
    """
    waiting, turns = [], cycle(sources)
    for number, text in enumerate(texts):
        places = sorted(place for text_number, place in cuts if text_number == number and place <= len(text))
        start = 0
        for place in places:
            yield next(turns).batch([*waiting, text[start:place]], open_end=True)
            waiting, start = [], place
        waiting.append(text[start:])
    if waiting:
        yield next(turns).batch(waiting)


@settings(max_examples=200, deadline=None)
@given(
    TEXTS,
    st.sets(st.tuples(st.integers(0, 11), st.integers(0, 12)), max_size=6),
    st.integers(1, 3),
    st.sampled_from([0, 2, 3]),
    st.sampled_from(["fold", "keep"]),
    st.integers(1, 50),
    st.lists(st.lists(st.sampled_from(WORDS), max_size=9), min_size=1, max_size=3),
)
def test_a_corpus_is_what_was_written_less_rare_words(make_source, texts, cuts, min_count, most, case, size, known):
    """Whatever the batches and the slabs are, how many sources there are, and in which order each has met the forms."""
    chosen = Settings(min_count=min_count, max_words=most, case=case)
    words, counts, contexts, forms, tokens = expected(texts, chosen)
    met = {token for text in texts for token in text}
    sources = [make_source(left_out=LEFT_OUT, known=[form for form in each if form in met]) for each in known]
    batches = in_batches(sources, texts, cuts)
    if len(words) < 2:
        with pytest.raises(SgnsError), encoding(batches, chosen):
            pass
        return
    with encoding(batches, chosen) as (encoder, corpus, vocabulary):
        assert vocabulary.words == words
        assert vocabulary.counts.tolist() == [counts[word] for word in words]
        for word, seen in zip(words, vocabulary.forms, strict=True):
            own = [form for form in forms if (form.lower() if case == "fold" else form) == word]
            assert seen == sorted(own, key=lambda form: (-forms[form], form))
        assert contexts_of(corpus, size) == contexts
        assert (corpus.texts, corpus.tokens, corpus.kept) == (len(texts), tokens, sum(map(len, contexts)))
        assert encoder.left_out == sum(token in LEFT_OUT and not token.isspace() for text in texts for token in text)
        ids = np.array([i for context in contexts for i in context], np.int32)
        assert corpus.sha256 == sha256(ids.tobytes()).hexdigest()


def test_a_corpus_longer_than_the_portions_it_is_rewritten_in(make_batch, encoded, monkeypatch):
    monkeypatch.setattr("spacy_sgns.corpus.encoder.PORTION", 7)
    texts = [["a", "b", "rare" + str(i), "a"][: i % 5] for i in range(50)]
    chosen = Settings(min_count=2)
    corpus, _ = encoded([make_batch(texts)], chosen)
    assert contexts_of(corpus, 1000) == expected(texts, chosen)[2]


def test_a_text_goes_on_in_the_next_batch(make_batch, encoded):
    batches = [make_batch([["a", "b"], ["a"]], open_end=True), make_batch([["b", "a"], ["b"]])]
    corpus, _ = encoded(batches, Settings(min_count=1))
    assert corpus.texts == 3
    assert [len(c) for c in contexts_of(corpus, 100)] == [2, 3, 1]


def test_each_form_is_asked_about_once(make_source, encoded):
    asked = []
    sources = [make_source(), make_source(known=[",", "b", "b"])]
    for source in sources:
        source.forms.left_out = lambda text: asked.append(text) or text in LEFT_OUT
    texts = [["a", "b", ",", "a", "b", ","]]
    corpus, vocabulary = encoded([source.batch(texts) for source in sources * 2], Settings(min_count=1))
    assert sorted(asked) == [",", "a", "b"]
    assert (corpus.tokens, vocabulary.words) == (16, ["a", "b"])


def test_what_a_source_no_longer_needs_is_forgotten(make_source, tmp_path):
    encoder = Encoder(tmp_path)
    for _ in range(3):
        encoder.add(make_source().batch([["a", "b"]]))
    assert len(encoder._number_of) <= 1
    encoder.close()


def test_provisional_ids_are_removed(make_batch, encoded, tmp_path):
    encoded([make_batch([["a", "b"]])], Settings(min_count=1))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ids.i32", "ids.i64"]


@pytest.mark.parametrize(
    ("texts", "chosen", "said"),
    [
        ([], {}, "no tokens but space and the kinds in drop"),
        ([[]], {}, "no tokens but space and the kinds in drop"),
        ([[","], ["."]], {}, "no tokens but space and the kinds in drop"),
        ([["a"] * 9], {}, "only one word, 'a': vectors need at least two"),
        ([["a", "A"] * 9], {}, "only one word, 'a': vectors need at least two"),
        (
            [["a", "b", "ab"]],
            {},
            r"No word occurs min_count=5 times; the second most frequent of 3 words occurs 1 times",
        ),
        ([["a"] * 9 + ["b"] * 3], {}, r"Only one word occurs min_count=5 times; .* 3 times.*--min-count 3 or less"),
    ],
)
def test_a_corpus_without_two_words_is_one_error(make_batch, encoded, texts, chosen, said):
    with pytest.raises(SgnsError, match=said) as error:
        encoded([make_batch(texts, left_out=LEFT_OUT)], Settings(**chosen))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["forms.i32", "forms.i64"])
def test_a_full_disk_is_one_error(make_batch, encoded, tmp_path, name):
    if not Path("/dev/full").exists():
        pytest.skip("wants a device that is always full")
    (tmp_path / name).symlink_to("/dev/full")
    with pytest.raises(SgnsError, match=r"Cannot write the encoded corpus to .*: No space left on device"):
        encoded([make_batch([["a", "b"]] * 9)], Settings(min_count=1))


def test_a_folder_that_is_gone_is_one_error(tmp_path):
    with pytest.raises(SgnsError, match=r"Cannot write the encoded corpus to .*missing"):
        Encoder(tmp_path / "missing")


def test_memory_grows_with_the_forms_and_not_with_the_tokens(make_batch, tmp_path, monkeypatch):
    monkeypatch.setattr("spacy_sgns.corpus.encoder.PORTION", 5000)
    texts = [[f"word{i % 500}" for i in range(2000)]] * 5

    def peak(batches):
        folder = tmp_path / str(batches)
        folder.mkdir()
        encoder = Encoder(folder)
        batch = make_batch(texts)
        tracemalloc.start()
        for _ in range(batches):
            encoder.add(batch)
        corpus, _ = encoder.finish(Settings())
        for _slab in corpus.slabs(4096):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert corpus.kept == batches * 10_000
        return found

    peak(1)  # what is imported and cached at first
    few, many = peak(10), peak(40)
    assert many < 1.25 * few


def test_too_many_long_words_are_an_error_and_not_kept(tmp_path, monkeypatch, make_batch):
    monkeypatch.setattr("spacy_sgns.corpus.encoder.MOST_LONG", 10_000)
    encoder = Encoder(tmp_path)
    encoder.add(make_batch([["x" * 100, f"{number}"] for number in range(300)]))  # these may be
    encoder.add(make_batch([["x" * 200]] * 300))  # this is the same again and again
    with pytest.raises(SgnsError, match=r"more than 100 characters have more than 10,000 in all: .*begins with '48xxx"):
        encoder.add(make_batch([[f"{number}" + "x" * 200] for number in range(300)]))
    encoder.close()
