"""The small pattern language of `like`, matched without backtracking.

A pattern comes from an author and a text from a stranger's phone, so neither a regular-expression library nor its
worst case may decide the outcome. The matcher walks sets of positions; its time is bounded by pattern × text, and
`static/curriculum/practice-engine.js` holds the same walk line for line.

Grammar: literals, `.`, `\\d` `\\w` `\\s` (ASCII) and escaped signs, `[a-z]` `[^…]`, `( )` and `(?: )` up to three deep,
`|`, and the quantifiers `*` `+` `?` `{n}` `{n,}` `{n,m}` up to 64.
Source: docs/reference/content-format.md, Moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

MAX_PATTERN = 120
MAX_REPEAT = 64
MAX_DEPTH = 3

_SHORTHANDS = {
    "d": ((48, 57),),
    "w": ((48, 57), (65, 90), (95, 95), (97, 122)),
    "s": ((32, 32),),
}
_SIGNS = frozenset("\\.[](){}*+?|^$-/")
_SPECIAL = frozenset("\\.[](){}*+?|^$")


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogue; who shows it translates it. Django is not needed to judge a practice."""
    return message


class PatternError(ValueError):
    """Says in plain words why a pattern is outside the language."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of ranges of code points, or outside them when `negated`."""

    ranges: tuple[tuple[int, int], ...]
    negated: bool = False

    def holds(self, point: int) -> bool:
        return any(low <= point <= high for low, high in self.ranges) != self.negated


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    part: Node
    low: int
    high: int | None


Node = Chars | Sequence | Either | Repeat


