"""Listeners that show the progress of a run: a bar for terminals, one for notebooks, plain lines for logs."""

from collections.abc import Callable
from time import monotonic
from typing import Any
from uuid import uuid4

from tqdm import tqdm

from spacy_sgns.runs.events import HELD_OUT_LOSS, Encoded, Evaluated, Event, Listener, TokensRead
from spacy_sgns.system.machine import shown_clock, shown_duration
from spacy_sgns.training.events import BatchDone, EpochEnd, Finished

MIN_REDRAW_SECONDS = 0.1  # so that bars of short epochs do not flicker
MAX_QUIET_SECONDS = 60.0  # after which a line is due
MAX_EPOCH_LINES = 20  # of evenly spaced epochs; the first and the last come on top
NO_SCORES = "no scores, because too few words of the gold sets have vectors"


class TimeLeft:
    """Estimates the time until the end of training from the share that is done since it began, or was resumed.

    Wall time counts, so evaluations and checkpoints are part of it.
    """

    def __init__(self) -> None:
        self._first: tuple[float, int] | None = None  # when the first epoch seen began, and the epochs before it
        self._stops_early = False

    def encoded(self, event: Encoded) -> None:
        """Note whether training may stop early."""
        self._stops_early = event.settings.patience > 0

    def after(self, event: BatchDone | EpochEnd) -> str:
        """Return the time left in all epochs, as text; with early stopping, the longest that it can be."""
        now = monotonic()
        if self._first is None:
            self._first = now - event.seconds, event.epoch - 1
        start, before = self._first
        done = _epochs_done(event)
        seconds = (now - start) * (event.epochs - done) / max(done - before, 1e-9)
        return f"{'at most ' if self._stops_early else ''}{shown_clock(seconds)} left"


class Bars:
    """Draws on a terminal what has been read, then a bar of all epochs: time left in all, words/s, loss.

    options: of tqdm. `close` removes the bar from the screen; the next event draws it again.
    """

    def __init__(self, **options: Any) -> None:
        self._options = {"leave": False, "dynamic_ncols": True, **options}
        self._bar: Any = None
        self._drawn = 0.0
        self._left = TimeLeft()

    def __call__(self, event: Event) -> None:
        """Draw an event, if the last drawing is long enough ago."""
        match event:
            case Encoded():
                self._left.encoded(event)
                self.close()
            case Finished():
                self.close()
            case TokensRead() if self._due():
                self._draw(_reading(event), 0, None)
            case BatchDone():
                left = self._left.after(event)
                if self._due():
                    done = (event.epoch - 1) * event.total + event.tokens
                    layout = f"epoch {event.epoch:,}/{event.epochs:,} |{{bar}}| {left}, {_speed_and_loss(event)}"
                    self._draw(layout, done, event.epochs * event.total)

    def close(self) -> None:
        """Remove the bar from the screen."""
        if self._bar is not None:
            self._bar.close()
        self._bar = None

    def _due(self) -> bool:
        return monotonic() - self._drawn >= MIN_REDRAW_SECONDS

    def _draw(self, layout: str, done: int, total: int | None) -> None:
        self._drawn = monotonic()
        if self._bar is None:
            self._bar = tqdm(total=total, bar_format=layout, delay=1e-9, **self._options)
        self._bar.n, self._bar.bar_format = done, layout
        self._bar.refresh()


class NotebookBar:
    """Shows in the output of a notebook's cell what has been read, then a bar of all epochs; then a summary.

    shell: IPython's. The cell keeps the last state, in HTML and in plain text, so that a saved notebook shows it.
    """

    def __init__(self, shell: Any) -> None:
        self._shell, self._id = shell, uuid4().hex
        self._drawn: float | None = None
        self._left = TimeLeft()
        self._ended: list[EpochEnd] = []

    def __call__(self, event: Event) -> None:
        """Show an event, if the last one was shown long enough ago."""
        match event:
            case Encoded():
                self._left.encoded(event)
            case TokensRead() if self._due():
                self._show(_reading(event))
            case BatchDone():
                left = self._left.after(event)
                if self._due():
                    share = _epochs_done(event) / event.epochs
                    text = f"epoch {event.epoch:,}/{event.epochs:,}, {left}, {_speed_and_loss(event)}"
                    self._show(text, f'<progress value="{share:.4f}" max="1"></progress> ')
            case EpochEnd():
                self._ended.append(event)
            case Finished() if self._ended:
                number, seconds = len(self._ended), sum(epoch.seconds for epoch in self._ended)
                epochs = f"{number:,} epoch{'' if number == 1 else 's'}"
                self._show(f"Trained {epochs} in {shown_duration(seconds)}, {_loss(self._ended[-1])}")

    def _due(self) -> bool:
        return self._drawn is None or monotonic() - self._drawn >= MIN_REDRAW_SECONDS

    def _show(self, text: str, bar: str = "") -> None:
        data = {"text/plain": text, "text/html": f"<div>{bar}{text}</div>"}
        self._shell.display_pub.publish(data, transient={"display_id": self._id}, update=self._drawn is not None)
        self._drawn = monotonic()


