"""The workers of a run: who computes which chunks_per_step, who adds to which rows, and how they wait for each other.

Each worker goes through the same loop. In the first half of a step it computes its chunks_per_step, from tables that nobody
changes; in the second half it adds the steps of all chunks_per_step, in their order, to the rows that are its own. So each row
is written by one worker and sees the same additions in the same order, however many workers there are.

They barrier by messages: to send one and to receive it are calls of the operating system, before and after which all else
is written and read, on every processor. A counter in shared memory would not be enough for that.
"""

from collections.abc import Sequence
from typing import Protocol

from spacy_sgns.system.processes import Channel, Worker


class ProcessGroup(Protocol):
    """The workers of a run as one of them sees them. index: its own number. size: how many they are."""

    index: int
    size: int

    def barrier(self) -> None:
        """Wait until all workers have come here; what they wrote before is then seen by all."""


class SingleProcess:
    """A group of one."""

    index, size = 0, 1

    def barrier(self) -> None:
        """Nobody else comes."""


class Coordinator:
    """The process that started the others; it is worker 0."""

    index = 0

    def __init__(self, others: Sequence[Worker]) -> None:
        self._others, self.size = others, len(others) + 1

    def barrier(self) -> None:
        """Wait for the others. Raises SgnsError if one of them has ended."""
        for worker in self._others:
            worker.receive()
        for worker in self._others:
            worker.send()


class Member:
    """A process started by the leader."""

    def __init__(self, leader: Channel, index: int, size: int) -> None:
        self._leader, self.index, self.size = leader, index, size

    def barrier(self) -> None:
        """Wait for the others. Raises PeerExited if the leader has ended."""
        self._leader.send()
        self._leader.receive()


def own_chunks(group: ProcessGroup, chunks_per_step: int) -> range:
    """Return the chunks_per_step that this worker computes."""
    return range(group.index, chunks_per_step, group.size)
