"""Code of users and of other packages, which registers alternatives in this process and in workers."""

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from spacy_sgns.errors import SgnsError
from spacy_sgns.registry import SLOTS, Choice

MAIN = {"__main__", "__mp_main__"}  # the program itself; `multiprocessing` runs it under the second name
loaded_code: dict[str, None] = {}  # the paths of the code files that were run, in order


class ImportTarget(NamedTuple):
    """What another process must import. module: a module's name, or the absolute path of a code file.

    qualname, slot, name: the factory in it, and where it is registered; empty for a code file that is only run.
    """

    module: str
    qualname: str = ""
    slot: str = ""
    name: str = ""


def import_code(path: str | Path) -> None:
    """Run a Python file for the alternatives that it registers. Raises SgnsError if it is missing or fails."""
    path = Path(path).absolute()
    name = str(path)  # a name that no import statement can use
    spec = importlib.util.spec_from_file_location(name, path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise SgnsError(f"The code file {path} is missing or not a Python file. Give the path of a .py file.")
    sys.modules[name] = module = importlib.util.module_from_spec(spec)  # dataclasses look up their module there
    loaded_code[name] = None
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name], loaded_code[name]
        raise SgnsError(f"The code file {path} ended in {type(error).__name__}: {error}") from error


def import_targets(*choices: Choice) -> list[ImportTarget] | None:
    """Return what another process must import for these alternatives; None if it cannot import one of them.

    A factory can be imported if it is a function or class at the top of a module or of a code file; one that is defined
    in the program itself, in a notebook or inside a function, or that is a `partial`, cannot. Installed packages need
    no import: entry points lead to their factories.
    """
    own = [choice for choice in choices if not SLOTS[choice.slot].advertised(choice.name)]
    targets = [target for target in map(_target, own) if target]
    if len(targets) < len(own):
        return None
    return [*map(ImportTarget, loaded_code), *targets] if own else []


def import_target(module: str, qualname: str = "", slot: str = "", name: str = "") -> None:
    """Import an `ImportTarget`, and register its factory unless the import did. Raises SgnsError if that fails."""
    found = _import(module)
    if name and SLOTS[slot].registered(name) is None:
        factory = _member(found, qualname)
        if factory is None:
            raise SgnsError(f"{module} has no {qualname}, the factory of {slot} {name}.")
        SLOTS[slot].register(name, func=factory)


def _target(choice: Choice) -> ImportTarget | None:
    factory = SLOTS[choice.slot].registered(choice.name)
    qualname = getattr(factory, "__qualname__", "")
    module = _module(factory, qualname)
    return ImportTarget(module, qualname, choice.slot, choice.name) if module else None


def _module(factory: Any, qualname: str) -> str:
    """Return the name or the path of the module that has a factory, or "" if another process cannot import it."""
    name, scope = getattr(factory, "__module__", None), getattr(factory, "__globals__", {})
    if not qualname or not name or name in MAIN:
        return ""
    if _member(sys.modules.get(name), qualname) is factory:
        return str(name)
    path = scope.get("__file__")  # of a file run under a name that no import finds, as by spaCy's own `--code`
    return str(Path(path).absolute()) if path and scope.get(qualname) is factory else ""


def _member(module: ModuleType | None, qualname: str) -> Any:
    """Return what a dotted name means in a module, or None."""
    found: Any = module
    for part in qualname.split("."):
        found = getattr(found, part, None)
    return found


def _import(name: str) -> ModuleType:
    if Path(name).is_absolute():
        if name not in loaded_code:
            import_code(name)
        return sys.modules[name]
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:  # whatever the module of another package raises
        raise SgnsError(f"{name} cannot be imported: {type(error).__name__}: {error}") from error
