"""`sgns evaluate`: how good vectors are by judged words, and whether one pipeline's are better than another's."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spacy_sgns.cli.console import FAILED, clean_end, fail, show_table, warn
from spacy_sgns.cli.flags import Code
from spacy_sgns.cli.inputs import opened
from spacy_sgns.errors import SettingError, closest
from spacy_sgns.system.plugins import import_code

if TYPE_CHECKING:
    from spacy_sgns.evaluation.evaluate import Estimate, Evaluation

Pipelines = Annotated[list[str], typer.Argument(metavar="PIPELINE", help="Pipelines or files of vectors")]
On = Annotated[
    list[Path], typer.Option("--on", metavar="FILE", help="Word pairs with scores, or analogies; repeatable")
]
FailUnder = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=VALUE", help="End with an error if a score is lower; NAME: a FILE's stem"),
]
AmongMost = Annotated[int, typer.Option("--among", metavar="INT", help="Ask analogies of the INT most frequent words")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs: a list of objects instead of tables")]
MINUS = "\u2212"


def evaluate_cli(
    pipelines: Pipelines,
    on: On,
    among: AmongMost = 30_000,
    fail_under: FailUnder = None,
    as_json: AsJson = False,
    code: Code = None,
) -> None:
    """Score vectors by words that people have judged.

    By Spearman's correlation on word pairs, and by accuracy on analogies, with bootstrap intervals of 95 %. Several
    pipelines are scored on the items that all of them cover, and compared with the first by paired resamples.
    """
    with clean_end():
        if code:
            import_code(code)
        limits = [_limit(text, on) for text in fail_under or ()]
        found = evaluate_all(pipelines, on, among)
        if as_json:
            print(json.dumps([_plain(one, pipelines) for one in found], ensure_ascii=False))
        else:
            show_scores_of(found, pipelines)
        below = _below(found, pipelines, limits)
        if below:
            fail("; ".join(below), FAILED)


def evaluate_all(pipelines: Sequence[str], files: Sequence[Path], among: int = 30_000) -> list["Evaluation"]:
    """Return what the vectors of some pipelines make of gold sets. Raises SgnsError."""
    from spacy_sgns.evaluation.evaluate import evaluate
    from spacy_sgns.evaluation.files import read_sets

    if among < 1:
        raise SettingError(f"--among must be at least 1, got {among}.")
    sets = read_sets(files)
    systems = [opened(pipeline) for pipeline in pipelines]
    return [evaluate(systems, gold, among) for gold in sets]


def show_scores_of(found: Sequence["Evaluation"], pipelines: Sequence[str]) -> None:
    """Print a table of scores; of several pipelines a row each, and how they differ from the first."""
    several = len(pipelines) > 1
    rows = []
    for one in found:
        for pipeline, score in zip(pipelines, one.scores, strict=True):
            rows.append([one.name, *([pipeline] if several else []), one.metric, *_cells(score), _covered(score)])
    pipeline_column = ["pipeline"] if several else []
    show_table(["set", *pipeline_column, "metric", "score", "95 %", "covered"], rows, "lllrrr" if several else "llrrr")
    for one in found:
        if not one.scores[0].covered:
            warn(f"Nothing of {one.name} has vectors{' in all of them' if several else ''}, so it says nothing.")
    if several:
        _show_differences(found, pipelines)
    for one in found:
        if len(one.sections) == 1 and len(one.sections[0]) > 1:
            sections = [(s.name, _number(s.value), f"{s.covered:,} of {s.total:,}") for s in one.sections[0]]
            show_table((one.name, one.metric, "covered"), sections, "lrr")


def _show_differences(found: Sequence["Evaluation"], pipelines: Sequence[str]) -> None:
    rows = []
    for one in found:
        for pipeline, difference in zip(pipelines[1:], one.differences, strict=True):
            rows.append([one.name, pipeline, *_cells(difference, "+"), _verdict(difference)])
    show_table(("set", "pipeline", f"beside {pipelines[0]}", "95 %", ""), rows, "llrrl")


def _verdict(difference: "Estimate") -> str:
    if difference.interval is None:
        return "too few items to tell"
    low, high = difference.interval
    return "better" if low > 0 else "worse" if high < 0 else "no clear difference"


def _cells(score: "Estimate", sign: str = "") -> tuple[str, str]:
    """Return a score and its interval, for people."""
    return _number(score.value, sign), " to ".join(_number(bound, sign) for bound in score.interval or ())


def _number(value: float, sign: str = "") -> str:
    return "-" if math.isnan(value) else f"{value:{sign}.3f}".replace("-", MINUS)


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


def _limit(text: str, files: Sequence[Path]) -> tuple[str, float]:
    """Return name and value of `NAME=VALUE`. Raises SettingError for the name of no file, or what is no number."""
    name, _, value = text.rpartition("=")
    least = _as_number(value)
    if not name or math.isnan(least):
        raise SettingError(f"--fail-under takes NAME=VALUE with a number, got {text!r}.")
    names = [file.stem for file in files]
    if name not in names:
        hint = closest(name, names, n=1) or f"There is: {', '.join(names)}."
        raise SettingError(f"--fail-under {text}: no --on FILE has the name {name!r}. {hint}")
    return name, least


def _as_number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _below(found: Sequence["Evaluation"], pipelines: Sequence[str], limits: Sequence[tuple[str, float]]) -> list[str]:
    """Return what is to be said of scores that are lower than they must be; one that is no number is."""
    return [
        f"{name} of {pipeline} is {_number(score.value)}, and must be {least:g} at least"
        for name, least in limits
        for one in found
        if one.name == name
        for pipeline, score in zip(pipelines, one.scores, strict=True)
        if not score.value >= least
    ]
