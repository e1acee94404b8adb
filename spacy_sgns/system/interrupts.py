"""Signals that ask a run to stop, such as Ctrl-C, postponed until the run can be resumed."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class Interrupted(KeyboardInterrupt):
    """The user has stopped a run that can be resumed; the message says how."""


@contextmanager
def postponed() -> Iterator[Callable[[], bool]]:
    """Yield a function that returns whether a signal has arrived; a second signal raises KeyboardInterrupt at once.

    Ignored signals, for example under `nohup`, stay ignored. Python delivers signals to the main thread only: in other
    threads the function always returns False.
    """
    arrived = False

    def handle(number: int, frame: FrameType | None) -> None:
        nonlocal arrived
        if arrived:
            raise KeyboardInterrupt
        arrived = True

    before = {number: signal.getsignal(number) for number in _handled()}
    for number in before:
        signal.signal(number, handle)
    try:
        yield lambda: arrived
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _handled() -> list[signal.Signals]:
    """Return the signals that this system has, and that are neither ignored nor handled outside Python."""
    if current_thread() is not main_thread():
        return []
    known = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
    return [number for number in known if signal.getsignal(number) not in (signal.SIG_IGN, None)]
