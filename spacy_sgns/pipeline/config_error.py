"""Errors in training that a config has started, shown as spaCy shows its own."""

from collections.abc import Iterator
from contextlib import contextmanager

from thinc.api import ConfigValidationError

from spacy_sgns.errors import SgnsError


class ConfigError(ConfigValidationError, SgnsError):
    """An error that commands such as `spacy train` print as one message, without a traceback. title: the message."""

    def __str__(self) -> str:
        return str(self.title)


@contextmanager
def as_config_error() -> Iterator[None]:
    """Raise an SgnsError of the block as a ConfigError."""
    try:
        yield
    except SgnsError as error:
        raise ConfigError(title=str(error)) from error  # type: ignore[call-arg]
