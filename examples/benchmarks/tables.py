"""Results as Markdown tables, each with machine, versions and date beneath it."""

from collections.abc import Callable, Iterable, Sequence
from statistics import mean
from typing import Any

from jobs import Job
from store import Result
from tools import GENSIM, OUR_ROUTE, OURS, ROUTE_OF_TODAY

Done = Sequence[tuple[Job, Result]]
Table = Callable[[Done], str]
MEASURES = ("WordSim-353", "SimLex-999", "analogies")
PHASES = {"read": "texts to tokens", "train": "training", "rest": "start, pipeline written"}
MIB = 1 << 20
SHORT = {GENSIM: "gensim", ROUTE_OF_TODAY: "way of today"}


def speed(done: Done) -> str:
    """Words/s of each tool at each number of workers."""
    workers = sorted({job.workers for job, _ in done})
    columns = [text for n in workers for text in (f"{_workers(n)}: 1,000 words/s", "x gensim")]
    rows = []
    for label in _labels(done):
        cells = [cell for n in workers for cell in _speed_cells(done, label, n)]
        rows.append([label, *cells])
    return _table(["", *columns], rows) + about(done)


def scaling(done: Done) -> str:
    """Our words/s at each number of workers, and how many times those of the fewest."""
    workers = sorted({job.workers for job, _ in done})
    columns = [*(f"{_workers(n)}: 1,000 words/s" for n in workers), *(f"{n} : {workers[0]}" for n in workers[1:])]
    rows = []
    for label in _labels(done):
        speeds = {n: [speed / 1000 for speed in _speeds(done, label, n)] for n in workers}
        times = [f"{mean(speeds[n]) / mean(speeds[workers[0]]):.2f} x" for n in workers[1:]]
        rows.append([label, *(_spread(speeds[n], ",.0f") for n in workers), *times])
    return _table(["", *columns], rows) + about(done)


def quality(done: Done) -> str:
    """Scores of each tool after each number of epochs, and what the gold sets cover."""
    rows = []
    for epochs in sorted({job.settings["epochs"] for job, _ in done}):
        for label in _labels(done):
            scores = [r["scores"] for j, r in done if (j.label, j.settings["epochs"]) == (label, epochs)]
            cells = [_spread([s[name] for s in scores], ".3f") for name in (*MEASURES, "mean")]
            rows.append([str(epochs), label, *cells, str(len(scores))] if scores else [])
    covered = {name: [r["scores"][f"{name} coverage"] for _, r in done] for name in MEASURES}
    rows.append(["", "covered", *(_range(covered[name], ".1%") for name in MEASURES), "", ""])
    return _table(["epochs", "", *MEASURES, "mean", "seeds"], [row for row in rows if row], left=2) + about(done)


def routes(done: Done) -> str:
    """Seconds and memory of each way from texts to a pipeline."""
    today = {job.workers: r["phases"]["total"] for job, r in done if job.tool == ROUTE_OF_TODAY}
    rows = [
        [
            str(job.workers),
            job.label,
            *(f"{r['phases'][name]:.1f}" for name in PHASES),
            f"{r['phases']['total']:.1f}",
            _times(today.get(job.workers), r["phases"]["total"]),
            _mib(r["peak_bytes"]),
            f"{r['words']:,}",
        ]
        for job, r in done
    ]
    columns = ["workers", "", *PHASES.values(), "total, s", "faster", "peak MiB", "vectors"]
    return _table(columns, rows, left=2) + about(done)


def cost(axis: str, value: Callable[[Result], int], tools: Sequence[str], measures: Sequence[str]) -> Table:
    """Return a table of some measures of tools, side by side, along an axis."""

    def table(done: Done) -> str:
        columns = [(m, tool) for m in measures for tool in tools if any(job.tool == tool for job, _ in done)]
        rows = []
        for at in sorted({value(r) for _, r in done}):
            here = {job.tool: r for job, r in done if value(r) == at}
            rows.append([f"{at:,}", *(COSTS[m](here[tool]) if tool in here else "" for m, tool in columns)])
        return _table([axis, *(f"{m}: {SHORT.get(tool, tool)}" for m, tool in columns)], rows) + about(done)

    return table


