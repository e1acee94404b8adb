"""Draw results as SVG figures, for light and for dark pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import NullLocator
from store import Result
from tables import MIB, PHASES, Done, mean_speed
from tools import FLORET, GENSIM, ITERATOR, OUR_ROUTE, OURS, PWORD2VEC, ROUTE_OF_TODAY, WORD2VEC

SMALL = 8
BARS = (OURS, PWORD2VEC, GENSIM, ITERATOR, WORD2VEC, FLORET)
STRENGTHS = (0.35, 1.0, 0.65)  # of the phases of a way, from the first
mpl.use("svg")
mpl.rcParams.update({"svg.hashsalt": "sgns", "svg.fonttype": "path", "font.size": 9})


@dataclass(frozen=True)
class Look:
    """The colours of a page. ours, other: of bars and lines."""

    name: str
    text: str
    faint: str
    ours: str
    other: str


LOOKS = (
    Look("light", "#1f2328", "#59636e", "#d9480f", "#8c959f"),
    Look("dark", "#e6edf3", "#9198a1", "#ff922b", "#818b98"),
)


def chart(speed: Done, routes: Done, out: Path) -> None:
    """Write the chart for the first page: training, and the whole way, with as many workers as there were."""
    workers = max(job.workers for job, _ in speed)

    def draw(figure: Figure, look: Look) -> None:
        left, right = figure.subplots(1, 2, width_ratios=(1, 1.15))
        _training(left, speed, workers, look)
        _whole_way(right, [(job, r) for job, r in routes if job.workers == workers], look)
        _stamp(figure, [*speed, *routes], look)

    _both(draw, (9.4, 2.9), out / "chart")


def sizes(parts: Mapping[str, Done], out: Path) -> None:
    """Write the figure of time and memory against tokens, dimensions and words."""

    def draw(figure: Figure, look: Look) -> None:
        grid = figure.subplots(2, len(parts), sharex="col", squeeze=False)
        for column, (name, done) in enumerate(parts.items()):
            for axes, measure in zip(grid[:, column], MEASURES, strict=True):
                _lines(axes, done, AXES[name], MEASURES[measure], look)
            grid[1, column].set_xlabel(AXES[name].label)
        for axes, label in zip(grid[:, 0], MEASURES, strict=True):
            axes.set_ylabel(label)
        grid[0, 0].legend(frameon=False, labelcolor=look.text, loc="upper left")
        _stamp(figure, [pair for done in parts.values() for pair in done], look)

    _both(draw, (9.4, 4.8), out / "sizes")


@dataclass(frozen=True)
class Axis:
    """What a result is placed by. log: whether steps are factors."""

    label: str
    place: Callable[[Result], float]
    log: bool


AXES = {
    "tokens": Axis("million tokens", lambda r: r["corpus"]["tokens"] / 1e6, True),
    "dimensions": Axis("dimensions", lambda r: r["key"]["settings"]["dim"], False),
    "vocabularies": Axis("thousand words", lambda r: r["words"] / 1e3, True),
}
MEASURES: dict[str, Callable[[Result], float]] = {
    "seconds": lambda r: r["seconds"],
    "peak MiB": lambda r: (r["peak_bytes"] or 0) / MIB,
}


def _training(axes: Axes, done: Done, workers: int, look: Look) -> None:
    """Draw a bar for each tool that was measured, ours first."""
    speeds = {tool: mean_speed(done, tool, workers) / 1e6 for tool in BARS}
    shown = {tool: speed for tool, speed in speeds.items() if speed}
    colours = [look.ours if tool == OURS else look.other for tool in shown]
    bars = axes.barh(list(shown), list(shown.values()), color=colours, height=0.68)
    axes.bar_label(bars, [f"{speed:.2f} M" for speed in shown.values()], padding=4, color=look.text)
    _bars(axes, f"Training: words per second, {_cores(workers)}", max(shown.values()) * 1.2)


def _whole_way(axes: Axes, done: Done, look: Look) -> None:
    """Draw a bar for each way, of its phases one after the other; the way of today last."""
    done = sorted(done, key=lambda pair: pair[0].tool == ROUTE_OF_TODAY)
    names = [",\n".join(job.label.rsplit(", ", 1)) for job, _ in done]
    start = [0.0] * len(done)
    for phase, strength in zip(PHASES, STRENGTHS, strict=True):
        seconds = [r["phases"][phase] for _, r in done]
        colours = [(look.ours if job.tool == OUR_ROUTE else look.other, strength) for job, _ in done]
        bars = axes.barh(names, seconds, left=start, color=colours, height=0.68)
        start = [a + b for a, b in zip(start, seconds, strict=True)]
    axes.bar_label(bars, [f"{total:,.0f} s" for total in start], padding=4, color=look.text)
    _bars(axes, f"From texts to a spaCy pipeline: seconds, {_cores(done[0][0].workers)}", max(start) * 1.15)
    patches = [Patch(color=(look.other, strength)) for strength in STRENGTHS]
    axes.legend(patches, PHASES.values(), frameon=False, labelcolor=look.faint, fontsize=SMALL, loc="upper right")


def _bars(axes: Axes, title: str, most: float) -> None:
    axes.set_title(title, loc="left", fontsize=10)
    axes.set_xlim(0, most)
    axes.invert_yaxis()
    axes.xaxis.set_visible(False)
    axes.spines.bottom.set_visible(False)
    axes.tick_params(left=False)


def _lines(axes: Axes, done: Done, axis: Axis, measure: Callable[[Result], float], look: Look) -> None:
    for tool, colour in ((OURS, look.ours), (GENSIM, look.other)):
        points = sorted((axis.place(r), measure(r)) for job, r in done if job.tool == tool)
        axes.plot([x for x, _ in points], [y for _, y in points], "o-", color=colour, label=tool, markersize=4)
    if axis.log:
        axes.set_xscale("log")
    ticks = sorted({axis.place(r) for _, r in done})
    axes.set_xticks(ticks, [f"{tick:,.4g}" for tick in ticks])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_ylim(bottom=0)


def _cores(workers: int) -> str:
    return f"{workers} core{'s' if workers > 1 else ''}"


def _stamp(figure: Figure, done: Done, look: Look) -> None:
    """Say at the foot where, with what and when it was measured; colour what has no colour yet."""
    where = done[0][1]["key"]["machine"]
    ours = next((r for job, r in done if job.tool in (OURS, OUR_ROUTE)), done[0][1])
    when = max(r["when"] for _, r in done)
    text = f"{where['processor']}, {_cores(where['cores'])} · spacy_sgns {ours['commit']} · {when}"
    figure.supxlabel(text, fontsize=SMALL, color=look.faint, x=0.995, ha="right")


def _both(draw: Callable[[Figure, Look], None], size: tuple[float, float], path: Path) -> None:
    """Draw a figure in both looks and save it with the look's name."""
    for look in LOOKS:
        colours = dict.fromkeys(("text.color", "axes.labelcolor", "axes.titlecolor", "ytick.color"), look.text)
        lines = dict.fromkeys(("xtick.color", "axes.edgecolor"), look.faint)
        with mpl.rc_context({**colours, **lines, "axes.spines.top": False, "axes.spines.right": False}):
            figure = Figure(size, layout="constrained")
            figure.get_layout_engine().set(w_pad=0.08)
            draw(figure, look)
            figure.savefig(f"{path}-{look.name}.svg", transparent=True, metadata={"Date": None})
