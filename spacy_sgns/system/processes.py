"""Worker processes: Python modules, run as by `python -m`, which speak with the process that started them in messages.

Messages go through the worker's standard input and output, so that nothing has to be named, found or cleared away, and
so that each side sees at once, by the end of its input, that the other one has died, however it died.
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

SPIN = 1e-3  # seconds of looking again and again before sleeping: to be woken up takes long, and steps are short
NAP = 500  # milliseconds of sleep before a look at whether the other side is still there
AT_ONCE = 1 << 20  # bytes asked for at a time
LENGTH = struct.Struct("<q")
GREETING = b"\0sgns\0"  # what comes before it was printed by something that runs whenever Python starts
BLAS = ("OPENBLAS_NUM", "MKL_NUM", "OMP_NUM", "BLIS_NUM", "VECLIB_MAXIMUM")  # what NumPy may be linked with
# `python -m` would look for modules in the current folder first, where this process perhaps does not look at all.
PROGRAM = "import sys; sys.path[:] = {path!a}; import runpy; runpy.run_module({module!a}, run_name='__main__')"


class PeerExited(Exception):
    """The process at the other end has ended."""


def _yes() -> bool:
    return True


class Channel:
    """Messages to and from another process, over a pair of pipes.

    alive: says whether that process runs, and is asked now and then: a child that it forked may hold its end of a pipe
    open. spin: seconds to wait awake.
    """

    def __init__(self, incoming: int, outgoing: int, *, alive: Callable[[], bool] = _yes, spin: float = SPIN) -> None:
        self._incoming, self._outgoing, self._alive, self.spin = incoming, outgoing, alive, spin
        if os.name == "posix":
            os.set_blocking(incoming, False)
            self._arrival = select.poll()  # `select` knows no file beyond number 1023
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
        """Return the next message, when it is there. Raises PeerExited."""
        (length,) = LENGTH.unpack(self._read(LENGTH.size))
        return self._read(length) if length else b""

    def skip_to(self, mark: bytes) -> None:
        """Wait for `mark`, and leave out what comes before it. Raises PeerExited."""
        seen = b""
        while not seen.endswith(mark):
            seen = (seen + self._read(1))[-len(mark) :]

    def _read(self, size: int) -> bytes:
        parts, missing = [], size
        while missing:
            part = self._some(min(missing, AT_ONCE))
            if not part:
                raise PeerExited
            parts.append(part)
            missing -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _some(self, most: int) -> bytes:
        """Return what has come, at most so many bytes; wait for it, first awake, then asleep."""
        deadline, ended = 0.0, False
        while True:
            try:
                return os.read(self._incoming, most)  # on Windows this waits
            except BlockingIOError:
                if ended:
                    raise PeerExited from None
                now = perf_counter()
                deadline = deadline or now + self.spin
                if now >= deadline and not self._arrival.poll(NAP):
                    ended = not self._alive()  # then only what it sent before is left to be read
            except OSError as error:
                raise PeerExited from error


class WorkerStderr(Exception):
    """What a worker wrote before it ended: the cause of the error that tells of its end."""

    def __str__(self) -> str:
        return f"\n\n{self.args[0]}"


class Worker:
    """A process that runs a module. It ends with this process, and at the latest on `close`.

    files: numbers of open files that it is to have too, from 3 on; not on Windows.
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
                **_apart(),
            )
        except BaseException:
            if self._errors:
                self._errors.close()
            raise
        assert self._process.stdin and self._process.stdout
        ends = self._process.stdout.fileno(), self._process.stdin.fileno()
        self._channel, self._greeted = Channel(*ends, alive=self._alive, spin=spin), False

    def send(self, message: bytes = b"") -> None:
        """Send a message. Raises SgnsError if the worker has ended."""
        try:
            self._channel.send(message)
        except PeerExited:
            self._tell()

    def receive(self) -> bytes:
        """Return the worker's next message, when it is there. Raises SgnsError if the worker has ended."""
        try:
            if not self._greeted:
                self._channel.skip_to(GREETING)
                self._greeted = True
            return self._channel.receive()
        except PeerExited:
            self._tell()

    def kill(self) -> None:
        """End the process, whatever it is doing; who waits for a message in another thread hears of it."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End the process, and close the pipes to it."""
        self.kill()
        for file in (self._process.stdin, self._process.stdout, self._errors):
            if file:
                file.close()

    def _alive(self) -> bool:
        return self._process.poll() is None

    def _tell(self) -> NoReturn:
        """Raise SgnsError with what there is to say about a worker that ended before its time."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        said = self._said()
        raise SgnsError(_exit_message(self._process.returncode, said.split("\n")[-1])) from (
            WorkerStderr(said) if said else None
        )

    def _said(self) -> str:
        """Return what the worker wrote to its standard error, the end of it."""
        if not self._errors:
            return ""
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - AT_ONCE))
        return self._errors.read().decode(errors="replace").strip()


@contextmanager
def started(module: str, number: int, *, spin: float = SPIN, files: Sequence[int] = ()) -> Iterator[list[Worker]]:
    """Yield `number` processes that run `module`; they have ended when the block is left.

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
    """Return the channel to the process that started this one; to be called first by a worker's module.

    What the worker prints from then on goes where its errors go. Ctrl-C is left to the process that started it.
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
    """Write where an exception arose, and then, for the process that will tell of it, all it says in one line."""
    sys.__excepthook__(kind, error, trace)
    sys.stderr.write(" ".join(f"{kind.__name__}: {error}".rstrip(": ").split()) + "\n")


def _python() -> str:
    """Return the program that runs Python. Raises SgnsError if it is not known, or is one that Python is only part of.

    That one would start once more as a whole.
    """
    name = os.path.basename(sys.executable or "").lower()
    if not re.search("py|ython", name) or getattr(sys, "frozen", False):
        raise SgnsError(
            f"Cannot start a worker process: sys.executable must be the Python program, got {sys.executable!r}. Set it "
            "to its path, or set workers to 1."
        )
    return sys.executable


def _path() -> list[str]:
    """Return where this process looks for modules, for another one."""
    with suppress(FileNotFoundError):  # the current folder may be deleted
        here = os.getcwd()
        return [entry or here for entry in sys.path if isinstance(entry, str)]
    return [entry for entry in sys.path if entry and isinstance(entry, str)]


def _environment() -> dict[str, str]:
    """Return the environment of a worker: BLAS has one thread, and what it says at its end can be read."""
    threads = {f"{name}_THREADS": "1" for name in BLAS}
    return {**os.environ, **threads, "PYTHONIOENCODING": "utf-8:backslashreplace"}


def _apart() -> dict[str, Any]:
    """Return what keeps a terminal's Ctrl-C from a worker: this process decides what becomes of it."""
    if os.name == "posix":
        return {"start_new_session": True}
    return {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}  # type: ignore[attr-defined]


def _errors_file() -> IO[bytes] | None:
    """Return a file for what a worker says, which could fill a pipe; none where there is no place for it."""
    try:
        return TemporaryFile()  # open as long as the process runs
    except OSError:
        return None


def _exit_message(code: int | None, last: str) -> str:
    """Return what to say about a worker that ended. code: None if it has not quite. last: line that it wrote."""
    if code is not None and code < 0:
        how = f"was ended by signal {-code} ({signal.strsignal(-code)})"
        short = -code == signal.SIGKILL
    else:
        how = f"ended early: {last.rstrip('.')}" if last else f"ended early (exit code {code})"
        short = "MemoryError" in last
    advice = "The machine may be short of memory: set workers to 1." if short else "Set workers to 1, or try again."
    return f"A worker process {how}. {advice}"
