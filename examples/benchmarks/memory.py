"""Peak memory of a process and all below it, shared memory counted once (Linux).

Counted is what the programs made: anonymous and shared memory, each page divided by the number of processes that have
it. Files that are mapped, as the code of libraries, are not: the system drops and reads them as it likes.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")
INTERVAL = 0.2  # seconds between two looks
COUNTED = ("Pss_Anon:", "Pss_Shmem:")


def peak_until_end(process: subprocess.Popen) -> int | None:
    """Wait for a process; return its peak memory in bytes, or None if the system does not report it."""
    peak = 0
    while True:
        peak = max(peak, sum(map(used, tree(process.pid))))
        try:
            process.wait(INTERVAL)
            return peak or None
        except subprocess.TimeoutExpired:
            pass


def tree(pid: int) -> Iterator[int]:
    """Yield a process and all below it."""
    yield pid
    for children in (PROC / str(pid) / "task").glob("*/children"):
        for child in _read(children).split():
            yield from tree(int(child))


def used(pid: int) -> int:
    """Return the bytes of a process, 0 if it has ended."""
    lines = _read(PROC / str(pid) / "smaps_rollup").splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(COUNTED))


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
