"""Listeners that show the progress of a run: bars for terminals and notebooks, plain lines for logs."""

from collections.abc import Callable
from time import monotonic, time
from typing import Any

from tqdm.auto import tqdm

from spacy_sgns.runs.events import Encoded, Evaluated, Event, Listener, TokensRead
from spacy_sgns.training.events import BatchDone, EpochEnd, Finished

MIN_REDRAW_SECONDS = 0.1  # so that bars of short epochs do not flicker
MAX_QUIET_SECONDS = 60.0  # after which a line is due
READING = "{desc}: {n_fmt} words, {elapsed}, {rate_fmt}"
EPOCH = "{desc} |{bar}| {remaining} left, {rate_fmt}{postfix}"


class Bars:
    """Draws a bar while the corpus is read, then one per epoch: time left, words/s, loss, learning rate.

    options: of tqdm. `close` removes the bar from the screen; the next event draws it again.
    """

    def __init__(self, **options: Any) -> None:
        self._options = {"leave": False, "dynamic_ncols": True, **options}
        self._bar: Any = None
        self._drawn = 0.0

    def __call__(self, event: Event) -> None:
        """Draw an event, if the last drawing is long enough ago."""
        match event:
            case Encoded() | Finished():
                self.close()
            case TokensRead() if self._due():
                self._draw("reading", None, event)
            case BatchDone() if self._due():
                status = f"loss {event.loss:.3f}, learning rate {event.learning_rate:.4f}"
                self._draw(f"epoch {event.epoch}/{event.epochs}", event.total, event, status)

    def close(self) -> None:
        """Remove the bar from the screen."""
        if self._bar is not None:
            self._bar.close()
        self._bar = None

    def _due(self) -> bool:
        return monotonic() - self._drawn >= MIN_REDRAW_SECONDS

    def _draw(self, title: str, total: int | None, event: TokensRead | BatchDone, status: str = "") -> None:
        self._drawn = monotonic()
        if self._bar is None:
            layout = EPOCH if total else READING
            self._bar = tqdm(
                total=total, unit=" words", unit_scale=True, bar_format=layout, delay=1e-9, **self._options
            )
        self._bar.set_description_str(title, refresh=False)
        self._bar.set_postfix_str(status, refresh=False)
        self._bar.n, self._bar.last_print_t = event.tokens, time()
        self._bar.start_t = self._bar.last_print_t - event.seconds  # a bar may be created late, or serve several epochs
        self._bar.refresh()


class Lines:
    """Prints a line for each epoch, and at least one per minute; for logs. print_line: called with each line."""

    def __init__(self, print_line: Callable[[str], object]) -> None:
        self._print_line, self._last = print_line, monotonic()

    def __call__(self, event: Event) -> None:
        """Print an event, if it ends an epoch or the last line is long enough ago."""
        match event:
            case EpochEnd():
                self._print(
                    f"epoch {event.epoch}/{event.epochs}: loss {event.loss:.4f}, "
                    f"{event.words_per_second:,.0f} words/s, {event.seconds:.1f} s"
                )
            case Evaluated():
                scores = ", ".join(f"{name} {value:.3f}" for name, value in event.scores.items() if value is not None)
                self._print(
                    f"epoch {event.epoch}: {scores or 'no scores, because too few words of the gold sets have vectors'}"
                )
            case TokensRead() if self._due():
                self._print(f"reading: {event.tokens:,} tokens of {event.texts:,} texts")
            case BatchDone() if self._due():
                left = event.seconds * (event.total - event.tokens) / max(event.tokens, 1)
                self._print(
                    f"epoch {event.epoch}/{event.epochs}: {event.tokens / event.total:.0%}, loss {event.loss:.4f}, "
                    f"{event.tokens / event.seconds:,.0f} words/s, {left:.0f} s left in this epoch"
                )

    def close(self) -> None:
        """No-op: nothing is open."""

    def _due(self) -> bool:
        return monotonic() - self._last >= MAX_QUIET_SECONDS

    def _print(self, text: str) -> None:
        self._last = monotonic()
        self._print_line(text)


def notebook_bars() -> list[Listener]:
    """Return progress bars if Python runs in a notebook, else an empty list."""
    try:
        shell = get_ipython().__class__.__name__  # type: ignore[name-defined]
    except NameError:
        return []
    return [Bars()] if shell == "ZMQInteractiveShell" else []
