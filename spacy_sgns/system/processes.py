"""Worker processes: Python modules, run as by `python -m`, that exchange messages with the process that started them.

Messages go through the worker's standard input and output: they need no name and no clean-up, and each side notices at
once, by the end of its input, that the other process has exited, however it exited.
"""

import os
import re
import select
import signal
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from tempfile import TemporaryFile
from time import perf_counter
from types import TracebackType
from typing import IO, Any, NoReturn

from spacy_sgns.errors import SgnsError

SPIN = 1e-3  # seconds of busy waiting before sleeping: waking up takes long, and steps are short
POLL_MS = 500  # milliseconds of sleep between two checks that the other process is alive
MAX_READ_BYTES = 1 << 20
LENGTH = struct.Struct("<q")
GREETING = b"\0sgns\0"  # any earlier output comes from code that runs whenever Python starts
BLAS = (
    "OPENBLAS_NUM",
    "MKL_NUM",
    "OMP_NUM",
    "BLIS_NUM",
    "VECLIB_MAXIMUM",
)  # the libraries that NumPy may be linked with
# `python -m` would search the current folder first, which may not be on the path of this process.
PROGRAM = "import sys; sys.path[:] = {path!a}; import runpy; runpy.run_module({module!a}, run_name='__main__')"


class PeerExited(Exception):
    """The process at the other end has exited."""


def _yes() -> bool:
    return True


class Channel:
    """Messages to and from another process, over a pair of pipes.

    alive: returns whether that process runs; checked regularly, since a child that it forked may hold its end of a pipe
    open. spin: seconds of busy waiting.
    """

    def __init__(self, incoming: int, outgoing: int, *, alive: Callable[[], bool] = _yes, spin: float = SPIN) -> None:
        self._incoming, self._outgoing, self._alive, self.spin = incoming, outgoing, alive, spin
        if os.name == "posix":
            os.set_blocking(incoming, False)
            self._arrival = select.poll()  # `select` cannot handle descriptors above 1023
            self._arrival.register(incoming, select.POLLIN)

    def send(self, message: bytes = b"") -> None:
        """Send a message. Raises PeerExited."""
        rest = memoryview(LENGTH.pack(len(message)) + message)
        try:
            while rest:
                rest = rest[os.write(self._outgoing, rest) :]
        except OSError as error:
            raise PeerExited from error

    def receive(self) -> bytes:
        """Wait for the next message and return it. Raises PeerExited."""
        (length,) = LENGTH.unpack(self._read(LENGTH.size))
        return self._read(length) if length else b""

    def skip_to(self, mark: bytes) -> None:
        """Discard all input up to and including `mark`. Raises PeerExited."""
        seen = b""
        while not seen.endswith(mark):
            seen = (seen + self._read(1))[-len(mark) :]

    def _read(self, size: int) -> bytes:
        parts, missing = [], size
        while missing:
            part = self._read_some(min(missing, MAX_READ_BYTES))
            if not part:
                raise PeerExited
            parts.append(part)
            missing -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _read_some(self, most: int) -> bytes:
        """Wait for input, busy at first, then asleep, and return at most `most` bytes."""
        deadline, ended = 0.0, False
        while True:
            try:
                return os.read(self._incoming, most)  # blocks on Windows
            except BlockingIOError:
                if ended:
                    raise PeerExited from None
                now = perf_counter()
                deadline = deadline or now + self.spin
                if now >= deadline and not self._arrival.poll(POLL_MS):
                    ended = not self._alive()  # if so, only its earlier messages are left to read
            except OSError as error:
                raise PeerExited from error


class WorkerStderr(Exception):
    """The standard error of a worker that exited; the cause of the error about its exit."""

    def __str__(self) -> str:
        return f"\n\n{self.args[0]}"


