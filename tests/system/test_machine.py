"""Free memory, free disk space and cores."""

import os
import subprocess
import sys

import pytest

from spacy_sgns.system import machine
from spacy_sgns.system.machine import available_cores, free_disk, free_memory, shown_bytes, shown_clock, shown_duration

GIB = 1 << 30


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A machine on which only the files of this folder are known."""
    monkeypatch.setattr(machine, "MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(machine, "CGROUPS", [tuple(str(tmp_path / name) for name in ("max", "current", "stat"))])
    monkeypatch.setattr(os, "sysconf", lambda name: 64 * GIB if name == "SC_PHYS_PAGES" else 1, raising=False)
    return tmp_path


def test_there_is_some_memory_and_disk(tmp_path):
    assert free_memory() is None or free_memory() > 1 << 20
    assert free_disk(tmp_path) > 0


def test_a_place_that_is_still_to_be_made_is_on_the_disk_of_its_parents(tmp_path):
    assert free_disk(tmp_path / "not" / "yet") == pytest.approx(free_disk(tmp_path), rel=0.1)


def test_what_is_no_disk_tells_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"total": 0, "used": 0, "free": 0}))
    assert free_disk(tmp_path) is None


def test_all_there_is_where_more_is_not_told(bare):
    assert free_memory() == 64 * GIB


def test_what_is_available_where_it_is_told(bare):
    (bare / "meminfo").write_text("MemTotal: 100 kB\nMemFree: 9 kB\nMemAvailable:   50 kB\n")
    assert free_memory() == 50 * 1024


def test_the_limit_of_a_container(bare):
    (bare / "max").write_text(f"{2 * GIB}\n")
    (bare / "current").write_text(f"{GIB}\n")
    (bare / "stat").write_text(f"anon 5\ninactive_file {GIB // 2}\n")
    assert free_memory() == 3 * GIB // 2


def test_a_container_without_limit(bare):
    (bare / "max").write_text("max\n")
    (bare / "current").write_text(f"{GIB}\n")
    (bare / "stat").write_text("")
    assert free_memory() == 64 * GIB


def test_nothing_is_told_anywhere(bare, monkeypatch):
    monkeypatch.delattr(os, "sysconf")
    assert free_memory() is None


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is on address space, whose use only Linux tells")
def test_a_limit_of_the_shell():
    code = "from spacy_sgns.system.machine import free_memory; print(free_memory())"
    done = subprocess.run(
        ["sh", "-c", 'ulimit -v 2000000 && exec "$0" -c "$1"', sys.executable, code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert 0 < int(done.stdout) < 2000000 * 1024


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0.0 MB"), (2_340_000, "2.3 MB"), (45e6, "45 MB"), (1.25e9, "1.2 GB"), (3e13, "30,000.0 GB")],
)
def test_bytes_for_people(number, said):
    assert shown_bytes(number) == said


# How many cores there are


@pytest.fixture
def cores_of(monkeypatch, tmp_path):
    """Set the machine's cores, those that this process may use, and the content of the quota files by name."""

    def says(cores=8, allowed=None, **files):
        monkeypatch.setattr(os, "cpu_count", lambda: cores)
        if allowed is None:
            monkeypatch.delattr(os, "sched_getaffinity", raising=False)
        else:
            monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(allowed)), raising=False)
        for name, text in files.items():
            (tmp_path / name.replace("_dot_", ".")).write_text(text)
        monkeypatch.setattr(machine, "QUOTAS", [str(tmp_path / "cpu.max"), str(tmp_path / "cpu.cfs_quota_us")])

    return says


@pytest.mark.parametrize(
    ("said", "cores"),
    [
        ({}, 8),
        ({"cores": None}, 1),
        ({"allowed": 3}, 3),
        ({"cpu_dot_max": "max 100000\n"}, 8),
        ({"cpu_dot_max": "200000 100000\n"}, 2),
        ({"cpu_dot_max": "250000 100000\n"}, 2),
        ({"cpu_dot_max": "50000 100000\n"}, 1),
        ({"cpu_dot_max": "6400000 100000\n"}, 8),
        ({"cpu_dot_max": "400000 100000\n", "allowed": 3}, 3),
        ({"cpu_dot_max": ""}, 8),
        ({"cpu_dot_max": "what is this"}, 8),
        ({"cpu_dot_cfs_quota_us": "-1\n", "cpu_dot_cfs_period_us": "100000\n"}, 8),
        ({"cpu_dot_cfs_quota_us": "400000\n", "cpu_dot_cfs_period_us": "100000\n"}, 4),
        ({"cpu_dot_cfs_quota_us": "400000\n"}, 8),
        ({"cpu_dot_cfs_quota_us": "400000\n", "cpu_dot_cfs_period_us": "0\n"}, 8),
    ],
)
def test_cores_are_those_that_this_process_may_use(cores_of, said, cores):
    cores_of(**said)
    assert available_cores() == cores


def test_cores_of_this_machine():
    assert 1 <= available_cores() <= (os.cpu_count() or 1)


@pytest.mark.parametrize(
    ("seconds", "duration", "clock"),
    [
        (0, "0.00 s", "0:00"),
        (0.416, "0.42 s", "0:00"),
        (4.16, "4.2 s", "0:04"),
        (9.96, "0:10", "0:10"),
        (59.7, "1:00", "1:00"),
        (65, "1:05", "1:05"),
        (3599.6, "1:00:00", "1:00:00"),
        (7265, "2:01:05", "2:01:05"),
        (3.6e6, "1,000:00:00", "1,000:00:00"),
    ],
)
def test_durations_are_shown_in_minutes_and_seconds_and_short_ones_in_seconds(seconds, duration, clock):
    assert (shown_duration(seconds), shown_clock(seconds)) == (duration, clock)
