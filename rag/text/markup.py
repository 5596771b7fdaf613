"""Which characters of a text are inline Markdown and not words, so that a viewer can dim or hide them.

A light reading of CommonMark that errs on the side of leaving characters alone; it never changes offsets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# Markers pair up within a paragraph: enough of it is read on both sides of what is asked for, and no more.
_REACH = 4000

_DESTINATION = r"\((?:<[^<>\n]*>|(?:\\.|[^()\[\]\s\\]|\([^()\[\]\s]*\))*)(?:[ \t]+\"[^\"\n()\[\]]*\")?\)"
_TOKEN = re.compile(
    rf"""
    (?P<blank> \n[^\S\n]*\n )
  | (?P<escape> \\(?=[!-/:-@\[-`{{-~]) . )
  | (?P<code> `+ )
  | (?P<open> !?\[ )
  | (?P<close> \](?P<link>{_DESTINATION})? )
  | (?P<address> <(?:https?://|mailto:)[^\s<>]*> )
  | (?P<emphasis> \*+ | _+ | ~~ )
    """,
    re.VERBOSE,
)
_LINE = re.compile(
    r"^[^\S\n]*(?P<mark>(?:>[ \t]?)+(?:#{1,6}[ \t]+|[-*+•][ \t]+)?|#{1,6}[ \t]+|[-*+•][ \t]+)(?=\S)", re.MULTILINE
)
# A destination that can be nothing else: enough to know "](…)" for the end of a link whose beginning is not in sight.
_SURE_LINK = re.compile(r"\((?:#|/|<?https?:|<?mailto:|www\.)")


def markup(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans within `text[start:end]` that are inline Markdown: ordered, apart, half open, in code points.

    Linear in `end - start`; markers are paired within some thousand characters on either side.
    """
    start, end = max(0, start), min(len(text), end)
    if start >= end:
        return []
    first, last = max(0, start - _REACH), min(len(text), end + _REACH)
    spans = _Scan(text, first, last).spans()
    return [(max(a, start), min(b, end)) for a, b in spans if a < end and b > start]


def plain(text: str) -> str:
    r"""Return `text` without its inline Markdown: link targets, emphasis, escapes ("\(" becomes "("), line markers."""
    kept, at = [], 0
    for start, end in _Scan(text, 0, len(text)).spans():
        kept.append(text[at:start])
        at = end
    return "".join([*kept, text[at:]])


@dataclass(slots=True)
class _Run:
    """A run of emphasis characters that may open: `left` of them, ending at `end`, are not paired yet."""

    end: int
    left: int


@dataclass(slots=True)
class _Scan:
    """One pass over `text[start:end]`; brackets and emphasis wait in stacks for what closes them."""

    text: str
    start: int
    end: int
    found: list[tuple[int, int]] = field(default_factory=list)
    brackets: list[tuple[int, int]] = field(default_factory=list)
    runs: dict[str, list[_Run]] = field(default_factory=lambda: {"*": [], "_": [], "~": []})

    def spans(self) -> list[tuple[int, int]]:
        closing = self._closing_backticks()
        at = self.start
        while token := _TOKEN.search(self.text, at, self.end):
            at = self._read(token, closing)
        self._read_lines()
        return _merged(self.found)

    def _read(self, token: re.Match[str], closing: dict[int, int]) -> int:
        """Take in one token; return where to read on."""
        kind = token.lastgroup if token.lastgroup != "link" else "close"
        if kind == "blank":
            self.brackets.clear()
            for runs in self.runs.values():
                runs.clear()
            return token.end() - 1
        if kind == "code":
            return self._read_code(token, closing)
        if kind == "escape":
            self.found.append((token.start(), token.start() + 1))
        elif kind == "open":
            self.brackets.append(token.span())
        elif kind == "close":
            self._read_close(token)
        elif kind == "address":
            self.found += [(token.start(), token.start() + 1), (token.end() - 1, token.end())]
        else:
            self._read_emphasis(token)
        return token.end()

    def _read_code(self, token: re.Match[str], closing: dict[int, int]) -> int:
        end = closing.get(token.start())
        if end is None:
            return token.end()
        self.found += [token.span(), (end - len(token[0]), end)]
        return end

    def _read_close(self, token: re.Match[str]) -> None:
        opened = self.brackets.pop() if self.brackets else None
        if token["link"] is None:
            return
        if opened:
            self.found.append(opened)
        if opened or _SURE_LINK.match(token["link"]):
            self.found.append(token.span())

    def _read_emphasis(self, token: re.Match[str]) -> None:
        opens, closes = self._flanks(token)
        runs = self.runs[token[0][0]]
        at, left = token.start(), len(token[0])
        while closes and left and runs:
            opener = runs[-1]
            paired = min(left, opener.left)
            self.found += [(opener.end - paired, opener.end), (at, at + paired)]
            opener.end -= paired
            opener.left -= paired
            at += paired
            left -= paired
            if not opener.left:
                runs.pop()
        if opens and left:
            runs.append(_Run(token.end(), left))

    def _flanks(self, token: re.Match[str]) -> tuple[bool, bool]:
        """Tell whether a run can open and whether it can close emphasis, from the characters beside it."""
        before = self.text[token.start() - 1] if token.start() else " "
        after = self.text[token.end()] if token.end() < len(self.text) else " "
        if before.isalnum() and after.isalnum() and (token[0][0] == "_" or (before.isdigit() and after.isdigit())):
            return False, False
        opens = not after.isspace() and (after.isalnum() or not before.isalnum())
        closes = not before.isspace() and (before.isalnum() or not after.isalnum())
        return opens, closes

    def _closing_backticks(self) -> dict[int, int]:
        """Map the start of each backtick run to the end of the next run of the same length."""
        later: dict[int, int] = {}
        closing: dict[int, int] = {}
        for run in reversed(list(re.compile("`+").finditer(self.text, self.start, self.end))):
            size = len(run[0])
            if size in later:
                closing[run.start()] = later[size]
            later[size] = run.end()
        return closing

    def _read_lines(self) -> None:
        for line in _LINE.finditer(self.text, self.start, self.end):
            if line.start() == 0 or self.text[line.start() - 1] == "\n":
                self.found.append(line.span("mark"))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sort spans and join those that overlap or touch."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
