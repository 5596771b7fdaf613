"""Numbers in English text, in digits and in words, read from the atoms of the text: words, figures and signs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

_UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * value for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0}
_SHORT_SCALES = {"k": 1e3, "mn": 1e6, "mln": 1e6, "bn": 1e9, "bln": 1e9, "tn": 1e12}
_MANY = {"dozens": 12.0, "hundreds": 1e2, "thousands": 1e3, "millions": 1e6, "billions": 1e9}
_ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
        "sixteenth seventeenth eighteenth nineteenth twentieth".split(), 1
    )
}  # fmt: skip
_PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5,
          "tenth": 10, "tenths": 10}  # fmt: skip
_PEOPLE = frozenset("people men women children troops police personnel staff infantry cattle".split())
_ATOM = re.compile(
    r"(?P<number>\d{1,3}(?:[,\u0020\u00a0\u2009\u202f]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)|(?P<part>[¼½¾⅐-⅞])"
    r"|(?P<word>[^\W\d_¼½¾⅐-⅞]+)|(?P<sign>[^\w\s])"
)
DASHES = frozenset("-‐‑‒–—")
SIGNS = frozenset("$€£¥₹")
_LARGEST = 1e18  # what is greater is hostile, and would overflow


class Atom(NamedTuple):
    """`kind` is "number", "part" (½), "word" or "sign"; `text` is characters `start` to `end`, in lower case."""

    kind: str
    text: str
    start: int
    end: int


class Value(NamedTuple):
    """A number (the same `low` and `high` unless it is vague) that ends before atom `next`.

    `kind`: "" for a plain number, "ordinal", or "%" for a part, in hundredths.
    """

    low: float
    high: float
    next: int
    kind: str = ""


_NOTHING = Atom("", "", 0, 0)


def atoms_of(text: str, apart: Sequence[tuple[int, int]] = ()) -> list[Atom]:
    """Return the atoms of `text` in order, in lower case, except those within the spans `apart`."""
    if not apart:
        return [Atom(str(m.lastgroup), m[0].lower(), m.start(), m.end()) for m in _ATOM.finditer(text)]
    hidden = bytearray(len(text))
    for start, end in apart:
        hidden[start:end] = b"\1" * (end - start)
    return [
        Atom(str(m.lastgroup), m[0].lower(), m.start(), m.end()) for m in _ATOM.finditer(text) if not hidden[m.start()]
    ]


def read_number(atoms: Sequence[Atom], at: int) -> Value | None:
    """Read the number that begins at atom `at`, None where none does."""
    value = _read(atoms, at)
    return value and value._replace(low=min(value.low, _LARGEST), high=min(value.high, _LARGEST))


def plural(word: str) -> bool:
    """Tell whether a lower-case word looks like a plural noun."""
    if word in _PEOPLE or (len(word) > 4 and word.endswith("men")):
        return True
    return len(word) > 3 and word.endswith("s") and word[-2] not in "su"


def text_at(atoms: Sequence[Atom], at: int) -> str:
    """Return the text of atom `at`, "" beyond either end."""
    return atoms[at].text if 0 <= at < len(atoms) else ""


def word_at(atoms: Sequence[Atom], at: int) -> str:
    """Return the text of atom `at` if it is a word, else ""."""
    return atoms[at].text if 0 <= at < len(atoms) and atoms[at].kind == "word" else ""


def _read(atoms: Sequence[Atom], at: int) -> Value | None:
    atom = atoms[at] if at < len(atoms) else _NOTHING
    if atom.kind == "number":
        return _in_digits(atoms, at)
    if atom.kind == "part":
        return Value(100 * unicodedata.numeric(atom.text), 100 * unicodedata.numeric(atom.text), at + 1, "%")
    if atom.kind != "word":
        return None
    if atom.text in _MANY and not _number_word(atoms, at - 1):
        return Value(2 * _MANY[atom.text], 20 * _MANY[atom.text], at + 1)
    return _part(atoms, at) or _in_words(atoms, at)


def _in_digits(atoms: Sequence[Atom], at: int) -> Value:
    value = float(re.sub(r"[^\d.]", "", atoms[at].text) or 0)
    following = word_at(atoms, at + 1)
    adjacent = _joined(atoms, at)
    if adjacent and following in ("st", "nd", "rd", "th"):
        return Value(value, value, at + 2, "ordinal")
    if adjacent and atoms[at + 1].kind == "part":
        value += unicodedata.numeric(atoms[at + 1].text)
        at += 1
    elif adjacent and atoms[at + 1].text == "/" and at + 2 < len(atoms) and atoms[at + 2].kind == "number":
        divisor = float(re.sub(r"[^\d.]", "", atoms[at + 2].text) or 0)
        if 0 < value < divisor <= 10:
            return Value(100 * value / divisor, 100 * value / divisor, at + 3, "%")
    at += 1
    scale = _SHORT_SCALES.get(following)
    if following in ("m", "b") and ((adjacent and text_at(atoms, at - 2) in SIGNS) or plural(word_at(atoms, at + 1))):
        scale = {"m": 1e6, "b": 1e9}[following]
    if scale and (adjacent or following != "k"):
        return Value(value * scale, value * scale, at + 1)
    return _scaled(atoms, value, at)


def _part(atoms: Sequence[Atom], at: int) -> Value | None:
    """Read "half", "a third", "two thirds", "three-quarters"; "half a million" is a number."""
    first = atoms[at].text
    if first == "half":
        after = at + 1 + (word_at(atoms, at + 1) in ("a", "of"))
        if word_at(atoms, at + 1) == "a" and word_at(atoms, after) in _SCALES:
            return _scaled(atoms, 0.5, after)
        return Value(50, 50, at + 1, "%")
    count = 1 if first in ("a", "one") else _UNITS.get(first)
    after = _past_dash(atoms, at + 1)
    divisor = _PARTS.get(word_at(atoms, after))
    if not count or not divisor or count >= divisor:
        return None
    return Value(100 * count / divisor, 100 * count / divisor, after + 1, "%")


def _in_words(atoms: Sequence[Atom], at: int) -> Value | None:
    """Read "five", "twenty-five", "two hundred and six thousand", "a dozen", "twenty-first"."""
    if atoms[at].text in ("a", "an") and word_at(atoms, at + 1) in _SCALES:
        return _scaled(atoms, 1, at + 1)
    if not _number_word(atoms, at):
        return None
    total = current = 0.0
    while True:
        word = word_at(atoms, at)
        if word in _ORDINALS:
            current += _ORDINALS[word]
            return Value(total + current, total + current, at + 1, "ordinal")
        if word in _SCALES:
            current = (current or 1) * _SCALES[word]
            if current >= 1000:
                total, current = total + current, 0.0
        else:
            current += _UNITS.get(word, _TENS.get(word, 0))
        after = _past_dash(atoms, at + 1)
        if word_at(atoms, after) == "and" and word in _SCALES and _number_word(atoms, after + 1):
            after += 1
        if not _continues(word, word_at(atoms, after)):
            return Value(total + current, total + current, at + 1)
        at = after


def _continues(word: str, following: str) -> bool:
    """Tell whether one number word carries on another: "five hundred" and "twenty-five", not "one two"."""
    if following in _SCALES or word in _SCALES:
        return following in _SCALES or (word in _SCALES and (following in _UNITS or following in _TENS))
    return word in _TENS and (0 < _UNITS.get(following, 0) < 10 or 0 < _ORDINALS.get(following, 0) < 10)


def _scaled(atoms: Sequence[Atom], value: float, at: int) -> Value:
    while word_at(atoms, _past_dash(atoms, at)) in _SCALES:
        at = _past_dash(atoms, at)
        value *= _SCALES[atoms[at].text]
        at += 1
    return Value(value, value, at)


def _number_word(atoms: Sequence[Atom], at: int) -> bool:
    word = word_at(atoms, at)
    return word in _UNITS or word in _TENS or word in _SCALES or word in _ORDINALS


def _joined(atoms: Sequence[Atom], at: int) -> bool:
    return at + 1 < len(atoms) and atoms[at].end == atoms[at + 1].start


def _past_dash(atoms: Sequence[Atom], at: int) -> int:
    return at + (text_at(atoms, at) in DASHES)
