"""Flags of settings, dotted flags and unknown flags."""

import inspect
import re
from dataclasses import fields

import pytest
import typer
from typer.testing import CliRunner

from spacy_sgns.cli.flags import PANELS, setting_flag
from spacy_sgns.cli.parsing import CommandWithOverrides
from spacy_sgns.settings import Settings


def help_of(flag):
    return flag.annotation.__metadata__[0].help


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda f: f.name)
def test_a_flag_shows_the_help_and_default_of_its_setting(setting):
    flag = setting_flag(setting)
    assert (flag.name, flag.kind, flag.default) == (setting.name, inspect.Parameter.KEYWORD_ONLY, None)
    assert help_of(flag).startswith(setting.metadata["help"])
    shown = {
        "drop": "punct",
        **{
            slot: getattr(Settings(), slot).name.removesuffix(".v1")
            for slot in ("architecture", "objective", "weighting", "noise")
        },
    }
    if setting.name not in ("within_sentences", "drop_duplicates"):
        assert help_of(flag).endswith(f"[default: {shown.get(setting.name, setting.default)}]")


def test_the_default_shown_is_that_of_the_setting_and_no_copy(monkeypatch):
    setting = next(f for f in fields(Settings) if f.name == "dim")
    monkeypatch.setattr(setting, "default", 321)
    assert "[default: 321]" in help_of(setting_flag(setting))


@pytest.mark.parametrize(
    ("name", "metavar"),
    [("dim", "INT"), ("epochs", "INT|auto"), ("learning_rate", "FLOAT|auto"), ("case", "fold|keep"), ("drop", "TEXT")],
)
def test_a_flag_says_what_it_takes(name, metavar):
    setting = next(f for f in fields(Settings) if f.name == name)
    assert setting_flag(setting).annotation.__metadata__[0].metavar == metavar


@pytest.fixture
def dotted():
    """Run a command with a flag and an argument; return the dotted flags and the argument that it gets."""
    app = typer.Typer(rich_markup_mode=None)
    seen = []

    @app.command("run", cls=CommandWithOverrides)
    def run(ctx: typer.Context, word: str, window: int = 5):
        seen[:] = ctx.obj, word, window

    def call(*args):
        result = CliRunner().invoke(app, args)
        return result, seen

    return call


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (("word", "--a.b", "1"), ["--a.b", "1"]),
        (("--a.b", "1", "word"), ["--a.b", "1"]),
        (("--a.b=1", "word"), ["--a.b=1"]),
        (("word", "--a.b"), ["--a.b"]),
        (("--a.b", "-0.5", "word"), ["--a.b", "-0.5"]),
        (("--a.b", "1", "--window", "5", "--c.d.@e", "x.v1", "word"), ["--a.b", "1", "--c.d.@e", "x.v1"]),
        (("--a.b", "--window", "5", "word"), ["--a.b"]),
        (("--", "word"), []),
    ],
)
def test_dotted_flags_are_taken_wherever_they_stand(dotted, args, expected):
    result, seen = dotted(*args)
    assert result.exit_code == 0, result.output
    assert seen == [expected, "word", 5]


def test_the_help_of_train_has_its_options_in_groups(sgns):
    text = sgns("train", "--help").stdout
    sections = dict(re.findall(r"^([A-Z][a-z ]+):\n((?:  .*\n)+)", text, re.MULTILINE))
    assert list(sections) == ["Arguments", *PANELS, "Options"]
    for setting in fields(Settings):
        flag = f"--{setting.name.replace('_', '-')} "
        assert [name for name, options in sections.items() if flag in options] == [setting.metadata["group"]]
    assert "--resume" in sections["Run and resume"] and "--help" in sections["Options"]


def test_the_help_of_a_command_without_groups_is_as_usual(sgns):
    text = sgns("export", "--help").stdout
    assert re.findall(r"^([A-Z].*):$", text, re.MULTILINE) == ["Arguments", "Options"]
    assert re.findall(r"^  (--\w+)", text, re.MULTILINE) == ["--format", "--force", "--code", "--help"]


def test_after_two_dashes_nothing_is_a_flag(dotted):
    assert dotted("--", "--a.b")[1] == [[], "--a.b", 5]


@pytest.mark.parametrize(
    "args",
    [
        ("--wndow", "3", "word"),
        ("word", "--wndow", "3"),
        ("word", "--wndow=0.5"),
        ("word", "--a.b", "1", "--wndow", "3"),
        ("word", "--a.b", "--wndow", "3"),
        ("word", "--window", "3", "--wndow"),
        ("word", "--window", "--wndow"),
        ("word", "-window", "3"),
    ],
)
def test_an_unknown_flag_without_a_dot_is_an_error_wherever_it_stands(dotted, args):
    result, _ = dotted(*args)
    assert result.exit_code == 2
    assert "No such option: -" in result.stderr
    assert "Did you mean --window?" in result.stderr


def test_an_unknown_flag_like_no_other_is_an_error_too(dotted):
    result, _ = dotted("word", "--zzzz")
    assert result.exit_code == 2
    assert result.stderr.rstrip().endswith("No such option: --zzzz")


def test_a_flag_before_its_command_is_an_error_that_says_where_it_belongs(sgns):
    result = sgns("--windw", "3", "train", "corpus.txt", "out")
    assert result.exit_code == 2
    assert "Did you mean --window? It belongs after the command." in result.stderr


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (("similar", "x", "y", "--jsn"), "--json"),
        (("export", "x", "y", "--fromat", "z"), "--format"),
        (("demo", "x", "--forc"), "--force"),
    ],
)
def test_every_command_offers_the_closest_flag(sgns, args, hint):
    result = sgns(*args)
    assert result.exit_code == 2
    assert f"Did you mean {hint}?" in result.stderr


def test_only_train_takes_dotted_flags(sgns):
    assert sgns("demo", "--components.sgns.dim", "3").exit_code == 2
