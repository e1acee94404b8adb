"""Training speed and quality beside gensim, on the same tokens, in alternation, on one pinned core each.

    python examples/benchmarks/against_gensim.py wiki8.xz gold/ --seeds 3

`gold` holds wordsim353.tsv, simlex999.tsv and questions-words.txt. Each run is a process of its own; its result is
appended to a file as soon as it is there, and runs found in the file are not repeated. Prints tables for the README.
"""

import argparse
import json
import lzma
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import mean

TEXT_LENGTH = 1000  # tokens of a text; wiki8 is one line, and gensim drops what is beyond 10,000
EQUAL = {"subsample": 1e-3, "learning_rate": 0.025}
RUNS = {
    "gensim, subsample 1e-3": ("gensim", {"subsample": 1e-3}),
    "spacy_sgns, the same settings": ("spacy_sgns", EQUAL),
    "gensim, subsample 1e-4": ("gensim", {"subsample": 1e-4}),
    "spacy_sgns, its defaults": ("spacy_sgns", {}),
}


def main() -> None:
    """Run what has not been run, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--dim", type=int, default=100)
    parser.add_argument("--tokens", type=int, default=0, help="use only so many tokens; 0: all")
    parser.add_argument("--equal", action="store_true", help="equal settings only, as for speed")
    parser.add_argument("--cpu", type=int, default=0, help="core to pin to")
    parser.add_argument("--results", type=Path, default=Path("against_gensim.jsonl"))
    parser.add_argument("--run", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.run:
        print(json.dumps(one_run(json.loads(args.run), args.gold)))
        return
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "corpus.txt"
        tokens = write_lines(args.corpus, lines, args.tokens)
        runs = list(RUNS)[: 2 if args.equal else None]
        for name, seed in ((name, seed) for seed in range(1, args.seeds + 1) for name in runs):
            key = {"name": name, "seed": seed, "dim": args.dim, "epochs": args.epochs, "tokens": tokens}
            if not any(key.items() <= done.items() for done in results(args.results)):
                tool, settings = RUNS[name]
                job = {**key, "tool": tool, "settings": settings, "lines": str(lines)}
                keep(args.results, {**key, **in_process(job, args)})
    show([r for r in results(args.results) if r["dim"] == args.dim and r["tokens"] == tokens])


def read_tokens(corpus: Path) -> list[str]:
    """Return the tokens of a corpus whose tokens stand between spaces."""
    with lzma.open(corpus, "rt", encoding="utf8") if corpus.suffix == ".xz" else corpus.open(encoding="utf8") as file:
        return file.read().split()


def write_lines(corpus: Path, lines: Path, limit: int) -> int:
    """Write the tokens as texts of `TEXT_LENGTH`; return how many there are."""
    tokens = read_tokens(corpus)[: limit or None]
    with lines.open("w", encoding="utf8") as out:
        for start in range(0, len(tokens), TEXT_LENGTH):
            print(*tokens[start : start + TEXT_LENGTH], file=out)
    return len(tokens)


def results(path: Path) -> Iterator[dict]:
    """Yield the results so far."""
    if path.exists():
        yield from map(json.loads, path.read_text(encoding="utf8").splitlines())


def keep(path: Path, result: dict) -> None:
    """Append a result."""
    print({k: v for k, v in result.items() if k in ("name", "seed", "words_per_second", "mean")}, flush=True)
    with path.open("a", encoding="utf8") as file:
        print(json.dumps(result), file=file)


def in_process(job: dict, args: argparse.Namespace) -> dict:
    """Return the result of a run in a process with one core and one BLAS thread."""
    pin = ["taskset", "-c", str(args.cpu)] if sys.platform == "linux" else []
    command = [*pin, sys.executable, __file__, str(args.corpus), str(args.gold), "--run", json.dumps(job)]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def one_run(job: dict, gold: Path) -> dict:
    """Train once and return speed and quality."""
    from gold import scores

    words, rows, speed, loss = TOOLS[job["tool"]](job)
    return {
        "words_per_second": round(speed),
        "loss": loss,
        **{k: round(v, 4) for k, v in scores(words, rows, gold).items()},
    }


def with_gensim(job: dict) -> tuple:
    """Train with gensim's fastest reader on one worker; its clock does not count the vocabulary."""
    from gensim.models import Word2Vec

    model = Word2Vec(
        vector_size=job["dim"],
        window=5,
        negative=5,
        sg=1,
        sample=job["settings"]["subsample"],
        seed=job["seed"],
        workers=1,
    )
    model.build_vocab(corpus_file=job["lines"])
    start = time.perf_counter()
    model.train(
        corpus_file=job["lines"],
        total_examples=model.corpus_count,
        total_words=model.corpus_total_words,
        epochs=job["epochs"],
    )
    seconds = time.perf_counter() - start
    return model.wv.index_to_key, model.wv.vectors, job["tokens"] * job["epochs"] / seconds, None


def with_spacy_sgns(job: dict) -> tuple:
    """Train with this package, the loss included; the clock does not count the vocabulary either."""
    import spacy
    from spacy.tokens import Doc

    from spacy_sgns.pipeline.train import train_on_docs
    from spacy_sgns.settings import Settings

    vocab = spacy.blank("en").vocab
    settings = Settings.of(dim=job["dim"], epochs=job["epochs"], seed=job["seed"], **job["settings"])
    with Path(job["lines"]).open(encoding="utf8") as lines:
        trained = train_on_docs((Doc(vocab, line.split()) for line in lines), vocab, settings)
    epochs = trained.report["epochs"]
    speed = job["tokens"] * len(epochs) / sum(e["seconds"] for e in epochs)
    return trained.vectors.words, trained.vectors.rows, speed, epochs[-1]["loss"]


TOOLS = {"gensim": with_gensim, "spacy_sgns": with_spacy_sgns}


def show(found: list[dict]) -> None:
    """Print a table: means over the seeds, with the range of the speeds."""
    measures = ("WordSim-353", "SimLex-999", "analogies", "mean")
    print(f"\n| | words/s | {' | '.join(measures)} |\n|---|---:|{'---:|' * len(measures)}")
    for name in RUNS:
        runs = [r for r in found if r["name"] == name]
        if runs:
            speeds = sorted(r["words_per_second"] for r in runs)
            quality = " | ".join(f"{mean(r[m] for r in runs):.3f}" for m in measures)
            print(f"| {name} ({len(runs)} seeds) | {mean(speeds):,.0f} ({speeds[0]:,}-{speeds[-1]:,}) | {quality} |")


if __name__ == "__main__":
    main()
