from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from rag.errors import DataError
from rag.evaluation.adapters import refuses
from rag.evaluation.questions import write_questions
from rag.evaluation.records import Gold, Question
from rag.evaluation.responses import read_responses
from rag.evaluation.scored import score_file
from rag.grounding.checker import LexicalChecker

ANSWER = {
    "schema": "rag.answer/1", "id": "q1", "question": "Who?", "status": "answered", "confidence": 0.5, "short_answer": "Ann",
    "sentences": [{"text": "Ann chairs it.", "citations": [1]}], "disagreements": [],
    "citations": [{"n": 1, "document": "a", "start": 0, "end": 14, "quote": "Ann chairs it."}],
    "passages": [{"rank": 1, "document": "a", "start": 0, "end": 14, "text": "Ann chairs it.", "score": 1.0}],
    "timings_ms": {"total": 3.5},
}  # fmt: skip


def write(folder: Path, text: str | bytes, name: str = "answers.jsonl") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def lines(*rows: dict[str, Any]) -> str:
    return "\n".join(json.dumps(row) for row in rows)


def test_our_answers(tmp_path: Path) -> None:
    form, [answered, failed] = read_responses(write(tmp_path, lines(ANSWER, {"id": "q2", "error": "line 2: too long"})))
    assert form == "attest"
    assert answered.sentences[0].citations == (1,)
    assert answered.passages is not None
    assert answered.passages[0].text == "Ann chairs it."
    assert answered.disagreements == 0
    assert (failed.error, failed.answered, failed.passages) == ("line 2: too long", False, None)


def test_ragas(tmp_path: Path) -> None:
    rows = [
        {
            "user_input": "Who?",
            "response": "Ann does. She chairs it.",
            "retrieved_contexts": ["Ann chairs it."],
            "reference": "Ann",
        },
        {"user_input": "When?", "response": "I don't know.", "retrieved_contexts": []},
        {"user_input": "Why?", "response": None, "retrieved_contexts": None},
    ]
    for text in (lines(*rows), json.dumps(rows), json.dumps(rows, indent=2), json.dumps({"samples": rows}, indent=1)):
        form, found = read_responses(write(tmp_path, text))
        assert form == "ragas"
        assert [r.id for r in found] == ["line 1", "line 2", "line 3"]
        assert [s.text for s in found[0].sentences] == ["Ann does.", "She chairs it."]
        assert found[0].sentences[0].citations is None
        assert found[0].reference == ("Ann",)
        assert [r.answered for r in found] == [True, False, False]
        assert (found[1].passages, found[2].passages) == ((), None)
    earlier = {"question": "Who?", "answer": "Ann.", "contexts": ["Ann chairs it."], "ground_truth": "Ann"}
    form, [found_one] = read_responses(write(tmp_path, lines(earlier)))
    assert (form, found_one.reference, found_one.question) == ("ragas", ("Ann",), "Who?")


def test_ragchecker(tmp_path: Path) -> None:
    row = {
        "query_id": 7, "query": "Who?", "gt_answer": "Ann", "response": "Ann chairs it.",
        "retrieved_context": [{"doc_id": "d1", "text": "Ann chairs it."}],
    }  # fmt: skip
    for text in (json.dumps({"results": [row]}), json.dumps({"results": [row]}, indent=2)):
        form, [found] = read_responses(write(tmp_path, text))
        assert (form, found.id, found.reference) == ("ragchecker", "7", ("Ann",))
        assert found.passages is not None
        assert found.passages[0].document == "d1"


