"""Listener of a command: what is read, what is chosen, and how far training is."""

import logging
import sys
from collections.abc import Iterator
from functools import partial

from spacy_sgns.cli.console import good, info, warn
from spacy_sgns.corpus.counts import CorpusCounts
from spacy_sgns.pipeline.progress import Bars, Lines
from spacy_sgns.runs.events import Encoded, Event, Resumed
from spacy_sgns.settings import Settings

PASSED_OVER = {
    "files_hidden": "hidden file{s}",
    "files_other": "other file{s}",
    "folders_linked": "linked folder{s}",
    "files_without_text": "empty file{s}",
    "lines_blank": "blank line{s}",
}
SPLIT_TEXTS = {
    "texts_split": "time{s} where a sentence may go on",
    "characters_split": "time{s} where there is no white space",
}


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
            _say_counts(event.counts)
            self._say_chosen(event.settings, event.workers)
            if event.workers_note:
                info(event.workers_note)
        if isinstance(event, Resumed):
            done = event.epoch > event.epochs
            info("All epochs were done" if done else f"Going on in epoch {event.epoch} of {event.epochs}")

    def warn(self, text: str) -> None:
        """Show a warning."""
        self._progress.close()
        warn(text)

    def close(self) -> None:
        """Take what is drawn off the screen."""
        self._progress.close()

    def _say_chosen(self, settings: Settings, workers: int) -> None:
        given, values = self._given.as_dict(), {**settings.as_dict(), "workers": workers}
        auto = [f"{name} {values[name]}" for name in given if given[name] == "auto" and name != "workers"]
        how = f"{_number(settings.dim, 'dimension')} with {_number(workers, 'worker')}"
        info(f"Training {how}" + ("; by the size of the corpus:" if auto else ""))
        if auto:
            print(f"  {', '.join(auto)}", flush=True)
        every = ", ".join(f"{name} {value}" for name, value in values.items())
        logging.getLogger("spacy").debug("Settings: %s", every)


def _say_counts(counts: CorpusCounts) -> None:
    """Say what was read and kept and, of all else, what there is of it."""
    good(f"Read {_number(counts.texts, 'text')}, {_number(counts.tokens_read, 'token')}")
    good(f"Kept {_number(counts.words, 'word')}, {_number(counts.tokens_kept, 'token')}")
    for title, found in (
        ("Dropped tokens", _tokens(counts)),
        ("Texts", _texts(counts)),
        ("Passed over", ((counts.source.get(name, 0), thing) for name, thing in PASSED_OVER.items())),
        ("Split long texts", ((counts.source.get(name, 0), where) for name, where in SPLIT_TEXTS.items())),
    ):
        if said := [f"{n:,} {what.format(s='' if n == 1 else 's')}" for n, what in found if n]:
            info(f"{title}: {', '.join(said)}")


def _tokens(counts: CorpusCounts) -> Iterator[tuple[int, str]]:
    """Yield how many tokens were dropped, and why."""
    kinds = counts.tokens_dropped
    each = ", ".join(f"{kind} {n:,}" for kind, n in kinds.items()) if len(kinds) > 1 else "".join(kinds)
    yield sum(kinds.values()), f"by kind ({each})"
    yield counts.tokens_rare, f"of {_number(counts.words_rare, 'rare word')}"
    yield counts.tokens_over_max_words, f"of {_number(counts.words_over_max_words, 'word')} beyond max_words"
    yield counts.tokens_duplicate, "of duplicates"


def _texts(counts: CorpusCounts) -> Iterator[tuple[int, str]]:
    """Yield how many texts are remarkable, and for what."""
    yield counts.texts_empty, "without tokens"
    share = counts.texts_duplicate / max(counts.texts, 1)
    yield counts.texts_duplicate, f"duplicate{{s}} ({share:.1%}{', dropped' if counts.tokens_duplicate else ''})"
    yield counts.texts_held_out, f"held out with {_number(counts.tokens_held_out, 'token')}"


def _number(n: int, thing: str) -> str:
    return f"{n:,} {thing}{'' if n == 1 else 's'}"
