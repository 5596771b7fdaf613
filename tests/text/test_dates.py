"""Dates in text, taken apart, and which date bears out which."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.dates import agree, dates

READ = {
    "28 December": {"month": 12, "day": 28},
    "Dec. 28": {"month": 12, "day": 28},
    "December 28th": {"month": 12, "day": 28},
    "the 28th of December, 2019": {"month": 12, "day": 28, "year": 2019},
    "28\u00a0December\u00a02019": {"month": 12, "day": 28, "year": 2019},
    "Monday, March 16, 2020": {"weekday": 0, "month": 3, "day": 16, "year": 2020},
    "2020-03-17": {"month": 3, "day": 17, "year": 2020},
    "17/03/2020": {"month": 3, "day": 17, "year": 2020},
    "3/17/2020": {"month": 3, "day": 17, "year": 2020},
    "March 2020": {"month": 3, "year": 2020},
    "in late June": {"month": 6},
    "in May": {"month": 5},
    "in 2000 troops left": {"year": 2000},
    "the 2008 elections": {"year": 2008},
    "the 1990s": {"year": 1990},
    "on Wednesday": {"weekday": 2},
    "8:30 p.m.": {"minute": 20 * 60 + 30},
    "at 20:30": {"minute": 20 * 60 + 30},
    "12 a.m.": {"minute": 0},
}


@pytest.mark.parametrize(("text", "parts"), READ.items())
def test_a_date_is_read(text: str, parts: dict[str, int]) -> None:
    [found] = dates(text)
    assert found.parts == parts


@pytest.mark.parametrize(
    "text",
    ["", "They may go", "May I go?", "to march on", "2000 troops", "2,000", "$2000", "03/04/2020", "the sun sets"],
)
def test_what_is_no_certain_date_is_left_alone(text: str) -> None:
    assert dates(text) == []


BORNE_OUT = [
    ("28 December 2019", "Dec. 28, 2019", True),
    ("December", "Dec. 28, 2019", True),
    ("in 2019", "Dec. 28, 2019", True),
    ("28 December 2019", "on 28 December, late in the year 2019", True),
    ("the 1990s", "in 1994", True),
    ("8:30 pm", "20:30", True),
    ("27 December", "28 December", False),
    ("in 2018", "28 December 2019", False),
    ("on Monday", "on Tuesday", False),
    ("28 December 2019", "in December 2019", None),
    ("on Monday", "in 2019", None),
    ("in 2019", "nothing", None),
]


@pytest.mark.parametrize(("claimed", "known", "expected"), BORNE_OUT)
def test_a_date_bears_out_another(claimed: str, known: str, expected: bool | None) -> None:
    assert agree(dates(claimed)[0], dates(known)) is expected


@given(st.text(alphabet=st.sampled_from("0123456789 .,:/-MarchDecMondypt\u00a0th")))
def test_any_text_is_read_without_harm(text: str) -> None:
    found = dates(text)
    assert all(date.parts for date in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize("piece", ["1 ", "28 December ", "March ", "12:", "2020-", "Monday,", "1", "12/"])
def test_long_text_takes_linear_time(piece: str) -> None:
    began = time.perf_counter()
    dates(piece * (100_000 // len(piece)))
    assert time.perf_counter() - began < 5
