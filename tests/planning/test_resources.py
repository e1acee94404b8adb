"""How much memory and disk a run takes."""

from dataclasses import replace

import numpy as np
import pytest

from spacy_sgns.corpus.encoded import IdWriter
from spacy_sgns.corpus.encoder import Encoder
from spacy_sgns.corpus.tokens import Forms, TokenBatch
from spacy_sgns.planning.resources import (
    CHECKPOINTS,
    Sizes,
    StageBytes,
    disk_bytes,
    memory_bytes,
    pipeline_bytes,
    table_bytes,
)
from spacy_sgns.settings import Settings
from spacy_sgns.system.shared_memory import private
from spacy_sgns.training.update.tables import Tables

SIZES = Sizes(texts=1_000, tokens=1e8, kept=9e7, forms=1e6, words=2e5)
DEFAULT = Settings()


def test_tables_are_those_of_training():
    assert table_bytes(700, 30) == private(Tables.layout(700, 30, np.float32))["rows"].nbytes


def test_encoding_takes_the_disk_that_it_takes(tmp_path, monkeypatch):
    seen, remove = [], IdWriter.remove

    def looked_at(writer):
        seen.append(sum(path.stat().st_size for path in tmp_path.iterdir()))
        remove(writer)

    monkeypatch.setattr(IdWriter, "remove", looked_at)
    forms = Forms(lambda text: "", ["a", "b", "rare"])
    numbers = np.array([*[0, 1] * 5000, 2], np.int32)
    encoder = Encoder(tmp_path)
    ends = np.array([4000, 10_001])
    encoder.add(TokenBatch(numbers, ends, ends, forms))
    corpus = encoder.finish(DEFAULT).corpus
    needs = disk_bytes(Sizes(corpus.texts, corpus.tokens, corpus.kept, 3, 2), replace(DEFAULT, dim=1))
    assert needs.encoding == max(seen)


def test_the_disk_of_checkpoints_and_of_the_pipeline():
    needs = disk_bytes(SIZES, DEFAULT)
    assert needs.training - CHECKPOINTS * table_bytes(SIZES.words, 100) == 4 * SIZES.kept + 8 * SIZES.texts
    assert needs.pipeline - needs.training == pipeline_bytes(SIZES.words, 100) > SIZES.words * 100 * 4
    assert needs.peak == max(needs.encoding, needs.pipeline)


@pytest.mark.parametrize("change", [{"words": 4e5}, {"forms": 2e6}])
def test_more_words_and_forms_take_more_memory(change):
    before, after = (memory_bytes(sizes, DEFAULT, 2, 1e5) for sizes in (SIZES, replace(SIZES, **change)))
    assert after.training > before.training
    assert after.peak > before.peak


def test_more_workers_and_dimensions_take_more_memory():
    one, two = (memory_bytes(SIZES, DEFAULT, workers, 1e5) for workers in (1, 2))
    assert two.encoding > one.encoding
    assert two.training > one.training
    large = memory_bytes(SIZES, replace(DEFAULT, dim=300), 1, 1e5)
    assert large.training - one.training == 3 * table_bytes(SIZES.words, 100) - table_bytes(SIZES.words, 100)


def test_the_peak_is_the_most_of_all_stages():
    assert StageBytes(1, 3, 2).peak == 3
