"""The command measures, goes on where it stopped, and writes its page; each tool sees the same words."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from corpora import Tokens, prepared, token_lines
from jobs import EQUAL, Job
from measure import Failed, key_of, measured
from plan import QUICK, Corpora, Plan
from report import HERE, PARTS
from tools import FLORET, GENSIM, ITERATOR, OUR_ROUTE, OURS, WORD2VEC, available

from spacy_sgns import WordVectors

ALICE = Path(__file__).parent.parent.parent / "spacy_sgns" / "sample" / "alice.txt"
SETTINGS = {**EQUAL, "dim": 8, "epochs": 1}
FAKE = """#!{python}
import sys, time
given = dict(zip(sys.argv[1::2], sys.argv[2::2]))
words = sorted({{word for line in open(given["-train"]) for word in line.split()}})
for percent in (1, 50, 99):
    print(f"\\rProgress: {{percent}}%", end="", flush=True)
    time.sleep(0.02)
with open(given["-output"], "wb") as out:
    out.write(b"%d %s\\n" % (len(words) + 1, given["-size"].encode()))
    for word in ["</s>", *words]:
        out.write(word.encode() + b" " + bytes(4 * int(given["-size"])) + b"\\n")
assert (given["-iter"], given["-threads"], given["-cbow"], given["-hs"]) == ("1", "1", "0", "0"), given
"""


@pytest.fixture
def corpus(tmp_path):
    lines = tmp_path / "lines.txt"
    return Tokens("alice.txt", lines, token_lines(ALICE, lines))


def bench(folder, *arguments):
    command = [sys.executable, HERE / "run.py", "--corpus", ALICE, "--quick", "--out", "out", *arguments]
    done = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, encoding="utf8")
    return re.findall(r"^\[\w+ (\d+)/", done.stdout, re.M), (folder / "out" / "results.jsonl").read_text("utf8")


def test_goes_on_where_it_stopped_and_writes_its_page(tmp_path):
    ours = ("--only", "speed", "routes", "--workers", "1", "--tools", OURS, OUR_ROUTE)
    measured_now, results = bench(tmp_path, *ours)
    assert measured_now == ["1", "2", "1", "2"]
    first, *_, last = results.splitlines(keepends=True)
    (tmp_path / "out" / "results.jsonl").write_text(results.removesuffix(last) + last[:40], encoding="utf8")
    measured_now, again = bench(tmp_path, *ours)
    assert measured_now == ["2"]
    assert again.startswith(results.removesuffix(last))
    page = (tmp_path / "out" / "README.md").read_text(encoding="utf8")
    speed = round(json.loads(first)["words_per_second"] / 1000)
    assert f"| {OURS} | {speed:,} |" in page
    assert f"| 1 | {OUR_ROUTE}, equal settings |" in page
    assert page.count("<sub>wiki") + page.count("<sub>made-up") == 0  # nothing of what was measured elsewhere
    assert page.count(" · commit ") == 2


def test_a_tool_that_fails_is_told_and_says_why(tmp_path, corpus):
    job = Job(OURS, OURS, corpus, {**SETTINGS, "dim": 0}, 1)
    with pytest.raises(Failed, match="dim must be"):
        measured(job, "1", {}, tmp_path, None)
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def counted(corpus, folder):
    return int((prepared(corpus, folder).counts >= EQUAL["min_count"]).sum())


@pytest.mark.parametrize("tool", [OURS, GENSIM, ITERATOR, FLORET])
def test_tools_see_the_same_words_and_score_them(tmp_path, corpus, tool):
    _, missing = available({})
    if tool in missing:
        pytest.skip(missing[tool])
    (tmp_path / "wordsim353.tsv").write_text("alice\tqueen\t5\nking\tqueen\t9\nthe\tqueen\t1\n", encoding="utf8")
    (tmp_path / "simlex999.tsv").write_text("alice\tzebra\t5\n", encoding="utf8")
    (tmp_path / "questions-words.txt").write_text(": some\nking queen he she\n", encoding="utf8")
    result = measured(Job(tool, tool, corpus, SETTINGS, 1, scored=True), "1", {}, tmp_path, tmp_path)
    assert result["words"] == counted(corpus, tmp_path)
    assert result["words_per_second"] > 0
    assert result["scores"]["WordSim-353 coverage"] == result["scores"]["analogies coverage"] == 1
    assert result["scores"]["SimLex-999 coverage"] == 0


@pytest.mark.skipif(os.name != "posix", reason="the program is a script")
def test_a_compiled_tool_gets_its_flags_and_is_timed(tmp_path, corpus):
    program = tmp_path / "word2vec"
    program.write_text(FAKE.format(python=sys.executable), encoding="utf8")
    program.chmod(0o755)
    versions, missing = available({WORD2VEC: program})
    assert versions[WORD2VEC].startswith("binary ")
    assert "--pword2vec" in missing["pWord2Vec"]
    result = measured(Job(WORD2VEC, WORD2VEC, corpus, SETTINGS, 1), "1", {WORD2VEC: program}, tmp_path, None)
    assert result["words"] == len(prepared(corpus, tmp_path).counts)
    assert 0 < result["words_per_second"] < corpus.tokens / 0.04  # it sleeps twice between the first and last report


def test_the_vectors_that_are_scored_are_those_of_the_words(tmp_path, corpus, monkeypatch):
    import measure

    seen = []
    monkeypatch.setattr(measure, "_scores", lambda outcome, gold: seen.append(WordVectors.load(outcome.vectors)) or {})
    measured(Job(OURS, OURS, corpus, SETTINGS, 1, scored=True), "1", {}, tmp_path, tmp_path)
    assert seen[0].words[0] == "the"
    assert seen[0].rows.shape == (counted(corpus, tmp_path), 8)


def test_runs_at_equal_settings_are_shared_by_speed_and_quality(tmp_path):
    plan = Plan(QUICK, Corpora("c", tmp_path, 10**6, tmp_path), (1, 2), scored=True)
    keys = {name: [key_of(job, "1") for job in PARTS[name].jobs(plan)] for name in ("speed", "quality")}
    shared = [key for key in keys["quality"] if key in keys["speed"]]
    assert len(shared) == 6
    assert all(key["workers"] == 2 for key in keys["quality"])
    for part in keys.values():
        assert len({json.dumps(key) for key in part}) == len(part)


def test_each_measurement_is_told_apart(corpus):
    job = Job(OURS, OURS, corpus, SETTINGS, 1)
    others = [
        replace(job, tool=GENSIM),
        replace(job, corpus=replace(corpus, tokens=9)),
        replace(job, settings={**SETTINGS, "dim": 9}),
        replace(job, workers=2),
        replace(job, seed=2),
        replace(job, environment={"A": "1"}),
    ]
    assert all(key_of(other, "1") != key_of(job, "1") for other in others)
    assert key_of(job, "2") != key_of(job, "1")
    assert key_of(replace(job, label="x", scored=True), "1") == key_of(job, "1")
