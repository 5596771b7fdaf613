"""Pair each question with its response, or say which have no counterpart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.errors import DataError
from rag.evaluation.records import Question, Response
from rag.text.normal import normalise

_TOLD = 3


def align(questions: Sequence[Question], responses: Sequence[Response]) -> list[tuple[Question, Response]]:
    """Return (question, response) in the order of the questions, by id, or by wording where no id is known.

    Raises:
        DataError: a question without a response, a response without a question, or two wordings of one id.
    """
    by_id = {response.id: response for response in responses}
    names = {question.id for question in questions}
    if not names & set(by_id):
        by_id = _by_wording(questions, responses)
    missing = [question.id for question in questions if question.id not in by_id]
    if missing:
        raise DataError(
            f"{len(missing):,} of {len(questions):,} questions have no answer ({_listed(missing)}): ask them, or remove them"
        )
    extra = [name for name in by_id if name not in names]
    if extra:
        raise DataError(
            f"{len(extra):,} answers belong to no question ({_listed(extra)}): give the question set they were asked from"
        )
    pairs = [(question, by_id[question.id]) for question in questions]
    for question, response in pairs:
        if response.question is not None and _plain(response.question) != _plain(question.question):
            raise DataError(
                f"the answer {question.id!r} is to “{response.question[:60]}”, the question is “{question.question[:60]}”: "
                "score answers with the question set that they answer"
            )
    return pairs


def _by_wording(questions: Sequence[Question], responses: Sequence[Response]) -> dict[str, Response]:
    names = {_plain(question.question): question.id for question in questions}
    found: dict[str, Response] = {}
    for response in responses:
        name = names.get(_plain(response.question or ""), response.id)
        if name in found:
            raise DataError(f"two answers to “{(response.question or '')[:60]}”: keep one for each question")
        found[name] = response
    return found


def _plain(text: str) -> str:
    return normalise(text).text.strip()


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    return ", ".join(repr(name[:40]) for name in names[:_TOLD]) + (", …" if len(names) > _TOLD else "")
