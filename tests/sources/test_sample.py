"""A fair sample of files."""

import gzip
import json
import lzma
import random
from itertools import pairwise

import pytest

from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.sources.compression import STANDARD_INPUT
from spacy_sgns.sources.sample import draw_sample, text_quality
from spacy_sgns.sources.source import Source

LINES = [f"line {i:06} é" + " word" * (i % 7) for i in range(60_000)]
TEXT = "\n".join(LINES) + "\n"
SIZE = 1 << 16


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "blocks").mkdir()
    return tmp_path / "blocks"


def written(path, text=TEXT):
    """Write a text as the file's name says, and return the path."""
    content = text.encode("utf8")
    pack = {".gz": gzip.compress, ".xz": lzma.compress}.get(path.suffix, bytes)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(pack(content))
    return path


def texts_of(sample):
    """The texts of a sample, one list for each of its files."""
    return [[text for text, _ in sample.source.pieces(file, print)] for file in sample.files]


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz", "a.txt.xz"])
def test_blocks_are_whole_lines_from_all_over_the_file(tmp_path, folder, name):
    sample = draw_sample(Source(written(tmp_path / name)), folder, SIZE)
    blocks = texts_of(sample)
    places = [LINES.index(block[0]) for block in blocks]
    for place, block in zip(places, blocks, strict=True):
        assert LINES[place : place + len(block)] == block
    assert places == sorted(places)
    gaps = [after - before for before, after in zip(places, [*places[1:], len(LINES)], strict=True)]
    assert places[0] == 0 and max(gaps) < len(LINES) / 10
    read = sum(len(text.encode()) + 1 for block in blocks for text in block)
    assert sample.fraction == pytest.approx(read / len(TEXT.encode()), rel=0.01)
    assert SIZE / 2 < read < SIZE * 1.5


def test_the_sample_is_the_same_each_time(tmp_path, folder):
    path = written(tmp_path / "a.txt.gz")
    assert texts_of(draw_sample(Source(path), folder, SIZE)) == texts_of(draw_sample(Source(path), folder, SIZE))


def test_a_small_source_is_its_own_sample(tmp_path, folder):
    path = written(tmp_path / "a.txt", "one\ntwo\n")
    sample = draw_sample(Source(path, "paragraph"), folder, SIZE)
    assert ([file.path for file in sample.files], sample.fraction) == ([path], 1.0)
    assert sample.source.unit == "paragraph"


def test_a_packed_file_that_takes_too_long_is_sampled_at_its_beginning(tmp_path, folder):
    sample = draw_sample(Source(written(tmp_path / "a.txt.gz", TEXT * 20)), folder, SIZE, max_skim_seconds=0.0)
    assert texts_of(sample)[0][0] == LINES[0]
    assert 0 < sample.fraction < 0.05


def test_many_small_files_are_taken_here_and_there(tmp_path, folder):
    for i in range(400):
        written(tmp_path / "many" / f"{i:03}.txt", TEXT[i * 900 : i * 900 + 900])
    sample = draw_sample(Source(tmp_path / "many"), folder, SIZE)
    names = [int(file.path.stem) for file in sample.files]
    assert 40 < len(names) < 120
    assert max(after - before for before, after in pairwise(names)) < 20
    assert sample.fraction == pytest.approx(len(names) / 400, rel=0.05)
    assert all(file.label == str(file.path) for file in sample.files)


def test_large_and_small_files_are_met_by_their_size(tmp_path, folder):
    for i in range(100):
        written(tmp_path / "mixed" / f"small{i:03}.txt", TEXT[:5000])
    large = written(tmp_path / "mixed" / "large.txt", TEXT[:500_000])
    sample = draw_sample(Source(tmp_path / "mixed"), folder, SIZE)
    from_large = sum(file.label.startswith(f"{large}, from byte") for file in sample.files)
    assert len(sample.files) / 3 < from_large < len(sample.files) * 2 / 3


def test_records_are_never_cut(tmp_path, folder):
    records = [json.dumps({"text": f"{i} " + "long " * (i % 3000)}) for i in range(300)]
    sample = draw_sample(Source(written(tmp_path / "a.jsonl", "\n".join(records))), folder, SIZE)
    assert 0 < sample.fraction < 1
    assert sum(map(len, texts_of(sample))) > 10


@pytest.mark.parametrize("name", ["a.txt", "a.txt.xz"])
def test_one_long_line_is_cut_between_words(tmp_path, folder, name):
    words = [f"{random.Random(i).getrandbits(64):x}" for i in range(50_000)]
    sample = draw_sample(Source(written(tmp_path / name, " ".join(words))), folder, SIZE)
    blocks = texts_of(sample)
    assert sample.line_parts == len(blocks) > 20
    known = set(words)
    assert all(word in known for block in blocks for text in block for word in text.split()[1:-1])


def test_messages_name_the_files_that_people_know(tmp_path, folder):
    path = written(tmp_path / "a.txt")
    sample = draw_sample(Source(path), folder, SIZE)
    assert sample.files[0].label == f"{path}, from byte 0 on"
    sample.files[0].path.write_bytes(b"\xff")
    with pytest.raises(SgnsError, match=r"a\.txt, from byte 0 on is not valid UTF-8 at byte 0"):
        texts_of(sample)


def test_standard_input_has_no_sample(folder):
    with pytest.raises(SettingError, match=r"cannot be standard input\. Give a file or a folder"):
        draw_sample(Source(STANDARD_INPUT), folder, SIZE)


def test_a_damaged_file_is_told(tmp_path, folder):
    path = written(tmp_path / "a.txt.gz")
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(SgnsError, match=r"a\.txt\.gz.* damaged or cut short"):
        draw_sample(Source(path), folder, 1 << 14)


def test_repeated_texts_and_spoiled_letters_are_counted(tmp_path, folder):
    text = "once\ntwice!\ntwice!\ncafÃ© ol\ufffd\n\n\n"
    looks = text_quality(draw_sample(Source(written(tmp_path / "a.txt", text)), folder, SIZE))
    characters = len(text.replace("\n", ""))
    assert (looks.repeated, looks.mojibake) == (6 / characters, 2 / characters)


def test_letters_with_accents_are_no_sign_of_trouble(tmp_path, folder):
    looks = text_quality(draw_sample(Source(written(tmp_path / "a.txt", "Ãgua, São, Â, déjà, 1 Å\n")), folder, SIZE))
    assert looks.mojibake == 0


def test_long_texts_are_compared_as_a_whole(tmp_path, folder):
    long = "word " * 10_000
    path = written(tmp_path / "a.txt", f"{long}a\n{long}b\n{long}a\n")
    looks = text_quality(draw_sample(Source(path), folder, 1 << 20))
    assert looks.repeated == pytest.approx(1 / 3)
