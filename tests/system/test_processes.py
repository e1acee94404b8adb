"""Worker processes: messages, errors about their exit, and that none outlives its use."""

import errno
import os
import signal
import subprocess
import sys
import textwrap
import time
from ast import literal_eval
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import spacy_sgns
from spacy_sgns.errors import SgnsError
from spacy_sgns.system import processes
from spacy_sgns.system.processes import Channel, PeerExited, Worker, started

ECHO = """
    from spacy_sgns.system.processes import PeerExited, serve

    channel = serve()
    try:
        while True:
            channel.send(channel.receive())
    except PeerExited:
        pass
"""
posix = pytest.mark.skipif(os.name != "posix", reason="signals and files as on Unix")


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Write a worker's module, and return its name: `module("import ...")`."""
    (tmp_path / "modules").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path / "modules"))

    def write(text, name="tried_worker"):
        (tmp_path / "modules" / f"{name}.py").write_text(textwrap.dedent(text), encoding="utf8")
        return name

    return write


def answering(expression, *, before=""):
    """Return the text of a module that sends one text."""
    return (
        "from spacy_sgns.system.processes import serve\nchannel = serve()\n"
        f"{before}\nchannel.send(str({expression}).encode())\nchannel.receive()\n"
    )


def answer(name, **options):
    """Return the first message of a module."""
    with started(name, 1, **options) as [worker]:
        return worker.receive().decode()


def running(pid):
    """Return whether a process runs; a zombie does not."""
    try:
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/stat")
        return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False


