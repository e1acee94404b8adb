"""Measure the speed from texts to ids on disk, compared with spaCy's own tokenizer on the same texts.

    python examples/benchmarks/encoding.py wiki-articles.jsonl.gz [--megabytes 24] [--times 3]

Prints a table of tokens per second, white space not counted: the median of several runs, each of them a process of its
own on as many cores as it has workers, in turn. `tokenizer.pipe` makes Docs and nothing else; ours goes all the way
from the file to ids and a vocabulary. For `.spacy` the measure is reading the Docs and counting their hashes.

With `--pattern-classes` it measures one worker with and without `tokenization/pretokens/pattern_classes.py` instead, in
turn in one process, and prints CPU seconds.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from unittest.mock import patch

import numpy as np
import spacy
from spacy.attrs import ORTH
from spacy.tokens import DocBin
from spacy.vocab import Vocab

from spacy_sgns.corpus.encoder import Encoder, Encoding
from spacy_sgns.settings import Settings
from spacy_sgns.sources.source import Source
from spacy_sgns.sources.splitting import Piece
from spacy_sgns.sources.stats import Stats
from spacy_sgns.tokenization.docbin import stored_docs
from spacy_sgns.tokenization.docs import DocMaker
from spacy_sgns.tokenization.pretokens import pattern_classes
from spacy_sgns.tokenization.source_tokens import source_tokens

STORED = 2_000_000  # tokens of the Docs that are read
ROUTES = {
    "texts: `tokenizer.pipe`, 1 core": ("pipe", 1),
    "texts: ours, 1 worker on 1 core": ("texts", 1),
    "texts: ours, 2 workers on 2 cores": ("texts", 2),
    "Docs of a `.spacy` file: `to_array` and `np.unique`": ("docs", 1),
    "Docs of a `.spacy` file: ours": ("stored", 1),
}


class Part(Source):
    """The beginning of a source."""

    characters = 1 << 60

    def pieces(self, path: Path, warn: Callable[[str], object], stats: Stats | None = None) -> Iterator[Piece]:
        """Yield pieces until there are enough."""
        left = self.characters
        for piece in super().pieces(path, warn, stats):
            yield piece
            left -= len(piece.text)
            if left <= 0:
                return


def pipe(source: Source, _: int) -> int:
    """Make Docs of the texts with spaCy's tokenizer."""
    texts = (text for path in source.files() for text, _ in source.pieces(path, print))
    return sum(len(doc) - int(doc.to_array("IS_SPACE").sum()) for doc in spacy.blank("en").tokenizer.pipe(texts))


def encode(source: Source, workers: int) -> Encoding:
    """Go the whole way from a source to ids and a vocabulary."""
    maker = DocMaker(lambda: spacy.blank("en"))
    with tempfile.TemporaryDirectory() as folder:
        encoder = Encoder(Path(folder))
        for batch in source_tokens(source, maker, ("punct",), sentences=False, warn=print, workers=workers):
            encoder.add(batch)
        return encoder.finish(Settings())


def texts(source: Source, workers: int) -> int:
    """Return the number of tokens that were encoded."""
    return encode(source, workers).counts.tokens_read


def docs(source: Source, _: int) -> int:
    """Read Docs and count their hashes."""
    [path] = source.files()
    keys = np.concatenate([doc.to_array(ORTH) for doc in stored_docs(path, Vocab())])
    return int(np.unique(keys, return_counts=True)[1].sum())


def store(source: Source, path: Path) -> None:
    """Write the first Docs of a source to a file."""
    nlp, stored, tokens = spacy.blank("en"), DocBin(), 0
    for text, _ in source.pieces(source.path, print):
        stored.add(doc := nlp.tokenizer(" ".join(text.split())))
        tokens += len(doc)
        if tokens > STORED:
            break
    stored.to_disk(path)


MEASURED = {"pipe": pipe, "texts": texts, "docs": docs, "stored": texts}


def measure(route: str, workers: int, path: Path, characters: int) -> None:
    """Print seconds and tokens of a route, in this process."""
    source = Part(path)
    Part.characters = characters
    start = perf_counter()
    tokens = MEASURED[route](source, workers)
    print(json.dumps((perf_counter() - start, tokens)))


def speed(route: str, workers: int, path: Path, characters: int) -> float:
    """Return tokens per second of a route, measured in a process of its own."""
    pinned = sorted(os.sched_getaffinity(0))[-workers:] if hasattr(os, "sched_getaffinity") else []
    done = subprocess.run(
        [sys.executable, __file__, str(path), "--route", route, str(workers), "--characters", str(characters)],
        check=True,
        stdout=subprocess.PIPE,
        preexec_fn=(lambda: os.sched_setaffinity(0, pinned)) if pinned else None,
    )
    seconds, tokens = json.loads(done.stdout)
    print(f"{route}, {workers}: {tokens:,} tokens in {seconds:.1f} s", file=sys.stderr)
    return tokens / seconds


def table(path: Path, characters: int, times: int) -> None:
    """Measure every route several times, in turn, and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        stored = Path(folder) / "docs.spacy"
        store(Part(path), stored)
        found: dict[str, list[float]] = {name: [] for name in ROUTES}
        for _ in range(times):
            for name, (route, workers) in ROUTES.items():
                found[name].append(speed(route, workers, stored if route in ("docs", "stored") else path, characters))
    base = median(next(iter(found.values())))
    print("| | tokens/s | beside `tokenizer.pipe` |\n|---|---:|---:|")
    for name, speeds in found.items():
        ratio = f"{median(speeds) / base:.1f}" if name.startswith("texts") else ""
        print(f"| {name} | {median(speeds):,.0f} | {ratio} |")


def pattern_classes_table(path: Path, characters: int, times: int) -> None:
    """Measure one worker with and without pattern classes, in turn, and print the table."""
    source, ids = Part(path), set()
    Part.characters = characters
    found: dict[str, list[float]] = {"with pattern classes": [], "without": []}
    for _ in range(times):
        for name, sightings in zip(found, (pattern_classes.MIN_SIGHTINGS, sys.maxsize), strict=True):
            with patch.object(pattern_classes, "MIN_SIGHTINGS", sightings):
                start = process_time()
                encoding = encode(source, 1)
                found[name].append(process_time() - start)
            ids.add(encoding.corpus.sha256)
    print(f"{path.name}, {encoding.counts.tokens_read:,} tokens, {'the same' if len(ids) == 1 else 'OTHER'} ids\n")
    print("| | CPU seconds |\n|---|---:|")
    for name, seconds in found.items():
        print(f"| {name} | {median(seconds):.1f} ({min(seconds):.1f}-{max(seconds):.1f}) |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path, help="texts: .txt or .jsonl, packed or not")
    parser.add_argument("--megabytes", type=int, default=1 << 40, help="so much of the texts; all by default")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--pattern-classes", action="store_true", help="measure what the pattern classes save")
    parser.add_argument("--route", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--characters", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.route:
        measure(given.route[0], int(given.route[1]), given.path, given.characters)
    elif given.pattern_classes:
        pattern_classes_table(given.path, given.megabytes * 1_000_000, given.times)
    else:
        table(given.path, given.megabytes * 1_000_000, given.times)
