import importlib
import json
import subprocess
import sys
from functools import partial
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import catalogue
import pytest

from spacy_sgns import registry
from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.registry import SLOTS, Choice, architectures, formats, names, objectives
from spacy_sgns.system import plugins
from spacy_sgns.system.plugins import import_code, import_target, import_targets

BUILT_IN = [("architecture", name) for name in ("cbow.v1", "skipgram.v1")]
BUILT_IN += [("objective", name) for name in ("hierarchical_softmax.v1", "negative_sampling.v1")]
BUILT_IN += [("weighting", name) for name in ("dynamic.v1", "flat.v1", "harmonic.v1", "linear.v1")]
BUILT_IN += [("noise", name) for name in ("in_batch.v1", "unigram.v1", "uniform.v1")]
BUILT_IN += [("format", "word2vec_text.v1"), ("format", "word2vec_binary.v1")]


@pytest.fixture(autouse=True)
def _scratch():
    """Undo registrations after the test."""
    before = dict(catalogue.REGISTRY)
    yield
    catalogue.REGISTRY.clear()
    catalogue.REGISTRY.update(before)
    plugins.loaded_code.clear()
    forget()


def measured_v1(power: float = 1.0, *, kind: str = "a"):
    if power > 2:
        raise SettingError(f"power must be at most 2, got {power}.")
    return (power + 0, kind)


@pytest.mark.parametrize(("slot", "name"), BUILT_IN)
def test_the_built_in_are_advertised_and_made(slot, name):
    assert name in names(slot)
    assert Choice.of(slot, name).make() is not None
    assert Choice.of(slot, name.rsplit(".", 1)[0]) == Choice(slot, name)


def test_names_are_advertised_once():
    """If two packages advertised the same name, one would hide the other."""
    ours = [entry for slot in SLOTS.values() for entry in entry_points(group="_".join(slot.namespace))]
    assert len(ours) >= len(BUILT_IN)
    for entry in ours:
        values = {other.value for other in ours if (other.group, other.name) == (entry.group, entry.name)}
        assert values == {entry.value}
        assert callable(entry.load())


def test_a_registered_factory_is_found_by_name_and_made_with_its_settings():
    objectives.register("measured.v1", func=measured_v1)
    assert "measured.v1" in names("objective")
    assert "measured.v1" not in names("architecture")
    choice = Choice.of("objective", "measured", {"power": 2})
    assert choice == Choice("objective", "measured.v1", {"power": 2})
    assert choice.make() == (2, "a")


def test_the_decorator_returns_the_function():
    @architectures.register("decorated.v1")
    def decorated():
        return 7

    assert decorated() == 7
    assert Choice.of("architecture", "decorated").make() == 7


def test_the_newest_version_is_chosen_by_number():
    for version in (2, 10, 9):
        objectives.register(f"counted.v{version}", func=lambda version=version: version)
    objectives.register("counted.v11.beta", func=lambda: "no version")
    objectives.register("discounted.v99", func=lambda: "another")
    assert Choice.of("objective", "counted").name == "counted.v10"
    assert Choice.of("objective", "counted.v9").make() == 9


def test_a_name_without_version_is_itself():
    objectives.register("plain", func=lambda: 1)
    objectives.register("plain.v1", func=lambda: 2)
    assert Choice.of("objective", "plain").name == "plain"


@pytest.mark.parametrize("name", ["skipgrm", "skipgram.v", "", "skipgram.v2", "word2vec_text", 5, None])
def test_an_unknown_name_lists_the_registered(name):
    with pytest.raises(SettingError, match=r"^Unknown architecture .*Registered: .*skipgram\.v1"):
        Choice.of("architecture", name)


def test_an_unknown_name_offers_the_closest():
    for name in ("skipgrm", "skipgram.v7", "skpgram.v1"):
        with pytest.raises(SettingError, match=r"Registered: .*\. Did you mean skipgram\?$"):
            Choice.of("architecture", name)


