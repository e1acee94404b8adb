"""The loss on held-out texts, which are not trained on."""

import numpy as np
from numpy.random import default_rng

from spacy_sgns.arrays import Ints
from spacy_sgns.settings import Settings
from spacy_sgns.training.protocols import TokenSource
from spacy_sgns.training.trainer import BATCH, SHARD, build_step
from spacy_sgns.training.update.tables import Tables

EVALUATION = 0  # takes the place of the epoch in seeds: the same draws each time, and different from all training


class HeldOut:
    """Computes the loss of tables on a corpus, in double precision and with the same random draws each time."""

    def __init__(self, corpus: TokenSource, counts: Ints, settings: Settings, tables: Tables) -> None:
        self._corpus, self._seed = corpus, settings.seed
        self._builder, self._chunk_step = build_step(tables, counts, settings, np.float64)

    def loss(self) -> float | None:
        """Return the mean loss per pair; None if subsampling leaves no pairs."""
        loss = pairs = 0.0
        for shard, (ids, ends) in enumerate(self._corpus.shards(SHARD)):
            chunks = self._builder.chunks(ids, ends, default_rng((self._seed, EVALUATION, shard)))
            for number, batch in enumerate(chunks.batches(BATCH)):
                plan = self._chunk_step.plan(batch, 1.0, default_rng((self._seed, EVALUATION, shard, number, 1)))
                loss += sum(self._chunk_step.loss(plan, chunk) for chunk in range(len(batch)))
                pairs += plan.pairs
        return loss / pairs if pairs else None
