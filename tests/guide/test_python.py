"""The Python in the guide runs, in a folder that looks like the root of a clone; with --slow, its commands too."""

import subprocess
import sys

import pytest

from tests.guide.pages import EXAMPLES, FENCE, GUIDE, PAGES, fences, load, name, text_of

REFRESH = load(EXAMPLES / "refresh.py")
WITH_PYTHON = [page for page in PAGES if fences(page, "python")]


@pytest.fixture(scope="session")
def alice(tmp_path_factory):
    """A pipeline as `demo` writes it."""
    folder = tmp_path_factory.mktemp("guide") / "alice"
    subprocess.run([sys.executable, "-m", "spacy", "sgns", "demo", folder], check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.mark.parametrize("page", WITH_PYTHON, ids=name)
def test_python_of_a_page_runs(page, alice):
    namespace = {}
    with REFRESH.clone() as folder:
        (folder / "alice").symlink_to(alice, target_is_directory=True)
        for code in fences(page, "python"):
            REFRESH.run_python(code, namespace)


def test_there_is_python_to_run():
    assert len(WITH_PYTHON) >= 3


@pytest.mark.parametrize("page", sorted(GUIDE.glob("*.md")), ids=name)
def test_fences_are_of_a_known_kind(page):
    wanted = {"sh", "sh not-run", "python", "text", "ini", "toml"}
    assert {language for language, _ in FENCE.findall(text_of(page))} <= wanted


@pytest.mark.parametrize("page", sorted(GUIDE.glob("*.md")), ids=name)
def test_output_follows_what_printed_it(page):
    text, shown = text_of(page), len(fences(page, "text"))
    assert shown == sum(1 for block in REFRESH.BLOCK.finditer(text) if block[3])


@pytest.mark.slow
@pytest.mark.parametrize("page", REFRESH.GUIDE, ids=name)
def test_commands_of_a_page_run_in_the_order_printed(page):
    REFRESH.refreshed(page, text_of(page))


def test_output_is_cut_where_it_was():
    before = ["a", "...", "y", "z"]
    assert REFRESH.elided(before, list("123456")) == ["1", "...", "5", "6"]
    assert REFRESH.elided(["a"], ["1", "2"]) == ["1", "2"]
