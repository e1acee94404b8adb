"""The form in which tokens come in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from spacy_sgns.arrays import Ints

Describe = Callable[[Sequence[int]], list[tuple[str, bool]]]


@dataclass(frozen=True)
class TokenBatch:
    """Some tokens of the corpus, in order.

    keys: `(n,)` uint64, a hash of each token's exact form. ends: `(k,)` int64, rising; where a context ends (a text,
    or a sentence), counted within the batch; tokens after the last end go on in the next batch. texts: how many texts
    end here. describe: returns, for keys of this batch, each form's text and whether its kind is left out.
    """

    keys: Ints
    ends: Ints
    texts: int
    describe: Describe
