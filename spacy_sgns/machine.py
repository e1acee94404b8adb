"""What this machine has for a run: memory that may be used, and room on a disk."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MEMINFO = Path("/proc/meminfo")  # Linux
OWN_SIZE = Path("/proc/self/statm")
CGROUPS = (  # of a container, version 2 and 1: its limit, what is used, and what of that are files that can be dropped
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory.stat"),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
        "/sys/fs/cgroup/memory/memory.stat",
    ),
)


def free_memory() -> int | None:
    """Return the bytes of memory that this process and others that it starts may still take; None if not known.

    The least of what the machine has available, what its container's limit leaves, and what `ulimit -v` leaves.
    """
    return min(_limits(), default=None)


def free_disk(place: Path) -> int | None:
    """Return the free bytes on the disk where `place` is, or would be made; None if not known."""
    place = Path(os.path.abspath(place))
    with suppress(OSError):
        return shutil.disk_usage(next(path for path in (place, *place.parents) if path.exists())).free
    return None


def _limits() -> Iterator[int]:
    available = _available()
    if available is not None:
        yield available
    for limit, current, stat in CGROUPS:
        with suppress(OSError, ValueError):  # no container, or "max"
            droppable = _named(Path(stat), "inactive_file")
            yield max(0, int(_read(limit)) - int(_read(current)) + droppable)
    with suppress(ImportError, OSError, ValueError):  # Windows has no such limit, other systems no such file
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit != resource.RLIM_INFINITY:
            yield max(0, limit - int(OWN_SIZE.read_text().split()[0]) * resource.getpagesize())


def _available() -> int | None:
    """Return the bytes that can be had without swapping where the system says so, else all there are."""
    with suppress(OSError, ValueError, StopIteration):
        return _named(MEMINFO, "MemAvailable:", missing=None) * 1024
    with suppress(AttributeError, OSError, ValueError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return None


def _named(path: Path, name: str, missing: int | None = 0) -> int:
    """Return the number that stands after a name in a file of names and numbers. Raises StopIteration if none does."""
    values = (int(line.split()[1]) for line in _read(path).splitlines() if line.split()[:1] == [name])
    return next(values) if missing is None else next(values, missing)


def _read(path: str | Path) -> str:
    return Path(path).read_text(encoding="ascii", errors="replace")
