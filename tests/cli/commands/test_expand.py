"""`sgns expand`."""

import json

import numpy as np
import pytest
import spacy

from spacy_sgns.vectors.word_vectors import WordVectors


def test_it_suggests_words_near_to_the_seeds_and_away_from_others(sgns, trained):
    expected = WordVectors.load(trained).most_similar(["bamon", "gotin"], ["lusel"], n=4)
    result = sgns("expand", trained, "bamon", "gotin", "--without", "lusel", "-n", "4")
    assert (result.exit_code, result.stderr) == (0, "")
    head, _, *lines = result.stdout.strip().splitlines()
    assert head.startswith("bamon + gotin - lusel")
    assert [line.split()[:2] for line in lines] == [[word, f"{score:.3f}"] for word, score in expected]


def test_seeds_come_from_a_file_too(sgns, trained, place):
    (place / "seeds.txt").write_text("gotin\n\n lusel \n", encoding="utf8")
    found = json.loads(sgns("expand", trained, "bamon", "--seeds", "seeds.txt", "--json", "-n", "3").stdout)
    assert found["seeds"] == ["bamon", "gotin", "lusel"] and found["without"] == []
    expected = WordVectors.load(trained).most_similar(found["seeds"], n=3)
    assert [tuple(pair) for pair in found["suggestions"]] == expected
    alone = sgns("expand", trained, "--seeds", "seeds.txt")
    assert alone.exit_code == 0 and alone.stdout.split("  ")[0].strip() == "gotin + lusel"


def test_unknown_seeds_are_named_and_left_out(sgns, trained):
    args = ("expand", trained, "bamon", "gotinn", "--without", "xyzzy")
    result = sgns(*args)
    assert result.exit_code == 0
    assert "No vector for 'gotinn'. Did you mean gotin" in result.stderr and "No vector for 'xyzzy'" in result.stderr
    assert result.stdout.split("  ")[0].strip() == "bamon"
    found = json.loads(sgns(*args, "--json").stdout)
    assert (found["seeds"], found["without"]) == (["bamon"], [])
    assert sgns(*args, "--strict").exit_code == 1


def test_a_seed_counts_once_in_all_its_forms(sgns, trained, place):
    (place / "seeds.txt").write_text("gotin\nBAMON\n", encoding="utf8")
    result = sgns("expand", trained, "bamon", "gotin", "bamon", "--seeds", "seeds.txt", "--patterns", "p.jsonl")
    assert result.stdout.startswith(sgns("expand", trained, "bamon", "gotin").stdout)
    assert len((place / "p.jsonl").read_text(encoding="utf8").splitlines()) == 12


def test_an_entity_ruler_reads_the_patterns(sgns, trained, place):
    result = sgns("expand", trained, "bamon", "gotin", "-n", "2", "--patterns", "terms.jsonl", "--label", "KIND")
    assert result.exit_code == 0 and "Wrote 4 patterns to terms.jsonl" in result.stdout
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").from_disk(place / "terms.jsonl")
    found = [word for word, _ in WordVectors.load(trained).most_similar(["bamon", "gotin"], n=2)]
    doc = nlp(f"Here are Bamon, GOTIN, and {found[0]}.")
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("Bamon", "KIND"), ("GOTIN", "KIND"), (found[0], "KIND")]


def test_a_term_of_several_tokens_is_a_pattern_of_several(sgns, place):
    nlp = spacy.blank("en")
    for word, row in (("New York", [1, 0]), ("Boston", [0.9, 0.1])):
        nlp.vocab.set_vector(word, np.array(row, np.float32))
    nlp.to_disk("cities")
    assert sgns("expand", "cities", "New York", "--patterns", "c.jsonl", "--label", "GPE").exit_code == 0
    ruler = spacy.blank("en").add_pipe("entity_ruler").from_disk("c.jsonl")
    assert {"label": "GPE", "pattern": [{"LOWER": "new"}, {"LOWER": "york"}]} in ruler.patterns


