"""The form in which tokens come in."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TypeAlias

from spacy_sgns.arrays import Ints

LeftOut: TypeAlias = Callable[[str], bool]


@dataclass(eq=False)
class Forms:
    """The forms that one source has met, numbered by it in the order in which it met them.

    left_out: returns whether a form's kind is left out. texts: of the forms; it grows, maybe ahead of the batches that
    were handed out, and a form may stand there twice.
    """

    left_out: LeftOut
    texts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class TokenBatch:
    """Some tokens of the corpus, in order.

    numbers: `(n,)` int32, of each token's form. ends: `(k,)` int64, rising; where a context ends (a text, or a
    sentence), counted within the batch; tokens after the last end go on in the next batch. texts: how many texts end
    here. forms: which are meant by the numbers.
    """

    numbers: Ints
    ends: Ints
    texts: int
    forms: Forms


TokenBatches: TypeAlias = Generator[TokenBatch, None, None]  # to be closed by who gives up before its end
