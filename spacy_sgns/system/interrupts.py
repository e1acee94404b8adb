"""Signals that ask to stop, such as Ctrl-C: put off until work is at a place where it can go on later."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class Interrupted(KeyboardInterrupt):
    """The user stopped a run, and it can go on; the message says how."""


@contextmanager
def postponed() -> Iterator[Callable[[], bool]]:
    """Yield a function that tells whether one of the signals has come; a second one is a KeyboardInterrupt at once.

    Signals that are ignored, as by `nohup`, still are. Only the main thread of a program hears of them: elsewhere the
    function always returns False.
    """
    asked = False

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    before = {number: signal.getsignal(number) for number in _heard()}
    for number in before:
        signal.signal(number, note)
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _heard() -> list[signal.Signals]:
    """Return the signals that are known here, and neither ignored nor handled by something else than Python."""
    if current_thread() is not main_thread():
        return []
    known = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
    return [number for number in known if signal.getsignal(number) not in (signal.SIG_IGN, None)]
