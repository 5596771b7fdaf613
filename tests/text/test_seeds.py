"""The bundled documents, sentence by sentence; the expected sentences were read by a person against the documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.text.markup import plain
from rag.text.normal import find
from rag.text.sentences import sentences

HERE = Path(__file__).parent
TEXTS = {path.name[:3]: path.read_bytes().decode() for path in sorted((HERE.parents[1] / "seeds").glob("*.txt"))}
SENTENCES = [line.split("\t") for line in (HERE / "seed_sentences.tsv").read_text("utf-8").splitlines()]
HEADINGS = {
    "000": [
        "Trump Administration in “Historic” Withdrawal of Troops from 3 Iraq Bases Amid Ongoing Rocket Attacks",
        "By [Prof. Juan Cole](#)",
        "Global Research, March 18, 2020",
        "[Informed Comment](#)",
        "Region: [Middle East & North Africa, USA](#)",
        "Theme: [Intelligence](#)",
        "In-depth Report: [IRAQ REPORT](#)",
        "The Coalition tweeted,",
        "Today, the [@coalition](#) transferred Al Qa'im base to [#ISF](#)",
        "pic.twitter.com/FO754mO5yx",
        "— Inherent Resolve (@CJTFOIR) [March 17, 2020](#)",
        "*",
        "The original source of this article is [Informed Comment](#)",
        "Copyright © [Prof. Juan Cole](#), [Informed Comment](#), 2020",
        "[Comment on Global Research Articles on our Facebook page](#)",
        "[Become a Member of Global Research](#)",
        "Articles by: [Prof. Juan Cole](#)",
        "For media inquiries: publications@globalresearch.ca",
    ],
    "001": [
        "The US is pulling out of key Iraq bases",
        "Al Qaim military base, 2017",
        "‘We will make them leave’",
        "Map showing US military bases in Iraq",
        "An American soldier on the Iraq-Syria border, 2018",
        "Spate of attacks",
        "Images of rocket attack on Taji base",
        "Leave a Reply",
    ],
}


@pytest.mark.parametrize(("seed", "sentence"), SENTENCES, ids=[f"{seed}-{text[:24]}" for seed, text in SENTENCES])
def test_sentence_of_a_seed(seed: str, sentence: str) -> None:
    text = TEXTS[seed]
    found = [" ".join(text[span.start : span.end].split()) for span in sentences(text)]
    assert sentence in found
    place = find(sentence, text)
    assert place in [(span.start, span.end) for span in sentences(text)]


@pytest.mark.parametrize("seed", TEXTS)
def test_headings_of_a_seed(seed: str) -> None:
    text = TEXTS[seed]
    assert [text[span.start : span.end] for span in sentences(text) if span.heading] == HEADINGS[seed]


@pytest.mark.parametrize(("seed", "count"), [("000", 66), ("001", 52)])
def test_number_of_sentences_of_a_seed(seed: str, count: int) -> None:
    assert len(sentences(TEXTS[seed])) == count


def test_seed_without_markdown() -> None:
    text = plain(TEXTS["000"])
    assert "two American servicemen (Gunnery Sgt. Diego Pogo and Capt. Moises Navas) and one British" in text
    assert "spokesman Col. Myles B. Caggins III as saying" in text
    assert "Today, the @coalition transferred Al Qa'im base to #ISF\n" in text
    assert not set("[]") & set(text)
    assert "](" not in text
    assert plain(TEXTS["001"]) == TEXTS["001"]
