"""Figures are drawn for light and for dark pages, the same each time."""

import pytest
from tools import GENSIM, OUR_ROUTE, OURS, ROUTE_OF_TODAY

from tests.benchmarks.made_up import done, way

figures = pytest.importorskip("figures", exc_type=ImportError)


def test_both_looks_and_the_same_bytes_again(tmp_path):
    speed = [done(OURS, speed=5e6), done(GENSIM, speed=1e6)]
    ways = [way(ROUTE_OF_TODAY, "today", 1, 3, 4, 5), way(OUR_ROUTE, "ours, equal", 1, 1, 1, 1)]
    cost = [done(tool, tokens=tokens, peak=peak) for tool, peak in ((OURS, 9), (GENSIM, None)) for tokens in (1, 2)]
    for folder in ("once", "twice"):
        (tmp_path / folder).mkdir()
        figures.chart(speed, ways, tmp_path / folder)
        figures.sizes(dict.fromkeys(figures.AXES, cost), tmp_path / folder)
    drawn = {path.name: path.read_bytes() for path in (tmp_path / "once").iterdir()}
    assert drawn == {path.name: path.read_bytes() for path in (tmp_path / "twice").iterdir()}
    assert sorted(drawn) == ["chart-dark.svg", "chart-light.svg", "sizes-dark.svg", "sizes-light.svg"]
    for look in figures.LOOKS:
        assert look.ours.encode() in drawn[f"chart-{look.name}.svg"]