def test_a_package_that_is_not_installed_is_an_error_that_says_so(monkeypatch):
    monkeypatch.setattr(registry, "names", lambda slot: [])
    with pytest.raises(SettingError, match="pip install"):
        Choice.of("architecture", "skipgram")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"powr": 1}, r"objective measured\.v1 has no setting 'powr'\. Did you mean power\?"),
        ({"zzzzzz": 1}, r"has no setting 'zzzzzz'\. It has power, kind"),
        ({5: 1}, r"has no setting 5\."),
        ({"power": 3}, "power must be at most 2, got 3"),
        ({"power": "much"}, r"objective measured\.v1 does not take .*much"),
        ({"kind": {1, 2}}, "must be numbers, text, lists"),
    ],
)
def test_settings_of_an_alternative_are_checked_when_it_is_named(settings, said):
    objectives.register("measured.v1", func=measured_v1)
    with pytest.raises(SettingError, match=said):
        Choice.of("objective", "measured", settings)


def test_an_alternative_without_settings_says_so():
    with pytest.raises(SettingError, match="It has no settings of its own"):
        Choice.of("architecture", "skipgram", {"power": 1})


def test_a_setting_that_must_be_given_is_asked_for():
    objectives.register("needy.v1", func=lambda power: power)
    with pytest.raises(SettingError, match="missing 1 required positional argument: 'power'"):
        Choice.of("objective", "needy")


def test_a_factory_that_takes_any_setting_is_given_it():
    objectives.register("open.v1", func=lambda **settings: settings)
    assert Choice.of("objective", "open", {"what": 1}).make() == {"what": 1}


def test_no_setting_is_called_name():
    """In a config, `name` is the name of the alternative."""
    objectives.register("named.v1", func=lambda name="x": name)
    with pytest.raises(SettingError, match="has no setting 'name'"):
        Choice.of("objective", "named", {"name": "y"})


def test_a_factory_that_cannot_be_loaded_is_named(monkeypatch):
    def broken(name):
        raise ImportError("no module named nowhere")

    monkeypatch.setattr(architectures, "get", broken)
    with pytest.raises(SgnsError, match=r"architecture skipgram\.v1 cannot be loaded: ImportError: no module"):
        Choice.of("architecture", "skipgram")


def test_a_name_is_registered_by_one_function():
    objectives.register("measured.v1", func=measured_v1)
    objectives.register("measured.v1", func=measured_v1)
    with pytest.raises(SettingError, match=r"'measured\.v1' in objectives is taken by .*:measured_v1"):
        objectives.register("measured.v1", func=lambda: 2)
    assert Choice.of("objective", "measured").make() == (1.0, "a")


def test_the_same_name_may_stand_in_another_slot():
    objectives.register("measured.v1", func=measured_v1)
    architectures.register("measured.v1", func=lambda: 2)
    assert Choice.of("architecture", "measured").make() == 2


@pytest.mark.parametrize(("slot", "name"), BUILT_IN)
def test_a_built_in_name_is_taken(slot, name):
    with pytest.raises(SettingError, match="is taken by spacy_sgns"):
        SLOTS[slot].register(name, func=measured_v1)


def test_an_advertised_factory_may_register_itself_too():
    from spacy_sgns.vectors.formats.word2vec_text import word2vec_text_v1

    formats.register("word2vec_text.v1", func=word2vec_text_v1)
    assert names("format").count("word2vec_text.v1") == 1


def test_two_packages_that_advertise_one_name_are_noticed(monkeypatch):
    group = "spacy_sgns_objectives"
    both = EntryPoints(EntryPoint("twin.v1", value, group) for value in ("one:make", "other:make", "one:make"))
    monkeypatch.setattr(registry, "entry_points", both.select)
    with pytest.raises(SettingError, match=r"twin\.v1 is provided more than once: one:make, other:make\. Uninstall"):
        Choice.of("objective", "twin")


loaded_code = """
from __future__ import annotations
from dataclasses import dataclass
from spacy_sgns.registry import objectives

@dataclass
class Own:
    power: float

@objectives.register("own.v1")
def own_v1(power: float = 1.0) -> Own:
    return Own(power)
"""


