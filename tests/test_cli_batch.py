"""Batches: one line out for each line in, in order, whatever the lines hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SEED = "001_fa4e78abf56b979a.txt"
QUESTION = "When was a US contractor killed in Kirkuk?"
Run = Callable[..., Any]
Check = Callable[[dict[str, Any]], None]


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def text_of(name: str) -> str:
    return (ROOT / "seeds" / name).read_bytes().decode()


def one_line_error(ran: Any, why: str, rc: int = 1) -> None:
    assert ran.rc == rc, ran
    assert ran.stdout == ""
    assert ran.stderr.startswith("rag: "), ran.stderr
    assert ran.stderr.count("\n") == 1
    assert ran.stderr.endswith("\n")
    assert "Traceback" not in ran.stderr
    assert why in ran.stderr


BAD_LINES = [
    b"{broken", b"[1]", b"", b'{"id": "no question"}', b'{"id": "empty", "question": " "}', b"\xff\xfe", b"[" * 50_000,
    b'{"id": "h", "question": "Who?", "history": "abc"}',
    b'{"id": "h2", "question": "Who?", "history": [{"role": "x"}]}',
    b'{"id": "d", "question": "Who?", "documents": ["missing.txt"]}',
    b'{"id": "d2", "question": "Who?", "documents": 5}',
    b'{"id": "s", "question": "Who \\ud800 left?", "documents": ["\\ud800"]}',
    b'{"id": NaN, "question": "Who left?", "documents": ["missing.txt"]}',
]  # fmt: skip


def test_ask_batch_answers_each_line_in_order(seeds: Run, tmp_path: Path, check_answer: Check) -> None:
    history = [{"role": "user", "content": "Where is al-Qaim?"}, {"role": "assistant", "content": "On the border."}]
    good = [
        {"id": 1, "question": QUESTION, "history": history, "documents": [SEED]},
        {"id": "二", "question": "Who \ud800 was killed near Baghdad airport?", "history": None, "documents": None},
    ]
    rows = [json.dumps(good[0]).encode(), *BAD_LINES, json.dumps(good[1]).encode()]
    (tmp_path / "in.jsonl").write_bytes(b"\n".join(rows))
    ran = seeds("ask", "--batch", "in.jsonl", "--out", "out.jsonl")
    assert (ran.rc, ran.stdout, ran.stderr) == (0, "", "")
    first, *bad, last = lines(tmp_path / "out.jsonl")
    check_answer(first)
    check_answer(last)
    assert (first["id"], last["id"]) == (1, "二")
    assert {passage["document"] for passage in first["passages"]} == {SEED}
    assert len(bad) == len(BAD_LINES)
    for number, row in enumerate(bad, start=2):
        assert row["error"].startswith(f"line {number}: "), row
    assert [row["id"] for row in bad][3:5] == ["no question", "empty"]


def test_search_batch_gives_passages_in_order(seeds: Run, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": "a", "text": "Kirkuk"}\n{"id": "b"}\n{"id": "c", "text": "Taji base"}\n')
    assert seeds("search", "--batch", "in.jsonl", "--out", "out.jsonl", "-k", "4").rc == 0
    first, bad, last = lines(tmp_path / "out.jsonl")
    assert bad == {"id": "b", "error": 'line 2: "text" is missing or no text'}
    for row, name in ((first, "a"), (last, "c")):
        assert set(row) == {"id", "passages"}
        assert (row["id"], len(row["passages"])) == (name, 4)
        for passage in row["passages"]:
            assert set(passage) == {"document", "start", "end", "score", "text"}
            assert text_of(passage["document"])[passage["start"] : passage["end"]] == passage["text"]


@pytest.mark.parametrize(
    ("source", "target", "why"),
    [
        ("missing.jsonl", "out.jsonl", "cannot use missing.jsonl (No such file or directory)"),
        (".", "out.jsonl", "(Is a directory)"),
        ("in.jsonl", "in.jsonl", "is the input itself"),
        ("in.jsonl", "./link.jsonl", "is the input itself"),
        ("in.jsonl", "missing/out.jsonl", "cannot use missing/out.jsonl"),
    ],
)
def test_a_batch_that_cannot_be_run_is_one_line(seeds: Run, tmp_path: Path, source: str, target: str, why: str) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": 1, "text": "Kirkuk"}')
    (tmp_path / "link.jsonl").symlink_to("in.jsonl")
    ran = seeds("search", "--batch", source, "--out", target)
    one_line_error(ran, why)
    assert (tmp_path / "in.jsonl").read_text() == '{"id": 1, "text": "Kirkuk"}'


def test_a_batch_over_a_missing_index_is_one_error_not_one_a_line(own: Run, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": 1, "text": "Kirkuk"}\n' * 3)
    one_line_error(own("search", "--batch", "in.jsonl", "--out", "out.jsonl"), "no index in")
    assert not (tmp_path / "out.jsonl").exists()
