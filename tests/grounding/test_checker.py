"""An answer checked against the documents: citations first, then the wording of what is not a quotation."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Sequence

import pytest

from rag import Assistant
from rag.grounding.checker import LexicalChecker, check
from rag.schema import Answer, AnswerSentence, Claim, Verdict
from rag.text.sentences import enclosing


class Never:
    """A checker that must not be asked."""

    name = "never"

    def judge(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[Verdict]:
        raise AssertionError(pairs)


@pytest.fixture(scope="module")
def answer(seeds_assistant: Assistant) -> Answer:
    return seeds_assistant.ask("When was Soleimani killed?")


@pytest.fixture(scope="module")
def generated(seeds_assistant: Assistant, answer: Answer) -> Callable[..., Claim]:
    """Check one generated sentence; by default it cites the first citation."""

    def claim(text: str, citations: tuple[int, ...] = (1,)) -> Claim:
        sentence = AnswerSentence(text, "generated", citations, "unchecked", None)
        forged = dataclasses.replace(answer, sentences=(sentence,))
        [claim] = check(forged, seeds_assistant.text, LexicalChecker()).claims
        return claim

    return claim


def test_an_answer_just_given_verifies_without_a_checker(seeds_assistant: Assistant, answer: Answer) -> None:
    report = check(answer, seeds_assistant.text, Never())
    assert {(claim.support, claim.score) for claim in report.claims} == {("quoted", 1.0)}
    assert report.support_rate == 1.0
    assert seeds_assistant.check(answer) == report


def test_a_quote_that_was_tampered_with_is_unsupported_and_says_why(seeds_assistant: Assistant, answer: Answer) -> None:
    first = answer.sentences[0]
    forged = dataclasses.replace(answer, sentences=(dataclasses.replace(first, text=first.text.replace("3", "4")),))
    [claim] = check(forged, seeds_assistant.text, Never()).claims
    assert (claim.support, claim.score) == ("unsupported", 0.0)
    assert "words" in claim.reasons[0]


@pytest.mark.parametrize("kind", ["quote", "generated"])
def test_a_citation_that_does_not_verify_is_a_fault(seeds_assistant: Assistant, answer: Answer, kind: str) -> None:
    answer = dataclasses.replace(
        answer, sentences=tuple(dataclasses.replace(sentence, kind=kind) for sentence in answer.sentences)
    )
    changed = check(answer, lambda document: "x" + seeds_assistant.text(document), Never())
    altered = check(answer, lambda document: seeds_assistant.text(document) + "x", Never())
    gone = check(answer, lambda document: None, Never())
    missing = check(dataclasses.replace(answer, citations=()), seeds_assistant.text, Never())
    for report, word in ((changed, "characters"), (altered, "changed"), (gone, "not in the index"), (missing, "exist")):
        assert all((claim.support, claim.score) == ("unsupported", 0.0) for claim in report.claims)
        assert all(word in claim.reasons[0] for claim in report.claims)


def test_a_generated_sentence_is_judged_by_what_it_cites(answer: Answer, generated: Callable[..., Claim]) -> None:
    quote = answer.citations[0].quote
    assert "Soleimani" in quote
    assert generated(quote).support == "quoted"
    assert generated(quote).score == 1.0
    assert generated("The moon is made of cheese.").support == "unsupported"
    unnamed = generated("Soleimani was killed by Maria Lopez.")
    assert unnamed.support == "unsupported"
    assert 'no "Maria Lopez" in the evidence' in unnamed.reasons
    assert generated(quote.replace("3", "4")).support == "contradicted"


def test_a_generated_sentence_needs_citations_that_all_verify(answer: Answer, generated: Callable[..., Claim]) -> None:
    quote = answer.citations[0].quote
    assert generated(quote, ()) == Claim(quote, "unsupported", 0.0, (), ("it cites nothing",))
    assert generated(quote, (1, 99)) == Claim(quote, "unsupported", 0.0, (1, 99), ("citation 99 does not exist",))


def test_a_report_without_claims_has_no_rate(seeds_assistant: Assistant) -> None:
    report = seeds_assistant.check(seeds_assistant.ask("How many Spanish soldiers serve in the coalition?"))
    assert report.claims == ()
    assert report.support_rate is None


def test_a_denial_cut_off_the_citation_is_read_all_the_same(answer: Answer) -> None:
    text = "The court sat on Monday. He denied that the minister of war resigned in May. Nobody asked why."
    quote = "the minister of war resigned in May"
    start = text.index(quote)
    cut = dataclasses.replace(
        answer.citations[0],
        start=start,
        end=start + len(quote),
        quote=quote,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    said = dataclasses.replace(
        answer.sentences[0], text="The minister of war resigned in May.", kind="generated", citations=(1,)
    )
    [claim] = check(
        dataclasses.replace(answer, citations=(cut,), sentences=(said,)), lambda _: text, LexicalChecker()
    ).claims
    assert claim.support in ("contradicted", "unsupported")


def test_a_sentence_that_only_what_was_retrieved_supports_is_told_to_be_mis_cited(
    seeds_assistant: Assistant, answer: Answer
) -> None:
    elsewhere = next(p for p in answer.passages if answer.citations[0].quote not in p.text and len(p.text) > 200)
    start, end = enclosing(elsewhere.text, 100, 101)
    sentence = AnswerSentence(elsewhere.text[start:end], "generated", (1,), "unchecked", None)
    forged = dataclasses.replace(answer, sentences=(sentence,))
    [claim] = check(forged, seeds_assistant.text, LexicalChecker()).claims
    assert claim.support not in ("quoted", "supported")
    assert claim.reasons[-1].startswith(f"mis-cited: {elsewhere.document}, characters ")
    made_up = dataclasses.replace(elsewhere, text=elsewhere.text.replace("a", "b"))
    [claim] = check(dataclasses.replace(forged, passages=(made_up,)), seeds_assistant.text, LexicalChecker()).claims
    assert not any("mis-cited" in reason for reason in claim.reasons)


def test_relative_dates_mean_those_of_the_publication(answer: Answer) -> None:
    text = "The bridge was opened on Monday. Nobody came."
    cited = dataclasses.replace(
        answer.citations[0], start=0, end=32, quote=text[:32], sha256=hashlib.sha256(text.encode()).hexdigest()
    )
    labels = []
    for said in ("The bridge was opened on 16 March 2020.", "The bridge was opened on 17 March 2020."):
        sentence = AnswerSentence(said, "generated", (1,), "unchecked", None)
        forged = dataclasses.replace(answer, citations=(cited,), sentences=(sentence,), passages=())
        [claim] = check(forged, lambda _: text, LexicalChecker(), lambda _: "2020-03-18").claims
        labels.append(claim.support)
    assert labels == ["supported", "contradicted"]
