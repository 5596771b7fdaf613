"""A text held against documents: sentence by sentence, with the evidence named to the character."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag import Assistant
from rag.errors import DocumentError, UsageError
from rag.grounding.checker import LexicalChecker
from rag.grounding.texts import MOST_CHARACTERS, MOST_SENTENCES, check_sentences, stated
from rag.schema import Claim, Passage

TOWN = "The bridge was built in 1921. Ann Brennan opened it with a speech. It cost 40,000 pounds."
SEA = "The ferry sank in 1987 near the coast. Nobody was hurt."


def find(query: str) -> Sequence[Passage]:
    """Return both passages, the second from the middle of its document."""
    return [Passage(1, "town.txt", 0, len(TOWN), TOWN, 0.9), Passage(2, "sea.txt", 100, 100 + len(SEA), SEA, 0.5)]


def checked(text: str) -> list[tuple[Claim, list[tuple[str, int, int]]]]:
    found = check_sentences(text, find, LexicalChecker())
    return [(claim, [(p.document, start, end) for p, start, end in evidence]) for claim, evidence in found]


def test_each_sentence_gets_a_verdict_and_its_evidence_by_the_character() -> None:
    quoted, wrong, absent = checked(
        "The ferry sank in 1987 near the coast. The bridge was built in 1931. Turnips are sold on Fridays."
    )
    assert (quoted[0].support, quoted[1]) == ("quoted", [("sea.txt", 100, 138)])
    assert (wrong[0].support, wrong[1]) == ("contradicted", [("town.txt", 0, 29)])
    assert "1931" in wrong[0].reasons[0]
    assert (absent[0].support, absent[1]) == ("unsupported", [])
    assert absent[0].reasons


def test_evidence_from_two_documents_is_read_together() -> None:
    [(claim, evidence)] = checked("Ann Brennan opened the bridge, and nobody was hurt when the ferry sank.")
    assert claim.support == "supported"
    assert sorted(evidence) == [("sea.txt", 100, 138), ("town.txt", 30, 66)]


def test_a_question_or_heading_states_nothing() -> None:
    for text in ("Was the bridge built in 1921?", "History"):
        [(claim, evidence)] = checked(text)
        assert (claim.support, claim.score, evidence) == ("unchecked", None, [])
        assert claim.reasons == ("a question or heading states nothing",)


def test_a_sentence_that_leans_on_the_one_before_is_searched_for_with_it() -> None:
    found = stated("The bridge was built in 1921. It cost 40,000 pounds.")
    assert found[1] == ("It cost 40,000 pounds.", "The bridge was built in 1921. It cost 40,000 pounds.")
    assert [own == query for own, query in found] == [True, False]


def test_nothing_found_is_unsupported() -> None:
    [(claim, evidence)] = check_sentences("The bridge was built in 1921.", lambda query: [], LexicalChecker())
    assert (claim.support, claim.reasons, evidence) == ("unsupported", ("no passage speaks of it",), ())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (" \n", "the text is empty"),
        ("a" * (MOST_CHARACTERS + 1), "50,001 characters: at most 50,000"),
        ("It rained all day. " * (MOST_SENTENCES + 1), "201 sentences: at most 200"),
    ],
)
def test_texts_that_cannot_be_checked_are_one_line(text: str, line: str) -> None:
    with pytest.raises(UsageError, match=line):
        stated(text)


def test_a_text_over_the_seeds(seeds_assistant: Assistant) -> None:
    quote = seeds_assistant.ask("When was Soleimani killed?").citations[0]
    report = seeds_assistant.check_text(f"{quote.quote} Was it so? The moon is made of \ud800 green cheese.")
    first, second, third = report.claims
    assert (first.support, second.support) == ("quoted", "unchecked")
    assert third.support in ("unsupported", "contradicted", "partly")
    cited = report.citations[first.citations[0] - 1]
    assert seeds_assistant.text(cited.document)[cited.start : cited.end] == cited.quote
    assert cited.quote in quote.quote
    assert [citation.n for citation in report.citations] == list(range(1, len(report.citations) + 1))
    assert report.support_rate == 0.5
    with pytest.raises(DocumentError, match="nowhere"):
        seeds_assistant.check_text("One. Two.", documents=["nowhere.txt"])
