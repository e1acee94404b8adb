"""Worker processes: the same bytes for any number of them, and a clean end whatever happens."""

import gc
import json
import os
import signal
import subprocess
import sys
import textwrap
from hashlib import sha256
from pathlib import Path
from threading import Thread

import catalogue
import numpy as np
import pytest

import spacy_sgns
from spacy_sgns.corpus.encoded import EncodedCorpus, IdWriter
from spacy_sgns.errors import SgnsError
from spacy_sgns.runs import workers as gathered
from spacy_sgns.runs.worker import work
from spacy_sgns.runs.workers import start_workers
from spacy_sgns.settings import Settings
from spacy_sgns.system import machine, plugins, processes
from spacy_sgns.system import shared_memory as memory
from spacy_sgns.system.plugins import import_code
from spacy_sgns.training.events import BatchDone
from spacy_sgns.training.trainer import SHARD, Diverged, Trainer

SMALL = Settings(
    dim=8, window=3, epochs=2, learning_rate=0.05, subsample=0.0, chunk_size=64, chunks_per_step=5, negative=3
)
posix = pytest.mark.skipif(os.name != "posix", reason="signals and files as on Unix")
WORDS = 500


@pytest.fixture(autouse=True)
def _scratch():
    """Undo registrations after the test."""
    before = dict(catalogue.REGISTRY)
    yield
    catalogue.REGISTRY.clear()
    catalogue.REGISTRY.update(before)
    plugins.loaded_code.clear()
    sys.modules.pop("tried_module", None)


def encoded(folder, tokens, texts):
    """Return a corpus with Zipf counts in a folder, and its counts."""
    rng, words = np.random.default_rng(0), np.arange(1, WORDS + 1)
    ids = rng.choice(WORDS, tokens, p=(1 / words) / (1 / words).sum()).astype(np.int32)
    ids[:WORDS] = np.arange(WORDS)
    with IdWriter(folder, "ids") as writer:
        writer.write(ids, np.linspace(0, tokens, texts + 1)[1:].astype(int))
    return EncodedCorpus(folder, texts, tokens, tokens, "?"), np.bincount(ids)


