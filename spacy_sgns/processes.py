"""Worker processes: Python modules run by `python -m`, which speak with the process that started them in messages.

Messages go through the worker's standard input and output, so that nothing has to be named, found or cleared away, and
so that each side sees at once, by the end of its input, that the other one has died, however it died.
"""

import os
import select
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter
from typing import Any

from spacy_sgns.errors import SgnsError

SPIN = 100e-6  # seconds of looking again and again before sleeping: waking up takes about as long
LENGTH = struct.Struct("<q")
ONE_THREAD = ("OPENBLAS", "MKL", "OMP", "BLIS", "VECLIB_MAXIMUM")  # the libraries that NumPy may be linked with
QUOTAS = ("/sys/fs/cgroup/cpu.max", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us")  # of a container, version 2 and 1


class Gone(Exception):
    """The process at the other end has closed its side: it ended."""


class Channel:
    """Messages to and from another process, over a pair of pipes. spin: seconds to wait awake."""

    def __init__(self, incoming: int, outgoing: int, *, spin: float = SPIN) -> None:
        self._incoming, self._outgoing, self.spin = incoming, outgoing, spin
        if os.name == "posix":
            os.set_blocking(incoming, False)

    def send(self, message: bytes = b"") -> None:
        """Send a message. Raises Gone."""
        rest = memoryview(LENGTH.pack(len(message)) + message)
        try:
            while rest:
                rest = rest[os.write(self._outgoing, rest) :]
        except OSError as error:
            raise Gone from error

    def receive(self) -> bytes:
        """Return the next message, when it is there. Raises Gone."""
        (length,) = LENGTH.unpack(self._read(LENGTH.size))
        return self._read(length) if length else b""

    def _read(self, size: int) -> bytes:
        parts, missing = [], size
        while missing:
            part = self._some(missing)
            if not part:
                raise Gone
            parts.append(part)
            missing -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _some(self, most: int) -> bytes:
        """Return what has come, at most so many bytes; wait for it, first awake, then asleep."""
        deadline = 0.0
        while True:
            try:
                return os.read(self._incoming, most)
            except BlockingIOError:
                now = perf_counter()
                deadline = deadline or now + self.spin
                if now >= deadline:
                    select.select([self._incoming], [], [])
            except OSError as error:
                raise Gone from error


class Worker:
    """A process that runs a module of this package. It ends with this process, and at the latest on `close`."""

    def __init__(self, module: str, *, spin: float = SPIN) -> None:
        self._errors = TemporaryFile()  # noqa: SIM115  # open as long as the process runs
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=_environment(),
            bufsize=0,
            **_apart(),
        )
        assert self._process.stdin and self._process.stdout
        self._channel = Channel(self._process.stdout.fileno(), self._process.stdin.fileno(), spin=spin)

    def send(self, message: bytes = b"") -> None:
        """Send a message. Raises SgnsError if the worker has ended."""
        try:
            self._channel.send(message)
        except Gone:
            raise self._ended() from None

    def receive(self) -> bytes:
        """Return the worker's next message, when it is there. Raises SgnsError if the worker has ended."""
        try:
            return self._channel.receive()
        except Gone:
            raise self._ended() from None

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._errors):
            if pipe:
                pipe.close()

    def _ended(self) -> SgnsError:
        """Return what there is to say about a worker that ended before its time."""
        try:
            code = self._process.wait(5)
        except subprocess.TimeoutExpired:
            code = 0
        self._errors.seek(0)
        said = self._errors.read().decode(errors="replace").strip().split("\n")[-1]
        return SgnsError(f"A worker process {_how(code)}. {said or _advice(code)}".rstrip())


@contextmanager
def started(module: str, number: int, *, spin: float = SPIN) -> Iterator[list[Worker]]:
    """Yield `number` processes that run `module`; they have ended when the block is left."""
    workers: list[Worker] = []
    try:
        for _ in range(number):
            workers.append(Worker(module, spin=spin))
        yield workers
    except OSError as error:
        if len(workers) == number:
            raise
        raise SgnsError(
            f"Cannot start a worker process: {error.strerror or error}. Set workers to 1, or close other programs."
        ) from error
    finally:
        for worker in workers:
            worker.close()


def serve() -> Channel:
    """Return the channel to the process that started this one; to be called first by a worker's module.

    What the worker prints from then on goes where its errors go. Ctrl-C is left to the process that started it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel = Channel(os.dup(0), os.dup(1))
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return channel


def available_cores() -> int:
    """Return the number of cores that this process may use: its affinity, and the quota of its container."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(1, min(cores, *(_quota(Path(path), cores) for path in QUOTAS)))


def _quota(path: Path, cores: int) -> int:
    """Return how many whole cores a container's quota allows; `cores` where there is none."""
    try:
        quota, *period = path.read_text().split()
        period = period or [path.with_name("cpu.cfs_period_us").read_text()]
        return int(quota) // int(period[0]) if int(quota) > 0 else cores
    except (OSError, ValueError):  # no container, or "max"
        return cores


def _environment() -> dict[str, str]:
    """Return the environment of a worker: it imports from where this process does, and BLAS has one thread."""
    path = os.pathsep.join(entry or os.getcwd() for entry in sys.path if isinstance(entry, str))
    threads = {f"{library}_NUM_THREADS": "1" for library in ONE_THREAD}
    return {**os.environ, **threads, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}


def _apart() -> dict[str, Any]:
    """Return what keeps a terminal's Ctrl-C from a worker: this process decides what becomes of it."""
    if os.name == "posix":
        return {"start_new_session": True}
    return {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}  # type: ignore[attr-defined]


def _how(code: int) -> str:
    if code < 0:
        return f"was ended by signal {-code} ({signal.strsignal(-code)})"
    return f"ended early (exit code {code})"


def _advice(code: int) -> str:
    return "The machine may be short of memory: set workers to 1." if code == -9 else "Set workers to 1."
