"""Which chunks a tokenizer's patterns cannot tell apart, so that they split them at the same places.

What a pattern finds in a string depends on nothing but the answers to its tests, whether a character is in one of its
sets. Between characters with the same answers it makes no difference: to English patterns all letters are one in
`word,` and two, small and capital, in `word.`, but many in `3km`, which has a unit.

Which tests can matter depends on what else there is: an alternative that needs an apostrophe finds nothing where there
is none. So each alphabet has classes of its own, of letters and digits that no test which matters there can tell apart.
The shape of a chunk is the chunk with each of these replaced by the first of its class.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any, NamedTuple, TypeAlias

try:
    from re import _constants as codes  # type: ignore[attr-defined]
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:  # Python 3.10
    import sre_constants as codes
    import sre_parse as parser

Test: TypeAlias = "re.Pattern[str]"
Tests: TypeAlias = frozenset[Test]
Part: TypeAlias = "Callable[[Alphabet], Asked | None]"  # of a pattern; None: it finds nothing in this alphabet
Shape: TypeAlias = str | bytes  # bytes of what is ASCII: they are quicker
NOTHING: Tests = frozenset()
LETTER, DIGIT = "A", "0"  # the first of each in ASCII
VARIED = digits + ascii_uppercase + ascii_lowercase
WORK = 2_000_000  # parts of patterns that are gone through at most: about a second
FEW = 16  # outlines of an alphabet that are let go by before it is looked into
MOST = 1 << 16  # outlines remembered at once
MANY = 3  # from this on, how many characters are neither letters nor digits is not counted


class Alphabet(NamedTuple):
    """What a chunk is made of beside letters.

    others: the characters that are neither letters nor digits. digits: whether there are any. at_most: so many of the
    others; None if they are many.
    """

    others: str
    digits: bool
    at_most: int | None

    @classmethod
    def of(cls, outline: Shape) -> "Alphabet":
        """Return the alphabet of a chunk in which `LETTER` and `DIGIT` stand for all letters and digits."""
        text = outline if isinstance(outline, str) else outline.decode()
        others = text.replace(LETTER, "").replace(DIGIT, "")
        at_most = len(others) if len(others) < MANY else None
        return cls("".join(sorted(set(others))), DIGIT in text, at_most)

    def has(self, test: Test) -> bool:
        """Return whether a character other than a letter passes a test."""
        return bool(test.search(self.others) or (self.digits and test.search(digits)))


class Asked(NamedTuple):
    """What a part of a pattern asks in an alphabet. needs: at least so many characters, neither letters nor digits."""

    tests: Tests
    needs: int


class PatternClasses:
    """Tells the shapes of chunks to some patterns. silent_in_letters: they find nothing where all are letters."""

    def __init__(self, patterns: Iterable["re.Pattern[str]"]) -> None:
        self._outline = Classes(NOTHING)
        self._of_outline: dict[Shape, Classes | None] = {}
        self._of_alphabet: dict[Alphabet, Classes | None] = {}
        self._met: Counter[Alphabet] = Counter()
        self._work = WORK
        try:
            self._patterns = [_Reader(pattern) for pattern in patterns]
            self.silent_in_letters = not any(pattern.asked(Alphabet("", False, 0)) for pattern in self._patterns)
        except Exception:  # the parser is none of Python's promises: what is not understood has no shapes
            self._work, self.silent_in_letters = 0, False

    def of(self, chunk: str) -> Shape | None:
        """Return what is the same only for chunks in which the patterns find the same; None where it is not known."""
        text: Shape = chunk.encode() if chunk.isascii() else chunk
        outline = self._outline.put_in(text)
        classes = self._of_outline.get(outline) or self._learnt(outline)
        return classes.put_in(text) if classes else None

    def _learnt(self, outline: Shape) -> "Classes | None":
        alphabet = Alphabet.of(outline)
        self._met[alphabet] += 1
        if self._met[alphabet] <= FEW:
            return None
        if alphabet not in self._of_alphabet:
            self._of_alphabet[alphabet] = self._classes(alphabet)
        if len(self._of_outline) >= MOST:
            self._of_outline.clear()
        self._of_outline[outline] = self._of_alphabet[alphabet]
        return self._of_outline[outline]

    def _classes(self, alphabet: Alphabet) -> "Classes | None":
        self._work -= sum(pattern.size for pattern in self._patterns) if self._work > 0 else 0
        if self._work <= 0 or any(map(str.isspace, alphabet.others)):
            return None
        every = [asked.tests for pattern in self._patterns if (asked := pattern.asked(alphabet))]
        return Classes(NOTHING.union(*every))


class Classes(dict[int, int]):
    """Replaces each letter and each digit by the first one to which the tests give the same answers."""

    def __init__(self, tests: Tests) -> None:
        super().__init__()
        self._tests = tuple(tests)
        self._first: dict[tuple[bool, ...], int] = {}
        passed = [set(test.findall(VARIED)) for test in tests]
        for char in VARIED:
            self._add(char, [char in some for some in passed])
        table = bytearray(range(256))
        for char in VARIED:
            table[ord(char)] = self[ord(char)]
        self._ascii = bytes(table)

    def put_in(self, text: Shape) -> Shape:
        """Return a chunk with its characters replaced."""
        return text.translate(self._ascii) if isinstance(text, bytes) else text.translate(self)

    def __missing__(self, code: int) -> int:
        if chr(code).isalpha():
            self._add(chr(code), [test.match(chr(code)) is not None for test in self._tests])
        else:
            self[code] = code
        return self[code]

    def _add(self, char: str, answers: list[bool]) -> None:
        self[ord(char)] = self._first.setdefault((char in digits, *answers), ord(char))


class _Reader:
    """Reads a pattern. asked: tells what it asks in an alphabet. size: how many parts it has.

    Raises what it likes where it meets something unknown.
    """

    def __init__(self, pattern: "re.Pattern[str]") -> None:
        tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
        self._flags = tree.state.flags & ~re.DEBUG
        self._tests: dict[str, Test] = {}
        self.size = 0
        self.asked = self._sequence(tree)

    def _sequence(self, items: Any) -> Part:
        return _all_of([self._part(code, value) for code, value in items])

    def _part(self, code: Any, value: Any) -> Part:
        self.size += 1
        return _READERS[code](self, value)

    def _literal(self, code: int) -> Part:
        return self._test(re.escape(chr(code)), _may_be_letter(code))

    def _not_literal(self, code: int) -> Part:
        return self._test(f"[^{re.escape(chr(code))}]", True)

    def _any(self, _: None) -> Part:
        return self._test(".", True)

    def _set(self, items: Any) -> Part:
        text = "".join(_MEMBERS[code](value) for code, value in items)
        return self._test(f"[{text}]", any(_member_may_be_letter(code, value) for code, value in items))

    def _branch(self, value: Any) -> Part:
        return _any_of([self._sequence(items) for items in value[1]])

    def _group(self, value: Any) -> Part:
        _, added, removed, items = value
        if added or removed:
            raise ValueError("a part of a pattern with flags of its own is not understood")
        return self._sequence(items)

    def _repeat(self, value: Any) -> Part:
        least, _, items = value
        part = self._sequence(items)
        return _all_of([part] * min(least, MANY)) if least else _maybe(part)

    def _look_around(self, value: Any) -> Part:
        part = self._sequence(value[1])
        return lambda alphabet: asked and Asked(asked.tests, 0) if (asked := part(alphabet)) else None

    def _not_around(self, value: Any) -> Part:
        return _maybe(self._sequence(value[1]))

    def _position(self, code: Any) -> Part:
        asked = Asked(NOTHING if code in _ENDS else frozenset((re.compile(r"\w", self._flags),)), 0)
        return lambda _: asked

    def _test(self, text: str, letters: bool) -> Part:
        """Return a part that is one character. letters: it may be one."""
        test = self._tests.setdefault(text, re.compile(text, self._flags))
        asked = Asked(frozenset((test,)), 0 if letters or test.search(digits) else 1)
        return lambda alphabet: asked if letters or alphabet.has(test) else None


def _all_of(parts: list[Part]) -> Part:
    def asked(alphabet: Alphabet) -> Asked | None:
        found, needs = [], 0
        for part in parts:
            one = part(alphabet)
            needs += one.needs if one else 0
            if one is None or (alphabet.at_most is not None and needs > alphabet.at_most):
                return None
            found.append(one.tests)
        return Asked(NOTHING.union(*found), needs)

    return asked


def _any_of(parts: list[Part]) -> Part:
    def asked(alphabet: Alphabet) -> Asked | None:
        found = [one for part in parts if (one := part(alphabet))]
        return Asked(NOTHING.union(*(one.tests for one in found)), min(one.needs for one in found)) if found else None

    return asked


def _maybe(part: Part) -> Part:
    """Return what may be left out: it needs nothing."""

    def asked(alphabet: Alphabet) -> Asked | None:
        one = part(alphabet)
        return Asked(one.tests if one else NOTHING, 0)

    return asked


def _may_be_letter(code: int) -> bool:
    """Return whether a character may be a letter where case is ignored: some others have one as their capital."""
    text = chr(code)
    return any(form.isalpha() for form in (*text, *text.lower(), *text.upper()))


def _member_may_be_letter(code: Any, value: Any) -> bool:
    if code is codes.CATEGORY:
        return value not in (codes.CATEGORY_DIGIT, codes.CATEGORY_SPACE)
    if code is codes.RANGE:
        return any(map(_may_be_letter, range(value[0], value[1] + 1)))
    return code is not codes.LITERAL or _may_be_letter(value)


_ENDS = {codes.AT_BEGINNING, codes.AT_BEGINNING_STRING, codes.AT_END, codes.AT_END_STRING}
_CATEGORIES = {
    codes.CATEGORY_DIGIT: r"\d",
    codes.CATEGORY_NOT_DIGIT: r"\D",
    codes.CATEGORY_SPACE: r"\s",
    codes.CATEGORY_NOT_SPACE: r"\S",
    codes.CATEGORY_WORD: r"\w",
    codes.CATEGORY_NOT_WORD: r"\W",
}
_MEMBERS: dict[Any, Callable[[Any], str]] = {
    codes.NEGATE: lambda _: "^",
    codes.LITERAL: lambda code: re.escape(chr(code)),
    codes.RANGE: lambda limits: "-".join(re.escape(chr(code)) for code in limits),
    codes.CATEGORY: _CATEGORIES.__getitem__,
}
_READERS: dict[Any, Callable[[_Reader, Any], Part]] = {
    codes.LITERAL: _Reader._literal,
    codes.NOT_LITERAL: _Reader._not_literal,
    codes.ANY: _Reader._any,
    codes.IN: _Reader._set,
    codes.BRANCH: _Reader._branch,
    codes.SUBPATTERN: _Reader._group,
    codes.MAX_REPEAT: _Reader._repeat,
    codes.MIN_REPEAT: _Reader._repeat,
    codes.ASSERT: _Reader._look_around,
    codes.ASSERT_NOT: _Reader._not_around,
    codes.AT: _Reader._position,
}
