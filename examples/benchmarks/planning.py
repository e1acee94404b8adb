"""Compare the plan of `sgns plan` with the run of `sgns train`.

    python examples/benchmarks/planning.py CORPUS... [-- --workers 1 --epochs 1]
    python examples/benchmarks/planning.py --processor CORPUS...

Prints a table for each corpus: what was planned, what happened, and their ratio. What stands behind `--` are flags of
both commands. Peaks of memory are known on Linux alone. With `--processor`, one worker plans and trains one epoch, and
its seconds are those of the processor: they are the same whatever else the machine does meanwhile.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import process_time

import spacy
from memory import peak_until_end

from spacy_sgns.corpus.encoder import Encoder
from spacy_sgns.pipeline.factory import from_language
from spacy_sgns.pipeline.train import train_pipeline
from spacy_sgns.planning import calibration, survey
from spacy_sgns.planning.plan import plan_source
from spacy_sgns.runs import train_vectors as flow
from spacy_sgns.settings import Settings
from spacy_sgns.sources.source import Source
from spacy_sgns.tokenization.docs import DocMaker
from spacy_sgns.tokenization.source_tokens import source_tokens
from spacy_sgns.training import trainer

CLOCKED = (calibration, flow, survey, trainer)
COMMAND = (sys.executable, "-m", "spacy", "sgns")


def planned(corpus: Path, flags: list[str]) -> dict[str, float]:
    """Return what is planned, by name."""
    done = subprocess.run([*COMMAND, "plan", str(corpus), "--json", *flags], check=True, stdout=subprocess.PIPE)
    plan = json.loads(done.stdout)
    return {
        "texts": plan["texts"],
        "tokens": plan["tokens"],
        "tokens kept": plan["tokens_kept"],
        **{f"words, min_count {row['min_count']}": row["words"] for row in plan["vocabulary"]},
        "encoding, s": plan["seconds"]["encoding"],
        "an epoch, s": plan["seconds"]["epoch"],
        "memory, MB": plan["memory"]["peak"] / 1e6,
        "pipeline, MB": plan["disk"]["output"] / 1e6,
    }


def happened(corpus: Path, flags: list[str]) -> dict[str, float]:
    """Train; return what happened, by the same names."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "out"
        command = [*COMMAND, "train", str(corpus), str(output), *flags]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        peak = peak_until_end(process)
        report = json.loads((output / "sgns" / "report.json").read_text(encoding="utf8"))
        epochs, read = report["epochs"], report["corpus"]
        return {
            "texts": read["texts"],
            "tokens": read["tokens"],
            "tokens kept": read["tokens_kept"],
            "encoding, s": report["seconds"]["read"],
            "an epoch, s": sum(epoch["seconds"] for epoch in epochs) / len(epochs),
            "memory, MB": (peak or float("nan")) / 1e6,
            "pipeline, MB": sum(path.stat().st_size for path in output.rglob("*") if path.is_file()) / 1e6,
        }


def vocabulary(corpus: Path, names: list[str]) -> dict[str, float]:
    """Return how many words there really are, for names as `words, min_count 5`."""
    maker = DocMaker(lambda: spacy.blank("en"))
    with tempfile.TemporaryDirectory() as folder:
        encoder = Encoder(Path(folder))
        for batch in source_tokens(Source(corpus), maker, ("punct",), sentences=False, warn=lambda text: None):
            encoder.add(batch)
        words = encoder.finish(Settings(min_count=1)).vocabulary
    return {name: float((words.counts >= int(name.split()[-1])).sum()) for name in names if "min_count" in name}


def by_processor(corpus: Path) -> tuple[dict[str, float], dict[str, float]]:
    """Return the seconds of the processor that were planned, and those that it took, by name."""
    for module in CLOCKED:
        module.perf_counter = process_time
    given = Source(corpus), from_language("en", {}), Settings(epochs=1, workers=1)
    plan = plan_source(*given)
    report = train_pipeline(*given, warn=lambda text: None).report
    names = "encoding, s of the processor", "an epoch, s of the processor"
    took = report["seconds"]["read"], report["epochs"][0]["seconds"]
    return dict(zip(names, (plan.encoding, plan.epoch), strict=True)), dict(zip(names, took, strict=True))


def both(corpus: Path, flags: list[str]) -> tuple[dict[str, float], dict[str, float]]:
    """Return what is planned, and what happens, by name."""
    plan = planned(corpus, flags)
    return plan, {**happened(corpus, flags), **vocabulary(corpus, list(plan))}


def show(corpus: Path, plan: dict[str, float], truth: dict[str, float]) -> None:
    """Print the table of a corpus."""
    print(f"\n| {corpus.name} | planned | happened | ratio |\n|---|---:|---:|---:|")
    for name, value in plan.items():
        digits = 0 if min(value, truth[name]) > 100 else 2
        print(f"| {name} | {value:,.{digits}f} | {truth[name]:,.{digits}f} | {value / truth[name]:.2f} |", flush=True)


if __name__ == "__main__":
    given, _, behind = " ".join(sys.argv[1:]).partition(" -- ")
    names = [name for name in given.split() if name != "--processor"]
    for path in map(Path, names):
        show(path, *(by_processor(path) if names != given.split() else both(path, behind.split())))
