"""The scorer `spacy_sgns.gold_scorer.v1`: scores of the vectors among the scores of `spacy train`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacy_sgns.pipeline.config_error import as_config_error

if TYPE_CHECKING:
    from spacy_sgns.vectors.word_vectors import WordVectors

SCORE = "sgns_score"
SCORE_PER_SET = "sgns_per_set"


@as_config_error()
def gold_scorer_v1(paths: list[Path]) -> Callable[["WordVectors"], dict[str, Any]]:
    """Return a scorer of vectors on files of word pairs or analogies: `sgns_score` is the mean of `sgns_per_set`.

    paths: a list of files, each of scored word pairs or of analogies. Raises SgnsError if one cannot be read.
    """
    from spacy_sgns.evaluation.evaluate import score_sets
    from spacy_sgns.evaluation.files import read_sets

    sets = read_sets([Path(path) for path in paths])

    def score(vectors: "WordVectors") -> dict[str, Any]:
        per_set = score_sets(vectors, sets)
        known = [value for value in per_set.values() if value is not None]
        return {SCORE: sum(known) / len(known) if known else None, SCORE_PER_SET: per_set}

    return score
