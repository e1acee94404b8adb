"""Batches of tokens: the input of the encoder, whatever the tokens come from."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from spacy_sgns.arrays import Ints

DropKind: TypeAlias = Callable[[str], str]
SPACE = "space"  # the kind of white space, which spaCy makes tokens of; it is not counted


@dataclass(eq=False)
class Forms:
    """The distinct forms of one source of tokens; a form's id is its index in `texts`.

    drop_kind: returns the kind for which a form is dropped, `SPACE` for white space, or "" to keep the form. texts:
    grows, possibly ahead of the batches, and may hold a form twice.
    """

    drop_kind: DropKind
    texts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class TokenBatch:
    """Consecutive tokens of a corpus.

    form_ids: `(n,)` int32, indices into `forms.texts`. ends: `(k,)` int64, ascending, where contexts (texts or
    sentences) end in the batch; tokens after the last end continue in the next batch. text_ends: `(t,)` int64, where
    texts end. stats: other counts of the source by name, which the encoder adds up over all batches.
    """

    form_ids: Ints
    ends: Ints
    text_ends: Ints
    forms: Forms
    stats: Mapping[str, int] = field(default_factory=dict)


TokenBatches: TypeAlias = Generator[TokenBatch, None, None]  # close it if it is not exhausted
