import os
import subprocess
import sys
import tracemalloc
from contextlib import contextmanager
from pathlib import Path

import pytest

from spacy_sgns.errors import SgnsError
from spacy_sgns.runs.work_folder import LOCK, REPLACED, RUN, put, work_folder
from spacy_sgns.system.files import read_lines, read_text, written_beside, written_through

WORKING = """
import sys, time
from pathlib import Path
from spacy_sgns.runs.work_folder import work_folder
with work_folder(Path(sys.argv[1])) as folder:
    (folder / "ids.i32").write_text("half")
    (folder / "pipeline").mkdir()
    (folder / "pipeline" / "meta.json").write_text("{}")
    print("working", flush=True)
    time.sleep(60)
"""


def refused(text):
    return pytest.raises(SgnsError, match=text)


@contextmanager
def another_run(output):
    """Another process that writes `output`, and is killed at the end."""
    run = subprocess.Popen([sys.executable, "-c", WORKING, str(output)], stdout=subprocess.PIPE, text=True)
    try:
        assert run.stdout.readline() == "working\n"
        yield
    finally:
        run.kill()
        run.wait()
        run.stdout.close()


def test_a_file_takes_its_name_when_it_is_whole(tmp_path):
    path = tmp_path / "a.vec"
    path.write_text("old")
    with written_beside(path) as beside:
        beside.write_text("new")
        assert path.read_text() == "old"
        assert beside.parent == tmp_path
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, SgnsError])
def test_a_file_that_is_not_finished_leaves_the_old_one(tmp_path, error):
    path = tmp_path / "a.vec"
    path.write_text("old")
    with pytest.raises(error), written_beside(path) as beside:
        beside.write_text("half")
        raise error
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_still_leads_to_the_file(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    link, file = tmp_path / "a.vec", tmp_path / "elsewhere" / "b.vec"
    link.symlink_to(file)
    with written_beside(link) as beside:
        beside.write_text("new")
    assert link.is_symlink()
    assert file.read_text() == "new"
    assert list((tmp_path / "elsewhere").iterdir()) == [file]


@pytest.mark.parametrize("name", ["missing/a.vec", "file/a.vec", "folder", "", ".", "a" * 300])
def test_a_place_that_cannot_be_written_is_one_error(tmp_path, name):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with refused(r"^Cannot write .*") as error, written_beside(tmp_path / name) as beside:
        beside.write_text("new")
    assert str(tmp_path / name) in str(error.value)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder"]


def test_a_device_is_not_replaced():
    """Root could write there."""
    with refused("Cannot write /dev/null"), written_beside(Path("/dev/null")):
        pytest.fail("it must not come to that")
    assert not Path("/dev/null").is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="wants a device that is always full")
def test_a_full_disk_is_one_error(tmp_path):
    with refused(r"^Cannot write .*a\.vec: No space left on device"), written_beside(tmp_path / "a.vec") as beside:
        beside.symlink_to("/dev/full")
        with beside.open("w") as file:
            file.write("new")
    assert not list(tmp_path.iterdir())


def test_a_work_folder_is_beside_the_output_and_gone_afterwards(tmp_path):
    with work_folder(tmp_path / "model") as folder:
        assert folder == tmp_path / "model.work"
        (folder / "ids.i32").write_text("")
        (folder / "pipeline" / "vocab").mkdir(parents=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, SgnsError, SystemExit])
def test_a_work_folder_is_gone_after_an_error(tmp_path, error):
    with pytest.raises(error), work_folder(tmp_path / "new" / "deep" / "model") as folder:
        (folder / "ids.i32").write_text("")
        raise error
    assert not list(tmp_path.iterdir())


def test_parents_stay_where_the_output_is(tmp_path):
    output = tmp_path / "new" / "deep" / "model"
    with work_folder(output) as folder:
        (folder / "pipeline").mkdir()
        os.replace(folder / "pipeline", output)
    assert output.is_dir()
    assert list(output.parent.iterdir()) == [output]


