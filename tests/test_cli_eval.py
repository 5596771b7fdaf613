"""`rag eval …` as a person or a CI job runs it: statuses, one line for what is wrong, the same bytes each time."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "tests" / "evaluation" / "seeds.jsonl"
Seeds = Callable[..., Any]


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Eight of the seed questions, two of them unanswerable."""
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    kept = [row for row in rows if row["answerable"]][:6] + [row for row in rows if not row["answerable"]][:2]
    path = tmp_path / "few.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in kept), encoding="utf-8")
    return path


@pytest.fixture
def scored(seeds: Seeds, few: Path, tmp_path: Path) -> Path:
    answers, scores = tmp_path / "answers.jsonl", tmp_path / "scores"
    assert seeds("eval", "run", few, "--out", answers).rc == 0
    assert seeds("eval", "score", answers, "--questions", few, "--out", scores).rc == 0
    return scores


def fails(done: Any, complaint: str, status: int = 1) -> None:
    assert done.rc == status, done
    assert done.stdout == ""
    last = done.stderr.splitlines()[-1]
    assert complaint in last, done.stderr
    assert "Traceback" not in done.stderr


def test_two_runs_give_the_same_bytes_timings_apart(rag: Callable[..., Any], few: Path, tmp_path: Path) -> None:
    place = {"RAG_DOCS": str(ROOT / "seeds"), "RAG_INDEX": str(tmp_path / "index")}
    assert rag("index", env=place).rc == 0
    made = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        for command in (
            ["run", few, "--out", folder / "answers.jsonl"],
            ["score", folder / "answers.jsonl", "--questions", few, "--out", folder / "scores"],
            ["report", folder / "scores", "--out", folder / "report.html", "--markdown", folder / "r.md",
             "--junit", folder / "r.xml"],
        ):  # fmt: skip
            done = rag("eval", *command, env=place)
            assert done.rc == 0, done.stderr
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        made.append({str(path.relative_to(folder)): without_timings(path) for path in files})
    assert list(made[0]) == [
        "answers.jsonl",
        "r.md",
        "r.xml",
        "report.html",
        "scores/outcomes.jsonl",
        "scores/summary.json",
    ]
    assert made[0] == made[1]


