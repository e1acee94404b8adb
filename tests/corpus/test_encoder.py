import tempfile
import tracemalloc
from collections import Counter
from dataclasses import replace
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


def draws(seed, number, share):
    """Return whether a text is held out, by SplitMix64 (Steele, Lea and Flood 2014) in plain Python."""

    def mixed(value):
        value = ((value ^ value >> 30) * 0xBF58476D1CE4E5B9) % 2**64
        value = ((value ^ value >> 27) * 0x94D049BB133111EB) % 2**64
        return value ^ value >> 31

    return mixed(((number + 1) * 0x9E3779B97F4A7C15 + mixed(seed)) % 2**64) < share * 2**64


def parts_of(texts, chosen):
    """Return the texts to train on, the held-out texts, and the number of duplicates."""
    seen, trained, held_out, duplicates = set(), [], [], 0
    for number, text in enumerate(texts):
        stay = tuple(token for token in text if token not in LEFT_OUT)
        is_new, is_drawn = stay not in seen, draws(chosen.seed, number, chosen.held_out)
        duplicates += bool(stay) and not is_new
        seen.add(stay)
        if stay and (is_new or not chosen.drop_duplicates):
            (held_out if is_drawn else trained).append(text)
    return trained, held_out, duplicates


def contexts_in(text, stop):
    """Return the tokens of each context of a text, without dropped ones."""
    text = " ".join("|" if token == stop else token for token in text if token not in LEFT_OUT or token == stop)
    return [context.split() for context in text.split("|")]


def expected(texts, chosen, stop=""):
    """Return words, counts, contexts as ids, held-out contexts, and counts of forms: a reference in plain Python."""
    trained, held_out, _ = parts_of(texts, chosen)

    def canonical(token):
        return token.lower() if chosen.case == "fold" else token

    def ids(texts):
        contexts = [context for text in texts for context in contexts_in(text, stop)]
        found = [[number[canonical(token)] for token in c if canonical(token) in number] for c in contexts]
        return [context for context in found if context]

    forms = Counter(token for text in trained for token in text if token not in LEFT_OUT)
    counts = Counter(canonical(token) for token in forms.elements())
    words = sorted((w for w, c in counts.items() if c >= chosen.min_count), key=lambda w: (-counts[w], w))
    words = words[: chosen.max_words or None]
    number = {word: i for i, word in enumerate(words)}
    return words, counts, ids(trained), ids(held_out), forms


def contexts_of(corpus, size):
    """Return the contexts of a corpus that is read in shards of a size."""
    contexts, rest = [], []
    for ids, ends in corpus.shards(size):
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


def encoding(batches, chosen):
    """Return the `Encoding` of batches, and the contexts of both parts."""
    with tempfile.TemporaryDirectory() as name:
        encoder = Encoder(Path(name))
        try:
            for batch in batches:
                encoder.add(batch)
            made = encoder.finish(chosen)
            return made, contexts_of(made.corpus, 5), contexts_of(made.held_out, 5) if made.held_out else []
        finally:
            encoder.close()