def test_code_registers(tmp_path):
    (tmp_path / "code.py").write_text(loaded_code)
    import_code(tmp_path / "code.py")
    import_code(str(tmp_path / "code.py"))  # again is harmless
    assert Choice.of("objective", "own", {"power": 2.0}).make().power == 2.0


def test_code_does_not_hide_a_module_of_its_name(tmp_path):
    (tmp_path / "json.py").write_text("dumps = None")
    import_code(tmp_path / "json.py")
    import json

    assert json.dumps({}) == "{}"
    assert sys.modules["json"] is json


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 +", "SyntaxError"),
        ("import nowhere_to_be_found", "ModuleNotFoundError: No module named"),
        ("raise ValueError('because')", "ValueError: because"),
        ("raise SystemExit(0)", "SystemExit"),
        ("from spacy_sgns.registry import formats\nformats('word2vec_text.v1', func=print)", "is taken by"),
    ],
)
def test_code_that_fails_is_one_error_with_its_path(tmp_path, text, said):
    path = tmp_path / "code.py"
    path.write_text(text)
    with pytest.raises(SgnsError, match=said) as error:
        import_code(path)
    assert str(path) in str(error.value)


@pytest.mark.parametrize("name", ["missing.py", "code.txt", "folder", "folder.py"])
def test_code_that_is_no_python_file_is_one_error(tmp_path, name):
    (tmp_path / "code.txt").write_text("x = 1")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder.py").mkdir()
    with pytest.raises(SgnsError, match=r"is missing or not a Python file\. Give the path of a \.py file"):
        import_code(tmp_path / name)


