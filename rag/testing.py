"""A pytest fixture for projects that want their answers grounded.

With `from rag.testing import assert_grounded` in `conftest.py`, a test takes `assert_grounded` and calls it with an answer and
the assistant that gave it, or with a text and `evidence=[…]`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from rag.assistant import Assistant
from rag.evaluation.files import Fields
from rag.evaluation.grounding import ground
from rag.evaluation.matching import Exactness
from rag.evaluation.records import Quotation, Response, Stated
from rag.evaluation.responses import from_attest
from rag.evaluation.sources import texts_of
from rag.grounding.checker import GroundingChecker, LexicalChecker
from rag.schema import Answer
from rag.text.sentences import sentences

__all__ = ["assert_grounded"]

Given = Answer | Mapping[str, Any] | str


@pytest.fixture
def assert_grounded() -> Callable[..., None]:
    """Return a function that fails the test unless every sentence of an answer is quoted from or supported by what it cites.

    Call it as `assert_grounded(answer, assistant=None, *, evidence=None, min_support=1.0, checker=None)`.

    answer: an `Answer`, its JSON object, or a text. A "not found" says nothing that could be wrong, and passes.
    assistant: citations are held against its documents; without it, against the passages in the answer.
    evidence: passages (texts) that support a text; without any, nothing is supported.
    min_support: share of sentences (0 to 1) that must be supported; every citation must be exact whatever it is.
    checker: judges sentences that are not quotations; default: the assistant's, else the lexical one.
    """
    return _assert_grounded


def _assert_grounded(
    answer: Given,
    assistant: Assistant | None = None,
    *,
    evidence: Sequence[str] | None = None,
    min_support: float = 1.0,
    checker: GroundingChecker | None = None,
) -> None:
    __tracebackhide__ = True
    if not 0 <= min_support <= 1:
        raise ValueError(f"min_support is {min_support}: give a share, 0 to 1")
    if (assistant if isinstance(answer, str) else evidence) is not None:
        raise TypeError("a text goes with evidence, an answer with an assistant")
    response = _text_response(answer, evidence) if isinstance(answer, str) else _response(answer)
    if response.error:
        pytest.fail(f"there is no answer: {response.error}")
    if not response.answered and not isinstance(answer, str):
        return
    if not response.sentences:
        pytest.fail("the answer says nothing: there is no sentence that could be supported")
    judge = checker or (assistant.checker if assistant else LexicalChecker())
    [checked] = ground([response], judge, Exactness(texts_of(assistant)[0] if assistant else None))
    faults = [
        f"{found.verdict.label}: {stated.text!r}" + "".join(f"\n    {reason}" for reason in found.verdict.reasons)
        for stated, found in zip(response.sentences, checked.sentences, strict=True)
        if not found.supported
    ]
    broken = [f"citation {c.n}: {f}" for c, f in zip(response.citations or (), checked.faults, strict=True) if f]
    support = 1 - len(faults) / len(response.sentences)
    if support < min_support or broken:
        listed = "\n  ".join([*faults, *broken])
        pytest.fail(f"{support:.0%} of the answer is grounded, {min_support:.0%} is asked for:\n  {listed}")


def _response(answer: Answer | Mapping[str, Any]) -> Response:
    row = answer.to_dict() if isinstance(answer, Answer) else dict(answer)
    return from_attest(Fields({**row, "id": row.get("id") or "answer"}, "the answer"))


def _text_response(answer: str, evidence: Sequence[str] | None) -> Response:
    stated = tuple(Stated(answer[span.start : span.end]) for span in sentences(answer))
    return Response("answer", None, bool(stated), stated, passages=tuple(Quotation(text) for text in evidence or ()))
