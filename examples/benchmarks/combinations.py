"""Compare combinations: speed and quality of architectures, objectives, weightings and noises, and of gensim's.

    pip install '.[benchmark]'
    python examples/benchmarks/combinations.py --corpus wiki8.xz --gold gold/
    python examples/benchmarks/combinations.py --corpus wiki8.xz --gold gold/ --tokens 2000000 --page none

Each row is a process with one worker, and is stored in combinations.jsonl at once: what is there for the same machine,
version, corpus and settings is not measured again. The tables go into README.md of this folder.

Rare: Spearman's correlation on the pairs of WordSim-353 and SimLex-999 whose rarer word occurs fewer than 200 times in
the corpus, the mean of the two. gensim has `corpus_file`, its own default of the learning rate, .025, and for CBOW .05,
that of word2vec.c; else the settings are the same.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import machine
import numpy as np
from corpora import TEXT_LENGTH, read_tokens
from gold import PAIRS, scores
from measure import ONE_THREAD
from page import rewrite
from peers import token_batches
from scipy.stats import spearmanr
from store import Result, Store

HERE = Path(__file__).parent
SETTINGS = {"dim": 100, "window": 5, "negative": 5, "subsample": 1e-4, "min_count": 5, "epochs": 5, "seed": 1}
ARCHITECTURES, OBJECTIVES = ("skipgram", "cbow"), ("negative_sampling", "hierarchical_softmax")
UNCORRECTED = {"name": "cbow", "corrected": False}
RARE = 200
Row = dict[str, Any]
COMBINATIONS: list[Row] = [
    {"tool": tool, "architecture": architecture, "objective": objective}
    for objective in OBJECTIVES
    for architecture in ARCHITECTURES
    for tool in ("spacy_sgns", "gensim")
]
SLOTS: list[Row] = [
    {"tool": "spacy_sgns", "architecture": UNCORRECTED},
    {"tool": "spacy_sgns", "architecture": "cbow", "weighting": "dynamic"},
    *({"tool": "spacy_sgns", "weighting": name} for name in ("dynamic", "harmonic", "flat")),
    *({"tool": "spacy_sgns", "noise": name} for name in ("in_batch", "uniform")),
]
COLUMNS = ("1,000 words/s", "WordSim-353", "SimLex-999", "analogies", "rare")


def main() -> None:
    """Measure what is not stored yet, print the tables, and write them into the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--tokens", type=int, default=0, help="only the first so many; 0: all")
    parser.add_argument("--results", type=Path, default=HERE / "combinations.jsonl")
    parser.add_argument("--page", default=str(HERE / "README.md"), help="file with sections for the tables, or none")
    parser.add_argument("--row", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.row:
        print(json.dumps(trained(args.corpus, args.gold, json.loads(args.row))))
        return
    with TemporaryDirectory() as folder:
        corpus, store = Path(folder) / "corpus.txt", Store(args.results)
        key = {"corpus": args.corpus.name, "tokens": args.tokens, "machine": machine.machine(), **machine.versions()}
        write_lines(corpus, read_tokens(args.corpus)[: args.tokens or None])
        done = [measured(row, corpus, args.gold, key, store) for row in (*COMBINATIONS, *SLOTS)]
    tables = {
        "combinations": table(done[: len(COMBINATIONS)], COMBINATIONS),
        "slots": table(done[len(COMBINATIONS) :], SLOTS),
    }
    print("\n\n".join(tables.values()))
    if args.page != "none":
        rewrite(Path(args.page), tables)


def write_lines(path: Path, tokens: list[str]) -> None:
    """Write tokens as texts of `TEXT_LENGTH`, a line each."""
    with path.open("w", encoding="utf8") as file:
        for at in range(0, len(tokens), TEXT_LENGTH):
            file.write(" ".join(tokens[at : at + TEXT_LENGTH]) + "\n")


def measured(row: Row, corpus: Path, gold: Path, key: dict[str, Any], store: Store) -> Result:
    """Return the result of a row, stored or measured now."""
    key = {**key, **SETTINGS, **row}
    if found := store.find(key):
        return found
    command = [sys.executable, __file__, "--corpus", str(corpus), "--gold", str(gold), "--row", json.dumps(row)]
    said = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **ONE_THREAD}
    ).stdout
    store.add({"key": key, **json.loads(said)})
    return store.find(key) or {}


