"""The three ways into `spacy train`, and the package, as the guide prints them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import spacy

from spacy_sgns.pipeline.load import open_record
from tests.guide.pages import EXAMPLES, GUIDE, fences, load

REFRESH = load(EXAMPLES / "refresh.py")
PAGE = GUIDE / "spacy.md"
DATA, *WAYS = (code for code in fences(PAGE, "sh") if "train.spacy" in code)
PACKAGE = [line for code in fences(PAGE, "sh not-run") for line in code.splitlines()]
WITHOUT_PLUGIN = Path(__file__).parent.parent / "pipeline" / "without_plugin.py"


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """A folder with what the page has made before: `alice` and the labelled texts."""
    folder = tmp_path_factory.mktemp("given")
    REFRESH.run_shell(f"{REFRESH.START} && {DATA}", folder)
    return folder


@pytest.fixture
def place(given, tmp_path):
    shutil.copytree(given, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_the_page_has_three_ways():
    assert ["ready.cfg" in WAYS[0], "callback.cfg" in WAYS[1], "component.cfg" in WAYS[2]] == [True] * 3
    assert len(WAYS) == 3 and all(code.count("--optimize") == 1 for code in WAYS)


@pytest.mark.parametrize("optimize", ["efficiency", pytest.param("accuracy", marks=pytest.mark.slow)])
@pytest.mark.parametrize("way", WAYS, ids=["ready", "callback", "component"])
def test_it_runs_as_printed_for_both_ways_to_optimize(place, way, optimize):
    output = re.search(r"--output \./(\w+)", way)[1]
    command = re.sub(r"--optimize \w+", f"--optimize {optimize}", way)
    shell = ["bash", "-e", "-o", "pipefail", "-c", command]
    done = subprocess.run(shell, cwd=place, env=REFRESH.VARIABLES, capture_output=True, encoding="utf8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SgnsWarning" not in done.stderr
    nlp = spacy.load(place / output / "model-best")
    layer = next(layer for layer in nlp.get_pipe("tok2vec").model.walk() if layer.name == "static_vectors")
    assert layer.get_dim("nM") == nlp.vocab.vectors.shape[1] and nlp("Rabbit")[0].has_vector
    if output != "ready":
        assert "[INFO] sgns: read 819 texts" in done.stderr
        assert open_record(str(place / output / "model-best")).report["corpus"]["texts"] == 819


@pytest.mark.slow
def test_a_package_is_built_installed_and_loaded_as_printed_without_this_package(place):
    """Without a network: pip's flags for that, and the installed setuptools, are added to the lines of the page."""
    package, wheel, install = (line.split()[1:] for line in PACKAGE)
    wheel += ["--no-build-isolation", "--no-index"]
    install += ["--no-deps", "--no-index", "--target", "site"]
    packages = os.path.dirname(os.path.dirname(spacy.__file__))
    for arguments, path in ((package, ""), (wheel, packages), (install, "")):
        environment = {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"}
        done = subprocess.run(
            [sys.executable, *arguments], cwd=place, env=environment, capture_output=True, encoding="utf8", check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    environment = {**os.environ, "PYTHONPATH": "site"}
    loads = [sys.executable, str(WITHOUT_PLUGIN), "en_alice", "again"]
    done = subprocess.run(loads, cwd=place, env=environment, capture_output=True, encoding="utf8", check=False)
    assert done.stdout == "['Cat', 'CAT']\n", done.stderr
    asks = [sys.executable, "-m", "spacy", "sgns", "similar", "en_alice", "rabbit", "-n", "1"]
    done = subprocess.run(asks, cwd=place, env=environment, capture_output=True, encoding="utf8", check=False)
    assert re.search(r"^white +0\.\d+ +30$", done.stdout, re.MULTILINE), done.stdout + done.stderr
