"""Errors in training that a config has started, shown as spaCy shows its own."""

from collections.abc import Iterator
from contextlib import contextmanager

from thinc.api import ConfigValidationError

from spacy_sgns.errors import SettingError, SgnsError


class ConfigError(ConfigValidationError, SgnsError):
    """An error that commands such as `spacy train` print as one message, without a traceback. title: the message."""

    def __str__(self) -> str:
        return str(self.title)


class ConfigSettingError(ConfigError, SettingError):
    """A setting in a config that has an invalid value or an unknown name."""


@contextmanager
def as_config_error() -> Iterator[None]:
    """Raise an SgnsError of the block as a ConfigError, and a SettingError as a ConfigSettingError."""
    try:
        yield
    except SgnsError as error:
        kind = ConfigSettingError if isinstance(error, SettingError) else ConfigError
        raise kind(title=str(error)) from error  # type: ignore[call-arg]