class Lines:
    """Prints a line for each epoch, or for about twenty of many, and at least one per minute; for logs.

    print_line: called with each line. `close` prints the line of the last epoch, if it is still to come: it waits for
    the scores of its epoch.
    """

    def __init__(self, print_line: Callable[[str], object]) -> None:
        self._print_line, self._last = print_line, monotonic()
        self._left = TimeLeft()
        self._ended: tuple[EpochEnd, str] | None = None  # the last epoch and the time left after it, until printed
        self._scores: list[str] = []

    def __call__(self, event: Event) -> None:
        """Print an event, if it ends an epoch or the last line is long enough ago."""
        match event:
            case Encoded():
                self._left.encoded(event)
            case TokensRead() if self._due():
                self._print(_reading(event))
            case EpochEnd():
                self._end_epoch()
                self._ended, self._scores = (event, self._left.after(event)), []
            case Evaluated():
                found = [_score(name, value) for name, value in event.scores.items() if value is not None]
                self._scores += found or [NO_SCORES]
            case BatchDone():
                left = self._left.after(event)
                self._end_epoch()
                if self._due():
                    share = f"{event.tokens / event.total:.0%} of epoch {event.epoch:,}/{event.epochs:,}"
                    self._print(f"{share}: {_loss(event)}, {_speed(event)}, {left}")
            case Finished():
                self.close()

    def close(self) -> None:
        """Print the line of the last epoch."""
        self._end_epoch(last=True)

    def _end_epoch(self, *, last: bool = False) -> None:
        """Print the line of the epoch that has ended, if it is one of those that get a line."""
        if self._ended is None:
            return
        (event, left), self._ended = self._ended, None
        if last or event.epoch == 1 or event.epoch % -(-event.epochs // MAX_EPOCH_LINES) == 0 or self._due():
            parts = [_loss(event), *self._scores, f"{event.words_per_second:,.0f} words/s"]
            parts += [left] if event.epoch < event.epochs else []
            self._print(f"epoch {event.epoch:,}/{event.epochs:,}: {', '.join(parts)}")

    def _due(self) -> bool:
        return monotonic() - self._last >= MAX_QUIET_SECONDS

    def _print(self, text: str) -> None:
        self._last = monotonic()
        self._print_line(text)


def notebook_bars() -> list[Listener]:
    """Return a progress bar if Python runs in a notebook, else an empty list."""
    try:
        shell = get_ipython()  # type: ignore[name-defined]
    except NameError:
        return []
    return [NotebookBar(shell)] if type(shell).__name__ == "ZMQInteractiveShell" else []


def _epochs_done(event: BatchDone | EpochEnd) -> float:
    return event.epoch - 1 + event.tokens / event.total if isinstance(event, BatchDone) else event.epoch


def _reading(event: TokensRead) -> str:
    speed = f"{event.tokens / max(event.seconds, 1e-9):,.0f} tokens/s"
    texts = f"{event.texts:,} text{'' if event.texts == 1 else 's'}"
    return f"reading: {texts}, {event.tokens:,} tokens, {speed}, {shown_clock(event.seconds)}"


def _score(name: str, value: float) -> str:
    return f"{name} {value:.{4 if name == HELD_OUT_LOSS else 3}f}"


def _speed_and_loss(event: BatchDone) -> str:
    return f"{_speed(event)}, {_loss(event)}"


def _loss(event: BatchDone | EpochEnd) -> str:
    """Return the loss as text; it is 0 only where subsampling and short texts have left no pairs of words."""
    return f"loss {event.loss:.4f}" if event.loss else "no pairs of words"


def _speed(event: BatchDone) -> str:
    return f"{event.tokens / max(event.seconds, 1e-9):,.0f} words/s"
