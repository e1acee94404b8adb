"""Process groups made of threads: quick, and they see what a test has patched."""

import time
from functools import partial
from random import Random
from threading import Barrier, Thread

from spacy_sgns.system.shared_memory import private
from spacy_sgns.training.trainer import Trainer, layout


class Threaded:
    """A member of a group of threads. dawdling: maximum delay in seconds before and after the barrier."""

    def __init__(self, rank, size, gate, dawdling):
        self.rank, self.size, self._gate = rank, size, gate
        self.random, self.dawdling = Random(rank), dawdling

    def barrier(self):
        time.sleep(self.random.random() * self.dawdling)
        self._gate.wait(60)
        time.sleep(self.random.random() * self.dawdling)


def groups(size, dawdling=0.0):
    """Return the members of a group of `size` threads."""
    gate = Barrier(size)
    return [Threaded(rank, size, gate, dawdling) for rank in range(size)]


def in_threads(*functions):
    """Call functions at the same time; raise the first exception that one of them raised."""
    failed = []

    def call(function):
        try:
            function()
        except BaseException as error:
            failed.append(error)

    threads = [Thread(target=call, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    if failed:
        raise failed[0]


def trained_together(corpus, settings, members, listeners=()):
    """Return the tables that the members of a group train on a corpus; rank 0 calls the listeners."""
    memory = private(layout(corpus.counts, settings, len(members)))
    tables = {}

    def take_part(member):
        time.sleep(0 if member.rank else 5 * member.dawdling)  # rank 0 initializes the tables
        trainer = Trainer(corpus, corpus.counts, settings, group=member, memory=memory)
        tables[member.rank] = trainer.run(() if member.rank else listeners)

    in_threads(*(partial(take_part, member) for member in members))
    return tables[0]
