"""Title, outlet and publication date, where a text states them in its head; what is not stated stays None."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
_LABEL = re.compile(r"(?:first\s+)?(?:published|posted|date|dated|updated|last updated)(?:\s+on)?\s*:?\s*", re.IGNORECASE)
_AFTER = re.compile(r"(?:[T,\s]*(?:at\s+)?\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\s*(?:[A-Z]{2,4}|Z|[+-]\d{2}:?\d{2})?)?\s*[.)]?\s*$", re.I)
_OUTLET_LABEL = re.compile(r"(?:source|outlet|publisher|publication)\s*:\s*(\S.{1,80})$", re.IGNORECASE)
_TITLE_LABEL = re.compile(r"(?:title|subject|headline)\s*:\s*(\S.*)$", re.IGNORECASE)
_BYLINE = re.compile(r"^(?:by|von|par)\s", re.IGNORECASE)
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
    """Return the ISO form of a text that is one full date ("March 18, 2020", "18 March 2020", "2020-03-18"), else None."""
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
    """The first line, if it reads as a headline: short, set off by a blank line or marked as a heading, not a sentence."""
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
    if not (marked or set_off) or not 2 <= len(words) <= _BODY_WORDS and not marked:
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
    if not before:
        return iso, None
    if _BYLINE.match(before):
        return iso, None
    is_name = len(before) <= 60 and len(before.split()) <= 6 and before[0].isupper() and before[-1] not in ".!?"
    return (iso, before) if is_name else None


def _iso(match: re.Match[str]) -> str | None:
    year = int(match["y1"] or match["y2"] or match["y3"])
    name = match["m1"] or match["m2"]
    month = _MONTHS[name.lower()] if name else int(match["m3"])
    day = int(match["d1"] or match["d2"] or match["d3"])
    if not (1000 <= year <= 2999 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"
