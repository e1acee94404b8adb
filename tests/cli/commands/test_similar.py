"""`sgns similar`."""

import json

import pytest
import spacy

from spacy_sgns.pipeline.attach import attach_vectors
from spacy_sgns.vectors.word_vectors import WordVectors


def test_each_word_gets_a_table(sgns, trained):
    result = sgns("similar", trained, "bamon", "gotin", "-n", "3")
    assert (result.exit_code, result.stderr) == (0, "")
    tables = result.stdout.split("\n\n")
    assert [table.split()[0] for table in tables] == ["bamon", "gotin"]
    expected = WordVectors.load(trained).most_similar("gotin", n=3)
    lines = [line.split() for line in tables[1].splitlines()[2:]]
    assert [(word, cosine) for word, cosine, _ in lines] == [(word, f"{cosine:.3f}") for word, cosine in expected]
    assert all(int(count) > 0 for _, _, count in lines)


def test_json_holds_the_same_for_programs(sgns, trained):
    result = sgns("similar", trained, "bamon", "gotin", "--json", "--n", "2")
    found = json.loads(result.stdout)
    vectors = WordVectors.load(trained)
    assert list(found) == ["bamon", "gotin"]
    assert [tuple(pair) for pair in found["gotin"]] == vectors.most_similar("gotin", n=2)


@pytest.mark.parametrize("args", [(), ("--json",)])
def test_an_unknown_word_offers_the_closest_spellings_and_spoils_no_answer(sgns, trained, args):
    result = sgns("similar", trained, "bamon", "gotinn", *args)
    assert (result.exit_code, result.stdout) == (0, sgns("similar", trained, "bamon", *args).stdout)
    assert result.stderr.startswith("Warning: No vector for 'gotinn'. Did you mean gotin")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("words", [("gotinn",), ("--strict", "bamon", "gotinn")])
def test_without_an_answer_or_with_strict_an_unknown_word_is_an_error(sgns, trained, words):
    result = sgns("similar", trained, *words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: No vector for 'gotinn'. Did you mean gotin")
    assert result.stderr.count("\n") == 1


def test_of_many_unknown_words_ten_are_named(sgns, trained):
    result = sgns("similar", trained, "bamon", *(f"{number}{number}{number}" for number in range(10, 25)))
    assert result.exit_code == 0
    assert result.stderr.count("No vector for '") == 10
    assert result.stderr.endswith(" Nor for 5 others.\n")


def test_candidates_from_a_file_may_be_unknown(sgns, trained, place):
    (place / "some.txt").write_text("gotin\nlusel\nnever-seen\n", encoding="utf8")
    result = sgns("similar", trained, "bamon", "--among", "some.txt")
    assert result.exit_code == 0
    assert sorted(line.split()[0] for line in result.stdout.splitlines()[3:]) == ["gotin", "lusel"]
    assert result.stderr == "Warning: --among some.txt: No vector for 'never-seen'.\n"
    assert sgns("similar", trained, "bamon", "--among", "some.txt", "--strict").exit_code == 1


def test_rare_words_can_be_left_out(sgns, trained):
    vectors = WordVectors.load(trained)
    least = int(sorted(vectors.counts)[len(vectors) // 2])
    result = sgns("similar", trained, "bamon", "-n", "100", "--min-count", least)
    counts = [int(line.split()[2]) for line in result.stdout.splitlines()[3:]]
    assert min(counts) >= least and len(counts) < len(vectors) - 1
    vectors.save("x.vec")
    result = sgns("similar", "x.vec", "bamon", "--min-count", "2")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "min_count needs the counts" in result.stderr


def test_n_must_be_positive(sgns, trained):
    result = sgns("similar", trained, "bamon", "-n", "0")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "n must be" in result.stderr


def test_it_reads_files_and_pipelines_of_others_too(sgns, trained, place):
    WordVectors.load(trained).save("x.bin")
    stock = spacy.blank("en")
    attach_vectors(WordVectors.load("x.bin"), stock.vocab)
    stock.to_disk("stock")
    for source in ("x.bin", "stock"):
        result = sgns("similar", source, "bamon", "-n", "1")
        assert result.exit_code == 0, result.stderr
        assert result.stdout.splitlines()[1].split() == ["bamon", "cosine"]  # counts are not known there


@pytest.mark.parametrize("source", ["nowhere", "corpus.txt", "empty"])
def test_what_has_no_vectors_is_one_clear_line(sgns, place, source):
    spacy.blank("en").to_disk("empty")
    result = sgns("similar", source, "bamon")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert source in result.stderr or "has no vectors" in result.stderr


def test_among_words_of_a_file_alone(sgns, trained, place):
    (place / "some.txt").write_text("gotin\n\n lusel \n")
    result = sgns("similar", trained, "bamon", "--among", "some.txt", "--json")
    assert {word for word, _ in json.loads(result.stdout)["bamon"]} == {"gotin", "lusel"}
    (place / "none.txt").write_text("\n")
    result = sgns("similar", trained, "bamon", "--among", "none.txt")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_a_number_with_thousands_of_digits_is_only_a_large_one(sgns, trained):
    assert sgns("similar", trained, "bamon", "--among", "9" * 5000).stdout == sgns("similar", trained, "bamon").stdout
