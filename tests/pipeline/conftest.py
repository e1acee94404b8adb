"""Fixtures for tests of the pipeline."""

import os
import subprocess
import sys

import pytest
import spacy

from tests.pipeline.tiny_corpus import QUICK, TEXTS


@pytest.fixture(scope="session")
def made():
    """A pipeline trained on `TEXTS`, shared by all tests: do not change it."""
    nlp = spacy.blank("en")
    nlp.add_pipe("sgns", config=QUICK).train(spacy.blank("en").pipe(TEXTS))
    return nlp


@pytest.fixture
def corpus(tmp_path):
    """`TEXTS`, one per line of a file."""
    path = tmp_path / "corpus.txt"
    path.write_text("\n".join(TEXTS), encoding="utf8")
    return path


@pytest.fixture
def run(tmp_path):
    """A function that runs Python with arguments in the test's folder and returns what it printed."""

    def run(*args, fails=False, **environment):
        done = subprocess.run(
            [sys.executable, *map(str, args)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONUTF8": "1", **environment},
            capture_output=True,
            encoding="utf8",
            check=False,
        )
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run
