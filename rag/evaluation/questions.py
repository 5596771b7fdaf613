"""Question sets: JSON lines that a person can write and keep, since gold is named by its words and not by a chunk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rag.errors import DataError
from rag.evaluation.files import Fields, read_lines, to_lines
from rag.evaluation.matching import Text, says_something
from rag.evaluation.records import Gold, Question
from rag.schema import Turn
from rag.text.normal import find

FIELDS = ("id", "question", "answerable", "gold", "answers", "conflict", "tags", "history", "drafted")
_TOLD = 3  # faults that a message names; the rest are counted


def read_questions(path: Path) -> list[Question]:
    """Return the questions of a file of JSON lines, in order.

    Fields: `id` and `question` (texts, both needed); `answerable` (true, false, null = nobody has said; true where there is
    gold); `gold` ([{"quote", "document"?}]); `answers` (short forms); `conflict`
    (true where the documents differ); `tags`; `history` ([{"role", "content"}]); `drafted` (true = made by a program).

    Raises:
        DataError: the file cannot be read, is empty, or a line is not such a question.
    """
    found: list[Question] = []
    places: dict[str, str] = {}
    for place, row in read_lines(path):
        question = _question(Fields(row, place))
        if question.id in places:
            raise DataError(
                f"{place}: the id {question.id[:60]!r} is also that of {places[question.id]}: give each its own"
            )
        places[question.id] = place
        found.append(question)
    if not found:
        raise DataError(f"{path.name} holds no question: give at least one JSON line")
    return found


def check_gold(questions: Sequence[Question], text: Text, documents: Sequence[str]) -> None:
    """Raise DataError if a gold quote does not occur in its document, or, if it names none, in any of `documents` (ids).

    `text` gives a document's text, None if there is none. Quotes are compared in normal form (white space, quotation marks,
    dashes and case do not count).
    """
    faults = [
        fault for question in questions for gold in question.gold if (fault := _fault(question, gold, text, documents))
    ]
    if faults:
        more = f" (and {len(faults) - _TOLD} more)" if len(faults) > _TOLD else ""
        raise DataError(f"{'; '.join(faults[:_TOLD])}{more}: copy the quotes from `rag docs text ID`")


def write_questions(questions: Iterable[Question]) -> str:
    """Return questions as JSON lines; fields that say nothing are left out."""
    return to_lines(_row(question) for question in questions)


def _question(fields: Fields) -> Question:
    fields.only(FIELDS)
    gold = tuple(_gold(item) for item in fields.objects("gold"))
    for answer in fields.texts("answers"):
        if not says_something(answer):
            raise fields.fail(f'"answers" holds {answer[:20]!r}, which any answer would match: give a word or a number')
    answerable = fields.flag("answerable")
    if answerable is False and gold:
        raise fields.fail('"answerable" is false, but there is gold: remove one of the two')
    return Question(
        id=fields.text("id"),
        question=fields.text("question"),
        answerable=True if gold else answerable,
        gold=gold,
        answers=fields.texts("answers"),
        conflict=fields.flag("conflict"),
        tags=fields.texts("tags"),
        history=tuple(_turn(item) for item in fields.objects("history")),
        drafted=bool(fields.flag("drafted")),
    )


def _gold(fields: Fields) -> Gold:
    fields.only(("document", "quote"))
    return Gold(fields.text("quote"), fields.optional_text("document"))


def _turn(fields: Fields) -> Turn:
    fields.only(("role", "content"))
    return Turn(fields.choice("role", ("user", "assistant")), fields.text("content"))


def _fault(question: Question, gold: Gold, text: Text, documents: Sequence[str]) -> str | None:
    names = documents if gold.document is None else [gold.document]
    if gold.document is not None and text(gold.document) is None:
        return f"question {question.id!r}: the gold document {gold.document!r} is not in the index"
    texts = [text(name) or "" for name in names]
    if any(gold.quote in found for found in texts) or any(find(gold.quote, found) for found in texts):
        return None
    where = "any document" if gold.document is None else repr(gold.document)
    return f"question {question.id!r}: the gold quote “{gold.quote[:60]}…” is not in {where}"


def _row(question: Question) -> dict[str, Any]:
    row: dict[str, Any] = {"id": question.id, "question": question.question, "answerable": question.answerable}
    if question.gold:
        row["gold"] = [
            {"document": gold.document, "quote": gold.quote} if gold.document else {"quote": gold.quote}
            for gold in question.gold
        ]
    for name in ("answers", "conflict", "tags"):
        if getattr(question, name):
            value = getattr(question, name)
            row[name] = list(value) if isinstance(value, tuple) else value
    if question.history:
        row["history"] = [{"role": turn.role, "content": turn.content} for turn in question.history]
    if question.drafted:
        row["drafted"] = True
    return row
