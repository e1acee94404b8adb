"""Crews in threads of this process, over the memory that they share: quick, and with what a test has patched."""

import time
from functools import partial
from random import Random
from threading import Barrier, Thread

from spacy_sgns.system.shared_memory import private
from spacy_sgns.training.trainer import Trainer, layout


class Threaded:
    """A group that meets at a barrier. dawdling: seconds that each of them may be late, before and after."""

    def __init__(self, index, size, gate, dawdling):
        self.index, self.size, self._gate = index, size, gate
        self.random, self.dawdling = Random(index), dawdling

    def barrier(self):
        time.sleep(self.random.random() * self.dawdling)
        self._gate.wait(60)
        time.sleep(self.random.random() * self.dawdling)


def groups(size, dawdling=0.0):
    """Return the groups of `size` threads."""
    gate = Barrier(size)
    return [Threaded(index, size, gate, dawdling) for index in range(size)]


def in_threads(*functions):
    """Call functions at the same time, and raise what the first of them raised."""
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
    """Return the tables that the members of a group make of a corpus; the first one tells the listeners."""
    memory = private(layout(corpus.counts, settings, len(members)))
    tables = {}

    def take_part(member):
        time.sleep(0 if member.index else 5 * member.dawdling)  # the first one makes the tables' first rows
        trainer = Trainer(corpus, corpus.counts, settings, group=member, memory=memory)
        tables[member.index] = trainer.run(() if member.index else listeners)

    in_threads(*(partial(take_part, member) for member in members))
    return tables[0]