class _Parser:
    def __init__(self, pattern: str) -> None:
        self.points = pattern
        self.at = 0
        self.depth = 0

    def peek(self) -> str:
        return self.points[self.at] if self.at < len(self.points) else ""

    def take(self) -> str:
        sign = self.peek()
        if not sign:
            raise PatternError(gettext_noop("it stops in the middle"))
        self.at += 1
        return sign

    def either(self) -> Node:
        options = [self.sequence()]
        while self.peek() == "|":
            self.at += 1
            options.append(self.sequence())
        return options[0] if len(options) == 1 else Either(tuple(options))

    def sequence(self) -> Node:
        parts: list[Node] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.repeated(self.atom()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def repeated(self, part: Node) -> Node:
        sign = self.peek()
        if sign == "" or sign not in "*+?{":
            return part
        self.at += 1
        low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(sign) or self.counts()
        if self.peek() in ("*", "+", "?", "{") and self.peek():
            raise PatternError(gettext_noop("two quantifiers stand together"))
        return Repeat(part, low, high)

    def counts(self) -> tuple[int, int | None]:
        low = self.number()
        high: int | None = low
        if self.peek() == ",":
            self.at += 1
            high = None if self.peek() == "}" else self.number()
        if self.take() != "}":
            raise PatternError(gettext_noop("a count is not closed by }"))
        if high is not None and high < low:
            raise PatternError(gettext_noop("a count runs backwards"))
        return low, high

    def number(self) -> int:
        digits = ""
        while self.peek() and self.peek() in "0123456789":
            digits += self.take()
        if not digits or int(digits[:9]) > MAX_REPEAT:
            raise PatternError(gettext_noop("a count is a number up to 64"))
        return int(digits)

    def atom(self) -> Node:
        sign = self.take()
        if sign == "(":
            return self.group()
        if sign == "[":
            return self.char_class()
        if sign == ".":
            return Chars((), negated=True)
        if sign == "\\":
            return Chars(self.escaped())
        if sign in _SPECIAL:
            raise PatternError(gettext_noop("a sign such as * or ) stands where it has no meaning"))
        return Chars(((ord(sign), ord(sign)),))

    def group(self) -> Node:
        if self.peek() == "?":
            self.at += 1
            if self.take() != ":":
                raise PatternError(gettext_noop("only plain groups ( ) and (?: ) are allowed"))
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise PatternError(gettext_noop("groups are nested more than three deep"))
        inside = self.either()
        if self.take() != ")":
            raise PatternError(gettext_noop("a group is not closed by )"))
        self.depth -= 1
        return inside

    def escaped(self) -> tuple[tuple[int, int], ...]:
        sign = self.take()
        if sign in _SHORTHANDS:
            return _SHORTHANDS[sign]
        if sign not in _SIGNS:
            raise PatternError(gettext_noop("a letter after \\ that is not d, w or s"))
        return ((ord(sign), ord(sign)),)

    def char_class(self) -> Node:
        negated = self.peek() == "^"
        self.at += negated
        ranges: list[tuple[int, int]] = []
        while self.peek() != "]":
            ranges.extend(self.class_part())
        self.at += 1
        if not ranges:
            raise PatternError(gettext_noop("a character class [ ] is empty"))
        return Chars(tuple(ranges), negated)

    def class_part(self) -> tuple[tuple[int, int], ...]:
        sign = self.take()
        if sign == "[":
            raise PatternError(gettext_noop("write \\[ inside a character class"))
        first = self.escaped() if sign == "\\" else ((ord(sign), ord(sign)),)
        if self.peek() != "-" or self.points[self.at + 1 : self.at + 2] in ("]", ""):
            return first
        self.at += 1
        sign = self.take()
        last = self.escaped() if sign == "\\" else ((ord(sign), ord(sign)),)
        if len(first) > 1 or len(last) > 1 or first[0][0] != first[0][1] or last[0][0] != last[0][1]:
            raise PatternError(gettext_noop("a range needs one character on each side"))
        if last[0][0] < first[0][0]:
            raise PatternError(gettext_noop("a range runs backwards"))
        return ((first[0][0], last[0][0]),)


@lru_cache(maxsize=512)
def parse(pattern: str) -> Node:
    """Read a pattern into its tree. Raises PatternError with a reason an author understands."""
    if len(pattern) > MAX_PATTERN:
        raise PatternError(gettext_noop("it is longer than 120 characters"))
    parser = _Parser(pattern)
    node = parser.either()
    if parser.at < len(pattern):
        raise PatternError(gettext_noop("a ) closes nothing"))
    return node


def matches(pattern: str, text: str) -> bool:
    """Tell whether the whole text fits the pattern; a pattern outside the language fits nothing."""
    try:
        node = parse(pattern)
    except PatternError:
        return False
    points = [ord(sign) for sign in text]
    return len(points) in _walk(node, points, {0})


def _walk(node: Node, points: list[int], starts: set[int]) -> set[int]:
    if isinstance(node, Chars):
        return {at + 1 for at in starts if at < len(points) and node.holds(points[at])}
    if isinstance(node, Sequence):
        for part in node.parts:
            if not starts:
                break
            starts = _walk(part, points, starts)
        return starts
    if isinstance(node, Either):
        return set().union(*(_walk(option, points, starts) for option in node.options))
    return _walk_repeat(node, points, starts)


def _walk_repeat(node: Repeat, points: list[int], starts: set[int]) -> set[int]:
    for _ in range(node.low):
        following = _walk(node.part, points, starts)
        if following == starts:
            break
        starts = following
    found = set(starts)
    fresh = starts
    rounds = node.low
    while fresh and (node.high is None or rounds < node.high):
        fresh = _walk(node.part, points, fresh) - found
        found |= fresh
        rounds += 1
    return found


def example(pattern: str, variant: int) -> str:
    """Make up a text that fits the pattern; variants 0, 1, 2… differ in length and letters. Never what a person typed."""
    try:
        return _example(parse(pattern), variant)
    except PatternError:
        return ""


def _example(node: Node, variant: int) -> str:
    if isinstance(node, Chars):
        return _example_char(node, variant)
    if isinstance(node, Sequence):
        return "".join(_example(part, variant) for part in node.parts)
    if isinstance(node, Either):
        return _example(node.options[variant % len(node.options)], variant)
    count = node.low + variant
    if node.high is not None and count > node.high:
        count = node.high
    # One character more than may be typed is enough to know that an example is too long.
    return (_example(node.part, variant)[:65] * count)[:65]


def _example_char(node: Chars, variant: int) -> str:
    if not node.negated:
        low, high = node.ranges[variant % len(node.ranges)]
        return chr(low + variant % (high - low + 1))
    fitting = [sign for sign in "abcde12345ABCDE-" if node.holds(ord(sign))]
    return fitting[variant % len(fitting)] if fitting else ""