@pytest.fixture
def corpus(tmp_path):
    (tmp_path / "corpus").mkdir()
    return encoded(tmp_path / "corpus", 4000, 80)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A corpus of two shards."""
    return encoded(tmp_path_factory.mktemp("large"), SHARD + SHARD // 8, 9000)


def trained(corpus, listeners=(), **changes):
    """Return the bytes of the tables, the number of workers and the note about it."""
    settings = Settings.of(**{**SMALL.as_dict(), **changes})
    with start_workers(*corpus, settings) as (group, shared, note):
        tables = Trainer(*corpus, settings, group=group, memory=shared).run(listeners)
        digest = sha256(tables.inputs.rows.tobytes() + tables.outputs.rows.tobytes()).hexdigest()
        return digest, group.size, note


@pytest.fixture
def started(monkeypatch):
    """The processes started so far."""
    made, start = [], subprocess.Popen

    def record(*args, **options):
        made.append(start(*args, **options))
        return made[-1]

    monkeypatch.setattr(subprocess, "Popen", record)
    return made


@pytest.fixture
def nothing_left(corpus, started, tmp_path, monkeypatch):
    """Check that the test started processes, and that it leaves no process, file or open file behind."""
    (tmp_path / "memory").mkdir()
    monkeypatch.setattr(memory, "IN_MEMORY", tmp_path / "memory")
    places = [place for place in (memory.IN_MEMORY, corpus[0].folder, Path("/dev/fd")) if place.is_dir()]
    before = [len(os.listdir(place)) for place in places]
    yield
    assert started and all(process.returncode is not None for process in started)
    gc.collect()  # an error has held on to the frames that it came through
    assert [len(os.listdir(place)) for place in places] == before


# The same bytes


@pytest.mark.parametrize("chunks_per_step", [2, 3, 5])
def test_any_number_of_workers_makes_the_same_tables(corpus, chunks_per_step, nothing_left):
    digests = {
        trained(corpus, chunks_per_step=chunks_per_step, workers=size, subsample=0.01)[0]
        for size in (1, 2, 3, 5)
        if size <= chunks_per_step
    }
    assert len(digests) == 1


def test_over_several_slabs_and_batches_too(large):
    events = []
    options = {"chunks_per_step": 5, "chunk_size": 512, "dim": 4, "subsample": 1e-3, "epochs": 1, "window": 2}
    alone = trained(large, [events.append], workers=1, **options)
    assert sum(isinstance(event, BatchDone) for event in events) > 2 * 1
    assert [trained(large, workers=size, **options) for size in (2, 3, 5)] == [
        (alone[0], size, "") for size in (2, 3, 5)
    ]


def test_more_workers_than_cores_do_not_wait_awake(corpus, monkeypatch, started):
    """With one core for each worker they do."""
    spins = []
    monkeypatch.setattr(
        gathered, "started", lambda *args, spin, **options: spins.append(spin) or real(*args, **options)
    )
    real = processes.started
    for cores in (2, 3):
        monkeypatch.setattr(gathered, "available_cores", lambda cores=cores: cores)
        trained(corpus, workers=3, epochs=1)
    assert spins == [0, processes.SPIN]


@pytest.mark.parametrize("place", ["nowhere", "full"])
def test_without_memory_the_work_folder_will_do(corpus, monkeypatch, tmp_path, place, nothing_left):
    if place == "full":
        (tmp_path / "full").touch()
    monkeypatch.setattr(memory, "IN_MEMORY", tmp_path / place)
    assert trained(corpus, workers=2)[0] == trained(corpus, workers=1)[0]


def test_a_worker_waits_awake_as_long_as_it_is_told():
    class Coordinator:
        def receive(self):
            return json.dumps({"spin": 0.25, "import_targets": [["nowhere_to_be_found"]]}).encode()

    leader = Coordinator()
    with pytest.raises(SgnsError, match="nowhere_to_be_found"):
        work(leader)
    assert leader.spin == 0.25


def test_a_worker_loads_no_spacy():
    code = "import spacy_sgns.runs.worker, sys; print({'spacy', 'thinc', 'typer'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


# How many

MORE = "A higher chunks_per_step uses more workers, but changes the vectors."


@pytest.mark.parametrize(
    ("cores", "workers", "chunks_per_step", "size", "said"),
    [
        (1, "auto", 5, 1, ""),
        (4, "auto", 1, 1, ""),
        (4, 1, 5, 1, ""),
        (4, "auto", 5, 4, ""),
        (1, 3, 5, 3, ""),
        (4, 2, 2, 2, ""),
        (
            4,
            "auto",
            2,
            2,
            f"2 of 4 workers can train, one for each chunk of a step. {MORE}",
        ),
        (1, 5, 2, 2, f"2 of 5 workers can train, one for each chunk of a step. {MORE}"),
        (8, 3, 1, 1, f"1 of 3 workers can train, one for each chunk of a step. {MORE}"),
    ],
)
def test_they_are_as_many_as_are_asked_for_and_can_work(monkeypatch, cores, workers, chunks_per_step, size, said):
    monkeypatch.setattr(machine, "available_cores", lambda: cores)
    settings = Settings.of(**{**SMALL.as_dict(), "workers": workers, "chunks_per_step": chunks_per_step})
    assert gathered._size(settings) == (size, said)


def test_where_no_process_can_be_started_one_trains_unless_a_number_was_asked_for(corpus, monkeypatch):
    monkeypatch.setattr(machine, "available_cores", lambda: 3)
    alone = trained(corpus, workers=1)[0]
    monkeypatch.setattr(sys, "executable", None)
    digest, size, note = trained(corpus, workers="auto")
    assert (digest, size) == (alone, 1)
    assert note.startswith("1 worker trains. Cannot start a worker process: sys.executable")
    with pytest.raises(SgnsError, match=r"^Cannot start a worker process: sys\.executable .* or set workers to 1\.$"):
        trained(corpus, workers=2)


# Alternatives

OF_THIS_PROGRAM = "alternatives that this program defines itself. Put them into a module."
OWN = """
    import os, signal, sys, time
    from spacy_sgns.registry import objectives
    from spacy_sgns.training.objectives.negative_sampling import NegativeSampling

    HERE = os.environ["TRIED_LEADER"] == str(os.getpid())


    class Own(NegativeSampling):
        def loss_kernel(self, *parts):
            made = super().loss_kernel(*parts)
            compute, calls = made.forward_backward, []

            def compute_too(plan, chunk):
                calls.append(chunk)
                loss = compute(plan, chunk)
                {what}
                return loss * {factor}

            made.forward_backward = compute_too
            return made


    @objectives.register("tried.v1")
    def tried_v1(power: float = 1.0):
        {first}
        return Own()