def test_llamaindex(tmp_path: Path) -> None:
    evaluated = {
        "query": "Who?",
        "contexts": ["Ann chairs it."],
        "response": "Ann chairs it.",
        "passing": True,
        "score": 1.0,
    }
    node = {"text": "Ann chairs it.", "metadata": {"file_name": "a.txt"}}
    answered = {"query": "When?", "response": "In May.", "source_nodes": [{"node": node, "score": 0.7}]}
    form, found = read_responses(write(tmp_path, lines(evaluated, answered)))
    assert form == "llamaindex"
    assert found[0].passages is not None
    assert found[1].passages is not None
    assert (found[1].passages[0].document, found[1].passages[0].score) == ("a.txt", 0.7)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (b"", "holds no answer"),
        (b"\xff\xfe{}", "is not UTF-8"),
        (b'{"x": 1}', "looks like no answers file: its first line has the fields x; name its form with --form"),
        (b"{}", "looks like no answers file: its first line has the fields none"),
        (b'[{"user_input": 3}]', '"user_input" is a number: give a text'),
        (b"[1]", "item 1: is no JSON object"),
        (json.dumps({**ANSWER, "status": "maybe"}).encode(), "\"status\" is 'maybe': give one of answered, not_found"),
        (json.dumps({**ANSWER, "confidence": 7}).encode(), '"confidence" is 7: give a probability'),
        (json.dumps({**ANSWER, "confidence": True}).encode(), '"confidence" is true or false: give a number'),
        (json.dumps({**ANSWER, "sentences": [{"text": ""}]}).encode(), '"sentences" 1: "text" is blank'),
        (
            json.dumps({**ANSWER, "sentences": [{"text": "A", "citations": ["1"]}]}).encode(),
            "are numbers of the answer",
        ),
        (json.dumps({**ANSWER, "citations": [{"quote": "x"}]}).encode(), 'need an "n" each'),
        (json.dumps({**ANSWER, "timings_ms": {"total": -1}}).encode(), '"timings_ms" is not an object of milliseconds'),
        (lines(ANSWER, ANSWER).encode(), "a second answer to 'q1'"),
        (b"[" * 100_000, "answers.jsonl: is n"),
        (json.dumps({**ANSWER, "status": "not_found"}).encode(), '"status" is "not_found", but something is answered'),
        (json.dumps({**ANSWER, "disagreements": [None]}).encode(), '"disagreements" holds null'),
        (json.dumps({**ANSWER, "timings_ms": {"\x1b[31m": 1}}).encode(), "are no plain names"),
        (json.dumps({**ANSWER, "timings_ms": {str(n): 1 for n in range(99)}}).encode(), "or above 20"),
        (json.dumps(ANSWER).replace("3.5", "1e999").encode(), "1e999 is too large a number"),
        (b'{"user_input": [{"content": "Hi"}], "response": "x"}', "only single-turn samples"),
        (b'{"user_input": "x", "response": "x", "retrieved_contexts": [1]}', '"retrieved_contexts" holds a number'),
    ],
)
def test_bad_files_are_one_line(tmp_path: Path, text: bytes, complaint: str) -> None:
    with pytest.raises(DataError) as caught:
        read_responses(write(tmp_path, text))
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "refused"),
    [
        ("I don’t know.", True), ("Sorry, but the provided context does not mention it.", True), ("", True), ("N/A", True),
        ("The documents do not say.", True), ("Based on the given context, I cannot answer this.", True), ("None", True),
        ("There is no information on that.", True), ("None of the soldiers died.", False), ("Unknown gunmen attacked.", False),
        ("No soldiers died.", False), ("I'm unable to answer.", True), ("There's no information on it.", True),
        ("Not mentioned in the context.", True), ("Insufficient information.", True), ("I have no information.", True),
        ("None of the passages mention it.", True), ("The answer is not in the context.", True),
        ("As an AI I cannot answer that.", True), ("I don't know. The context does not mention it.", True),
        ("I don't know the year, but it was founded by Bob Fox.", False), ("I don't know. It was Bob Fox.", False),
        ("Not in 1990.", False), ("He said he did not know.", False), ("The report does not blame Iran.", False),
    ],
)  # fmt: skip
def test_refusals_are_known_by_their_wording(answer: str, refused: bool) -> None:
    assert refuses(answer) is refused


