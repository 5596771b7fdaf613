"""The examples that train the reader: what is called an answer is one, and what is not, is not."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from rag.models.encoder import Encoder
from rag.models.weights import find_weights
from rag.training.batches import LONGEST, Encoding, batches
from rag.training.edits import KINDS, edit, slots
from rag.training.mining import Corpus
from rag.training.rephrasings import rephrase, synonyms
from rag.training.rows import Row, held_out, read_rows, training_rows
from rag.training.units import Example, Units, keywords, without_answer


def test_rows_with_other_licences_and_misplaced_answers_are_left_out(tmp_path: Path) -> None:
    row = {
        "id": "1", "source": "covid_qa_windows", "question": " Who? ", "context": "Ann did.", "answers": ["Ann", "Bob"],
        "answer_starts": [0, 4], "unanswerable": False,
    }  # fmt: skip
    closed = row | {"source": "policyqa"}
    wrong = row | {"answers": ["Bob"], "answer_starts": [0]}
    with gzip.open(tmp_path / "train.jsonl.gz", "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(item) + "\n" for item in (row, closed, wrong))
    [kept] = training_rows(tmp_path)
    assert (kept.question, kept.answers) == ("Who?", ((0, 3),))
    assert len(list(read_rows(tmp_path / "train.jsonl.gz"))) == 2


def test_about_a_twentieth_is_held_out() -> None:
    held = sum(held_out(f"passage {number}") for number in range(4000))
    assert 150 < held < 260


def test_an_edited_question_differs_and_every_kind_is_made(rows: list[Row]) -> None:
    fills = slots([row.question for row in rows] + ["Who opened a new road in Lund?", "Who closed a new mill in Lund?"])

    def others(before: str, word: str, after: str) -> list[str]:
        return [other for other in fills.get((before, after), ()) if other != word]

    seen = set()
    for seed in range(300):
        row = rows[seed % len(rows)]
        if not row.answers:
            continue
        made = edit(
            row.question, row.context, row.context[slice(*row.answers[0])], random.Random(seed), others, ["Paris"]
        )
        assert made is not None
        changed, kind = made
        assert changed != row.question
        seen.add(kind)
        assert (
            edit(row.question, row.context, row.context[slice(*row.answers[0])], random.Random(seed), others, ["Paris"])
            == made
        )
    assert seen >= set(KINDS) - {"antonym", "number"}


@pytest.mark.parametrize(
    ("question", "kind", "expected"),
    [
        ("What is the largest lake?", "antonym", "What is the smallest lake?"),
        ("When did it open?", "negation", None),
        ("Who left in 1987?", "number", None),
    ],
)
def test_kinds_of_edits(question: str, kind: str, expected: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.training.edits.KINDS", {kind: 1.0})
    made = edit(question, "It opened in 1990.", "1990", random.Random(1), lambda *words: (), ())
    assert made is not None
    assert made[1] == kind
    assert expected is None or made[0] == expected


SAME = {"closed": ("shut",), "opened": ("inaugurated",), "moved": ("went",)}


def test_a_question_in_other_words_keeps_what_it_asks(rows: list[Row]) -> None:
    seen = set()
    for seed in range(400):
        row = rows[seed % len(rows)]
        if not row.answers:
            continue
        made = rephrase(row.question, row.context, row.answers[0], random.Random(seed), SAME)
        assert made == rephrase(row.question, row.context, row.answers[0], random.Random(seed), SAME)
        assert made
        assert made != row.question
        assert row.context[slice(*row.answers[0])] not in made
        seen.add(made)
    assert "In which year was the harbour of Lund shut?" in seen
    assert "Who inaugurated a new bridge in Lund?" in seen
    assert "Who opened a new bridge?" in seen
    assert any(text.startswith(("Can you tell me", "Do you know")) for text in seen)


@pytest.mark.parametrize("seed", range(30))
def test_a_condition_that_is_added_is_said_of_the_answer(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.training.rephrasings.KINDS", {"condition": 1.0})
    text = "Rain fell in Osby. The mill was sold to a farmer in March after the war. It burnt down in 1950."
    start = text.index("a farmer")
    made = rephrase("Who bought the mill?", text, (start, start + 8), random.Random(seed), {})
    assert made in (
        "Who bought the mill in March?", "In March, who bought the mill?",
        "Who bought the mill after the war?", "After the war, who bought the mill?",
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(
    "text",
    [
        "The bridge was opened in 1990 by Anna Berg and closed in 2004 by Karl Holm.",
        "In June the bridge was not opened by Anna Berg.",
    ],
)
def test_what_is_said_of_something_else_is_no_condition(text: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.training.rephrasings.KINDS", {"condition": 1.0})
    start = text.index("Anna Berg")
    made = rephrase("Who opened the bridge?", text, (start, start + 9), random.Random(seed), {})
    assert made in (None, "Who opened the bridge in 1990?", "In 1990, who opened the bridge?")
    assert (made is None) == ("not" in text)


def test_nothing_is_said_in_other_words_where_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.training.rephrasings.KINDS", {"condition": 0.5, "synonym": 0.3, "shorter": 0.2})
    assert rephrase("Who?", "Ann did.", (0, 3), random.Random(1), {}) is None


def test_synonyms_are_of_one_part_of_speech_and_no_antonyms(encoder: Encoder) -> None:
    found = synonyms(
        ["bought", "purchased", "sold", "city", "town", "film", "movie", "buyer", "largest", "biggest"], encoder
    )
    assert found["bought"] == ("purchased",)
    assert found["film"] == ("movie",)
    assert found["largest"] == ("biggest",)
    assert "buyer" not in found


def test_taking_the_answer_out_leaves_none_of_it(rows: list[Row]) -> None:
    for row in rows:
        if row.answers:
            less = without_answer(row)
            assert less is not None
            assert row.context[slice(*row.answers[0])] not in less


def test_keywords_are_words_of_the_text_in_order() -> None:
    text = "In which year was the harbour of Valdora closed?"
    assert keywords(text, random.Random(1)) == "year harbour Valdora closed"
    assert len(keywords("one two three four five six seven eight nine ten" * 3, random.Random(1)).split()) <= 7


def test_the_retriever_ranks_a_passage_first_for_its_question(rows: list[Row], encoder: Encoder) -> None:
    texts = list(dict.fromkeys(row.context for row in rows))
    ranked = Corpus(texts, encoder).rank([row.question for row in rows], 4)
    assert ranked.shape == (len(rows), 4)
    right = [texts[ranked[at][0]] == row.context for at, row in enumerate(rows)]
    assert sum(right) >= 0.9 * len(rows)


def test_examples_keep_their_promise(rows: list[Row], encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.training.units._DEPTH", 3)
    monkeypatch.setattr("rag.training.units._INVERSE", 6)
    units = Units(rows, [], encoder, 1, 1.0)
    first = units.epoch(0)
    assert first == Units(rows, [], encoder, 1, 1.0).epoch(0)
    assert first != units.epoch(1)
    for unit in first:
        for example in unit:
            if example.answer:
                assert example.answerable == 1
                said = example.text[slice(*example.answer)]
                assert said in ("Ann Dole", "400", *map(str, range(1990, 1998)))
            assert example.kind in ("answered", "edit", "mined", "removed", "far", "written", "inverse")
            assert (example.kind == "answered") == (example.answerable == 1)
    assert {example.kind for unit in first for example in unit} >= {"answered", "edit", "written", "inverse"}


def test_batches_mark_the_pieces_of_the_answer(rows: list[Row]) -> None:
    encoding = Encoding(find_weights("all-MiniLM-L6-v2").folder)
    long = "Nothing happened in the town. " * 100
    at = len(long)
    units = [
        (Example(row.question, f"{long}{row.context} {long}", (at + start, at + end), 1, 1, "answered"),)
        for row in rows
        for start, end in row.answers
    ]
    found = list(batches(units, encoding, 2048, "1"))
    assert sum(len(batch.start) for batch in found) == len(units)
    for batch in found:
        assert batch.input_ids.shape[1] <= LONGEST
        for row in range(len(batch.start)):
            pieces = batch.input_ids[row, batch.start[row] : batch.end[row] + 1].tolist()
            assert encoding._tokenizer.decode(pieces) in ("ann dole", "400", *map(str, range(1990, 1998)))
            assert batch.token_type_ids[row, batch.start[row]] == 1
