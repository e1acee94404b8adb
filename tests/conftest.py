"""Markers, and what several rooms' tests share."""

import os
from pathlib import Path

import pytest
import spacy

SAMPLE = Path(__file__).parent.parent / "spacy_sgns" / "sample" / "alice.txt"


def pytest_addoption(parser):
    parser.addoption("--slow", action="store_true", help="run the tests that take long")


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--slow"):
        for item in items:
            if "slow" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="takes long; run with --slow"))
    if "fuzz" not in config.getoption("markexpr"):
        for item in items:
            if "fuzz" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="takes minutes; run with -m fuzz"))


@pytest.fixture
def shared():
    """The folder of the large corpora, which are not part of the project."""
    folder = Path(os.environ.get("SGNS_SHARED", Path(__file__).parent.parent.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("wants the large corpora (SGNS_SHARED), which are not part of the project")
    return folder


@pytest.fixture
def nlp():
    return spacy.blank("en")
