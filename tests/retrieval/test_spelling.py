"""Names in another spelling are looked up as the documents write them; other names are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import Assistant
from rag.config import Config
from rag.retrieval.spelling import respell

TEXT = (
    "The base at al-Qa'im was handed over by General Adel Muhandis. The Tofof Brigades left Qayyarah for Kirkuk. "
    "Saleh Zurfi was seen in Los Angeles. They used a press to make coffee, and a size of paper that nobody knew."
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, seeds_assistant: Assistant) -> Assistant:
    folder = tmp_path_factory.mktemp("names")
    (folder / "docs").mkdir()
    (folder / "docs" / "base.txt").write_text(TEXT, encoding="utf-8")
    made = Assistant.open(
        config=Config(docs=folder / "docs", index=folder / "index", cache=Path(seeds_assistant.config.cache))
    )
    made.sync()
    return made


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("When was Al-Kaim handed over?", "When was Al-Qa'im handed over?"),
        ("Who leads the Tufuf Brigades?", "Who leads the Tofof Brigades?"),
        ("Was Salih in Kirkouk with Salih?", "Was Saleh in Kirkuk with Saleh?"),
        ("Where was Zurufi seen?", "Where was Zurfi seen?"),
        ("Is Adil Mohandes a general?", "Is Adel Muhandis a general?"),
        ("What is at Qayara?", "What is at Qayyarah?"),
    ],
)
def test_a_name_is_spelt_as_the_documents_spell_it(assistant: Assistant, asked: str, written: str) -> None:
    text, changed = respell(assistant._index.catalog, asked)
    assert text == written
    assert all(name in asked for name in changed)
    assert all(name in TEXT for name in changed.values())


@pytest.mark.parametrize(
    "question",
    [
        "Who is Salem?",  # another consonant
        "Who is Marlon Selah?",  # vowels of another sound
        "Who is Angela?",  # a last vowel, not one within
        "Why Prese and Seize?",  # ordinary words of the documents are no names
        "When was al-Qaim handed over?",
        "when was kaim handed over?",  # no capital, no name
        "Qim? Ädel? A1-Qaim?",
        "",
    ],
)
def test_other_names_are_left_alone(assistant: Assistant, question: str) -> None:
    assert respell(assistant._index.catalog, question) == (question, {})


def test_an_answer_says_which_name_was_taken_for_which(assistant: Assistant) -> None:
    answer = assistant.ask("Who handed over Al-Kaim?")
    assert answer.question == "Who handed over Al-Kaim?"
    assert answer.standalone_question == "Who handed over Al-Qa'im?"
    assert "“Kaim” is taken for “Qa'im”" in (answer.reason or "")
    assert answer.status == "answered"
