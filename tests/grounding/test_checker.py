import dataclasses

from rag import Assistant
from rag.grounding.checker import check


def test_an_answer_just_given_verifies(seeds_assistant: Assistant) -> None:
    report = seeds_assistant.check(seeds_assistant.ask("When was Soleimani killed?"))
    assert {claim.support for claim in report.claims} == {"quoted"}
    assert report.support_rate == 1.0


def test_a_quote_that_was_tampered_with_is_unsupported_and_says_why(seeds_assistant: Assistant) -> None:
    answer = seeds_assistant.ask("When was Soleimani killed?")
    first = answer.sentences[0]
    forged = dataclasses.replace(answer, sentences=(dataclasses.replace(first, text=first.text.replace("3", "4")),))
    [claim] = seeds_assistant.check(forged).claims
    assert (claim.support, claim.score) == ("unsupported", 0.0)
    assert "words" in claim.reasons[0]


def test_a_changed_span_a_missing_document_and_a_missing_citation_are_faults(seeds_assistant: Assistant) -> None:
    answer = seeds_assistant.ask("When was Soleimani killed?")
    changed = check(answer, lambda document: "x" + seeds_assistant.text(document))
    gone = check(answer, lambda document: None)
    uncited = dataclasses.replace(answer, citations=())
    for report, word in (
        (changed, "characters"),
        (gone, "not in the index"),
        (seeds_assistant.check(uncited), "exist"),
    ):
        assert all(claim.support == "unsupported" and word in claim.reasons[0] for claim in report.claims)


def test_a_report_without_claims_has_no_rate(seeds_assistant: Assistant) -> None:
    report = seeds_assistant.check(seeds_assistant.ask("How many Spanish soldiers serve in the coalition?"))
    assert report.claims == ()
    assert report.support_rate is None
