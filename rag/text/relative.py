"""Relative dates in English news ("on Monday", "last month") that are certain once it is known when the text was published."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from rag.text.around import DAYS, MONTHS, WEEKDAY, has_date, has_year, is_day, is_rounded, is_span, tells_day
from rag.text.tense import Tenses, quotations, rough_sentences, tenses

_NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()
_COUNTS = {"a": 1} | {word: number for number, word in enumerate(_NUMBERS, start=1)}
_YEARS = range(1500, 2100)  # that `dates` reads without a month
_NEAR = 40  # characters
_STEPS = {
    "the day before yesterday": ("day", -2), "yesterday": ("day", -1), "last night": ("day", -1), "today": ("day", 0),
    "this morning": ("day", 0), "this afternoon": ("day", 0), "this evening": ("day", 0), "tonight": ("day", 0),
    "tomorrow": ("day", 1), "the day after tomorrow": ("day", 2), "last month": ("month", -1), "this month": ("month", 0),
    "next month": ("month", 1), "last year": ("year", -1), "this year": ("year", 0), "next year": ("year", 1),
}  # fmt: skip
# Days in each, how many more or fewer it may be rounded from, and how many of them are still counted exactly
_LONG = {"day": (1, 0, 14), "week": (7, 4, 8), "month": (30.44, 14, 11), "year": (365.25, 92, 10)}

_EXPRESSION = re.compile(
    r"(?<![^\s(\[—–*_>])(?=[A-Zaeflnosty0-9])(?:(?:(?P<last>[Ll]ast|[Tt]his\spast)\s)?"
    rf"(?P<weekday>{WEEKDAY})(?:\s(?:morning|afternoon|evening|night)\b)?"
    r"|(?P<step>(?:[Tt]he\sday\s(?:before\s(?=y)|after\s(?=t)))?(?:[Yy]esterday|[Tt]omorrow)|[Tt]oday|[Tt]onight"
    r"|[Ll]ast\snight|[Tt]his\s(?:morning|afternoon|evening)|(?:[Ll]ast|[Tt]his|[Nn]ext)\s(?:month|year))"
    r"(?:(?<=[wy])\s(?:morning|afternoon|evening|night)\b)?"
    rf"|(?P<count>[0-9]{{1,3}}|{'|'.join(f'[{n[0].upper()}{n[0]}]{n[1:]}' for n in _COUNTS)})\s"
    r"(?P<unit>day|week|month|year)s?\sago)(?P<own>[’']s)?(?![\w@/=]|[-‐‑.’'](?=\w))"
)
_NOWADAYS = re.compile(r"\s(?:is|are|has|have|still|remains?|being|than|and)\b")


class _Published(NamedTuple):
    year: int
    month: int | None
    day: date | None


@dataclass(frozen=True, slots=True)
class _Place:
    """An expression as it was found, up to _NEAR characters of its sentence on either side, and that sentence's tenses."""

    match: re.Match[str]
    before: str
    after: str
    told: Tenses
    dated: bool  # the sentence names a day of the calendar, or last week


def dated(text: str, published: str | None) -> str:
    """Return `text` with the absolute date in brackets after each relative one that is certain: "on Monday (16 March 2020)".

    `published` is ISO 8601 (YYYY, YYYY-MM or YYYY-MM-DD); what it is too coarse for is left alone, as are quotations, names,
    habits and weekdays in sentences about the future. Nothing else changes. Linear in the length of `text`.
    """
    known = _known(published)
    found = list(_EXPRESSION.finditer(text)) if known else []
    if not known or not found:
        return text
    pieces: list[str] = []
    at = 0
    for place in _places(text, found):
        absolute = _absolute(place, known)
        if absolute:
            pieces += [text[at : place.match.end()], f" ({absolute})"]
            at = place.match.end()
    return "".join([*pieces, text[at:]])


def _known(published: str | None) -> _Published | None:
    """Take the day of publication apart; None where it is none, or of no year that `dates` reads."""
    match = re.fullmatch(r"((?:1[5-9]|20)[0-9]{2})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?", published or "")
    if not match:
        return None
    year, month = int(match[1]), int(match[2] or 0)
    try:
        return _Published(year, month or None, date(year, month, int(match[3])) if match[3] else None)
    except ValueError:
        return None