def in_batches(sources, texts, cuts):
    """Yield texts in batches that end anywhere, also inside a text and between its last token and its end.

    sources: make the batches in turn.
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


CHOSEN = st.builds(
    Settings,
    min_count=st.integers(1, 3),
    max_words=st.sampled_from([0, 2, 3]),
    case=st.sampled_from(["fold", "keep"]),
    drop_duplicates=st.booleans(),
    held_out=st.sampled_from([0.0, 0.2, 0.5]),
    seed=st.integers(0, 3),
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(WORDS), max_size=12), max_size=8).map(lambda texts: texts + texts[::3]),
    st.sets(st.tuples(st.integers(0, 11), st.integers(0, 12)), max_size=6),
    CHOSEN,
    st.sampled_from(["", "."]),
    st.lists(st.lists(st.sampled_from(WORDS), max_size=9), min_size=1, max_size=3),
)
def test_a_corpus_is_what_was_written_less_what_is_left_out(make_source, texts, cuts, chosen, stop, known):
    """For any batches and shards, any number of sources, and any order in which these have met the forms."""
    words, counts, contexts, aside, forms = expected(texts, chosen, stop)
    trained, held_out, duplicates = parts_of(texts, chosen)
    met = {token for text in texts for token in text}
    own = [[form for form in each if form in met] for each in known]
    batches = in_batches([make_source(left_out=LEFT_OUT, known=each, stop=stop) for each in own], texts, cuts)
    if len(words) < 2 or (chosen.held_out and not aside):
        with pytest.raises(SgnsError):
            encoding(batches, chosen)
        return
    made, found, found_aside = encoding(batches, chosen)
    assert (found, found_aside) == (contexts, aside)
    assert made.vocabulary.words == words
    assert made.vocabulary.counts.tolist() == [counts[word] for word in words]
    for word, seen in zip(words, made.vocabulary.forms, strict=True):
        own = [form for form in forms if (form.lower() if chosen.case == "fold" else form) == word]
        assert seen == sorted(own, key=lambda form: (-forms[form], form))
    _compare_counts(made.counts, texts, chosen, counts, words)
    assert (made.counts.texts_duplicate, made.counts.texts_held_out) == (duplicates, len(held_out))
    assert (made.counts.tokens, made.counts.tokens_held_out) == (tokens_in(trained), tokens_in(held_out))
    for corpus, each in ((made.corpus, contexts), (made.held_out, aside)):
        if corpus:
            ids = np.array([i for context in each for i in context], np.int32)
            assert (corpus.kept, corpus.sha256) == (len(ids), sha256(ids.tobytes()).hexdigest())


def tokens_in(texts):
    return sum(token not in LEFT_OUT for text in texts for token in text)


def _compare_counts(found, texts, chosen, counts, words):
    every = Counter(token for text in texts for token in text if not token.isspace())
    rare = [n for n in counts.values() if n < chosen.min_count]
    assert found.texts == len(texts)
    assert found.texts_empty == sum(not tokens_in([text]) for text in texts)
    assert found.tokens_dropped == {token: every[token] for token in sorted(every) if token in LEFT_OUT}
    assert (found.words, found.words_rare, found.tokens_rare) == (len(words), len(rare), sum(rare))
    assert found.words_over_max_words == len(counts) - len(rare) - len(words)
    assert found.tokens == found.tokens_kept + found.tokens_rare + found.tokens_over_max_words
    assert found.tokens_read == every.total()
    assert chosen.drop_duplicates or not found.tokens_duplicate


def test_a_corpus_of_several_shards(make_batch, encoded, monkeypatch):
    monkeypatch.setattr("spacy_sgns.corpus.encoder.SHARD_TOKENS", 7)
    texts = [["a", "b", "rare" + str(i), "a"][: i % 5] for i in range(50)]
    chosen = Settings(min_count=2, held_out=0.3)
    made = encoded([make_batch(texts)], chosen)
    assert contexts_of(made.corpus, 1000) == expected(texts, chosen)[2]
    assert contexts_of(made.held_out, 1000) == expected(texts, chosen)[3]


def test_a_text_goes_on_in_the_next_batch(make_batch, encoded):
    batches = [make_batch([["a", "b"], ["a"]], open_end=True), make_batch([["b", "a"], ["b"]])]
    corpus = encoded(batches, Settings(min_count=1)).corpus
    assert corpus.texts == 3
    assert [len(c) for c in contexts_of(corpus, 100)] == [2, 3, 1]


def test_drop_kind_is_called_once_for_each_form(make_source, encoded):
    calls = []
    sources = [make_source(), make_source(known=[",", "b", "b"])]
    for source in sources:
        source.forms.drop_kind = lambda text: calls.append(text) or text * (text in LEFT_OUT)
    texts = [["a", "b", ",", "a", "b", ","]]
    made = encoded([source.batch(texts) for source in sources * 2], Settings(min_count=1))
    assert sorted(calls) == [",", "a", "b"]
    assert (made.corpus.tokens, made.vocabulary.words) == (16, ["a", "b"])


def test_what_a_source_no_longer_needs_is_forgotten(make_source, tmp_path):
    encoder = Encoder(tmp_path)
    for _ in range(3):
        encoder.add(make_source().batch([["a", "b"]]))
    assert len(encoder._ids_of) <= 1
    encoder.close()


def test_provisional_ids_are_removed(make_batch, encoded, tmp_path):
    encoded([make_batch([["a", "b"]])], Settings(min_count=1))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ids.i32", "ids.i64"]


@pytest.mark.parametrize(
    ("texts", "chosen", "said"),
    [
        ([], {}, "no tokens other than white space and the kinds in drop"),
        ([[]], {}, "no tokens other than white space and the kinds in drop"),
        ([[","], ["."]], {}, "no tokens other than white space and the kinds in drop"),
        ([["a"] * 9], {}, "only one word, 'a': vectors need at least two"),
        ([["a", "A"] * 9], {}, "only one word, 'a': vectors need at least two"),
        (
            [["a", "b", "ab"]],
            {},
            r"No word occurs min_count=5 times, and vectors need two; of 3 words, two occur 1 time or more",
        ),
        (
            [["a"] * 9 + ["b"] * 3],
            {},
            r"Only one word occurs min_count=5 times, .* 3 times or more\. Give --min-count 3, or a larger",
        ),
    ],
)
def test_a_corpus_without_two_words_is_one_error(make_batch, encoded, texts, chosen, said):
    with pytest.raises(SgnsError, match=said) as error:
        encoded([make_batch(texts, left_out=LEFT_OUT)], Settings(**chosen))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["forms.i32", "forms.i64", "texts.i64", "texts.u64", "held_out.i32"])
def test_a_full_disk_is_one_error(make_batch, encoded, tmp_path, name):
    if not Path("/dev/full").exists():
        pytest.skip("wants a device that is always full")
    (tmp_path / name).symlink_to("/dev/full")
    with pytest.raises(SgnsError, match=r"Cannot write the encoded corpus to .*: No space left on device"):
        encoded([make_batch([["a", "b"]] * 9)], Settings(min_count=1, held_out=0.5))


def test_a_folder_that_is_gone_is_one_error(tmp_path):
    with pytest.raises(SgnsError, match=r"Cannot write the encoded corpus to .*missing"):
        Encoder(tmp_path / "missing")


def test_memory_grows_with_the_forms_and_not_with_the_tokens(make_batch, tmp_path, monkeypatch):
    monkeypatch.setattr("spacy_sgns.corpus.encoder.SHARD_TOKENS", 5000)
    texts = [[f"word{i % 500}" for i in range(2000)]] * 5

    def peak(batches):
        folder = tmp_path / str(batches)
        folder.mkdir()
        encoder = Encoder(folder)
        batch = make_batch(texts)
        tracemalloc.start()
        for _ in range(batches):
            encoder.add(batch)
        corpus = encoder.finish(Settings()).corpus
        for _shard in corpus.shards(4096):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert corpus.kept == batches * 10_000
        return found

    peak(1)  # what is imported and cached at first
    few, many = peak(10), peak(40)
    assert many < 1.25 * few


def test_a_text_without_its_end_ends_with_the_corpus(make_batch, encoded):
    made = encoded([make_batch([["a", "b"], ["b", "a"]], open_end=True)], Settings(min_count=1, drop_duplicates=True))
    assert (made.counts.texts, made.corpus.kept) == (2, 4)


def test_a_long_text_is_a_duplicate_wherever_it_is_split(make_source, encoded):
    texts = [[f"w{i}" for i in range(1000)]] * 3 + [["w1", "w0"]]
    source = make_source()
    batches = in_batches([source], texts, {(0, 7), (1, 999), (2, 0), (2, 500), (2, 501)})
    counts = encoded(batches, Settings(min_count=1, drop_duplicates=True)).counts
    assert (counts.texts_duplicate, counts.tokens_duplicate, counts.tokens) == (2, 2000, 1002)


def test_words_of_held_out_texts_alone_are_none_but_their_forms_are_known(make_batch, encoded):
    texts = [["a", "b"]] * 40
    aside = [number for number in range(40) if draws(0, number, 0.1)]
    for number in aside:
        texts[number] = ["A", "c"]
    made = encoded([make_batch(texts)], Settings(min_count=1, held_out=0.1))
    assert made.vocabulary.words == ["a", "b"] and made.vocabulary.forms == [["a"], ["b"]]
    assert (made.held_out.texts, made.held_out.tokens, made.held_out.kept) == (len(aside), 2 * len(aside), len(aside))
    assert contexts_of(made.held_out, 100) == [[0]] * len(aside)
    assert made.held_out.name == "held_out" and made.corpus.name == "ids"


@pytest.mark.parametrize(
    ("texts", "share", "said"),
    [
        ([["a", "b"]] * 9, 1e-9, "held_out=1e-09 holds out none of 9 texts. Raise it, give more texts, or set it to 0"),
        ([["a", "b"], []] * 2, 0.0001, "none of 2 texts"),
        ([["a", "b"]], 0.5, "held_out=0.5 holds out (none|all) of 1 texts"),
    ],
)
def test_a_share_that_leaves_nothing_on_one_side_is_one_error(make_batch, encoded, texts, share, said):
    for seed in range(8):
        with pytest.raises(SgnsError, match=said):
            encoded([make_batch(texts)], Settings(min_count=1, held_out=share, seed=seed))


def test_held_out_texts_without_words_are_one_error(make_batch, encoded):
    texts = [["z", "z"] if draws(0, number, 0.2) else ["a", "b"] for number in range(30)]
    with pytest.raises(SgnsError, match=r"The \d+ texts that held_out=0.2 holds out have none of the words"):
        encoded([make_batch(texts)], Settings(min_count=1, held_out=0.2))


def test_stats_of_a_source_are_added_up(make_source, encoded):
    batch = make_source().batch([["a", "b"]])
    batches = [replace(batch, stats={"lines_blank": n, "files": 0}) for n in (2, 3)]
    assert encoded(batches, Settings(min_count=1)).counts.source == {"lines_blank": 5}


def test_too_many_long_words_are_an_error_and_not_kept(tmp_path, monkeypatch, make_batch):
    monkeypatch.setattr("spacy_sgns.corpus.encoder.MAX_LONG_FORM_CHARS", 10_000)
    encoder = Encoder(tmp_path)
    encoder.add(make_batch([["x" * 100, f"{number}"] for number in range(300)]))  # these may be
    encoder.add(make_batch([["x" * 200]] * 300))  # this is the same again and again
    with pytest.raises(SgnsError, match=r"more than 100 characters have more than 10,000 in all: .*begins with '48xxx"):
        encoder.add(make_batch([[f"{number}" + "x" * 200] for number in range(300)]))
    encoder.close()