def wait_for(condition, seconds=20):
    """Wait until a condition holds; return whether it did in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


# Messages


@pytest.fixture(scope="module")
def echo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("modules")
    (folder / "tried_echo.py").write_text(textwrap.dedent(ECHO), encoding="utf8")
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(folder))
        with started("tried_echo", 2) as workers:
            yield workers


@given(messages=st.lists(st.binary(max_size=100), max_size=20))
@settings(max_examples=30, deadline=None)
def test_messages_arrive_as_they_were_sent_in_their_order(echo, messages):
    for message in messages:
        for worker in echo:
            worker.send(message)
    for message in messages:
        assert [worker.receive() for worker in echo] == [message] * 2


@pytest.mark.parametrize("size", [0, 1, 1 << 16, (1 << 20) + 1, 20_000_000])
def test_messages_may_be_larger_than_a_pipe(echo, size):
    message = os.urandom(1 << 16) * (size >> 16) + bytes(size & 0xFFFF)
    echo[0].send(message)
    assert echo[0].receive() == message


@pytest.fixture
def pipes():
    """Two pipes, each `(in, out)`; the ends still open are closed after the test."""
    made = [os.pipe(), os.pipe()]
    yield made
    for end in (end for pipe in made for end in pipe):
        with suppress(OSError):
            os.close(end)


def test_a_message_may_come_in_pieces(pipes):
    (end, start), other = pipes
    channel = Channel(end, other[1], spin=0)

    def trickle():
        for byte in b"\3\0\0\0\0\0\0\0abc":
            time.sleep(0.002)
            os.write(start, bytes([byte]))

    thread = Thread(target=trickle)
    thread.start()
    assert channel.receive() == b"abc"
    thread.join()


@pytest.mark.parametrize("before", [b"", b"\3\0", b"\3\0\0\0\0\0\0\0ab"])
def test_the_end_of_the_other_side_is_heard(pipes, before):
    (end, start), (other_end, other_start) = pipes
    channel = Channel(end, other_start)
    os.write(start, before)
    os.close(start)
    with pytest.raises(PeerExited):
        channel.receive()
    os.close(other_end)
    with pytest.raises(PeerExited):
        channel.send(b"x")


@posix
def test_one_that_has_ended_is_missed_even_if_its_pipe_is_held_open(pipes, monkeypatch):
    monkeypatch.setattr(processes, "POLL_MS", 10)
    (end, start), other = pipes
    looks = iter([True, True, False])
    channel = Channel(end, other[1], alive=lambda: next(looks), spin=0)
    os.write(start, b"\1\0\0\0\0\0\0\0a")
    assert channel.receive() == b"a"
    with pytest.raises(PeerExited):
        channel.receive()


@posix
def test_what_it_sent_before_its_end_is_read(pipes, monkeypatch):
    monkeypatch.setattr(processes, "POLL_MS", 10)
    (end, start), other = pipes

    def alive():
        os.write(start, b"\1\0\0\0\0\0\0\0a")
        return False

    assert Channel(end, other[1], alive=alive, spin=0).receive() == b"a"


@posix
def test_a_process_may_have_a_thousand_files_open(module):
    """`select` would refuse them."""
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limits[1] != resource.RLIM_INFINITY and limits[1] < 1300:
        pytest.skip("the limit of open files is too low")
    opened = []
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(limits[0], 1300), limits[1]))
        while not opened or opened[-1] < 1100:
            opened.append(os.open(os.devnull, os.O_RDONLY))
        assert answer(module(answering("'here'", before="import time; time.sleep(0.01)")), spin=0) == "here"
    finally:
        for file in opened:
            os.close(file)
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


# What a worker is given


def test_what_it_prints_and_asks_for_stays_out_of_the_way(module):
    before = "print('printed', flush=True); os.system('echo from a child'); sys.stderr.write('trouble')"
    name = module("import os, sys\n" + answering("sys.stdin.read()", before=before))
    assert answer(name) == ""


def test_what_is_printed_whenever_python_starts_does_too(module, tmp_path):
    (tmp_path / "modules" / "sitecustomize.py").write_text("print('Welcome to Python!', chr(0), 'sgns')")
    name, package = module(answering("'here'")), str(Path(spacy_sgns.__file__).parent.parent)
    code = f"import sys; sys.path.insert(0, {package!r})\nfrom spacy_sgns.system.processes import started\n"
    code += f"with started({name!r}, 1) as [worker]: print(worker.receive())"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "modules")}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.stdout == "Welcome to Python! \0 sgns\nb'here'\n", done.stderr


def test_an_interrupt_of_the_terminal_does_not_reach_it(module):
    before = "import os, signal; signal.raise_signal(signal.SIGINT)"
    expression = "os.getsid(0) if os.name == 'posix' else 0"
    sid = int(answer(module(answering(expression, before=before))))
    assert os.name != "posix" or sid != os.getsid(0)


def test_blas_has_one_thread_there(module, monkeypatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    before = "import numpy; from threadpoolctl import threadpool_info"
    expression = "{lib['num_threads'] for lib in threadpool_info() if lib['user_api'] == 'blas'}"
    assert answer(module(answering(expression, before=before))) in ("{1}", "set()")


def test_all_libraries_are_told_by_the_names_they_know():
    names = {name for name, value in processes._environment().items() if name.endswith("_THREADS") and value == "1"}
    assert names >= {"OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "BLIS_NUM_THREADS"}
    assert "VECLIB_MAXIMUM_THREADS" in names


@posix
def test_it_inherits_the_files_it_is_given_and_no_others(module, tmp_path):
    (tmp_path / "given").write_text("content of the file")
    expression = "(os.read(int(channel.receive()), 99).decode(), [file for file in range(3, 99) if is_open(file)])"
    before = textwrap.dedent("""
        import os
        def is_open(file):
            try: return bool(os.fstat(file))
            except OSError: return False
    """)
    with open(tmp_path / "given") as given, open(tmp_path / "given"):
        number = given.fileno()
        with started(module(answering(expression, before=before)), 1, files=[number]) as [worker]:
            worker.send(str(number).encode())
            text, files = literal_eval(worker.receive().decode())
    assert text == "content of the file"
    assert number in files and len(files) == 3  # it, and the two ends of the channel


def test_it_imports_from_where_this_process_does(module, tmp_path, monkeypatch):
    name = module(answering("sys.path", before="import sys"))
    odd = tmp_path / "with : and 'quotes' and \xe9"
    monkeypatch.setattr(sys, "path", [*sys.path, str(odd), "relative", Path("no text"), ""])
    wanted = [entry or os.getcwd() for entry in sys.path if isinstance(entry, str)]
    assert answer(name) == str(wanted)
    assert wanted[-3:] == [str(odd), "relative", os.getcwd()]


NAMES = ("numpy", "json", "spacy_sgns", "runpy", "signal", "pathlib", "tempfile")


@pytest.fixture
def trap(tmp_path, monkeypatch):
    """The current folder, with files named like modules."""
    (tmp_path / "trap").mkdir()
    for name in NAMES:
        (tmp_path / "trap" / f"{name}.py").write_text(f"raise SystemExit('{name} of the current folder')")
    monkeypatch.chdir(tmp_path / "trap")


def test_files_of_the_current_folder_are_no_modules_where_this_process_has_others(module, trap):
    assert answer(module(answering("numpy.__name__", before="import json, numpy"))) == "numpy"


@pytest.mark.skipif(os.name == "nt", reason="a folder in use cannot be deleted there")
def test_the_current_folder_may_be_deleted(module, tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    assert answer(module(answering("'here'"))) == "here"
    monkeypatch.chdir(tmp_path)  # or the way back is not found


def test_no_place_for_temporary_files_is_no_hindrance(module, monkeypatch, capfd):
    def refuse():
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setattr(processes, "TemporaryFile", refuse)
    assert answer(module(answering("'here'"))) == "here"
    with pytest.raises(SgnsError, match=r"^A worker process ended early \(exit code 1\)\. Set workers to 1"):
        answer(module("raise ValueError('unheard')", "tried_unheard"))
    assert capfd.readouterr() == ("", "")


@posix
def test_this_process_may_have_no_standard_streams(module):
    name = module(answering("'here'"))
    code = "\n".join(
        [
            "import os, sys",
            "out = os.dup(1)",
            "for stream in range(3): os.close(stream)",
            "from spacy_sgns.system.processes import started",
            f"with started({name!r}, 2) as workers: os.write(out, b' '.join(w.receive() for w in workers))",
        ]
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert done.stdout == "here here", done.stderr


# What is said of a worker's end

LATER = "from spacy_sgns.system.processes import serve\nimport os, signal, sys\nchannel = serve()\nchannel.receive()\n"
ADVICE = "Set workers to 1, or try again."
SHORT = "The machine may be short of memory: set workers to 1."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("raise ValueError('it was too much')", f"ended early: ValueError: it was too much. {ADVICE}"),
        ("raise ValueError('two\\n\\nlines.')", f"ended early: ValueError: two lines. {ADVICE}"),
        ("raise ValueError('\xe4 \u732b')", f"ended early: ValueError: \xe4 \u732b. {ADVICE}"),
        ("sys.exit('There is no such thing.')", f"ended early: There is no such thing. {ADVICE}"),
        ("raise MemoryError", f"ended early: MemoryError. {SHORT}"),
        ("import numpy; numpy.empty((1 << 20, 1 << 30))", SHORT),
        ("os._exit(3)", f"ended early (exit code 3). {ADVICE}"),
        ("pass", f"ended early (exit code 0). {ADVICE}"),
        ("nothing_of_that_name", f"ended early: NameError: name 'nothing_of_that_name' is not defined. {ADVICE}"),
    ],
)
def test_its_end_is_one_clear_line(module, text, said):
    with started(module(LATER + text), 1) as [worker]:
        worker.send()
        with pytest.raises(SgnsError) as caught:
            worker.receive()
    message = str(caught.value)
    assert message.startswith("A worker process ended early") and "\n" not in message
    assert message.endswith(said)


@posix
@pytest.mark.parametrize(
    ("how", "said"),
    [(signal.SIGKILL, f"9 (Killed). {SHORT}"), (signal.SIGTERM, f"15 (Terminated). {ADVICE}")]
    if os.name == "posix"
    else [],
)
def test_a_signal_that_ended_it_is_named(module, how, said):
    with started(module(answering("os.getpid()", before="import os")), 1) as [worker]:
        os.kill(int(worker.receive()), how)
        with pytest.raises(SgnsError) as caught:
            worker.receive()
    assert str(caught.value) == f"A worker process was ended by signal {said}"


def test_where_it_failed_is_in_the_cause_of_the_error(module):
    with started(module(LATER + "def deeply():\n    raise ValueError('so')\ndeeply()"), 1) as [worker]:
        worker.send()
        with pytest.raises(SgnsError) as caught:
            worker.receive()
    assert "in deeply" in str(caught.value.__cause__) and "ValueError: so" in str(caught.value.__cause__)


def test_of_much_that_was_said_the_end_is_told(module):
    name = module("import sys; sys.exit(chr(10).join(map(str, range(300_000))))")
    with started(name, 1) as [worker], pytest.raises(SgnsError, match=r"ended early: 299999\. "):
        worker.receive()


@posix
def test_the_end_of_one_whose_child_goes_on_is_noticed(module, monkeypatch):
    """Its child holds the pipe open from which this process reads."""
    monkeypatch.setattr(processes, "POLL_MS", 20)
    name = module(LATER + "channel.send(str(os.getpid()).encode())\nif os.fork(): os._exit(4)\nsignal.pause()")
    with started(name, 1) as [worker]:
        worker.send()
        group = int(worker.receive())
        try:
            with pytest.raises(SgnsError, match=r"ended early \(exit code 4\)"):
                worker.receive()
        finally:
            os.killpg(group, signal.SIGKILL)


def test_sending_to_one_that_has_ended_is_the_same_error(module):
    with started(module("raise ValueError('at once')"), 1) as [worker]:
        assert wait_for(lambda: not worker._alive())
        with pytest.raises(SgnsError, match="ended early: ValueError: at once"):
            for _ in range(100):
                worker.send(bytes(1 << 16))


def test_a_module_that_is_not_there_is_said_to_be_missing():
    with pytest.raises(SgnsError, match="No module named tried_nowhere"):
        answer("tried_nowhere")


@pytest.mark.parametrize(
    ("name", "value"),
    [("executable", ""), ("executable", None), ("executable", "/opt/python/bin/app"), ("frozen", True)],
)
def test_without_a_program_to_start_it_is_said_what_to_do(monkeypatch, name, value):
    monkeypatch.setattr(sys, name, value, raising=False)
    wanted = r"^Cannot start a worker process: sys\.executable must be the Python program, got .* set workers to 1\.$"
    with pytest.raises(SgnsError, match=wanted):
        answer("tried_nowhere")


def test_one_that_cannot_be_started_ends_those_that_were(module, monkeypatch):
    made, start = [], subprocess.Popen

    def refuse_the_third(*args, **options):
        if len(made) == 2:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        made.append(start(*args, **options))
        return made[-1]

    monkeypatch.setattr(subprocess, "Popen", refuse_the_third)
    wanted = (
        "Cannot start a worker process: Resource temporarily unavailable. Set workers to 1, or close other programs."
    )
    with pytest.raises(SgnsError) as caught, started(module(ECHO), 3):
        pass
    assert str(caught.value) == wanted
    assert len(made) == 2 and all(process.returncode is not None for process in made)


def test_errors_of_the_block_are_its_own(module):
    with pytest.raises(FileNotFoundError, match="of the caller"), started(module(ECHO), 1):
        raise FileNotFoundError("of the caller")


# None outlives its use

STUBBORN = """
    import signal, time, os
    from spacy_sgns.system.processes import serve

    for name in ("SIGTERM", "SIGHUP", "SIGINT"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    channel = serve()
    channel.send(str(os.getpid()).encode())
    while True:
        time.sleep(1)
"""


@posix
@pytest.mark.parametrize("end", [None, ValueError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_all_have_ended_after_the_block(module, end):
    try:
        with started(module(STUBBORN), 2) as workers:
            pids = [int(worker.receive()) for worker in workers]
            assert all(map(running, pids))
            if end:
                raise end
    except BaseException as error:
        assert type(error) is end
    assert not any(map(running, pids))


PARENT = """
    import os, sys, time
    from spacy_sgns.system.processes import started

    with started("tried_worker", 2) as workers:
        print(*(worker.receive().decode() for worker in workers), flush=True)
        if "fork" in sys.argv and not os.fork():
            time.sleep(60)
        sys.stdin.read()
"""


@posix
@pytest.mark.parametrize("also", [[], ["fork"]])
def test_they_end_when_this_process_is_killed(module, tmp_path, also):
    """Even if a process that it forked still holds the pipes open."""
    module(answering("os.getpid()", before="import os"))
    (tmp_path / "parent.py").write_text(textwrap.dedent(PARENT))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, str(tmp_path / "parent.py"), *also]
    options = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "env": environment, "start_new_session": True}
    with subprocess.Popen(command, **options) as parent:
        try:
            pids = [int(pid) for pid in parent.stdout.readline().split()]
            assert len(pids) == 2 and all(map(running, pids))
            parent.kill()
            assert wait_for(lambda: not any(map(running, pids)))
        finally:
            os.killpg(parent.pid, signal.SIGKILL)


def test_a_thread_that_waits_for_one_that_is_killed_hears_of_it(module):
    heard = []

    def wait():
        try:
            worker.receive()
        except SgnsError as error:
            heard.append(error)

    with started(module(ECHO), 1) as [worker]:
        worker.send()
        worker.receive()
        thread = Thread(target=wait)
        thread.start()
        worker.kill()
        thread.join(20)
    assert len(heard) == 1


def test_closing_again_does_nothing(module):
    worker = Worker(module(ECHO))
    worker.close()
    worker.close()
