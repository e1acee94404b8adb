"""What can go wrong through input, and how it is said: what was wrong, got, wanted, and what to do."""

import errno
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

ALIKE = 0.6  # from here on, 0 to 1, two spellings are worth a question
SAME_LETTERS = 0.5  # less says little of short words: aaab and aaac


class SgnsError(ValueError):
    """Something that the user gave, or the machine, does not allow to go on; the message is for the user."""


class SettingError(SgnsError):
    """A setting has a value it cannot have, or a name that no setting has."""


class UnknownWord(SgnsError, KeyError):
    """A word has no vector."""

    __str__ = ValueError.__str__  # KeyError would put the message in quotes


class SgnsWarning(UserWarning):
    """Something that the user should know, though it can go on."""


def of_machine(error: OSError | MemoryError) -> str:
    """Return what to say of an error that the machine has raised, with what to do about it."""
    if isinstance(error, MemoryError) or error.errno == errno.ENOMEM:
        return "Out of memory. Lower dim or max_words, or raise min_count."
    return f"{error.strerror or error}: {error.filename or 'while writing'}."


def closest(name: str, options: Iterable[str], *, n: int = 3) -> str:
    """Return `Did you mean ...?` with the options spelled most like `name`, or an empty string.

    Case does not count; of options equally like it the earlier goes first. Quick enough for a whole vocabulary.

    >>> closest("windw", ["window", "dim"])
    'Did you mean window?'
    """
    near = sorted(_scored(name.lower(), options), key=lambda scored: -scored[0])[:n]
    return f"Did you mean {', '.join(option for _, option in near)}?" if near else ""


def _scored(name: str, options: Iterable[str]) -> Iterator[tuple[float, str]]:
    """Yield the options that are like `name`, with how much."""
    matcher = SequenceMatcher(b=name)
    for option, text in _worth_comparing(name, options):
        matcher.set_seq1(text)
        if matcher.quick_ratio() >= ALIKE and (score := matcher.ratio()) >= ALIKE:
            yield score, option


def _worth_comparing(name: str, options: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield options, and how they are compared, whose length and letters leave it possible that they are alike.

    Comparing is a hundred times slower than this.
    """
    size, letters = len(name), set(name)
    for option in options:
        if 2 * min(size, len(option)) < ALIKE * (size + len(option)):
            continue
        text = option.lower()
        own = set(text)
        if 2 * len(letters & own) >= SAME_LETTERS * (len(letters) + len(own)):
            yield option, text