class Worker:
    """A process that runs a module. It exits with this process, and at the latest on `close`.

    files: file descriptors, from 3 on, that it inherits; not on Windows.
    """

    def __init__(self, module: str, *, spin: float = SPIN, files: Sequence[int] = ()) -> None:
        command = [_python(), "-c", PROGRAM.format(path=_path(), module=module)]
        self._errors = _errors_file()
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors or subprocess.DEVNULL,
                env=_environment(),
                bufsize=0,
                pass_fds=files,
                **_detached(),
            )
        except BaseException:
            if self._errors:
                self._errors.close()
            raise
        assert self._process.stdin and self._process.stdout
        ends = self._process.stdout.fileno(), self._process.stdin.fileno()
        self._channel, self._greeted = Channel(*ends, alive=self._alive, spin=spin), False

    def send(self, message: bytes = b"") -> None:
        """Send a message. Raises SgnsError if the worker has exited."""
        try:
            self._channel.send(message)
        except PeerExited:
            self._raise_exit()

    def receive(self) -> bytes:
        """Wait for the worker's next message and return it. Raises SgnsError if the worker has exited."""
        try:
            if not self._greeted:
                self._channel.skip_to(GREETING)
                self._greeted = True
            return self._channel.receive()
        except PeerExited:
            self._raise_exit()

    def kill(self) -> None:
        """Kill the process; a thread blocked in `receive` then raises."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Kill the process, and close the pipes to it."""
        self.kill()
        for file in (self._process.stdin, self._process.stdout, self._errors):
            if file:
                file.close()

    def _alive(self) -> bool:
        return self._process.poll() is None

    def _raise_exit(self) -> NoReturn:
        """Raise SgnsError about a worker that has exited, with its exit code and the last line it wrote."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        stderr = self._read_stderr()
        raise SgnsError(_exit_message(self._process.returncode, stderr.split("\n")[-1])) from (
            WorkerStderr(stderr) if stderr else None
        )

    def _read_stderr(self) -> str:
        """Return the end of the worker's standard error."""
        if not self._errors:
            return ""
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - MAX_READ_BYTES))
        return self._errors.read().decode(errors="replace").strip()


@contextmanager
def started(module: str, number: int, *, spin: float = SPIN, files: Sequence[int] = ()) -> Iterator[list[Worker]]:
    """Yield `number` processes that run `module`; they are killed at the end of the block.

    files: see `Worker`. Raises SgnsError if a process cannot be started.
    """
    with ExitStack() as stack:
        workers: list[Worker] = []
        try:
            for _ in range(number):
                workers.append(Worker(module, spin=spin, files=files))
                stack.callback(workers[-1].close)
        except OSError as error:
            raise SgnsError(
                f"Cannot start a worker process: {error.strerror or error}. Set workers to 1, or close other programs."
            ) from error
        yield workers


def serve() -> Channel:
    """Return the channel to the process that started this one; a worker's module must call this first.

    From then on the worker's standard output goes to its standard error. Ctrl-C is ignored: the process that started
    the worker handles it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.excepthook = _excepthook
    parent = os.getppid()
    own = os.dup(0), os.dup(1)
    channel = Channel(*own, alive=lambda: os.getppid() == parent)
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.write(own[1], GREETING)
    return channel


def _excepthook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Write a traceback, and then the exception in one line, which the other process shows to the user."""
    sys.__excepthook__(kind, error, trace)
    sys.stderr.write(" ".join(f"{kind.__name__}: {error}".rstrip(": ").split()) + "\n")


def _python() -> str:
    """Return the path of the Python interpreter.

    Raises SgnsError if it is unknown, or if Python is embedded in another program, which would start a second time.
    """
    name = os.path.basename(sys.executable or "").lower()
    if not re.search("py|ython", name) or getattr(sys, "frozen", False):
        raise SgnsError(
            f"Cannot start a worker process: sys.executable must be the Python program, got {sys.executable!r}. Set it "
            "to its path, or set workers to 1."
        )
    return sys.executable


def _path() -> list[str]:
    """Return this process's module search path, for another process."""
    with suppress(FileNotFoundError):  # the current folder may have been deleted
        here = os.getcwd()
        return [entry or here for entry in sys.path if isinstance(entry, str)]
    return [entry for entry in sys.path if entry and isinstance(entry, str)]


def _environment() -> dict[str, str]:
    """Return the environment of a worker: one BLAS thread, and UTF-8 output."""
    threads = {f"{name}_THREADS": "1" for name in BLAS}
    return {**os.environ, **threads, "PYTHONIOENCODING": "utf-8:backslashreplace"}


def _detached() -> dict[str, Any]:
    """Return options of `Popen` that keep a terminal's Ctrl-C from a worker; this process ends it instead."""
    if os.name == "posix":
        return {"start_new_session": True}
    return {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}  # type: ignore[attr-defined]


def _errors_file() -> IO[bytes] | None:
    """Return a file for a worker's standard error, which could fill a pipe; None if none can be created."""
    try:
        return TemporaryFile()  # open as long as the process runs
    except OSError:
        return None


def _exit_message(code: int | None, last: str) -> str:
    """Return the message about a worker that exited. code: None if still unknown. last: the last line it wrote."""
    if code is not None and code < 0:
        how = f"was ended by signal {-code} ({signal.strsignal(-code)})"
        short = -code == signal.SIGKILL
    else:
        how = f"ended early: {last.rstrip('.')}" if last else f"ended early (exit code {code})"
        short = "MemoryError" in last
    advice = "The machine may be short of memory: set workers to 1." if short else "Set workers to 1, or try again."
    return f"A worker process {how}. {advice}"
