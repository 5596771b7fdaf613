"""The seeds among a little generated news: what the README claims over 10,000 chunks must not fall apart unnoticed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import Assistant
from tests.evaluation.seeds import HALVES, Share, build, read_questions, score

_CHUNKS = 500


@pytest.fixture(scope="module")
def among_news(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[Assistant]:
    assistant = build(tmp_path_factory.mktemp("news"), cache, _CHUNKS)
    yield assistant
    assistant.close()


@pytest.mark.parametrize("half", list(HALVES))
def test_gold_quotes_are_in_the_documents(half: str, seeds_assistant: Assistant) -> None:
    for question in read_questions(half):
        assert question["answerable"] == bool(question["gold"])
        for gold in question["gold"]:
            assert gold["quote"] in seeds_assistant.text(gold["document"])


@pytest.mark.parametrize("half", list(HALVES))
def test_answers_hold_the_bars(half: str, among_news: Assistant) -> None:
    questions = read_questions(half)
    answers = [among_news.ask(question["question"]) for question in questions]
    scores = score(questions, answers, among_news)
    assert scores["gold quote in the top 5 passages"].value >= 0.85
    assert scores["first sentence is gold"].value >= 0.60
    assert scores["unanswerable refused"].value >= 0.50
    assert scores["wrongly refused"].value <= 0.15
    assert scores["citations exact"].value == 1.0


def test_wilson_interval() -> None:
    low, high = Share(8, 10).interval()
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
