"""The blocks of a text: paragraphs, headings, list items, table rows, found line by line with exact offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from rag.text import abbreviations as known
from rag.text.boundaries import ends_finished, is_abbreviation

Kind = Literal["text", "item", "quote", "single"]

_RULE = re.compile(r"[-*_=~#+•·.…|^—–§<>:\s\u200b-\u200f\ufeff]+\Z")
_FENCE = re.compile(r"(?:`{3,}[^`]*|~{3,}.*)\Z", re.DOTALL)
_HEADING = re.compile(r"#{1,6}\s")
_QUOTED = re.compile(r"(?:>[ \t]?)+")
_ITEM = re.compile(r"(?:[-*+•‣◦▪●○–—]\s+|\d{1,3}[.)]\s+|\([A-Za-z0-9]{1,4}\)\s+|[a-z]\)\s+)(?=\S)")
_UNDERLINE = re.compile(r"(?:=+|-{2,})\Z")
_COLUMNS = re.compile(r"\S(?:\t+| {4,})(?=\S)")
_DELIMITER_ROW = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\Z")
_MARKERS = frozenset("-*_=~#+•·.…|^—–§<>:`‣◦▪●○(\u200b\ufeff") | frozenset("0123456789")
_FIRST_LETTER = re.compile(r"\W*(\w?)")
_LAST_WORD = re.compile(r"([^\W\d_]+)[*_”\"’]*\Z")
_ROW = 200  # characters: a longer line is neither a table row nor one of several that were wrapped
_LONG_LINE = 100  # characters: few texts are wrapped at more
_UNWRAPPED = 50  # characters: below this, a line without small letters after it is taken for a line of its own


@dataclass(frozen=True, slots=True)
class Block:
    """`text[start:end]`, without white space around it; sentences begin from `body`, after a list or quote marker.

    A "single" block is one span as it stands: a Markdown heading, a rule, a table row, a line of code.
    """

    start: int
    body: int
    end: int
    kind: Kind


@dataclass(slots=True)
class _Line:
    start: int
    body: int
    end: int
    kind: Literal["blank"] | Kind
    text: str
    small: bool = False  # begins in a small letter
    depth: int = 0


def blocks(text: str) -> list[Block]:
    """Return the blocks of `text` in order; together they hold every character that is not white space."""
    lines = _with_context(list(_lines(text)))
    wrapped = _is_wrapped(lines)
    found: list[Block] = []
    run: list[_Line] = []
    for line in lines:
        if run and not _same_run(run, line):
            found += _split_run(run, wrapped)
            run = []
        if line.kind == "single":
            found.append(Block(line.start, line.start, line.end, "single"))
        elif line.kind != "blank":
            run.append(line)
    if run:
        found += _split_run(run, wrapped)
    return _rejoined(text, found)


def _lines(text: str) -> Iterator[_Line]:
    at = 0
    for raw in text.splitlines(keepends=True):
        content = raw.strip()
        start = at + len(raw) - len(raw.lstrip()) if content else at
        yield _classified(content, start)
        at += len(raw)


def _classified(content: str, start: int) -> _Line:
    end = start + len(content)
    if not content:
        return _Line(start, start, end, "blank", "")
    if content[0] in _MARKERS:
        if _RULE.match(content) or _HEADING.match(content) or (content[0] == "|" and "|" in content[1:]):
            return _Line(start, start, end, "single", content)
        if quoted := _QUOTED.match(content):
            body = quoted.end()
            inner = content[body:].strip()
            return _Line(start, start + body, end, "quote", inner, _begins_small(inner), quoted[0].count(">"))
        if item := _ITEM.match(content):
            return _Line(start, start + item.end(), end, "item", content)
    if len(content) <= _ROW and len(_COLUMNS.findall(content)) > 1 and not ends_finished(content):
        return _Line(start, start, end, "single", content)
    return _Line(start, start, end, "text", content, _begins_small(content))


def _with_context(lines: list[_Line]) -> list[_Line]:
    """Settle the lines whose kind depends on others: fenced code, underlined titles, tables without outer bars."""
    last_fence = {line.text[0]: i for i, line in enumerate(lines) if line.text and _FENCE.match(line.text)}
    fence, table = "", False
    for i, line in enumerate(lines):
        if fence or (line.text and _FENCE.match(line.text) and last_fence[line.text[0]] > i):
            closes = fence and line.text.startswith(fence) and _RULE.match(line.text.replace("`", "~"))
            fence = "" if closes else fence or line.text[0] * 3
            lines[i] = replace(line, kind="single" if line.text else "blank", body=line.start)
            continue
        if i and _underlines(line, lines[i - 1]):
            lines[i - 1] = replace(lines[i - 1], kind="single", body=lines[i - 1].start)
        table = "|" in line.text and (table or _DELIMITER_ROW.match(line.text) is not None)
        if table:
            lines[i] = replace(line, kind="single", body=line.start)
    return lines


def _underlines(line: _Line, above: _Line) -> bool:
    if above.kind != "text" or not line.text:
        return False
    table = "|" in line.text and "|" in above.text and _DELIMITER_ROW.match(line.text) is not None
    return table or (_UNDERLINE.match(line.text) is not None and not ends_finished(above.text))


def _same_run(run: list[_Line], line: _Line) -> bool:
    """Tell whether `line` may carry on the paragraph or item in `run`."""
    last = run[-1]
    if line.kind in ("blank", "single"):
        return False
    if "quote" in (line.kind, last.kind):
        return line.kind == last.kind and line.depth == last.depth
    if line.kind == "text":
        return True
    # A dash or number at the start of a wrapped line is no list marker.
    listed = run[0].kind == "item" or last.text.endswith(":") or ends_finished(last.text)
    return not (listed or line.text.startswith(("1.", "1)", "(", "•", "* ", "- ")))


def _is_wrapped(lines: list[_Line]) -> bool:
    """Tell whether the text was wrapped at a width: enough lines carry on a sentence in small letters."""
    pairs = [(a, b) for a, b in pairwise(lines) if a.kind != "blank" and b.kind in ("text", "quote")]
    carried = sum(b.small and not ends_finished(a.text) for a, b in pairs)
    return carried > 1 and carried * 6 > len(pairs)


def _split_run(run: list[_Line], wrapped: bool) -> list[Block]:
    """Make one block of each group of lines that were wrapped from one line."""
    sizes = sorted(len(line.text) for line in run)
    # One line may stand out (an address cannot be wrapped), so the second longest tells the width.
    width = max(sizes[-2], min(sizes[-1], 60)) if len(sizes) > 3 else sizes[-1]
    wrapped = wrapped or any(line.small for line in run[1:])
    finished = ends_finished(run[-1].text)
    groups = [[run[0]]]
    for above, line in pairwise(run):
        if _carries_on(above, line, width, wrapped, finished):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_block(group) for group in groups]


def _block(group: list[_Line]) -> Block:
    first = group[0]
    return Block(first.start, first.body, group[-1].end, "text" if first.kind == "blank" else first.kind)


def _carries_on(above: _Line, line: _Line, width: int, wrapped: bool, finished: bool) -> bool:
    """Tell whether the line break between two lines of a run is mere wrapping."""
    filled = len(above.text) + 1 + len(line.text.split(None, 1)[0])
    if line.small:
        return filled > min(width, _LONG_LINE) * 0.5  # much shorter: a list of names or a menu
    if _last_word(above.text) in known.UNFINISHED or is_abbreviation(above.text.rsplit(None, 1)[-1].rstrip(".")):
        return True
    full = filled > width * 0.85
    if wrapped:
        return full and len(above.text) <= _ROW
    prose = finished and len(above.text) >= _UNWRAPPED and not ends_finished(above.text)
    return full and prose and not is_titled(above.text)


def _rejoined(text: str, found: list[Block]) -> list[Block]:
    """Join paragraphs that a stray blank line cut in two: the first breaks off in a word like "in" or "the"."""
    joined: list[Block] = []
    for block in found:
        if joined and block.kind == "text" and joined[-1].kind == "text" and _breaks_off(text, joined[-1]):
            joined[-1] = replace(joined[-1], end=block.end)
        else:
            joined.append(block)
    return joined


def _breaks_off(text: str, block: Block) -> bool:
    last = _last_word(text[max(block.start, block.end - 40) : block.end])
    if last not in known.ENDS_TITLES:
        return last in known.UNFINISHED
    first = text[block.start : block.start + 80]
    asks = first.split(None, 1)[0].lower() in known.QUESTION_WORDS
    return block.end - block.start >= _LONG_LINE or not (asks or block.end - block.start < 30 or is_titled(first))


def _last_word(text: str) -> str:
    found = _LAST_WORD.search(text[-40:])
    return found[1] if found else ""


def _begins_small(text: str) -> bool:
    first = _FIRST_LETTER.match(text)
    return first is not None and first[1].islower()


def is_titled(text: str) -> bool:
    """Tell whether most of the longer words of `text` are capitalised, as in a title."""
    long_words = [word for word in re.findall(r"[^\W\d_]+", text[:400]) if len(word) > 3]
    return bool(long_words) and sum(word[0].isupper() for word in long_words) >= 0.6 * len(long_words)