def trained(corpus: Path, gold: Path, row: Row) -> Result:
    """Train as a row says; return words per second, scores, and the learning rate."""
    tool = {"spacy_sgns": by_spacy_sgns, "gensim": by_gensim}[row["tool"]]
    words, counts, rows, speed, rate = tool(corpus, {name: value for name, value in row.items() if name != "tool"})
    found = scores(words, rows, gold)
    found["rare"] = rare(words, counts, rows, gold)
    return {"words_per_second": round(speed), "learning_rate": rate, "scores": found}


def by_spacy_sgns(corpus: Path, choices: Row) -> tuple[list[str], np.ndarray, np.ndarray, float, float]:
    """Return words, their counts and rows, words per second, and the learning rate."""
    from spacy_sgns.runs.train_vectors import train_vectors
    from spacy_sgns.runs.work_folder import work_folder
    from spacy_sgns.settings import Settings

    settings = Settings.of(**SETTINGS, **choices, workers=1)
    with work_folder(None) as folder:
        result = train_vectors(token_batches(corpus), settings, folder=folder)
    seconds = sum(epoch["seconds"] for epoch in result.report["epochs"])
    kept, vectors = result.report["corpus"]["tokens_kept"], result.vectors
    speed, rate = kept * settings.epochs / seconds, result.report["settings"]["learning_rate"]
    return vectors.words, vectors.counts, vectors.rows, speed, rate


def by_gensim(corpus: Path, choices: Row) -> tuple[list[str], np.ndarray, np.ndarray, float, float]:
    """Return the same of gensim."""
    from gensim.models import Word2Vec

    skipgram, tree = choices["architecture"] == "skipgram", choices["objective"] == "hierarchical_softmax"
    names = {"dim": "vector_size", "subsample": "sample"}
    own = {names.get(name, name): value for name, value in SETTINGS.items()} | {"workers": 1}
    rate = 0.025 if skipgram else 0.05
    own |= {"sg": int(skipgram), "hs": int(tree), "negative": 0 if tree else own["negative"], "alpha": rate}
    model = Word2Vec(**own)
    model.build_vocab(corpus_file=str(corpus))
    totals = {"total_examples": model.corpus_count, "total_words": model.corpus_total_words}
    start = time.perf_counter()
    model.train(corpus_file=str(corpus), **totals, epochs=own["epochs"])
    seconds, vectors = time.perf_counter() - start, model.wv
    counts = np.array([vectors.get_vecattr(word, "count") for word in vectors.index_to_key])
    return vectors.index_to_key, counts, vectors.vectors, counts.sum() * own["epochs"] / seconds, rate


def rare(words: list[str], counts: np.ndarray, rows: np.ndarray, gold: Path) -> float:
    """Return the mean over the sets of pairs of the correlation on those with a rare word."""
    place, found = {word: i for i, word in enumerate(words)}, []
    for file in PAIRS.values():
        lines = [line.split("\t") for line in (gold / file).read_text(encoding="utf8").splitlines() if line[0] != "#"]
        known = [(place[a.lower()], place[b.lower()], s) for a, b, s in lines if {a.lower(), b.lower()} <= place.keys()]
        a, b, score = (np.array(column, float) for column in zip(*known, strict=True))
        a, b = a.astype(int), b.astype(int)
        some = np.minimum(counts[a], counts[b]) < RARE
        unit = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        found.append(spearmanr((unit[a[some]] * unit[b[some]]).sum(1), score[some])[0])
    return float(np.mean(found))


def table(results: list[Result], rows: list[Row]) -> str:
    """Return results as a table of Markdown."""
    lines = ["| | " + " | ".join(COLUMNS) + " |", "| --- |" + " ---: |" * len(COLUMNS)]
    for row, result in zip(rows, results, strict=True):
        figures = [f"{result['words_per_second'] / 1000:,.0f}", *(f"{result['scores'][c]:.3f}" for c in COLUMNS[1:])]
        lines.append(f"| {label(row)} | {' | '.join(figures)} |")
    return "\n".join(lines)


def label(row: Row) -> str:
    """Return what a table calls a row."""
    parts = ["cbow, uncorrected" if value == UNCORRECTED else value for slot, value in row.items() if slot != "tool"]
    return ", ".join([*(["gensim"] if row["tool"] == "gensim" else []), *parts])


if __name__ == "__main__":
    main()
