"""Signals that ask to stop: postponed the first time, obeyed the second time, and still ignored if they were."""

import os
import signal
from threading import Thread

import pytest

from spacy_sgns.system.interrupts import postponed

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals")


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_the_first_is_noted_and_the_second_stops_at_once(name):
    number = getattr(signal, name)
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), postponed() as asked:
        assert not asked()
        signal.raise_signal(number)
        assert asked()
        signal.raise_signal(signal.SIGINT)
        pytest.fail("the second signal did not stop it")
    assert signal.getsignal(number) == before


def test_what_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with postponed() as asked:
            signal.raise_signal(signal.SIGHUP)
            assert not asked()
            assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_in_another_thread_nothing_is_heard():
    heard = []

    def wait():
        with postponed() as asked:
            heard.append(asked())

    before = signal.getsignal(signal.SIGINT)
    thread = Thread(target=wait)
    thread.start()
    thread.join()
    assert heard == [False]
    assert signal.getsignal(signal.SIGINT) == before