def _places(text: str, found: Iterable[re.Match[str]]) -> Iterator[_Place]:
    """Yield the expressions that stand outside quotations; in capitals only where a sentence begins, unless weekdays."""
    quoted = quotations(text)
    spans = rough_sentences(text)
    start = end = 0
    read = -1
    told, named = Tenses(), False
    for match in found:
        at = match.start()
        while at >= end:
            start, end = next(spans)
        before = text[max(start, at - _NEAR) : at]
        titled = not match["weekday"] and match[0][0].isupper() and before.strip("([*_>—– \n")
        if quoted[at] or titled:
            continue
        if read != start:
            read, told, named = start, tenses(text, start, end), tells_day(text, start, end)
        yield _Place(match, before, text[match.end() : min(end, match.end() + _NEAR)], told, named)


def _absolute(place: _Place, known: _Published) -> str | None:
    """Return the date to write after an expression, None where it is not certain."""
    match = place.match
    if match["step"]:
        unit, by = _STEPS[" ".join(match["step"].lower().split())]
        if not _is_step(place, unit):
            return None
        if unit != "day":
            return _moved(known, unit, by)
        return _written(known.day + timedelta(by)) if known.day else None
    if known.day is None or has_date(place.before, place.after):
        return None
    if match["count"]:
        return _ago(place, known.day)
    day = _weekday(place, known.day)
    return _written(day) if day else None


def _written(day: date) -> str | None:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if day.year in _YEARS else None


def _moved(known: _Published, unit: str, by: int) -> str | None:
    """Return the month or year that lies `by` from that of publication."""
    if unit == "year":
        return str(known.year + by) if known.year + by in _YEARS else None
    year, month = divmod(known.year * 12 + (known.month or 1) - 1 + by, 12)
    return f"{MONTHS[month]} {year}" if known.month and year in _YEARS else None


def _is_step(place: _Place, unit: str) -> bool:
    """Tell whether "yesterday", "last year" and the like name a date here: no span, no figure of speech, none given yet."""
    match = place.match
    if is_span(place.before, place.after):
        return False
    if match["own"] and match["step"].lower()[:2] == "to":
        return False  # "today's world", "tomorrow's leaders"
    if unit == "year":
        return not has_year(place.before, place.after)
    return not has_date(place.before, place.after) and (match["step"].lower() != "today" or _is_this_day(place))


def _is_this_day(place: _Place) -> bool:
    """Tell whether "today" is the day of publication rather than these days: the verb before it, or right after, is past."""
    match, told = place.match, place.told
    if _NOWADAYS.match(place.after):
        return False
    verb = told.before(match.start())
    if verb is None:
        return told.only_past and told.past(match.start(), match.end())
    gap = place.before[max(0, len(place.before) - (match.start() - verb[1])) :]
    return verb[2] and match.start() - verb[1] < _NEAR and not re.search("[,;:–—]", gap)


def _weekday(place: _Place, day: date) -> date | None:
    """Return the most recent such day up to `day`, None where the weekday may be another one or a name."""
    match = place.match
    if place.dated or place.told.future or (match["own"] and not match["last"]):
        return None
    if not place.told.past(match.start(), match.end()):
        return None
    if not is_day(place.before, place.after, led=bool(match["last"])):
        return None
    back = (day.weekday() - DAYS.index(match["weekday"])) % 7
    if match["last"]:
        back = back or 7
        if match["last"].lower() == "last" and back <= day.weekday():
            return None  # on a Wednesday, "last Monday" may be of this week or of the one before
    return day - timedelta(back)


def _ago(place: _Place, day: date) -> str | None:
    """Return when "three days ago" was, a longer time only as the month or year that it falls in if rounded either way."""
    if place.match["own"] or is_rounded(place.before, place.after):
        return None
    count, unit = place.match["count"].lower(), place.match["unit"]
    number = int(count) if count.isdigit() else _COUNTS[count]
    length, margin, most = _LONG[unit]
    if not 0 < number <= most:
        return None
    then = day - timedelta(round(number * length))
    first, last = then - timedelta(margin), then + timedelta(margin)
    if unit == "day":
        return _written(then)
    if first.year != last.year or first.year not in _YEARS:
        return None
    if unit == "year":
        return str(then.year)
    return f"{MONTHS[then.month - 1]} {then.year}" if first.month == last.month else None