def without_timings(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        return re.sub(r'"timings_ms": \{[^}]*\}', '"timings_ms": {}', text)
    if path.name == "summary.json":
        summary = json.loads(text)
        summary["metrics"] = {k: v for k, v in summary["metrics"].items() if not k.startswith("latency")}
        return json.dumps(summary)
    return re.sub(r"\b[\d.,]+ ms\b", "… ms", re.sub(r"<span>Time: .*?</span>", "", text))


def test_the_gates_statuses(seeds: Seeds, scored: Path, tmp_path: Path) -> None:
    policy = tmp_path / "gate.toml"
    rule = '[[rule]]\nmetric = "citations.quote_fidelity"\n'
    for text, status, verdict in (
        (rule + "min = 1.0", 0, "pass"),
        (rule + "max = 0.5", 1, "fail"),
        (rule + "min = 1.0\nmin_n = 1000", 3, "too little data"),
    ):
        policy.write_text(text, encoding="utf-8")
        done = seeds("eval", "gate", scored, "--policy", policy, "--json")
        assert done.rc == status
        assert json.loads(done.stdout)["verdict"] == verdict
        assert f"gate: {verdict}" in seeds("eval", "gate", scored, "--policy", policy).stdout
    policy.write_text("nonsense", encoding="utf-8")
    fails(seeds("eval", "gate", scored, "--policy", policy), "is no TOML", 4)
    fails(seeds("eval", "gate", scored, "--policy", tmp_path / "none.toml"), "cannot read", 4)
    fails(seeds("eval", "gate", tmp_path / "none", "--policy", policy), "is no folder of scores", 4)
    fails(seeds("eval", "gate", scored, "--policy", policy, "--init"), "a policy is never overwritten", 4)
    assert seeds("eval", "gate", scored).rc == 2
    fresh = seeds("eval", "gate", scored, "--policy", tmp_path / "new.toml", "--init")
    assert fresh.rc in (0, 3), fresh
    assert "citations.quote_fidelity" in (tmp_path / "new.toml").read_text(encoding="utf-8")


def test_compare_selftest_and_report(seeds: Seeds, scored: Path, tmp_path: Path) -> None:
    compared = seeds("eval", "compare", scored, scored, "--json")
    assert json.loads(compared.stdout)["unchanged"] == 8
    assert "8 questions asked in both" in seeds("eval", "compare", scored, scored).stdout
    tested = json.loads(seeds("eval", "selftest", "--json").stdout)
    assert tested["n"] >= 100
    assert "balanced_accuracy" in seeds("eval", "selftest").stdout
    report = tmp_path / "report.html"
    policy = tmp_path / "gate.toml"
    policy.write_text('[[rule]]\nmetric = "citations.quote_fidelity"\nmin = 1.0', encoding="utf-8")
    done = seeds("eval", "report", scored, "--out", report, "--against", scored, "--policy", policy)
    assert done.rc == 0, done.stderr
    assert report.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_score_without_questions_or_index(seeds: Seeds, own: Seeds, scored: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.jsonl"
    done = seeds("eval", "score", answers, "--out", tmp_path / "bare", "--json")
    summary = json.loads(done.stdout)
    assert summary["questions"] is None
    assert summary["metrics"]["grounding.support_rate"]["value"] == 1.0
    assert summary["metrics"]["retrieval.recall@5"]["value"] is None
    assert summary["metrics"]["retrieval.recall@5"]["reason"]
    done = own("eval", "score", answers, "--out", tmp_path / "noindex", "--json")
    assert "no index is used" in done.stderr
    assert json.loads(done.stdout)["index"] is None
    assert json.loads(done.stdout)["metrics"]["citations.quote_fidelity"]["value"] == 1.0


def test_what_is_wrong_is_one_line(seeds: Seeds, own: Seeds, few: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    fails(seeds("eval", "run", tmp_path / "none.jsonl", "--out", out), "cannot read")
    fails(own("eval", "run", few, "--out", out), "no index")
    fails(seeds("eval", "run", few, "--out", few), "would be overwritten")
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text('{"id": "1", "question": "Who?", "anwsers": []}', encoding="utf-8")
    fails(seeds("eval", "run", wrong, "--out", out), "unknown field 'anwsers'")
    wrong.write_text('{"id": "1", "question": "Who?", "gold": [{"document": "x", "quote": "y"}]}', encoding="utf-8")
    fails(seeds("eval", "run", wrong, "--out", out), "the gold document 'x' is not in the index")
    wrong.write_bytes(b'{"id": "caf\xe9", "question": "Who?"}')
    fails(seeds("eval", "run", wrong, "--out", out), "is not UTF-8")
    wrong.write_text("", encoding="utf-8")
    fails(seeds("eval", "run", wrong, "--out", out), "holds no question")
    fails(seeds("eval", "score", wrong, "--out", out), "holds no answer")
    wrong.write_text('{"id": "q", "error": "broke"}', encoding="utf-8")
    fails(seeds("eval", "score", wrong, "--questions", few, "--out", out), "8 of 8 questions have no answer")
    fails(seeds("eval", "score", wrong, "--out", out, "--form", "trulens"), "--form is 'trulens'")
    fails(seeds("eval", "make", "--out", few), "is never overwritten")
    fails(seeds("eval", "compare", tmp_path, tmp_path), "is no folder of scores")
    fails(seeds("eval", "report", tmp_path, "--out", out), "is no folder of scores")
    fails(seeds("eval", "selftest", "--pairs", few), "unknown field 'question'")
    fails(seeds("eval", "bench", "--data", tmp_path / "none"), "no folder of benchmark data")
    fails(seeds("eval", "bench", "--data", tmp_path, "../x"), "no set '../x'")
    assert not out.exists()


def test_one_question_that_cannot_be_asked_does_not_stop_the_rest(seeds: Seeds, tmp_path: Path) -> None:
    questions, answers = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    rows = [{"id": "1", "question": "?" * 50}, {"id": "2", "question": "Who is Adnan al-Zurfi?"}]
    questions.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert "1 failed" in seeds("eval", "run", questions, "--out", answers).stdout
    done = seeds("eval", "score", answers, "--questions", questions, "--out", tmp_path / "s", "--json")
    assert json.loads(done.stdout)["causes"]["error"] == 1


def test_one_question_is_enough_to_be_scored_and_too_little_for_a_gate(seeds: Seeds, tmp_path: Path) -> None:
    questions, answers = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    questions.write_text('{"id": "1", "question": "Who is Adnan al-Zurfi?", "answerable": true}\n', encoding="utf-8")
    assert seeds("eval", "run", questions, "--out", answers).rc == 0
    assert seeds("eval", "score", answers, "--questions", questions, "--out", tmp_path / "s").rc == 0
    policy = tmp_path / "gate.toml"
    policy.write_text('min_n = 5\n[[rule]]\nmetric = "grounding.support_rate"\nmin = 0.5', encoding="utf-8")
    assert seeds("eval", "gate", tmp_path / "s", "--policy", policy).rc == 3


def test_a_hundred_thousand_answers(rag_here: Callable[..., Any], tmp_path: Path) -> None:
    answers, start = tmp_path / "a.jsonl", time.monotonic()
    with answers.open("w", encoding="utf-8") as out:
        for n in range(100_000):
            context = f"Item {n % 5000} was sold in {1900 + n % 100} for {n % 5000 * 3} dollars."
            out.write(
                json.dumps({"user_input": f"What of {n}?", "response": context, "retrieved_contexts": [context]}) + "\n"
            )
    done = rag_here("eval", "score", answers, "--out", tmp_path / "s", "--no-index", "--json")
    assert done.rc == 0, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["asked"], summary["metrics"]["grounding.support_rate"]["value"]) == (100_000, 1.0)
    assert time.monotonic() - start < 150
