"""Progress bars and lines."""

import builtins
import io
from dataclasses import replace

import pytest

from spacy_sgns.corpus.counts import CorpusCounts
from spacy_sgns.pipeline import progress
from spacy_sgns.pipeline.progress import Bars, Lines, NotebookBar, TimeLeft, notebook_bars
from spacy_sgns.runs.events import Encoded, Evaluated, TokensRead
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


def test_the_text_of_reading_shows_texts_tokens_speed_and_time(bars, screen):
    bars()(READ)
    assert screen.getvalue() == "\rreading: 30 texts, 1,500,000 tokens, 150,000 tokens/s, 0:10"


def test_the_bar_shows_the_share_and_the_time_left_of_all_epochs_with_speed_and_loss(bars, screen):
    bars()(BATCH)
    title, bar, rest = shown(screen).split("|")
    assert title == "epoch 2/5 "
    assert bar.count("█") == pytest.approx(len(bar) / 4, abs=1)  # one and a quarter of five epochs
    assert rest == " 0:08 left, 1,000,000 words/s, loss 2.3457"  # 3.75 epochs, at half a second for a quarter
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
    assert "1,000,000 words/s" in shown(screen)
    bars.close()
    bars.close()


def epoch(number, epochs=5, seconds=1.62):
    return EpochEnd(number, epochs, loss=2.34567, words_per_second=1_234_567.8, seconds=seconds)


def test_the_time_left_counts_all_that_happens_between_epochs(clock):
    left = TimeLeft()
    assert left.after(epoch(1, seconds=10)) == "0:40 left"
    clock(20)  # of which ten seconds went to evaluation
    assert left.after(epoch(2, seconds=10)) == "0:45 left"


def test_the_time_left_of_a_resumed_run_is_judged_by_its_own_epochs(clock):
    left = TimeLeft()
    assert left.after(replace(BATCH, epoch=4, tokens=1_000_000, seconds=30)) == "1:30 left"
    clock(30)
    assert left.after(epoch(4)) == "1:00 left"
    clock(60)
    assert left.after(epoch(5)) == "0:00 left"


def test_where_training_may_stop_early_the_time_left_is_the_longest(clock):
    left = TimeLeft()
    left.encoded(replace(ENCODED, settings=Settings(patience=2, held_out=0.1)))
    assert left.after(epoch(1, seconds=10)) == "at most 0:40 left"


def lines_of(*events):
    said = []
    lines = Lines(said.append)
    for event in events:
        lines(event)
    return said


def test_an_epoch_has_one_line_with_its_scores_once_the_next_event_comes(clock):
    events = [epoch(2), Evaluated(2, {"held-out loss": 2.5}), Evaluated(2, {"pairs": 0.61, "rare": None})]
    assert lines_of(*events) == []
    line = "epoch 2/5: loss 2.3457, held-out loss 2.5000, pairs 0.610, 1,234,568 words/s, 0:05 left"
    assert lines_of(*events, replace(BATCH, epoch=3)) == [line]
    assert lines_of(*events, Finished(None)) == [line]


def test_the_line_of_the_last_epoch_speaks_of_no_time_left(clock):
    assert lines_of(epoch(5), Finished(None)) == ["epoch 5/5: loss 2.3457, 1,234,568 words/s"]


def test_scores_that_are_undefined_are_said_to_be():
    (line,) = lines_of(epoch(5), Evaluated(5, {"pairs": None}), Finished(None))
    assert line == f"epoch 5/5: loss 2.3457, {progress.NO_SCORES}, 1,234,568 words/s"


@pytest.mark.parametrize(
    ("epochs", "shown"),
    [(1, [1]), (20, [*range(1, 21)]), (21, [1, *range(2, 21, 2), 21]), (79, [1, *range(4, 77, 4), 79])],
)
def test_of_many_epochs_about_twenty_are_shown_the_first_and_the_last_too(clock, epochs, shown):
    said = lines_of(*(epoch(n, epochs) for n in range(1, epochs + 1)), Finished(None))
    assert [int(line.split()[1].split("/")[0]) for line in said] == shown


def test_numbers_of_epochs_have_separators_too(clock):
    (line,) = lines_of(epoch(2000, 2000), Finished(None))
    assert line.startswith("epoch 2,000/2,000: loss ")


