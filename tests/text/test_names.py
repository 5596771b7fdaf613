"""Names in text, and whether another text mentions them."""

from __future__ import annotations

import time

import pytest

from rag.text.names import Mentions, names, undotted

FOUND = {
    "Maria Lopez met the Bank of England’s Andrew Bailey": ["Maria Lopez", "Bank of England", "Andrew Bailey"],
    "The U.S. Army left al-Qa’im and Kirkuk": ["US Army", "Qa’im", "Kirkuk"],
    "He met José Álvarez, then Dr. J. Smith": ["José Álvarez", "Dr. J. Smith"],
    "the maker of the iPhone": ["iPhone"],
    "Soleimani was killed. The minister left": ["Soleimani"],
    "Companies and nearly all of them grew": [],
    "Same-sex marriage": [],
    "TROOPS LEAVE IRAQI BASES AT LAST": [],
    "Troops Leave Iraqi Bases In March": [],
    "محمد سافر إلى بغداد": [],
    "": [],
}


@pytest.mark.parametrize(("text", "expected"), FOUND.items())
def test_names_are_found_by_their_capitals(text: str, expected: list[str]) -> None:
    text = undotted(text)
    assert [text[name.start : name.end] for name in names(text)] == expected


def test_a_lone_word_at_the_head_of_a_sentence_is_uncertain() -> None:
    assert [name.certain for name in names("Crude oil from Iran")] == [False, True]


# name, evidence, whether it is mentioned there
MENTIONED = [
    ("Maria Lopez", "Lopez said", True),
    ("Maria Lopez", "Juan Lopez said", False),
    ("Maria Lopez", "Juan Lopez said so. Lopez left", False),
    ("Maria Lopez", "Juan Lopez met Maria Silva", False),
    ("President Barack Obama", "Obama spoke", True),
    ("J. Smith", "John Smith", True),
    ("John Smith", "J. Smith", True),
    ("John Doe", "Jane Doe", False),
    ("Lopez", "Lopez’s car", True),
    ("José Álvarez", "Jose Alvarez", True),
    ("O'Neill", "O’Neill", True),
    ("Kata'ib Hizbullah", "Kataib Hezbollah", True),
    ("al-Qa'im", "Al Qaim", True),
    ("Mohammed", "Muhammad", True),
    ("the IMF", "the International Monetary Fund", True),
    ("the International Monetary Fund", "the IMF", True),
    ("the ISIL", "Islamic State of Iraq and the Levant", True),
    ("the US", "the United States", True),
    ("American", "U.S. troops", True),
    ("Iraqi", "Iraq's army", True),
    ("French", "in France", True),
    ("Kirkuk Province", "in Kirkuk", True),
    ("South Korea", "North Korea", False),
    ("New York", "New Jersey", False),
    ("Bank of England", "Bank of Scotland", False),
    ("Iran", "Iraq", False),
    ("Paris", "", False),
]


@pytest.mark.parametrize(("name", "evidence", "expected"), MENTIONED)
def test_a_name_is_mentioned(name: str, evidence: str, expected: bool) -> None:
    mentions = Mentions()
    mentions.add(undotted(evidence))
    [found] = names(undotted(f"said {name}"))
    assert mentions.holds(found) is expected


@pytest.mark.parametrize("piece", ["Maria Lopez ", "A ", "A.", "of the ", "Aa of ", "U.S."])
def test_long_text_takes_linear_time(piece: str) -> None:
    text = undotted(piece * (100_000 // len(piece)))
    began = time.perf_counter()
    mentions = Mentions()
    mentions.add(text)
    for name in names(text)[:100]:
        mentions.holds(name)
    assert time.perf_counter() - began < 5
