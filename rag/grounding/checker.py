"""Check an answer against the documents as they stand in the index now."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from rag.grounding.evidence import best
from rag.grounding.verbatim import Passage, is_verbatim
from rag.grounding.verdicts import verdict
from rag.schema import Answer, AnswerSentence, Citation, Claim, GroundingReport, Support, Verdict
from rag.schema import Passage as Found
from rag.text.relative import dated
from rag.text.sentences import enclosing

Text = Callable[[str], str | None]
Published = Callable[[str], str | None]
_HOLDS = ("quoted", "supported")


class GroundingChecker(Protocol):
    """Judges whether claims are borne out by their evidence."""

    name: str

    def judge(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[Verdict]:
        """Return one verdict for each claim with its evidence passages, in order; a claim without evidence is unsupported."""
        ...


class LexicalChecker:
    """Compares words, numbers, dates, names, denials and doubts: deterministic, without a model; see `rag.grounding.verdicts`."""

    name = "lexical"

    def judge(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[Verdict]:
        """Return one verdict for each claim with its evidence passages, in order; never "unchecked"."""
        return [verdict(claim, evidence) for claim, evidence in pairs]


def unknown(document: str) -> str | None:
    """Return no date."""
    return None


def check(answer: Answer, text: Text, checker: GroundingChecker, published: Published = unknown) -> GroundingReport:
    """Verify every sentence of `answer`; `text` gives a document's extracted text, None if it is gone.

    `published` gives the date of a document (ISO 8601, None = not known), to which its "on Monday" refers.

    A generated sentence is judged by the whole sentences in which its citations stand: "the minister resigned", cut out of "he
    denied that the minister resigned", supports nothing.

    A sentence that its citations do not support, but the answer's passages do, is told so among its reasons.

    A quotation is "quoted" (score 1) if each citation's span still reads as its quote and one of them holds the sentence. A
    generated sentence is "quoted" if it is one or more whole sentences of what it cites; else `checker` judges it by
    all of them. A sentence that cites nothing, or a citation that does not verify, is "unsupported" (score 0), with the reason.
    """
    citations = {citation.n: citation for citation in answer.citations}
    claims = [_verified(sentence, citations, text) for sentence in answer.sentences]
    waiting = [at for at, claim in enumerate(claims) if claim.support == "unchecked"]
    pairs = [
        (
            claims[at].text,
            [dated(_whole(citations[n], text), published(citations[n].document)) for n in claims[at].citations],
        )
        for at in waiting
    ]
    for at, judged in zip(waiting, checker.judge(pairs) if pairs else [], strict=True):
        claims[at] = _claim(answer.sentences[at], judged.label, judged.score, judged.reasons)
    failed = [at for at in waiting if claims[at].support not in _HOLDS]
    for at, reason in _elsewhere(claims, failed, answer.passages, text, checker):
        claims[at] = replace(claims[at], reasons=(*claims[at].reasons, reason))
    return GroundingReport(tuple(claims))


def _elsewhere(
    claims: Sequence[Claim], failed: Sequence[int], shown: Sequence[Found], text: Text, checker: GroundingChecker
) -> Iterator[tuple[int, str]]:
    """Yield, for each of the failed claims that what was retrieved supports, a reason that says where: it is only mis-cited."""
    passages = [found for found in shown if (text(found.document) or "")[found.start : found.end] == found.text]
    pairs = [(claims[at].text, [found.text for found in passages]) for at in failed if passages]
    for at, found_there in zip(failed, checker.judge(pairs) if pairs else [], strict=bool(pairs)):
        place = best(claims[at].text, [Passage(found.text) for found in passages], 1)
        if found_there.label in _HOLDS and place:
            found = passages[place[0][0]]
            yield (
                at,
                f"mis-cited: {found.document}, characters {found.start} to {found.end}, supports it and is not cited",
            )


def _verified(sentence: AnswerSentence, citations: dict[int, Citation], text: Text) -> Claim:
    """Return the claim as far as its citations decide it: "unchecked" if a checker must."""
    reasons = [reason for n in sentence.citations for reason in _faults(n, citations.get(n), text)]
    if not sentence.citations:
        reasons.append("it cites nothing")
    if reasons:
        return _claim(sentence, "unsupported", 0.0, reasons)
    quotes = [citations[n].quote for n in sentence.citations]
    if sentence.kind == "generated":
        quoted = is_verbatim(sentence.text, [Passage(_whole(citations[n], text)) for n in sentence.citations])
        return _claim(sentence, "quoted", 1.0) if quoted else _claim(sentence, "unchecked", None)
    if any(sentence.text.strip() == quote.strip() for quote in quotes) or is_verbatim(
        sentence.text, [Passage(quote) for quote in quotes]
    ):
        return _claim(sentence, "quoted", 1.0)
    return _claim(sentence, "unsupported", 0.0, ["the words are not those of what it cites"])


def _whole(citation: Citation, text: Text) -> str:
    found = text(citation.document) or ""
    start, end = enclosing(found, citation.start, citation.end)
    return found[start:end]


def _claim(sentence: AnswerSentence, support: Support, score: float | None, reasons: Sequence[str] = ()) -> Claim:
    return Claim(sentence.text, support, score, sentence.citations, tuple(reasons))


def _faults(n: int, citation: Citation | None, text: Text) -> list[str]:
    if citation is None:
        return [f"citation {n} does not exist"]
    found = text(citation.document)
    if found is None:
        return [f"citation {n}: the document {citation.document!r} is not in the index"]
    inside = 0 <= citation.start < citation.end <= len(found)
    if not inside or found[citation.start : citation.end] != citation.quote:
        return [f"citation {n}: characters {citation.start} to {citation.end} do not read as quoted"]
    if hashlib.sha256(found.encode("utf-8", "surrogatepass")).hexdigest() != citation.sha256:
        return [f"citation {n}: the document has changed since, though not at this place"]
    return []
