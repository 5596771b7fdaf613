"""Inline Markdown: what is syntax, what is not, and that hostile text costs no more than its length."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text.markup import markup, plain

PLAIN = {
    "link": ("[text](url)", "text"),
    "empty target": ("[text](#) on", "text on"),
    "address": ("see [it](https://a.org/b_(c).html?d=1) now", "see it now"),
    "link with title": ('[it](http://a.org "the title")', "it"),
    "angled target": ("[it](<a b>)", "it"),
    "image": ("![map](http://a.org/x.png)", "map"),
    "nested": ("[a [b](u) c](v)", "a b c"),
    "link over words": ("[two \\(Sgt. Pogo\\) died](#) there", "two (Sgt. Pogo) died there"),
    "mention": ("the [@coalition](#) took [#ISF](#)", "the @coalition took #ISF"),
    "end of a link alone": ("the base](#) fell", "the base fell"),
    "aside after a bracket": ("the base](see below) fell", "the base](see below) fell"),
    "no link": ("he said [sic] and [...] (so)", "he said [sic] and [...] (so)"),
    "no link over paragraphs": ("[a\n\nb](#)", "[a\n\nb"),
    "autolink": ("<https://a.org/b> left", "https://a.org/b left"),
    "tag": ("a < b > c <i>", "a < b > c <i>"),
    "strong": ("**Col. Myles B. Caggins III** left", "Col. Myles B. Caggins III left"),
    "emphasis": ("*so* and _so_ and ***so***", "so and so and so"),
    "emphasis inside": ("**a *b* c** un*believ*able", "a b c unbelievable"),
    "struck": ("a ~~b~~ c ~5", "a b c ~5"),
    "product": ("2 * 3, 2*3*4 and 5*", "2 * 3, 2*3*4 and 5*"),
    "footnote star": ("Required fields are marked *", "Required fields are marked *"),
    "snake case": ("snake_case_name and @user_name_", "snake_case_name and @user_name_"),
    "lone star": ("*\n\nNote", "*\n\nNote"),
    "stars in two paragraphs": ("*a\n\nb*", "*a\n\nb*"),
    "code": ("run `a*b*c` or ``a`b``", "run a*b*c or a`b"),
    "open code": ("it`s *so*", "it`s so"),
    "escapes": ("\\*so\\* \\[a\\] C:\\dir", "*so* [a] C:\\dir"),
    "heading": ("# Title\n### Part\n#ISF", "Title\nPart\n#ISF"),
    "quote": ("> a\n> > b\n>c", "a\nb\nc"),
    "bullets": ("- a\n  * b\n+ c\n> - d\n-e", "a\n  b\nc\nd\n-e"),
    "dashes in prose": ("he left - at once - and 3 > 2 # 1", "he left - at once - and 3 > 2 # 1"),
    "windows lines": ("# A\r\n\r\n- *b*\r\n", "A\r\n\r\nb\r\n"),
    "table": ("Photo | Mehr", "Photo | Mehr"),
    "empty": ("", ""),
}


@pytest.mark.parametrize(("text", "expected"), PLAIN.values(), ids=PLAIN.keys())
def test_plain(text: str, expected: str) -> None:
    assert plain(text).lstrip() == expected.lstrip()


def test_spans_are_those_of_the_whole_text() -> None:
    text = "He took [the base. **Then** he left](#a) it."
    start = text.index("**Then")
    assert [text[a:b] for a, b in markup(text, 0, len(text))] == ["[", "**", "**", "](#a)"]
    assert [text[a:b] for a, b in markup(text, start, len(text))] == ["**", "**", "](#a)"]
    assert [text[a:b] for a, b in markup(text, 0, start)] == ["["]


def test_spans_are_cut_to_what_was_asked_for() -> None:
    assert markup("[a](url)", 4, 6) == [(4, 6)]
    assert markup("[a](url)", 5, 5) == []
    assert markup("[a](url)", -3, 99) == [(0, 1), (2, 8)]


def test_a_marker_counts_only_at_the_start_of_a_line() -> None:
    text = "a\n  - b - c"
    assert markup(text, 4, len(text)) == [(4, 6)]
    assert markup(text, 8, len(text)) == []


FRAGMENTS = [
    *'a1 .!()[]*_`#>-~\\\n"<é中',
    "](#)",
    "](http://a.b)",
    "\n\n",
    "**",
    "``",
    "- ",
    "![",
    "<https://a.b>",
    "\\(",
]


@settings(max_examples=250, derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join), st.integers(0, 60), st.integers(0, 60))
def test_spans_are_ordered_and_apart(text: str, start: int, size: int) -> None:
    at = start - 1
    for first, last in markup(text, start, start + size):
        assert at < first < last <= min(len(text), start + size)
        at = last


@settings(max_examples=80, derandomize=True, deadline=None)
@given(st.text(max_size=60))
def test_plain_only_leaves_out(text: str) -> None:
    rest = iter(text)
    assert all(char in rest for char in plain(text))


UNITS = [
    "[",
    "[]",
    "[](",
    "](a",
    "*",
    "*a ",
    "a* ",
    "_a_",
    "` `` ",
    "\\(",
    "> ",
    "\n>",
    "<https://",
    '[a](b "',
    "\n ",
    "# ",
    "[a](<",
    "~~",
]


@pytest.mark.parametrize("unit", UNITS, ids=ascii)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    text = unit * (60_000 // len(unit))
    started = time.perf_counter()
    plain(text)
    assert time.perf_counter() - started < 3  # a quadratic rule would take minutes
