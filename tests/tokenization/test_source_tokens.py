import re
from types import SimpleNamespace

import pytest
import spacy
from spacy.tokens import DocBin

from spacy_sgns.corpus.tokens import Forms
from spacy_sgns.sources.source import Source
from spacy_sgns.tokenization import source_tokens as texts
from spacy_sgns.tokenization.docs import DocMaker
from spacy_sgns.tokenization.source_tokens import source_tokens


@pytest.fixture(autouse=True)
def small_portions(monkeypatch):
    monkeypatch.setattr("spacy_sgns.sources.splitting.BATCH_CHARS", 10)


@pytest.fixture
def shared(monkeypatch):
    """What is shared out: how many workers, and how many characters are expected."""
    calls, encode_parallel = [], texts.encode_parallel

    def stats(portions, spec, drop_kind, workers, expected):
        calls.append((workers, expected))
        return encode_parallel(portions, spec, drop_kind, workers, expected)

    monkeypatch.setattr(texts, "encode_parallel", stats)
    return calls


def words(path, nlp, *, sentences=False, workers=1):
    batches = source_tokens(
        Source(path),
        DocMaker(lambda: nlp, sentences=sentences),
        ("punct",),
        sentences=sentences,
        warn=pytest.fail,
        workers=workers,
    )
    found = [batch.forms.texts[number] for batch in batches for number in batch.form_ids]
    return [word for word in found if not word.isspace()]


TEXT = "don't go, there\nnow or never\n( :)x\n"
WANTED = ["do", "n't", "go", ",", "there", "now", "or", "never", "(", ":", ")", "x"]


def test_texts_are_shared_out(tmp_path, shared):
    (tmp_path / "a.txt").write_text(TEXT)
    assert words(tmp_path, spacy.blank("en"), workers=3) == WANTED
    assert shared == [(3, len(TEXT))]


def test_few_texts_are_made_into_docs(tmp_path, shared, monkeypatch):
    monkeypatch.setattr("spacy_sgns.sources.splitting.BATCH_CHARS", 1000)
    (tmp_path / "a.txt").write_text(TEXT)
    assert words(tmp_path, spacy.blank("en")) == WANTED and not shared


def tokenizer_with_a_function():
    nlp = spacy.blank("en")
    nlp.tokenizer.token_match = lambda text: re.match("go,", text)
    return nlp


def tokenizer_with_odd_space():
    nlp = spacy.blank("en")
    nlp.tokenizer.add_special_case("there\nnow", [{"ORTH": "there\nnow"}])
    return nlp


def pipeline_that_merges():
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "X", "pattern": "now or"}])
    nlp.add_pipe("merge_entities")
    return nlp


@pytest.mark.parametrize(
    ("make", "tokens"),
    [(tokenizer_with_a_function, {"go,"}), (tokenizer_with_odd_space, set()), (pipeline_that_merges, {"now or"})],
)
def test_whatever_decides_on_tokens_elsewhere_makes_docs(tmp_path, shared, make, tokens):
    (tmp_path / "a.txt").write_text(TEXT)
    found = words(tmp_path, make())
    assert not shared and tokens <= set(found) and "".join(found).replace(" ", "") == "".join(WANTED)


def test_sentences_are_found_in_docs(tmp_path, shared):
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    (tmp_path / "a.txt").write_text(TEXT)
    assert words(tmp_path, nlp, sentences=True) == WANTED and not shared
    assert words(tmp_path, nlp) == WANTED and len(shared) == 1


def test_files_of_texts_and_docs_are_read_in_their_order(tmp_path, shared):
    nlp = spacy.blank("en")
    (tmp_path / "a.txt").write_text("one two three\nfour five")
    (tmp_path / "b.jsonl").write_text('{"text": "six"}')
    DocBin(docs=[nlp("seven")]).to_disk(tmp_path / "c.spacy")
    (tmp_path / "d.txt").write_text("eight nine ten\neleven twelve")
    wanted = "one two three four five six seven eight nine ten eleven twelve"
    assert words(tmp_path, nlp) == wanted.split() and len(shared) == 2


def noted_of(path, nlp, *, sentences=False, **source):
    maker = DocMaker(lambda: nlp, sentences=sentences)
    said = []
    *_, last = source_tokens(Source(path, **source), maker, (), sentences=sentences, warn=said.append)
    return {name: n for name, n in last.stats.items() if n}, said


def test_the_last_batch_notes_what_there_was_beside_tokens(tmp_path, nlp):
    (tmp_path / "a.txt").write_bytes(b"one two\n\n\xff three\n")
    (tmp_path / "b.jsonl").write_text('{"text": "four"}\n\n')
    (tmp_path / "c.txt").write_text("\n")
    (tmp_path / ".d.txt").write_text("hidden")
    (tmp_path / "e.pdf").write_text("other")
    DocBin(docs=[nlp("five")]).to_disk(tmp_path / "f.spacy")
    DocBin().to_disk(tmp_path / "g.spacy")
    stats, said = noted_of(tmp_path, nlp, errors="replace")
    assert stats == {
        "files": 5,
        "files_hidden": 1,
        "files_other": 1,
        "files_other.pdf": 1,
        "files_without_text": 2,
        "lines_blank": 3,
        "characters_replaced": 1,
    }
    assert said == [f"Characters in {tmp_path} that are not valid UTF-8 and were replaced by U+FFFD: 1."]


def test_where_long_texts_are_parted_is_counted(tmp_path, nlp, monkeypatch):
    monkeypatch.setattr("spacy_sgns.sources.splitting.MAX_PIECE_CHARS", 20)
    (tmp_path / "a.txt").write_text("one two three. four five six seven\n" + "x" * 50 + " y\nshort\n")
    assert noted_of(tmp_path, nlp)[0] == {"files": 1, "characters_split": 2}
    nlp.add_pipe("sentencizer")
    assert noted_of(tmp_path, nlp)[0] == {"files": 1, "characters_split": 2}
    assert noted_of(tmp_path, nlp, sentences=True)[0] == {"files": 1, "characters_split": 2, "texts_split": 3}


def test_all_at_work_is_ended_when_it_is_closed(tmp_path, monkeypatch):
    ended = []

    def encode_parallel(portions, *_):
        try:
            yield from (SimpleNamespace(forms=Forms(str)) for _ in portions)
        finally:
            ended.append(True)

    monkeypatch.setattr(texts, "encode_parallel", encode_parallel)
    (tmp_path / "a.txt").write_text(TEXT)
    batches = source_tokens(
        Source(tmp_path), DocMaker(lambda: spacy.blank("en")), (), sentences=False, warn=pytest.fail, workers=2
    )
    next(batches)
    assert not ended
    batches.close()
    assert ended
