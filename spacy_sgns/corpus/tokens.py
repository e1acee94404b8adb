"""The form in which tokens come in."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from spacy_sgns.arrays import Ints

DropKind: TypeAlias = Callable[[str], str]
SPACE = "space"  # the kind of white space, which is no token to anybody but spaCy, and not counted


@dataclass(eq=False)
class Forms:
    """The forms that one source has met, numbered by it in the order in which it met them.

    drop_kind: returns the kind for which a form is left out, `SPACE` for white space, "" if it is kept. texts: of the
    forms; it grows, maybe ahead of the batches that were handed out, and a form may stand there twice.
    """

    drop_kind: DropKind
    texts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class TokenBatch:
    """Some tokens of the corpus, in order.

    form_ids: `(n,)` int32, indices into `forms.texts`. ends: `(k,)` int64, rising; where a context ends (a text, or a
    sentence), counted within the batch; tokens after the last end go on in the next batch. text_ends: `(t,)` int64,
    those of texts. stats: what the source has counted beside tokens, by name.
    """

    form_ids: Ints
    ends: Ints
    text_ends: Ints
    forms: Forms
    stats: Mapping[str, int] = field(default_factory=dict)


TokenBatches: TypeAlias = Generator[TokenBatch, None, None]  # to be closed by who gives up before its end
