"""`sgns strip`."""

import json

import numpy as np
import pytest
import spacy


def test_the_vectors_stay_and_the_component_goes(sgns, trained, place):
    result = sgns("strip", trained, "out")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "Wrote out: it has the vectors and loads without spacy_sgns (removed: sgns)\n"
    before, after = spacy.load(trained), spacy.load("out")
    assert after.pipe_names == []
    for word in ("bamon", "Bamon", "BAMON"):
        np.testing.assert_array_equal(after.vocab[word].vector, before.vocab[word].vector)
    assert json.loads((place / "out" / "sgns" / "report.json").read_text())["settings"]["dim"] == 8
    assert sorted(path.name for path in place.iterdir()) == ["corpus.txt", "out"]


def test_other_components_stay(sgns, trained, place):
    nlp = spacy.load(trained)
    nlp.add_pipe("sentencizer", first=True)
    nlp.to_disk("mixed")
    assert sgns("strip", "mixed", "out").exit_code == 0
    assert spacy.load("out").pipe_names == ["sentencizer"]


def test_a_pipeline_can_be_stripped_in_its_place(sgns, trained, place):
    assert sgns("strip", trained, "out").exit_code == 0
    refused = sgns("strip", "out", "out")
    assert (refused.exit_code, "--force" in refused.stderr) == (1, True)
    result = sgns("strip", "out", "out", "--force")
    assert (result.exit_code, "removed: nothing" in result.stdout) == (0, True)


@pytest.mark.parametrize("pipeline", ["nowhere", "corpus.txt", "empty"])
def test_what_is_no_pipeline_with_vectors_is_one_clear_line(sgns, place, pipeline):
    spacy.blank("en").to_disk("empty")
    result = sgns("strip", pipeline, "out")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert not (place / "out").exists()
