"""`sgns demo`."""

import pytest
import spacy

from spacy_sgns.cli.commands.demo import SETTINGS, WORDS
from tests.cli.typed import tree


@pytest.fixture
def temporary(place, monkeypatch):
    """A folder for temporary files that can be looked into."""
    (place / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place / "temporary"))


def test_without_output_it_shows_neighbours_and_writes_nothing(sgns, place, temporary):
    before = tree(place)
    result = sgns("demo")
    assert result.exit_code == 0, result.stderr
    run, *tables, end = result.stdout.split("\n\n")
    tables = {table.split()[0]: [line.split()[0] for line in table.splitlines()[2:]] for table in tables}
    assert list(tables) == list(WORDS)
    assert {"white", "hole"} <= set(tables["rabbit"])
    assert f"Trained {SETTINGS.epochs} epochs in " in run and "epoch 30/30: loss " in run
    assert tree(place) == before
    assert end.startswith("Nothing was written. To keep the vectors:\n  python -m spacy sgns demo ./alice\n")
    assert end.endswith("  python -m spacy sgns train YOUR_TEXTS ./vectors\n")


def test_with_output_it_leaves_a_pipeline(sgns, place, temporary):
    result = sgns("demo", "my out")
    assert result.exit_code == 0, result.stderr
    assert "Wrote the pipeline to my out\n  python -m spacy sgns similar 'my out' king\n" in result.stdout
    assert sgns("similar", "my out", "king").exit_code == 0
    nlp = spacy.load("my out")
    assert nlp("the king")[1].has_vector
    assert nlp.vocab.vectors_length == 100
    assert sorted(path.name for path in place.iterdir()) == ["corpus.txt", "my out", "temporary"]


def test_an_output_that_is_taken_is_refused_before_the_work(sgns):
    result = sgns("demo", "corpus.txt")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
