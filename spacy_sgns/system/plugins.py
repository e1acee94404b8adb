"""Code of other packages and of users, which registers alternatives here and in worker processes."""

import importlib
import importlib.util
import sys
from pathlib import Path

from spacy_sgns.errors import SgnsError
from spacy_sgns.registry import SLOTS, Choice

loaded_code: dict[str, None] = {}  # the code files that were run, in order


def import_code(path: str | Path) -> None:
    """Run a Python file, for what it registers. Raises SgnsError if it is missing or fails."""
    path = Path(path).absolute()
    name = str(path)  # no name that an import could ask for
    spec = importlib.util.spec_from_file_location(name, path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise SgnsError(f"The code file {path} is missing or no Python file. Give the path of a .py file.")
    sys.modules[name] = module = importlib.util.module_from_spec(spec)  # where dataclasses look for their module
    loaded_code[name] = None
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name], loaded_code[name]
        raise SgnsError(f"The code file {path} ended in {type(error).__name__}: {error}") from error


def import_targets(*choices: Choice) -> list[str] | None:
    """Return what another process must give to `import_target` to have these alternatives too; None if that is in vain.

    It is where one of them was registered in a notebook, or by the program that was started itself.
    """
    own = [choice for choice in choices if not SLOTS[choice.slot].advertised(choice.name)]
    found = [SLOTS[choice.slot].home(choice.name) for choice in own]
    if not all(found):
        return None
    return list(dict.fromkeys([*loaded_code, *found])) if own else []


def import_target(name: str) -> None:
    """Import a module by name, or a code file by its path. Raises SgnsError if it fails."""
    if Path(name).is_absolute():
        return import_code(name)
    try:
        importlib.import_module(name)
    except (Exception, SystemExit) as error:  # whatever the module of another package does
        raise SgnsError(f"{name} cannot be imported: {type(error).__name__}: {error}") from error
