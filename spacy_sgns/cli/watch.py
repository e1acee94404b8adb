"""Listener of a command: what is read, what is chosen, and how far training is."""

import logging
import sys
from functools import partial

from spacy_sgns.cli.messages import good, info, warn
from spacy_sgns.course import Resumed
from spacy_sgns.flow import Encoded, Event
from spacy_sgns.pipeline.progress import Bars, Lines
from spacy_sgns.settings import Settings


class Watcher:
    """Shows a run: bars where a person watches, else lines, and messages without getting in their way.

    given: the settings, before "auto" is replaced.
    """

    def __init__(self, given: Settings) -> None:
        self._given = given
        self._progress = Bars() if sys.stderr.isatty() else Lines(partial(print, flush=True))

    def __call__(self, event: Event) -> None:
        """Show an event."""
        self._progress(event)
        if isinstance(event, Encoded):
            self._say_read(event)
            self._say_chosen(event.settings, event.workers)
            if event.idle:
                info(event.idle)
        if isinstance(event, Resumed):
            info(f"Going on in epoch {event.epoch} of {event.epochs}")

    def warn(self, text: str) -> None:
        """Show a warning."""
        self._progress.close()
        warn(text)

    def close(self) -> None:
        """Take what is drawn off the screen."""
        self._progress.close()

    def _say_read(self, event: Encoded) -> None:
        kinds, rare = ", ".join(self._given.drop) or "none", event.tokens - event.tokens_kept
        good(f"Read {_number(event.texts, 'text')}, {_number(event.left_out + event.tokens, 'token')}")
        good(f"Kept {_number(event.words, 'word')}, {_number(event.tokens_kept, 'token')}")
        info(f"Dropped {_number(event.left_out, 'token')} by kind ({kinds}), {rare:,} of rare words")

    def _say_chosen(self, settings: Settings, workers: int) -> None:
        given, values = self._given.as_dict(), {**settings.as_dict(), "workers": workers}
        auto = [f"{name} {values[name]}" for name in given if given[name] == "auto" and name != "workers"]
        how = f"{_number(settings.dim, 'dimension')} with {_number(workers, 'worker')}"
        info(f"Training {how}" + ("; by the size of the corpus:" if auto else ""))
        if auto:
            print(f"  {', '.join(auto)}", flush=True)
        every = ", ".join(f"{name} {value}" for name, value in values.items())
        logging.getLogger("spacy").debug("Settings: %s", every)


def _number(n: int, thing: str) -> str:
    return f"{n:,} {thing}{'' if n == 1 else 's'}"