def test_listing_names_imports_nothing():
    code = (
        "import sys; from spacy_sgns.registry import names; "
        "assert names('architecture') and names('format'); "
        "print([m for m in sys.modules if m.startswith('spacy_sgns.training') or m in ('numpy', 'spacy')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


MODULE = """
from spacy_sgns.registry import objectives

def called():
    return 3.0

@objectives.register("tried.v1")
def tried():
    return 2.0

objectives("called.v1", func=called)
"""
MADE = {"tried": 2.0, "called": 3.0}


@pytest.fixture
def packages(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def forget():
    """Forget what was registered here and imported from the test's folder, as if this were another process."""
    for name in MADE:
        catalogue.REGISTRY.pop(("spacy_sgns", "objectives", f"{name}.v1"), None)
    for name in ("tried_module", "tried_package", "tried_package.inner"):
        sys.modules.pop(name, None)


def check_targets(*modules, code=()):
    """Check that MADE is found in the modules, and that it is registered again once the targets are imported."""
    choices = [Choice.of("objective", name) for name in MADE]
    found = import_targets(Choice("architecture", "skipgram.v1"), *choices)
    names_in = [(module, name, "objective", f"{name}.v1") for module, name in zip(modules, MADE, strict=True)]
    assert found == [*((path, "", "", "") for path in code), *names_in]
    forget()
    plugins.loaded_code.clear()
    with pytest.raises(SettingError):
        Choice.of("objective", "tried")
    for target in json.loads(json.dumps(found)):
        import_target(*target)
    assert {name: Choice.of("objective", name).make() for name in MADE} == MADE


def test_a_factory_is_found_in_the_module_that_defines_it(packages):
    (packages / "tried_module.py").write_text(MODULE)
    import_target("tried_module")
    check_targets("tried_module", "tried_module")


def test_a_factory_that_its_module_does_not_register_is_registered_in_the_other_process_too(packages):
    (packages / "tried_module.py").write_text("class Held:\n    def tried():\n        return 2.0\n")
    objectives.register("tried.v1", func=importlib.import_module("tried_module").Held.tried)
    targets = import_targets(Choice.of("objective", "tried"))
    assert targets == [("tried_module", "Held.tried", "objective", "tried.v1")]
    forget()
    import_target(*targets[0])
    assert Choice.of("objective", "tried").make() == 2.0


def test_a_factory_may_lie_in_a_package(packages):
    (packages / "tried_package").mkdir()
    (packages / "tried_package" / "__init__.py").write_text("")
    (packages / "tried_package" / "inner.py").write_text(MODULE)
    import_target("tried_package.inner")
    check_targets("tried_package.inner", "tried_package.inner")


def test_a_factory_may_lie_in_a_code_file_which_is_run_once(packages):
    (packages / "code.py").write_text(MODULE + "with open('runs', 'a') as file:\n    file.write('x')\n")
    import_code("code.py")
    path = str(packages / "code.py")
    check_targets(path, path, code=[path])
    assert (packages / "runs").read_text() == "xx"  # here, and as in the other process


def test_a_code_file_may_register_what_a_module_defines(packages):
    (packages / "tried_module.py").write_text("def tried():\n    return 2.0\n\ndef called():\n    return 3.0\n")
    register = "from spacy_sgns.registry import objectives\nimport tried_module\n"
    register += "".join(f"objectives.register('{name}.v1', func=tried_module.{name})\n" for name in MADE)
    (packages / "code.py").write_text(register)
    import_code("code.py")
    check_targets("tried_module", "tried_module", code=[str(packages / "code.py")])


@pytest.mark.parametrize("place", ["code.py", "deep/code.py"])
def test_a_file_that_was_run_under_a_name_that_no_import_finds_is_found_by_its_path(packages, place):
    """As by spaCy's own `--code`."""
    (packages / place).parent.mkdir(exist_ok=True)
    (packages / place).write_text(MODULE)
    spec = spec_from_file_location("python_code", place)
    spec.loader.exec_module(module_from_spec(spec))
    check_targets(str(packages / place), str(packages / place))


@pytest.mark.parametrize("name", ["__main__", "__mp_main__"])
def test_the_program_itself_cannot_be_imported(packages, name):
    exec(MODULE, {"__name__": name, "__file__": str(packages / "script.py")})
    assert import_targets(Choice.of("objective", "tried")) is None
    assert import_targets(Choice("architecture", "skipgram.v1"), Choice.of("objective", "called")) is None


def test_code_without_a_file_cannot_be_imported():
    exec(MODULE, {"__name__": "nowhere"})
    assert import_targets(Choice.of("objective", "tried")) is None


def local():
    return 2.0


@pytest.mark.parametrize("kind", ["local function", "lambda", "partial", "rebound name"])
def test_what_has_no_place_in_a_module_cannot_be_imported(monkeypatch, kind):
    def inner():
        return 2.0

    factories = {"local function": inner, "lambda": lambda: 2.0, "partial": partial(local), "rebound name": local}
    objectives.register("tried.v1", func=factories[kind])
    monkeypatch.setitem(globals(), "local", measured_v1)
    assert Choice.of("objective", "tried").make() == 2.0
    assert import_targets(Choice.of("objective", "tried")) is None


def test_what_was_put_into_the_catalogue_directly_is_found_too(monkeypatch):
    monkeypatch.setitem(catalogue.REGISTRY, ("spacy_sgns", "objectives", "hidden.v1"), measured_v1)
    assert import_targets(Choice.of("objective", "hidden")) == [(__name__, "measured_v1", "objective", "hidden.v1")]


def test_a_factory_that_the_other_process_does_not_find_is_an_error(packages):
    (packages / "tried_module.py").write_text("x = 1")
    with pytest.raises(SgnsError, match=r"^tried_module has no missing\.name, the factory of objective tried\.v1\.$"):
        import_target("tried_module", "missing.name", "objective", "tried.v1")


def test_what_is_installed_needs_no_import(packages):
    """Even if code files were run, which may do more than register."""
    (packages / "code.py").write_text("x = 1")
    import_code("code.py")
    assert import_targets(*(Choice.of(slot, name) for slot, name in BUILT_IN)) == []


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("nowhere_to_be_found", "^nowhere_to_be_found cannot be imported: ModuleNotFoundError: No module named"),
        ("tried_module", "^tried_module cannot be imported: SystemExit: 0"),
        (str(Path("nowhere.py").absolute()), "^The code file .*nowhere.py is missing"),
    ],
)
def test_a_target_that_cannot_be_imported_is_one_error(packages, target, said):
    (packages / "tried_module.py").write_text("raise SystemExit(0)")
    with pytest.raises(SgnsError, match=said):
        import_target(target)
