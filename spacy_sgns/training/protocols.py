"""What the loop expects of an architecture, of an objective and of the corpus.

An architecture says which examples are formed: it turns the rows of a chunk into `hidden` rows and pairs them with
targets. An objective says what is asked of those pairs, and knows the output rows. Both hold settings only; their
chunks_per_step hold the buffers. n chunks in a batch, T tokens in a chunk, d dimensions, W output rows for a chunk.
"""

from collections.abc import Iterator
from typing import Any, Protocol

from numpy.random import Generator

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.settings import Settings
from spacy_sgns.training.chunks import Chunks
from spacy_sgns.training.workspace import Workspace


class ExamplesPlan(Protocol):
    """What an architecture works out for a batch beforehand; what else it holds is its own affair."""

    @property
    def weights(self) -> Floats:
        """The summed weight of each hidden row's pairs, `(n, T)`, without the learning rate."""


class QuestionsPlan(Protocol):
    """What an objective works out for a batch beforehand; what else it holds is its own affair."""

    @property
    def outputs(self) -> Ints:
        """The output rows that each chunk needs, `(n, W)`, W at most what the objective said."""

    @property
    def unused(self) -> int:
        """The row in `outputs` that stands for none, -1 if all are needed."""


class Examples(Protocol):
    """The part of a lane that forms examples from the rows in the workspace.

    hidden: `(T, d)` the rows that questions are asked of. hidden_gradient: `(T, d)`. weights: the learning rate times
    the weight of each pair, in a shape of the architecture's own, 0 where there is no pair. asked: `(B, R, d)` the
    hidden rows that are asked about the tokens of each block of S tokens, T = B * S.

    An objective that asks about the tokens' own output rows uses `scores` and `learn`; one that asks about others
    `totals`, or `asked`, `asked_weights` and `learn_asked`.
    """

    hidden: Floats
    hidden_gradient: Floats
    weights: Floats
    asked: Floats

    def plan(self, chunks: Chunks, rate: float) -> ExamplesPlan:
        """Look at a batch; nothing of it is kept but the plan, since several chunks_per_step take turns."""

    def read(self, plan: Any, chunk: int) -> None:
        """Take up a chunk of a batch: make its `hidden` and `weights`."""

    def scores(self) -> Floats:
        """Return the dot products of hidden rows with targets' output rows, in the shape of `weights`; a buffer.

        The first T output rows in the workspace are then those of the chunk's tokens.
        """

    def learn(self, errors: Floats) -> None:
        """Write the gradients that errors, in the shape of `weights`, give hidden rows and targets' output rows."""

    def totals(self, values: Floats, out: Floats) -> None:
        """Write, for each hidden row, the values of its targets' tokens, added up by weight, into `out`, `(T, k)`.

        values: `(T + 2w, k)` of the tokens, with `window` rows of zeros before and after.
        """

    def asked_weights(self) -> Floats:
        """Return what the pairs of `asked` and the tokens of its block weigh, `(B, R, S)`; a buffer."""

    def learn_asked(self, gradients: Floats) -> None:
        """Add gradients of `asked`, in its shape, to `hidden_gradient`."""

    def finish(self) -> None:
        """Bring `hidden_gradient` to the input rows."""


class Questions(Protocol):
    """The part of a lane that asks: scores, loss and gradients."""

    def plan(self, ids: Ints, weights: Floats, rate: float, rng: Generator) -> QuestionsPlan:
        """Look at a batch. ids: `(n, T)` of its tokens. weights: `(n, T)`, as the examples' plan has them."""

    def learn(self, plan: Any, chunk: int) -> float:
        """Write the gradients of a chunk; return its loss, summed over its pairs."""


class Architecture(Protocol):
    """How examples are formed; made by a factory in the registry `architectures`.

    rate: by what a learning rate that is good for skip-gram is multiplied to be good for this one, where it is "auto".
    """

    rate: float

    def block(self, window: int) -> int:
        """Return the number of tokens that a chunk must be a multiple of."""

    def examples(self, workspace: Workspace) -> Examples:
        """Return the part of a lane that forms examples in `workspace`."""


class Objective(Protocol):
    """Which question is asked of an example; made by a factory in the registry `objectives`."""

    def outputs(self, length: int, counts: Ints, settings: Settings) -> int:
        """Return W, the most output rows that a chunk of `length` tokens needs. counts: `(V,)`."""

    def questions(self, workspace: Workspace, examples: Examples, counts: Ints, settings: Settings) -> Questions:
        """Return the part of a lane that asks about `examples`. counts: `(V,)`."""


class Weighting(Protocol):
    """How much a neighbour counts by its distance; made by a factory in the registry `weightings`."""

    def weights(self, window: int) -> Floats:
        """Return the weight of a neighbour at distance 1 .. w, `(w,)`."""

    def reach(self, chunks: Chunks, window: int, rng: Generator) -> Chunks:
        """Return chunks whose tokens reach no further than before, by what is drawn of `rng`, if anything."""


class NoiseSource(Protocol):
    """Draws noise words of one vocabulary."""

    def draw(self, ids: Ints, groups: int, shared: int, rng: Generator) -> tuple[Ints, Floats]:
        """Return words for the groups of chunks, `(n, groups, shared)`, and in the same shape what each counts.

        ids: `(n, T)` of the chunks. The weights are 1 on average.
        """


class Noise(Protocol):
    """Where noise words come from; made by a factory in the registry `noises`."""

    def source(self, counts: Ints, settings: Settings) -> NoiseSource:
        """Return what draws from a vocabulary with these counts, `(V,)`."""


class TokenSource(Protocol):
    """The corpus as training sees it."""

    @property
    def tokens(self) -> int:
        """Tokens without the kinds left out."""

    @property
    def kept(self) -> int:
        """Those of them that have an id."""

    def shards(self, size: int) -> Iterator[tuple[Ints, Ints]]:
        """Yield ids `(m,)`, m at most `size`, and the ends of texts among them, in order, once through."""
