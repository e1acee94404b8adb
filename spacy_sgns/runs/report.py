"""The parts of a run's report, and the warnings about its result."""

import platform
import sys
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import numpy as np
from threadpoolctl import threadpool_info

from spacy_sgns.corpus.counts import CorpusCounts
from spacy_sgns.corpus.encoder import Encoding
from spacy_sgns.settings import Settings
from spacy_sgns.system.threads import one_blas_thread

MIN_GROWTH = 3  # factor by which vectors must exceed their initial length; shorter ones are mostly random
MAX_DUPLICATES = 0.05  # share of the texts; with more, the held-out loss is too low to be useful
MIN_TEXT_TOKENS = 1.5  # on average; with fewer, hardly any text has two words
SMALL_CORPUS = 100_000  # tokens; subsampling leaves about a quarter of them
MAX_MEAN_COSINE = 0.9  # of random pairs; above it, vectors hardly differ between words


def machine() -> dict[str, Any]:
    """Return what the last bits of the vectors depend on, apart from corpus and settings, as plain values."""
    with one_blas_thread():
        return {"numpy": np.__version__, "byteorder": sys.byteorder, "blas": blas_info()}


def corpus_report(encoding: Encoding) -> dict[str, Any]:
    """Return the counts of the corpus, and hashes of the token ids."""
    held_out = {"held_out_sha256": encoding.held_out.sha256} if encoding.held_out else {}
    return {**asdict(encoding.counts), "sha256": encoding.corpus.sha256, **held_out}


def versions() -> dict[str, str]:
    """Return the versions of the packages, of Python and of the platform."""
    return {
        "spacy_sgns": version("spacy-sgns"),
        "numpy": np.__version__,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "byteorder": sys.byteorder,
    }


def blas_info() -> list[dict[str, Any]]:
    """Return name, version, core type and threads of each loaded BLAS library; last bits differ between them."""
    wanted = ("internal_api", "version", "architecture", "num_threads")
    return [{key: lib.get(key) for key in wanted} for lib in threadpool_info() if lib["user_api"] == "blas"]


def result_warnings(
    rows: np.ndarray, epochs: list[dict[str, Any]], settings: Settings, counts: CorpusCounts
) -> list[str]:
    """Return warnings about vectors that have learnt nothing, or not enough."""
    if not any(epoch["loss"] for epoch in epochs):
        return [f"Nothing was learnt: no text had two words left. {_why_nothing_was_learnt(settings, counts)}"]
    cosine = _mean_cosine(rows)
    if cosine > MAX_MEAN_COSINE:
        state = f"The vectors of different words are nearly the same (mean cosine {cosine:.2f})"
    elif np.linalg.norm(rows, axis=1).mean() < MIN_GROWTH / np.sqrt(12 * settings.dim):  # rows start at 1 / sqrt(12 d)
        state = "The vectors have hardly moved from their random initial values"
    else:
        return []
    return [f"{state}: training did not get far enough. {_how_to_learn_more(len(epochs), settings, counts)}"]


def _how_to_learn_more(epochs: int, settings: Settings, counts: CorpusCounts) -> str:
    """Return what to do about vectors that have not learnt enough, the most effective first."""
    advice = []
    if settings.subsample and counts.tokens_kept < SMALL_CORPUS:
        advice.append(f"Set subsample (now {settings.subsample:g}) to 0, to train on all tokens of a small corpus.")
    if isinstance(settings.epochs, int) and epochs < settings.epochs:
        advice.append(f"Raise patience (now {settings.patience}), which stopped training after {epochs} epochs.")
    else:
        advice.append(f"Raise epochs (now {settings.epochs}) or learning_rate (now {settings.learning_rate}).")
    return " ".join([*advice, "Make the texts longer (one line each? see unit), or give more text."])


def _why_nothing_was_learnt(settings: Settings, counts: CorpusCounts) -> str:
    """Return the likely cause and what to do about it."""
    mean = counts.tokens_read / max(counts.texts - counts.texts_empty, 1)
    if mean < MIN_TEXT_TOKENS:
        return (
            f"A text has {mean:.1f} tokens on average. If it has more words, the tokenizer does not split them: "
            "give the language of the texts, as not all have spaces between words. Else make the texts longer."
        )
    if settings.subsample:
        return f"Make the texts longer, or set subsample (now {settings.subsample:g}) to 0."
    return f"Make the texts longer, or lower min_count (now {settings.min_count}): rarer words are left out."


def duplicate_warnings(counts: CorpusCounts) -> list[str]:
    """Return a warning if duplicate texts make the held-out loss too low."""
    if not counts.texts_held_out or counts.tokens_duplicate or counts.texts_duplicate < MAX_DUPLICATES * counts.texts:
        return []
    return [
        f"{counts.texts_duplicate / counts.texts:.0%} of the texts are duplicates, so some held-out texts were "
        "also trained on, and the held-out loss is too low. Set drop_duplicates."
    ]


def _mean_cosine(rows: np.ndarray) -> float:
    """Return the mean cosine of random pairs of different rows; near 1 early in training."""
    draw = np.random.default_rng(0).integers(len(rows), size=(2, 1000))
    a, b = (rows[ids] / np.linalg.norm(rows[ids], axis=1, keepdims=True) for ids in draw[:, draw[0] != draw[1]])
    return float(np.einsum("ij,ij->i", a, b).mean())
