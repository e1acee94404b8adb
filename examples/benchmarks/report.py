"""The parts of the benchmark, and the page that shows their results."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import tables
from jobs import Job
from page import rewrite
from plan import Plan
from store import Result
from tables import Done, Table
from tools import GENSIM, OUR_ROUTE, OURS, ROUTE_OF_TODAY

HERE = Path(__file__).parent
FRONT = HERE.parent.parent / "README.md"


@dataclass(frozen=True)
class Part:
    """A group of measurements shown in one table, in the section named like the part."""

    jobs: Callable[[Plan], list[Job]]
    table: Table


def _cost(axis: str, value: Callable[[Result], int]) -> Table:
    return tables.cost(axis, value, (OURS, GENSIM), ("seconds", "1,000 words/s", "peak MiB"))


def _tokens(result: Result) -> int:
    return int(result["corpus"]["tokens"])


PARTS = {
    "speed": Part(Plan.speed, tables.speed),
    "scaling": Part(Plan.scaling, tables.scaling),
    "quality": Part(Plan.quality, tables.quality),
    "routes": Part(Plan.routes, tables.routes),
    "memory": Part(Plan.memory, tables.cost("tokens", _tokens, (OUR_ROUTE, ROUTE_OF_TODAY), ("seconds", "peak MiB"))),
    "tokens": Part(Plan.tokens, _cost("tokens", _tokens)),
    "dimensions": Part(Plan.dimensions, _cost("dim", lambda result: result["key"]["settings"]["dim"])),
    "vocabularies": Part(Plan.vocabularies, _cost("words", lambda result: result["words"])),
}
CHART = """
<picture>
  <source media="(prefers-color-scheme: dark)" srcset="examples/benchmarks/chart-dark.svg">
  <img alt="Training speed, and time from texts to a pipeline" src="examples/benchmarks/chart-light.svg">
</picture>

"""
SIZES = ("tokens", "dimensions", "vocabularies")


def write_report(out: Path, done: Mapping[str, Done]) -> None:
    """Write tables and figures of the parts that are done to the README in `out`; the project's too if it is ours."""
    page = out / "README.md"
    if not page.exists():
        shutil.copy(HERE / "README.md", page)
        rewrite(page, dict.fromkeys((*PARTS, "encoding"), ""))  # what was measured elsewhere stays there
    done = {name: pairs for name, pairs in done.items() if pairs}
    rewrite(page, {name: PARTS[name].table(pairs) for name, pairs in done.items()})
    _draw(out, done)
    if out == HERE and {"speed", "routes"} <= done.keys():
        rewrite(FRONT, {"benchmark": CHART + tables.first_screen(done["speed"], done["routes"])})


def _draw(out: Path, done: Mapping[str, Done]) -> None:
    try:
        import figures
    except ImportError:
        print("No figures: pip install matplotlib")
        return
    if {"speed", "routes"} <= done.keys():
        figures.chart(done["speed"], done["routes"], out)
    if set(SIZES) <= done.keys():
        figures.sizes({name: done[name] for name in SIZES}, out)