def test_patterns_have_the_tokens_of_the_pipeline_and_keep_unknown_terms(sgns, trained, place):
    terms = ["well-known", "don't", "New  York"]
    result = sgns("expand", trained, "bamon", *terms, "-n", "1", "--patterns", "p.jsonl")
    assert result.exit_code == 0 and "Wrote 5 patterns" in result.stdout
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").from_disk(place / "p.jsonl")
    doc = nlp("A well-known Bamon: we Don't go to NEW YORK.")
    assert [ent.text for ent in doc.ents] == ["well-known", "Bamon", "Don't", "NEW YORK"]


def test_patterns_are_ready_for_a_matcher(sgns, trained, place):
    sgns("expand", trained, "bamon", "-n", "2", "--patterns", "p.jsonl", "--label", "KIND")
    lines = [json.loads(line) for line in (place / "p.jsonl").read_text(encoding="utf8").splitlines()]
    nlp = spacy.blank("en")
    matcher = spacy.matcher.Matcher(nlp.vocab)
    for line in lines:
        matcher.add(line["label"], [line["pattern"]])
    assert [span.text for span in matcher(nlp("One Bamon here"), as_spans=True)] == ["Bamon"]
    phrases = spacy.matcher.PhraseMatcher(nlp.vocab, attr="LOWER")
    phrases.add("KIND", [nlp(" ".join(token["LOWER"] for token in line["pattern"])) for line in lines])
    assert [span.text for span in phrases(nlp("One Bamon here"), as_spans=True)] == ["Bamon"]


def test_vectors_in_a_file_make_patterns_too(sgns, trained, place):
    WordVectors.load(trained).save("x.vec")
    assert sgns("expand", "x.vec", "bamon", "well-known", "-n", "1", "--patterns", "p.jsonl").exit_code == 0
    pattern = json.loads((place / "p.jsonl").read_text(encoding="utf8").splitlines()[1])["pattern"]
    assert pattern == [{"LOWER": "well"}, {"LOWER": "-"}, {"LOWER": "known"}]


def test_a_file_is_replaced_only_with_force(sgns, trained, place):
    (place / "terms.jsonl").write_text("mine", encoding="utf8")
    result = sgns("expand", trained, "bamon", "--patterns", "terms.jsonl")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert (place / "terms.jsonl").read_text(encoding="utf8") == "mine"
    assert sgns("expand", trained, "bamon", "--patterns", "terms.jsonl", "--force").exit_code == 0
    assert (place / "terms.jsonl").read_text(encoding="utf8").startswith('{"label": "TERM"')


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        ((), 2, "Give at least one SEED, or a file of them by --seeds."),
        (("xyzzy",), 1, "No vector for 'xyzzy'"),
        (("--seeds", "empty.txt"), 2, "the file is empty"),
        (("--seeds", "nowhere.txt"), 1, "nowhere.txt"),
        (("bamon", "-n", "0"), 2, "n must be"),
        (("bamon", "--min-count", "-1"), 2, "min_count must be a whole number from 0"),
        (("bamon", "gotin", "--without", "BAMON"), 2, "Given both as a SEED and by --without: bamon"),
        (("bamon", "--patterns", "terms.txt"), 2, "--patterns must be a .jsonl file"),
        (("bamon", "--patterns", "terms.jsonl", "--label", " "), 2, "--label must not be empty"),
        (("bamon", "--patterns", "nowhere/terms.jsonl"), 1, "Cannot write nowhere/terms.jsonl"),
    ],
)
def test_what_cannot_be_answered_is_one_line(sgns, trained, place, args, code, message):
    (place / "empty.txt").write_text("\n", encoding="utf8")
    result = sgns("expand", trained, *args)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (code, "", 1)
    assert message in result.stderr
    assert not (place / "terms.jsonl").exists() and not (place / "terms.txt").exists()
