"""The plan of rooms: imports go down only, and what loads early loads little."""

import ast
import subprocess
import sys
from collections import Counter
from importlib.metadata import distribution, entry_points
from pathlib import Path
from typing import NamedTuple

import pytest

import spacy_sgns
from spacy_sgns.registry import SLOTS, names

PACKAGE = Path(spacy_sgns.__file__).parent
DOOR = "spacy_sgns"  # its names lead to all floors, by strings, when they are first used
DATA = {"numpy"}


class Room(NamedTuple):
    """floor: a room may import its own modules and those of lower floors. outside: packages it may import too."""

    floor: int
    outside: set


ROOMS = {
    "root": Room(0, {"numpy", "catalogue"}),
    "system": Room(1, DATA | {"filelock", "threadpoolctl"}),
    "sources": Room(2, DATA),
    "corpus": Room(2, DATA),
    "training": Room(2, DATA),
    "vectors": Room(2, DATA | {"pandas", "spacy", "srsly"}),
    "drawing": Room(2, DATA | {"matplotlib"}),
    "tokenization": Room(3, DATA | {"spacy"}),
    "runs": Room(3, DATA | {"filelock", "threadpoolctl"}),
    "evaluation": Room(3, DATA),
    "comparison": Room(3, DATA | {"matplotlib"}),
    "pictures": Room(3, DATA | {"matplotlib", "sklearn", "threadpoolctl", "umap"}),
    "planning": Room(4, DATA),
    "pipeline": Room(4, DATA | {"catalogue", "spacy", "srsly", "thinc", "tqdm"}),
    "cli": Room(5, {"spacy", "typer", "wasabi"}),
}
ROOT = {"errors", "arrays", "registry", "settings", ""}
UNSAFE = {"pickle", "_pickle", "cPickle", "cloudpickle", "dill", "joblib", "marshal", "shelve", "torch", "yaml", "code"}
RUNS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "runpy.run_path", "runpy.run_module"}
RUNS |= {"subprocess.getoutput", "subprocess.getstatusoutput", "importlib.import_module", "builtins"}
RUNS_OF_ANY = {"exec_module", "load_module", "pickle_loads", "read_pickle", "unsafe_load", "full_load"}
OF_THE_USER = {  # code that runs because it was given for that: by `--code`, and as the home of an alternative
    "spacy_sgns": {"importlib.import_module"},
    "spacy_sgns.system.plugins": {"importlib.import_module", "exec_module"},
}


def module_name(path):
    """Return the dotted name of a file in the package."""
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


FILES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
BELOW_THE_DOOR = sorted(FILES.keys() - {DOOR})


def room_of(module):
    """Return the name of the room that a module of the package stands in."""
    first = module.removeprefix(DOOR).removeprefix(".").partition(".")[0]
    return "root" if first in ROOT else first


def imports(source):
    """Return the modules that a source text imports, wherever it does, also for types alone."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            found += [m if (m := f"{module}.{alias.name}") in FILES else module for alias in node.names]
    return found


def faults(module, source):
    """Return the imports that `source`, as the text of `module`, must not have."""
    here, wrong = ROOMS[room_of(module)], []
    for name in imports(source):
        top = name.partition(".")[0]
        if top == DOOR:
            there = ROOMS.get(room_of(name))
            allowed = there and name != DOOR and (room_of(name) == room_of(module) or there.floor < here.floor)
        else:
            allowed = top in here.outside or top in sys.stdlib_module_names
        wrong += [] if allowed else [name]
    return wrong


def dotted(node):
    """Return `os.path.join` of the node that stands for it, as far as it is made of names."""
    return f"{dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def unsafe(source):
    """Return what in a source text could run the code of a file that it reads."""
    found = {name for name in imports(source) if name.partition(".")[0] in UNSAFE}
    parameters = {node.arg for node in ast.walk(ast.parse(source)) if isinstance(node, ast.arg)}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names} & RUNS
        elif isinstance(node, ast.Name | ast.Attribute):
            found |= {dotted(node)} & RUNS - parameters | {getattr(node, "attr", "")} & RUNS_OF_ANY
        elif isinstance(node, ast.keyword) and node.arg in ("allow_pickle", "shell"):
            found |= set() if isinstance(node.value, ast.Constant) and node.value.value is False else {node.arg}
        elif isinstance(node, ast.Call) and dotted(node.func) in ("np.load", "numpy.load"):
            found |= set() if "allow_pickle" in [keyword.arg for keyword in node.keywords] else {"allow_pickle"}
    return found


def calls(source, function):
    """Return the lines on which a source text calls a function by its name, or as an attribute of that name."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == function
    ]


