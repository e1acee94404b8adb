"""A package of someone else's: it advertises an alternative by an entry point, and all else finds it by itself."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES, SAMPLE = (Path(__file__).parent.parent / name for name in ("examples", "spacy_sgns/sample/alice.txt"))
SETUP = """
from setuptools import setup

setup(
    name="own-softmax",
    version="1.0",
    py_modules=["own_softmax"],
    entry_points={"spacy_sgns_objectives": ["full_softmax.v1 = own_softmax:FullSoftmax"]},
)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder into which the package is installed, with nothing fetched from anywhere."""
    pytest.importorskip("setuptools", minversion="70.1", reason="older ones build wheels by another package")
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("target")
    (source / "setup.py").write_text(SETUP)
    (source / "own_softmax.py").write_text((EXAMPLES / "03_own_objective.py").read_text(encoding="utf8"))
    offline = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", *offline, "--target", str(target), str(source)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return target


def run(installed, *args, cwd):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(installed), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-m", "spacy", "sgns", *map(str, args)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def train(installed, folder, workers):
    """Return the rows that so many workers make with the objective, and the report."""
    flags = ["--unit", "paragraph", "--epochs", "2", "--dim", "16", "--chunks-per-step", "2", "--workers", workers]
    output = f"out{workers}"
    done = run(installed, "train", SAMPLE, output, "--objective", "full_softmax", *flags, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return (folder / output / "vocab" / "vectors").read_bytes(), json.loads(
        (folder / output / "sgns" / "report.json").read_text()
    )


def test_its_objective_trains_by_name_with_any_number_of_workers(installed, tmp_path):
    (one, _), (two, report) = (train(installed, tmp_path, workers) for workers in (1, 2))
    assert report["workers"] == 2
    assert report["settings"]["objective"] == {"name": "full_softmax.v1"}
    assert two == one


def test_it_goes_through_the_contract_of_all_alternatives(installed):
    """Where it is installed, these tests find it without being told."""
    code = "import sys; sys.path.insert(0, 'tests/training'); from test_contract import VARIANTS; print(VARIANTS)"
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    root = Path(__file__).parent.parent
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout.count("'full_softmax.v1'") >= 2


def test_without_it_the_name_is_unknown(tmp_path):
    done = run(tmp_path, "train", SAMPLE, "out", "--objective", "full_softmax", cwd=tmp_path)
    assert done.returncode == 2
    assert "Unknown objective 'full_softmax'. Registered: hierarchical_softmax.v1, negative_sampling.v1" in done.stderr
