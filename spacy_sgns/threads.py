"""How many threads BLAS has, which is a matter of the whole process."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from threadpoolctl import threadpool_limits


class _OneThread:
    """Holds BLAS to one thread as long as anybody wants it: the first to come limits it, the last to go sets it free.

    If each did so alone, one that goes would give threads to another that is not done: its sums would differ in their
    last bits; and one thread would stay for ever, as that was what the last to come had found.
    """

    def __init__(self) -> None:
        self._lock, self._inside = Lock(), 0
        self._limits: threadpool_limits | None = None

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Let BLAS have one thread in this block, and afterwards, when no other such block runs, as many as before."""
        with self._lock:
            self._inside += 1
            self._limits = self._limits or threadpool_limits(1, user_api="blas")
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1
                if not self._inside and self._limits:
                    self._limits.unregister()
                    self._limits = None


one_blas_thread = _OneThread()
