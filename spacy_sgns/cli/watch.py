"""Listeners of a command: what is read, what was chosen, and how far training is."""

from spacy_sgns.cli.messages import msg
from spacy_sgns.flow import Encoded, Event, Listener
from spacy_sgns.pipeline.progress import Bars, Lines
from spacy_sgns.settings import Settings


def watchers(settings: Settings, *, bars: bool) -> list[Listener]:
    """Return the listeners of a command; `bars` only where they can be drawn."""
    return [Bars() if bars else Lines(print), lambda event: _say(event, settings)]


def _say(event: Event, given: Settings) -> None:
    if not isinstance(event, Encoded):
        return
    msg.good(
        f"Read {event.texts:,} texts, {event.tokens:,} tokens without {', '.join(('space', *given.drop))}; "
        f"{event.words:,} words occur {given.min_count} times or more, {event.tokens_kept:,} tokens"
    )
    chosen = event.settings.as_dict()
    auto = [f"{name} {chosen[name]}" for name, value in given.as_dict().items() if value == "auto"]
    msg.info(f"Training {event.settings.dim} dimensions" + (f"; chosen: {', '.join(auto)}" if auto else ""))
