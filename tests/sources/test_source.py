import bz2
import codecs
import gzip
import io
import json
import lzma
import os
import re
import tracemalloc
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.sources.compression import ending
from spacy_sgns.sources.lines import BLOCK_BYTES
from spacy_sgns.sources.readers import registered_readers, source_file
from spacy_sgns.sources.source import Source
from spacy_sgns.sources.splitting import Piece, split

PACK = {"": open, ".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
WRAPPED = [
    "Alice was beginning to get very tired of sitting by her",
    "sister on the bank, and of having nothing to do, once or",
]


def texts_of(path, unit="line", field="text", warn=pytest.fail, stats=None, **reading):
    """Return the texts of a file, their pieces joined."""
    texts, parts = [], []
    source = Source(path, unit, field, **reading)
    [file] = source.files()
    for text, last in source.pieces(file, warn, stats):
        parts.append(text)
        if last:
            texts.append("".join(parts))
            parts = []
    assert not parts, "the last text was not closed"
    return texts


def pieces_of(source, warn):
    """Return the pieces of a source that is one file."""
    [file] = source.files()
    return source.pieces(file, warn)


def written(folder, data, name="texts.txt"):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.fixture
def small(monkeypatch):
    """Blocks and pieces so small that every text crosses their borders."""
    monkeypatch.setattr("spacy_sgns.sources.lines.BLOCK_BYTES", 7)
    monkeypatch.setattr("spacy_sgns.sources.splitting.MAX_PIECE_CHARS", 10)


UNITS = {
    "line": ["one", " two ", "three", "four"],
    "paragraph": ["one\n two \n", "three\nfour\n"],
    "file": ["one\n two \n\n  \nthree\nfour\n"],
}


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("unit", UNITS)
def test_unit_says_what_a_text_is(tmp_path, unit, newline):
    path = written(tmp_path, newline.join(["", "  ", "one", " two ", "", "  ", "three", "four", ""]))
    assert texts_of(path, unit) == UNITS[unit]


@pytest.mark.parametrize("unit", UNITS)
def test_unit_holds_across_blocks_and_pieces(tmp_path, unit, small):
    path = written(tmp_path, "\r\n".join(["", "  ", "one", " two ", "", "  ", "three", "four", ""]))
    assert texts_of(path, unit) == UNITS[unit]


def test_long_line_with_blank_end_does_not_end_its_paragraph(tmp_path, small):
    path = written(tmp_path, "one two three" + " " * 30 + "\nfour\n\nfive")
    assert [t.split() for t in texts_of(path, "paragraph")] == [["one", "two", "three", "four"], ["five"]]


def test_last_line_needs_no_newline(tmp_path):
    assert texts_of(written(tmp_path, "one\ntwo")) == ["one", "two"]


@pytest.mark.parametrize("unit", UNITS)
def test_nothing_to_read_gives_no_texts(tmp_path, unit):
    assert texts_of(written(tmp_path, ""), unit) == texts_of(written(tmp_path, " \n\n"), unit) == []


def test_unknown_unit_offers_the_closest():
    with pytest.raises(
        SettingError, match=r"unit must be one of line, paragraph, file, got 'lines'\. Did you mean line\?"
    ):
        Source(Path("x.txt"), "lines")


@pytest.mark.parametrize("packed", PACK)
@pytest.mark.parametrize("kind", [".txt", ".jsonl", ".TXT"])
def test_every_kind_is_read_packed_or_not(tmp_path, kind, packed):
    lines = ["eins zwei", "drei"]
    path = tmp_path / f"texts{kind}{packed.upper() if kind.isupper() else packed}"
    with PACK[packed](path, "wb") as file:
        file.write("\n".join(json.dumps({"text": x}) if kind == ".jsonl" else x for x in lines).encode())
    assert [file.path for file in Source(path).files()] == [path]
    assert texts_of(path) == lines


def test_kind_is_told_by_the_last_endings():
    kinds = {"a.txt": ".txt", "a.b.jsonl.gz": ".jsonl", "a.gz": "", "a.SPACY": ".spacy", "txt": "", "a.txt.zip": ".zip"}
    assert {name: ending(Path(name)) for name in kinds} == kinds


def test_folder_is_walked_in_order_and_passes_over_what_it_cannot_read(tmp_path):
    wanted = ["B.txt", "a-b.spacy", "a/b.jsonl.gz", "a/z.txt", "b.txt"]
    for name in [*wanted, "a/notes.md", ".hidden.txt", ".git/x.txt", "data.txt.zip"]:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    (tmp_path / "folder.txt").mkdir()
    found = [file.path.relative_to(tmp_path).as_posix() for file in Source(tmp_path).files()]
    assert found == ["B.txt", "a/b.jsonl.gz", "a/z.txt", "a-b.spacy", "b.txt"]


@pytest.mark.skipif(os.name == "nt", reason="links want rights there")
def test_what_is_passed_over_in_a_folder_is_counted(tmp_path):
    for name in ["a.txt", "b/c.jsonl", "b/notes.md", "b/.hidden.txt", ".git/x.txt", ".git/y.txt", "data.zip", "README"]:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    (tmp_path / "b" / "gone.txt").symlink_to("nowhere")
    (tmp_path / "b" / "linked").symlink_to(tmp_path / ".git")
    (tmp_path / "c.txt").symlink_to(tmp_path / "a.txt")
    stats = Counter()
    assert [file.path.name for file in Source(tmp_path).files(stats)] == ["a.txt", "c.jsonl", "c.txt"]
    assert stats == {
        "files_hidden": 2,
        "files_other": 4,
        "files_other.md": 1,
        "files_other.zip": 1,
        "files_other.txt": 1,
        "folders_linked": 1,
    }


@pytest.mark.parametrize("name", ["a.csv", "b.CSV.gz", "c.csv\ud83d", "d.é", "e." + "x" * 20, "f.", "g. h", "README"])
def test_endings_are_counted_where_they_are_some(tmp_path, name):
    written(tmp_path, "x", "a.txt")
    written(tmp_path, "x", name.encode("utf8", "replace").decode())
    stats = Counter()
    Source(tmp_path).files(stats)
    assert stats == {"files_other": 1, **({"files_other.csv": 1} if name[0] in "ab" else {})}


def test_what_cannot_be_read_is_said_with_what_can(tmp_path):
    endings = r"supported are .jsonl, .spacy, .txt, each also with .gz, .bz2, .xz"
    with pytest.raises(SgnsError, match=f"holds no file to read: {endings}"):
        Source(tmp_path).files()
    with pytest.raises(SgnsError, match=r"There is no file or folder .*none.txt"):
        Source(tmp_path / "none.txt").files()
    with pytest.raises(SgnsError, match=f"Cannot tell how to read .*x.pdf by its name: {endings}"):
        Source(written(tmp_path, "x", "x.pdf")).files()


def test_standard_input_is_text(monkeypatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO("eins\nzwei é".encode())))
    assert [file.path for file in Source(Path("-")).files()] == [Path("-")]
    assert texts_of(Path("-")) == ["eins", "zwei é"]