"""


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Write a module with an objective, and import it: what="code in a step", first="code before", factor of losses."""
    monkeypatch.setenv("TRIED_LEADER", str(os.getpid()))
    (tmp_path / "modules").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path / "modules"))

    def write(what="pass", first="pass", factor="1"):
        path = tmp_path / "modules" / "tried_module.py"
        path.write_text(textwrap.dedent(OWN.format(what=what, first=first, factor=factor)))
        plugins.import_target("tried_module")

    return write


def test_an_alternative_of_a_module_is_imported_by_the_others(corpus, own, nothing_left):
    own()
    alone, together = (trained(corpus, workers=size, objective={"name": "tried", "power": 2.0}) for size in (1, 2))
    assert together == (alone[0], 2, "")


def test_an_alternative_of_a_code_file_is_run_by_the_others(corpus, tmp_path, own, nothing_left):
    own()
    del catalogue.REGISTRY["spacy_sgns", "objectives", "tried.v1"]
    (tmp_path / "code.py").write_text((tmp_path / "modules" / "tried_module.py").read_text())
    import_code(tmp_path / "code.py")
    assert trained(corpus, workers=2, objective="tried")[1:] == (2, "")


def test_an_alternative_of_this_program_has_one_worker(corpus, own):
    own()
    text = Path(sys.modules["tried_module"].__file__).read_text()
    del catalogue.REGISTRY["spacy_sgns", "objectives", "tried.v1"]
    exec(text, {"__name__": "__main__"})
    size, note = trained(corpus, workers=2, objective="tried")[1:]
    assert (size, note) == (1, f"1 worker trains: other processes cannot import {OF_THIS_PROGRAM}")


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("raise ImportError('not here')", "ImportError: not here."),
        ("raise ValueError('not here')", "ended early: objective tried.v1 does not take {}: not here."),
        ("sys.exit('no')", "no"),
        ("os._exit(5)", "(exit code 5)"),
    ],
)
def test_an_alternative_that_the_others_cannot_make_has_one_worker_unless_a_number_was_asked_for(
    corpus, own, monkeypatch, trouble, said, nothing_left
):
    own(first=f"if not HERE: {trouble}")
    monkeypatch.setattr(machine, "available_cores", lambda: 3)
    _, size, note = trained(corpus, workers="auto", objective="tried")
    assert size == 1 and note.startswith("1 worker trains. A worker process ended early") and said in note
    with pytest.raises(SgnsError, match="A worker process ended early") as caught:
        trained(corpus, workers=2, objective="tried")
    assert said in str(caught.value)


# The end


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("if not HERE and len(calls) == 7: raise KeyError('only there')", "ended early: KeyError: 'only there'. Set w"),
        ("if not HERE and len(calls) == 7: raise MemoryError", "ended early: MemoryError. The machine may be short of"),
        ("if not HERE and len(calls) == 7: os._exit(9)", "ended early (exit code 9). Set workers to 1"),
        ("if not HERE and len(calls) == 7: os.close(4)", "ended early (exit code"),
    ],
)
def test_a_worker_that_fails_ends_the_run(corpus, own, what, said, nothing_left):
    own(what)
    with pytest.raises(SgnsError) as caught:
        trained(corpus, workers=3, objective="tried", epochs=1000)
    assert str(caught.value).startswith("A worker process ") and said in str(caught.value)
    assert "\n" not in str(caught.value)


@posix
@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM", "SIGSEGV"])
def test_a_worker_that_is_killed_ends_the_run(corpus, started, how, nothing_left):
    def kill(event):
        if isinstance(event, BatchDone) and event.epoch == 3:
            os.kill(started[1].pid, getattr(signal, how))

    with pytest.raises(SgnsError, match=rf"^A worker process was ended by signal {getattr(signal, how).value} "):
        trained(corpus, [kill], workers=3, epochs=100_000)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit, OSError])
