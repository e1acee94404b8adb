"""Peak anonymous memory of `spacy sgns train`, over the process tree, at 1, 2 and 4 times the same corpus (Linux).

python examples/benchmarks/memory.py articles.jsonl.gz --texts 1000
"""

import argparse
import gzip
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, help=".jsonl.gz")
    parser.add_argument("--texts", type=int, default=1000, help="texts of the corpus that are repeated")
    parser.add_argument("--epochs", type=int, default=1)
    args = parser.parse_args()
    with gzip.open(args.corpus, "rt", encoding="utf8") as file:
        lines = list(islice(file, args.texts))
    print("| corpus | tokens | words | peak RssAnon | seconds |\n|---|---:|---:|---:|---:|")
    for times in (1, 2, 4):
        with tempfile.TemporaryDirectory() as folder:
            path, output = Path(folder) / "corpus.jsonl", Path(folder) / "vectors"
            path.write_text("".join(lines * times), encoding="utf8")
            # the same words for each size: what occurs 5 times in one copy occurs 5n times in n
            flags = [
                "--epochs",
                str(args.epochs),
                "--min-count",
                str(5 * times),
                "--chunk-size",
                "1024",
                "--lanes",
                "1",
            ]
            peak, seconds = watched([sys.executable, "-m", "spacy", "sgns", "train", str(path), str(output), *flags])
            tokens, words = counted(output)
        print(f"| {times} x | {tokens:,} | {words:,} | {peak / 1024:,.0f} MiB | {seconds:.0f} |", flush=True)


def watched(command: list[str]) -> tuple[int, float]:
    """Return the peak of the process tree's RssAnon in KiB, and the seconds."""
    start, peak = time.monotonic(), 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, sum(rss_anon(pid) for pid in tree(process.pid)))
            time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return peak, time.monotonic() - start


def tree(pid: int) -> list[int]:
    """Return a process and all below it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(below for child in children for below in tree(int(child)))]


def rss_anon(pid: int) -> int:
    """Return the anonymous memory of a process in KiB, 0 if it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon")), 0)


def counted(output: Path) -> tuple[int, int]:
    """Return the tokens and words that a pipeline's report gives."""
    import srsly

    corpus = srsly.read_json(output / "sgns" / "report.json")["corpus"]
    return corpus["tokens"], corpus["words"]


if __name__ == "__main__":
    main()