JSON_ERRORS = {
    '{"text": "one"}\n\n{"text": }': r"texts.jsonl, line 3: not valid JSON: Expecting value\.",
    '["one"]': r"line 1: no text in the field 'text'\..* there are: \(list instead of an object\)",
    '{"body": "one", "id": 3}': r"line 1: no text in the field 'text'\..* there are: body, id \(int\)\.",
    'null\n{"body": "one"}\n"two"': r"line 1: .*, nor in the 2 after it\..*: .*, body, \(str instead of an object\)\.",
    '{"text": 5}': r"line 1: .* there are: text \(int\)",
    '{"text": "one"}\r\n{"text": "two"': r"line 2: not valid JSON",
    "[" * 100_000: "line 1: not valid JSON",
    '{"text": "cut \\ud83d"}': r"line 1: '\\ud83d' is half of a surrogate pair",
}


@pytest.mark.parametrize("text", JSON_ERRORS, ids=range(len(JSON_ERRORS)))
def test_json_errors_name_the_line(tmp_path, text):
    with pytest.raises(SgnsError, match=JSON_ERRORS[text]):
        texts_of(written(tmp_path, text, "texts.jsonl"))


SOME = ["null", '{"text": null}', '{"text": "one"}', "5", '{"body": "x"}', '{"text": ["a"]}', '{"text": "two"}']


