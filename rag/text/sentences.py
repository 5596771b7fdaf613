"""Sentences with exact offsets: the unit that is ranked, quoted, cited and checked.

Of the libraries tried on the seeds, nupunkt runs titles into the prose below, syntok cuts links in two and counts
anew in each paragraph, and pysbd parts "**Col." from the name that follows and loses characters of odd text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rag.text.blocks import Block, blocks, is_titled
from rag.text.boundaries import boundaries, ends_finished

_AROUND = 2000  # characters
_SHORT = 14  # words: a line of so few that ends without a full stop is a title or caption
_LONG_TITLE = 25  # words, if most are capitalised


@dataclass(frozen=True, slots=True)
class Span:
    """Code points `start` to `end`, half open; `heading`: not a full sentence of prose (a title, a table row)."""

    start: int
    end: int
    heading: bool = False


def sentences(text: str) -> list[Span]:
    """Return the sentences of `text`, in order: apart, none empty, none beginning or ending in white space.

    Every character that is not white space lies in exactly one of them. Linear in the length of `text`.
    """
    found: list[Span] = []
    for block in blocks(text):
        if block.kind == "single":
            found.append(Span(block.start, block.end, heading=True))
        else:
            found += _prose(text, block)
    return found


def enclosing(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of the whole sentences that characters `start` to `end` touch; of what is around, _AROUND are read."""
    first = max(0, start - _AROUND)
    touched = [
        (first + span.start, first + span.end)
        for span in sentences(text[first : end + _AROUND])
        if first + span.start < end and start < first + span.end
    ]
    return (min(start, touched[0][0]), max(end, touched[-1][1])) if touched else (start, end)


def _prose(text: str, block: Block) -> list[Span]:
    pieces = list(_pieces(text, block))
    if len(pieces) == 1:
        return [Span(block.start, block.end, _is_heading(text, block))]
    return [Span(start, end, _is_fragment(text[start:end])) for start, end in pieces]


def _pieces(text: str, block: Block) -> Iterator[tuple[int, int]]:
    start = block.start
    for end in boundaries(text, block.body, block.end):
        yield start, end
        start = end
        while text[start].isspace():
            start += 1
    yield start, block.end


def _is_fragment(piece: str) -> bool:
    """Tell whether a piece of a paragraph is one word without a full stop, such as the address that ends a tweet."""
    return len(piece) < 400 and len(piece.split()) == 1 and not ends_finished(piece)


def _is_heading(text: str, block: Block) -> bool:
    if block.end - block.start > 400:
        return False
    content = text[block.body : block.end]
    words = len(content.split())
    return (words <= _SHORT or (words <= _LONG_TITLE and is_titled(content))) and not ends_finished(content)
