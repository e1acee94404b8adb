"""`sgns evaluate`: score vectors on gold sets, and compare pipelines."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spacy_sgns.cli.console import FAILURE, fail, warn
from spacy_sgns.cli.flags import command
from spacy_sgns.cli.inputs import load_vectors
from spacy_sgns.cli.tables import decimal, show_table
from spacy_sgns.errors import SettingError, closest

if TYPE_CHECKING:
    from spacy_sgns.evaluation.evaluate import Estimate, Evaluation

Pipelines = Annotated[
    list[str], typer.Argument(metavar="PIPELINE", help="Pipelines, by name or path, or files of vectors")
]
On = Annotated[
    list[Path],
    typer.Option("--on", metavar="FILE", help="A gold set: scored word pairs, or analogies; repeatable"),
]
FailUnder = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE",
        help="Exit with an error if a score is below VALUE; NAME is FILE without folder and ending; repeatable",
    ),
]
AmongMost = Annotated[
    int, typer.Option("--among", metavar="INT", help="Answer analogies only with the INT most frequent words")
]
JsonList = Annotated[bool, typer.Option("--json", help="Print a JSON list of objects instead of tables")]


@command
def evaluate_cli(
    pipelines: Pipelines,
    on: On,
    among: AmongMost = 30_000,
    fail_under: FailUnder = None,
    as_json: JsonList = False,
) -> None:
    """Score vectors on word pairs or analogies.

    Word pairs are scored by Spearman's correlation with human judgements, analogies by accuracy, both with 95 %
    bootstrap intervals. Several pipelines are scored on the items that all of them cover, and each is compared with
    the first one by a paired bootstrap.

    Example: python -m spacy sgns evaluate ./alice --on pairs.tsv
    """
    limits = [_read_limit(text, on) for text in fail_under or ()]
    found = evaluate_all(pipelines, on, among)
    if as_json:
        print(json.dumps([_plain(one, pipelines) for one in found], ensure_ascii=False))
    else:
        show_evaluations(found, pipelines)
    failures = _below_limits(found, pipelines, limits)
    if failures:
        fail("; ".join(failures), FAILURE)


def evaluate_all(pipelines: Sequence[str], files: Sequence[Path], among: int = 30_000) -> list["Evaluation"]:
    """Return the evaluation of pipelines on each gold set. Raises SgnsError."""
    from spacy_sgns.evaluation.evaluate import evaluate
    from spacy_sgns.evaluation.files import read_sets

    if among < 1:
        raise SettingError(f"--among must be at least 1, got {among}.")
    sets = read_sets(files)
    systems = [load_vectors(pipeline) for pipeline in pipelines]
    return [evaluate(systems, gold, among) for gold in sets]


def show_evaluations(found: Sequence["Evaluation"], pipelines: Sequence[str]) -> None:
    """Print a table of scores; for several pipelines, also their differences from the first one."""
    several = len(pipelines) > 1
    rows = []
    for one in found:
        for pipeline, score in zip(pipelines, one.scores, strict=True):
            rows.append([one.name, *([pipeline] if several else []), one.metric, *_cells(score), _covered(score)])
    pipeline_column = ["pipeline"] if several else []
    show_table(["set", *pipeline_column, "metric", "score", "95 %", "covered"], rows, "lllrrr" if several else "llrrr")
    for one in found:
        if not one.scores[0].covered:
            where = " by all pipelines" if several else ""
            warn(f"{one.name}: no item is covered{where}, so it is not scored.")
    if several:
        _show_differences(found, pipelines)
    for one in found:
        if len(one.sections) == 1 and len(one.sections[0]) > 1:
            sections = [(s.name, decimal(s.value), f"{s.covered:,} of {s.total:,}") for s in one.sections[0]]
            show_table((one.name, one.metric, "covered"), sections, "lrr")


def _show_differences(found: Sequence["Evaluation"], pipelines: Sequence[str]) -> None:
    rows = []
    for one in found:
        for pipeline, difference in zip(pipelines[1:], one.differences, strict=True):
            rows.append([one.name, pipeline, *_cells(difference, "+"), _verdict(difference)])
    show_table(("set", "pipeline", f"vs {pipelines[0]}", "95 %", ""), rows, "llrrl")


def _verdict(difference: "Estimate") -> str:
    if difference.interval is None:
        return "too few items to tell"
    low, high = difference.interval
    return "better" if low > 0 else "worse" if high < 0 else "no clear difference"


def _cells(score: "Estimate", sign: str = "") -> tuple[str, str]:
    """Return the cells of a score and its interval."""
    return decimal(score.value, sign=sign), " to ".join(decimal(bound, sign=sign) for bound in score.interval or ())


def _covered(score: "Estimate") -> str:
    return f"{score.covered:,} of {score.total:,}"


def _plain(one: "Evaluation", pipelines: Sequence[str]) -> dict[str, Any]:
    scores = [{"pipeline": p, **_plain_score(s)} for p, s in zip(pipelines, one.scores, strict=True)]
    differences = [{"pipeline": p, **_plain_score(d)} for p, d in zip(pipelines[1:], one.differences, strict=True)]
    sections = [
        {"pipeline": p, "sections": [{**s.__dict__, "value": _finite(s.value)} for s in own]}
        for p, own in zip(pipelines, one.sections, strict=False)
    ]
    more = ({"differences": differences} if differences else {}) | ({"sections": sections} if sections else {})
    return {"name": one.name, "metric": one.metric, "scores": scores, **more}


def _plain_score(score: "Estimate") -> dict[str, Any]:
    low, high = score.interval or (None, None)
    return {"value": _finite(score.value), "low": low, "high": high, "covered": score.covered, "total": score.total}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _read_limit(text: str, files: Sequence[Path]) -> tuple[str, float]:
    """Return name and value of `NAME=VALUE`. Raises SettingError for an unknown name or a value without number."""
    name, _, value = text.rpartition("=")
    limit = _as_number(value)
    if not name or math.isnan(limit):
        raise SettingError(f"--fail-under must be NAME=VALUE with a number, got {text!r}.")
    names = [file.stem for file in files]
    if name not in names:
        hint = closest(name, names, n=1) or f"Available: {', '.join(names)}."
        raise SettingError(f"--fail-under {text}: no --on FILE is named {name!r}. {hint}")
    return name, limit


def _as_number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _below_limits(
    found: Sequence["Evaluation"], pipelines: Sequence[str], limits: Sequence[tuple[str, float]]
) -> list[str]:
    """Return a message for each score below its limit; a score that is NaN is below any limit."""
    return [
        f"{name} of {pipeline} is {decimal(score.value)}, below the limit {limit:g}"
        for name, limit in limits
        for one in found
        if one.name == name
        for pipeline, score in zip(pipelines, one.scores, strict=True)
        if not score.value >= limit
    ]
