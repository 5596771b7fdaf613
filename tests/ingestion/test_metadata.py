from __future__ import annotations

from pathlib import Path

import pytest

from rag.ingestion.metadata import Head, parse_date, read_head

SEEDS = Path(__file__).parents[2] / "seeds"


def test_the_seeds_say_what_they_say_and_no_more() -> None:
    first, second = (read_head(path.read_bytes().decode()) for path in sorted(SEEDS.glob("*.txt")))
    title = "Trump Administration in “Historic” Withdrawal of Troops from 3 Iraq Bases Amid Ongoing Rocket Attacks"
    assert first == Head(title, "Global Research", "2020-03-18")
    assert second == Head("The US is pulling out of key Iraq bases", None, None)


@pytest.mark.parametrize(
    ("line", "outlet", "published"),
    [
        ("Global Research, March 18, 2020", "Global Research", "2020-03-18"),
        ("BBC News | 18 March 2020, 10:20 GMT", "BBC News", "2020-03-18"),
        ("BBC News 18 March 2020", "BBC News", "2020-03-18"),
        ("al-Jazeera, 3 May 2020", "al-Jazeera", "2020-05-03"),
        ("2020-03-18", None, "2020-03-18"),
        ("2020-03-18T10:20:00Z", None, "2020-03-18"),
        ("18th March 2020", None, "2020-03-18"),
        ("Wednesday, March 18, 2020", None, "2020-03-18"),
        ("Published: 18 March 2020", None, "2020-03-18"),
        ("Last updated on Sept. 3, 2019 at 5:40 pm", None, "2019-09-03"),
        ("By Juan Cole, March 18, 2020", None, "2020-03-18"),
        ("Posted by Juan Cole on March 18, 2020", None, "2020-03-18"),
        ("Source: Informed Comment", "Informed Comment", None),
        ("By Juan Cole", None, None),
        ("03/04/2020", None, None),
        ("March 2020", None, None),
        ("February 31, 2020", None, None),
        ("Attack of March 18, 2020", None, None),
        ("He was killed on March 3, 2020.", None, None),
        ("Trump visited Baghdad December 26, 2018.", None, None),
        ("— Inherent Resolve (@CJTFOIR) March 17, 2020", None, None),
    ],
)
def test_a_line_of_the_head_dates_the_text_or_does_not(line: str, outlet: str | None, published: str | None) -> None:
    head = read_head(f"A Headline That Stands Alone\n\n{line}\n\nThe body of the text begins here.\n")
    assert (head.outlet, head.published) == (outlet, published)


def test_dates_in_the_body_are_no_publication_dates() -> None:
    body = "The body is one long paragraph " + "of many words " * 12 + "and ends.\n\nMarch 18, 2020\n"
    assert read_head(f"A Headline\n\n{body}").published is None
    lines = "".join(f"Line {n} of a list.\n" for n in range(20))
    assert read_head(f"A Headline\n\n{lines}March 18, 2020\n").published is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Bases handed over\n\nThe army left.", "Bases handed over"),
        ("\n\n  Bases handed over\n\nThe army left.", "Bases handed over"),
        ("# Markdown *title*\nThe army left.", "Markdown title"),
        ("Setext title\n============\nThe army left.", "Setext title"),
        ("Title: Labelled one\nThe army left.", "Labelled one"),
        ("The army left the base on Tuesday.\n\nIt had been there long.", None),
        ("The army left the base\nand went home.", None),
        ("March 18, 2020\n\nThe army left.", None),
        ("By Juan Cole\n\nThe army left.", None),
        ("word\n\nThe army left.", None),
        ("----\n\nThe army left.", None),
        ("one line only", None),
        ("", None),
        ("### \n\nThe army left.", None),
    ],
)
def test_a_headline_is_a_title_and_a_sentence_is_not(text: str, title: str | None) -> None:
    assert read_head(text).title == title


@pytest.mark.parametrize("text", ["", "\0", "#" * 10_000, "(" * 10_000, "1" * 10_000, "\n" * 10_000, "May " * 5_000])
def test_odd_heads_say_nothing_and_take_no_time(text: str) -> None:
    assert read_head(text).published is None


def test_a_date_is_a_whole_date() -> None:
    assert parse_date(" 18 March 2020 ") == "2020-03-18"
    assert parse_date("on 18 March 2020") is None
    assert parse_date("2020-02-30") is None
