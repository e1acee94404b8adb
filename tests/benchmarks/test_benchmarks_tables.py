"""Tables show what was measured, and pages keep what is not theirs."""

import pytest
from page import rewrite
from report import PARTS
from tables import first_screen, quality, routes, speed
from tools import GENSIM, OUR_ROUTE, OURS, PWORD2VEC, ROUTE_OF_TODAY

from tests.benchmarks.made_up import done, way


def row(table, *start):
    rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in table.splitlines()]
    return next(cells for cells in rows if cells[: len(start)] == list(start))


def test_speed_of_several_seeds_beside_gensim():
    pairs = [
        *(done(OURS, seed=seed, speed=speed) for seed, speed in ((1, 4000), (2, 8000))),
        *(done(GENSIM, seed=seed, speed=2000) for seed in (1, 2)),
        done(OURS, workers=2, speed=9000),
        done(GENSIM, workers=2, speed=3000),
    ]
    table = speed(pairs)
    assert row(table, OURS) == [OURS, "6 (4-8)", "3.0", "9", "3.0"]
    assert row(table, GENSIM)[1:] == ["2 (2)", "1.0", "3", "1.0"]


def test_what_was_not_measured_stays_empty():
    table = speed([done(OURS, speed=5000), done(PWORD2VEC, workers=2, speed=1000)])
    assert row(table, OURS)[1] == "5"
    assert "| pWord2Vec |  |  | 1 |  |" in table


def test_each_table_says_where_with_what_and_when():
    said = speed([done(OURS, seed=1), done(GENSIM, seed=3)]).splitlines()[-1]
    for part in ("corpus.txt, 100 tokens", "subsample 0.001", "dim 50", "Z80, 2 cores", "Python 3", "commit abc"):
        assert part in said
    assert "2000-01-01 to 2000-01-03" in said


def test_quality_by_epochs_with_spread_and_coverage():
    def scored(seed, value, label=OURS):
        names = ("WordSim-353", "SimLex-999", "analogies")
        scores = {**dict.fromkeys((*names, "mean"), value), **{f"{name} coverage": 0.5 for name in names}}
        return done(OURS, label, seed=seed, scores=scores)

    table = quality([scored(1, 0.25), scored(2, 0.75), scored(1, 0.1, "other")])
    assert row(table, "1", OURS)[2:] == ["0.500 (0.250-0.750)"] * 4 + ["2"]
    assert row(table, "1", "other")[-1] == "1"
    assert "| covered | 50.0% | 50.0% | 50.0% |" in table


def test_ways_in_phases_beside_that_of_today():
    table = routes([way(OUR_ROUTE, "ours", 2, 1, 2, 3), way(ROUTE_OF_TODAY, "today", 2, 10, 20, 6)])
    assert row(table, "2", "ours") == ["2", "ours", "1.0", "2.0", "3.0", "6.0", "6.0 x", "1", "10"]
    assert row(table, "2", "today")[6] == "1.0 x"


def test_cost_puts_both_tools_side_by_side():
    pairs = [done(OURS, tokens=5, speed=3000, seconds=1.5), done(GENSIM, tokens=5, speed=1000, seconds=4.5, peak=None)]
    table = PARTS["tokens"].table([*pairs, done(GENSIM, tokens=7, seconds=9.0)])
    assert row(table, "5") == ["5", "1.5", "4.5", "3", "1", "1", ""]
    assert row(table, "7") == ["7", "", "9.0", "", "1", "", "1"]


def test_first_screen_has_speed_and_way_of_each():
    ours, gensim = done(OURS, workers=2, speed=3_000_000), done(GENSIM, workers=2, speed=500_000)
    ways = [way(OUR_ROUTE, f"{OUR_ROUTE}, equal settings", 2, 1, 1, 1), way(ROUTE_OF_TODAY, ROUTE_OF_TODAY, 2, 9, 9, 9)]
    table = first_screen([ours, gensim], ways)
    assert row(table, OURS)[1:] == ["3.00 M", "3 s", "1"]
    assert row(table, GENSIM)[1:] == ["0.50 M", "27 s", "1"]


def test_a_page_keeps_all_but_the_sections(tmp_path):
    page = tmp_path / "README.md"
    page.write_text("a\n<!-- x -->\nold\n<!-- /x -->\nb\n<!-- y -->\n<!-- /y -->\nc\n", encoding="utf8")
    rewrite(page, {"y": "new y", "x": r"new \1 x"})
    expected = "a\n<!-- x -->\nnew \\1 x\n<!-- /x -->\nb\n<!-- y -->\nnew y\n<!-- /y -->\nc\n"
    assert page.read_text(encoding="utf8") == expected
    rewrite(page, {"y": "new y", "x": r"new \1 x"})
    assert page.read_text(encoding="utf8") == expected


@pytest.mark.parametrize("text", ["", "<!-- x -->", "<!-- /x --> <!-- x -->"])
def test_a_section_that_is_not_there(tmp_path, text):
    (tmp_path / "README.md").write_text(text, encoding="utf8")
    with pytest.raises(ValueError, match="no section"):
        rewrite(tmp_path / "README.md", {"x": "new"})
    assert (tmp_path / "README.md").read_text(encoding="utf8") == text


def test_the_page_has_a_section_for_each_part(tmp_path):
    from report import HERE

    page = tmp_path / "README.md"
    page.write_bytes((HERE / "README.md").read_bytes())
    rewrite(page, dict.fromkeys(PARTS, "new"))
