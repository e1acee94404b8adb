"""The reference is what the code says today."""

import re
from dataclasses import dataclass, fields
from importlib.metadata import distribution

import pytest
import typer

import spacy_sgns
from spacy_sgns.settings import Settings
from tests.guide.pages import GUIDE, load, text_of

MAKE = load(GUIDE / "make_reference.py")


@pytest.fixture(scope="module")
def page():
    return MAKE.reference()


def test_the_reference_is_up_to_date(page):
    assert text_of(GUIDE / "reference.md") == page, "run python examples/guide/make_reference.py"


def test_everything_has_a_description(page):
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) > 150
    for row in rows:
        assert row.removesuffix(" |").rsplit(" | ", 1)[1].strip()
    assert "<" not in re.sub(r"`[^`]*`|<!--.*?-->|```.*?```", "", page, flags=re.DOTALL)


def test_what_lacks_a_description_is_an_error(monkeypatch):
    with pytest.raises(ValueError, match="has no description"):
        MAKE.table(("key", "meaning"), [("`key`", "")])
    with pytest.raises(ValueError, match="thing has no description"):
        MAKE.first_line(None, "thing")


def test_every_setting_command_flag_name_event_and_error_has_its_place(page):
    for setting in fields(Settings):
        about = setting.metadata
        assert f"#### `{setting.name}`\n\n{about['help']} " in page and f"\n\n{about['when']}\n" in page
    for name, command in typer.main.get_command(MAKE.sgns_cli).commands.items():
        (part,) = re.findall(rf"^### {name}\n(.*?)(?=^##)", page, re.MULTILINE | re.DOTALL)
        assert "```sh\n" in part
        own = {flag for param in command.params for flag in param.opts if flag.startswith("--")}
        own -= {f"--{f.name.replace('_', '-')}" for f in fields(Settings)} if "[setting]" in part else set()
        assert all(f"| `{flag}" in part or f", {flag}" in part for flag in own - {"--help"}), name
    for entry in distribution("spacy-sgns").entry_points:
        assert f"| `{entry.name}` |" in page
    for public in spacy_sgns.__all__:
        assert f"### spacy_sgns.{public}\n" in page or f"| `spacy_sgns.{public}` |" in page
    assert "`spacy_sgns.training.trainer.Diverged`" in page


def test_the_contents_lead_to_every_section(page):
    contents, _, rest = page.partition("\n## ")
    headings = re.findall(r"^###? (.+)$", f"\n## {rest}", re.MULTILINE)
    assert len(headings) > 40
    assert all(f"[{heading}](#" in contents for heading in headings)


def test_arguments_are_listed_beneath_what_a_docstring_says_of_the_whole():
    text = "All of it. a, b: two words. n: how many; more: of them. Raises SgnsError."
    assert MAKE.listed(text, ["a", "b", "n", "more"]) == (
        "All of it.\n\n- `a`, `b`: two words.\n- `n`: how many.\n- `more`: of them.\n\nRaises SgnsError."
    )
    assert MAKE.listed("Nothing is said: of arguments.", ["n"]) == "Nothing is said: of arguments."


def test_an_argument_of_which_the_docstring_says_nothing_is_an_error():
    def of(words, n):
        """Return something of the words."""

    with pytest.raises(ValueError, match="docstring of thing says nothing of the argument n"):
        MAKE.check_arguments("thing", of, "")
    MAKE.check_arguments("thing", of, "n: how many.")


def test_a_registry_that_the_page_does_not_know_is_an_error(monkeypatch):
    monkeypatch.setattr(MAKE, "SPACY_REGISTRIES", MAKE.SPACY_REGISTRIES[1:])
    with pytest.raises(ValueError, match="spacy_cli"):
        list(MAKE.registered_names())


def test_a_command_without_an_example_is_an_error(monkeypatch):
    command = typer.main.get_command(MAKE.sgns_cli)
    command.commands["demo"].help = "Write a copy."
    monkeypatch.setattr(typer.main, "get_command", lambda app: command)
    with pytest.raises(ValueError, match="The help of demo has no example"):
        list(MAKE.commands())


def test_a_field_of_an_event_without_a_description_is_an_error(monkeypatch):
    @dataclass
    class Half:
        """Half is said.

        known: of this.
        """

        known: int
        unknown: int

    monkeypatch.setattr(MAKE, "get_args", lambda union: (Half,))
    with pytest.raises(ValueError, match="`unknown` has no description"):
        list(MAKE.events())


@pytest.mark.parametrize("change", [{}, {"made_up": "of nothing"}])
def test_a_report_key_without_a_description_is_an_error_and_so_is_one_that_no_report_has(monkeypatch, change):
    known = {key: text for key, text in MAKE.REPORT_KEYS.items() if key != "seed"} if not change else MAKE.REPORT_KEYS
    monkeypatch.setattr(MAKE, "REPORT_KEYS", {**known, **change})
    with pytest.raises(ValueError, match="made_up" if change else "seed"):
        list(MAKE.report())
