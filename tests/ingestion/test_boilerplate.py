from __future__ import annotations

from pathlib import Path

import pytest

from rag.ingestion.boilerplate import classify
from rag.store.records import Kind
from rag.text.sentences import sentences

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))


def marked(text: str) -> list[str]:
    spans = classify(text, sentences(text))
    return [text[span.start : span.end] for span in spans if span.kind is Kind.BOILERPLATE]


def test_the_first_seed_ends_in_what_is_no_evidence() -> None:
    text = SEEDS[0].read_bytes().decode()
    found = marked(text)
    tail = text.index("Note to readers")
    assert all(text.index(sentence) >= tail or sentence == "*" for sentence in found)
    for opening in (
        "Note to readers", "Forward this", "Crosspost on", "Featured image", "Photo |", "The original source",
        "Copyright ©", "[Comment on", "[Become a Member", "Articles by", "Disclaimer", "For media",
    ):  # fmt: skip
        assert any(sentence.startswith(opening) for sentence in found), opening
    assert "will follow those at al-Qa'im" not in "".join(found)


def test_the_second_seed_ends_in_a_comment_form() -> None:
    assert [sentence.split()[0] for sentence in marked(SEEDS[1].read_bytes().decode())] == ["Leave", "Your", "Required"]


@pytest.mark.parametrize(
    "sentence",
    [
        "He used to share this house.",
        "Share this burden with the allies, the minister asked the parliament of the country on Tuesday.",
        "The company filed for copyright protection in May.",
        "Copyright law was amended in 1976.",
        "Subscribe to his theory if you like, the historian told the packed hall on Tuesday, but bring evidence.",
        "Contact between the two groups was rare.",
        "Contact us before you travel, the embassy told its citizens.",
        "Related costs rose to four million dollars in 2019.",
        "Advertisement revenue fell by 12 percent in 2019.",
        "Sponsored by Qatar, the talks opened in Doha.",
        "Register offices were closed in March.",
        "Donated blood was flown to Mosul.",
        "Donate blood, the governor asked the citizens of Mosul.",
        "Follow me, the guide said, and they went.",
        "Read more books, the teacher told the pupils.",
        "See also how the army fared in 2011.",
        "Privacy policy was debated in parliament on Monday.",
        "The film contains copyrighted material, the court found.",
        "Disclaimer laws were passed in 2003.",
        "The original source of the virus remains unknown.",
        "Note to readers of tea leaves was the title of his novel.",
        "All rights reserved for citizens were extended to refugees in May.",
        "Print runs doubled.",
        "Press contacts with the rebels were forbidden.",
        "Featured images of the dead leader were burnt in the square.",
        "Photo shops closed in April.",
        "Comments by the minister drew protests.",
        "The story was first published in 1961.",
        "Add a comment to each line of the code, the manual says.",
    ],
)
def test_prose_that_contains_such_words_is_prose(sentence: str) -> None:
    text = f"The army left the base. {sentence} Nobody was hurt.\n\n{sentence}\n\nThe people went home that day.\n"
    assert marked(text) == []


@pytest.mark.parametrize(
    "line",
    [
        "Share this article", "Share this:", "Tweet", "Leave a Reply", "3 Comments", "Subscribe",
        "Subscribe to our newsletter", "Sign up for our daily briefing", "Follow us on Twitter", "Related articles",
        "Read more: The second withdrawal", "Advertisement", "Privacy Policy | Terms of Use", "© 2020 Daily Globe",
        "Copyright 2020 Daily Globe", "All rights reserved.", "Photo: Reuters", "We use cookies to improve the site.",
        "Contact: press@example.org", "This article was first published in the Daily Globe.", "Donate now",
        "Skip to content",
    ],
)  # fmt: skip
def test_furniture_is_marked_wherever_it_stands(line: str) -> None:
    body = "The army left the base. Nobody was hurt. " * 20
    assert marked(f"Bases handed over\n\n{line}\n\n{body}\n\n{line}\n") == [line, line]


def test_a_disclaimer_before_the_middle_opens_no_tail() -> None:
    text = "Title of it\n\nDisclaimer: this is satire.\n\n" + "The army left the base on Tuesday. " * 20
    assert marked(text) == ["Disclaimer: this is satire."]
