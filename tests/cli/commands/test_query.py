"""`sgns query`."""

import json
import os
import select
import subprocess
import sys
import time

import pytest

from spacy_sgns.cli.commands.query import _completions, _lines, answer


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


def test_it_continues_after_a_failed_query_and_ends_with_an_exit_code(sgns, trained):
    result = ask(
        sgns, trained, "similar gotinn", "similr bamon", "analogy bamon -", 'similar "bamon', "similar bamon -n 1"
    )
    assert result.exit_code == 1
    assert result.stdout.count("bamon") == 1
    errors = result.stderr.splitlines()
    assert "Did you mean gotin" in errors[0]
    assert any("Did you mean similar" in line for line in errors)
    assert errors[-1] == "Error: 4 of the queries failed."


@pytest.mark.parametrize("end", ["exit", "quit", ""])
def test_it_ends_at_exit_or_at_the_end_of_the_input(sgns, trained, end):
    lines = ["# a comment", "", "similar bamon --json -n 1", *([end, "similar gotin"] if end else [])]
    result = ask(sgns, trained, *lines)
    assert (result.exit_code, list(json.loads(result.stdout))) == (0, ["bamon"])


@pytest.mark.parametrize("lines", [10, 3000])
def test_it_ends_quietly_when_the_reader_closes_the_pipe(trained, tmp_path, lines):
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
    assert list(_completions("ma", words)) == ["man ", "many "]
    assert list(_completions("-wo", words)) == ["-woman "]


def test_help_lists_the_queries(sgns, trained):
    result = ask(sgns, trained, "help", "similar --help")
    assert "odd-one-out WORD ..." in result.stdout and "--among" in result.stdout
    assert result.exit_code == 0


def test_a_missing_pipeline_is_one_clear_line(sgns):
    result = sgns("query", "nowhere", input="")
    assert (result.exit_code, result.stderr) == (1, "Error: There is no pipeline or file nowhere.\n")


def test_a_query_gets_its_words():
    asked = []
    commands = {"similar": lambda args: asked.append(args) or True}
    assert answer('similar "New York" x', commands)
    assert answer("similar n't 's don't a\\b", commands)
    assert asked == [["New York", "x"], ["n't", "'s", "don't", "a\\b"]]


def test_a_line_without_a_command_asks_for_similar_words_or_for_an_expression(sgns, trained):
    result = ask(sgns, trained, "bamon gotin -n 2", "bamon - gotin", "help -n 2")
    apart = [sgns("similar", trained, "bamon", "gotin", "-n", "2"), sgns("analogy", trained, "bamon", "-", "gotin")]
    assert result.stdout.startswith("".join(one.stdout for one in apart))
    assert result.exit_code == 0


def test_a_word_is_not_taken_for_a_misspelt_command():
    asked = []
    commands = {"similar": lambda args: asked.append(args) or True}
    assert answer("similars", commands, known={"similars"})
    assert not answer("similars", commands)
    assert asked == [["similars"]]


def test_ctrl_c_discards_a_line(monkeypatch):
    said = iter([KeyboardInterrupt, "similar bamon", KeyboardInterrupt, "exit"])

    def typed(prompt):
        one = next(said)
        if one is KeyboardInterrupt:
            raise one
        return one

    monkeypatch.setattr("builtins.input", typed)
    assert list(_lines(interactive=True)) == ["similar bamon"]


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
    """The other end of a pseudo-terminal. seen: its output. passed: the length of the output already waited for."""

    def __init__(self, end):
        self.end, self.seen, self.passed = end, "", 0

    def wait_for(self, text):
        deadline = time.monotonic() + 60
        while (at := self.seen.find(text, self.passed)) < 0:
            assert time.monotonic() < deadline, self.seen
            if select.select([self.end], [], [], 1)[0]:
                self.seen += os.read(self.end, 1024).decode()
        self.passed = at + len(text)


def test_undecodable_bytes_and_a_line_that_is_too_long_are_errors(sgns, trained):
    result = sgns("query", trained, input=b"similar \xff\nsimilar bamon -n 1\n")
    assert (result.exit_code, result.stdout.count("bamon")) == (1, 1)
    assert result.stderr.splitlines()[0] == "Error: No vector for '\\udcff'."
    result = sgns("query", trained, input="x" * (1 << 17))
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: A query has 65,536 characters or more. Give one query per line.\n",
    )


def test_a_list_of_terms_grows_at_the_prompt(sgns, trained):
    apart = sgns("expand", trained, "bamon", "gotin", "--without", "lusel", "-n", "2")
    assert ask(sgns, trained, "expand bamon gotin --without lusel -n 2").stdout == apart.stdout
