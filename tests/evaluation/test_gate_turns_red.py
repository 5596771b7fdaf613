"""Break one part of the product on purpose: the gate that this project's CI runs must turn red, and say why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import rag.answering.extractive as answering
import rag.assistant as facade
from rag import Assistant, Config, shaping
from rag.answering.extractive import ExtractiveAnswerer
from rag.evaluation.files import to_lines
from rag.evaluation.gating import gate
from rag.evaluation.policies import read_policy
from rag.evaluation.questions import read_questions
from rag.evaluation.running import run
from rag.evaluation.scored import score_file
from rag.grounding.checker import LexicalChecker
from rag.models.reader import Look, Reader
from rag.retrieval.hybrid import Found
from rag.schema import Citation, Verdict

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
Gate = Callable[[], dict[str, Any]]


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what the reader said: none of these tests breaks it, and it is most of their time."""
    monkeypatch.setattr(Reader, "look", _remembering(Reader.look))


_SEEN: dict[tuple[str, str], Look] = {}


def _remembering(whole: Callable[..., list[Look]]) -> Callable[..., list[Look]]:
    def look(self: Reader, question: str, passages: Sequence[str]) -> list[Look]:
        new = [text for text in passages if (question, text) not in _SEEN]
        _SEEN.update(zip([(question, text) for text in new], whole(self, question, new), strict=True))
        return [_SEEN[question, text] for text in passages]

    return look


@pytest.fixture
def gated(seeds_assistant: Assistant, cache: Path, tmp_path: Path) -> Gate:
    """Do what `.ci/run` does, and return the gate's result."""
    config = Config(docs=ROOT / "seeds", index=seeds_assistant.config.index, cache=cache)

    def go() -> dict[str, Any]:
        assistant = Assistant.open(config=config)
        answers = tmp_path / "answers.jsonl"
        answers.write_text(to_lines(run(assistant, read_questions(FOLDER / "seeds.jsonl"))), encoding="utf-8")
        scored = score_file(answers, FOLDER / "seeds.jsonl", assistant.checker, text=assistant.text)
        assistant.close()
        return gate(scored, read_policy(FOLDER / "gate.toml"), "gate.toml")

    return go


def failed(result: dict[str, Any]) -> set[str]:
    assert result["verdict"] == "fail"
    return {rule["metric"] for rule in result["rules"] if rule["verdict"] == "fail"}


def test_as_it_stands_it_is_green(gated: Gate) -> None:
    result = gated()
    assert result["verdict"] == "pass", [rule for rule in result["rules"] if rule["verdict"] != "pass"]


def test_a_broken_retriever(gated: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = facade.find

    def worst_first(index: Any, encoder: Any, question: str, k: int, documents: Any = None) -> Found:
        found = whole(index, encoder, question, 1000, documents)
        return Found(found.hits[::-1][:k], found.vector)

    monkeypatch.setattr(facade, "find", worst_first)
    assert "retrieval.recall@5" in failed(gated())


def test_a_retriever_that_finds_nothing(gated: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = facade.find
    monkeypatch.setattr(facade, "find", lambda *args: Found((), whole(*args).vector))
    assert {"retrieval.recall@5", "abstention.wrongly_refused", "answer.first_sentence"} <= failed(gated())


@pytest.mark.parametrize("shift", [-1, 1])
def test_broken_span_code(gated: Gate, monkeypatch: pytest.MonkeyPatch, shift: int) -> None:
    def shifted(*args: Any) -> Citation:
        citation = Citation(*args)
        return replace(citation, start=citation.start + shift, end=citation.end + shift)

    monkeypatch.setattr(shaping, "Citation", shifted)
    assert {"citations.quote_fidelity", "grounding.support_rate"} <= failed(gated())


def test_a_quote_of_other_words(gated: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        shaping, "Citation", lambda *args: Citation(*args[:8], args[8].replace("Iraq", "Iran"), args[9])
    )
    assert "citations.quote_fidelity" in failed(gated())


def test_one_word_cut_out_of_each_answer(gated: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exact, cited and in the gold, and yet no answer."""

    def cut(*args: Any) -> Citation:
        citation = Citation(*args)
        word = citation.quote.split()[0]
        return replace(citation, quote=word, end=citation.start + len(word))

    monkeypatch.setattr(shaping, "Citation", cut)
    assert {"answer.first_sentence", "answer.contains"} <= failed(gated())


def test_a_broken_answerer(gated: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ExtractiveAnswerer.rank

    def last_first(*args: Any) -> list[Any]:
        ranked = whole(*args)
        scores = [score for score, _ in ranked]
        return list(zip(scores, [candidate for _, candidate in ranked[::-1]], strict=True))

    monkeypatch.setattr(ExtractiveAnswerer, "rank", last_first)
    assert "answer.first_sentence" in failed(gated())


@pytest.mark.parametrize(
    ("threshold", "metric"), [(0.0, "abstention.refused"), (1.0, "abstention.wrongly_refused")], ids=["never", "always"]
)
def test_a_broken_refusal(gated: Gate, monkeypatch: pytest.MonkeyPatch, threshold: float, metric: str) -> None:
    monkeypatch.setattr(answering, "THRESHOLD", threshold)
    assert metric in failed(gated())


@pytest.mark.parametrize("label", ["supported", "quoted", "unsupported", "contradicted"])
def test_a_broken_checker(gated: Gate, monkeypatch: pytest.MonkeyPatch, label: Any) -> None:
    def judge(self: LexicalChecker, pairs: Any) -> list[Verdict]:
        return [Verdict(label, 1.0 if label in ("supported", "quoted") else 0.0) for _ in pairs]

    monkeypatch.setattr(LexicalChecker, "judge", judge)
    assert "checker.balanced_accuracy" in failed(gated())
