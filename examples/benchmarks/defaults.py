"""Where the defaults come from: quality by setting, by chunks per step, and by epochs on corpora of several sizes.

    python examples/benchmarks/defaults.py settings wiki8.xz gold/
    python examples/benchmarks/defaults.py chunks_per_step wiki8.xz gold/
    python examples/benchmarks/defaults.py epochs wiki8.xz gold/ novel.txt play.txt

`epochs` measures how well the cosines of a small corpus agree with those of the whole of wiki8 (Spearman's correlation
over random pairs of words, the 100 most frequent left out), and the mean cosine of random pairs: near 1, the vectors
of different words are the same.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from corpora import TEXT_LENGTH, read_tokens
from gold import scores
from scipy.stats import spearmanr
from spacy.tokens import Doc

from spacy_sgns import Settings, WordVectors
from spacy_sgns.pipeline.train import train_on_docs
from spacy_sgns.runs.train_vectors import Trained
from spacy_sgns.training.schedule import epochs_for

CHANGES: tuple[dict[str, Any], ...] = (
    {},
    {"dim": 50},
    {"window": 2},
    {"window": 10},
    {"negative": 10},
)
MEASURED = ("WordSim-353", "SimLex-999", "analogies", "mean")
PAIRS = 200_000
FREQUENT = 100


def main() -> None:
    """Measure what is asked for and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=MEASURES)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("small", type=Path, nargs="*", help="small corpora in .txt files, for epochs")
    args = parser.parse_args()
    MEASURES[args.what](read_tokens(args.corpus), args)


def settings(tokens: list[str], args: argparse.Namespace) -> None:
    """Quality with one setting changed, and the number of words that have vectors."""
    print("| changed | words | WordSim-353 | SimLex-999 | analogies | mean |\n| --- |" + " ---: |" * 5)
    for change in CHANGES:
        vectors = train(tokens, **change).vectors
        found = scores(vectors.words, vectors.rows, args.gold)
        name = " ".join(f"`{name}` {value:g}" for name, value in change.items()) or "nothing"
        quality = " | ".join(f"{found[measure]:.3f}" for measure in MEASURED)
        print(f"| {name} | {len(vectors.words):,} | {quality} |", flush=True)


def chunks_per_step(tokens: list[str], args: argparse.Namespace) -> None:
    """Quality with 1 to 16 chunks per step."""
    print(
        "| chunks_per_step | WordSim-353 | SimLex-999 | analogies | mean | loss of first and last epoch |\n|---:|"
        + "---:|" * 5
    )
    for number in (1, 2, 4, 8, 16):
        trained = train(tokens, chunks_per_step=number)
        found = scores(trained.vectors.words, trained.vectors.rows, args.gold)
        quality = " | ".join(f"{found[m]:.3f}" for m in MEASURED)
        first, *_, last = (epoch["loss"] for epoch in trained.report["epochs"])
        print(f"| {number} | {quality} | {first:.3f}, {last:.3f} |", flush=True)


def epochs(tokens: list[str], args: argparse.Namespace) -> None:
    """Agreement with the vectors of the whole corpus, at a half, one and two times the number of epochs chosen."""
    whole = train(tokens).vectors
    corpora = {f"{n // 1000} k of {args.corpus.name}": tokens[10**6 : 10**6 + n] for n in (30_000, 200_000, 10**6)}
    nlp = spacy.blank("en")
    for path in args.small:
        words = [t.lower_ for t in nlp.tokenizer(path.read_text(encoding="utf8")) if not (t.is_punct or t.is_space)]
        corpora[path.name] = words
    print("| corpus | epochs | agreement | mean cosine of random pairs |\n|---|---:|---:|---:|")
    for name, some in corpora.items():
        chosen = epochs_for(len(some))
        for number in (chosen // 2, chosen, 2 * chosen):
            vectors = train(some, epochs=number, learning_rate=0.025).vectors
            print(f"| {name} | {number} | {agreement(vectors, whole):.3f} | {likeness(vectors):.2f} |", flush=True)


def train(tokens: list[str], **settings: object) -> Trained:
    """Train on tokens as texts of `TEXT_LENGTH`."""
    vocab = spacy.blank("en").vocab
    return train_on_docs(_docs(tokens, vocab), vocab, Settings(**settings))


def _docs(tokens: list[str], vocab: spacy.vocab.Vocab) -> Iterator[Doc]:
    return (Doc(vocab, tokens[i : i + TEXT_LENGTH]) for i in range(0, len(tokens), TEXT_LENGTH))


def agreement(vectors: WordVectors, whole: WordVectors) -> float:
    """Return the correlation of the cosines of word pairs in two sets of vectors."""
    shared = [word for word in vectors.words[FREQUENT:] if word in whole]
    a, b = np.random.default_rng(0).integers(len(shared), size=(2, PAIRS))
    different = a != b
    pairs = a[different], b[different]
    return float(spearmanr(_cosines(vectors, shared, *pairs), _cosines(whole, shared, *pairs))[0])


def likeness(vectors: WordVectors) -> float:
    """Return the mean cosine of random pairs of words."""
    a, b = np.random.default_rng(0).integers(len(vectors), size=(2, 10_000))
    return float(_cosines(vectors, vectors.words, a, b)[a != b].mean())


def _cosines(vectors: WordVectors, words: list[str], a: np.ndarray, b: np.ndarray) -> np.ndarray:
    rows = np.stack([vectors[word] for word in words])
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows[a] * rows[b]).sum(1)


MEASURES = {"settings": settings, "chunks_per_step": chunks_per_step, "epochs": epochs}

if __name__ == "__main__":
    main()
