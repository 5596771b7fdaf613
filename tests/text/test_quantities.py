"""Numbers in text: their value, kind and what they count; and how one number bears on another."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.quantities import Quantity, alike, compare, quantities

# text: (low, high, kind, noun counted, bound)
READ = {
    "24 soldiers": (24, 24, "count", "soldier", ""),
    "1,000 people": (1000, 1000, "count", "peopl", ""),
    "1\u00a0000 people": (1000, 1000, "count", "peopl", ""),
    "one thousand people": (1000, 1000, "count", "peopl", ""),
    "twenty-five Iraqi soldiers": (25, 25, "count", "soldier", ""),
    "two hundred and six thousand votes": (206_000, 206_000, "count", "vote", ""),
    "two dozen fighters": (24, 24, "count", "fighter", "about"),
    "a hundred tanks": (100, 100, "count", "tank", ""),
    "half a million people": (500_000, 500_000, "count", "peopl", ""),
    "67m people": (67e6, 67e6, "count", "peopl", ""),
    "3½ years": (3.5, 3.5, "count", "year", ""),
    "hundreds of cars": (200, 2000, "count", "car", ""),
    "about 69 million": (69e6, 69e6, "count", None, "about"),
    "more than 70 ships": (70, 70, "count", "ship", "least"),
    "no fewer than 5 ships": (5, 5, "count", "ship", "least"),
    "up to 3,000 troops": (3000, 3000, "count", "troop", "most"),
    "10–15 people": (10, 15, "count", "peopl", ""),
    "between 10 and 15 people": (10, 15, "count", "peopl", ""),
    "two to three million people": (2e6, 3e6, "count", "peopl", ""),
    "1.2 km": (1.2, 1.2, "count", "kilometr", ""),
    "1.2 kilometres": (1.2, 1.2, "count", "kilometr", ""),
    "20 per cent of voters": (20, 20, "%", "voter", ""),
    "20%": (20, 20, "%", None, ""),
    "half of the houses": (50, 50, "%", "hous", "about"),
    "three-quarters": (75, 75, "%", None, "about"),
    "$5.3 billion": (5.3e9, 5.3e9, "dollar", None, ""),
    "US$5m": (5e6, 5e6, "dollar", None, ""),
    "5bn euros": (5e9, 5e9, "euro", None, ""),
    "the 21st century": (21, 21, "ordinal", "centuri", ""),
    "the twenty-first attack": (21, 21, "ordinal", "attack", ""),
    "٢٥": (25, 25, "count", None, ""),
}


@pytest.mark.parametrize(("text", "expected"), READ.items())
def test_a_number_is_read(text: str, expected: tuple[float, float, str, str | None, str]) -> None:
    [found] = quantities(text)
    noun = found.of[-1] if found.of else None
    assert (found.low, found.high, found.kind, noun, found.bound) == (
        pytest.approx(expected[0]),
        pytest.approx(expected[1]),
        *expected[2:],
    )


@pytest.mark.parametrize("text", ["no one died", "one of them", "help one another", "nothing", "", "a man", "-", "%"])
def test_what_is_no_number_is_left_alone(text: str) -> None:
    assert quantities(text) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [("won 3-1", [3, 1]), ("from 10 to 15", [10, 15]), ("two $5 notes", [2, 5]), ("Five men, six women", [5, 6])],
)
def test_two_numbers_stay_two(text: str, values: list[float]) -> None:
    assert [found.low for found in quantities(text)] == values


def test_spans_set_apart_are_not_read() -> None:
    text = "on 28 December five men"
    assert [text[found.start : found.end] for found in quantities(text, [(3, 14)])] == ["five"]


# claimed, known: what the one makes of the other
BORNE_OUT = [
    ("67 million", "67 million", "same"),
    ("67 million", "about 67 million", "same"),
    ("about 67 million", "67 million", "same"),
    ("two dozen", "24", "same"),
    ("two dozen", "25", "same"),
    ("25", "two dozen", "open"),
    ("at least 1,000", "1,250", "same"),
    ("between 10 and 20", "fifteen", "same"),
    ("15", "between 10 and 20", "open"),
    ("70", "more than 70", "close"),
    ("75", "more than 70", "open"),
    ("67 million", "67.1 million", "close"),
    ("3", "3.4", "close"),
    ("69 million", "67 million", "different"),
    ("69 million", "about 67 million", "different"),
    ("100", "101", "different"),
    ("at least 70", "at most 70", "different"),
    ("20 to 69", "40 to 69", "open"),
    ("at least 20", "at least 25", "same"),
    ("at least 37", "at least 25", "different"),
    ("hundreds", "500", "same"),
    ("hundreds", "five", "different"),
    ("33%", "a third", "open"),
]


@pytest.mark.parametrize(("claimed", "known", "expected"), BORNE_OUT)
def test_one_number_bears_on_another(claimed: str, known: str, expected: str) -> None:
    assert compare(quantities(claimed)[0], quantities(known)[0]) == expected


def test_numbers_are_alike_if_they_may_count_the_same() -> None:
    def one(text: str) -> Quantity:
        return quantities(text)[0]

    assert alike(one("two Americans"), one("three American service members"))
    assert alike(one("five men"), one("five"))
    assert not alike(one("five Iraqi soldiers"), one("five Iraqi policemen"))
    assert not alike(one("$5"), one("5%"))


@given(st.text(alphabet=st.sampled_from("0123456789 .,%$€½-—atofhundred milion\u00a0")))
def test_any_text_is_read_without_harm(text: str) -> None:
    found = quantities(text)
    assert all(0 <= item.start < item.end <= len(text) and item.low <= item.high for item in found)
    assert all(compare(one, other) for one in found for other in found)


@pytest.mark.parametrize("piece", ["1 ", "hundred ", "five-", "1,", "1", "half a ", "million hundred ", "12 or ", "1/"])
def test_long_text_takes_linear_time(piece: str) -> None:
    began = time.perf_counter()
    quantities(piece * (100_000 // len(piece)))
    assert time.perf_counter() - began < 5
