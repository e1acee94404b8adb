"""Errors and warnings for the user: each message says what was wrong, what was got, what was wanted, what to do."""

import errno
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

MIN_RATIO = 0.6  # similarity, 0 to 1, from which on a spelling is suggested
MIN_SHARED_LETTERS = 0.5  # share; a higher one would miss short words such as aaab and aaac


class SgnsError(ValueError):
    """An error caused by the input or the machine; its message is for the user."""


class SettingError(SgnsError):
    """A setting has an invalid value or an unknown name."""


class UnknownWord(SgnsError, KeyError):
    """A word has no vector."""

    __str__ = ValueError.__str__  # KeyError would put the message in quotes


class SgnsWarning(UserWarning):
    """A warning for the user."""


def of_machine(error: OSError | MemoryError) -> str:
    """Return the message for an error of the operating system, with advice."""
    if isinstance(error, MemoryError) or error.errno == errno.ENOMEM:
        return "Out of memory. Lower dim or max_words, or raise min_count."
    return f"{error.strerror or error}: {error.filename or 'while writing'}."


def closest(name: str, options: Iterable[str], *, n: int = 3) -> str:
    """Return `Did you mean ...?` with the options spelled most like `name`, or an empty string.

    Case is ignored; equally similar options keep their order. Fast enough for a whole vocabulary.

    >>> closest("windw", ["window", "dim"])
    'Did you mean window?'
    """
    near = sorted(_scored(name.lower(), options), key=lambda scored: -scored[0])[:n]
    return f"Did you mean {', '.join(option for _, option in near)}?" if near else ""


def _scored(name: str, options: Iterable[str]) -> Iterator[tuple[float, str]]:
    """Yield the similarity and the spelling of each option that is similar to `name`."""
    matcher = SequenceMatcher(b=name)
    for option, text in _worth_comparing(name, options):
        matcher.set_seq1(text)
        if matcher.quick_ratio() >= MIN_RATIO and (score := matcher.ratio()) >= MIN_RATIO:
            yield score, option


def _worth_comparing(name: str, options: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each option, and in lower case, whose length and letters do not rule out that it is similar.

    The comparison itself is a hundred times slower than this filter.
    """
    size, letters = len(name), set(name)
    for option in options:
        if 2 * min(size, len(option)) < MIN_RATIO * (size + len(option)):
            continue
        text = option.lower()
        own = set(text)
        if 2 * len(letters & own) >= MIN_SHARED_LETTERS * (len(letters) + len(own)):
            yield option, text
