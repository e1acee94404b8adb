"""Messages, tables, and how a command ends."""

import io
import sys

import pytest

from spacy_sgns.cli import console, tables
from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.vectors.scored_words import ScoredWords


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    """Call functions with a terminal as stdout and stderr; return the output of each."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")

    def see(*calls):
        with monkeypatch.context() as patched:
            streams = [Terminal(), Terminal()]
            for name, stream in zip(("stdout", "stderr"), streams, strict=True):
                patched.setattr(sys, name, stream)
            for say, text in calls:
                say(text)
        return [stream.getvalue() for stream in streams]

    return see


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (SgnsError("No corpus."), 1, "Error: No corpus.\n"),
        (SettingError("dim is odd."), 2, "Error: dim is odd.\n"),
        (SgnsError("One\nline\n"), 1, "Error: One line\n"),
        (OSError(28, "No space left on device", "a/b"), 1, "Error: No space left on device: a/b.\n"),
        (OSError("odd"), 1, "Error: odd: while writing.\n"),
        (MemoryError(), 1, "Error: Out of memory. Lower dim or max_words, or raise min_count.\n"),
        (KeyboardInterrupt(), 130, "Error: Interrupted; nothing was written.\n"),
    ],
)
def test_what_cannot_be_done_ends_in_one_line(capsys, error, code, said):
    with pytest.raises(SystemExit) as ended, console.clean_exit():
        raise error
    assert ended.value.code == code
    assert capsys.readouterr() == ("", said)


def test_a_mistake_in_the_program_is_not_hidden():
    with pytest.raises(ZeroDivisionError), console.clean_exit():
        raise ZeroDivisionError


def test_a_pipe_that_is_closed_is_left_to_the_caller(monkeypatch):
    class Closed(io.StringIO):
        def flush(self):
            raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(sys, "stdout", Closed())
    with pytest.raises(BrokenPipeError), console.clean_exit():
        pass


def test_results_go_to_stdout_and_trouble_to_stderr(capsys):
    for say in (console.good, console.info, console.warn):
        say(say.__name__)
    assert capsys.readouterr() == ("good\ninfo\n", "Warning: warn\n")


def test_people_see_signs_and_colours(terminal):
    out, err = terminal((console.good, "done"), (console.warn, "hm"))
    assert out.startswith("\x1b[")
    assert "done" in out
    assert err.startswith("\x1b[")
    assert "hm" in err
    assert "Warning" not in err


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colours_can_be_switched_off(terminal, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    out, _ = terminal((console.good, "done"))
    assert "\x1b[" not in out
    assert out.endswith(" done\n")


def test_a_long_path_is_not_broken(terminal):
    path = "/a folder with blanks/" * 20
    out, err = terminal((console.good, path), (console.warn, path))
    assert path in out
    assert path in err


def test_letters_that_a_stream_cannot_show_do_no_harm(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    with console.clean_exit():
        tables.show_scores("caf\u00e9", "cosine", ScoredWords([("th\u00e9", 0.5)]))
    assert b"th\\xe9" in raw.getvalue()


def test_columns_line_up_also_with_wide_letters_and_accents(capsys):
    rows = [("日本語", "1.0"), ("cafe\u0301", "10.0"), ("x" * 50, "5.0")]
    tables.show_table(("word", "n"), rows, "lr")
    empty, header, rule, *lines = capsys.readouterr().out.split("\n")[:-1]
    assert empty == ""
    assert header == "word" + " " * 46 + "     n"
    assert rule == "-" * 50 + "  ----"
    assert lines[0] == "日本語" + " " * (50 - 6) + "   1.0"
    assert lines[1] == "cafe\u0301" + " " * (50 - 4) + "  10.0"
    assert lines[2] == "x" * 50 + "   5.0"


def test_neighbours_come_with_counts_where_they_are_known(capsys):
    found = [("white", 0.81249), ("hole", 0.7)]
    tables.show_scores("rabbit", "cosine", ScoredWords(found, counts=[1030, 5]))
    known = capsys.readouterr().out
    tables.show_scores("rabbit", "cosine", ScoredWords(found))
    unknown = capsys.readouterr().out
    assert [line.split() for line in known.splitlines()[1:]] == [
        ["rabbit", "cosine", "count"],
        ["------", "------", "-----"],
        ["white", "0.812", "1,030"],
        ["hole", "0.700", "5"],
    ]
    assert [line.split() for line in unknown.splitlines()[3:]] == [["white", "0.812"], ["hole", "0.700"]]


def test_a_table_gives_no_orders_to_a_terminal(capsys):
    tables.show_scores("esc\x1b[31m", "cosine", ScoredWords([("\u202eleft", 0.5), ("\u06cc\u200c\u06a9", 0.25)]))
    shown = capsys.readouterr().out
    assert "\x1b" not in shown and "\u202e" not in shown
    assert "esc\\x1b[31m" in shown and "\\u202eleft" in shown
    assert "\u06cc\u200c\u06a9" in shown  # a joiner that Persian words need


def test_nothing_that_is_said_gives_orders_to_a_terminal(capsys):
    for say in (console.good, console.info, console.warn, console.error):
        say("a\x1b[2Jb \u202etxt.exe\nnext é 日本 🐇")
    out = capsys.readouterr()
    for line in (out.out + out.err).splitlines():
        assert "a\\x1b[2Jb \\u202etxt.exe" in line and line.endswith("next é 日本 🐇")
