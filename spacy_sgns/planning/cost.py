"""The time of encoding a corpus, from the time of encoding a sample."""

from dataclasses import dataclass

from spacy_sgns.arrays import Floats


@dataclass(frozen=True)
class EncodingCost:
    """Seconds of encoding: at the start, per token, per form that is new to an encoder, and at the end per token."""

    start: float
    token: float
    form: float
    finish: float

    @classmethod
    def from_batches(cls, batches: Floats, finish: float) -> "EncodingCost":
        """Return the cost measured on a sample. In the second pass over a sample no form is new.

        batches: `(n, 3)` seconds, tokens and new forms of each batch. finish: seconds per token after the last batch.
        """
        seconds, tokens, new = batches.T
        first, second = new > 0, new == 0
        if not second.any():
            return cls(0.0, float(seconds.sum() / max(tokens.sum(), 1)), 0.0, finish)
        token = float(seconds[second].sum() / max(tokens[second].sum(), 1))
        beyond = seconds[first] - token * tokens[first]
        form = max(0.0, float(beyond[1:].sum() / max(new[first][1:].sum(), 1)))
        start = max(0.0, float(beyond[0] - form * new[first][0])) if len(beyond) else 0.0
        return cls(start, token, form, finish)

    def seconds(self, tokens: float, forms: float, workers: int = 1) -> float:
        """Return the seconds for a number of tokens. forms: distinct forms that each worker meets."""
        return self.start + self.token * tokens / workers + self.form * forms + self.finish * tokens
