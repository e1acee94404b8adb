"""What a command shows while it works."""

import io
import sys
from dataclasses import replace

import pytest

from spacy_sgns.cli.watch import Watcher
from spacy_sgns.corpus.counts import CorpusCounts
from spacy_sgns.flow import Encoded, TokensRead
from spacy_sgns.pipeline.progress import Bars, Lines
from spacy_sgns.settings import Settings
from spacy_sgns.training.events import EpochEnd

GIVEN = Settings(epochs=3)
CHOSEN = Settings(epochs=3, learning_rate=0.05, lanes=2, chunk_size=256, workers=2)
COUNTS = CorpusCounts(
    texts=1, tokens=1500, tokens_kept=1450, tokens_rare=50, words_rare=20, tokens_dropped={"punct": 2000}, words=1
)
ENCODED = Encoded(COUNTS, settings=CHOSEN, workers=2)


def test_it_says_what_was_read_kept_dropped_and_chosen(capsys):
    Watcher(GIVEN)(ENCODED)
    assert capsys.readouterr().out.splitlines() == [
        "Read 1 text, 3,500 tokens",
        "Kept 1 word, 1,450 tokens",
        "Dropped tokens: 2,000 by kind (punct), 50 of 20 rare words",
        "Training 100 dimensions with 2 workers; by the size of the corpus:",
        "  learning_rate 0.05, lanes 2, chunk_size 256",
    ]


def test_it_speaks_of_no_choice_where_there_was_none(capsys):
    Watcher(CHOSEN)(ENCODED)
    assert capsys.readouterr().out.splitlines()[3:] == ["Training 100 dimensions with 2 workers"]


def test_it_says_why_there_are_no_more_workers(capsys):
    Watcher(CHOSEN)(replace(ENCODED, idle="They are busy."))
    assert capsys.readouterr().out.splitlines()[4:] == ["They are busy."]


@pytest.mark.parametrize(("tty", "kind"), [(True, Bars), (False, Lines)])
def test_bars_are_for_terminals(monkeypatch, tty, kind):
    stream = io.StringIO()
    stream.isatty = lambda: tty
    monkeypatch.setattr(sys, "stderr", stream)
    assert isinstance(Watcher(GIVEN)._progress, kind)


@pytest.mark.parametrize("speak", [lambda w: w.warn("hm"), lambda w: w(ENCODED), lambda w: w.close()])
def test_the_bar_is_gone_before_anything_is_said(monkeypatch, capsys, speak):
    watcher, drawn = Watcher(GIVEN), io.StringIO()
    watcher._progress = Bars(file=drawn, ncols=60)
    watcher(TokensRead(texts=1, tokens=2_000_000, seconds=10.0))
    assert drawn.getvalue() == "\rreading: 2.00M words, 00:10, 200k words/s"
    speak(watcher)
    assert drawn.getvalue().endswith("\r" + " " * 41 + "\r")


def test_lines_are_seen_at_once_through_a_pipe(monkeypatch):
    """A log that is followed must not wait for a buffer to fill."""
    raw, watcher = io.BytesIO(), Watcher(GIVEN)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="utf8"))
        watcher(ENCODED)
        read = raw.getvalue()
        watcher(EpochEnd(epoch=1, epochs=3, loss=2.5, words_per_second=1e6, seconds=1.0))
        epoch = raw.getvalue().removeprefix(read)
        sys.stdout.detach()
    assert read.count(b"\n") == 5
    assert epoch == b"epoch 1/3: loss 2.5000, 1,000,000 words/s, 1.0 s\n"
