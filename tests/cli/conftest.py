"""Fixtures that run commands in this process, without a terminal."""

import logging
import signal

import pytest
from typer.testing import CliRunner

from spacy_sgns.cli import sgns_cli
from tests.cli.typed import QUICK, TEXT


@pytest.fixture(autouse=True)
def log_level():
    """Restore the level of spaCy's logger."""
    logger = logging.getLogger("spacy")
    level = logger.level
    yield
    logger.setLevel(level)


@pytest.fixture(autouse=True, scope="session")
def signals():
    """Restore signals that the test process ignores (for example in the background): commands would inherit that."""
    for name in ("SIGINT", "SIGHUP"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """The current folder, with a corpus in it."""
    (tmp_path / "corpus.txt").write_text(TEXT, encoding="utf8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def sgns(place):
    """`sgns("train", ...)` in the current folder; the result has exit_code, stdout and stderr."""

    def run(*args, **options):
        result = CliRunner().invoke(sgns_cli, [str(arg) for arg in args], prog_name="sgns", **options)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """The folder of a pipeline made by the command; not to be changed."""
    folder = tmp_path_factory.mktemp("trained")
    (folder / "corpus.txt").write_text(TEXT, encoding="utf8")
    result = CliRunner().invoke(sgns_cli, ["train", str(folder / "corpus.txt"), str(folder / "out"), *QUICK])
    assert result.exit_code == 0, result.output
    return folder / "out"


def pytest_terminal_summary(terminalreporter):
    """Print the number of bad inputs tried."""
    reports = [report for ended in ("passed", "failed") for report in terminalreporter.stats.get(ended, ())]
    counted = [dict(report.user_properties) for report in reports if report.when == "call"]
    inputs, refused = (sum(each.get(name, 0) for each in counted) for name in ("inputs", "refused"))
    if inputs:
        terminalreporter.write_line(f"{inputs:,} bad inputs, {refused:,} of them refused")
