"""The scorer `spacy_sgns.gold_scorer.v1`: how good the vectors of a pipeline are, among the scores of `spacy train`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy_sgns.vectors.word_vectors import WordVectors

MEAN = "sgns_score"
EACH = "sgns_per_set"


def gold_scorer_v1(paths: list[Path]) -> Callable[["WordVectors"], dict[str, Any]]:
    """Return what scores vectors on files of word pairs or analogies: `sgns_score` is the mean of `sgns_per_set`.

    Raises SgnsError where a file cannot be read.
    """
    from spacy_sgns.evaluation.evaluate import score_sets
    from spacy_sgns.evaluation.files import read_sets

    sets = read_sets([Path(path) for path in paths])

    def score(vectors: "WordVectors") -> dict[str, Any]:
        each = score_sets(vectors, sets)
        known = [value for value in each.values() if value is not None]
        return {MEAN: sum(known) / len(known) if known else None, EACH: each}

    return score