@pytest.mark.parametrize("end", [lambda lines: lines(Finished(None)), lambda lines: lines.close()])
def test_a_run_that_stops_early_shows_its_last_epoch(clock, end):
    said = []
    lines = Lines(said.append)
    for number in (1, 2, 3):
        lines(epoch(number, 79))
    end(lines)
    assert [line.split(":")[0] for line in said] == ["epoch 1/79", "epoch 3/79"]
    end(lines)
    assert len(said) == 2


def test_a_long_epoch_has_a_line_though_there_are_many(clock):
    said = []
    lines = Lines(said.append)
    for number in (1, 2, 3):
        lines(epoch(number, 79))
        clock(61)
    assert [line.split(":")[0] for line in said] == ["epoch 1/79", "epoch 2/79"]


def test_lines_come_once_a_minute_while_the_corpus_is_read(clock):
    said = []
    lines = Lines(said.append)
    for _ in range(120):  # two minutes
        lines(READ)
        clock(1)
    lines(READ)
    assert said == ["reading: 30 texts, 1,500,000 tokens, 150,000 tokens/s, 0:10"] * 2


def test_lines_come_once_a_minute_where_epochs_are_long(clock):
    said = []
    lines = Lines(said.append)
    for second in range(1, 121):
        clock(1)
        lines(replace(BATCH, epoch=1, tokens=2_000_000 * second // 200, seconds=second))
    assert said == [
        "30% of epoch 1/5: loss 2.3457, 10,000 words/s, 15:40 left",
        "60% of epoch 1/5: loss 2.3457, 10,000 words/s, 14:40 left",
    ]


def test_a_line_of_an_epoch_starts_the_minute_anew(clock):
    said = []
    lines = Lines(said.append)
    clock(59)
    lines(END)
    lines(BATCH)
    clock(2)
    lines(BATCH)
    assert len(said) == 1


class ZMQInteractiveShell:
    """The part of a notebook's shell that shows output: it keeps the last state of each display."""

    def __init__(self):
        self.display_pub, self.cells = self, {}

    def publish(self, data, *, transient, update):
        assert (transient["display_id"] in self.cells) == update
        self.cells[transient["display_id"]] = data


def test_a_notebook_keeps_one_output_whose_text_says_how_the_run_ended(clock):
    shell = ZMQInteractiveShell()
    bar, seen = NotebookBar(shell), []
    for event in (READ, ENCODED, BATCH, epoch(4), epoch(5), Finished(None)):
        clock(1)
        bar(event)
        seen += [cell["text/plain"] for cell in shell.cells.values()]
    assert list(dict.fromkeys(seen)) == [
        "reading: 30 texts, 1,500,000 tokens, 150,000 tokens/s, 0:10",
        "epoch 2/5, 0:08 left, 1,000,000 words/s, loss 2.3457",
        "Trained 2 epochs in 3.2 s, loss 2.3457",
    ]
    assert len(shell.cells) == 1


def test_the_bar_of_a_notebook_is_the_share_of_all_epochs(clock):
    shell = ZMQInteractiveShell()
    NotebookBar(shell)(BATCH)
    (cell,) = shell.cells.values()
    assert cell["text/html"] == f'<div><progress value="0.2500" max="1"></progress> {cell["text/plain"]}</div>'


def test_a_notebook_is_not_told_more_than_ten_times_a_second(clock):
    shell = ZMQInteractiveShell()
    bar = NotebookBar(shell)
    bar(BATCH)
    clock(progress.MIN_REDRAW_SECONDS / 2)
    bar(replace(BATCH, loss=1.0))
    (cell,) = shell.cells.values()
    assert "loss 2.3457" in cell["text/plain"]


def test_a_notebook_gets_a_bar_and_nothing_else_does(monkeypatch):
    assert notebook_bars() == []
    other = type("TerminalInteractiveShell", (), {})
    for kind, kinds in {ZMQInteractiveShell: [NotebookBar], other: []}.items():
        monkeypatch.setattr(builtins, "get_ipython", kind, raising=False)
        assert [type(listener) for listener in notebook_bars()] == kinds