def loaded_by(statement):
    """Return the modules that a fresh Python has loaded after a statement."""
    code = f"{statement}\nimport sys\nprint(*sys.modules, sep='\\n')"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def inside(folder, module):
    """Return the name of the part of a folder that a module belongs to: a module of its own, or a folder within."""
    rest = module.removeprefix(folder)
    return rest[1:].partition(".")[0] if rest.startswith(".") else ""


def circle(edges):
    """Return names that import each other round in a circle, or nothing. edges: name -> the names that it imports."""
    edges = {name: set(others) - {name} for name, others in edges.items()}
    while free := [name for name, others in edges.items() if not others & edges.keys()]:
        for name in free:
            del edges[name]
    return sorted(edges)


def parts_of(folder):
    """Return what each part of a folder imports of the folder's other parts."""
    edges = {}
    for module, path in FILES.items():
        if part := inside(folder, module):
            others = {inside(folder, name) for name in imports(path.read_text(encoding="utf8"))}
            edges.setdefault(part, set()).update(others - {""})
    return edges


def test_every_file_stands_in_a_room():
    assert {room_of(module) for module in FILES} == ROOMS.keys()


FOLDERS = sorted({module.rpartition(".")[0] for module in FILES} - {""})


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_parts_of_a_folder_form_no_circle(folder):
    assert circle(parts_of(folder)) == []


def test_a_circle_is_seen():
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["a", "b", "c"]
    assert circle({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert parts_of("spacy_sgns.training")["trainer"] > {"update", "chunks"}


@pytest.mark.parametrize("module", BELOW_THE_DOOR)
def test_imports_go_down(module):
    assert faults(module, FILES[module].read_text(encoding="utf8")) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("settings", "from spacy_sgns.corpus.tokens import TokenBatch"),
        ("errors", "import spacy"),
        ("training.update.step", "def f():\n    from spacy_sgns.corpus import encoded"),
        ("training.update.step", "from spacy_sgns.vectors.forms import form_rows"),
        ("training.update.step", "if TYPE_CHECKING:\n    from spacy_sgns.runs.train_vectors import Listener"),
        ("training.objectives.noise", "import scipy.stats"),
        ("training.objectives.noise", "import threadpoolctl, tqdm"),
        ("training.objectives.noise", "from thinc.api import Config"),
        ("training.objectives.noise", "from . import chunks"),
        ("training.objectives.noise", "from spacy_sgns import WordVectors"),
        ("corpus.tokens", "from spacy.tokens import Doc"),
        ("vectors.forms", "from spacy_sgns import pipeline"),
        ("sources.source", "from spacy_sgns.corpus.encoder import Encoder"),
        ("pipeline.reader", "from spacy_sgns.cli.console import msg"),
        ("pipeline.reader", "import typer"),
    ],
)
def test_an_import_that_goes_up_or_out_is_seen(module, source):
    assert faults(f"{DOOR}.{module}", source)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        (
            "training.update.step",
            "import numpy as np\nfrom dataclasses import dataclass\nfrom spacy_sgns.errors import SgnsError",
        ),
        ("training.update.step", "from spacy_sgns.training.chunks import cut"),
        ("runs.loop", "from spacy_sgns.training import trainer"),
        ("cli.commands.train", "from spacy_sgns.pipeline import factory as make"),
    ],
)
def test_an_import_that_goes_down_is_let_through(module, source):
    assert faults(f"{DOOR}.{module}", source) == []


@pytest.mark.parametrize("module", [m for m in BELOW_THE_DOOR if m != f"{DOOR}.system.plugins"])
def test_no_import_hides_in_a_string(module):
    source = FILES[module].read_text(encoding="utf8")
    assert calls(source, "import_module") + calls(source, "__import__") == []


