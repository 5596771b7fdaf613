"""Check an answer against the documents as they stand in the index now."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from rag.schema import Answer, AnswerSentence, Citation, Claim, GroundingReport, Support

Text = Callable[[str], str | None]


def check(answer: Answer, text: Text) -> GroundingReport:
    """Verify every sentence of `answer`; `text` gives a document's extracted text, None if it is gone.

    A quotation is "quoted" (score 1) if each citation's span still reads as its quote and one of them holds the sentence,
    else "unsupported" (score 0) with the reason. A generated sentence is "unchecked" (score None): nothing here judges wording.
    """
    citations = {citation.n: citation for citation in answer.citations}
    return GroundingReport(tuple(_claim(sentence, citations, text) for sentence in answer.sentences))


def _claim(sentence: AnswerSentence, citations: dict[int, Citation], text: Text) -> Claim:
    reasons = [reason for n in sentence.citations for reason in _faults(n, citations.get(n), text)]
    if not sentence.citations:
        reasons.append("it cites nothing")
    if sentence.kind == "generated":
        return Claim(sentence.text, "unsupported" if reasons else "unchecked", None, sentence.citations, tuple(reasons))
    if not reasons and not any(sentence.text in citations[n].quote for n in sentence.citations):
        reasons.append("the words are not those of what it cites")
    support: Support = "unsupported" if reasons else "quoted"
    return Claim(sentence.text, support, 0.0 if reasons else 1.0, sentence.citations, tuple(reasons))


def _faults(n: int, citation: Citation | None, text: Text) -> list[str]:
    if citation is None:
        return [f"citation {n} does not exist"]
    found = text(citation.document)
    if found is None:
        return [f"citation {n}: the document {citation.document!r} is not in the index"]
    if found[citation.start : citation.end] != citation.quote:
        return [f"citation {n}: characters {citation.start} to {citation.end} do not read as quoted"]
    if hashlib.sha256(found.encode("utf-8", "surrogatepass")).hexdigest() != citation.sha256:
        return [f"citation {n}: the document has changed since, though not at this place"]
    return []
