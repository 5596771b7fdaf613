"""Numbers in English text with what they count, in a form that compares: "two dozen soldiers" is 24 of "soldier"."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.text.numerals import DASHES, SIGNS, Atom, Value, atoms_of, plural, read_number, text_at, word_at
from rag.text.stem import stem
from rag.text.terms import STOPWORDS

Bound = Literal["", "about", "least", "most"]
Match = Literal["same", "close", "open", "different"]

_CURRENCIES = {
    "$": "dollar", "us$": "dollar", "usd": "dollar", "dollar": "dollar", "dollars": "dollar",
    "€": "euro", "eur": "euro", "euro": "euro", "euros": "euro",
    "£": "pound", "gbp": "pound", "pound": "pound", "pounds": "pound",
    "¥": "yen", "yen": "yen", "jpy": "yen", "₹": "rupee", "rupee": "rupee", "rupees": "rupee",
    "dinar": "dinar", "dinars": "dinar", "yuan": "yuan", "rubles": "ruble", "roubles": "ruble",
}  # fmt: skip
_MEASURES = {
    "km": "kilometr", "kms": "kilometr", "kilometer": "kilometr", "kilometers": "kilometr", "kilometre": "kilometr",
    "kilometres": "kilometr", "m": "metr", "meter": "metr", "meters": "metr", "metre": "metr", "metres": "metr",
    "kg": "kilogram", "kgs": "kilogram", "mi": "mile", "hr": "hour", "hrs": "hour", "min": "minut", "mins": "minut",
    "yr": "year", "yrs": "year", "ft": "foot", "feet": "foot", "persons": "peopl", "person": "peopl",
    "individuals": "peopl", "tonnes": "ton", "tonne": "ton",
}  # fmt: skip
_BEFORE: dict[str, Bound] = {
    "about": "about", "around": "about", "approximately": "about", "roughly": "about", "nearly": "about", "almost": "about",
    "some": "about", "circa": "about", "estimated": "about",
    "least": "least", "over": "least", "exceeding": "least", "exceeded": "least", "minimum": "least", "above": "least",
    "most": "most", "under": "most", "below": "most", "maximum": "most",
}  # fmt: skip
_PHRASES: dict[tuple[str, ...], Bound] = {
    ("more", "than"): "least", ("greater", "than"): "least", ("no", "fewer", "than"): "least", ("no", "less", "than"): "least",
    ("less", "than"): "most", ("fewer", "than"): "most", ("up", "to"): "most", ("as", "many", "as"): "most",
    ("no", "more", "than"): "most", ("close", "to"): "about",
}  # fmt: skip
_SKIPPED = frozenset("of the a an more other additional new further its their his her these those such".split())
_ROUNDING = 0.01  # of the value: two figures of a thousand or more that are so near differ by rounding
_ABOUT = 0.025  # of the value: how far "about" reaches at least
_DOZEN = 0.1  # of the value: how far "two dozen" reaches


@dataclass(frozen=True, slots=True)
class Quantity:
    """`text[start:end]` read as a number from `low` to `high`, both the same unless it is a range or a vague number.

    `kind`: "count", "ordinal", "%" (parts such as "half of" too), or a currency ("dollar", "euro", …). `of`: the stems of what
    is counted, the noun last ("Iraqi soldiers"), empty where that does not follow. `bound`: "about", "least" (more than …) or
    "most" (up to …) as written. `after`: the stem of the telling word before it, "" if there is none close by.
    """

    start: int
    end: int
    low: float
    high: float
    kind: str
    of: tuple[str, ...] = ()
    bound: Bound = ""
    after: str = ""

    @property
    def limits(self) -> tuple[float, float]:
        """The least and the greatest value that the words allow."""
        if self.bound == "about":
            return self.low - _reach(self.low), self.high + _reach(self.high)
        return (0.0 if self.bound == "most" else self.low), (math.inf if self.bound == "least" else self.high)


def quantities(text: str, apart: Sequence[tuple[int, int]] = ()) -> list[Quantity]:
    """Return the numbers of `text` in order, except within the spans `apart` (dates, say). Linear in the length of `text`."""
    atoms = atoms_of(text, apart)
    found: list[Quantity] = []
    at = 0
    while at < len(atoms):
        value = read_number(atoms, at)
        if value is None:
            at += 1
            continue
        value = _range(atoms, at, value)
        quantity, at = _quantity(atoms, at, value)
        if quantity:
            found.append(quantity)
    return found


def compare(claimed: Quantity, known: Quantity) -> Match:
    """Tell how a number that is known bears on one that is claimed, what they count aside.

    "same": the claim follows from it. "close": it all but follows (a rounding, "70" from "more than 70"). "open": both may be
    true ("25" and "two dozen"). "different": not both.
    """
    low, high = claimed.limits
    known_low, known_high = known.limits
    if low <= known_low and known_high <= high:
        ranges = not claimed.bound and claimed.low < claimed.high and known.low < known.high
        return "open" if ranges and (low, high) != (known_low, known_high) else "same"
    if (claimed.low, claimed.high) == (known.low, known.high):
        if {claimed.bound, known.bound} == {"least", "most"}:
            return "different"
        return "same" if "about" in (claimed.bound, known.bound) else "close"
    if claimed.bound == known.bound and claimed.bound in ("least", "most"):  # as two counts of one thing would
        return "different"
    plain = not claimed.bound and not known.bound
    if plain and _rounded(claimed.low, known.low) and _rounded(claimed.high, known.high):
        return "close"
    return "open" if max(low, known_low) <= min(high, known_high) else "different"


def alike(one: Quantity, other: Quantity) -> bool:
    """Tell whether two numbers may count the same: one names no thing, or its noun is among the other's words."""
    if one.kind != other.kind:
        return False
    return not one.of or not other.of or one.of[-1] in other.of or other.of[-1] in one.of