@pytest.mark.parametrize("module", FILES)
def test_nothing_that_runs_what_it_reads(module):
    assert unsafe(FILES[module].read_text(encoding="utf8")) == OF_THE_USER.get(module, set())


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from joblib import load",
        "import torch.serialization",
        "np.load(f, allow_pickle=True)",
        "np.load(f, allow_pickle=flag)",
        "np.load(f)",
        "np.lib.format.read_array(f, allow_pickle=True)",
        "eval(text)",
        "make = exec",
        "compile(text, name, 'exec')",
        "__import__(name)",
        "from importlib import import_module",
        "import importlib\nimportlib.import_module(name)",
        "spec.loader.exec_module(module)",
        "import builtins\nbuiltins.eval(text)",
        "import os\nos.system(text)",
        "from os import popen",
        "import subprocess\nsubprocess.run(text, shell=True)",
        "import yaml\nyaml.load(f)",
        "srsly.pickle_loads(data)",
    ],
)
def test_what_runs_what_it_reads_is_seen(source):
    assert unsafe(source)


@pytest.mark.parametrize("source", ["re.compile(text)", "np.load(f, allow_pickle=False)", "run(args, shell=False)"])
def test_what_runs_nothing_is_let_through(source):
    assert not unsafe(source)


@pytest.mark.parametrize("module", [module for module in FILES if room_of(module) != "cli"])
def test_no_print_below_the_command_line(module):
    assert calls(FILES[module].read_text(encoding="utf8"), "print") == []


def test_a_print_is_seen():
    assert calls("def f():\n    print('x')", "print") == [2]


def test_the_package_alone_loads_neither_spacy_nor_numpy():
    loaded = loaded_by(f"import {DOOR}")
    assert DOOR in loaded
    assert not {"spacy", "numpy", "thinc", "catalogue"} & loaded


@pytest.mark.parametrize("module", ["pipeline.component", "cli"])
def test_what_spacy_loads_for_its_own_commands_does_not_load_training(module):
    loaded = loaded_by(f"import {DOOR}.{module}")
    assert f"{DOOR}.{module}" in loaded
    assert [m for m in sorted(loaded) if m.partition(".")[0] == DOOR and ROOMS[room_of(m)].floor in (2, 3)] == []


def test_every_name_of_the_door_leads_somewhere():
    for name in spacy_sgns.__all__:
        assert getattr(spacy_sgns, name).__name__ == name
    assert set(spacy_sgns.__all__) <= set(dir(spacy_sgns))
    with pytest.raises(AttributeError, match="nonsense"):
        spacy_sgns.nonsense  # noqa: B018 - the attribute is what is asked for


def ours(group=None):
    """Return the entry points of this package as installed."""
    return [e for e in distribution("spacy-sgns").entry_points if group in (None, e.group)]


@pytest.mark.parametrize("entry", ours(), ids=lambda e: f"{e.group}-{e.name}")
def test_entry_points_load(entry):
    assert callable(entry.load())
    assert entry.module in FILES


def test_what_is_installed_is_what_setup_says():
    setup = PACKAGE.parent / "setup.py"
    if not setup.is_file():
        pytest.skip("the package is tested without its setup.py")
    keywords = [node for node in ast.walk(ast.parse(setup.read_text(encoding="utf8"))) if isinstance(node, ast.keyword)]
    groups = next(ast.literal_eval(k.value) for k in keywords if k.arg == "entry_points")
    said = {(group, *line.split(" = ")) for group, lines in groups.items() for line in lines}
    assert said == {(e.group, e.name, e.value) for e in ours()}


def test_registered_names_are_unique():
    for group in {e.group for e in ours()}:
        times = Counter(e.name for e in entry_points(group=group))
        assert [e.name for e in ours(group) if times[e.name] != 1] == []


@pytest.mark.parametrize("slot", SLOTS)
def test_built_in_alternatives_are_advertised_like_everyones(slot):
    registry = SLOTS[slot]
    advertised = ours("_".join(registry.namespace))
    assert advertised
    for entry in advertised:
        assert entry.name in names(slot)
        assert entry.name.rpartition(".v")[2].isdigit()
        assert registry.get(entry.name) is entry.load()
