import json
import os
import re
import shutil

import pytest
import spacy

from spacy_sgns.errors import SgnsError
from spacy_sgns.pipeline import save
from spacy_sgns.pipeline.save import check_output, save_pipeline


@pytest.fixture
def work(tmp_path):
    """An empty work folder next to the output."""
    (tmp_path / "out.work").mkdir()
    return tmp_path / "out.work"


@pytest.fixture
def earlier(tmp_path):
    """An output folder that has a pipeline already."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "meta.json").write_text("earlier")
    return tmp_path / "out"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_pipeline_and_record_are_written(made, tmp_path, work):
    nlp = spacy.blank("en", vocab=made.vocab)
    save_pipeline(nlp, tmp_path / "out", work)
    assert spacy.load(tmp_path / "out")("Cat")[0].has_vector
    assert json.loads((tmp_path / "out" / "sgns" / "report.json").read_text()) == made.get_pipe("sgns").report
    words = json.loads((tmp_path / "out" / "sgns" / "words.json").read_text(encoding="utf8"))
    vectors = made.get_pipe("sgns").vectors
    assert (words["words"], words["counts"]) == (vectors.words, vectors.counts.tolist())
    assert names(tmp_path / "out" / "sgns") == ["report.json", "words.json"] and names(work) == []


def test_without_a_record_none_is_written(nlp, tmp_path, work):
    save_pipeline(nlp, tmp_path / "out", work)
    assert not (tmp_path / "out" / "sgns").exists()


def test_earlier_output_is_replaced(nlp, earlier, work):
    save_pipeline(nlp, earlier, work, force=True)
    assert (earlier / "meta.json").read_text() != "earlier" and names(work) == []


class CannotBeWritten:
    def __init__(self, error):
        self.error = error

    def to_disk(self, path, exclude=()):
        path.mkdir()
        raise self.error


@pytest.mark.parametrize(
    ("error", "raised", "message"),
    [
        (OSError(28, "No space left on device"), SgnsError, "Cannot write the pipeline .*out: No space left"),
        (KeyboardInterrupt(), KeyboardInterrupt, "^$"),
    ],
    ids=["full disk", "interrupted"],
)
def test_failing_to_write_leaves_the_earlier_output(nlp, earlier, work, monkeypatch, error, raised, message):
    monkeypatch.setattr(nlp, "tokenizer", CannotBeWritten(error))
    with pytest.raises(raised, match=message):
        save_pipeline(nlp, earlier, work, force=True)
    assert names(earlier) == ["meta.json"] and (earlier / "meta.json").read_text() == "earlier"


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), KeyboardInterrupt()], ids=repr)
def test_failing_to_rename_leaves_the_earlier_output(nlp, earlier, work, monkeypatch, error):
    rename = os.replace

    def failing(source, target):
        if source.name == "pipeline":
            raise error
        rename(source, target)

    monkeypatch.setattr(save.os, "replace", failing)
    with pytest.raises(SgnsError if isinstance(error, OSError) else KeyboardInterrupt):
        save_pipeline(nlp, earlier, work, force=True)
    assert names(earlier) == ["meta.json"] and (earlier / "meta.json").read_text() == "earlier"


@pytest.mark.parametrize("force", [False, True])
def test_new_or_empty_output_will_do(tmp_path, force):
    check_output(tmp_path / "new" / "deep", force=force)
    (tmp_path / "empty").mkdir()
    check_output(tmp_path / "empty", force=force)
    assert names(tmp_path) == ["empty"]


def test_output_with_something_in_it_must_be_forced(earlier):
    with pytest.raises(SgnsError, match=r"out is not empty. .* --force"):
        check_output(earlier, force=False)
    check_output(earlier, force=True)


def test_what_is_no_pipeline_is_never_replaced(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.doc").touch()
    with pytest.raises(SgnsError, match="does not contain a pipeline, so --force does not replace it"):
        check_output(tmp_path / "out", force=True)


@pytest.mark.parametrize("force", [False, True])
def test_a_link_is_not_replaced(tmp_path, force):
    (tmp_path / "there").mkdir()
    for name, target in (("link", "there"), ("dangling", "nowhere")):
        (tmp_path / name).symlink_to(tmp_path / target)
        with pytest.raises(SgnsError, match=f"{name} is a link"):
            check_output(tmp_path / name, force=force)


@pytest.mark.parametrize("force", [False, True])
def test_output_must_be_a_folder_with_the_right_to_write(tmp_path, force, monkeypatch):
    (tmp_path / "file").write_text("x")
    with pytest.raises(SgnsError, match=r"file is a file; give the path of a folder"):
        check_output(tmp_path / "file", force=force)
    with pytest.raises(SgnsError, match="cannot be written"):
        check_output(tmp_path / "file" / "out", force=force)
    monkeypatch.setattr(save.os, "access", lambda path, mode: path != tmp_path)
    with pytest.raises(SgnsError, match=re.escape(f"no permission to write in {tmp_path}")):
        check_output(tmp_path / "out", force=force)
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(save.os, "access", lambda path, mode: path != tmp_path / "empty")
    with pytest.raises(SgnsError, match=r"no permission to write in .*empty"):
        check_output(tmp_path / "empty", force=force)


def test_root_is_no_output():
    with pytest.raises(SgnsError, match="is not empty"):
        check_output(spacy.util.ensure_path(os.path.abspath(os.sep)), force=False)


def test_output_may_be_written_while_it_is_the_base(made, tmp_path, work):
    made.to_disk(tmp_path / "out")
    nlp = spacy.load(tmp_path / "out")
    save_pipeline(nlp, tmp_path / "out", work, force=True)
    shutil.rmtree(work)
    assert spacy.load(tmp_path / "out")("Cat")[0].has_vector
