"""How many threads BLAS has, which may be a matter of the whole process."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread

from threadpoolctl import threadpool_limits


class _OneThread:
    """Holds BLAS to one thread as long as anybody wants it.

    Where all threads share what BLAS has, the first to be done would set it free for others that are not, and their
    sums would differ in the last bits. So a thread of its own holds it until the last one is done. Each limits itself
    too, for a BLAS that knows the threads apart.
    """

    def __init__(self) -> None:
        self._lock, self._inside = Lock(), 0
        self._holder: _Holder | None = None

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Let BLAS have one thread in this block and, afterwards, when no other such block runs, as many as before."""
        with self._lock:
            self._inside += 1
            self._holder = self._holder or _Holder()
        try:
            with threadpool_limits(1, user_api="blas"):
                yield
        finally:
            with self._lock:
                self._inside -= 1
                if self._holder and not self._inside:
                    self._holder.end()
                    self._holder = None


class _Holder:
    """A thread that holds BLAS to one thread until it is ended."""

    def __init__(self) -> None:
        self._held, self._done = Event(), Event()
        self._thread = Thread(target=self._hold, daemon=True)
        self._thread.start()
        self._held.wait()

    def end(self) -> None:
        """Set BLAS free."""
        self._done.set()
        self._thread.join()

    def _hold(self) -> None:
        with threadpool_limits(1, user_api="blas"):
            self._held.set()
            self._done.wait()


one_blas_thread = _OneThread()
