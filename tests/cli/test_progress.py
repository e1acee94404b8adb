"""The display of a training run."""

import io
import sys
from dataclasses import replace

import pytest

from spacy_sgns.cli.progress import RunDisplay
from spacy_sgns.corpus.counts import CorpusCounts
from spacy_sgns.pipeline.progress import Bars, Lines
from spacy_sgns.runs.events import Encoded, Resumed, TokensRead
from spacy_sgns.settings import Settings
from spacy_sgns.training.events import BatchDone, EpochEnd

GIVEN = Settings(epochs=3)
CHOSEN = Settings(epochs=3, learning_rate=0.05, chunks_per_step=2, chunk_size=256, workers=2)
COUNTS = CorpusCounts(
    texts=1, tokens=1500, tokens_kept=1450, tokens_rare=50, words_rare=20, tokens_dropped={"punct": 2000}, words=1
)
ENCODED = Encoded(COUNTS, settings=CHOSEN, workers=2)


def show(display, **changes):
    """Show the events of a corpus that is read and encoded."""
    display(TokensRead(texts=1, tokens=1500, seconds=0.1))
    display(replace(ENCODED, **changes))


def test_it_says_what_was_read_kept_dropped_and_chosen(capsys):
    show(RunDisplay(GIVEN))
    assert capsys.readouterr().out.splitlines() == [
        "Read 1 text, 3,500 tokens",
        "Kept 1 word, 1,450 tokens",
        "Dropped tokens: 2,000 by kind (punct), 50 of 20 rare words",
        "Training 100 dimensions with 2 workers",
        "Chosen by the size of the corpus: learning_rate 0.05, chunks_per_step 2, chunk_size 256 "
        "(a step trains on 2 x 256 tokens)",
    ]


def test_it_says_all_that_was_left_out_and_only_that(capsys):
    counts = CorpusCounts(
        texts=2000,
        texts_empty=1,
        texts_duplicate=240,
        texts_held_out=20,
        tokens=1500,
        tokens_kept=1400,
        tokens_rare=60,
        tokens_over_max_words=40,
        tokens_dropped={"number": 3, "punct": 2000},
        tokens_duplicate=900,
        tokens_held_out=1,
        words=9,
        words_rare=1,
        words_over_max_words=4,
        source={
            "characters_split": 2,
            "characters_replaced": 7,
            "files": 3,
            "files_hidden": 1,
            "files_other": 9,
            "files_other.csv": 3,
            "files_other.md": 4,
            "texts_missing": 5,
            "files_without_text": 1,
            "folders_linked": 1,
            "lines_blank": 1234,
            "texts_split": 1,
        },
    )
    show(RunDisplay(GIVEN), counts=counts)
    assert capsys.readouterr().out.splitlines()[:6] == [
        "Read 2,000 texts of 3 files, 4,404 tokens",
        "Kept 9 words, 1,400 tokens",
        "Dropped tokens: 2,003 by kind (number 3, punct 2,000), 60 of 1 rare word, 40 of 4 words beyond max_words, "
        "900 in duplicates",
        "Texts: 1 without tokens, 5 without text, 240 duplicates (12.0%, dropped), 20 held out with 1 token",
        "Skipped: 1 hidden file, 1 linked folder, 1 empty file, 1,234 blank lines, 9 other files (.md 4, .csv 3, ...)",
        "Split long texts: 1 time possibly within a sentence, 2 times in a string without white space",
    ]


def test_it_says_nothing_of_what_was_not_left_out(capsys):
    show(RunDisplay(GIVEN), counts=CorpusCounts(texts=3, tokens=5, tokens_kept=5, words=2))
    read, kept, training, _ = capsys.readouterr().out.splitlines()
    assert (read, kept) == ("Read 3 texts, 5 tokens", "Kept 2 words, 5 tokens") and training.startswith("Training")


def test_it_speaks_of_no_choice_where_there_was_none(capsys):
    show(RunDisplay(CHOSEN))
    assert capsys.readouterr().out.splitlines()[3:] == ["Training 100 dimensions with 2 workers"]


