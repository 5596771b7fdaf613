"""Sentences: where they end, what counts as a heading, and that every character is accounted for."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text.sentences import Span, enclosing, sentences

SEEDS = Path(__file__).parents[2] / "seeds"


def split(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


def assert_covers(text: str) -> None:
    at = 0
    for span in sentences(text):
        assert at <= span.start < span.end
        assert not text[at : span.start].strip()
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        at = span.end
    assert not text[at:].strip()


# Each text is written as its sentences, separated by "¦" where the splitter must part them, with the space kept.
PROSE = {
    "two": "He left. ¦She stayed.",
    "question": "Why? ¦Because it was late! ¦So he left.",
    "title mr": "Mr. Smith met Mrs. Jones. ¦They left.",
    "title dr": "Dr. Who and Prof. Plum left.",
    "title ranks": "Gunnery Sgt. Diego Pogo and Capt. Moises Navas were killed. ¦Lt. Gen. Pat White spoke.",
    "title general": "Iranian Gen. Qasem Soleimani died. ¦Col. Caggins said so.",
    "title all capitals": "MR. SMITH LEFT. ¦HE SAID NOTHING.",
    "initials": "J. K. Rowling and J.R.R. Tolkien met George W. Bush. ¦He left.",
    "initial ends": "It was plan B. ¦The army left.",
    "initial a": "T. S. A. Smith left.",
    "hyphenated initial": "J.-P. Sartre wrote it.",
    "us inside": "The U.S. Army and U.S. forces left. ¦It was over.",
    "us ends": "He left the U.S. ¦The army stayed.",
    "us ends in": "They came from the U.K. ¦In 2003 they left.",
    "spaced initials": "The U. S. Army left. ¦It was late.",
    "inc ends": "He works at Acme Inc. ¦It is big.",
    "inc inside": "Acme Inc. Chief Executive Jo Doe left.",
    "corp ticker": "Acme Corp. (ACME) fell. ¦Sony Corp. rose.",
    "yahoo": "Yahoo! Inc. rose. ¦He likes Yahoo! and Google.",
    "yahoo ends": "He works for Yahoo! ¦The firm fell.",
    "time inside": "It began at 5 p.m. on Friday and 6 a.m. Monday.",
    "time ends": "It began at 5 p.m. ¦The crowd left.",
    "etc inside": "Guns, tanks, etc. were left. ¦So were planes, etc. ¦Nobody minded.",
    "eg": "Use a base, e.g. Al Qaim, i.e. The West. ¦Go.",
    "versus": "It was Iraq vs. The World. ¦Iraq won.",
    "jr": "Martin Luther King Jr. Day is near. ¦He met John Doe Jr. ¦They spoke.",
    "numbered king": "He met King George V. ¦The end of vitamin C. ¦500 men left.",
    "small titles": "I saw my prof. ¦He left with the gen. staff.",
    "dash after abbreviation": "Washington, D.C. — The base fell. ¦(AP) — The base fell.",
    "arabic name": "The base fell. ¦al-Zurfi spoke. ¦The U.S. al-Tanf base stayed.",
    "letters in brackets": "Two left: (i) He left. ¦(ii) She stayed. (see below)",
    "rupees": "It cost Rs. 500. ¦It was much.",
    "smiley": "I like it! :) ¦The end.",
    "saint": "He left St. Louis for Main St. ¦He walked.",
    "state": "He lives in Gary, Ind. ¦She lives in Aspen, Colo., too.",
    "state inside": "The Gary, Ind. Police left.",
    "month": "Then on Jan. 3, Trump left. ¦On Feb. 4 he came back.",
    "month ends": "It ended in Dec. ¦The rest is history.",
    "number": "See No. 5 and Fig. 2, p. 12, Vol. IX. ¦No. ¦He said no. ¦Then he left.",
    "decimal": "It cost 3.5 or $1.2 billion. ¦Version v2.0 is out.",
    "year ends": "It ended in 2016. ¦500 men left in 2017. ¦They left.",
    "ordinal in brackets": "The brigade (1. Proleterska) fought. ¦It lost.",
    "address": "www.globalresearch.ca contains pages. ¦Write to publications@globalresearch.ca now.",
    "address ends": "Read www.globalresearch.ca. ¦It is long.",
    "address after": "It moved throughout 2020. ¦pic.twitter.com/FO754mO5yx",
    "file": "Node.js and index.html are in example.org/a.b?c=D.E now.",
    "ellipsis apart": "All will be leaving Qaim ... It’s historic.",
    "ellipsis small": "He left... and came back… then left.",
    "ellipsis ends": "He left... ¦She stayed… ¦They spoke.",
    "ellipsis spaced points": "He left . . . and came back.",
    "ellipsis bracketed": "He [...] Smith left (…) Jones.",
    "closing quote": "He said “It is over.” ¦Then he left.",
    "straight quote": 'He said "It is over." ¦Then he left. ¦"Go," he said.',
    "single quote": "He said ‘Go.’ ¦They went.",
    "quote comma": "“If they don’t want to leave, we’ll make them go,” a leader said.",
    "quote goes on": "“It is over.” he said.",
    "question in quotes": "“Why?” he asked. ¦“Why?” Mr. Smith asked. ¦“Why?” ¦Nobody knew.",
    "quote of two": "“Go. ¦Leave now,” he said. ¦They went.",
    "quote opens": "He left. ¦“It is over,” he said. ¦(It was.) ¦[Sic.] ¦They agreed.",
    "quote no space": "He left.”¦She stayed.",
    "spaced quote": 'He said : " It is over . " ¦Then he left .',
    "tokenised": "a man left . ¦the woman stayed . ¦she slept .",
    "guillemets": "Il dit : « Partons. » ¦Elle part.",
    "brackets inside": "The author(s). ¦He left (at 5 p.m.) and (he says) slept.",
    "brackets question": "He left (why?) Iraq and (!) Syria.",
    "film with year": "She wrote O Pioneers! (1913) and more.",
    "link": "[He left](#) the base. ¦[She](http://a.org/x.y) stayed.",
    "link stop inside": "[He left.](#) ¦She stayed.",
    "link stop outside": "He took [the base](http://a.org/b_(c).html). ¦She stayed.",
    "link stop within": "[He left. ¦She stayed](#). ¦They slept.",
    "escape": "[two \\(Sgt. Diego Pogo and Capt. Moises Navas\\) died](#) there. ¦He left \\(at once.\\) ¦So.",
    "emphasis": "He met **Col. Myles B. Caggins III** there. ¦**He left.** ¦*She* stayed.",
    "footnote": "He left.[1] ¦She stayed.[12][13] ¦They slept.[citation needed] ¦Good.",
    "no-break space": "The\u00a0U.S.\u00a0army left\u00a0Iraq. ¦\u00a0It\u00a0was\u00a0over.",
    "missing space": "The troops left.¦The base was empty.",
    "careless": "i went home. ¦it was late. ¦i slept approx. the whole day.",
    "small name": "He left. ¦iPhone sales fell. ¦eBay rose.",
    "emoji": "We won! 🎉 ¦The end. ¦Great!🎉 ¦Bye.",
    "chinese": "他走了。¦她留下来！¦为什么？¦“走吧。”¦好。",
    "japanese quote": "「行こう。」と言った。¦終わり。",
    "arabic": "هل رحل؟ ¦نعم. ¦انتهى.",
    "hindi": "वह गया। ¦वह रुकी।",
    "enumerator": "1. He left. ¦She stayed.",
    "letter enumerator": "A. The first left. ¦The second stayed.",
    "mixed marks": "What?! ¦No way!! ¦Really?? ¦He said “no!”, twice.",
    "dash after": "“Really?” — he asked. ¦It was late!",
    "missing end": "He left. ¦She stayed",
    "wrapped": "The withdrawal leaves it in Syria\nmore isolated than ever. ¦A few of the men left\non Tuesday.",
    "wrapped at name": "The withdrawal of coalition troops from the base of Al\nQaim was known to Gen.\nSmith.",
    "windows lines": "The withdrawal from the base leaves it in Syria\r\nmore isolated than ever.\r\n\r\n¦It is over.",
    "broken paragraph": "They will go to other, less exposed bases in\n\nIraq, and some will come home. ¦It is over.",
    "paragraphs": "He left.\n\n¦She stayed.\n\n\n¦They slept.",
    "small after blank": "He left for the city\n\n¦iraq was quiet.",
    "block quote": "> He left the base at once\n> and never came back. ¦She stayed.\n\n¦Then it was over.",
    "item wrapped": "- He left the base at once\n  and never came back. ¦She stayed.\n¦- They slept.",
}


@pytest.mark.parametrize("marked", PROSE.values(), ids=PROSE.keys())
def test_ends_of_sentences(marked: str) -> None:
    assert split(marked.replace("¦", "")) == [part.strip() for part in marked.split("¦")]


BLOCKS = {
    "title": ("The US is pulling out\n\nTroops left.", ["The US is pulling out"]),
    "title without blank line": (
        "The end of it\nTroops left the base at Al Qaim on Tuesday morning.",
        ["The end of it"],
    ),
    "hash": ("# Why. And how.\nHe left.", ["# Why. And how."]),
    "hash is no heading": ("#ISF took the base.", []),
    "underlined": ("Title\n=====\nHe left.\n\nOther\n---\nShe stayed.", ["Title", "=====", "Other", "---"]),
    "rule": ("He left.\n\n*\n\n---\n\nShe stayed.", ["*", "---"]),
    "field": ("Theme: [Intelligence](#)\n\nHe left.", ["Theme: [Intelligence](#)"]),
    "short lines": ("March 18, 2020\n[Informed Comment](#)\nHe left.", ["March 18, 2020", "[Informed Comment](#)"]),
    "lead-in": ("The Coalition tweeted,\n\nHe left.", ["The Coalition tweeted,"]),
    "items": (
        "Take:\n- bread\n* some milk\n+ eggs\n1. an apple\n(a) a pear",
        ["Take:", "- bread", "* some milk", "+ eggs", "1. an apple", "(a) a pear"],
    ),
    "items of prose": ("- He left.\n- She stayed.", []),
    "gaps in prose": ("He\tleft\tthe base.", []),
    "table": ("| a | b |\n|---|---|\n| 1. One | 2 |\n\nHe left.", ["| a | b |", "|---|---|", "| 1. One | 2 |"]),
    "table without bars": ("a | b\n--- | ---\n1 | 2\n\nHe left.", ["a | b", "--- | ---", "1 | 2"]),
    "columns": ("Year\t2019\t2020\nMen\t5,200\t2,500\n\nHe left.", ["Year\t2019\t2020", "Men\t5,200\t2,500"]),
    "code": ("```py\nx = 1. \n\ny()\n```\nHe left.", ["```py", "x = 1.", "y()", "```"]),
    "open fence": ("```\n\nHe left. She stayed.", ["```"]),
    "quotation alone": ("‘We will make them leave’\n\nHe left.", ["‘We will make them leave’"]),
    "long title": (
        "Trump in “Historic” Withdrawal of Troops from 3 Iraq Bases Amid Ongoing Rocket Attacks and Growing Anger",
        None,
    ),
    "long unfinished prose": (
        "for publication of articles in print or other forms including commercial internet sites please write to us",
        [],
    ),
    "address after prose": ("It moved. pic.twitter.com/FO754mO5yx", ["pic.twitter.com/FO754mO5yx"]),
    "byte order mark": ("\ufeffTitle\n\nHe left.", ["\ufeffTitle"]),
    "menu": (
        "A long line of prose stands above the menu. " * 6 + "\nMusic\nlatest news\nsign out",
        ["Music", "latest news", "sign out"],
    ),
}


@pytest.mark.parametrize(("text", "headings"), BLOCKS.values(), ids=BLOCKS.keys())
def test_headings(text: str, headings: list[str] | None) -> None:
    found = [text[span.start : span.end] for span in sentences(text) if span.heading]
    assert found == ([text] if headings is None else headings)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u00a0\u2003\t\r\n"], ids=ascii)
def test_nothing_to_find(text: str) -> None:
    assert sentences(text) == []


def test_span_defaults_to_prose() -> None:
    assert sentences(" He left. ") == [Span(1, 9)]


FRAGMENTS = [
    *"aZ1 .!?…“”\"'’‘()[]*_`#>-|~\\\n\r\t,;:=。！「」\u00a0\u200b\u0301é🎉中\x1c\x85\u2028\ufeff",
    *(
        "\n\n",
        "](#)",
        "](http://a.b)",
        "Mr. ",
        "U.S. ",
        "J. ",
        "The ",
        "he said",
        "in\n\n",
        "```\n",
        "---\n",
        "- ",
        "1. ",
    ),
    *(
        "(a) ",
        "|a|b|\n",
        "\r\n",
        "...",
        " . . . ",
        "www.a.ca ",
        "#",
        "> ",
        "e\u0301",
        "Qa'im",
        "“Why?” ",
        "** ",
        "===\n",
    ),
]


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join))
def test_every_character_lies_in_one_sentence(text: str) -> None:
    assert_covers(text)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.text(max_size=80))
def test_every_character_lies_in_one_sentence_of_any_text(text: str) -> None:
    assert_covers(text)


SIZE = 60_000
HOSTILE = {
    "dots": ".", "spaced dots": ". ", "quotes": '"', "stops and quotes": '." ', "initials": "A. ", "titles": "Mr. ",
    "brackets": "[", "links": ".](", "open links": ".](a", "one word": "a", "short lines": "A\n", "items": "- a\n",
    "quoted": ">\n", "deep quote": "> ", "fences": "```\n", "bars": "|", "rows": "a|b\n", "tabs": "a\t",
    "dashes": "-", "questions": "?” Smith ", "numbers": "1. ", "chinese": "中。", "addresses": "a@b.",
    "open quotes": '. “', "blank": "\n", "emoji": "! 🎉", "spaces": " ", "stars": ".* a",
    "broken paragraphs": "of\n\n", "delimiters": "|-", "notes": ".[1", "openers": ". (((", "dots and words": "a.a-",
    "marks": "a\u0301", "speakers": "?” A  ", "asides": "(a?) ",
}  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_takes_linear_time(unit: str) -> None:
    text = unit * (SIZE // len(unit)) + "x"
    started = time.perf_counter()
    sentences(text)
    assert time.perf_counter() - started < 3  # a quadratic rule would take minutes


def test_the_sentences_around_a_span() -> None:
    text = "It rained. He denied that the minister resigned. Nobody asked why.\n\nThe end."
    start = text.index("the minister")
    assert text[slice(*enclosing(text, start, start + 21))] == "He denied that the minister resigned."
    assert (
        text[slice(*enclosing(text, start, text.index("asked")))]
        == "He denied that the minister resigned. Nobody asked why."
    )
    assert enclosing(text, 10, 11) == (10, 11)
    long = "Word " * 2000
    assert enclosing(long, 5000, 5004)[0] >= 2999
