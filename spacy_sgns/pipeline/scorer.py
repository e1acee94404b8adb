"""The scorer `spacy_sgns.gold_scorer.v1`: scores of the vectors among the scores of `spacy train`."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy_sgns.evaluation.gold import GoldSet
    from spacy_sgns.vectors.word_vectors import WordVectors

SCORE = "sgns_score"
SCORE_PER_SET = "sgns_per_set"


def gold_scorer_v1(paths: list[Path]) -> "GoldScorer":
    """Return a scorer of vectors on files of word pairs or analogies: `sgns_score` is the mean of `sgns_per_set`.

    paths: a list of files, each of scored word pairs or of analogies. They are read when the pipeline is initialized or
    when it is first scored, so a trained pipeline loads where they are missing.
    """
    return GoldScorer([Path(path) for path in paths])


class GoldScorer:
    """Scores vectors on files of gold data."""

    def __init__(self, paths: list[Path]) -> None:
        self._paths = paths

    def __call__(self, vectors: "WordVectors") -> dict[str, Any]:
        """Return the scores of vectors. Raises SgnsError if a file cannot be read."""
        from spacy_sgns.evaluation.evaluate import score_sets

        per_set = score_sets(vectors, self.sets)
        known = [value for value in per_set.values() if value is not None]
        return {SCORE: sum(known) / len(known) if known else None, SCORE_PER_SET: per_set}

    @cached_property
    def sets(self) -> list["GoldSet"]:
        """The gold sets in the files. Raises SgnsError if a file cannot be read."""
        from spacy_sgns.evaluation.files import read_sets

        return read_sets(self._paths)
