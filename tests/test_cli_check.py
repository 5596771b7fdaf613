"""`rag check` and `rag read`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Seeds = Callable[..., Any]
QUESTION = "How many bases did the US have in Iraq before the withdrawal?"


@pytest.fixture
def exported(seeds: Seeds, tmp_path: Path) -> Path:
    path = tmp_path / "answer.json"
    path.write_text(seeds("ask", QUESTION, "--json").stdout, encoding="utf-8")
    return path


def changed(path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    answer = json.loads(path.read_text(encoding="utf-8"))
    change(answer)
    path.write_text(json.dumps(answer), encoding="utf-8")
    return path


def test_an_exported_answer_verifies(seeds: Seeds, exported: Path) -> None:
    done = seeds("check", exported)
    assert done.rc == 0
    assert "all of it verifies" in done.stdout
    report = json.loads(seeds("check", exported, "--json").stdout)
    assert report["verified"] is True
    assert {claim["support"] for claim in report["claims"]} == {"quoted"}


def test_a_not_found_has_nothing_to_verify(seeds: Seeds, tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_text(seeds("ask", "What is the population of al-Qaim?", "--json").stdout, encoding="utf-8")
    done = seeds("check", path)
    assert (done.rc, done.stdout) == (0, "nothing to verify: the answer is “not_found”\n")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda a: a["citations"][0].update(quote="Another thing."), "do not read as quoted"),
        (lambda a: a["citations"][0].update(start=a["citations"][0]["start"] + 1), "do not read as quoted"),
        (lambda a: a["citations"][0].update(sha256="0" * 64), "has changed since"),
        (lambda a: a["citations"][0].update(document="none.txt"), "is not in the index"),
        (lambda a: a["sentences"][0].update(text="The US had nine bases."), "the words are not those"),
        (lambda a: a["sentences"][0].update(citations=[]), "it cites nothing"),
        (lambda a: a["sentences"][0].update(citations=[99]), "citation 99 does not exist"),
        (lambda a: a.update(sentences=[], citations=[{**a["citations"][0], "quote": "x"}]), "do not read as quoted"),
        (lambda a: a.update(sentences=[], citations=[], short_answer=None), "“answered”, but has no sentence"),
        (lambda a: a["sentences"][0].update(text="e"), "the words are not those"),
        (lambda a: a.update(short_answer="ninety"), "the short answer is not in what is cited"),
        (lambda a: a.update(status="not_found"), "“not_found”, but answers"),
        (lambda a: a["citations"][0].update(end=a["citations"][0]["end"] - 10**6), "do not read as quoted"),
    ],
)
def test_what_does_not_hold_exits_1(
    seeds: Seeds, exported: Path, change: Callable[[dict[str, Any]], None], complaint: str
) -> None:
    done = seeds("check", changed(exported, change))
    assert done.rc == 1
    assert complaint in done.stdout
    assert re.search("fails? to verify", done.stdout)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is not JSON"),
        ("[]", "is a list: give a JSON object"),
        ("{}", "its schema is not 'rag.answer/1'"),
        ('{"schema": "rag.answer/1"}', '"status" is missing'),
        (
            '{"schema": "rag.answer/1", "status": "answered", "question": "x", "sentences": 3}',
            '"sentences" is a number',
        ),
        (
            '{"schema": "rag.answer/1", "status": "answered", "question": "x", "citations": [{}]}',
            '"n", "start" and "end"',
        ),
    ],
)
def test_what_is_no_answer_is_one_line(seeds: Seeds, tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "answer.json"
    path.write_text(text, encoding="utf-8")
    done = seeds("check", path)
    assert (done.rc, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert complaint in done.stderr


def batch(seeds: Seeds, command: str, tmp_path: Path, *rows: object) -> list[dict[str, Any]]:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert seeds(command, "--batch", source, "--out", target).rc == 0
    return [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]


def test_claims_are_judged_in_batches(seeds: Seeds, tmp_path: Path) -> None:
    evidence = "The fire in Leeds killed two dozen people on 3 May 2019. The mayor did not resign."
    rows = [
        {"id": 1, "claim": "The mayor did not resign.", "evidence": evidence},
        {"id": 2, "claim": "The fire in Leeds killed 24 people.", "evidence": [evidence]},
        {"id": 3, "claim": "The fire in Leeds killed 30 people.", "evidence": [evidence]},
        {"id": 4, "claim": "The mayor of Leeds resigned.", "evidence": [evidence]},
        {"id": 5, "claim": "Anything.", "evidence": []},
        {"id": 6, "claim": "Anything."},
        {"id": 7, "evidence": "x"},
        {"id": 8, "claim": "Anything.", "evidence": [3]},
    ]
    found = batch(seeds, "check", tmp_path, *rows)
    assert [row["id"] for row in found] == list(range(1, 9))
    assert [row.get("label") for row in found[:3]] == ["supported", "supported", "contradicted"]
    assert found[3]["label"] != "supported"
    assert (found[4]["label"], found[4]["score"]) == ("unsupported", 0.0)
    assert all(set(row) == {"id", "label", "score", "reasons"} for row in found[:5])
    assert all("error" in row for row in found[5:])


def test_a_passage_is_read(own: Seeds, tmp_path: Path) -> None:
    context = "The mill opened in 1887. Ann Lee founded it. It had 300 looms and a small school.\n\nIt closed in 1954."
    found = batch(
        own, "read", tmp_path,
        {"id": "a", "question": "How many looms did the mill have?", "context": context},
        {"id": "b", "question": "When did the mill open?", "context": context},
        {"id": "c", "question": "When?", "context": "  "},
        {"id": "d", "question": "When?"},
    )  # fmt: skip
    assert found[0]["spans"][0]["text"] == "300"
    assert found[1]["spans"][0]["text"] == "1887"
    for row in found[:2]:
        assert set(row) == {"id", "answerable", "spans", "sentences"}
        assert 0 <= row["answerable"] <= 1
        assert all(context[item["start"] : item["end"]] == item["text"] for item in (*row["spans"], *row["sentences"]))
        for items in (row["spans"], row["sentences"]):
            assert [item["score"] for item in items] == sorted((item["score"] for item in items), reverse=True)
    assert found[2] == {"id": "c", "answerable": 0.0, "spans": [], "sentences": []}
    assert '"context" is missing' in found[3]["error"]


def test_wrong_usage(seeds: Seeds, exported: Path, tmp_path: Path) -> None:
    assert seeds("check").rc == 2
    assert seeds("check", exported, "--batch", exported, "--out", tmp_path / "x").rc == 2
    assert seeds("check", "--batch", exported).rc == 2
    assert seeds("read").rc == 2


TEXT = "A quite different thing happened. Was it so? {quote}"


def test_a_text_is_checked_sentence_by_sentence(seeds: Seeds, exported: Path, tmp_path: Path) -> None:
    quote = json.loads(exported.read_text(encoding="utf-8"))["citations"][0]["quote"]
    path = tmp_path / "text.txt"
    path.write_text(TEXT.format(quote=quote), encoding="utf-8")
    done = seeds("check", "--text", path)
    assert (done.rc, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert any(line.startswith("quoted") and line.endswith("[1]") for line in lines)
    assert any(line.startswith("unchecked    Was it so?") for line in lines)
    assert "1 of 2 sentences are borne out by the documents." in lines[-1]
    report = json.loads(seeds("check", "--text", path, "--json").stdout)
    assert [claim["support"] for claim in report["claims"]][1:] == ["unchecked", "quoted"]
    assert report["support_rate"] == 0.5
    assert report["citations"][0]["quote"] in quote


def test_a_text_that_holds_exits_0(seeds: Seeds, exported: Path, tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text(json.loads(exported.read_text(encoding="utf-8"))["citations"][0]["quote"], encoding="utf-8")
    assert seeds("check", "--text", path).rc == 0


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b" ", "the text is empty"),
        (b"\xff\xfe", "is no UTF-8 text"),
        (None, "cannot be read"),
        (b"a" * 60_000, "60,000 characters"),
    ],
)
def test_a_text_that_cannot_be_checked_is_one_line(
    seeds: Seeds, tmp_path: Path, content: bytes | None, complaint: str
) -> None:
    path = tmp_path / "text.txt"
    if content is not None:
        path.write_bytes(content)
    done = seeds("check", "--text", path)
    assert (done.rc, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert complaint in done.stderr


def test_one_thing_is_checked_at_a_time(seeds: Seeds, exported: Path) -> None:
    done = seeds("check", exported, "--text", exported)
    assert done.rc == 2
    assert "give one of ANSWER.json, --text FILE, and --batch" in done.stderr.replace("\n", " ")
