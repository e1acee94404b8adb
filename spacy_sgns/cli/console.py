"""Messages on the terminal, and how a command ends."""

import logging
import os
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from threading import current_thread, main_thread
from typing import Any, Literal, NoReturn, TextIO

from wasabi.util import COLORS, ICONS, MESSAGES, color, supports_ansi

from spacy_sgns.errors import SettingError, SgnsError, SgnsWarning, of_machine

JOINERS = "\u200c\u200d"
FAILURE, WRONG_USAGE, INTERRUPTED = 1, 2, 130  # exit codes
COLOUR_OF = {MESSAGES.GOOD: "green", MESSAGES.INFO: "blue", MESSAGES.WARN: "yellow", MESSAGES.FAIL: "red"}


def good(text: str) -> None:
    """Print a success to stdout."""
    _write(text, MESSAGES.GOOD, sys.stdout)


def info(text: str) -> None:
    """Print information to stdout."""
    _write(text, MESSAGES.INFO, sys.stdout)


def warn(text: str) -> None:
    """Print a warning to stderr."""
    _write(text, MESSAGES.WARN, sys.stderr, "Warning: ")


def hint(text: str) -> None:
    """Print a hint to stderr, so that a table on stdout stays one."""
    _write(text, MESSAGES.INFO, sys.stderr, "Hint: ")


def error(text: str) -> None:
    """Print an error to stderr, in one line."""
    _write(" ".join(text.splitlines()), MESSAGES.FAIL, sys.stderr, "Error: ")


def fail(text: str, code: int) -> NoReturn:
    """Print an error and exit with a code."""
    error(text)
    raise SystemExit(code)


@contextmanager
def clean_exit() -> Iterator[None]:
    """Turn an error of the user or the machine into one line and an exit code, without a traceback."""
    _reopen_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # the stream's encoding may lack letters of a word
    if current_thread() is main_thread():
        _interrupt_on("SIGTERM", "SIGHUP")
    try:
        with _shown_warnings():
            yield
        sys.stdout.flush()  # here, so that a closed pipe raises within this block
    except BrokenPipeError:
        raise
    except Exception as error:
        logging.getLogger("spacy").debug("Traceback of the error:", exc_info=True)
        fail(*_message_and_code(error))
    except KeyboardInterrupt as error:
        if sys.stderr.isatty():
            print(file=sys.stderr)  # end the line with the ^C that the terminal has written
        fail(str(error) or "Interrupted; nothing was written.", INTERRUPTED)


@contextmanager
def _shown_warnings() -> Iterator[None]:
    """Print warnings for the user as the command's own messages."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", SgnsWarning)
        show = warnings.showwarning

        def show_in_one_line(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
            if issubclass(category, SgnsWarning):
                warn(str(message))
            else:
                show(message, category, *place, **more)

        warnings.showwarning = show_in_one_line
        yield


def visible(text: str) -> str:
    """Return a text with control characters escaped, so that it cannot control a terminal; joiners in words stay."""
    return "".join(c if c.isprintable() or c in JOINERS else c.encode("unicode_escape").decode() for c in text)


def _reopen_closed_streams() -> None:
    """Connect closed standard streams (for example under cron) to the null device."""
    sys.stdin = sys.stdin or _null_stream("r")
    sys.stdout = sys.stdout or _null_stream("w")
    sys.stderr = sys.stderr or _null_stream("w")


def _null_stream(mode: Literal["r", "w"]) -> TextIO:
    return os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf8")


def _interrupt_on(*names: str) -> None:
    """Let signals end the command as Ctrl-C does, unless the system lacks them or they are ignored (under `nohup`)."""
    for number in (getattr(signal, name, None) for name in names):
        if number and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


def _message_and_code(error: Exception) -> tuple[str, int]:
    """Return the message and the exit code of an expected error; raise any other error again."""
    match error:
        case SettingError():
            return str(error), WRONG_USAGE
        case SgnsError():
            return str(error), FAILURE
        case MemoryError() | OSError():
            return of_machine(error), FAILURE
    raise error


def _write(text: str, kind: str, stream: TextIO, prefix: str = "") -> None:
    """Print a message in one line: with an icon and colour on a terminal, else with a prefix in words."""
    text = visible(text)
    line = f"{ICONS[kind]} {text}" if stream.isatty() else prefix + text
    print(color(line, fg=COLORS[COLOUR_OF[kind]]) if _coloured(stream) else line, file=stream, flush=True)


def _coloured(stream: TextIO) -> bool:
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not plain and supports_ansi()