@pytest.mark.parametrize("packed", PACK)
def test_lines_of_json_without_text_are_skipped_counted_and_told_once(tmp_path, packed):
    path, stats, said = tmp_path / f"a.jsonl{packed}", Counter(), []
    with PACK[packed](path, "wb") as file:
        file.write("\n\n".join(SOME).encode())
    assert texts_of(path, stats=stats, warn=said.append) == ["one", "two"]
    assert stats["texts_missing"] == 5 and stats["lines_blank"] == 6
    assert said == [f"Lines without text in the field 'text' that were skipped in {path}: 5. The first is line 1."]


def test_a_file_of_nothing_but_null_has_no_text(tmp_path):
    stats = Counter()
    assert texts_of(written(tmp_path, '{"text": null}\nnull\n' * 200, "a.jsonl"), stats=stats, warn=str) == []
    assert stats["texts_missing"] == 400 and stats["files_without_text"] == 1


def test_a_field_that_none_of_the_first_lines_has_is_an_error_though_later_ones_have_it(tmp_path):
    path = written(tmp_path, '{"body": "x"}\n' * 99 + '{"text": "y"}\n', "a.jsonl")
    assert texts_of(path, warn=str) == ["y"]
    path = written(tmp_path, '{"body": "x"}\n' * 100 + '{"text": "y"}\n', "a.jsonl")
    with pytest.raises(SgnsError, match=r"a.jsonl, line 1: no text in the field 'text', nor in the 99 after it"):
        texts_of(path)


def test_a_field_may_be_within_another(tmp_path):
    rows = [{"data": {"body": "one"}}, {"data.body": "two", "data": {"body": "x"}}]
    path = written(tmp_path, "\n".join(map(json.dumps, rows)), "a.jsonl")
    assert texts_of(path, field="data.body") == ["one", "two"]


@pytest.mark.parametrize("name", ["a.log", "a.txt", "a.ndjson.gz", "a", "-"])
def test_the_kind_of_all_files_may_be_named(tmp_path, monkeypatch, name):
    data = b'{"text": "one two"}\n'
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    path = Path("-") if name == "-" else written(tmp_path, gzip.compress(data) if name.endswith(".gz") else data, name)
    assert texts_of(path, source="jsonl") == ["one two"]
    if name != "-":
        assert texts_of(path, source="text", warn=str) == ['{"text": "one two"}']
        assert len(Source(tmp_path, source="jsonl").files()) == 1


def test_an_unknown_kind_is_an_error(tmp_path):
    with pytest.raises(SettingError, match=r"Unknown source 'jsnl'\..* Did you mean jsonl\?"):
        Source(tmp_path, source="jsnl")
    with pytest.raises(SettingError, match="Standard input must hold texts"):
        Source(Path("-"), source="docbin").files()


def typed(monkeypatch, data, **reading):
    """Return the texts and the warnings of standard input."""
    said = []
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    return texts_of(Path("-"), warn=said.append, **reading), said


def test_json_lines_on_standard_input_are_read_as_such_and_that_is_said(monkeypatch):
    data = b'{"body": "one", "id": 3}\n\n{"body": null}\n{"body": "two"}'
    found, said = typed(monkeypatch, data, field="body")
    assert found == ["one", "two"]
    assert said[0].startswith("Standard input is read as JSON lines, field 'body', because its first line")
    assert "--source text" in said[0] and said[1].endswith("skipped in Standard input: 1. The first is line 3.")
    found, said = typed(monkeypatch, data, source="text")
    assert len(found) == 3 and "looks like JSON" in said[0] and "--source jsonl" in said[0]
    with pytest.raises(SgnsError, match=r"Standard input, line 1: no text in the field 'text'.* body, id \(int\)"):
        typed(monkeypatch, data)


@pytest.mark.parametrize("first", ['{"text": "cut', '["a"]', "5", "null", '"a"', "{a}", "[" * 9999])
def test_other_lines_on_standard_input_are_text(monkeypatch, first):
    assert typed(monkeypatch, f'{first}\n{{"text": "b"}}\n'.encode())[0] == [first, '{"text": "b"}']


