"""The words around a relative date in English news, which may make a name, a habit or a span of it, or date it already."""

from __future__ import annotations

import re

MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
WEEKDAY = f"(?:{'|'.join(DAYS)})"
MONTH = rf"(?:{'|'.join(MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_BESIDE = 20  # characters: as many as a date or a word right beside takes

# The words right before and right after it
_NO_DAY_BEFORE = re.compile(
    r"(?:\b(?:an?|one|that|the|this|next|last|past|coming|each|every|any|some|most|following|previous|another|same|other|all"
    r"|by|until|till|before|from|to|for|through|thru|between|and|or|than|ago|week|month|year|starting|beginning|effective"
    rf"|{WEEKDAY}),?|[-–—/&])\s?(?:[Oo]n\s|early\s|late\s)*\Z"
)
_NO_DAY_AFTER = re.compile(
    rf"[\s,–—/&-]{{0,3}}(?:(?:and|or|to|through|thru|until|till|but)\s)?(?:(?:on|last|early|late)\s)*{WEEKDAY}"
    r"|\s(?:weeks?|fortnight|mornings|afternoons|evenings|nights|prayers?|of|last|next|is|are|Morning|Afternoon|Evening|Night"
    rf"|Times|Mail|Mirror|Express|Telegraph|Herald|Post|Mosque|Prayers?|Agreement|School|Mass|Club|Group|in\s{MONTH})\b"
)
_DAY_LED = re.compile(r"\b(?:[Oo]n|[Ss]ince|[Ee]arly|[Ll]ate|[Ee]arlier|[Oo]f)\s\Z")
_DAY_PLACED = re.compile(
    r"(?:\A|(?:^|\s)[a-z’'-]+,?\s|\b(?:in|at|near|outside)\s[A-Z][\w’'-]*,?\s(?:[A-Z][\w’'-]*,?\s)?)\Z"
)
_DAY_NAMES = re.compile(r"\b(?:Black|Good|Bloody|Super|Ash|Palm|Easter|Holy|Maundy|Shrove|Cyber|Whit|Red)\s\Z")
_DAY_CLOSED = re.compile(
    r"\s*(?:\Z|[.,;:)!?\]–—])|\s(?:in|at|that|after|when|as|by|with|from|for|to|near|on|he|she|they|it|the|an?|and|but|while"
    r"|during|over|against|which|who|amid|before|outside|inside|because|following|was|were|had)\b"
)

_YEAR = r"(?:1[5-9]|20)\d\d\b"
_NUMBER = r"\d{1,2}(?:st|nd|rd|th)?\s(?:of\s)?"
_DAY_DATE = re.compile(
    rf"\b{_NUMBER}{MONTH}|\b{MONTH}\s(?:the\s)?\d{{1,2}}(?!\d)|\b\d{{1,4}}([-/.])\d{{1,2}}\1\d{{1,4}}\b"
)
_LAST_WEEK = re.compile(r"\b(?:[Ll]ast|previous|past|weeks?)\s(?:weeks?|ago|before|earlier|later)\b")
_DATE_AFTER = re.compile(
    rf"[\s,–—-]{{0,3}}\(?\s?(?:(?:on|the|of|in)\s){{0,2}}(?:{_NUMBER})?(?:{MONTH}|{_YEAR}|\d{{1,2}}[/.]\d)"
)
_DATE_BEFORE = re.compile(rf"(?:\b{MONTH}(?:\s\d{{1,2}})?|\b{_YEAR}|\d[/.]\d{{1,4}})[\s,()–—-]{{0,3}}(?:on\s)?\Z")
_YEAR_AFTER = re.compile(rf"[\s,–—-]{{0,3}}\(?\s?(?:in\s)?(?:{MONTH}\s)?{_YEAR}")
_YEAR_BEFORE = re.compile(rf"\b{_YEAR}[\s,()–—-]{{0,3}}\Z")

_SPAN_BEFORE = re.compile(
    r"(?:\b(?:the|this|his|her|its|their|our|my|your|whose|an?|one|every|each|very|final|no|of|like|only|born|ago|even"
    r"|still|until|till|better|brighter)|[’']s|s[’'])\s\Z",
    re.IGNORECASE,
)
_SPAN_AFTER = re.compile(r"\s(?:of|in\s(?:office|power)|or\s(?:so|two|more)|and\sa\shalf)\b")
_NO_AGO_BEFORE = re.compile(
    r"(?:\b(?:or|to|and|about|around|roughly|approximately|some|nearly|almost|over|under|than|least|half|an?|few|couple|every"
    r"|within|past|hundred|thousand|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)|[-‐‑–—.\d/])\s?\Z",
    re.IGNORECASE,
)
_NO_AGO_AFTER = re.compile(rf"\s(?:today|tomorrow|yesterday|this|last|next|or|to\sthe\sday|(?:on\s)?{WEEKDAY})\b")


def is_day(before: str, after: str, led: bool) -> bool:
    """Tell whether the weekday between two texts is one day; `led`: "last" or the like is a part of it already."""
    if _NO_DAY_BEFORE.search(before) or _NO_DAY_AFTER.match(after):
        return False
    if led or _DAY_LED.search(before):
        return True
    placed = _DAY_PLACED.search(before) is not None and not _DAY_NAMES.search(before)
    return placed and _DAY_CLOSED.match(after) is not None


def is_span(before: str, after: str) -> bool:
    """Tell whether "last year" between two texts is a span ("the last year of"), "today" a figure of speech, or the like."""
    return _SPAN_BEFORE.search(before[-_BESIDE:]) is not None or _SPAN_AFTER.match(after) is not None


def is_rounded(before: str, after: str) -> bool:
    """Tell whether "two days ago" between two texts is not exact ("about"), or a part of another date ("ago today")."""
    return _NO_AGO_BEFORE.search(before[-_BESIDE:]) is not None or _NO_AGO_AFTER.match(after) is not None


def has_date(before: str, after: str) -> bool:
    """Tell whether a month, year or day of the calendar stands right beside."""
    return _DATE_AFTER.match(after) is not None or _DATE_BEFORE.search(before[-_BESIDE:]) is not None


def has_year(before: str, after: str) -> bool:
    """Tell whether a year stands right beside."""
    return _YEAR_AFTER.match(after) is not None or _YEAR_BEFORE.search(before[-_BESIDE:]) is not None


def tells_day(text: str, start: int, end: int) -> bool:
    """Tell whether `text[start:end]` names a day of the calendar, or a week before, which a weekday in it may belong to."""
    return _DAY_DATE.search(text, start, end) is not None or _LAST_WEEK.search(text, start, end) is not None
