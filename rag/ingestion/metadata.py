"""Title, outlet and publication date, where a text states them in its head; what is not stated stays None."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from rag.text.markup import plain

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"(?:(?P<m1>{_MONTH})\.?\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y1>\d{{4}})"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m2>{_MONTH})\.?,?\s+(?P<y2>\d{{4}})"
    r"|(?P<y3>\d{4})-(?P<m3>\d{2})-(?P<d3>\d{2}))(?!\d)",
    re.IGNORECASE,
)
_DAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
_LABEL = re.compile(
    r"(?:first\s+)?(?:published|posted|date|dated|updated|last updated)(?:\s+on)?\s*:?\s*", re.IGNORECASE
)
_AFTER = re.compile(
    r"(?:[T,\s]*(?:at\s+)?\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\s*(?:[A-Z]{2,4}|Z|[+-]\d{2}:?\d{2})?)?\s*[.)]?\s*$",
    re.I,
)
_OUTLET_LABEL = re.compile(r"(?:source|outlet|publisher|publication)\s*:\s*(\S.{1,80})$", re.IGNORECASE)
_TITLE_LABEL = re.compile(r"(?:title|subject|headline)\s*:\s*(\S.*)$", re.IGNORECASE)
_BYLINE = re.compile(r"^(?:by|von|par)\s", re.IGNORECASE)
_SMALL = frozenset(
    ("a", "an", "and", "at", "by", "de", "for", "in", "la", "le", "of", "on", "the", "to", "und", "&", "|")
)
_HEAD_LINES = 12
_BODY_WORDS = 30  # a line this long is body text: the head ends there


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a text says of it; dates are ISO 8601 (YYYY-MM-DD)."""

    title: str | None = None
    outlet: str | None = None
    published: str | None = None


def read_head(text: str) -> Head:
    """Read title, outlet and publication date from the first lines of a text, each only where it is plainly stated."""
    lines = _head_lines(text)
    outlet = published = None
    for line in lines:
        if published is None:
            found = _dated(line)
            if found:
                published, named = found
                outlet = outlet or named
        labelled = _OUTLET_LABEL.match(line)
        if labelled and outlet is None:
            outlet = labelled[1].strip()
    return Head(_title(text), outlet, published)


def parse_date(text: str) -> str | None:
    """Return the ISO form of a full date ("March 18, 2020", "18 March 2020", "2020-03-18"), None for any other text."""
    match = _DATE.fullmatch(text.strip())
    return _iso(match) if match else None


def _head_lines(text: str) -> list[str]:
    lines: list[str] = []
    for raw in text[:20_000].splitlines():
        line = plain(raw).replace("\xa0", " ").strip().lstrip("# ").strip()
        if not line:
            continue
        if len(line.split()) > _BODY_WORDS or len(lines) >= _HEAD_LINES:
            break
        lines.append(line)
    return lines


def _title(text: str) -> str | None:
    """The first line, if it reads as a headline: short, no sentence, and marked or set off by a blank line."""
    lines = text[:20_000].lstrip("\ufeff \t\r\n\xa0").splitlines()
    if not lines:
        return None
    first = plain(lines[0]).replace("\xa0", " ").strip()
    labelled = _TITLE_LABEL.match(first)
    if labelled:
        return labelled[1].strip()
    marked = bool(re.match(r"#{1,6}\s", lines[0])) or (len(lines) > 1 and bool(re.fullmatch(r"(=+|-+)\s*", lines[1])))
    set_off = len(lines) > 1 and not lines[1].strip()
    title = first.lstrip("# ").strip()
    words = title.split()
    if not (marked or set_off) or (not marked and not 2 <= len(words) <= _BODY_WORDS):
        return None
    if not marked and (title[-1] in ".,;:" or _dated(title) or _BYLINE.match(title)):
        return None
    return title if any(c.isalpha() for c in title) and len(title) <= 300 else None


def _dated(line: str) -> tuple[str, str | None] | None:
    """Return (date, outlet) of a line that is a date, after a label, an outlet's name or nothing; else None."""
    match = _DATE.search(line)
    iso = _iso(match) if match else None
    if match is None or iso is None or not _AFTER.match(line[match.end() :]):
        return None
    before = re.sub(_DAY + "$", "", line[: match.start()], flags=re.IGNORECASE)
    before = _LABEL.sub("", before).strip(" \t,|·–—-()")
    if not before or _BYLINE.match(before):
        return iso, None
    return (iso, before) if _is_name(before) and not line.endswith(".") else None


def _is_name(text: str) -> bool:
    """Whether a text is written like a name, "The Journal of Peace": no sentence and no handle."""
    words = text.split()
    named = all(any(c.isupper() or c.isdigit() for c in word) or word in _SMALL for word in words)
    return named and words[-1] not in _SMALL and len(words) <= 6 and not re.search(r"[@(]|[.!?:]$", text)


def _iso(match: re.Match[str]) -> str | None:
    year = int(match["y1"] or match["y2"] or match["y3"])
    name = match["m1"] or match["m2"]
    month = _MONTHS[name.lower()] if name else int(match["m3"])
    day = int(match["d1"] or match["d2"] or match["d3"])
    try:
        return date(year, month, day).isoformat() if 1000 <= year <= 2999 else None
    except ValueError:
        return None
