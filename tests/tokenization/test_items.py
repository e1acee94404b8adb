import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc
from spacy.training import Example

from spacy_sgns.errors import SgnsError
from spacy_sgns.sources import fields
from spacy_sgns.tokenization.docs import DocMaker
from spacy_sgns.tokenization.items import check_items, item_tokens
from tests.tokenization.hard_texts import texts
from tests.tokenization.reading import BLANK, PUNCT, SENTENCES, contexts, read_contexts

NA = type("NAType", (), {})()  # as of pandas
TEXTS = ["The cat. The dog!", "don't", "", "a  b\n\nc " * 30]


def words_of(items, make=lambda: BLANK, *, field="text", sentences=False, warn=pytest.fail):
    """Return the contexts of items and the number of texts."""

    def maker():
        return DocMaker(make, sentences=sentences)

    found, rest, number = contexts(item_tokens(items, maker, PUNCT, field=field, sentences=sentences, warn=warn))
    assert not rest
    return found, number


@pytest.mark.parametrize("batch_chars", [1, 1 << 19])
@pytest.mark.parametrize("piece_chars", [16, 1 << 14])
@pytest.mark.parametrize("sentences", [False, True])
def test_a_string_has_the_tokens_that_it_has_in_a_file(tmp_path, monkeypatch, batch_chars, piece_chars, sentences):
    monkeypatch.setattr("spacy_sgns.sources.splitting.BATCH_CHARS", batch_chars)
    monkeypatch.setattr("spacy_sgns.sources.splitting.MAX_PIECE_CHARS", piece_chars)
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in TEXTS))
    make = (lambda: SENTENCES) if sentences else (lambda: BLANK)
    found, _, number = read_contexts(tmp_path, make, sentences=sentences)
    assert words_of(iter(TEXTS), make, sentences=sentences) == (found, number)
    assert number == len(TEXTS)


@settings(max_examples=50, deadline=None)
@given(st.lists(texts("en"), max_size=4), st.integers(1, 40))
def test_strings_lists_of_tokens_and_docs_give_the_same(many, batch_chars):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("spacy_sgns.sources.splitting.BATCH_CHARS", batch_chars)
        patch.setattr("spacy_sgns.tokenization.items.MIN_BATCH_TOKENS", batch_chars)
        docs = [BLANK.tokenizer(text) for text in many]
        wanted = words_of(docs)
        assert words_of([[token.text for token in doc] for doc in docs]) == wanted
        assert words_of(many) == words_of([{"a": {"b": text}} for text in many], field="a.b") == wanted


def test_of_examples_the_reference_is_taken_and_docs_may_be_among_them():
    reference = Doc(BLANK.vocab, words=["a b"])
    assert words_of([Example(BLANK("a b"), reference), BLANK("c d")]) == ([["a b"], ["c", "d"]], 2)


def test_items_without_text_are_skipped_and_counted():
    said = []
    items = [{"text": None}, {"id": 3}, {"text": "one two"}, None, {"text": float("nan")}, {"text": NA}, {"text": ""}]
    batches = list(
        item_tokens(items, lambda: DocMaker(lambda: BLANK), (), field="text", sentences=False, warn=said.append)
    )
    assert contexts(batches) == ([["one", "two"]], [], 2)
    assert sum(batch.stats.get("texts_missing", 0) for batch in batches) == 5
    assert said == ["Items without text that were skipped: 5. The first is texts[0]."]


@pytest.mark.parametrize(
    ("items", "said"),
    [
        (["a", 3], "texts[1] is int (3). Wanted: strings, dicts with text in a field, lists of tokens, Docs or Exampl"),
        ([None, 1.5], "texts[1] is float (1.5)."),
        ([True], "texts[0] is bool (True)."),
        ([10**400], "texts[0] is int (1000"),
        ([b"a"], "texts[0] is bytes (b'a')."),
        ([BLANK("a b")[:1]], "texts[0] is Span (a)."),
        (["a", {"text": "b"}], "texts[1]['text'] is among strings, and belongs to the dicts of strings."),
        (["a", BLANK("b")], "texts[1] is among strings, and belongs to the Docs."),
        ([["a"], "b"], "texts[1] is among lists of tokens, and belongs to the strings."),
        ([{"text": ["a"]}, {"text": "b"}], "among dicts of lists of tokens, and belongs to the dicts of strings"),
        ([{"text": {"a": 1}}], "texts[0]['text'] is dict ({'a': 1})."),
        ([["a", "b"], ("c", 3)], "texts[1][1] is int (3). Wanted: a token, which is a string."),
        (["ok", "cut \ud83d"], r"texts[1] has half of a surrogate pair, '\ud83d'"),
        ([["ok", "\ud83d"]], "texts[0] has half of a surrogate pair"),
        (
            [{"body": "a", "n": {"k": 1}}],
            "texts[0]: no text in the field 'text'. Name the field that holds the text; there are: body, n.k (int).",
        ),
    ],
)
def test_what_an_item_cannot_be(items, said):
    with pytest.raises(SgnsError, match=re.escape(said)):
        words_of(items)


def test_a_field_that_none_of_the_first_has_is_an_error_before_all_are_read(monkeypatch):
    monkeypatch.setattr(fields, "FIRST_RECORDS", 3)
    taken = []
    rows = ({"body": taken.append(number) or "x", "text": None} if number else {"body": "x"} for number in range(9))
    with pytest.raises(
        SgnsError, match=r"texts\[0\]: no text .* nor in the 2 after it.* there are: body, text \(null\)\."
    ):
        words_of(rows)
    assert taken == [1, 2]
    words_of([{"text": None}] * 9, warn=str)  # of which nothing can be said
    words_of([{"text": "a"}, *[{"body": "b"}] * 9], warn=str)


def test_lists_of_tokens_have_no_sentences():
    with pytest.raises(SgnsError, match="a list of tokens has no sentences"):
        words_of([["a", "b"]], lambda: SENTENCES, sentences=True)


class Frame:
    """As of pandas: iterating gives the names of its columns."""

    columns = ("id", "text")

    def __iter__(self):
        return iter(self.columns)


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ("a text", "got str: one text or path. Put it into a list; of a file, pass the lines"),
        (b"a text", "got bytes: one text or path"),
        (Frame(), "got Frame: a table with id, text. Pass the column that holds the texts"),
        ({"train": ["a"]}, "got dict: a table with train."),
        (BLANK("a b"), "got Doc: a single text. Put it into a list."),
        (None, "got NoneType: None. Wanted: strings"),
        (3, "got int: 3."),
    ],
)
def test_what_only_seems_to_hold_texts(items, said):
    with pytest.raises(SgnsError, match=re.escape(said)):
        check_items(items)


def test_no_items_are_no_texts():
    assert words_of([]) == words_of([], lambda: SENTENCES, sentences=True) == ([], 0)
