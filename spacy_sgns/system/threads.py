"""The number of BLAS threads, which may be a setting of the whole process."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread

from threadpoolctl import threadpool_limits


class _OneThread:
    """Limits BLAS to one thread while any thread is inside a block.

    In most BLAS libraries the number of threads is a setting of the process: if each block restored it, the first to
    end would also do so for blocks that still run, and the last bits of their sums would differ. In others it is a
    setting of the calling thread, which no other thread can restore; so counting blocks and restoring it in the last
    one is not enough. Therefore a separate thread holds the limit until the last block ends, and each block also limits
    its own thread.
    """

    def __init__(self) -> None:
        self._lock, self._inside = Lock(), 0
        self._holder: _Holder | None = None

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Limit BLAS to one thread in this block; the earlier number returns once no other such block runs."""
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
    """A thread that limits BLAS to one thread until `end` is called."""

    def __init__(self) -> None:
        self._held, self._done = Event(), Event()
        self._thread = Thread(target=self._hold, daemon=True)
        self._thread.start()
        self._held.wait()

    def end(self) -> None:
        """Lift the limit."""
        self._done.set()
        self._thread.join()

    def _hold(self) -> None:
        with threadpool_limits(1, user_api="blas"):
            self._held.set()
            self._done.wait()


one_blas_thread = _OneThread()
