"""The fixture that other projects import, used as they would use it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from rag import Assistant
from rag.schema import AnswerSentence
from rag.testing import assert_grounded  # noqa: F401, a fixture

pytest_plugins = ["pytester"]
Check = Callable[..., None]
QUESTION = "How many bases did the US have in Iraq before the withdrawal?"
EVIDENCE = "The mill in Leeds opened in 1887. Ann Lee founded it with 300 looms."


def test_a_grounded_answer_passes(assert_grounded: Check, seeds_assistant: Assistant) -> None:  # noqa: F811
    answer = seeds_assistant.ask(QUESTION)
    assert_grounded(answer, seeds_assistant)
    assert_grounded(answer)
    assert_grounded(answer.to_dict(), seeds_assistant)
    assert_grounded(seeds_assistant.ask("What is the population of al-Qaim?"), seeds_assistant)


def test_what_is_not_grounded_fails(assert_grounded: Check, seeds_assistant: Assistant) -> None:  # noqa: F811
    answer = seeds_assistant.ask(QUESTION)
    shifted = replace(answer, citations=(replace(answer.citations[0], start=1), *answer.citations[1:]))
    with pytest.raises(pytest.fail.Exception, match="do not read as quoted"):
        assert_grounded(shifted, seeds_assistant)
    invented = AnswerSentence("Aliens built ninety new bases near Paris.", "generated", (1,), "supported", 1.0)
    with pytest.raises(pytest.fail.Exception, match="Aliens built"):
        assert_grounded(replace(answer, sentences=(*answer.sentences, invented)), seeds_assistant)
    assert_grounded(replace(answer, sentences=(*answer.sentences, invented)), seeds_assistant, min_support=0.4)


def test_a_text_needs_evidence(assert_grounded: Check) -> None:  # noqa: F811
    assert_grounded("The mill in Leeds opened in 1887.", evidence=[EVIDENCE])
    for text, evidence in (
        ("The mill opened in 1887.", []),
        ("The mill opened in 1888.", [EVIDENCE]),
        ("  ", [EVIDENCE]),
    ):
        with pytest.raises(pytest.fail.Exception):
            assert_grounded(text, evidence=evidence)


def test_what_makes_no_sense_is_refused(assert_grounded: Check, seeds_assistant: Assistant) -> None:  # noqa: F811
    answer = seeds_assistant.ask(QUESTION)
    with pytest.raises(pytest.fail.Exception, match="there is no answer: boom"):
        assert_grounded({"id": "1", "error": "boom"})
    with pytest.raises(ValueError, match="min_support is nan"):
        assert_grounded(answer, seeds_assistant, min_support=float("nan"))
    with pytest.raises(TypeError, match="a text goes with evidence"):
        assert_grounded(answer, evidence=[EVIDENCE])
    with pytest.raises(TypeError, match="a text goes with evidence"):
        assert_grounded("The mill opened in 1887.", seeds_assistant)


def test_another_project_imports_it(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("from rag.testing import assert_grounded")
    pytester.makepyfile(
        f"""
        def test_good(assert_grounded):
            assert_grounded("Ann Lee founded it with 300 looms.", evidence=[{EVIDENCE!r}])

        def test_bad(assert_grounded):
            assert_grounded("Ann Lee founded it with 900 looms.", evidence=[{EVIDENCE!r}])
        """
    )
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=1, failed=1)
