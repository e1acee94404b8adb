"""The loss on texts that are kept aside, from which nothing is learnt: whether what was learnt holds elsewhere."""

import numpy as np
from numpy.random import default_rng

from spacy_sgns.arrays import Ints
from spacy_sgns.settings import Settings
from spacy_sgns.training.protocols import TokenSource
from spacy_sgns.training.trainer import BATCH, SHARD, parts
from spacy_sgns.training.update.tables import Tables

NEVER = 0  # an epoch that training does not have: its draws are the same after each epoch, and nobody else's


class HeldOut:
    """Asks the tables about a corpus, in double precision, always by the same draws."""

    def __init__(self, corpus: TokenSource, counts: Ints, settings: Settings, tables: Tables) -> None:
        self._corpus, self._seed = corpus, settings.seed
        self._builder, self._chunk_step = parts(tables, counts, settings, np.float64)

    def loss(self) -> float | None:
        """Return the mean loss per pair; None if subsampling leaves no two words near each other."""
        loss = pairs = 0.0
        for shard, (ids, ends) in enumerate(self._corpus.shards(SHARD)):
            chunks = self._builder.chunks(ids, ends, default_rng((self._seed, NEVER, shard)))
            for number, batch in enumerate(chunks.batches(BATCH)):
                plan = self._chunk_step.plan(batch, 1.0, default_rng((self._seed, NEVER, shard, number, 1)))
                loss += sum(self._chunk_step.loss(plan, chunk) for chunk in range(len(batch)))
                pairs += plan.pairs
        return loss / pairs if pairs else None
