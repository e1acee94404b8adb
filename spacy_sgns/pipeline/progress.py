"""How far a run is, for people: bars where they can be drawn, plain lines where not."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from tqdm.auto import tqdm

from spacy_sgns.flow import Event, Listener, TokensRead
from spacy_sgns.training.events import BatchDone, EpochEnd

QUIET = 60.0  # seconds after which a plain line is due


class Bars:
    """A bar while reading, then one per epoch: words/s, loss, learning rate, time left."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._of: tuple[str, int] | None = None

    def __call__(self, event: Event) -> None:
        """Draw an event."""
        match event:
            case TokensRead():
                self._move("reading", 0, event.tokens)
            case BatchDone():
                bar = self._move(f"epoch {event.epoch}/{event.epochs}", event.total, event.tokens)
                bar.set_postfix_str(f"loss {event.loss:.4f}, learning rate {event.learning_rate:.4f}", refresh=False)
            case EpochEnd():
                self._close()

    def _move(self, title: str, total: int, to: int) -> Any:
        if self._of != (title, total):
            self._close()
            self._bar = tqdm(desc=title, total=total or None, unit=" words", unit_scale=True, leave=False)
            self._of = title, total
        self._bar.update(to - self._bar.n)
        return self._bar

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
        self._bar = self._of = None


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
            case TokensRead() if self._due():
                self._now(f"reading: {event.tokens:,} tokens of {event.texts:,} texts")
            case BatchDone() if self._due():
                left = event.seconds * (event.total - event.tokens) / max(event.tokens, 1)
                self._now(
                    f"epoch {event.epoch}/{event.epochs}: {event.tokens / event.total:.0%}, loss {event.loss:.4f}, "
                    f"{event.tokens / event.seconds:,.0f} words/s, {left:.0f} s left in this epoch"
                )

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
