"""What the training loop expects of architectures, objectives, noises and the corpus.

An architecture turns the rows of a chunk into *hidden rows* and pairs each of them with its targets, the tokens that it
is to predict. An objective defines the loss of these pairs. Both hold settings only; their kernels hold the buffers.

To add an objective, read `LossKernel` and `HiddenRows`; `examples/03_own_objective.py` is a complete one. An objective
uses the view of the hidden rows that fits its formula:

- `PairScores` where it scores pairs with the output rows of the tokens themselves (negative sampling);
- `TargetSums` where it scores all hidden rows with the same output rows (full softmax, the top of a Huffman tree);
- `BlockQueries` where it scores hidden rows with other output rows for each block of tokens (the rest of the tree).

Dimensions: n chunks in a batch, T tokens in a chunk, in B blocks of S tokens; d numbers in a row; window w; V words; W
output rows that a chunk needs.

Every weight that a kernel reads contains the learning rate. Gradients and losses are therefore scaled by it, and a
step is the negative sum of gradients: a kernel writes the *negative* gradient, that is, the step itself.
"""

from collections.abc import Iterator
from typing import Protocol, TypeVar

from numpy.random import Generator

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.settings import Settings
from spacy_sgns.training.chunks import Chunks
from spacy_sgns.training.workspace import Workspace


class PairScores(Protocol):
    """Hidden rows against the output rows of the chunk's own tokens, which are the first T of the workspace.

    weights: the weight of each pair, 0 where there is none; the architecture chooses the shape.
    """

    weights: Floats

    def scores(self) -> Floats:
        """Return the dot product of each pair, in the shape of `weights`; a buffer that the caller may overwrite."""

    def backward(self, errors: Floats) -> None:
        """Write the gradients of hidden rows and of the tokens' output rows. errors: of scores, shaped like them."""


class TargetSums(Protocol):
    """Values of tokens, summed over the targets of each hidden row. values: `(T, k)`, to be written."""

    values: Floats

    def into(self, out: Floats) -> None:
        """Write the sums, weighted by pair, into `out`, `(T, k)`."""


class BlockQueries(Protocol):
    """The hidden rows by block of target tokens. queries: `(B, R, d)`, R hidden rows that may have targets there."""

    queries: Floats

    def weights(self) -> Floats:
        """Return the weight of each query with each token of its block, `(B, R, S)`; a buffer."""

    def backward(self, grad_queries: Floats) -> None:
        """Add the gradients of the queries, `(B, R, d)`, to those of the hidden rows."""


class HiddenRows(Protocol):
    """The hidden rows of the current chunk, as an objective sees them.

    hidden: `(T, d)`, to be read. grad_hidden: `(T, d)`, to be written. A kernel makes the views it needs once, when it
    is constructed; they follow from chunk to chunk.
    """

    hidden: Floats
    grad_hidden: Floats

    def pair_scores(self) -> PairScores:
        """Return the pairs with the tokens' own output rows."""

    def target_sums(self, columns: int) -> TargetSums:
        """Return sums over targets of `columns` values per token."""

    def block_queries(self) -> BlockQueries:
        """Return the hidden rows by block of target tokens."""


class HiddenPlan(Protocol):
    """What an architecture computes once per batch. The loop reads `weights` only."""

    @property
    def weights(self) -> Floats:
        """The summed weight of each hidden row's pairs, `(n, T)`, without the learning rate."""


class LossPlan(Protocol):
    """What an objective computes once per batch. The loop reads `outputs` only."""

    @property
    def outputs(self) -> Ints:
        """The output rows that each chunk needs, `(n, W)`; -1 where a chunk needs fewer."""


HiddenPlanT = TypeVar("HiddenPlanT", bound=HiddenPlan)
LossPlanT = TypeVar("LossPlanT", bound=LossPlan)


class HiddenKernel(HiddenRows, Protocol[HiddenPlanT]):
    """The architecture's side of a chunk: input rows -> hidden rows, and gradients back."""

    def plan(self, chunks: Chunks, rate: float) -> HiddenPlanT:
        """Return the plan of a batch. The kernel keeps nothing of it, since several plans are in use at a time."""

    def forward(self, plan: HiddenPlanT, chunk: int) -> None:
        """Compute the hidden rows and the weights of a chunk from the input rows in the workspace."""

    def backward(self) -> None:
        """Write the gradients of the input rows from `grad_hidden`."""


class LossKernel(Protocol[LossPlanT]):
    """The objective's side of a chunk: hidden and output rows -> loss, and gradients back."""

    def plan(self, ids: Ints, weights: Floats, rate: float, rng: Generator) -> LossPlanT:
        """Return the plan of a batch: the output rows to fetch. ids: `(n, T)`. weights: `(n, T)`, see `HiddenPlan`."""

    def forward_backward(self, plan: LossPlanT, chunk: int) -> float:
        """Write the gradients of hidden and output rows; return the loss, summed over the pairs by weight."""


class Architecture(Protocol[HiddenPlanT]):
    """Which pairs are trained on; made by a factory in the registry `architectures`.

    rate: learning-rate multiplier relative to skip-gram, applied where the learning rate is "auto".
    """

    rate: float

    def block(self, window: int) -> int:
        """Return the block size in tokens; the length of a chunk must be a multiple of it."""

    def hidden_kernel(self, workspace: Workspace) -> HiddenKernel[HiddenPlanT]:
        """Return the kernel that computes hidden rows in `workspace`."""


class Objective(Protocol[LossPlanT]):
    """The loss of the pairs; made by a factory in the registry `objectives`."""

    def max_outputs(self, length: int, counts: Ints, settings: Settings) -> int:
        """Return W, the most output rows that a chunk of `length` tokens needs. counts: `(V,)`."""

    def loss_kernel(
        self, workspace: Workspace, rows: HiddenRows, counts: Ints, settings: Settings
    ) -> LossKernel[LossPlanT]:
        """Return the kernel that computes the loss of `rows` against the output rows in `workspace`. counts: `(V,)`."""


class Weighting(Protocol):
    """The weight of a neighbour by its distance; made by a factory in the registry `weightings`."""

    def weights(self, window: int) -> Floats:
        """Return the weights of neighbours at distances 1 .. w, `(w,)`."""

    def reach(self, chunks: Chunks, window: int, rng: Generator) -> Chunks:
        """Return the chunks with the reach of each token: at most what it was, drawn from `rng` if at random."""


class NoiseSource(Protocol):
    """Draws noise words from one vocabulary."""

    def draw(self, ids: Ints, groups: int, shared: int, rng: Generator) -> tuple[Ints, Floats]:
        """Return noise words and their importance weights, `(n, groups, shared)` each.

        ids: `(n, T)` of the chunks. The weights are 1 on average.
        """


class Noise(Protocol):
    """A distribution of noise words; made by a factory in the registry `noises`."""

    def source(self, counts: Ints, settings: Settings) -> NoiseSource:
        """Return a source of noise words for a vocabulary with these counts, `(V,)`."""


class TokenSource(Protocol):
    """The corpus as training sees it."""

    @property
    def tokens(self) -> int:
        """The number of tokens, without the kinds left out."""

    @property
    def kept(self) -> int:
        """The number of tokens that have an id."""

    def shards(self, size: int) -> Iterator[tuple[Ints, Ints]]:
        """Yield ids `(m,)`, m at most `size`, and the ends of texts among them, in order, once through."""