def test_a_work_folder_that_the_user_deletes_is_gone(tmp_path):
    with work_folder(tmp_path / "model") as folder:
        (folder / LOCK).unlink()
        folder.rmdir()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("output", [".", "sub/..", "sub/"])
def test_a_work_folder_beside_a_relative_output(tmp_path, monkeypatch, output):
    (tmp_path / "here" / "sub").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    with work_folder(Path(output)) as folder:
        expected = "here/sub.work" if output == "sub/" else "here.work"
        assert folder == tmp_path / expected


def test_without_output_the_folder_is_temporary():
    with work_folder(None) as folder:
        assert folder.is_dir()
        (folder / "sub").mkdir()
        (folder / "sub" / "ids.i32").write_text("")
    assert not folder.exists()


def test_no_temporary_folder_is_one_error(monkeypatch):
    def full(prefix):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkdtemp", full)
    with refused(r"^Cannot create a temporary folder: No space left on device\. Set TMPDIR"), work_folder(None):
        pass


def test_two_runs_at_once_are_one_error_and_a_killed_one_is_cleared_away(tmp_path):
    output, told = tmp_path / "model", []
    with another_run(output):
        with refused(r"^Another run is writing .*model \(its work folder is"), work_folder(output):
            pass
        assert (tmp_path / "model.work" / "ids.i32").read_text() == "half"
    assert (tmp_path / "model.work" / "ids.i32").exists()
    with work_folder(output, warn=told.append) as folder:
        assert [path.name for path in folder.iterdir()] == [LOCK]
    assert not list(tmp_path.iterdir())
    assert told == [f"{folder} was left behind by a run that did not end properly, and has been emptied."]


def test_two_runs_in_one_process_are_one_error(tmp_path):
    with work_folder(tmp_path / "model") as folder:
        with refused("Another run is writing"), work_folder(tmp_path / "model"):
            pass
        assert folder.is_dir()
    with work_folder(tmp_path / "model"):
        pass


def test_nothing_is_told_of_a_fresh_folder(tmp_path):
    told = []
    (tmp_path / "model.work").mkdir()
    with work_folder(tmp_path / "model", warn=told.append):
        pass
    assert not told


def test_somebody_elses_folder_is_left_alone(tmp_path):
    (tmp_path / "model.work").mkdir()
    (tmp_path / "model.work" / "thesis.txt").write_text("three years")
    with refused(r"needed as the work folder, but is not one\. Move it"), work_folder(tmp_path / "model"):
        pass
    assert (tmp_path / "model.work" / "thesis.txt").read_text() == "three years"


@pytest.mark.parametrize("name", ["file/model", "taken", "a" * 254])
def test_a_place_where_no_folder_can_be_is_one_error(tmp_path, name):
    (tmp_path / "file").write_text("")
    (tmp_path / "taken.work").write_text("")
    with refused(r"^Cannot work in .*Choose another output\.$"), work_folder(tmp_path / name):
        pass
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "taken.work"]


def test_lines_are_read_or_it_is_said_why_not(tmp_path):
    (tmp_path / "good.txt").write_bytes("\ufeffcaf\u00e9\r\nth\u00e9".encode())
    assert read_lines(tmp_path / "good.txt") == ["caf\u00e9", "th\u00e9"]
    (tmp_path / "latin.txt").write_bytes("caf\u00e9".encode("latin1"))
    with refused("latin.txt is not UTF-8: byte 3 cannot be read"):
        read_lines(tmp_path / "latin.txt")
    for path in (tmp_path / "nowhere.txt", tmp_path):
        with refused(f"Cannot read {path}: "):
            read_lines(path)


KILLED = """
import os, sys
from pathlib import Path
from spacy_sgns.runs.work_folder import RUN, put, work_folder
output, real, calls = Path(sys.argv[1]), os.replace, []
def replace(*names):
    calls.append(names)
    if len(calls) == 2:
        os._exit(9)
    real(*names)
with work_folder(output) as folder:
    (folder / RUN).write_text("{}")
    (folder / "pipeline").mkdir()
    os.replace = replace
    put(folder / "pipeline", output, folder)
"""


