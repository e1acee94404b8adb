"""The workers of a run: ranks, the chunks that each rank computes, and the barrier between them.

All workers run the same loop. A step has two phases, with a barrier after each. In the first, each rank computes its
chunks from tables that nobody changes. In the second, each rank adds the steps of all chunks, in order, to the rows
that belong to it. Every row thus has one writer and receives the same additions in the same order, whatever the number
of workers: the tables are the same to the bit.

The barrier is made of messages. Sending and receiving are system calls, and on every processor all memory accesses
before one take effect before those after it. A counter in shared memory would not guarantee that.
"""

from collections.abc import Sequence
from typing import Protocol

from spacy_sgns.system.processes import Channel, Worker


class ProcessGroup(Protocol):
    """The workers of a run, as one of them sees them. rank: its own, from 0. size: the number of workers."""

    rank: int
    size: int

    def barrier(self) -> None:
        """Wait until all workers have reached the barrier; each of them then sees what the others wrote before."""


class SingleProcess:
    """A group of one process."""

    rank, size = 0, 1

    def barrier(self) -> None:
        """No-op: there is a single process."""


class Coordinator:
    """The process that started the others; its rank is 0."""

    rank = 0

    def __init__(self, others: Sequence[Worker]) -> None:
        self._others, self.size = others, len(others) + 1

    def barrier(self) -> None:
        """Wait for the members. Raises SgnsError if one of them has exited."""
        for worker in self._others:
            worker.receive()
        for worker in self._others:
            worker.send()


class Member:
    """A process that the coordinator started."""

    def __init__(self, coordinator: Channel, rank: int, size: int) -> None:
        self._coordinator, self.rank, self.size = coordinator, rank, size

    def barrier(self) -> None:
        """Wait for the other workers. Raises PeerExited if the coordinator has exited."""
        self._coordinator.send()
        self._coordinator.receive()


def chunks_of_rank(group: ProcessGroup, count: int) -> range:
    """Return which of the `count` chunks of a step this rank computes."""
    return range(group.rank, count, group.size)