def test_json_field_can_be_named_and_a_long_text_keeps_everything(tmp_path, small):
    long = "wörter \U0001f600 " * 9
    path = written(tmp_path, json.dumps({"body": long}) + "\n\n" + json.dumps({"body": ""}), "texts.jsonl")
    assert texts_of(path, field="body") == [long, ""]


@pytest.mark.parametrize("bom", [b"", codecs.BOM_UTF8])
@pytest.mark.parametrize("at", [0, 1, 5, 6, 7, 8, 20])
@pytest.mark.parametrize("wrong", [b"\xff", b"\xc3(", "é".encode("latin1"), b"\xf0\x9f\x98("])
def test_invalid_utf8_is_found_at_its_byte(tmp_path, small, bom, at, wrong):
    path = written(tmp_path, bom + b"x" * at + wrong + b" more")
    with pytest.raises(SgnsError, match=rf"texts.txt is not valid UTF-8 at byte {len(bom) + at}: .*iconv"):
        texts_of(path)


@pytest.mark.parametrize("size", range(1, 16))
def test_character_cut_off_at_the_end_is_found_at_its_byte(tmp_path, small, size):
    with pytest.raises(SgnsError, match=f"at byte {size}: unexpected end of data"):
        texts_of(written(tmp_path, b"x" * size + "\U0001f600".encode()[:3]))


def test_byte_order_mark_is_no_text(tmp_path):
    assert texts_of(written(tmp_path, codecs.BOM_UTF8 + b"one")) == ["one"]


@pytest.mark.parametrize("packed", [".gz", ".bz2", ".xz"])
def test_damaged_packing_is_an_error(tmp_path, packed):
    whole = tmp_path / f"whole.txt{packed}"
    with PACK[packed](whole, "wb") as file:
        file.write(bytes(range(32, 127)) * 99)
    with pytest.raises(SgnsError, match=f"cut.txt{packed} is damaged or cut short"):
        texts_of(written(tmp_path, whole.read_bytes()[:-9], f"cut.txt{packed}"))
    with pytest.raises(SgnsError, match=f"no.txt{packed}"):
        texts_of(written(tmp_path, b"no archive at all", f"no.txt{packed}"))


def test_file_that_may_not_be_read_is_an_error(tmp_path):
    (tmp_path / "gone.txt").mkdir()
    with pytest.raises(SgnsError, match=r"Cannot read .*gone.txt: "):
        file = source_file(tmp_path / "gone.txt", registered_readers()[".txt"])
        list(file.reader.pieces(file, Source(tmp_path), pytest.fail, Counter()))


@pytest.mark.parametrize("unit", UNITS)
def test_hard_wrapped_text_is_told_only_of_lines(tmp_path, unit):
    said = []
    texts_of(written(tmp_path, "\n".join(WRAPPED * 20)), unit, warn=said.append)
    assert len(said) == (unit == "line")
    assert all("texts.txt looks hard-wrapped" in text and "--unit paragraph" in text for text in said)


def test_hard_wrapped_standard_input_is_told(monkeypatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO("\n".join(WRAPPED * 20).encode())))
    said = []
    assert len(texts_of(Path("-"), warn=said.append)) == 40
    assert said[0].startswith("Standard input looks hard-wrapped")


@pytest.mark.parametrize(
    "lines",
    [
        ["A sentence of its own, about as long as the others are."] * 40,
        [WRAPPED[0] * 3, WRAPPED[1] * 4] * 20,
        ["word"] * 40,
        [line for pair in zip(WRAPPED * 20, [""] * 40, strict=True) for line in pair],
        WRAPPED * 5,
    ],
    ids=["sentences", "long", "words", "blank lines between", "too few"],
)
def test_other_lines_do_not_look_hard_wrapped(tmp_path, lines):
    assert len(texts_of(written(tmp_path, "\n".join(lines)))) == sum(map(bool, lines))


WORDS = st.sampled_from(
    ["cat", "don't", "U.S.", "e.g.", "(x)", ":-)", "a/b", "3km", "Ünïcode", "x.", '"', "…", "http://a.de/b"]
)
SPACES = st.text(" \t\n\r\xa0\u2028\u3000", min_size=1, max_size=3)
BLANK = spacy.blank("en")


def tokens(text):
    return [t.text for t in BLANK.tokenizer(text) if not t.is_space]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(WORDS, SPACES), min_size=1, max_size=30), st.integers(16, 40))
