"""The display of a training run: what was read, which settings were chosen, and how far training is."""

import logging
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from spacy_sgns.cli.console import good, info, warn
from spacy_sgns.cli.tables import counted, show_epochs, show_table, show_training
from spacy_sgns.corpus.counts import CorpusCounts
from spacy_sgns.pipeline.progress import Bars, Lines
from spacy_sgns.runs.events import Encoded, Event, Resumed, TokensRead
from spacy_sgns.runs.train_vectors import Trained
from spacy_sgns.settings import Settings

SKIPPED = {
    "files_hidden": "hidden file{s}",
    "folders_linked": "linked folder{s}",
    "files_without_text": "empty file{s}",
    "lines_blank": "blank line{s}",
}
OTHER = "files_other"  # also the beginning of the name of the share of each ending
MAX_ENDINGS = 5  # that are named
SPLIT = {
    "texts_split": "time{s} possibly within a sentence",
    "characters_split": "time{s} in a string without white space",
}


class RunDisplay:
    """A listener that shows a run: progress bars on a terminal, else lines; and messages.

    given: the settings before "auto" is resolved.
    """

    def __init__(self, given: Settings) -> None:
        self._given = given
        self._progress = Bars() if sys.stderr.isatty() else Lines(partial(print, flush=True))
        self._corpus_was_read = False  # False if the corpus comes from an interrupted run

    def __call__(self, event: Event) -> None:
        """Show an event."""
        self._progress(event)
        if isinstance(event, TokensRead):
            self._corpus_was_read = True
        if isinstance(event, Encoded):
            _show_counts(event.counts, read=self._corpus_was_read)
            self._show_settings(event.settings, event.workers)
            if event.workers_note:
                info(event.workers_note)
        if isinstance(event, Resumed):
            done = event.epoch > event.epochs
            info("All epochs are done already" if done else f"Resuming at epoch {event.epoch:,} of {event.epochs:,}")

    def warn(self, text: str) -> None:
        """Show a warning."""
        self._progress.close()
        warn(text)

    def close(self) -> None:
        """Remove the progress bar from the screen."""
        self._progress.close()

    def finish(self, trained: Trained) -> None:
        """Show how long training took; and after a bar, which has shown them in passing, a table of the epochs."""
        self.close()
        if isinstance(self._progress, Bars):
            show_epochs(trained)
        show_training(trained)

    def _show_settings(self, settings: Settings, workers: int) -> None:
        given, values = self._given.as_dict(), {**settings.as_dict(), "workers": workers}
        auto = [f"{name} {values[name]}" for name in given if given[name] == "auto" and name != "workers"]
        info(f"Training {counted(settings.dim, 'dimension')} with {counted(workers, 'worker')}")
        if auto:
            step = f" (a step trains on {settings.chunks_per_step} x {settings.chunk_size} tokens)"
            chosen_step = {given["chunks_per_step"], given["chunk_size"]} & {"auto"}
            info(f"Chosen by the size of the corpus: {', '.join(auto)}{step if chosen_step else ''}")
        if logging.getLogger("spacy").isEnabledFor(logging.DEBUG):
            show_table(("setting", "value"), [(name, _plain(value)) for name, value in values.items()], "ll")
            print(flush=True)


def _plain(value: Any) -> str:
    """Return the value of a setting as text; of an alternative, its name and its own settings."""
    if isinstance(value, dict):
        own = [f"{name} {inner}" for name, inner in value.items() if name != "name"]
        return ", ".join([str(value.get("name")), *own])
    return (", ".join(value) or "nothing") if isinstance(value, list) else str(value)


def _show_counts(counts: CorpusCounts, *, read: bool) -> None:
    """Show how many texts, tokens and words were read, kept and dropped. read: by this run, not an interrupted one."""
    source = "Read" if read else "Corpus, encoded by the interrupted run:"
    files = f" of {counted(number, 'file')}" if (number := counts.source.get("files", 1)) > 1 else ""
    good(f"{source} {counted(counts.texts, 'text')}{files}, {counted(counts.tokens_read, 'token')}")
    good(f"Kept {counted(counts.words, 'word')}, {counted(counts.tokens_kept, 'token')}")
    for title, numbers in (
        ("Dropped tokens", _dropped_tokens(counts)),
        ("Texts", _texts(counts)),
        ("Skipped", _skipped(counts.source)),
        ("Split long texts", ((counts.source.get(name, 0), where) for name, where in SPLIT.items())),
    ):
        if parts := [f"{n:,} {noun.format(s='' if n == 1 else 's')}" for n, noun in numbers if n]:
            info(f"{title}: {', '.join(parts)}")


def _skipped(source: Mapping[str, int]) -> Iterator[tuple[int, str]]:
    """Yield numbers of files, folders and lines that were skipped; of other files, with their endings."""
    for name, noun in SKIPPED.items():
        yield source.get(name, 0), noun
    endings = {name.removeprefix(OTHER): n for name, n in source.items() if name.startswith(f"{OTHER}.")}
    most = sorted(endings, key=lambda ending: -endings[ending])[:MAX_ENDINGS]
    named = ", ".join(f"{ending} {endings[ending]:,}" for ending in most)
    rest = ", ..." if source.get(OTHER, 0) > sum(endings[ending] for ending in most) else ""
    yield source.get(OTHER, 0), "other file{s}" + (f" ({named}{rest})" if named else "")


def _dropped_tokens(counts: CorpusCounts) -> Iterator[tuple[int, str]]:
    """Yield numbers of dropped tokens, with the reason."""
    kinds = counts.tokens_dropped
    by_kind = ", ".join(f"{kind} {n:,}" for kind, n in kinds.items()) if len(kinds) > 1 else "".join(kinds)
    yield sum(kinds.values()), f"by kind ({by_kind})"
    yield counts.tokens_rare, f"of {counted(counts.words_rare, 'rare word')}"
    yield counts.tokens_over_max_words, f"of {counted(counts.words_over_max_words, 'word')} beyond max_words"
    yield counts.tokens_duplicate, "in duplicates"


def _texts(counts: CorpusCounts) -> Iterator[tuple[int, str]]:
    """Yield numbers of texts that are empty, duplicates or held out."""
    yield counts.texts_empty, "without tokens"
    yield counts.source.get("texts_missing", 0), "without text"
    share = counts.texts_duplicate / max(counts.texts, 1)
    yield counts.texts_duplicate, f"duplicate{{s}} ({share:.1%}{', dropped' if counts.tokens_duplicate else ''})"
    yield counts.texts_held_out, f"held out with {counted(counts.tokens_held_out, 'token')}"
