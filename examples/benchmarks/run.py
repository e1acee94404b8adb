"""Measure this package and its peers on the same tokens, in alternation, and write the tables and figures of a README.

    python examples/benchmarks/run.py --corpus wiki8.xz --texts articles.jsonl.gz --gold gold/
    python examples/benchmarks/run.py --corpus wiki8.xz --quick

Each measurement is a process of its own on its own cores, and its result is stored at once. Results stored for this
machine, these versions and this code are not measured again, so an interrupted command continues where it stopped.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from corpora import token_lines
from jobs import Job
from measure import Failed, key_of, measured
from plan import FULL, QUICK, Corpora, Plan
from report import HERE, PARTS, write_report
from store import Result, Store
from tables import Done
from tools import PWORD2VEC, TOOLS, WORD2VEC, Programs, available

BUSY = 0.5  # load above which others are at work
QUICK_OUT = Path("benchmark-quick")


def main() -> None:
    """Measure what has not been measured, and write the report."""
    args = arguments().parse_args()
    out = args.out or (QUICK_OUT if args.quick else HERE)
    out.mkdir(parents=True, exist_ok=True)
    say_if_busy()
    with TemporaryDirectory(prefix="sgns-benchmark-") as work:
        bench = workbench(args, Store(out / "results.jsonl"), Path(work))
        plan = planned(args, Path(work))
        try:
            for number, name in enumerate(args.only, 1):
                bench.measure(name, PARTS[name].jobs(plan))
                write_report(
                    out, {part: bench.done(PARTS[part].jobs(plan), part in args.only[:number]) for part in PARTS}
                )
        except KeyboardInterrupt:
            raise SystemExit("Interrupted. The same command goes on from here.") from None
    print(f"The report: {out / 'README.md'}")
    sys.exit(bool(bench.failed))


def arguments() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--corpus", type=Path, required=True, help="what is trained on: .txt or .jsonl, also .gz, .bz2 or .xz")
    add("--texts", type=Path, help="natural text for the whole way to a pipeline [default: the corpus]")
    add("--gold", type=Path, help="folder of wordsim353.tsv, simlex999.tsv, questions-words.txt; without it no quality")
    add("--tokens", type=int, default=0, metavar="N", help="take only the first tokens of the corpus [default: all]")
    add("--quick", action="store_true", help="little of everything, within 10 minutes on 2 cores")
    add("--out", type=Path, help=f"folder of README, figures and results [default: {HERE.name}; quick: {QUICK_OUT}]")
    add("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART", help=", ".join(PARTS))
    add("--tools", nargs="+", choices=TOOLS, default=list(TOOLS), metavar="TOOL", help="; ".join(TOOLS))
    add("--workers", nargs="+", type=int, default=[1, 2], metavar="N", help="numbers of workers [default: 1 2]")
    add("--word2vec", type=Path, metavar="PATH", help="binary of word2vec.c")
    add("--pword2vec", type=Path, metavar="PATH", help="binary of pWord2Vec")
    add("--again", action="store_true", help="measure what is stored, too")
    return parser


def say_if_busy() -> None:
    """Print a warning if other programs are busy on this machine."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0
    if load > BUSY:
        print(f"The machine is busy (load {load:.1f}): what is measured now will be too low.", flush=True)


def workbench(args: argparse.Namespace, store: Store, work: Path) -> "Workbench":
    """Return a workbench with the installed tools; print which are missing."""
    paths = {WORD2VEC: args.word2vec, PWORD2VEC: args.pword2vec}
    programs = {name: path.resolve() for name, path in paths.items() if path}
    versions, missing = available(programs)
    for name in args.tools:
        if name in missing:
            print(f"Without {name}: {missing[name]}")
    wanted = {name: version for name, version in versions.items() if name in args.tools}
    return Workbench(store, wanted, programs, work, args.gold, args.again, [])


def planned(args: argparse.Namespace, work: Path) -> Plan:
    """Return what is to be measured."""
    lines = work / "all.txt"
    tokens = token_lines(args.corpus, lines)
    print(f"{args.corpus.name}: {tokens:,} tokens", flush=True)
    corpora = Corpora(args.corpus.name, lines, min(tokens, args.tokens or tokens), args.texts or args.corpus)
    return Plan(QUICK if args.quick else FULL, corpora, tuple(sorted(set(args.workers))), scored=bool(args.gold))


@dataclass(frozen=True)
class Workbench:
    """Measures, or looks up. versions: of the tools to measure. failed: the labels of what did not work."""

    store: Store
    versions: dict[str, str]
    programs: Programs
    work: Path
    gold: Path | None
    again: bool
    failed: list[str]

    def measure(self, part: str, jobs: Sequence[Job]) -> None:
        """Do those jobs that can be done and have not been done."""
        jobs = [job for job in jobs if job.tool in self.versions]
        for number, job in enumerate(jobs, 1):
            if not self._find(job, new=self.again):
                self._measure(job, f"[{part} {number}/{len(jobs)}] {job.label}, {job.workers} workers, seed {job.seed}")

    def done(self, jobs: Sequence[Job], measured: bool) -> Done:
        """Return jobs with their results. measured: just now; of others, only all of them make a table."""
        jobs = [job for job in jobs if job.tool in self.versions]
        found = [(job, result) for job in jobs if (result := self._find(job))]
        return found if measured or len(found) == len(jobs) else []

    def _find(self, job: Job, new: bool = False) -> Result | None:
        wanted = ["scores"] if job.scored else []
        return self.store.find(key_of(job, self.versions[job.tool]), *wanted, new=new)

    def _measure(self, job: Job, place: str) -> None:
        start = time.perf_counter()
        try:
            result = measured(job, self.versions[job.tool], self.programs, self.work, self.gold)
        except Failed as error:
            self.failed.append(job.label)
            print(f"{place}: FAILED\n{error}", flush=True)
            return
        self.store.add(result)
        print(f"{place}: {_brief(result)}; {time.perf_counter() - start:.0f} s in all", flush=True)


def _brief(result: Result) -> str:
    """Return the main figures, and how much of a core the process had: under 100 % with one worker, others had some."""
    speed, phases = result["words_per_second"], result["phases"]
    main = f"{speed:,} words/s" if speed else ", ".join(f"{name} {seconds} s" for name, seconds in phases.items())
    return f"{main}, CPU {result['cpu_seconds'] / result['seconds']:.0%}"


if __name__ == "__main__":
    main()