def test_tokens_of_pieces_are_those_of_the_whole(parts, longest):
    text = "".join(word + space for word, space in parts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("spacy_sgns.sources.splitting.MAX_PIECE_CHARS", longest)
        pieces = list(split(text))
    assert "".join(piece.text for piece in pieces) == text
    assert max(len(piece.text) for piece in pieces) <= longest
    assert [piece.last for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    assert [token for piece in pieces for token in tokens(piece.text)] == tokens(text)


@settings(max_examples=300, deadline=None)
@given(st.text("ab。\n \r", max_size=60), st.sampled_from(list(UNITS)), st.integers(1, 9), st.integers(3, 12))
def test_borders_of_blocks_and_pieces_change_no_text(tmp_path_factory, text, unit, block, longest):
    path = written(tmp_path_factory.getbasetemp(), text)
    whole = [text.lstrip() for text in texts_of(path, unit)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("spacy_sgns.sources.lines.BLOCK_BYTES", block)
        patch.setattr("spacy_sgns.sources.splitting.MAX_PIECE_CHARS", longest)
        pieces = list(pieces_of(Source(path, unit), pytest.fail))
        assert [text.lstrip() for text in texts_of(path, unit)] == whole  # space before a text may be passed over
    assert max((len(piece.text) for piece in pieces), default=0) <= longest + (unit != "line")


def test_text_without_spaces_is_parted_after_its_marks(small):
    assert list(split("我爱北京。我也爱上海！我们都爱中国的茶")) == [
        Piece("我爱北京。", False),
        Piece("我也爱上海！", False),
        Piece("我们都爱中国的茶", True),
    ]
    assert [piece.text for piece in split("x" * 25)] == ["x" * 10, "x" * 10, "x" * 5]


def test_text_that_looks_like_json_is_told_to_the_user(tmp_path):
    path = tmp_path / "lines.txt"
    path.write_text('{"text": "a b"}\n', encoding="utf8")
    said = []
    assert [piece.text for piece in pieces_of(Source(path), said.append)] == ['{"text": "a b"}']
    assert len(said) == 1 and "looks like JSON" in said[0] and "--source jsonl" in said[0]


ENCODINGS = ["utf-8", "UTF8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252", "utf-7"]


@pytest.mark.parametrize("kind", [".txt", ".jsonl"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_texts_come_in_any_encoding(tmp_path, small, kind, encoding):
    lines = ["café über", "zwei", "ÿ þ " * 9]
    stored = [json.dumps({"text": text}, ensure_ascii=False) if kind == ".jsonl" else text for text in lines]
    path = written(tmp_path, "\r\n".join(stored).encode(encoding), f"texts{kind}")
    for errors in ("strict", "replace"):
        stats = Counter()
        assert texts_of(path, encoding=encoding, errors=errors, stats=stats) == lines
        assert not stats["characters_replaced"]


@pytest.mark.parametrize("kind", [".txt", ".jsonl"])
@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE), ("utf8", "\ufeff")]
)
def test_byte_order_mark_is_no_text_in_any_encoding(tmp_path, small, encoding, mark, kind):
    text = '{"text": "one"}' if kind == ".jsonl" else "one"
    mark = mark if isinstance(mark, bytes) else mark.encode()
    path = written(tmp_path, mark + text.encode(encoding), f"texts{kind}")
    assert texts_of(path, encoding=encoding) == ["one"]
    assert texts_of(written(tmp_path, mark), encoding=encoding) == []


@pytest.mark.parametrize("packed", ["", ".xz"])
@pytest.mark.parametrize(
    ("encoding", "data", "text", "replaced"),
    [
        ("utf-8", b"caf\xe9 x", "caf\ufffd x", 1),
        ("utf-8", "real \ufffd x".encode(), "real \ufffd x", 0),
        ("utf-8", b"\xff\xfb \xf0\x9f\x98", "\ufffd\ufffd \ufffd", 3),
        ("ascii", "für".encode(), "f\ufffd\ufffdr", 2),
        ("utf-16-le", "a".encode("utf-16-le") + b"\x00\xd8" + "b".encode("utf-16-le") + b"x", "a\ufffdb\ufffd", 2),
        ("utf-7", b"a+2D0-b", "a\ufffdb", 1),
        ("cp1252", b"a\x81b", "a\ufffdb", 1),
    ],
)
def test_what_is_no_character_is_replaced_and_counted(tmp_path, small, encoding, data, text, replaced, packed):
    path = tmp_path / f"texts.txt{packed}"
    with PACK[packed](path, "wb") as file:
        file.write(data)
    stats = Counter()
    assert texts_of(path, encoding=encoding, errors="replace", stats=stats) == [text]
    assert stats["characters_replaced"] == replaced
    if replaced:
        with pytest.raises(SgnsError, match=rf"is not valid {encoding.upper()}.*--errors replace"):
            texts_of(path, encoding=encoding)


@given(
    st.binary(max_size=60), st.sampled_from(["utf-8", "utf-16-le", "utf-16", "utf-32-be", "big5", "utf-7", "gb18030"])
)
def test_any_bytes_are_text_or_an_error(tmp_path_factory, data, encoding):
    path = written(tmp_path_factory.getbasetemp(), data, "any.txt")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("spacy_sgns.sources.lines.BLOCK_BYTES", 7)
        try:
            assert "".join(texts_of(path, "file", encoding=encoding)).encode() is not None
            strict = True
        except SgnsError as error:
            assert re.search(r"any\.txt (is not valid|is .*, not text|begins like text in UTF-16)", str(error))
            strict = False
        stats = Counter()
        try:
            "".join(texts_of(path, "file", encoding=encoding, errors="replace", stats=stats)).encode()
        except SgnsError as error:
            assert re.search("does not start with BOM|, not text", str(error))
        else:
            assert (stats["characters_replaced"] == 0) is strict


@pytest.mark.parametrize("encoding", ["utf-9", "latn-1", "hex", "rot13", "", "a\0b", "undefined", None, 8])
def test_unknown_encodings_are_a_wrong_setting(encoding):
    with pytest.raises(SettingError, match=r"encoding must be utf-8, utf-16, latin-1, cp1252 or another that Python"):
        Source(Path("x.txt"), encoding=encoding)


@pytest.mark.parametrize("errors", ["ignore", "Strict", "", None])
def test_errors_are_strict_or_replace(errors):
    with pytest.raises(SettingError, match=r"errors must be one of strict, replace, got"):
        Source(Path("x.txt"), errors=errors)


def test_the_place_is_told_in_other_encodings_too(tmp_path, small):
    with pytest.raises(SgnsError, match=r"is not valid UTF-16-LE at byte 20: "):
        texts_of(written(tmp_path, "0123456789".encode("utf-16-le") + b"\x00\xdc" + b"a\0"), encoding="utf-16-le")
    with pytest.raises(SgnsError, match=r"is not valid ASCII at byte 9: "):
        texts_of(written(tmp_path, b"012345678\xff"), encoding="ascii")


@pytest.mark.parametrize(("unit", "blank"), [("line", 4), ("paragraph", 0), ("file", 0)])
def test_blank_lines_are_counted_where_a_line_is_a_text(tmp_path, small, unit, blank):
    stats = Counter()
    texts_of(written(tmp_path, "\n  \none\n" + " " * 40 + "\n\ntwo"), unit, stats=stats)
    assert stats["lines_blank"] == blank
    texts_of(written(tmp_path, '{"text": "one"}\n\n \n{"text": ""}', "texts.jsonl"), unit, stats=stats)
    assert stats["lines_blank"] == blank + 2


@pytest.mark.parametrize("name", ["texts.txt", "texts.jsonl"])
def test_a_file_without_text_is_counted(tmp_path, name):
    stats = Counter()
    for data in ("", "\n \n"):
        texts_of(written(tmp_path, data, name), stats=stats)
    assert stats["files_without_text"] == 2
    texts_of(written(tmp_path, '{"text": "x"}', name), stats=stats, warn=str)
    assert stats["files_without_text"] == 2


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("letter", ["x", "(", "我"])
def test_a_word_too_long_for_tokenizers_is_parted_and_nothing_else(tmp_path, monkeypatch, unit, letter):
    monkeypatch.setattr("spacy_sgns.sources.splitting.MAX_WORD_CHARS", 10)
    path = written(tmp_path, f"one two {letter * 34} three {'y' * 10} four\nfive six seven eight")
    found = list(pieces_of(Source(path, unit), pytest.fail))
    pieces = [piece.text for piece in found]
    assert "".join(piece.text + "\n" * piece.last for piece in found).split() == path.read_text(encoding="utf8").split()
    assert max(len(word) for text in pieces for word in text.split()) == 10
    assert len(pieces) == (5 if unit == "line" else 4)


def test_a_long_word_is_tokenized_in_a_time_that_grows_with_its_length(tmp_path):
    """Brackets are what takes spaCy longest: 100 times as many, 10,000 times as long."""
    path = written(tmp_path, "(" * 50_000)
    sizes = [len(tokens(text)) for text, _ in pieces_of(Source(path), pytest.fail)]
    assert (sum(sizes), max(sizes)) == (50_000, 1000)


@pytest.mark.parametrize("packed", PACK)
def test_a_line_of_json_too_long_for_memory_is_an_error(tmp_path, monkeypatch, packed):
    monkeypatch.setattr("spacy_sgns.sources.jsonl.MAX_RECORD_CHARS", 1000)
    good, long = json.dumps({"text": "a b " * 240}), json.dumps({"text": "a b " * 1_000_000})
    path = tmp_path / f"texts.jsonl{packed}"
    with PACK[packed](path, "wb") as file:
        file.write(f"{good}\n{good}\n{long}".encode())
    tracemalloc.start()
    with pytest.raises(SgnsError, match=r"texts.jsonl.*, line 3: the line has more than 1,000 characters"):
        texts_of(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 * BLOCK_BYTES  # xz remembers eight


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("letters", ["x", "x y ", " "], ids=["word", "words", "space"])
def test_one_line_of_many_megabytes_takes_little_memory(tmp_path, unit, letters):
    path = tmp_path / "bomb.txt.gz"
    with gzip.open(path, "wb") as file:
        for _ in range(8):
            file.write(letters.encode() * (1_000_000 // len(letters)))
    assert path.stat().st_size < 20_000
    tracemalloc.start()
    size = sum(len(text) for text, _ in pieces_of(Source(path, unit), pytest.fail))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size in (0, 8_000_000, 8_000_001)
    assert peak < 8 * BLOCK_BYTES


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="wants pipes with names")
def test_pipes_and_devices_are_no_files(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "zeros.txt").symlink_to("/dev/zero")
    for name in ("pipe.txt", "zeros.txt"):
        with pytest.raises(SgnsError, match=f"{name} is not a file, but a pipe"):
            Source(tmp_path / name).files()
    with pytest.raises(SgnsError, match="holds no file to read"):
        Source(tmp_path).files()


def test_links_are_followed_to_files_and_not_to_folders(tmp_path):
    (tmp_path / "in").mkdir()
    written(tmp_path, "x", "a.txt")
    (tmp_path / "in" / "link.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "in" / "round").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "itself.txt").symlink_to("itself.txt")
    (tmp_path / "in" / "nowhere.txt").symlink_to("nowhere")
    assert [file.path.name for file in Source(tmp_path / "in").files()] == ["link.txt"]
    with pytest.raises(SgnsError, match="There is no file or folder"):
        Source(tmp_path / "in" / "itself.txt").files()


def test_folders_may_be_as_deep_as_names_can_be(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for _ in range(1200):
        os.mkdir("d")
        os.chdir("d")
    Path("a.txt").write_text("x")
    monkeypatch.chdir(tmp_path)
    found = [file.path for file in Source(Path("d")).files()]
    os.chdir(found[0].parent)
    os.remove("a.txt")
    for _ in range(1200):
        os.chdir("..")
        os.rmdir("d")
    assert [path.name for path in found] == ["a.txt"]


def test_a_folder_that_may_not_be_read_is_not_passed_over(tmp_path, monkeypatch):
    written(tmp_path, "x", "a.txt")
    (tmp_path / "locked").mkdir()

    def listed(path, listed=Path.iterdir):
        if path.name == "locked":
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", listed)
    with pytest.raises(SgnsError, match=r"Cannot read .*locked: Permission denied"):
        Source(tmp_path).files()
