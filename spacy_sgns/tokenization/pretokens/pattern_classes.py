"""Classes of pretokens that a tokenizer's patterns split at the same places.

A pattern sees a string only through its tests, each of which asks whether a character is in a set. So it finds the same
in two strings whose characters pass the same tests. To the English patterns all letters are alike in `word,`; upper and
lower case differ in `word.`; in `3km` many letters differ, because there are patterns for units.

Which tests matter depends on the other characters: an alternative that needs an apostrophe matches nothing without one.
So each alphabet, which is the set of a pretoken's characters other than letters, has its own classes of letters and
digits: those that no test that matters there tells apart. The class of a pretoken is the pretoken with each letter and
digit replaced by the first of its class.
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
Analysis: TypeAlias = "Callable[[Alphabet], Tests | None]"  # of a node of a pattern; None if it cannot match
PatternClass: TypeAlias = str | bytes  # bytes if it is ASCII, because these are faster
NO_TESTS: Tests = frozenset()
LETTER, DIGIT = "A", "0"  # the first of each in ASCII
ASCII_VARIED = digits + ascii_uppercase + ascii_lowercase
MAX_NODES = 2_000_000  # nodes of patterns that are analysed, over all alphabets: about a second
MIN_SIGHTINGS = 16  # outlines of an alphabet that must come before it is analysed
MAX_OUTLINES = 1 << 16  # remembered at once


class Alphabet(NamedTuple):
    """The characters of a pretoken other than letters. others: those that are not digits. digits: if it has digits."""

    others: str
    digits: bool

    @classmethod
    def of(cls, outline: PatternClass) -> "Alphabet":
        """Return the alphabet of an outline, a pretoken with `LETTER` and `DIGIT` for all letters and digits."""
        text = outline if isinstance(outline, str) else outline.decode()
        others = text.replace(LETTER, "").replace(DIGIT, "")
        return cls("".join(sorted(set(others))), DIGIT in text)

    def has(self, test: Test) -> bool:
        """Return whether a character of the alphabet passes a test."""
        return bool(test.search(self.others) or (self.digits and test.search(digits)))


class PatternClasses:
    """Returns the classes of pretokens.

    ignore_letters: no pattern matches anything in a string of letters alone. understood: all patterns could be
    analysed; otherwise no pretoken has a class.
    """

    def __init__(self, patterns: Iterable["re.Pattern[str]"]) -> None:
        self._outlines = CharClasses(NO_TESTS)
        self._by_outline: dict[PatternClass, CharClasses | None] = {}
        self._by_alphabet: dict[Alphabet, CharClasses | None] = {}
        self._sightings: Counter[Alphabet] = Counter()
        self._nodes_left = MAX_NODES
        try:
            self._patterns = [_PatternAnalysis(pattern) for pattern in patterns]
            letters = Alphabet("", False)
            self.ignore_letters = all(pattern.tests(letters) is None for pattern in self._patterns)
            self.understood = True
        except Exception:  # `re._parser` is private: whatever it gives, an unknown pattern costs speed, not the run
            self.understood = self.ignore_letters = False

    def class_of(self, pretoken: str) -> PatternClass | None:
        """Return a value that only pretokens share in which the patterns find the same; None if it is not known."""
        if not self.understood:
            return None
        text: PatternClass = pretoken.encode() if pretoken.isascii() else pretoken
        outline = self._outlines.replace_in(text)
        classes = self._by_outline.get(outline) or self._classes_for(outline)
        return classes.replace_in(text) if classes else None

    def _classes_for(self, outline: PatternClass) -> "CharClasses | None":
        alphabet = Alphabet.of(outline)
        self._sightings[alphabet] += 1
        if self._sightings[alphabet] <= MIN_SIGHTINGS:
            return None
        if alphabet not in self._by_alphabet:
            self._by_alphabet[alphabet] = self._analysed(alphabet)
        if len(self._by_outline) >= MAX_OUTLINES:
            self._by_outline.clear()
        self._by_outline[outline] = self._by_alphabet[alphabet]
        return self._by_outline[outline]

    def _analysed(self, alphabet: Alphabet) -> "CharClasses | None":
        self._nodes_left -= sum(pattern.nodes for pattern in self._patterns) if self._nodes_left > 0 else 0
        if self._nodes_left <= 0 or any(map(str.isspace, alphabet.others)):
            return None
        return CharClasses(_union(pattern.tests(alphabet) for pattern in self._patterns))


class CharClasses(dict[int, int]):
    """Replaces each letter and each digit by the first one that passes the same tests."""

    def __init__(self, tests: Tests) -> None:
        super().__init__()
        self._tests = tuple(tests)
        self._first: dict[tuple[bool, ...], int] = {}
        passing = [set(test.findall(ASCII_VARIED)) for test in tests]
        for char in ASCII_VARIED:
            self._add(char, [char in chars for chars in passing])
        table = bytearray(range(256))
        for char in ASCII_VARIED:
            table[ord(char)] = self[ord(char)]
        self._ascii = bytes(table)

    def replace_in(self, text: PatternClass) -> PatternClass:
        """Return a pretoken with its letters and digits replaced."""
        return text.translate(self._ascii) if isinstance(text, bytes) else text.translate(self)

    def __missing__(self, code: int) -> int:
        if chr(code).isalpha():
            self._add(chr(code), [test.match(chr(code)) is not None for test in self._tests])
        else:
            self[code] = code
        return self[code]

    def _add(self, char: str, passes: list[bool]) -> None:
        self[ord(char)] = self._first.setdefault((char in digits, *passes), ord(char))


class _PatternAnalysis:
    """A parsed pattern. tests: returns the tests that matter in an alphabet. nodes: the size of the parse tree.

    Raises an exception of any class if the pattern has a node of an unknown kind.
    """

    def __init__(self, pattern: "re.Pattern[str]") -> None:
        tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
        self._flags = tree.state.flags & ~re.DEBUG
        self._compiled: dict[str, Test] = {}
        self.nodes = 0
        self.tests = self._sequence(tree)

    def _sequence(self, items: Any) -> Analysis:
        return _all_of([self._node(code, value) for code, value in items])

    def _node(self, code: Any, value: Any) -> Analysis:
        self.nodes += 1
        return _NODES[code](self, value)

    def _literal(self, code: int) -> Analysis:
        return self._character(re.escape(chr(code)), _may_be_letter(code))

    def _not_literal(self, code: int) -> Analysis:
        return self._character(f"[^{re.escape(chr(code))}]", True)

    def _any(self, _: None) -> Analysis:
        return self._character(".", True)

    def _set(self, items: Any) -> Analysis:
        text = "".join(_MEMBERS[code](value) for code, value in items)
        return self._character(f"[{text}]", any(_member_may_be_letter(code, value) for code, value in items))

    def _branch(self, value: Any) -> Analysis:
        return _any_of([self._sequence(items) for items in value[1]])

    def _group(self, value: Any) -> Analysis:
        _, added_flags, removed_flags, items = value
        if added_flags or removed_flags:
            raise ValueError("a group with flags of its own cannot be analysed")
        return self._sequence(items)

    def _repeat(self, value: Any) -> Analysis:
        least, _, items = value
        repeated = self._sequence(items)
        return repeated if least else _optional(repeated)

    def _look_around(self, value: Any) -> Analysis:
        return self._sequence(value[1])

    def _negative_look_around(self, value: Any) -> Analysis:
        return _optional(self._sequence(value[1]))

    def _position(self, code: Any) -> Analysis:
        tests = NO_TESTS if code in _ENDS else frozenset((re.compile(r"\w", self._flags),))
        return lambda _: tests

    def _character(self, text: str, may_be_letter: bool) -> Analysis:
        """Return the analysis of a pattern of one character."""
        test = self._compiled.setdefault(text, re.compile(text, self._flags))
        tests = frozenset((test,))
        return lambda alphabet: tests if may_be_letter or alphabet.has(test) else None


def _all_of(nodes: list[Analysis]) -> Analysis:
    """Return the analysis of a sequence, which cannot match where one of its nodes cannot."""

    def tests(alphabet: Alphabet) -> Tests | None:
        found = []
        for node in nodes:
            matters = node(alphabet)
            if matters is None:
                return None
            found.append(matters)
        return _union(found)

    return tests


def _any_of(nodes: list[Analysis]) -> Analysis:
    """Return the analysis of alternatives, which cannot match where none of them can."""

    def tests(alphabet: Alphabet) -> Tests | None:
        found = [node(alphabet) for node in nodes]
        return None if all(matters is None for matters in found) else _union(found)

    return tests


def _optional(node: Analysis) -> Analysis:
    """Return the analysis of a node that may be left out, so that it never keeps a sequence from matching."""
    return lambda alphabet: node(alphabet) or NO_TESTS


def _union(found: Iterable[Tests | None]) -> Tests:
    return NO_TESTS.union(*filter(None, found))


def _may_be_letter(code: int) -> bool:
    """Return whether a character matches a letter where case is ignored, as some do that have a letter as capital."""
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
_NODES: dict[Any, Callable[[_PatternAnalysis, Any], Analysis]] = {
    codes.LITERAL: _PatternAnalysis._literal,
    codes.NOT_LITERAL: _PatternAnalysis._not_literal,
    codes.ANY: _PatternAnalysis._any,
    codes.IN: _PatternAnalysis._set,
    codes.BRANCH: _PatternAnalysis._branch,
    codes.SUBPATTERN: _PatternAnalysis._group,
    codes.MAX_REPEAT: _PatternAnalysis._repeat,
    codes.MIN_REPEAT: _PatternAnalysis._repeat,
    codes.ASSERT: _PatternAnalysis._look_around,
    codes.ASSERT_NOT: _PatternAnalysis._negative_look_around,
    codes.AT: _PatternAnalysis._position,
}
