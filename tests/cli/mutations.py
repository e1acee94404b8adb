"""Functions that damage the content of a file at random, repeatable by seed."""

import json
import re

NUMBER = re.compile(rb"-?\d+(\.\d+)?(e[-+]?\d+)?")
NUMBERS = [
    b"0",
    b"-1",
    b"1",
    b"2",
    b"3",
    b"999",
    b"1000000000000000000",
    b"-9223372036854775808",
    b"2147483648",
    b"1e999",
]
NUMBERS += [b"nan", b"-inf", b"Infinity", b"1e-999", b"0x10", b"1_0", b"\xd9\xa3", b"9" * 5000, b"", b"1.5", b"null"]
WORDS = [
    "",
    " ",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\x1b[2J",
    "\u202etxt",
    "\u2066x",
    "\ufeff",
    "\u2028",
    "\x85",
    "é",
    "日本",
    "🐇",
]
WORDS += ["\U000e0001", "a\u0301" * 9, "../../etc/passwd", "/dev/zero", "CON", "nul.txt", "C:\\x", "$(id)", "{{data}}"]
WORDS += [
    "</script><b>",
    "%s%n",
    "$x^{$",
    "\\frac{",
    "#",
    ":",
    "-",
    "--help",
    "=",
    "a" * 300,
    "x y",
    "'",
    '"',
    "\u3000",
]
BYTES = [b"\xff", b"\xfe\xff", b"\xed\xa0\x80", b"\xc3(", b"\xf8\x88\x80\x80\x80", b"\xef\xbb\xbf", b"\r", b"\0" * 64]
VALUES = [
    None,
    True,
    0,
    -1,
    3,
    10**18,
    -(10**30),
    1.5,
    float("nan"),
    float("inf"),
    1e308,
    [],
    {},
    [[]],
    [None],
    {"": 0},
]
VALUES += [
    ["a"] * 3,
    [1] * 3,
    "loss",
    "\ud800",
    *WORDS[:9],
    {"epochs": []},
    {"loss": 1},
    {"loss": {}},
    [[[[]]]],
    "9" * 99,
]
NASTY = [
    b"",
    b"\n",
    b"\0",
    b" ",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"9" * 100_000,
    b"\xff\xfea\0b\0",
    b"\x1f\x8b",
    b"PK\3\4",
]
NASTY += [
    b"[]",
    b"{}",
    b"null",
    b"NaN",
    b'""',
    b"-",
    b"\xef\xbb\xbf",
    b"\r\n\r\n",
    b"a" * 100_000,
    b"(" * 3000,
    b"\xed\xa0\x80",
]
NASTY += [
    b"2 1000000000000000000\n",
    b"1000000000000000000 2\n",
    b"-1 -1\n",
    b"1 1\n\0 1\n",
    b": \n",
    b"\t\t\t\n",
    b",,,\n",
]


def damaged(whole, random):
    """Return content with some damage, or other content altogether."""
    if random.random() < 0.05:
        return random.choice(NASTY)
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        whole = random.choice(WAYS)(whole, random)
    return whole


def argument_damaged(whole, random):
    """Return a word or a number in place of an argument, or the argument repeated."""
    return random.choice((random.choice(NUMBERS), random.choice(WORDS).encode(), whole * random.randint(1, 9)))


def json_damaged(whole, random):
    """Return JSON, of one or several lines, with a changed value."""
    try:
        lines = [json.loads(line) for line in whole.splitlines()] if whole.count(b"\n{") else [json.loads(whole)]
    except ValueError:
        return damaged(whole, random)
    at = random.randrange(len(lines))
    lines[at] = value_damaged(lines[at], random)
    return "\n".join(json.dumps(line) for line in lines).encode()


def value_damaged(value, random):
    """Return a nested value with one part, at any depth, replaced, removed or doubled."""
    if not value or not isinstance(value, dict | list) or random.random() < 0.2:
        return random.choice(VALUES)
    copy = value.copy()
    key = random.choice(list(copy)) if isinstance(copy, dict) else random.randrange(len(copy))
    if random.random() < 0.2:
        del copy[key]
    elif isinstance(copy, list) and random.random() < 0.2:
        copy.insert(key, copy[key])
    else:
        copy[key] = value_damaged(copy[key], random)
    return copy


def _flip(data, random):
    at = random.randrange(len(data) or 1)
    return data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1 :] if data else b"\1"


def _cut(data, random):
    return data[: random.randrange(len(data) + 1)]


def _left_out(data, random):
    a, b = sorted(random.randrange(len(data) + 1) for _ in range(2))
    return data[:a] + data[b:]


def _doubled(data, random):
    a, b = sorted(random.randrange(len(data) + 1) for _ in range(2))
    return data[:b] + data[a:]


def _put_in(some):
    def put_in(data, random):
        at = random.randrange(len(data) + 1)
        piece = random.choice(some)
        return data[:at] + (piece.encode() if isinstance(piece, str) else piece) + data[at:]

    return put_in


def _other_number(data, random):
    found = list(NUMBER.finditer(data))
    if not found:
        return _flip(data, random)
    one = random.choice(found[:3] if random.random() < 0.3 else found)  # a header stands first
    return data[: one.start()] + random.choice(NUMBERS) + data[one.end() :]


def _other_line(data, random):
    lines = data.split(b"\n")
    a, b = (random.randrange(len(lines)) for _ in range(2))
    lines[a], lines[b] = lines[b], random.choice((lines[a], b"", lines[a] * 2, lines[a][::-1]))
    return random.choice((b"\n", b"\n", b"\r\n", b"\r")).join(lines)


WAYS = [_flip, _flip, _cut, _left_out, _doubled, _put_in(WORDS), _put_in(BYTES), _put_in(NUMBERS)]
WAYS += [_other_number, _other_number, _other_line]
