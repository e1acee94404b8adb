"""Arrays shared by several processes, wherever there is space for them; nothing is left behind."""

import errno
import mmap
import os
import subprocess
import sys

import numpy as np
import pytest

from spacy_sgns.errors import SgnsError
from spacy_sgns.system import shared_memory as memory
from spacy_sgns.system.shared_memory import PAGE, mapped, private, shared

LAYOUT = {"a": ((300, 7), "f4"), "counts": ((5,), "i8"), "double": ((2, 3, 4), "f8")}
SIZE = 5 * PAGE  # three of them for the first array
unix = pytest.mark.skipif(os.name == "nt", reason="files without a name")


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Two folders: one in memory, and the work folder."""
    for name in ("memory", "work"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(memory, "IN_MEMORY", tmp_path / "memory")
    return tmp_path / "memory", tmp_path / "work"


def another(made):
    """Return the arrays as another process maps them, from the name and duplicates of the files."""
    return mapped(str(os.dup(int(made.name))), LAYOUT)


def folder_of(made):
    return os.path.dirname(os.readlink(f"/proc/self/fd/{made.name}"))


def open_files():
    return len(os.listdir("/dev/fd"))


def check_arrays(arrays):
    assert {name: (rows.shape, rows.dtype) for name, rows in arrays.items()} == {
        name: (shape, np.dtype(dtype)) for name, (shape, dtype) in LAYOUT.items()
    }
    assert all((rows == 0).all() and rows.flags.c_contiguous for rows in arrays.values())
    for number, rows in enumerate(arrays.values(), 1):
        rows[:] = number
    for number, rows in enumerate(arrays.values(), 1):
        assert (rows == number).all()  # none lies upon another


def test_private_arrays_are_zeros():
    check_arrays(private(LAYOUT))


def test_shared_arrays_are_zeros_on_pages_of_their_own(places):
    with shared(LAYOUT, places[1]) as made:
        check_arrays(made.memory)
        assert [rows.ctypes.data % PAGE for rows in made.memory.values()] == [0, 0, 0]


@unix
def test_who_maps_them_sees_what_others_write(places):
    with shared(LAYOUT, places[1]) as made:
        there = another(made)
        made.memory["a"][17] = 3
        there["double"][1, 2] = 4
        assert there["a"].sum() == 21 and made.memory["double"].sum() == 16
    assert there["a"].sum() == 21  # it may keep them
    there["counts"][:] = 1
    assert made.memory["counts"].sum() == 5


@unix
def test_another_process_maps_them(places):
    code = (
        f"from spacy_sgns.system.shared_memory import mapped\nimport sys\nmapped(sys.argv[1], {LAYOUT!r})['a'][:] += 2"
    )
    with shared(LAYOUT, places[1]) as made:
        made.memory["a"][:] = 1
        subprocess.run([sys.executable, "-c", code, made.name], pass_fds=made.files, check=True)
        assert (made.memory["a"] == 3).all()


@unix
def test_they_have_no_name_and_their_files_are_closed(places):
    before = open_files()
    with shared(LAYOUT, places[1]):
        assert [os.listdir(place) for place in places] == [[], []]
        assert open_files() > before
    assert open_files() == before
    with pytest.raises(RuntimeError), shared(LAYOUT, places[1]):
        raise RuntimeError
    assert open_files() == before


@unix
def test_mapping_needs_no_file_any_more(places):
    with shared(LAYOUT, places[1]) as made:
        number = os.dup(int(made.name))
        mapped(str(number), LAYOUT)
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(number)


@unix
@pytest.mark.parametrize("way", ["reserved", "written", "refused"])
def test_the_room_is_taken_at_once(places, monkeypatch, way):
    """Touching a page that was promised but cannot be provided kills the process."""

    def refuse(*_):
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    if way == "written":
        monkeypatch.delattr(os, "posix_fallocate", raising=False)
    if way == "refused":
        monkeypatch.setattr(os, "posix_fallocate", refuse, raising=False)
    with shared(LAYOUT, places[1]) as made:
        assert os.fstat(int(made.name)).st_size == SIZE
        assert os.fstat(int(made.name)).st_blocks * 512 >= SIZE
        check_arrays(made.memory)


on_linux = pytest.mark.skipif(not os.path.exists("/proc/self/fd"), reason="asks Linux where an open file lies")


@on_linux
def test_they_lie_in_memory_if_there_is_room(places):
    with shared(LAYOUT, places[1]) as made:
        assert folder_of(made) == str(places[0])


@on_linux
@pytest.mark.parametrize("trouble", ["absent", "full", "no folder"])
def test_they_lie_in_the_work_folder_if_there_is_none_in_memory(places, monkeypatch, trouble):
    reserve = os.posix_fallocate

    def full(file, *rest):
        if folder_of_file(file) == str(places[0]):
            raise OSError(errno.ENOSPC, "No space left on device")
        reserve(file, *rest)

    def folder_of_file(file):
        return os.path.dirname(os.readlink(f"/proc/self/fd/{file}"))

    if trouble == "full":
        monkeypatch.setattr(os, "posix_fallocate", full)
    else:
        places[0].rmdir()
    if trouble == "no folder":
        places[0].touch()
    with shared(LAYOUT, places[1]) as made:
        assert folder_of(made) == str(places[1])
        check_arrays(made.memory)


@unix
def test_without_room_anywhere_there_is_one_error_and_nothing_left(places, monkeypatch):
    resource = pytest.importorskip("resource")
    before, limits = open_files(), resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (SIZE - 1, limits[1]))
        with pytest.raises(SgnsError) as caught, shared(LAYOUT, places[1]):
            pass
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert str(caught.value) == (
        f"No space for the vectors: File too large. It needs 0 MB in {places[1]}, or in {places[0]}. Free some, or set "
        "workers to 1."
    )
    assert open_files() == before and [os.listdir(place) for place in places] == [[], []]


@pytest.mark.parametrize("trouble", [OSError(errno.EINVAL, "Invalid argument"), AttributeError("MADV_HUGEPAGE")])
def test_large_pages_are_no_condition(places, monkeypatch, trouble):
    class Refusing(mmap.mmap):
        def madvise(self, *_):
            raise trouble

    monkeypatch.setattr(mmap, "mmap", Refusing)
    with shared(LAYOUT, places[1]) as made:
        check_arrays(made.memory)


@unix
def test_standard_streams_that_are_closed_do_not_take_their_place(places):
    """A worker's standard streams are pipes: it could not inherit a file under these descriptors."""
    code = "\n".join(
        [
            "import os, sys",
            "from pathlib import Path",
            "from spacy_sgns.system.shared_memory import shared",
            "out = os.dup(1)",
            "for stream in range(3): os.close(stream)",
            f"with shared({{'a': ((9,), 'f4')}}, Path({str(places[1])!r})) as made: os.write(out, made.name.encode())",
        ]
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 2


@pytest.fixture
def windows(monkeypatch):
    """Memory identified by tags, as on Windows."""
    tagged, anonymous = {}, mmap.mmap

    def by_tag(number, size, tagname):
        assert number == -1
        return tagged.setdefault(tagname, anonymous(-1, size))

    monkeypatch.setattr(memory, "WINDOWS", True)
    monkeypatch.setattr(mmap, "mmap", by_tag)
    return tagged


def test_on_windows_they_are_found_by_a_tag(windows, tmp_path):
    with shared(LAYOUT, tmp_path) as made, shared(LAYOUT, tmp_path) as other:
        assert made.files == () and len(windows) == 2
        check_arrays(made.memory)
        assert mapped(made.name, LAYOUT)["counts"].tolist() == [2] * 5
        check_arrays(other.memory)


def test_on_windows_too_there_is_an_error_without_room(windows, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOMEM, "The paging file is too small")

    monkeypatch.setattr(mmap, "mmap", full)
    wanted = r"^No space for the vectors: The paging file is too small\. It needs 0 MB in memory\. Free some"
    with pytest.raises(SgnsError, match=wanted), shared(LAYOUT, tmp_path):
        pass
