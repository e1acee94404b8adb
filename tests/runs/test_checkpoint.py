"""Checkpoints come back as they were written, and damage is detected."""

import hashlib
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_sgns.runs.checkpoint import DIGEST, FIRST_LINE, LENGTH, CorruptCheckpoint, read_checkpoint, write_checkpoint

STATE = {"place": {"epoch": 3, "loss": 0.1 + 0.2}, "epochs": [{"loss": 1 / 3}], "word": "caf\u00e9\u2028"}


def arrays(seed=0):
    draw = np.random.default_rng(seed)
    return {name: draw.random(shape, dtype=np.float32) for name, shape in (("rows", (14, 5)), ("best", (7, 5)))}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The bytes of a checkpoint."""
    path = tmp_path_factory.mktemp("whole") / "checkpoint-000001.sgns"
    write_checkpoint(path, "this run", STATE, arrays())
    return path.read_bytes()


def sealed(head, rest=b""):
    """Return the bytes of a checkpoint with a correct checksum and any header."""
    head = head if isinstance(head, bytes) else json.dumps(head).encode()
    content = FIRST_LINE + LENGTH.pack(len(head)) + head + rest
    return content + hashlib.sha256(content).digest()


def read(tmp_path, content):
    path = tmp_path / "checkpoint-000002.sgns"
    path.write_bytes(content)
    return read_checkpoint(path)


def test_what_was_written_comes_back_to_the_bit(tmp_path):
    path = tmp_path / "checkpoint-000001.sgns"
    write_checkpoint(path, "this run", STATE, arrays())
    found = read_checkpoint(path)
    assert (found.run, found.state) == ("this run", STATE)
    for name, expected in arrays().items():
        out = np.zeros_like(expected)
        found.read_into(name, out)
        assert out.tobytes() == expected.tobytes()
        assert name in found
    assert "other" not in found
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "name, out", [("rows", np.zeros((7, 10), "f4")), ("rows", np.zeros((14, 5))), ("no", np.ones(3))]
)
def test_an_array_of_another_shape_or_precision_is_not_read(tmp_path, written, name, out):
    before = out.copy()
    with pytest.raises(CorruptCheckpoint, match="holds other vectors"):
        read(tmp_path, written).read_into(name, out)
    assert (out == before).all()


@given(data=st.data())
def test_any_flipped_bit_is_seen(tmp_path_factory, written, data):
    content = bytearray(written)
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(CorruptCheckpoint):
        read(tmp_path_factory.mktemp("flipped"), bytes(content))


@given(data=st.data())
def test_any_other_length_is_seen(tmp_path_factory, written, data):
    size = data.draw(st.integers(0, len(written) - 1))
    for content in (written[:size], written + written[:size] + b"x"):
        with pytest.raises(CorruptCheckpoint):
            read(tmp_path_factory.mktemp("cut"), content)


def head(**changes):
    return {"run": "r", "state": {}, "arrays": {"rows": {"shape": [2, 3], "dtype": "<f4"}}, **changes}


def one(**changes):
    return head(arrays={"rows": {"shape": [2, 3], "dtype": "<f4", **changes}})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b"\xff",
        [],
        None,
        {},
        head(arrays=3),
        head(arrays={"rows": None}),
        head(state=3),
        one(shape=[10**18, 10**18]),
        one(shape=[-2, -3]),
        one(shape=[2, "x"]),
        one(shape=6),
        one(shape=[2, 4]),
        one(dtype="|O8"),
        one(dtype="<f8"),
        one(dtype=None),
    ],
    ids=str,
)
def test_a_head_that_makes_no_sense_is_damage_though_the_checksum_is_right(tmp_path, content):
    assert read(tmp_path, sealed(head(), bytes(24))).run == "r"
    with pytest.raises(CorruptCheckpoint):
        read(tmp_path, sealed(content, bytes(24)))


@pytest.mark.parametrize("length", [-1, 2**62, 10**6])
def test_a_head_that_is_said_to_be_longer_than_the_file_is_damage(tmp_path, length):
    content = FIRST_LINE + LENGTH.pack(length) + b"{}"
    with pytest.raises(CorruptCheckpoint, match=f"{length} bytes"):
        read(tmp_path, content + hashlib.sha256(content).digest())


def test_a_file_of_something_else_is_damage(tmp_path):
    content = b"spacy_sgns checkpoint 2\n" + bytes(40)
    with pytest.raises(CorruptCheckpoint, match="does not begin with 'spacy_sgns checkpoint 1'"):
        read(tmp_path, content + hashlib.sha256(content).digest())
    with pytest.raises(CorruptCheckpoint, match="cannot be read: No such file"):
        read_checkpoint(tmp_path / "none.sgns")
    assert len(hashlib.sha256().digest()) == DIGEST


def test_a_checkpoint_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    def full(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_checkpoint(tmp_path / "checkpoint-000001.sgns", "r", {}, arrays())
    assert not list(tmp_path.iterdir())
