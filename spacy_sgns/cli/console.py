"""What a command says, and how it ends."""

import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from threading import current_thread, main_thread
from typing import Literal, NoReturn, TextIO
from unicodedata import combining, east_asian_width

from wasabi.util import COLORS, ICONS, MESSAGES, color, supports_ansi

from spacy_sgns.errors import SettingError, SgnsError, of_machine

JOINERS = "\u200c\u200d"
FAILED, WRONG_USAGE, INTERRUPTED = 1, 2, 130
COLOUR_OF = {MESSAGES.GOOD: "green", MESSAGES.INFO: "blue", MESSAGES.WARN: "yellow", MESSAGES.FAIL: "red"}


def good(text: str) -> None:
    """Say what was done."""
    _say(text, MESSAGES.GOOD, sys.stdout)


def info(text: str) -> None:
    """Say what is good to know."""
    _say(text, MESSAGES.INFO, sys.stdout)


def warn(text: str) -> None:
    """Say what may be wrong."""
    _say(text, MESSAGES.WARN, sys.stderr, "Warning: ")


def fail(text: str, code: int) -> NoReturn:
    """Say in one line what went wrong, and end the command."""
    error(text)
    raise SystemExit(code)


def error(text: str) -> None:
    """Say in one line what went wrong."""
    _say(" ".join(text.splitlines()), MESSAGES.FAIL, sys.stderr, "Error: ")


@contextmanager
def clean_end() -> Iterator[None]:
    """End the command with one clear line, and no traceback, where something cannot be done."""
    _open_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # words may have letters that it cannot show
    if current_thread() is main_thread():
        _clean_up_after("SIGTERM", "SIGHUP")
    try:
        yield
        sys.stdout.flush()  # now, so that it is seen if nobody reads it any more
    except BrokenPipeError:
        raise
    except Exception as error:
        logging.getLogger("spacy").debug("Where it happened:", exc_info=True)
        fail(*_meaning(error))
    except KeyboardInterrupt as error:
        if sys.stderr.isatty():
            print(file=sys.stderr)  # after the ^C that the terminal has written
        fail(str(error) or "Interrupted; nothing was written.", INTERRUPTED)


def _open_closed() -> None:
    """Put nothing in the place of standard streams that are closed, as for what runs by a clock."""
    sys.stdin = sys.stdin or _nothing("r")
    sys.stdout = sys.stdout or _nothing("w")
    sys.stderr = sys.stderr or _nothing("w")


def _nothing(mode: Literal["r", "w"]) -> TextIO:
    return os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf8")


def _clean_up_after(*names: str) -> None:
    """Let signals end the command as Ctrl-C does, where they are known and not ignored, as by `nohup`."""
    for number in (getattr(signal, name, None) for name in names):
        if number and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


def _meaning(error: Exception) -> tuple[str, int]:
    """Return what to say of an error, and the code to end with. What should not have happened is raised again."""
    match error:
        case SettingError():
            return str(error), WRONG_USAGE
        case SgnsError():
            return str(error), FAILED
        case MemoryError() | OSError():
            return of_machine(error), FAILED
    raise error


def show_table(header: Sequence[str], rows: Sequence[Sequence[str]], aligns: str) -> None:
    """Print a table after an empty line. aligns: `l` or `r` for each column."""
    header, *rows = ([visible(cell) for cell in row] for row in (header, *rows))
    widths = [max(map(_columns, column)) for column in zip(header, *rows, strict=True)]
    print()
    for row in (header, ["-" * width for width in widths], *rows):
        cells = [_padded(cell, width, align) for cell, width, align in zip(row, widths, aligns, strict=True)]
        print("  ".join(cells).rstrip())


def show_scores(
    title: str, measure: str, found: Sequence[tuple[str, float]], count: Callable[[str], int | None]
) -> None:
    """Print a table of words with their scores and, where they are known, their counts."""
    rows = [(word, f"{score:.3f}", count(word)) for word, score in found]
    if any(n is None for *_, n in rows):
        show_table((title, measure), [row[:2] for row in rows], "lr")
    else:
        show_table((title, measure, "count"), [(*row[:2], f"{row[2]:,}") for row in rows], "lrr")


def visible(text: str) -> str:
    """Return a text without what would give orders to a terminal; joiners within words stay."""
    return "".join(c if c.isprintable() or c in JOINERS else c.encode("unicode_escape").decode() for c in text)


def _say(text: str, kind: str, stream: TextIO, start: str = "") -> None:
    """Print a message: for people with a sign and in colour; for what reads a pipe in words. No line is broken."""
    text = visible(text)
    line = f"{ICONS[kind]} {text}" if stream.isatty() else start + text
    print(color(line, fg=COLORS[COLOUR_OF[kind]]) if _coloured(stream) else line, file=stream, flush=True)


def _coloured(stream: TextIO) -> bool:
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not plain and supports_ansi()


def _padded(text: str, width: int, align: str) -> str:
    space = " " * (width - _columns(text))
    return space + text if align == "r" else text + space


def _columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for wide letters, none for accents set upon others."""
    return sum(0 if combining(letter) else 1 + (east_asian_width(letter) in "WF") for letter in text)
