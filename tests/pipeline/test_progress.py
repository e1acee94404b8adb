"""Progress bars and lines."""

import builtins
import io

import pytest

from spacy_sgns.corpus.counts import CorpusCounts
from spacy_sgns.pipeline import progress
from spacy_sgns.pipeline.progress import Bars, Lines, notebook_bars
from spacy_sgns.runs.events import Encoded, TokensRead
from spacy_sgns.settings import Settings
from spacy_sgns.training.events import BatchDone, EpochEnd, Finished

READ = TokensRead(texts=30, tokens=1_500_000, seconds=10.0)
ENCODED = Encoded(CorpusCounts(texts=1, tokens=2, tokens_kept=2, words=2), settings=Settings())
BATCH = BatchDone(2, 5, 70, tokens=500_000, total=2_000_000, loss=2.34567, learning_rate=0.0123, seconds=0.5)
END = EpochEnd(2, 5, loss=2.34567, words_per_second=1_234_567.8, seconds=1.62)


@pytest.fixture
def clock(monkeypatch):
    """A clock that moves only when it is called."""
    now = [1000.0]
    monkeypatch.setattr(progress, "monotonic", lambda: now[0])

    def wait(seconds):
        now[0] += seconds

    return wait


class Screen(io.StringIO):
    encoding = "utf8"


@pytest.fixture
def screen():
    return Screen()


@pytest.fixture
def bars(screen, clock):
    """Make bars on a screen with a number of columns."""
    made = []

    def make(columns=100):
        made.append(Bars(file=screen, ncols=columns, dynamic_ncols=False))
        return made[-1]

    yield make
    for each in made:
        each.close()


def shown(screen):
    """The line that is drawn last."""
    return screen.getvalue().split("\r")[-1]


def test_the_bar_of_reading_shows_words_time_and_speed(bars, screen):
    bars()(READ)
    assert screen.getvalue() == "\rreading: 1.50M words, 00:10, 150k words/s"


def test_the_bar_of_an_epoch_shows_time_left_speed_loss_and_learning_rate(bars, screen):
    bars()(BATCH)
    title, bar, rest = shown(screen).split("|")
    assert title == "epoch 2/5 "
    assert bar.count("█") == pytest.approx(len(bar) / 4, abs=1)
    assert rest == " 00:01 left, 1.00M words/s, loss 2.346, learning rate 0.0123"
    assert len(shown(screen)) == 100


@pytest.mark.parametrize("columns", [30, 60])
def test_on_a_narrow_terminal_the_bar_stays_within_its_line(bars, screen, columns):
    bars(columns)(BATCH)
    assert len(shown(screen)) <= columns
    assert shown(screen).startswith("epoch 2/5 |")


def test_bars_are_drawn_ten_times_a_second_at_most(bars, clock, screen):
    bars = bars()
    bars(BATCH)
    drawn = screen.getvalue()
    clock(progress.MIN_REDRAW_SECONDS / 2)
    bars(BatchDone(3, 5, 71, tokens=10, total=2_000_000, loss=2.0, learning_rate=0.01, seconds=0.1))
    assert screen.getvalue() == drawn
    clock(progress.MIN_REDRAW_SECONDS)
    bars(BatchDone(3, 5, 72, tokens=20, total=2_000_000, loss=2.0, learning_rate=0.01, seconds=0.1))
    assert shown(screen).startswith("epoch 3/5 |")


@pytest.mark.parametrize("end", [lambda b: b(ENCODED), lambda b: b(Finished(None)), lambda b: b.close()])
def test_a_bar_is_wiped_out_when_its_stage_ends_and_comes_back_when_needed(bars, clock, screen, end):
    bars = bars()
    bars(BATCH)
    clock(1)
    bars(BatchDone(3, 5, 71, tokens=10, total=2_000_000, loss=2.0, learning_rate=0.01, seconds=1e-6))
    drawn = len(shown(screen))
    end(bars)
    assert screen.getvalue().endswith("\r" + " " * drawn + "\r")
    clock(1)
    bars(BATCH)
    assert "1.00M words/s" in shown(screen)
    bars.close()
    bars.close()


def test_every_epoch_has_a_line():
    said = []
    Lines(said.append)(END)
    assert said == ["epoch 2/5: loss 2.3457, 1,234,568 words/s, 1.6 s"]


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (READ, "reading: 1,500,000 tokens of 30 texts"),
        (BATCH, "epoch 2/5: 25%, loss 2.3457, 1,000,000 words/s, 2 s left in this epoch"),
    ],
)
def test_lines_come_once_a_minute_where_epochs_are_long(clock, event, line):
    said = []
    lines = Lines(said.append)
    for _ in range(120):  # two minutes
        lines(event)
        clock(1)
    lines(event)
    assert said == [line, line]


def test_a_line_of_an_epoch_starts_the_minute_anew(clock):
    said = []
    lines = Lines(said.append)
    clock(59)
    lines(END)
    clock(2)
    lines(BATCH)
    assert len(said) == 1


def test_a_notebook_gets_bars_and_nothing_else_does(monkeypatch):
    assert notebook_bars() == []
    for name, kinds in {"ZMQInteractiveShell": [Bars], "TerminalInteractiveShell": []}.items():
        shell = type(name, (), {})()
        monkeypatch.setattr(builtins, "get_ipython", lambda shell=shell: shell, raising=False)
        assert [type(listener) for listener in notebook_bars()] == kinds
