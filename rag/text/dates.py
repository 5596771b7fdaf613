"""Dates and times of day as they are written in English text, taken apart so that two spellings of one date compare equal.

Relative dates ("last Wednesday", "yesterday") need to know when the text was published: `rag.text.relative` resolves them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

_MONTH_NAMES = "january february march april may june july august september october november december".split()
_DAY_NAMES = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTHS = {name[:3]: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_WEEKDAYS = {name[:3]: number for number, name in enumerate(_DAY_NAMES)}

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_YEAR = r"(?:1[0-9]|20)\d\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_GAP = r"[\s,]{1,3}"
_DASH = "[-‐‑–—]"
_PATTERNS = [
    re.compile(pattern)
    for pattern in (
        # 2020-03-17
        rf"(?<![\d-])(?P<year>{_YEAR})[-/.](?P<number>0[1-9]|1[0-2])[-/.](?P<day>{_DAY})(?![\d-])",
        # Monday, 28th of December 2019
        rf"(?:\b(?P<weekday>{_WEEKDAY}){_GAP}(?:the\s)?)?(?<![\d.,$€£])\b(?P<day>{_DAY})(?:st|nd|rd|th)?\s(?:of\s)?"
        rf"(?P<month>{_MONTH})(?![a-z])(?:{_GAP}(?P<year>{_YEAR})\b)?",
        # Monday, December 28th, 2019
        rf"(?:\b(?P<weekday>{_WEEKDAY}){_GAP})?\b(?P<month>{_MONTH})\s(?:the\s)?(?P<day>{_DAY})(?:st|nd|rd|th)?(?![\d%]|[.,:]\d)"
        rf"(?:{_GAP}(?P<year>{_YEAR})\b)?",
        # December 2019
        rf"\b(?P<month>{_MONTH}),?\s(?:of\s)?(?P<year>{_YEAR})\b",
        # 17/03/2020, where the order is certain
        rf"(?<![\d/])(?P<day>1[3-9]|2\d|3[01])[/.](?P<number>0?[1-9]|1[0-2])[/.](?P<year>{_YEAR})(?![\d/])",
        rf"(?<![\d/])(?P<number>0?[1-9]|1[0-2])[/.](?P<day>1[3-9]|2\d|3[01])[/.](?P<year>{_YEAR})(?![\d/])",
        # 8:30 p.m.
        r"(?<![\d:.$€£])(?P<hour>1[0-2]|0?[1-9])(?::(?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?m\b",
        r"(?<![\d:])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?![\d:])",
        rf"\b(?P<weekday>{_WEEKDAY})s?\b",
        # "may" and "march" are verbs too, so that a month alone needs a word before it
        r"\b(?P<month>January|February|April|June|July|August|September|October|November|December)\b",
        rf"(?:\b(?:in|of|since|until|by|last|next|this|early|mid|late|during|from|to|and|between|through){_DASH}?\s?)"
        r"(?P<month>March|May)\b(?!\s[A-Z])",
        rf"(?<![\w$€£.,/-])(?P<year>(?:1[5-9]|20)\d\d)(?P<decade>s)?\b(?!,\d|\.\d|\s?%|{_DASH}[a-z])",
    )
]
_BEFORE_YEAR = re.compile(
    r"\b(?:in|since|by|during|until|till|from|before|after|of|the|late|early|mid|year|around|to|and|between|through)[\s‑-]$"
)
_PLURAL_NEXT = re.compile(
    r"\s(?:[a-z]{2,}\s)?(?:[a-z]{2,}[^\Wsu]s|people|troops|men|women|children|percent|per cent|miles|million)\b"
)


@dataclass(frozen=True, slots=True)
class Date:
    """What `text[start:end]` says of a date; None = it does not say.

    `month` 1 to 12, `day` 1 to 31, `weekday` 0 (Monday) to 6, `minute` of the day 0 to 1439. A `decade` is told by its first
    `year`.
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    minute: int | None = None
    decade: bool = False

    @property
    def parts(self) -> dict[str, int]:
        """What is known, by name ("year", "month", "day", "weekday", "minute"); never empty for a date that was found."""
        given = {name: getattr(self, name) for name in ("year", "month", "day", "weekday", "minute")}
        return {name: value for name, value in given.items() if value is not None}


def dates(text: str) -> list[Date]:
    """Return the dates, months, years, weekdays and times of day that `text` names, in order; none overlap.

    A number from 1500 to 2099 counts as a year unless it counts something ("2000 troops"). Linear in the length of `text`.
    """
    if not any(char.isdigit() for char in text) and not any(char.isupper() for char in text):
        return []
    found: list[Date] = []
    taken = bytearray(len(text))
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = _span(match)
            if not any(taken[start:end]) and not _counts(text, match):
                taken[start:end] = b"\1" * (end - start)
                found.append(_date(match, start, end))
    return sorted(found, key=lambda date: date.start)


def agree(claimed: Date, known: Iterable[Date]) -> bool | None:
    """Tell whether dates that are `known` bear a date out: True, False (another one is given), None (they do not say).

    What is claimed may be less exact than what is known, or put together from several ("on 28 December … of 2019"); a
    claim that is more exact is not borne out.
    """
    wanted = claimed.parts
    near = [date for date in known if date.parts.keys() & wanted.keys()]
    fitting = [date for date in near if _fits(claimed, date)]
    told = {name for date in fitting for name in date.parts}
    if told >= wanted.keys():
        return True
    return None if fitting or not near else False


def _fits(claimed: Date, known: Date) -> bool:
    """Tell whether two dates say nothing different of what both tell."""
    told = known.parts
    return all(told.get(name, value) == value for name, value in claimed.parts.items() if name != "year") and (
        claimed.year is None
        or known.year is None
        or claimed.year == known.year
        or (claimed.decade and claimed.year == known.year // 10 * 10)
    )


def _span(match: re.Match[str]) -> tuple[int, int]:
    """Leave out the words before a lone month."""
    if match.groupdict().keys() == {"month"}:
        return match.span("month")
    return match.span()


def _date(match: re.Match[str], start: int, end: int) -> Date:
    got = match.groupdict()
    month = got.get("month")
    weekday = got.get("weekday")
    date = Date(
        start,
        end,
        year=int(got["year"]) if got.get("year") else None,
        month=_MONTHS[month[:3].lower()] if month else int(got["number"]) if got.get("number") else None,
        day=int(got["day"]) if got.get("day") else None,
        weekday=_WEEKDAYS[weekday[:3].lower()] if weekday else None,
        decade=bool(got.get("decade")),
    )
    if got.get("hour"):
        hour = int(got["hour"])
        if half := got.get("half"):
            hour = hour % 12 + (12 if half == "p" else 0)
        date = replace(date, minute=hour * 60 + int(got.get("minute") or 0))
    return date


def _counts(text: str, match: re.Match[str]) -> bool:
    """Tell whether a lone year is rather a number of things."""
    if "decade" not in match.groupdict() or match["decade"]:
        return False
    if _BEFORE_YEAR.search(text[max(0, match.start() - 12) : match.start()].lower()):
        return False
    return _PLURAL_NEXT.match(text, match.end()) is not None
