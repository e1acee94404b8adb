import pytest
import spacy

from spacy_sgns.errors import SgnsError
from spacy_sgns.pipeline.load import open_tokenizer, open_vectors


@pytest.mark.parametrize("how", ["ours", "other", "file"])
def test_vectors_are_opened_from_wherever_they_are(made, tmp_path, how):
    wanted = made.get_pipe("sgns").vectors
    path = tmp_path / ("vectors.vec" if how == "file" else "saved")
    if how == "ours":
        made.to_disk(path)
    elif how == "other":
        spacy.blank("en", vocab=made.vocab).to_disk(path)
    else:
        wanted.save(path)
    found = open_vectors(str(path))
    assert found.words == wanted.words and found.rows.tolist() == wanted.rows.tolist()
    assert (found.counts is not None) == (how != "file")
    assert ("CAT" in found) == (how != "file")


def test_pipeline_that_cannot_be_opened_gets_one_clear_line(tmp_path):
    with pytest.raises(SgnsError, match=r"^There is no pipeline or file nowhere_to_be_found\.$"):
        open_vectors("nowhere_to_be_found")
    spacy.blank("en").to_disk(tmp_path / "bare")
    with pytest.raises(SgnsError, match="has no word vectors"):
        open_vectors(str(tmp_path / "bare"))


def test_a_package_that_is_not_a_pipeline_gets_one_clear_line():
    with pytest.raises(SgnsError, match=r"^Cannot load numpy: [^\n]*meta\.json"):
        open_vectors("numpy")


def test_the_tokenizer_of_a_pipeline_comes_without_its_components(made, tmp_path):
    made.tokenizer.add_special_case("catdog", [{"ORTH": "cat"}, {"ORTH": "dog"}])
    made.to_disk(tmp_path / "saved")
    tokenizer = open_tokenizer(str(tmp_path / "saved"))
    assert [token.text for token in tokenizer("catdog don't")] == ["cat", "dog", "do", "n't"]
    made.get_pipe("sgns").vectors.save(tmp_path / "vectors.vec")
    assert [token.text for token in open_tokenizer(str(tmp_path / "vectors.vec"))("well-known")] == [
        "well",
        "-",
        "known",
    ]
    (tmp_path / "saved" / "tokenizer").write_bytes(b"damaged")
    with pytest.raises(SgnsError, match="Cannot load the tokenizer of"):
        open_tokenizer(str(tmp_path / "saved"))
