"""`sgns query`: the questions of the commands, one after the other."""

import json
import os
import select
import subprocess
import sys
import time

import pytest

from spacy_sgns.cli.commands.query import _beginning_with, _lines, answered


def ask(sgns, trained, *lines):
    return sgns("query", trained, input="\n".join(lines) + "\n")


def test_lines_are_commands_without_the_pipeline(sgns, trained):
    result = ask(sgns, trained, "similar bamon -n 2", "analogy bamon - gotin + lusel", "odd-one-out bamon gotin lusel")
    assert (result.exit_code, result.stderr) == (0, "")
    apart = [
        sgns("similar", trained, "bamon", "-n", "2"),
        sgns("analogy", trained, "bamon", "-", "gotin", "+", "lusel"),
        sgns("odd-one-out", trained, "bamon", "gotin", "lusel"),
    ]
    assert result.stdout == "".join(one.stdout for one in apart)


def test_the_vectors_are_read_once(sgns, trained, monkeypatch):
    from spacy_sgns.pipeline import load as opening

    read = []
    monkeypatch.setattr(opening, "open_vectors", lambda name, plain=opening.open_vectors: read.append(1) or plain(name))
    ask(sgns, trained, *["similar bamon"] * 5)
    assert len(read) == 1


def test_it_goes_on_after_what_it_cannot_answer_and_ends_with_a_code(sgns, trained):
    result = ask(
        sgns, trained, "similar gotinn", "similr bamon", "analogy bamon -", "similar 'bamon", "similar bamon -n 1"
    )
    assert result.exit_code == 1
    assert result.stdout.count("bamon") == 1
    errors = result.stderr.splitlines()
    assert "Did you mean gotin" in errors[0]
    assert any("Did you mean similar" in line for line in errors)
    assert errors[-1] == "Error: 4 of the questions could not be answered."


@pytest.mark.parametrize("end", ["exit", "quit", ""])
def test_it_ends_when_told_or_when_nothing_comes_any_more(sgns, trained, end):
    lines = ["# a comment", "", "similar bamon --json -n 1", *([end, "similar gotin"] if end else [])]
    result = ask(sgns, trained, *lines)
    assert (result.exit_code, list(json.loads(result.stdout))) == (0, ["bamon"])


@pytest.mark.parametrize("lines", [10, 3000])
def test_it_ends_quietly_when_nobody_reads_any_more(trained, tmp_path, lines):
    command = f"'{sys.executable}' -m spacy sgns query '{trained}' | head -n 1"
    result = subprocess.run(
        ["bash", "-c", command],
        check=False,
        input="similar bamon\n" * lines,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_words_are_completed_with_their_sign_the_most_frequent_first():
    words = ["similar", "man", "many", "woman"]
    assert list(_beginning_with("ma", words)) == ["man ", "many "]
    assert list(_beginning_with("-wo", words)) == ["-woman "]


def test_help_tells_the_questions(sgns, trained):
    result = ask(sgns, trained, "help", "similar --help")
    assert "odd-one-out WORD ..." in result.stdout and "--among" in result.stdout
    assert result.exit_code == 0


def test_a_pipeline_that_is_not_there_is_one_clear_line(sgns):
    result = sgns("query", "nowhere", input="")
    assert (result.exit_code, result.stderr) == (1, "Error: There is no pipeline or file nowhere.\n")


def test_each_question_is_asked_with_its_words():
    asked = []
    assert answered("similar 'New York' x", {"similar": lambda args: asked.append(args) or True})
    assert asked == [["New York", "x"]]


def test_ctrl_c_gives_up_a_line(monkeypatch):
    said = iter([KeyboardInterrupt, "similar bamon", KeyboardInterrupt, "exit"])

    def typed(prompt):
        one = next(said)
        if one is KeyboardInterrupt:
            raise one
        return one

    monkeypatch.setattr("builtins.input", typed)
    assert list(_lines(talks=True)) == ["similar bamon"]


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals")
def test_at_a_terminal_it_prompts_and_completes(trained):
    import pty

    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "spacy", "sgns", "query", str(trained)]
    environment = {**os.environ, "TERM": "dumb", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdin=follower, stdout=follower, stderr=follower, env=environment)
    os.close(follower)
    terminal = Terminal(leader)
    try:
        for wait, send in (("> ", "similar bam\t-n 1\n"), ("cosine", ""), ("> ", "exit\n")):
            terminal.wait_for(wait)
            os.write(leader, send.encode())
        assert process.wait(20) == 0
    finally:
        process.kill()
        os.close(leader)
    assert "similar bamon -n 1" in terminal.seen and "Traceback" not in terminal.seen


class Terminal:
    """What is seen at the other end of a pseudo-terminal. passed: how much of it was waited for."""

    def __init__(self, end):
        self.end, self.seen, self.passed = end, "", 0

    def wait_for(self, text):
        deadline = time.monotonic() + 60
        while (at := self.seen.find(text, self.passed)) < 0:
            assert time.monotonic() < deadline, self.seen
            if select.select([self.end], [], [], 1)[0]:
                self.seen += os.read(self.end, 1024).decode()
        self.passed = at + len(text)


def test_what_is_no_text_and_what_is_too_long_are_errors(sgns, trained):
    result = sgns("query", trained, input=b"similar \xff\nsimilar bamon -n 1\n")
    assert (result.exit_code, result.stdout.count("bamon")) == (1, 1)
    assert result.stderr.splitlines()[0] == "Error: No vector for '\\udcff'."
    result = sgns("query", trained, input="x" * (1 << 17))
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: A question has 65,536 characters or more. Give one in each line.\n",
    )
