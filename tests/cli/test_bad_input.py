"""Bad input, given to real commands: one clear line, exit code 1, nothing left behind."""

import gzip
import json
import os
import subprocess
import sys
from subprocess import PIPE

import pytest
import spacy
from spacy.tokens import DocBin

from tests.cli.typed import TEXT, real, tree

UNWRITABLE = "locked" if os.geteuid() else "/proc"  # the administrator may write anywhere but there


def make(folder):
    """Fill a folder with every kind of bad input."""
    for name in ("empty", "unreadable", "full", "locked", "temporary"):
        (folder / name).mkdir()
    (folder / "locked").chmod(0o555)
    (folder / "unreadable" / "a.pdf").write_text("x")
    (folder / "full" / "a.txt").write_text("x")
    (folder / "good.txt").write_text(TEXT)
    (folder / "cut.txt.gz").write_bytes(gzip.compress(TEXT.encode())[:-100])
    (folder / "latin.txt").write_bytes(TEXT.encode() + b"caf\xe9\n")
    (folder / "bad.jsonl").write_text('{"text": "good"}\n\n{"text": "bad\n')
    (folder / "rare.txt").write_text("every word stands here but once\n")
    (folder / "one.txt").write_text("echo\n" * 100)
    stored = DocBin(docs=spacy.blank("en").pipe(TEXT.splitlines())).to_bytes()
    (folder / "cut.spacy").write_bytes(stored[: len(stored) // 2])


CASES = {
    "missing file": (("nowhere.txt", "out"), "There is no file or folder nowhere.txt"),
    "nothing in the folder": (("empty", "out"), "The folder empty holds no file to read"),
    "nothing readable": (("unreadable", "out"), "The folder unreadable holds no file to read"),
    "broken gz": (("cut.txt.gz", "out"), "cut.txt.gz is damaged or cut short"),
    "invalid UTF-8": (("latin.txt", "out"), f"latin.txt is not valid UTF-8 at byte {len(TEXT) + 3}"),
    "invalid JSON": (("bad.jsonl", "out"), "bad.jsonl, line 3: not valid JSON"),
    "truncated DocBin": (("cut.spacy", "out"), "cut.spacy is not a complete DocBin file"),
    "no word at min_count": (("rare.txt", "deep/er/out"), "No word occurs min_count=5 times"),
    "one word only": (("one.txt", "out"), "The corpus has only one word"),
    "unwritable output": (("good.txt", f"{UNWRITABLE}/out"), f"{UNWRITABLE}/out"),
    "non-empty output": (("good.txt", "full"), "The output full is not empty"),
    "output is a file": (("good.txt", "one.txt"), "The output one.txt is a file"),
    "output inside a file": (("good.txt", "one.txt/out"), "one.txt/out"),
}


BATCH = """
import contextlib, io, json, os, sys, tempfile, traceback
from spacy.cli import setup_cli

ends = []
for folder, args in json.load(sys.stdin):
    os.chdir(folder)
    sys.argv[1:], tempfile.tempdir = ["sgns", "train", *args], os.path.join(folder, "temporary")
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as trouble:
        try:
            setup_cli()
        except SystemExit as end:
            code = end.code
        except BaseException:
            code = traceback.format_exc()
    ends.append((code, trouble.getvalue()))
print(json.dumps(ends))
"""


@pytest.fixture
def folder(tmp_path):
    make(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def ends(tmp_path_factory):
    """The end of the command in each case, and its folder before and after; one process runs all cases."""
    folders = {case: tmp_path_factory.mktemp("case") for case in CASES}
    for folder in folders.values():
        make(folder)
    before = {case: tree(folder) for case, folder in folders.items()}
    jobs = [(str(folders[case]), args) for case, (args, _) in CASES.items()]
    done = subprocess.run([sys.executable, "-c", BATCH], input=json.dumps(jobs), stdout=PIPE, text=True, check=True)
    found = zip(CASES, json.loads(done.stdout), strict=True)
    return {case: (code, said, before[case], tree(folders[case])) for case, (code, said) in found}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_ends_in_one_clear_line_and_leaves_nothing(ends, case):
    code, said, before, after = ends[case]
    assert code == 1
    assert said.startswith("Error: ")
    assert said.count("\n") == 1
    assert CASES[case][1] in said
    assert after == before


@pytest.mark.parametrize("case", ["broken gz", "no word at min_count", "output inside a file"])
def test_so_it_does_in_a_process_of_its_own(folder, case):
    before = tree(folder)
    args, said = CASES[case]
    done = real("train", *args, cwd=folder, env={"TMPDIR": str(folder / "temporary")})
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert said in done.stderr
    assert tree(folder) == before