def test_an_output_that_had_lost_its_name_when_the_run_was_killed_gets_it_back(tmp_path):
    output = tmp_path / "model"
    output.mkdir()
    (output / "meta.json").write_text("{}")
    assert subprocess.run([sys.executable, "-c", KILLED, str(output)], check=False).returncode == 9
    assert not output.exists() and (tmp_path / "model.work" / REPLACED / "meta.json").exists()
    with work_folder(output, keep=True) as folder:
        assert [path.name for path in output.iterdir()] == ["meta.json"]
        assert not (folder / REPLACED).exists()
    assert list(tmp_path.iterdir()) == [output]


def test_a_folder_takes_the_place_of_another_or_leaves_it(tmp_path, monkeypatch):
    made, output, folder = tmp_path / "made", tmp_path / "model", tmp_path / "model.work"
    for path, name in ((made, "new"), (output, "old")):
        path.mkdir()
        (path / name).write_text("")
    folder.mkdir()
    real, calls = os.replace, []

    def replace(*names):
        calls.append(names)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        real(*names)

    with monkeypatch.context() as patched, pytest.raises(OSError, match="No space"):
        patched.setattr("os.replace", replace)
        put(made, output, folder)
    assert [path.name for path in output.iterdir()] == ["old"]
    put(made, output, folder)
    assert [path.name for path in output.iterdir()] == ["new"]
    assert not list(folder.iterdir())


def test_a_run_that_can_go_on_stays_after_an_error_and_is_not_thrown_away(tmp_path):
    output, told = tmp_path / "model", []
    with pytest.raises(ValueError, match="ours"), work_folder(output) as folder:
        (folder / RUN).write_text("{}")
        (folder / "ids.i32").write_text("kept")
        raise ValueError("ours")
    assert (folder / "ids.i32").read_text() == "kept" and (folder / LOCK).exists()
    can_go_on = r"holds an unfinished run: resume it with --resume, or start over with --force\."
    with refused(can_go_on), work_folder(output):
        pass
    with work_folder(output, keep=True, warn=told.append) as folder:
        assert (folder / "ids.i32").read_text() == "kept"
        assert not told
        (folder / "ids.i32").unlink()
    assert not list(tmp_path.iterdir())


def test_a_run_that_can_go_on_is_started_over_by_force(tmp_path):
    output, told = tmp_path / "model", []
    (tmp_path / "model.work").mkdir()
    for name in (LOCK, RUN, "ids.i32"):
        (tmp_path / "model.work" / name).write_text("")
    with work_folder(output, force=True, warn=told.append) as folder:
        assert [path.name for path in folder.iterdir()] == [LOCK]
    assert len(told) == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_a_file_written_through_is_whole_or_not_there(tmp_path, error):
    path = tmp_path / "run.json"
    with written_through(path) as file:
        file.write(b"first")
        assert not path.exists()
    with pytest.raises(error), written_through(path) as file:
        file.write(b"second")
        raise error
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_too_large_for_a_list_is_one_error(tmp_path, monkeypatch):
    monkeypatch.setattr("spacy_sgns.system.files.MAX_LIST_BYTES", 1 << 20)
    (tmp_path / "a.txt").write_bytes(b"x\n" * (1 << 19))
    assert len(read_lines(tmp_path / "a.txt")) == 1 << 19
    with (tmp_path / "a.txt").open("ab") as file:
        file.truncate(1 << 40)  # a hole, that takes no place on the disk
    tracemalloc.start()
    with refused(r"a\.txt has more than 1 MiB, too much for a list"):
        read_lines(tmp_path / "a.txt")
    assert tracemalloc.get_traced_memory()[1] < 4 << 20
    tracemalloc.stop()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="wants pipes with names")
def test_pipes_and_devices_are_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        for read in (read_lines, read_text):
            with refused(f"{path} is not a file, but a pipe, a socket or a device"):
                read(path)
