"""The resources of this machine: free memory, free disk space and cores."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MEMINFO = Path("/proc/meminfo")  # Linux
OWN_SIZE = Path("/proc/self/statm")
CGROUPS = (  # limit, use and statistics of a container's memory, for cgroup versions 2 and 1
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory.stat"),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
        "/sys/fs/cgroup/memory/memory.stat",
    ),
)


def free_memory() -> int | None:
    """Return the bytes of memory that this process and its children may still use; None if unknown.

    The minimum of the machine's available memory (or total memory, if that is unknown), of what is left of the
    container's limit, and of what is left of `ulimit -v`.
    """
    return min(_limits(), default=None)


def free_disk(place: Path) -> int | None:
    """Return the free bytes on the disk of `place`, which need not exist yet; None if unknown."""
    place = Path(os.path.abspath(place))
    with suppress(OSError):
        usage = shutil.disk_usage(next(path for path in (place, *place.parents) if path.exists()))
        return usage.free if usage.total else None  # some virtual file systems report 0
    return None


def shown_bytes(number: float) -> str:
    """Return a number of bytes in readable units."""
    if number < 1e7:
        return f"{number / 1e6:,.1f} MB"
    return f"{number / 1e6:,.0f} MB" if number < 1e9 else f"{number / 1e9:,.1f} GB"


def shown_duration(seconds: float) -> str:
    """Return a duration: `0.42 s`, `4.2 s`, and from ten seconds on `1:05` or `2:01:05`."""
    return f"{seconds:.2f} s" if seconds < 1 else f"{seconds:.1f} s" if seconds < 9.95 else shown_clock(seconds)


def shown_clock(seconds: float) -> str:
    """Return a duration in minutes and seconds, `1:05`, and from an hour on in hours too, `2:01:05`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _limits() -> Iterator[int]:
    """Yield the bytes left under each known limit."""
    with suppress(OSError, ValueError, KeyError):
        yield _numbers(MEMINFO)["MemAvailable:"] * 1024
    with suppress(AttributeError, OSError, ValueError):  # total memory, if the available memory is unknown
        yield os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for limit, current, stat in CGROUPS:
        with suppress(OSError, ValueError):  # no container, or "max"
            droppable = _numbers(Path(stat)).get("inactive_file", 0)
            yield max(0, int(Path(limit).read_text()) - int(Path(current).read_text()) + droppable)
    with suppress(ImportError, OSError, ValueError):  # only Linux has `OWN_SIZE`
        import resource

        most, _ = resource.getrlimit(resource.RLIMIT_AS)
        if most != resource.RLIM_INFINITY:
            yield max(0, most - int(OWN_SIZE.read_text().split()[0]) * resource.getpagesize())


def _numbers(path: Path) -> dict[str, int]:
    """Return the numbers by name in a file of lines `NAME NUMBER`."""
    lines = (line.split() for line in path.read_text(encoding="ascii", errors="replace").splitlines())
    return {line[0]: int(line[1]) for line in lines if len(line) > 1}


QUOTAS = ("/sys/fs/cgroup/cpu.max", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us")  # of a container, cgroup versions 2 and 1


def available_cores() -> int:
    """Return the number of cores that this process may use, by its affinity and the quota of its container."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(1, min(cores, *(_quota(Path(path), cores) for path in QUOTAS)))


def worker_count(workers: int | str) -> int:
    """Return the number of processes that the setting `workers` stands for: with "auto", all available cores."""
    return available_cores() if workers == "auto" else int(workers)


def _quota(path: Path, cores: int) -> int:
    """Return the number of whole cores that a container's quota allows; `cores` if there is no quota."""
    try:
        quota, *period = path.read_text().split()
        period = period or [path.with_name("cpu.cfs_period_us").read_text()]
        return int(quota) // int(period[0]) if int(quota) > 0 else cores
    except (OSError, ValueError, ZeroDivisionError):  # no container, or "max"
        return cores
