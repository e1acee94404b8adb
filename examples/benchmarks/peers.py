"""Train with each tool on a file of tokens, and measure the time of the training alone."""

import json
import os
import sys
import time
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobs import Outcome, Task
from progress import listen, own_speed, seconds_for_all

if TYPE_CHECKING:
    from spacy_sgns.corpus.tokens import TokenBatch

TEXTS = 500  # in a batch
FLORET = Path(__file__).with_name("floret_once.py")


def spacy_sgns(task: Task) -> Outcome:
    """Train with this package; the loss is computed too."""
    from spacy_sgns.runs.train_vectors import train_vectors
    from spacy_sgns.runs.work_folder import work_folder
    from spacy_sgns.settings import Settings

    settings = Settings.of(**task.settings, seed=task.seed, workers=task.workers)
    with work_folder(None) as folder:
        trained = train_vectors(token_batches(Path(task.corpus)), settings, folder=folder)
    report = trained.report
    blas = [f"{lib['internal_api']} {lib['version']} {lib['architecture']}" for lib in report["blas"]]
    return Outcome(
        sum(epoch["seconds"] for epoch in report["epochs"]),
        len(trained.vectors),
        _kept(task, trained.vectors.save),
        more={"loss": report["epochs"][-1]["loss"], "settings": report["settings"], "blas": blas},
    )


def token_batches(corpus: Path) -> Iterator["TokenBatch"]:
    """Yield the tokens of a file whose lines are texts; spaCy has no part in that, as it has none in the peers."""
    import numpy as np

    from spacy_sgns.corpus.tokens import Forms, TokenBatch

    numbers: dict[str, int] = {}
    forms = Forms(drop_kind=lambda text: "")
    with corpus.open(encoding="utf8") as lines:
        while texts := [line.split() for line in islice(lines, TEXTS)]:
            of_words = [numbers.setdefault(word, len(numbers)) for text in texts for word in text]
            forms.texts.extend(islice(numbers, len(forms.texts), None))
            ends = np.cumsum([len(text) for text in texts])
            yield TokenBatch(np.array(of_words, np.int32), ends, ends, forms)


def gensim(task: Task, source: Any) -> Outcome:
    """Train with gensim. source: called with the path, returns its arguments for what to read."""
    from gensim.models import Word2Vec

    wanted = task.settings
    model = Word2Vec(
        sg=1,
        vector_size=wanted["dim"],
        window=wanted["window"],
        negative=wanted["negative"],
        sample=wanted["subsample"],
        alpha=wanted["learning_rate"],
        min_count=wanted["min_count"],
        seed=task.seed,
        workers=task.workers,
    )
    reads = source(task.corpus)
    model.build_vocab(**reads)
    start = time.perf_counter()
    totals = {"total_examples": model.corpus_count, "total_words": model.corpus_total_words}
    model.train(**reads, **totals, epochs=wanted["epochs"])
    seconds = time.perf_counter() - start
    return Outcome(seconds, len(model.wv), _kept(task, partial(model.wv.save_word2vec_format, binary=True)))


def corpus_file(path: str) -> dict[str, Any]:
    """Return gensim's arguments for its fastest reader, in Cython."""
    return {"corpus_file": path}


def iterator(path: str) -> dict[str, Any]:
    """Return gensim's arguments for an iterable of lists of tokens, its usual reader."""
    from gensim.models.word2vec import LineSentence

    return {"corpus_iterable": LineSentence(path)}


def floret(task: Task) -> Outcome:
    """Train with floret as fastText without subwords. Its own speed is taken: with one thread it tells no progress."""
    wanted, vectors = task.settings, Path(task.folder) / "vectors.vec"
    arguments = {
        "input": task.corpus,
        "model": "skipgram",
        "mode": "fasttext",
        "minn": 0,
        "maxn": 0,
        "bucket": 0,
        "dim": wanted["dim"],
        "ws": wanted["window"],
        "neg": wanted["negative"],
        "t": wanted["subsample"],
        "lr": wanted["learning_rate"],
        "minCount": wanted["min_count"],
        "epoch": wanted["epochs"],
        "thread": task.workers,
    }
    said = listen([sys.executable, str(FLORET), json.dumps(arguments), str(vectors)], Path(task.folder))
    counted = (task.kept + task.texts) * wanted["epochs"]  # it counts the ends of lines
    return Outcome(counted / own_speed(said, task.workers), _size(vectors), str(vectors))


def word2vec_c(task: Task) -> Outcome:
    """Train with word2vec.c; cbow and hs are given, since their defaults differ between its versions."""
    return _compiled(task, "-cbow", "0", "-hs", "0")


def pword2vec(task: Task) -> Outcome:
    """Train with pWord2Vec."""
    return _compiled(task)


def _compiled(task: Task, *more: str) -> Outcome:
    wanted, folder = task.settings, Path(task.folder)
    vectors = folder / "vectors.bin"
    values = {
        "train": os.path.relpath(task.corpus, folder),  # these programs have room for 99 characters
        "output": vectors.name,
        "binary": 1,
        "size": wanted["dim"],
        "window": wanted["window"],
        "negative": wanted["negative"],
        "sample": wanted["subsample"],
        "alpha": wanted["learning_rate"],
        "min-count": wanted["min_count"],
        "iter": wanted["epochs"],
        "threads": task.workers,
    }
    flags = [text for name, value in values.items() for text in (f"-{name}", str(value))]
    said = listen([task.program, *flags, *more], folder)
    return Outcome(seconds_for_all(said), _size(vectors), str(vectors))


def _size(vectors: Path) -> int:
    """Return the number of words in a file of vectors, without the end-of-line token."""
    content = vectors.read_bytes()
    return int(content.split(maxsplit=1)[0]) - (b"\n</s> " in content)


def _kept(task: Task, save: Any) -> str:
    """Save vectors if they are wanted, and return their file."""
    if not task.vectors:
        return ""
    path = str(Path(task.folder) / "vectors.bin")
    save(path)
    return path
