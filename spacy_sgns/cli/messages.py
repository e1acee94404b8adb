"""What a command says, and how it ends."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from wasabi import Printer

from spacy_sgns.errors import SettingError, SgnsError

msg = Printer(pretty=sys.stdout.isatty())  # signs, colours and wrapping for people; whole lines for what reads a pipe
FAILED, WRONG_USAGE, INTERRUPTED = 1, 2, 130


def warn(text: str) -> None:
    """Print a warning."""
    msg.warn(text if msg.pretty else f"Warning: {text}")


def fail(text: str, code: int) -> NoReturn:
    """Print an error and end the command."""
    msg.fail(text if msg.pretty else f"Error: {text}", exits=code)
    raise SystemExit(code)


@contextmanager
def clean_end() -> Iterator[None]:
    """End the command with one clear line, and no traceback, where something cannot be done."""
    try:
        yield
    except SettingError as error:
        fail(str(error), WRONG_USAGE)
    except SgnsError as error:
        fail(str(error), FAILED)
    except MemoryError:
        fail("Out of memory. Lower dim or max_words, or raise min_count.", FAILED)
    except OSError as error:
        fail(f"{error.strerror or error}: {error.filename or 'while writing'}.", FAILED)
    except KeyboardInterrupt:
        fail("Interrupted; nothing was written.", INTERRUPTED)


def on_terminal() -> bool:
    """Return whether a person watches, so that bars can be drawn."""
    return sys.stderr.isatty()


def show_neighbours(word: str, found: list[tuple[str, float]], counts: Callable[[str], Any]) -> None:
    """Print a table of neighbours with cosine and count."""
    rows = [(other, f"{cosine:.3f}", counts(other)) for other, cosine in found]
    msg.table(rows, header=(word, "cosine", "count"), aligns=("l", "r", "r"), divider=True, spacing=2)
