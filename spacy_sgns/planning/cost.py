"""How long encoding takes, from how long it took for a sample."""

from dataclasses import dataclass

from spacy_sgns.arrays import Floats


@dataclass(frozen=True)
class Pace:
    """Seconds of encoding: to begin with, for a token, for a form that is new to who encodes, and to end with."""

    start: float
    token: float
    form: float
    finish: float

    @classmethod
    def of(cls, batches: Floats, finish: float) -> "Pace":
        """Return the pace at which a sample was encoded: if it was read twice, no form was new the second time.

        batches: `(n, 3)` seconds, tokens and new forms of each. finish: seconds for a token once all are read.
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
        """Return the seconds for so many tokens. forms: that each of the workers meets."""
        return self.start + self.token * tokens / workers + self.form * forms + self.finish * tokens
