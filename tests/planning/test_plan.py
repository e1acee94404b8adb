"""Plans, beside what then happens."""

from collections import Counter
from functools import partial

import numpy as np
import pytest
import spacy
from spacy.tokens import DocBin

from spacy_sgns.errors import SgnsError
from spacy_sgns.pipeline.factory import from_language
from spacy_sgns.pipeline.train import train_pipeline
from spacy_sgns.planning import calibration
from spacy_sgns.planning import plan as module
from spacy_sgns.planning.plan import plan_source
from spacy_sgns.settings import Settings
from spacy_sgns.sources.source import Source

RNG = np.random.default_rng(0)
WORDS = [f"w{i}" for i in RNG.zipf(1.4, 300_000).clip(max=10**6)]
LINES = [" ".join(WORDS[i : i + 10]) + " ." for i in range(0, len(WORDS), 10)]
COUNTS = np.array(list(Counter(WORDS).values()))
SMALL = Settings(dim=8, epochs=1, workers=1)
BLANK = from_language("en", {})
blank_maker = partial(BLANK.doc_maker, sentences=False)


def occurring(least):
    """How many words occur so often, and how many tokens they are."""
    often = COUNTS[least <= COUNTS]
    return len(often), often.sum()


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    """Train for a moment."""
    monkeypatch.setattr(module, "TRAINING_SECONDS", 0.05)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    path = tmp_path_factory.mktemp("plan") / "corpus.txt"
    path.write_text("\n".join(LINES), encoding="utf8")
    return path


def test_a_small_corpus_is_read_as_a_whole_and_told_exactly(corpus, tmp_path):
    plan = plan_source(Source(corpus), blank_maker(), SMALL)
    report = train_pipeline(Source(corpus), BLANK, SMALL, warn=print).report
    sizes, read = plan.expected.sizes, report["corpus"]
    assert (plan.sample, sizes.texts, sizes.tokens) == (1, read["texts"], read["tokens"])
    assert (sizes.kept, sizes.words) == (read["tokens_kept"], read["words"])
    assert plan.expected.dropped == len(LINES)
    assert plan.expected.settings.as_dict() == report["settings"]
    assert plan.epoch > 0 and plan.encoding > 0 and plan.speed.workers == 1


def test_a_sample_tells_nearly_as_much(corpus, monkeypatch):
    monkeypatch.setattr(module, "PRETOKEN_SAMPLE_BYTES", 1 << 19)
    plan = plan_source(Source(corpus), blank_maker(), SMALL)
    assert 0.1 < plan.sample < 0.5
    assert plan.expected.sizes.texts == pytest.approx(len(LINES), rel=0.05)
    assert plan.expected.sizes.tokens == pytest.approx(len(WORDS), rel=0.05)
    assert plan.expected.dropped == pytest.approx(len(LINES), rel=0.05)
    for row in plan.expected.vocabulary:
        assert row.words == pytest.approx(occurring(row.min_count)[0], rel=0.25)
        assert row.kept == pytest.approx(occurring(row.min_count)[1], rel=0.05)


def test_docs_are_planned_too(tmp_path):
    nlp = spacy.blank("en")
    DocBin(docs=nlp.pipe(LINES[:500])).to_disk(tmp_path / "docs.spacy")
    plan = plan_source(Source(tmp_path / "docs.spacy"), blank_maker(), SMALL)
    assert (plan.expected.sizes.texts, plan.expected.sizes.tokens) == (500, 5000)


def test_what_seems_wrong_is_told_of_the_files_that_people_know(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PRETOKEN_SAMPLE_BYTES", 1 << 16)
    line = "the quick brown fox jumps over the lazy dog and runs\nthrough it all\n"
    (tmp_path / "wrapped.txt").write_text(
        line.replace("through it all", "through the dark and quiet wood as ever it did") * 2000
    )
    warnings = plan_source(Source(tmp_path / "wrapped.txt"), blank_maker(), SMALL).warnings
    assert any("looks hard-wrapped" in text and str(tmp_path / "wrapped.txt, from byte") in text for text in warnings)
    assert any("are duplicates" in text for text in warnings)


def test_what_cannot_be_read_is_told_of_the_files_that_people_know(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PRETOKEN_SAMPLE_BYTES", 1 << 16)
    (tmp_path / "bad.txt").write_bytes(b"caf\xe9 and more\n" * 20_000)
    with pytest.raises(SgnsError, match=r"bad\.txt, from byte 0 on is not valid UTF-8 at byte 3"):
        plan_source(Source(tmp_path / "bad.txt"), blank_maker(), SMALL)


def test_nothing_is_left_behind(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(calibration, "Trainer", None)
    with pytest.raises(TypeError):
        plan_source(Source(corpus), blank_maker(), SMALL)
    assert list(tmp_path.iterdir()) == []
