"""Commands in processes of their own: pipes, Ctrl-C, and an environment without this package."""

import os
import signal
import site
import subprocess
import sys
from pathlib import Path

import pytest
import spacy

from tests.cli.typed import QUICK, TEXT, real, tree

ABSENT = """
import sys, spacy
from importlib.util import find_spec
assert find_spec("spacy_sgns") is None
for path in sys.argv[1:]:
    nlp = spacy.load(path)
    small, large, _, unknown = nlp("bamon Bamon BAMON nowhere")
    print(nlp.pipe_names, unknown.has_vector, round(small.similarity(large), 6))
"""


@pytest.fixture(scope="module")
def without(tmp_path_factory):
    """A folder with links to all installed packages but this one."""
    folder = tmp_path_factory.mktemp("packages")
    for packages in map(Path, {*site.getsitepackages(), os.path.dirname(os.path.dirname(spacy.__file__))}):
        for entry in packages.iterdir() if packages.is_dir() else ():
            ours = "spacy_sgns" in entry.name or "spacy-sgns" in entry.name or entry.suffix == ".pth"
            if not ours and not (folder / entry.name).exists():
                (folder / entry.name).symlink_to(entry)
    return folder


def test_a_pipeline_without_the_component_loads_where_this_package_is_absent(tmp_path, trained, without):
    (tmp_path / "corpus.txt").write_text(TEXT)
    assert real("train", "corpus.txt", "with", "--component", *QUICK, cwd=tmp_path).returncode == 0
    command = [sys.executable, "-S", "-c", ABSENT, str(trained), "with"]
    environment = {**os.environ, "PYTHONPATH": str(without)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "[] False 1.0\n"  # and the last one does not load there
    assert "Can't find factory for 'sgns'" in done.stderr


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="signals as on Unix")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_ends_in_one_line_and_leaves_nothing(tmp_path, how):
    (tmp_path / "corpus.txt").write_text(TEXT * 50)
    before = tree(tmp_path)
    command = [sys.executable, "-m", "spacy", "sgns", "train", "corpus.txt", "deep/out", "--epochs", "100000"]
    command += ["--checkpoint-every", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        while line := run.stdout.readline():
            if line.startswith("epoch 1/"):
                break
        assert (tmp_path / "deep" / "out.work").is_dir()
        run.send_signal(how)
        _, trouble = run.communicate(timeout=60)
    assert (run.returncode, trouble) == (130, "Error: Interrupted; nothing was written.\n")
    assert tree(tmp_path) == before


def test_standard_input_is_a_corpus_and_a_closed_pipe_no_disaster(tmp_path):
    (tmp_path / "corpus.txt").write_text(TEXT)
    shell = f"{sys.executable} -m spacy sgns train - piped --dim 4 --epochs 300 < corpus.txt | head -n 2"
    done = subprocess.run(shell, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["Read 120 texts, 1,440 tokens", "Kept 20 words, 1,440 tokens"]
    for trouble in ("Traceback", "Exception ignored", "Broken pipe"):
        assert trouble not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="a shell that closes streams")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-"])
def test_closed_streams_do_no_harm(tmp_path, closed):
    (tmp_path / "corpus.txt").write_text(TEXT)
    command = [f"'{sys.executable}'", "-m", "spacy", "sgns", "train", "corpus.txt", "out", *QUICK, closed]
    result = subprocess.run(
        ["bash", "-c", " ".join(command)], cwd=tmp_path, check=False, capture_output=True, text=True
    )
    assert (result.returncode, "Traceback" in result.stderr) == (0, False)
    assert spacy.load(tmp_path / "out").vocab.vectors.n_keys