def first_screen(done: Done, routes_done: Done) -> str:
    """The figures that the project's README shows."""
    workers = sorted({job.workers for job, _ in done})
    ways = {OURS: f"{OUR_ROUTE}, equal settings", GENSIM: ROUTE_OF_TODAY}
    rows = []
    for label in _labels(done):
        way = next((r for j, r in routes_done if (j.label, j.workers) == (ways.get(label), max(workers))), None)
        whole = [f"{way['phases']['total']:.0f} s", _mib(way["peak_bytes"])] if way else ["", ""]
        rows.append([label, *(_million(_speeds(done, label, n)) for n in workers), *whole])
    columns = [*(f"words/s, {_workers(n)}" for n in workers), "texts to pipeline", "peak MiB"]
    return _table(["", *columns], rows) + about([*done, *routes_done])


def about(done: Done) -> str:
    """Return the line that says corpus, settings, machine, versions, commit and date of some results."""
    keys = [r["key"] for _, r in done]
    dates = [r["when"] for _, r in done]
    parts = [
        _corpus(done),
        ", ".join(f"{name} {values}" for name, values in _settings([key["settings"] for key in keys])),
        *_distinct(", ".join(_said(name, value) for name, value in key["machine"].items() if value) for key in keys),
        *_distinct(", ".join(f"{name} {v}" for name, v in r["versions"].items()) for _, r in done),
        *_distinct(blas for _, r in done for blas in r.get("blas", ())),
        *_distinct(f"commit {r['commit']}" for job, r in done if job.tool in (OURS, OUR_ROUTE)),
        " to ".join(sorted({min(dates), max(dates)})),
    ]
    return f"\n\n<sub>{' · '.join(part for part in parts if part)}</sub>\n"


def mean_speed(done: Done, label: str, workers: int) -> float:
    """Return the mean of the words/s, 0 if there are none."""
    return mean(_speeds(done, label, workers) or [0])


def _speeds(done: Done, label: str, workers: int) -> list[float]:
    return [r["words_per_second"] for job, r in done if (job.label, job.workers) == (label, workers)]


def _speed_cells(done: Done, label: str, workers: int) -> list[str]:
    speeds = [speed / 1000 for speed in _speeds(done, label, workers)]
    other = mean_speed(done, GENSIM, workers) / 1000
    return [_spread(speeds, ",.0f"), f"{mean(speeds) / other:.1f}" if speeds and other else ""]


def _labels(done: Done) -> list[str]:
    return _distinct(job.label for job, _ in done)


def _corpus(done: Done) -> str:
    """Return the name of the corpus, and its size if all have the same."""
    names = _distinct(key.get("file", "made-up words") for key in (r["key"]["corpus"] for _, r in done))
    sizes = {r["corpus"]["tokens"] for _, r in done}
    return ", ".join(names) + (f", {sizes.pop():,} tokens" if len(sizes) == 1 else "")


def _settings(used: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return each setting with the values that were used, but those that a tool was left to choose."""
    names = _distinct(name for settings in used for name in settings)
    return [(name, "/".join(_distinct(str(s[name]) for s in used if name in s))) for name in names]


def _said(name: str, value: Any) -> str:
    return f"{value} {name}" if name == "cores" else str(value)


def _distinct(values: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(values))


def _spread(values: Sequence[float], form: str) -> str:
    """Return the mean, and the lowest and highest of several values."""
    if not values:
        return ""
    return f"{mean(values):{form}}" + (f" ({_range(values, form)})" if len(values) > 1 else "")


def _range(values: Sequence[float], form: str) -> str:
    return "-".join(_distinct(f"{value:{form}}" for value in (min(values), max(values))))


def _million(speeds: Sequence[float]) -> str:
    return f"{mean(speeds) / 1e6:.2f} M" if speeds else ""


def _times(other: float | None, own: float) -> str:
    return f"{other / own:.1f} x" if other else ""


def _mib(size: int | None) -> str:
    return f"{size / MIB:,.0f}" if size else ""


def _workers(number: int) -> str:
    return f"{number} worker{'s' if number > 1 else ''}"


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> str:
    """Return a table; all columns but the first `left` are numbers."""
    rule = [*(["---"] * left), *(["---:"] * (len(columns) - left))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (columns, rule, *rows))


COSTS: dict[str, Callable[[Result], str]] = {
    "seconds": lambda r: f"{r['phases'].get('total', r['seconds']):.1f}",
    "1,000 words/s": lambda r: f"{r['words_per_second'] / 1000:,.0f}",
    "peak MiB": lambda r: _mib(r["peak_bytes"]),
}
