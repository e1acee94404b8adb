"""Corpora are cut, counted and made up as they say; all tools get the same file."""

import json
from collections import Counter

import numpy as np
from corpora import (
    TEXT_LENGTH,
    MadeUpWords,
    Texts,
    Tokens,
    prepared,
    read_tokens,
    token_lines,
    token_texts,
    zipf_counts,
)
from plan import Corpora


def test_tokens_are_lower_case_words_and_texts_stay_apart(tmp_path):
    corpus = tmp_path / "corpus.txt"
    corpus.write_text("Don't panic, Arthur_Dent!\n\n42 \N{GREEK SMALL LETTER PI}s\n", encoding="utf8")
    assert list(token_texts(corpus)) == [["don", "t", "panic", "arthur", "dent"], ["42", "\N{GREEK SMALL LETTER PI}s"]]
    assert read_tokens(corpus) == ["don", "t", "panic", "arthur", "dent", "42", "\N{GREEK SMALL LETTER PI}s"]


def test_a_file_whose_name_says_nothing_is_plain_text(tmp_path):
    (tmp_path / "text8").write_text("a b c", encoding="utf8")
    assert read_tokens(tmp_path / "text8") == ["a", "b", "c"]


def test_long_texts_are_cut_so_that_no_tool_does_it(tmp_path):
    words = [f"{i:040}" for i in range(2 * TEXT_LENGTH + 5)]  # so long that they are read in many pieces
    (tmp_path / "corpus.txt").write_text(" ".join(words), encoding="utf8")
    texts = list(token_texts(tmp_path / "corpus.txt"))
    assert [len(text) for text in texts] == [TEXT_LENGTH, TEXT_LENGTH, 5]
    assert [word for text in texts for word in text] == words


def test_the_first_tokens_some_times_over(tmp_path):
    (tmp_path / "corpus.txt").write_text("a b a\nc a b\n", encoding="utf8")
    lines = tmp_path / "lines.txt"
    assert token_lines(tmp_path / "corpus.txt", lines) == 6
    corpus = prepared(Tokens("corpus.txt", lines, 4, times=2), tmp_path)
    assert corpus.path.read_text(encoding="utf8").splitlines() == ["a b a", "c"] * 2
    assert (corpus.tokens, corpus.texts) == (8, 4)
    assert [corpus.kept(count) for count in (1, 2, 3, 5)] == [8, 8, 4, 0]
    assert Corpora("corpus.txt", lines, 6, lines).first(0).tokens == Corpora("", lines, 6, lines).first(99).tokens == 6


def test_a_corpus_is_prepared_once(tmp_path):
    corpus = MadeUpWords(5, 100)
    path = prepared(corpus, tmp_path).path
    path.unlink()
    assert prepared(MadeUpWords(5, 100), tmp_path).path == path
    assert not path.exists()


def test_made_up_words_follow_zipf(tmp_path):
    corpus = prepared(MadeUpWords(1000, 20_000), tmp_path)
    texts = [line.split() for line in corpus.path.read_text(encoding="utf8").splitlines()]
    counts = Counter(word for text in texts for word in text)
    assert len(counts) == 1000
    assert counts == {f"w{i}": count for i, count in enumerate(corpus.counts)}
    assert sum(counts.values()) == corpus.tokens
    assert max(map(len, texts)) == TEXT_LENGTH
    assert texts[0] != sorted(texts[0])


def test_zipf_counts_fall_with_the_rank_and_sum_up():
    counts = zipf_counts(100_000, 1_000_000)
    assert abs(counts.sum() - 1_000_000) < 100
    assert counts.min() == 1
    assert np.allclose(counts[:50] * np.arange(1, 51), counts[0], rtol=0.01)


def test_texts_stay_as_they_are(tmp_path):
    written = ["One, two.", "Three \N{GREEK SMALL LETTER PI}", "four"]
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps({"text": t}) + "\n" for t in written), encoding="utf8")
    corpus = prepared(Texts(tmp_path / "corpus.jsonl", 2), tmp_path)
    lines = corpus.path.read_text(encoding="utf8").splitlines()
    assert [json.loads(line)["text"] for line in lines] == written[:2]
    assert (corpus.tokens, corpus.texts) == (4, 2)
