"""Check an answer against the documents as they stand in the index now."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Protocol

from rag.grounding.verbatim import Passage, is_verbatim
from rag.grounding.verdicts import verdict
from rag.schema import Answer, AnswerSentence, Citation, Claim, GroundingReport, Support, Verdict
from rag.text.sentences import enclosing

Text = Callable[[str], str | None]


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


def check(answer: Answer, text: Text, checker: GroundingChecker) -> GroundingReport:
    """Verify every sentence of `answer`; `text` gives a document's extracted text, None if it is gone.

    A generated sentence is judged by the whole sentences in which its citations stand: "the minister resigned", cut out of "he
    denied that the minister resigned", supports nothing.

    A quotation is "quoted" (score 1) if each citation's span still reads as its quote and one of them holds the sentence. A
    generated sentence is "quoted" if it is one or more whole sentences of what it cites; else `checker` judges it by
    all of them. A sentence that cites nothing, or a citation that does not verify, is "unsupported" (score 0), with the reason.
    """
    citations = {citation.n: citation for citation in answer.citations}
    claims = [_verified(sentence, citations, text) for sentence in answer.sentences]
    waiting = [at for at, claim in enumerate(claims) if claim.support == "unchecked"]
    pairs = [(claims[at].text, [_whole(citations[n], text) for n in claims[at].citations]) for at in waiting]
    for at, judged in zip(waiting, checker.judge(pairs) if pairs else [], strict=True):
        claims[at] = _claim(answer.sentences[at], judged.label, judged.score, judged.reasons)
    return GroundingReport(tuple(claims))


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