QUOTES = [f"{name} was elected in {year} by {votes} votes." for name, year, votes in [
    ("Ann Lee", 1998, "thirty"), ("Bob Ray", 2003, "forty"), ("Carla Diaz", 2007, "fifty"), ("Dan Fox", 2011, "sixty"),
    ("Eve Hill", 2016, "ninety"), ("Finn Moe", 2020, "seventy")]]  # fmt: skip
PEOPLE = [quote.split(" was")[0] for quote in QUOTES]


def planted(form: str, contexts: list[str], answers: list[str]) -> str:
    questions = [f"Who was elected in {quote.split()[5]}?" for quote in QUOTES]
    rows = zip(questions, answers, contexts, QUOTES, strict=True)
    if form == "ragas":
        return lines(
            *(
                {"user_input": q, "response": a, "retrieved_contexts": [f"Minutes. {c} End.", "Other."]}
                for q, a, c, _ in rows
            )
        )
    if form == "ragchecker":
        results = [
            {
                "query_id": f"q{n}",
                "query": q,
                "response": a,
                "retrieved_context": [{"doc_id": str(n), "text": c}],
                "gt_answer": "",
            }
            for n, (q, a, c, _) in enumerate(rows)
        ]
        return json.dumps({"results": results})
    return json.dumps([{"query": q, "response": a, "contexts": [c], "passing": None} for q, a, c, _ in rows])


@pytest.mark.parametrize("form", ["ragas", "ragchecker", "llamaindex"])
def test_planted_gold_scores_one_and_shuffled_does_not(tmp_path: Path, form: str) -> None:
    questions = [
        Question(f"q{n}", f"Who was elected in {quote.split()[5]}?", True, (Gold(quote, "minutes.txt"),), (PEOPLE[n],))
        for n, quote in enumerate(QUOTES)
    ]
    asked = write(tmp_path, write_questions(questions), "questions.jsonl")
    names = ("retrieval.recall@1", "retrieval.ndcg@10", "retrieval.mrr@10", "answer.first_sentence", "answer.contains",
             "grounding.support_rate", "grounding.fully_grounded")  # fmt: skip

    def values(contexts: list[str], answers: list[str]) -> dict[str, float]:
        path = write(tmp_path, planted(form, contexts, answers))
        summary = score_file(path, asked, LexicalChecker()).summary
        assert summary["answers"]["form"] == form
        return {name: summary["metrics"][name]["value"] for name in names}

    assert set(values(QUOTES, QUOTES).values()) == {1.0}
    mixed = QUOTES.copy()
    random.Random(1).shuffle(mixed)
    assert sum(a == b for a, b in zip(mixed, QUOTES, strict=True)) <= 1
    shuffled = values(mixed, QUOTES)
    assert shuffled["grounding.support_rate"] < 0.5
    assert shuffled["retrieval.recall@1"] < 0.5
    assert values(QUOTES, mixed)["answer.first_sentence"] < 0.5


def test_other_ways_in_which_files_are_written(tmp_path: Path) -> None:
    columns = {
        "user_input": {"0": "Who?", "1": "When?"},
        "response": {"0": "Ann.", "1": None},
        "retrieved_contexts": {"0": ["a"], "1": [None]},
    }
    form, found = read_responses(write(tmp_path, json.dumps(columns)))
    assert (form, [r.question for r in found]) == ("ragas", ["Who?", "When?"])
    assert found[1].passages is not None
    assert found[1].passages[0].text == ""
    node = {"text_resource": {"text": "Ann chairs it."}, "metadata": {}}
    _, [one] = read_responses(
        write(tmp_path, lines({"query": "Who?", "response": "Ann.", "source_nodes": [{"node": node}]}))
    )
    assert one.passages is not None
    assert one.passages[0].text == "Ann chairs it."
    row = {
        "user_input": "Who?",
        "response": "Ann.",
        "retrieved_contexts": ["x"],
        "results": [1],
        "faithfulness": float("nan"),
    }
    assert read_responses(write(tmp_path, lines(row, row)))[1][0].question == "Who?"
