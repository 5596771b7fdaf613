"""The seeds among a little generated news: what the README claims over 10,000 chunks must not fall apart unnoticed."""

from __future__ import annotations

from pathlib import Path

from rag.evaluation.files import to_lines
from rag.evaluation.questions import check_gold, read_questions
from rag.evaluation.running import run
from rag.evaluation.scored import score_file
from rag.evaluation.sources import texts_of
from tests.evaluation.seeds import SETS, build

_CHUNKS = 500


def test_the_sets_are_what_the_readme_says() -> None:
    sizes = {name: [q.answerable for q in read_questions(path)] for name, path in SETS.items()}
    assert {name: (len(kinds), kinds.count(False)) for name, kinds in sizes.items()} == {
        "seeds": (72, 28),
        "fresh": (60, 24),
        "unseen": (60, 24),
        "users": (60, 24),
    }


def test_answers_hold_the_bars(tmp_path: Path, cache: Path) -> None:
    assistant = build(tmp_path / "news", cache, _CHUNKS)
    try:
        questions = read_questions(SETS["seeds"])
        text, documents = texts_of(assistant)
        check_gold([q for path in SETS.values() for q in read_questions(path)], text, documents)
        answers = tmp_path / "answers.jsonl"
        answers.write_text(to_lines(run(assistant, questions)), encoding="utf-8")
        scored = score_file(answers, SETS["seeds"], assistant.checker, text=text, documents=documents)
    finally:
        assistant.close()
    values = {name: metric["value"] for name, metric in scored.summary["metrics"].items()}
    assert values["retrieval.recall@5"] >= 0.85
    assert values["answer.first_sentence"] >= 0.60
    assert values["abstention.refused"] >= 0.50
    assert values["abstention.wrongly_refused"] <= 0.15
    assert values["citations.quote_fidelity"] == 1.0
