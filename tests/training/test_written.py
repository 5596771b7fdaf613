"""The questions written for the reader: they are whole, and stand in training beside what they are not answered by."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from rag.models.encoder import Encoder
from rag.training.rows import TWINS, WRITTEN, Row, digest, read_json, written_rows
from rag.training.units import Units
from tests.training.passages import PLACES


def span(text: str, part: str) -> tuple[int, int]:
    return text.index(part), text.index(part) + len(part)


def test_written_questions_are_joined_with_their_passages(
    rows: list[Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = rows[0].context
    asked = [
        ["distant", "Who runs the town?", *span(text, "Ann Dole")],
        ["nameless", "when was it shut", *span(text, "1990")],
    ]
    lines = [
        {"context": digest(text), "asked": [*asked, ["astray", "What did the mayor earn?", None, None]]},
        {"context": digest("A passage that is not among the rows."), "asked": asked},
    ]
    monkeypatch.setitem(WRITTEN, "first", tmp_path / "written.jsonl.gz")
    with gzip.open(tmp_path / "written.jsonl.gz", "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(line) + "\n" for line in lines)
    found = written_rows(rows, ["first"])
    assert [(row.source, row.question) for row in found] == [
        ("written", "Who runs the town?"), ("written_nameless", "when was it shut"), ("written", "What did the mayor earn?"),
    ]  # fmt: skip
    assert [[text[slice(*answer)] for answer in row.answers] for row in found] == [["Ann Dole"], ["1990"], []]


def test_the_shipped_questions_are_whole() -> None:
    passages = [passage for part in ("first", "second") for passage in read_json(WRITTEN[part])]
    assert len({passage["context"] for passage in passages}) == len(passages) > 5000
    twins = list(read_json(WRITTEN["twins"]))
    assert len({passage["context"] for passage in twins}) == len(twins) > 2000
    assert all(
        kind == ("close", "twisted")[at % 2] for passage in twins for at, (kind, *_) in enumerate(passage["asked"])
    )
    passages += twins
    for passage in passages:
        assert len(passage["context"]) == 16
        assert len({question for _, question, _, _ in passage["asked"]}) == len(passage["asked"])
        for kind, question, start, end in passage["asked"]:
            answered = kind in ("natural", "distant", "nameless", "reason", "close")
            assert answered or kind in ("unsaid", "changed", "astray", "twisted")
            assert (0 <= start < end < 1700) if answered else (start is None and end is None)
            assert 2 <= len(question.split()) <= 60


def test_written_questions_stand_beside_those_that_their_passage_does_not_answer(
    rows: list[Row], encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.training.units._DEPTH", 3)
    monkeypatch.setattr("rag.training.units._INVERSE", 6)
    asked = [replace(row, source="written") for row in rows]
    units = Units([row for row in rows if row.answers], asked, encoder, 1, 0.0).epoch(0)
    assert len(units) == 3 * len(PLACES)
    for answered, *others in units:
        assert answered.answer
        assert (answered.kind, answered.answerable, answered.relevant) == ("written", 1, 1)
        for other in others:
            assert (other.answer, other.answerable) == (None, 0)
            assert other.kind in ("written", "mined", "removed")
            assert (other.text == answered.text) == (other.kind == "written")
    kinds = [[other.kind for other in others] for _, *others in units]
    assert 3 <= sum("written" in found for found in kinds) <= len(PLACES)
    assert {kind for found in kinds for kind in found} == {"written", "mined", "removed"}
    assert Units([row for row in rows if row.answers], asked, encoder, 1, 0.0).epoch(0) == units


def test_twins_stay_together_and_differ_in_nothing_else(
    rows: list[Row], encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.training.units._DEPTH", 3)
    monkeypatch.setattr("rag.training.units._INVERSE", 6)
    answered = [row for row in rows if row.answers]
    other = {"Who": "Who never", "In": "By", "How": "About how"}
    asked: list[Row] = []
    for row in answered:
        first, rest = row.question.split(" ", 1)
        twin = replace(row, question=f"{other[first]} {rest}", answers=(), source=TWINS)
        asked += [replace(row, source=TWINS), twin]
    units = Units(answered, asked, encoder, 1, 0.0).epoch(0)
    assert len(units) == len(answered)
    for one, two, *_ in units:
        assert one.text == two.text
        assert two.question == f"{other[one.question.split()[0]]} {one.question.split(' ', 1)[1]}"
