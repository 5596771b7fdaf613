"""Names in another spelling are looked up as the documents write them; other people's names are not."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from rag import Assistant
from rag.config import Config
from rag.retrieval.spelling import Spelling, respell

TEXTS = {
    "base.txt": "The base at al-Qa'im was handed over by General Adel Muhandis. The Tofof Brigades left Qayyarah for KIRKUK. "
    "Then Saleh Zurfi was seen in Los Angeles. They used a press to make coffee, and a size of paper that nobody knew.",
    "rossi.txt": "Francesco Rossi was born in 1961. Both brothers opened a bakery in 1999. The president of Columbia left. "
    "In 2001 Ruth Reid and More Fagan met.",
    "mayors.txt": "In 2001 mayor Salem Kirin spoke first.",
    "others.txt": "In 2009 mayor Salim Karin spoke last.",
}
Respell = Callable[..., Spelling]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Assistant:
    folder = tmp_path_factory.mktemp("names")
    (folder / "docs").mkdir()
    for name, text in TEXTS.items():
        (folder / "docs" / name).write_text(text, encoding="utf-8")
    made = Assistant.open(config=Config(docs=folder / "docs", index=folder / "index", cache=cache))
    made.sync()
    return made


@pytest.fixture
def asked(assistant: Assistant) -> Respell:
    def look_up(question: str, documents: Sequence[str] | None = None) -> Spelling:
        return respell(assistant._index.catalog, question, documents)

    return look_up


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("When was Al-Kaim handed over?", "When was Al-Qa'im handed over?"),
        ("Kaim handover date", "Qa'im handover date"),
        ("Who leads the Tufuf Brigades?", "Who leads the Tofof Brigades?"),
        ("Was Salih Zurfi in Kirkouk, Salih?", "Was Saleh Zurfi in Kirkuk, Saleh?"),
        ("Where was Saleh Zurufi seen?", "Where was Saleh Zurfi seen?"),
        ("Is General Adel Mohandes here?", "Is General Adel Muhandis here?"),
        ("What is at Qayara's gate?", "What is at Qayyarah's gate?"),
    ],
)
def test_a_name_is_spelt_as_the_documents_spell_it(asked: Respell, question: str, written: str) -> None:
    spelling = asked(question)
    assert spelling.text == written
    assert spelling.taken
    assert all(name in question for name in spelling.taken)


@pytest.mark.parametrize(
    "question",
    [
        "Who is Selma?",  # consonants in another order
        "Who is Angela?",  # a last vowel, not one within
        "Why Prese and Seize?",  # ordinary words of the documents are no names
        "Who is Booth?",  # nor is the first word of a sentence
        "When was al-Qa'im handed over?",
        "when was kaim handed over?",  # no capital, no name
        "Qim? Ädel? A1-Qaim? Каим?",
        "",
    ],
)
def test_other_words_are_left_alone(asked: Respell, question: str) -> None:
    assert asked(question) == Spelling(question, {}, {})


@pytest.mark.parametrize(
    ("question", "suggested"),
    [
        ("Who is the president of Colombia?", {"Colombia": ("Columbia",)}),
        ("When was Roth elected?", {"Roth": ("Ruth",)}),
        ("Where is Solih?", {}),
        ("When did Francisco move?", {"Francisco": ("Francesco",)}),
    ],
)
def test_a_name_that_may_be_anothers_is_suggested_only(
    asked: Respell, question: str, suggested: dict[str, tuple[str, ...]]
) -> None:
    assert asked(question) == Spelling(question, {}, suggested)


def test_where_several_names_fit_none_is_taken(asked: Respell) -> None:
    spelling = asked("When did Salam speak, or Saleem?")
    assert spelling.taken == {}
    assert set(spelling.suggested["Saleem"]) == {"Salem", "Salim"}


def test_names_are_those_of_the_documents_asked(asked: Respell) -> None:
    assert asked("Where is Kaim?", ["rossi.txt"]).taken == {}
    assert asked("Where is Kaim?", ["base.txt"]).taken == {"Kaim": "Qa'im"}


def test_a_question_full_of_unknown_names_costs_little(asked: Respell) -> None:
    names = [f"Q{a}{b}rim{a}k" for a in "bdfglm" for b in "aeiou"]
    began = time.perf_counter()
    asked(" ".join(names * 10))
    assert time.perf_counter() - began < 1


def test_an_answer_says_which_name_was_looked_up(assistant: Assistant) -> None:
    answer = assistant.ask("Who handed over Al-Kaim?")
    assert answer.question == "Who handed over Al-Kaim?"
    assert answer.standalone_question == "Who handed over Al-Qa'im?"
    assert "No document mentions “Kaim”: “Qa'im” was looked up instead." in (answer.reason or "")
    other = assistant.ask("Who is the president of Colombia?")
    assert other.standalone_question == other.question
    assert "was “Columbia” meant?" in (other.reason or "")