def _reach(value: float) -> float:
    """Return how far "about" reaches from a value: half a unit of its last figure that is no zero, "about 500" up to 550."""
    if value % 12 == 0 and value < 100:
        return value * _DOZEN
    unit = 1
    while value and value % (unit * 10) == 0:
        unit *= 10
    return max(unit / 2 if value >= 10 and value % 1 == 0 else 0.0, value * _ABOUT)


def _rounded(one: float, other: float) -> bool:
    if one == round(other) or other == round(one):
        return abs(one - other) < 1
    return min(one, other) >= 1000 and abs(one - other) < _ROUNDING * max(one, other)


def _range(atoms: Sequence[Atom], at: int, first: Value) -> Value:
    """Read on where a number is the first of two: "10-15", "10 to 15", "between 10 and 15", "five or six"."""
    joint = first.next + (text_at(atoms, first.next) == "%")
    link = text_at(atoms, joint)
    before = word_at(atoms, at - 1)
    linked = link in DASHES or link in ("to", "or") or (link == "and" and before == "between")
    if first.kind == "ordinal" or not linked or (link == "to" and before == "from") or joint + 1 >= len(atoms):
        return first
    second = read_number(atoms, joint + 1 + (text_at(atoms, joint + 1) in _CURRENCIES))
    if second is None or second.kind != first.kind:
        return first
    low = first.low
    if low < 1000 <= second.high and second.high / low >= 1000 if low else False:  # "two to three million"
        low *= 10.0 ** (3 * int(math.log10(second.high / low) // 3))
    return Value(low, second.high, second.next, first.kind) if low < second.high else first


def _quantity(atoms: Sequence[Atom], at: int, value: Value) -> tuple[Quantity | None, int]:
    """Add unit, bound and what is counted; None for "one" where it is a pronoun. Also say where to read on."""
    first, after = at, value.next
    sign = _CURRENCIES.get(text_at(atoms, at - 1)) if text_at(atoms, at - 1) in SIGNS else None
    unit, past = _unit(atoms, after)
    if sign:
        first, kind = at - 1, sign
    elif unit:
        kind, after = unit, past
    else:
        kind = value.kind or "count"
    of = _counted(atoms, after)
    if kind == "count" and _is_pronoun(atoms, at, value, of):
        return None, value.next
    vague = atoms[value.next - 1].text in ("dozen", "half") or value.kind == "%"
    before = _telling_before(atoms, first)
    bound = _bound(atoms, first) or ("about" if vague else "")
    end = atoms[after - (_MEASURES.get(word_at(atoms, after), "peopl") == "peopl")].end  # "1.2 km", but "5 people"
    return Quantity(atoms[first].start, end, value.low, value.high, kind, of, bound, before), after


def _unit(atoms: Sequence[Atom], at: int) -> tuple[str | None, int]:
    """Return the percent or currency written after a number, None where there is none, and where to read on."""
    word = text_at(atoms, at)
    if word in ("%", "percent", "pct", "percentage"):
        return "%", at + 1
    if word == "per" and word_at(atoms, at + 1) == "cent":
        return "%", at + 2
    if word in SIGNS and text_at(atoms, at + 1)[:1].isdigit():  # it belongs to the next number
        return None, at
    return _CURRENCIES.get(word), at + 1


def _is_pronoun(atoms: Sequence[Atom], at: int, value: Value, of: Sequence[str]) -> bool:
    """Tell whether "one" counts nothing: "one of them", "no one", "one another"."""
    alone = atoms[at].text == "one" and value.next == at + 1
    around = word_at(atoms, at - 1) in ("no", "any", "every", "this", "that", "the")
    return alone and (not of or around or word_at(atoms, at + 1) in ("of", "another", "day"))


def _bound(atoms: Sequence[Atom], at: int) -> Bound:
    words = tuple(word_at(atoms, i) for i in range(max(0, at - 3), at))
    for size in (3, 2):
        if len(words) >= size and words[-size:] in _PHRASES:
            return _PHRASES[words[-size:]]
    return _BEFORE.get(words[-1], "") if words else ""


def _counted(atoms: Sequence[Atom], at: int) -> tuple[str, ...]:
    """The words that a number belongs to: of the next four, those up to a plural, else the first of them."""
    run: list[str] = []
    plurals = 0
    for atom in atoms[at : at + 8]:
        if atom.text in _SKIPPED or (atom.text in DASHES and not run):
            continue
        if atom.kind != "word" or stem(atom.text) in STOPWORDS or atom.text == "others" or len(run) == 4:
            break
        if plurals and not plural(atom.text):
            break
        run.append(_MEASURES.get(atom.text, stem(atom.text)))
        plurals += plural(atom.text)  # "police officers" has two
    return tuple(run if plurals else run[:1])


def _telling_before(atoms: Sequence[Atom], at: int) -> str:
    for atom in reversed(atoms[max(0, at - 4) : at]):
        if atom.kind == "word" and stem(atom.text) not in STOPWORDS and atom.text not in _BEFORE:
            return stem(atom.text)
    return ""
