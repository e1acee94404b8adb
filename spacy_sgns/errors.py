"""What can go wrong through input, and how it is said: what was wrong, got, wanted, and what to do."""

from collections.abc import Iterable
from difflib import get_close_matches


class SgnsError(ValueError):
    """Something that the user gave, or the machine, does not allow to go on; the message is for the user."""


class SettingError(SgnsError):
    """A setting has a value it cannot have, or a name that no setting has."""


class UnknownWord(SgnsError, KeyError):
    """A word has no vector."""

    __str__ = ValueError.__str__  # KeyError would put the message in quotes


class SgnsWarning(UserWarning):
    """Something that the user should know, though it can go on."""


def closest(name: str, options: Iterable[str], *, n: int = 3) -> str:
    """Return `Did you mean ...?` with the options spelled most like `name`, or an empty string.

    >>> closest("windw", ["window", "dim"])
    'Did you mean window?'
    """
    near = get_close_matches(name, list(options), n=n)
    return f"Did you mean {', '.join(near)}?" if near else ""