def test_it_explains_a_step_only_where_its_size_was_chosen(capsys):
    show(RunDisplay(replace(CHOSEN, epochs="auto")))
    assert capsys.readouterr().out.splitlines()[4:] == ["Chosen by the size of the corpus: epochs 3"]


def test_a_corpus_that_is_not_read_again_is_not_said_to_be_read(capsys):
    display = RunDisplay(CHOSEN)
    display(ENCODED)
    display(Resumed(epoch=3, epochs=5))
    assert capsys.readouterr().out.splitlines() == [
        "Corpus, encoded by the interrupted run: 1 text, 3,500 tokens",
        "Kept 1 word, 1,450 tokens",
        "Dropped tokens: 2,000 by kind (punct), 50 of 20 rare words",
        "Training 100 dimensions with 2 workers",
        "Resuming at epoch 3 of 5",
    ]


def test_it_says_why_there_are_no_more_workers(capsys):
    show(RunDisplay(CHOSEN), workers_note="They are busy.")
    assert capsys.readouterr().out.splitlines()[4:] == ["They are busy."]


@pytest.mark.parametrize(("tty", "kind"), [(True, Bars), (False, Lines)])
def test_bars_are_for_terminals(monkeypatch, tty, kind):
    stream = io.StringIO()
    stream.isatty = lambda: tty
    monkeypatch.setattr(sys, "stderr", stream)
    assert isinstance(RunDisplay(GIVEN)._progress, kind)


@pytest.mark.parametrize("speak", [lambda w: w.warn("hm"), lambda w: w(ENCODED), lambda w: w.close()])
def test_the_bar_is_gone_before_anything_is_said(monkeypatch, capsys, speak):
    display, drawn = RunDisplay(GIVEN), io.StringIO()
    display._progress = Bars(file=drawn, ncols=80)
    display(TokensRead(texts=1, tokens=2_000_000, seconds=10.0))
    assert drawn.getvalue() == "\rreading: 1 text, 2,000,000 tokens, 200,000 tokens/s, 0:10"
    speak(display)
    assert drawn.getvalue().endswith("\r" + " " * 57 + "\r")


@pytest.mark.parametrize("tty", [True, False])
def test_the_epochs_are_in_a_table_after_a_bar_and_only_then(monkeypatch, capsys, tty):
    """Lines have shown them already."""
    report = {
        "epochs": [{"loss": 2.5, "held_out_loss": 2.75, "words_per_second": 1_000, "seconds": 61.2}] * 2,
        "seconds": {"train": 122.4},
        "best_epoch": 1,
    }
    monkeypatch.setattr(sys.stderr, "isatty", lambda: tty)
    RunDisplay(GIVEN).finish(type("Trained", (), {"report": report}))
    said = capsys.readouterr().out.splitlines()
    assert said[-2:] == [
        "Trained 2 epochs in 2:02",
        "The vectors are those of epoch 1, which has the lowest held-out loss, 2.7500",
    ]
    assert [line.split() for line in said[1:-2]] == (
        [
            ["epoch", "loss", "held-out", "words/s", "time"],
            ["-----", "------", "--------", "-------", "----"],
            ["1", "2.5000", "2.7500", "1,000", "1:01"],
            ["2", "2.5000", "2.7500", "1,000", "1:01"],
        ]
        if tty
        else []
    )


def test_lines_are_seen_at_once_through_a_pipe(monkeypatch):
    """A log that is followed must not wait for a buffer to fill."""
    raw, display = io.BytesIO(), RunDisplay(GIVEN)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="utf8"))
        show(display)
        read = raw.getvalue()
        display(EpochEnd(epoch=1, epochs=3, loss=2.5, words_per_second=1e6, seconds=1.0))
        display(BatchDone(2, 3, 9, tokens=1, total=9, loss=2.4, learning_rate=0.1, seconds=0.1))
        epoch = raw.getvalue().removeprefix(read)
        sys.stdout.detach()
    assert read.count(b"\n") == 5
    assert epoch == b"epoch 1/3: loss 2.5000, 1,000,000 words/s, 0:02 left\n"
