from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.markup import markup
from ui.viewer import Span, disjoint, extent, location, pieces, window

TEXTS = st.text(st.sampled_from("ab .\n*[]()#`\u00a0é\u0301漢🇮🇶👩‍👩‍👧<${"), max_size=80)


@st.composite
def texts_and_spans(draw: st.DrawFn) -> tuple[str, Span, Span, list[Span]]:
    text = draw(TEXTS)
    offset = st.integers(0, len(text))

    def span() -> Span:
        return Span(*sorted((draw(offset), draw(offset))))

    mark = span()
    within = window(len(text), mark, draw(st.integers(0, 90)))
    return text, mark, within, [span() for _ in range(draw(st.integers(0, 4)))]


@given(texts_and_spans())
def test_pieces_joined_are_the_window_and_marked_ones_are_the_quote(case: tuple[str, Span, Span, list[Span]]) -> None:
    text, mark, within, cited = case
    syntax = [Span(*pair) for pair in markup(text, within.start, within.end)]
    cut = pieces(text, within, mark=mark, cited=cited, syntax=syntax)
    assert "".join(piece.text for piece in cut) == text[within.start : within.end]
    assert "".join(piece.text for piece in cut if piece.kind == "mark") == text[mark.start : mark.end]
    assert all(piece.text for piece in cut)


@given(texts_and_spans())
def test_cited_pieces_are_what_is_cited_outside_the_mark(case: tuple[str, Span, Span, list[Span]]) -> None:
    text, mark, within, cited = case
    at = within.start
    for piece in pieces(text, within, mark=mark, cited=cited):
        for position in range(at, at + len(piece.text)):
            marked = mark.start <= position < mark.end
            also = any(span.start <= position < span.end for span in cited)
            assert piece.kind == ("mark" if marked else "cited" if also else "text")
        at += len(piece.text)


def test_syntax_is_flagged_inside_the_mark() -> None:
    text = "See [the report](http://x.org) now."
    cut = pieces(text, Span(0, len(text)), mark=Span(0, 30), syntax=[Span(4, 5), Span(15, 30)])
    assert [(piece.text, piece.kind, piece.syntax) for piece in cut] == [
        ("See ", "mark", False),
        ("[", "mark", True),
        ("the report", "mark", False),
        ("](http://x.org)", "mark", True),
        (" now.", "text", False),
    ]
    assert cut[1].to_view() == {"t": "[", "k": "mark", "m": True}


def test_overlapping_spans_are_merged_and_cut_to_the_window() -> None:
    spans = [Span(8, 30), Span(0, 3), Span(2, 5), Span(40, 41), Span(6, 6)]
    assert disjoint(spans, Span(1, 20)) == [Span(1, 5), Span(8, 20)]


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("One.\n\nTwo.\n\nThree.\n", "Two", "paragraph 2 of 3"),
        ("\n\n\nOne.\n \n\n Two.\n\n", "One", "paragraph 1 of 2"),
        ("One.\n\u00a0\nTwo.", "Two", "paragraph 2 of 2"),
        ("One.\r\n\r\nTwo.", "Two", "paragraph 2 of 2"),
        ("a\nb\nc", "c", "line 3 of 3"),
        ("only", "only", "line 1 of 1"),
    ],
    ids=["plain", "blank edges", "no-break space", "carriage returns", "lines", "one line"],
)
def test_location_is_in_words(text: str, found: str, expected: str) -> None:
    at = text.index(found)
    assert location(text, Span(at, at + len(found))) == expected


def test_extent_counts_paragraphs() -> None:
    assert extent("One.\n\nTwo.") == "2 paragraphs"
    assert extent("One.") == "1 line"


def test_window_of_a_long_text() -> None:
    assert window(100_000, Span(50_000, 50_010), 20_000) == Span(30_000, 70_010)
    assert window(100, Span(5, 6), 20_000) == Span(0, 100)
