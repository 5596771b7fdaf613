"""Cuts a document's text into pieces ready for the browser; pure functions, used by `ui.source` and `ui.render`.

Offsets are code points and stay on this side: JavaScript counts UTF-16 units, so the browser only ever receives text
that is already cut. The pieces of a window, joined, are exactly that window of the document.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

REACH = 20_000
"""Characters shown on either side of what was asked for; more is loaded on request."""

Kind = Literal["text", "mark", "cited"]
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_NEWLINE = re.compile(r"\n")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end`, half open."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text shown in one way.

    `kind`: "mark" is what was clicked, "cited" another sentence that the same answer quotes. `syntax`: inline Markdown
    signs, shown dimmed in the viewer and not at all in an answer.
    """

    text: str
    kind: Kind
    syntax: bool

    def to_view(self) -> dict[str, Any]:
        """Return the browser's form: `t` text, `k` kind, and `m` where it is Markdown syntax."""
        view: dict[str, Any] = {"t": self.text, "k": self.kind}
        if self.syntax:
            view["m"] = True
        return view


def window(length: int, span: Span, reach: int = REACH) -> Span:
    """Return the part of a text of `length` characters that reaches `reach` beyond `span` on both sides."""
    return Span(max(0, span.start - reach), min(length, span.end + reach))


def disjoint(spans: Iterable[Span], within: Span) -> list[Span]:
    """Return `spans` cut to `within`, sorted, overlapping and touching ones merged, empty ones dropped."""
    clipped = sorted((max(span.start, within.start), min(span.end, within.end)) for span in spans)
    merged: list[Span] = []
    for start, end in clipped:
        if start >= end:
            continue
        if merged and start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, end))
        else:
            merged.append(Span(start, end))
    return merged


def pieces(
    text: str,
    within: Span,
    *,
    mark: Span | None = None,
    cited: Sequence[Span] = (),
    syntax: Sequence[Span] = (),
) -> list[Piece]:
    """Cut `text[within.start:within.end]`; where a mark and another cited sentence overlap, the mark wins."""
    marks = disjoint([mark] if mark else [], within)
    others = disjoint(cited, within)
    signs = disjoint(syntax, within)
    cuts = {within.start, within.end}
    for span in (*marks, *others, *signs):
        cuts |= {span.start, span.end}
    result: list[Piece] = []
    for start, end in pairwise(sorted(cuts)):
        kind: Kind = "mark" if _covers(marks, start) else "cited" if _covers(others, start) else "text"
        result.append(Piece(text[start:end], kind, _covers(signs, start)))
    return result


def location(text: str, span: Span) -> str:
    """Say where `span` is, in words: "paragraph 12 of 48"."""
    unit, starts = _blocks(text)
    return f"{unit} {max(1, bisect_right(starts, span.start))} of {len(starts)}"


def extent(text: str) -> str:
    """Say how long a text is, in words: "48 paragraphs"."""
    unit, starts = _blocks(text)
    return f"{len(starts)} {unit}{'' if len(starts) == 1 else 's'}"


def _blocks(text: str) -> tuple[str, list[int]]:
    """Return where each paragraph starts; lines are counted instead in a text without blank lines."""
    lead, body = len(text) - len(text.lstrip()), text.rstrip()
    unit, starts = "paragraph", [match.end() for match in _BLANK_LINE.finditer(body)]
    if not starts:
        unit, starts = "line", [match.end() for match in _NEWLINE.finditer(body)]
    return unit, [lead, *(start for start in starts if start > lead)]


def _covers(spans: Sequence[Span], position: int) -> bool:
    """Whether one of the sorted, disjoint `spans` holds `position`."""
    at = bisect_right(spans, position, key=lambda span: span.start) - 1
    return at >= 0 and position < spans[at].end
