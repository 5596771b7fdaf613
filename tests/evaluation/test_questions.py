from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.errors import DataError
from rag.evaluation.questions import check_gold, read_questions, write_questions
from rag.evaluation.records import Gold, Question
from rag.schema import Turn

FULL = {
    "id": "q1", "question": "Who chairs it?", "gold": [{"document": "a.txt", "quote": "Ann chairs it."}], "answers": ["Ann"],
    "conflict": True, "tags": ["who"], "history": [{"role": "user", "content": "Tell me of the board."}], "drafted": True,
}  # fmt: skip


def write(folder: Path, *rows: object) -> Path:
    path = folder / "questions.jsonl"
    path.write_bytes(b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows))
    return path


def test_a_question_set_is_read_and_written(tmp_path: Path) -> None:
    questions = read_questions(write(tmp_path, FULL, {"id": "q2", "question": "When?", "answerable": False}))
    assert questions[0] == Question(
        "q1", "Who chairs it?", True, (Gold("Ann chairs it.", "a.txt"),), ("Ann",), True, ("who",),
        (Turn("user", "Tell me of the board."),), True,
    )  # fmt: skip
    assert questions[1] == Question("q2", "When?", False)
    path = tmp_path / "again.jsonl"
    path.write_text(write_questions(questions), encoding="utf-8")
    assert read_questions(path) == questions


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ({"id": "q", "question": "Who?", "anwser": 1}, "line 1: unknown field 'anwser': known are id, question"),
        ({"question": "Who?"}, '"id" is missing: give a text'),
        ({"id": "q", "question": "  "}, '"question" is blank'),
        ({"id": "q", "question": "Who?", "gold": "x"}, '"gold" is a text: give a list'),
        ({"id": "q", "question": "Who?", "gold": [{"document": "a"}]}, '"gold" 1: "quote" is missing'),
        ({"id": "q", "question": "Who?", "gold": [{"quote": "x", "page": 1}]}, "unknown field 'page'"),
        ({"id": "q", "question": "Who?", "answerable": "yes"}, '"answerable" is a text: give true, false or null'),
        ({"id": "q", "question": "Who?", "answerable": False, "gold": [{"quote": "x"}]}, "false, but there is gold"),
        ({"id": "q", "question": "Who?", "answers": [1]}, '"answers" holds a number'),
        ({"id": "q", "question": "Who?", "answers": ["A"]}, "which any answer would match"),
        (b'{"id": "q", "question": 1e999}', "1e999 is too large a number"),
        (b'{"id": 1' + b"0" * 400 + b"}", "is too large a number"),
        (
            {"id": "q", "question": "Who?", "history": [{"role": "system", "content": "x"}]},
            "give one of user, assistant",
        ),
        (b"[1]", "is a list: give a JSON object"),
        (b"{", "is not JSON"),
        (b'{"id": "caf\xe9"}', "is not UTF-8 (byte 11)"),
        (b'{"id": "q", "question": NaN}', "NaN is no JSON number"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, row: object, complaint: str) -> None:
    with pytest.raises(DataError) as caught:
        read_questions(write(tmp_path, row))
    assert complaint in str(caught.value)
    assert "questions.jsonl line 1" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_ids_are_unique_and_a_set_is_not_empty(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"line 2: the id 'q1' is also that of questions.jsonl line 1"):
        read_questions(write(tmp_path, {"id": "q1", "question": "A?"}, {"id": "q1", "question": "B?"}))
    with pytest.raises(DataError, match="holds no question"):
        read_questions(write(tmp_path, b""))
    with pytest.raises(DataError, match="cannot read"):
        read_questions(tmp_path / "none.jsonl")


def test_gold_must_stand_in_its_document() -> None:
    texts = {"a.txt": "Ann\xa0chairs “it”. Bob does not."}
    fine = Question("q1", "Who?", True, (Gold('ann chairs "it".', "a.txt"), Gold("bob does not")))
    check_gold([fine], texts.get, ["a.txt"])
    wrong = [Question(f"q{n}", "Who?", True, (Gold(f"Nobody {n} chairs it.", "a.txt"),)) for n in range(2, 8)]
    with pytest.raises(
        DataError, match=r"question 'q2': the gold quote “Nobody 2 chairs it.…” is not in 'a.txt'.*and 3 more"
    ):
        check_gold([fine, *wrong], texts.get, ["a.txt"])
    with pytest.raises(DataError, match=r"the gold document 'b.txt' is not in the index"):
        check_gold([Question("q9", "Who?", True, (Gold("x", "b.txt"),))], texts.get, ["a.txt"])
    with pytest.raises(DataError, match="the gold quote “From anywhere…” is not in any document"):
        check_gold([Question("q9", "Who?", True, (Gold("From anywhere"),))], texts.get, ["a.txt"])
