"""The machine, versions and code of a measurement."""

import os
import platform
import subprocess
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

PACKAGE = Path(find_spec("spacy_sgns").origin).parent  # not imported: it would count in the memory of those that do not
PACKAGES = ("numpy", "spacy", "gensim", "floret")


@cache
def machine() -> dict[str, str | int]:
    """Return the processor, the number of cores available to this process, the memory and the system."""
    return {
        "processor": _processor(),
        "cores": len(cores()),
        "memory": f"{_memory() / 2**30:.0f} GiB" if _memory() else "",
        "system": platform.system(),
    }


def cores() -> list[int]:
    """Return the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def versions(packages: Iterable[str] = PACKAGES) -> dict[str, str]:
    """Return the versions of Python and of those packages that are installed."""
    found = {"Python": platform.python_version()}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


@cache
def code(*rooms: str) -> str:
    """Return a digest of this package's code, or of some modules and folders: when it changes, all is measured anew."""
    digest = sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        if not rooms or path.relative_to(PACKAGE).parts[0].removesuffix(".py") in rooms:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


@cache
def commit() -> str:
    """Return the last commit that touched the package, with a plus if there are changes since; empty outside of git."""
    return _git("log", "-1", "--format=%h", "--", ".") + ("+" if _git("status", "--porcelain", "--", ".") else "")


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=PACKAGE, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())


def _memory() -> int:
    names = getattr(os, "sysconf_names", {})
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if "SC_PHYS_PAGES" in names else 0
