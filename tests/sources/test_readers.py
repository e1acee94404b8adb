"""A kind of file is a registered reader, and nothing else."""

import gzip

import catalogue
import pytest

from spacy_sgns import registry
from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.sources.readers import DocFile, TextFile, registered_readers
from spacy_sgns.sources.sample import draw_sample
from spacy_sgns.sources.source import Source
from spacy_sgns.sources.splitting import Piece


class Lists:
    """Reads a text from each line of a list: what follows the hyphen."""

    endings = (".list",)
    max_line_bytes = 0

    def pieces(self, file, options, warn, stats):
        opened = gzip.open if file.path.suffix == ".gz" else open
        with opened(file.path, "rt", encoding=options.encoding) as lines:
            for number, line in enumerate(lines, 1):
                if not line.startswith("- "):
                    raise SgnsError(f"{file.label}, line {number}: expected a hyphen, got {line[:20]!r}.")
                yield Piece(line[2:].strip(), True)


@pytest.fixture
def register(monkeypatch):
    """Register readers that are gone after the test."""
    monkeypatch.setattr(catalogue, "REGISTRY", dict(catalogue.REGISTRY))
    return lambda name, reader: registry.sources.register(name, func=reader)


def texts_of(source, files):
    return [text for file in files for text, _ in source.pieces(file, pytest.fail)]


def test_built_in_readers_are_found_by_their_endings():
    readers = registered_readers()
    assert sorted(readers) == [".jsonl", ".spacy", ".txt"]


def test_a_reader_of_another_package_is_read_walked_sampled_and_listed(register, tmp_path):
    register("lists.v1", Lists)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.list").write_text("- one two\n- three\n")
    (tmp_path / "corpus" / "b.list.gz").write_bytes(gzip.compress(b"- four\n"))
    (tmp_path / "corpus" / "c.txt").write_text("five\n")
    source = Source(tmp_path / "corpus")
    assert texts_of(source, source.files()) == ["one two", "three", "four", "five"]
    (tmp_path / "large.list").write_text("- word\n" * 100_000)
    large = Source(tmp_path / "large.list")
    sample = draw_sample(large, tmp_path, 1 << 14)
    assert 0 < sample.fraction < 0.1 and set(texts_of(large, sample.files)) == {"word"}
    (tmp_path / "none.pdf").write_text("x")
    with pytest.raises(SgnsError, match=r"supported are \.jsonl, \.list, \.spacy, \.txt, each also with"):
        Source(tmp_path / "none.pdf").files()


def test_messages_name_the_file_of_a_sample(register, tmp_path):
    register("lists.v1", Lists)
    (tmp_path / "bad.list").write_text("- word\n" * 100_000 + "word\n" * 100_000)
    source = Source(tmp_path / "bad.list")
    (tmp_path / "blocks").mkdir()
    sample = draw_sample(source, tmp_path / "blocks", 1 << 14)
    with pytest.raises(SgnsError, match=r"bad\.list, from byte \d+ on, line 1: expected a hyphen, got 'word"):
        texts_of(source, sample.files)


def test_the_newest_version_reads(register, tmp_path):
    class Newer(Lists):
        def pieces(self, file, options, warn, stats):
            yield Piece("newer", True)

    register("lists.v2", Newer)
    register("lists.v1", Lists)
    (tmp_path / "a.list").write_text("- old\n")
    source = Source(tmp_path / "a.list")
    assert texts_of(source, source.files()) == ["newer"]


def test_two_readers_of_one_ending_are_refused(register):
    register("lists.v1", Lists)
    register("others.v1", Lists)
    with pytest.raises(SettingError, match=r"Both lists\.v1 and others\.v1 read files that end in \.list"):
        registered_readers()


def test_what_is_not_a_reader_is_refused(register):
    register("odd.v1", dict)
    with pytest.raises(SettingError, match=r"source odd\.v1 must make a TextReader .* or a DocReader .*, got dict"):
        registered_readers()


def test_files_carry_their_reader_and_label(tmp_path):
    for name in ("a.txt", "b.spacy"):
        (tmp_path / name).write_bytes(b"")
    text, docs = Source(tmp_path).files()
    assert isinstance(text, TextFile) and isinstance(docs, DocFile)
    assert (text.label, docs.label) == (str(tmp_path / "a.txt"), str(tmp_path / "b.spacy"))
