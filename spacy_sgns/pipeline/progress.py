"""How far a run is, for people: bars where they can be drawn, plain lines where not."""

from collections.abc import Callable
from time import monotonic, time
from typing import Any

from tqdm.auto import tqdm

from spacy_sgns.runs.events import Encoded, Evaluated, Event, Listener, TokensRead
from spacy_sgns.training.events import BatchDone, EpochEnd, Finished

PAUSE = 0.1  # seconds between drawings, so that short epochs do not flicker
QUIET = 60.0  # seconds after which a plain line is due
READING = "{desc}: {n_fmt} words, {elapsed}, {rate_fmt}"
EPOCH = "{desc} |{bar}| {remaining} left, {rate_fmt}{postfix}"


class Bars:
    """A bar while reading, then one per epoch: time left, words/s, loss, learning rate.

    options: for tqdm. Closed, the bar is gone from the screen; the next event draws it again.
    """

    def __init__(self, **options: Any) -> None:
        self._options = {"leave": False, "dynamic_ncols": True, **options}
        self._bar: Any = None
        self._drawn = 0.0

    def __call__(self, event: Event) -> None:
        """Draw an event, if it is time."""
        match event:
            case Encoded() | Finished():
                self.close()
            case TokensRead() if self._due():
                self._draw("reading", None, event)
            case BatchDone() if self._due():
                now = f"loss {event.loss:.3f}, learning rate {event.learning_rate:.4f}"
                self._draw(f"epoch {event.epoch}/{event.epochs}", event.total, event, now)

    def close(self) -> None:
        """Take the bar off the screen."""
        if self._bar is not None:
            self._bar.close()
        self._bar = None

    def _due(self) -> bool:
        return monotonic() - self._drawn >= PAUSE

    def _draw(self, title: str, total: int | None, event: TokensRead | BatchDone, now: str = "") -> None:
        self._drawn = monotonic()
        if self._bar is None:
            layout = EPOCH if total else READING
            self._bar = tqdm(
                total=total, unit=" words", unit_scale=True, bar_format=layout, delay=1e-9, **self._options
            )
        self._bar.set_description_str(title, refresh=False)
        self._bar.set_postfix_str(now, refresh=False)
        self._bar.n, self._bar.last_print_t = event.tokens, time()
        self._bar.start_t = self._bar.last_print_t - event.seconds  # a bar may be made late, or serve many epochs
        self._bar.refresh()


class Lines:
    """A line per epoch, and at least one a minute; for logs."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self._say, self._last = say, monotonic()

    def __call__(self, event: Event) -> None:
        """Say an event, if it is time."""
        match event:
            case EpochEnd():
                self._now(
                    f"epoch {event.epoch}/{event.epochs}: loss {event.loss:.4f}, "
                    f"{event.words_per_second:,.0f} words/s, {event.seconds:.1f} s"
                )
            case Evaluated():
                scores = ", ".join(f"{name} {value:.3f}" for name, value in event.scores.items() if value is not None)
                self._now(f"epoch {event.epoch}: {scores or 'too few words of the sets have vectors'}")
            case TokensRead() if self._due():
                self._now(f"reading: {event.tokens:,} tokens of {event.texts:,} texts")
            case BatchDone() if self._due():
                left = event.seconds * (event.total - event.tokens) / max(event.tokens, 1)
                self._now(
                    f"epoch {event.epoch}/{event.epochs}: {event.tokens / event.total:.0%}, loss {event.loss:.4f}, "
                    f"{event.tokens / event.seconds:,.0f} words/s, {left:.0f} s left in this epoch"
                )

    def close(self) -> None:
        """Nothing is open."""

    def _due(self) -> bool:
        return monotonic() - self._last >= QUIET

    def _now(self, text: str) -> None:
        self._last = monotonic()
        self._say(text)


def notebook_bars() -> list[Listener]:
    """Return bars where Python runs in a notebook, else nothing."""
    try:
        shell = get_ipython().__class__.__name__  # type: ignore[name-defined]
    except NameError:
        return []
    return [Bars()] if shell == "ZMQInteractiveShell" else []
