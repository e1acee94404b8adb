"""`sgns trace`."""

import pytest
import spacy

from tests.cli.typed import QUICK, SENTENCES


def test_all_parts_in_the_order_of_the_data_flow(sgns, place):
    result = sgns("trace", "corpus.txt", *QUICK, "--pairs", "4")
    assert result.exit_code == 0, result.stderr
    for said in (
        "The first text: ",
        "The vocabulary, 20 words",
        "The first pairs, window 5",
        "drawn as noise",
        "loss 4.15",
    ):
        assert said in result.stdout
    assert (
        result.stdout.index("The first text")
        < result.stdout.index("before,")
        < result.stdout.index("All pairs, all epochs")
    )
    first = SENTENCES[0].split()
    assert f"{first[0]} " in result.stdout.split("centre")[1]
    assert sorted(path.name for path in place.iterdir()) == ["corpus.txt"]


def test_a_base_splits_the_texts(sgns, place):
    nlp = spacy.blank("en")
    nlp.tokenizer.add_special_case("bamon", [{"ORTH": "ba"}, {"ORTH": "mon"}])
    nlp.to_disk("base")
    result = sgns("trace", "corpus.txt", *QUICK, "--base", "base")
    assert result.exit_code == 0, result.stderr
    assert "The vocabulary, 21 words" in result.stdout
    both = sgns("trace", "corpus.txt", "--base", "base", "--lang", "en")
    assert both.exit_code == 2 and "Give only one of --lang, --base and --config" in both.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("-",), 2, "reads the corpus twice"),
        (("nothing.txt",), 1, "nothing.txt"),
        (("corpus.txt", "--pairs", "0"), 2, "--pairs must be at least 1"),
        (("corpus.txt", "--dim", "0"), 2, "dim"),
    ],
)
def test_what_is_wrong_is_said(sgns, place, arguments, code, said):
    result = sgns("trace", *arguments)
    assert (result.exit_code, "Traceback" in result.stderr) == (code, False)
    assert said in result.stderr