def test_an_error_of_a_listener_ends_the_run_as_it_is(corpus, error, nothing_left):
    def fail(event):
        if event.epoch == 3:
            raise error("of the listener")

    with pytest.raises(error, match="of the listener"):
        trained(corpus, [fail], workers=3, epochs=100_000)


def test_a_loss_that_is_not_finite_is_the_same_error_for_any_number(corpus, own, nothing_left):
    own(factor="(float('nan') if len(calls) * 0 + plan.outputs.sum() % 7 == 3 else 1)")
    said = []
    for size in (1, 2, 3):
        with pytest.raises(Diverged) as caught:
            trained(corpus, workers=size, objective="tried", epochs=50)
        said.append((str(caught.value), caught.value.tables.inputs.rows.tobytes()))
    assert said[0] == said[1] == said[2]


def test_no_room_anywhere_is_one_error(corpus, monkeypatch, tmp_path):
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
        with pytest.raises(SgnsError, match=r"^No space for the vectors: File too large\."):
            trained(corpus, workers=2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


# Where it may be called from

SCRIPT = """
    import os, sys
    sys.path.insert(0, {package})
    from pathlib import Path
    import numpy as np
    from spacy_sgns.corpus.encoded import EncodedCorpus
    from spacy_sgns.settings import Settings
    from spacy_sgns.runs.workers import start_workers
    from spacy_sgns.training.trainer import Trainer

    def run():
        corpus = EncodedCorpus(Path(sys.argv[1]), 80, 4000, 4000, "?")
        counts = np.bincount(np.fromfile(sys.argv[1] + "/ids.i32", np.int32))
        settings = Settings.of(**{settings!r})
        with start_workers(corpus, counts, settings) as (group, memory, note):
            tables = Trainer(corpus, counts, settings, group=group, memory=memory).run()
            print(group.size, note, tables.inputs.rows.sum(dtype=np.float64))

    {call}
"""


def called(corpus, folder, way, call, **changes):
    """Return the result of a program that calls `run` with two workers."""
    settings = {**SMALL.as_dict(), "workers": 2, **changes}
    package = Path(spacy_sgns.__file__).parent.parent
    text = textwrap.dedent(SCRIPT).format(settings=settings, call=call, package=repr(str(package)))
    script = folder / "script.py"
    script.write_text(text)
    commands = {"-c": ["-c", text], "stdin": ["-"], "isolated": ["-I", str(script)]}
    command = [sys.executable, *commands.get(way, [str(script)]), str(corpus[0].folder)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    options = {"input": text, "cwd": folder, "env": environment, "capture_output": True, "text": True}
    return subprocess.run(command, check=False, **options)


@pytest.mark.parametrize(
    ("way", "call"),
    [
        ("script", "run()"),
        ("-c", "run()"),
        ("stdin", "run()"),
        ("thread", "from threading import Thread; t = Thread(target=run); t.start(); t.join()"),
        ("script", "os.chdir('/'); run()"),
        ("isolated", "run()"),
    ],
)
def test_no_main_guard_is_needed_wherever_it_is_called(corpus, tmp_path, way, call):
    done = called(corpus, tmp_path, way, call)
    assert done.stdout.startswith("2  "), done.stderr
    assert done.stdout.count("\n") == 1 and done.stderr == ""


def test_an_alternative_of_an_installed_package_is_found_by_all(corpus, tmp_path, own):
    (tmp_path / "modules" / "tried_module.py").write_text(
        "from spacy_sgns.training.objectives.negative_sampling import negative_sampling_v1 as tried_v1"
    )
    info = tmp_path / "modules" / "tried_package-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tried-package\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[spacy_sgns_objectives]\ntried.v1 = tried_module:tried_v1\n")
    done = called(corpus, tmp_path, "script", "run()", objective={"name": "tried.v1"})
    assert done.stdout.startswith("2  "), done.stderr


def test_it_may_be_called_from_several_threads_at_a_time(corpus):
    made = []
    threads = [Thread(target=lambda: made.append(trained(corpus, workers=2)[0])) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert made == [trained(corpus, workers=1)[0]] * 3
