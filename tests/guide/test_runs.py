"""What the README and the guide print runs in the order printed, and its output is the one that they show."""

import math
import re
from itertools import zip_longest

import pytest

from tests.guide.pages import EXAMPLES, FENCE, GUIDE, ROOT, fences, load, name, text_of

REFRESH = load(EXAMPLES / "refresh.py")
RUN = [page for page in (ROOT / "README.md", *REFRESH.GUIDE) if REFRESH.BLOCK.search(text_of(page))]
MEASURED = re.compile(
    r"[\d.,]+ (?:[kM] )?words/s|[\d.,]+ (?:s|min|h|kB|MB|GB|MiB|GiB)\b|\d+:\d\d(?::\d\d)?"
    r"|checkpoint-\d+|epoch \d+ of|after \d+ of"
)
MEASURED_COLUMNS = {"words/s", "seconds"}
TOLERANCE = 0.0021  # of a cosine or a loss: processors differ in the last digit that is shown


def blocks(text):
    """Return the code and the output, or "", of each block that is run."""
    return [(code, shown.removeprefix("\n\n```text\n").removesuffix("```")) for _, code, shown in _found(text)]


def _found(text):
    return [tuple(group or "" for group in block.groups()) for block in REFRESH.BLOCK.finditer(text)]


def lines(output):
    """Return the words of each line, without what differs from run to run and the length of rules."""
    found, measured = [], set()
    for line in output.splitlines():
        cells = re.sub(r"-{3,}", "---", MEASURED.sub("MEASURED", line)).split()
        measured = (
            {column for column, cell in enumerate(cells) if cell in MEASURED_COLUMNS} or measured if cells else set()
        )
        found.append([word if column not in measured else "MEASURED" for column, word in enumerate(cells)])
    return found


def same(shown, now):
    """Return whether a word of an output is the same, or the same number up to rounding."""
    if shown == now:
        return True
    try:
        pair = [float(word.strip("(),:;[]'%").replace(",", "")) for word in (shown, now)]
    except ValueError:
        return False
    return "." in shown and math.isclose(*pair, abs_tol=TOLERANCE)


def differences(shown, now):
    """Return the lines that differ between two outputs; an empty output agrees with none shown."""
    return [
        f"- {' '.join(old)}\n+ {' '.join(new)}"
        for old, new in zip_longest(lines(shown), lines(now), fillvalue=())
        if len(old) != len(new) or not all(map(same, old, new))
    ]


@pytest.mark.parametrize("page", RUN, ids=name)
def test_a_page_runs_in_the_order_printed_and_prints_what_it_shows(page):
    text = text_of(page)
    now = REFRESH.refreshed(page, text)  # a command that fails raises
    for (code, shown), (_, printed) in zip(blocks(text), blocks(now), strict=True):
        differ = differences(shown, printed)
        assert not differ, f"{code}\nprints other output; run python examples/refresh.py {name(page)}"


@pytest.mark.slow
def test_all_pages_run_one_after_another_in_one_folder():
    """No page writes what another one has written."""
    with REFRESH.workplace() as folder:
        (folder / "examples").symlink_to(EXAMPLES, target_is_directory=True)
        for page in RUN:
            REFRESH.run_page(text_of(page), folder)


def test_the_pages_have_something_to_run():
    assert all(blocks(text_of(page)) for page in RUN)
    assert sum(1 for page in RUN for _, shown in blocks(text_of(page)) if shown) > 25


@pytest.mark.parametrize("page", sorted(GUIDE.glob("*.md")), ids=name)
def test_fences_are_of_a_known_kind(page):
    wanted = {"sh", "sh not-run", "python", "text", "ini", "toml"}
    assert {language for language, _ in FENCE.findall(text_of(page))} <= wanted


@pytest.mark.parametrize("page", RUN, ids=name)
def test_output_follows_what_printed_it(page):
    assert len(fences(page, "text")) == sum(1 for _, shown in blocks(text_of(page)) if shown)


def test_output_is_cut_where_it_was():
    before = ["a", "...", "y", "z"]
    assert REFRESH.elided(before, list("123456")) == ["1", "...", "5", "6"]
    assert REFRESH.elided(["a"], ["1", "2"]) == ["1", "2"]


@pytest.mark.parametrize(
    ("shown", "now", "agree"),
    [
        ("white      0.831     30", "white    0.832     30", True),
        ("white      0.831     30", "white    0.834     30", False),
        ("white      0.831     30", "white    0.831     31", False),
        ("white      0.831     30", "black    0.831     30", False),
        ("epoch 1/3: loss 3.764, 619,148 words/s, 0.0 s", "epoch 1/3: loss 3.764, 9,148 words/s, 0.3 s", True),
        ("[('cat', 0.831)]", "[('cat', 0.830)]", True),
        ("[('cat', 0.831)]", "[('cat', -0.831)]", False),
        ("word  ------", "word  ---", True),
        ("n  words/s\n1  2,700", "n  words/s\n1  2,900", True),
        ("n  words/s\n1  2,700", "n  words/s\n2  2,700", False),
        ("n  words/s\n1  2,700\n\n1  2,700", "n  words/s\n1  2,700\n\n1  2,900", False),
        ("one line", "one line\nmore", False),
        ("", "something", False),
    ],
)
def test_outputs_agree_up_to_what_processors_and_clocks_change(shown, now, agree):
    assert (not differences(shown, now)) == agree


def test_the_set_up_of_a_command_is_not_run_again():
    line = "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/python -m spacy sgns demo\n"
    assert REFRESH.SET_UP.sub("", line) == "python -m spacy sgns demo\n"
