"""Turns an answer, or what was found of a text, into the plain values that the page draws: text in pieces, never HTML.

Used by `ui.chat` and `ui.checking` for what they show and by `ui.source` for names and dates. Pure, apart from reading cited texts
through the function it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rag.schema import (
    Answer,
    AnswerSentence,
    Citation,
    Claim,
    Disagreement,
    DocumentInfo,
    GroundingReport,
    Passage,
    Support,
)
from rag.text.markup import markup
from ui.viewer import Span, pieces

ReadText = Callable[[str], str | None]
View = dict[str, Any]

SUPPORT_WORDS: Mapping[Support, str] = {
    "quoted": "Quoted",
    "supported": "Supported by its source",
    "partly": "Only partly supported",
    "unsupported": "Not found in your documents",
    "contradicted": "Contradicted by your documents",
    "unchecked": "Not checked",
}
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip


def date_in_words(published: str | None) -> str:
    """Return an ISO date as people write it, "undated" where there is none."""
    if not published:
        return "undated"
    parts = published.split("-")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return published
    year, *rest = parts
    if not rest or not 1 <= int(rest[0]) <= 12:
        return published
    month = _MONTHS[int(rest[0]) - 1]
    return f"{int(rest[1])} {month} {year}" if len(rest) == 2 else f"{month} {year}"


def name_of(document: str, title: str | None) -> str:
    """Return a document's title, or the last part of its id where it has none."""
    return title or document.rsplit("/", 1)[-1]


def byline(document: str, title: str | None, outlet: str | None, published: str | None) -> str:
    """Return who speaks and when: "Global Research, 18 March 2020"."""
    return f"{outlet or name_of(document, title)}, {date_in_words(published)}"


def provenance(outlet: str | None, published: str | None) -> str:
    """Return what is said beside a title: "Global Research, 18 March 2020", "undated"."""
    return ", ".join(part for part in (outlet, date_in_words(published)) if part)


def sentence_case(text: str) -> str:
    """Return `text` with its first letter large."""
    return text[:1].upper() + text[1:]


def inline(text: str) -> list[View]:
    """Return `text` with its Markdown signs told apart."""
    whole = Span(0, len(text))
    return [piece.to_view() for piece in pieces(text, whole, syntax=markup_spans(text, whole))]


def markup_spans(text: str, within: Span) -> list[Span]:
    """Return where inline Markdown signs stand in that part of `text`."""
    return [Span(start, end) for start, end in markup(text, within.start, within.end)]


def quote_pieces(citation: Citation, read: ReadText) -> list[View]:
    """Return a quote with its Markdown signs told apart, found where it stands in its document."""
    text = read(citation.document)
    span = Span(citation.start, citation.end)
    if text is None or text[span.start : span.end] != citation.quote:
        return inline(citation.quote)
    syntax = markup_spans(text, span)
    return [piece.to_view() for piece in pieces(text, span, syntax=syntax)]


def plain(parts: Sequence[View]) -> str:
    """Return the words of pieces without their Markdown signs."""
    return " ".join("".join(part["t"] for part in parts if not part.get("m")).split())


def render_answer(answer: Answer, documents: Mapping[str, DocumentInfo], read: ReadText) -> View:
    """Return what the transcript draws for `answer`, complete or still growing."""
    citations = {citation.n: citation for citation in answer.citations}
    quotes = {n: quote_pieces(citation, read) for n, citation in citations.items()}
    speakers = {citation.document for citation in answer.citations}
    only = answer.citations[0] if len(speakers) == 1 else None
    return {
        "found": answer.status == "answered",
        "reason": answer.reason,
        "short": inline(answer.short_answer) if answer.short_answer else None,
        "sentences": [_sentence(item, citations, quotes, named=only is None) for item in answer.sentences],
        "source": _by(only) if only else None,
        "confidence": _confidence(answer),
        "disagreements": [_disagreement(item, citations, quotes) for item in answer.disagreements],
        "passages": [_passage(item, documents.get(item.document)) for item in answer.passages],
    }


def render_report(report: GroundingReport, read: ReadText) -> list[View]:
    """Return what is drawn for each sentence of a text that was checked, in its order."""
    citations = {citation.n: citation for citation in report.citations}
    quotes = {n: quote_pieces(citation, read) for n, citation in citations.items()}
    return [_claim(claim, citations, quotes) for claim in report.claims]


def said(answer: Answer) -> str:
    """Return an answer as plain text, for the assistant's memory of the conversation."""
    if answer.status == "not_found":
        return answer.reason or "The documents do not say."
    return " ".join(sentence.text for sentence in answer.sentences)


def announcement(answer: Answer) -> str:
    """Return what a screen reader is told when the answer is complete."""
    if answer.status == "not_found":
        return "Your documents do not say."
    count = len(answer.sentences)
    quoted = sum(sentence.support == "quoted" for sentence in answer.sentences)
    sentences = f"{count} sentence{'' if count == 1 else 's'}"
    if quoted == count:
        return f"Answer ready: {sentences} quoted."
    missing = sum(sentence.support in ("unsupported", "contradicted") for sentence in answer.sentences)
    return f"Answer ready: {sentences}, {quoted} quoted, {missing} not found in your documents."


def _by(citation: Citation) -> str:
    return byline(citation.document, citation.title, citation.outlet, citation.published)


def _chip(citation: Citation, parts: Sequence[View]) -> View:
    title = name_of(citation.document, citation.title)
    by = provenance(citation.outlet, citation.published)
    return {"n": citation.n, "title": title, "by": by, "quote": plain(parts)}


def _chips(numbers: Sequence[int], citations: Mapping[int, Citation], quotes: Mapping[int, list[View]]) -> list[View]:
    return [_chip(citations[n], quotes[n]) for n in numbers if n in citations]


def _sentence(
    sentence: AnswerSentence,
    citations: Mapping[int, Citation],
    quotes: Mapping[int, list[View]],
    *,
    named: bool,
) -> View:
    cited = [citations[n] for n in sentence.citations if n in citations]
    exact = next((c.n for c in cited if c.quote == sentence.text), None)
    return {
        "parts": quotes[exact] if exact is not None else inline(sentence.text),
        "quote": sentence.kind == "quote",
        "support": sentence.support,
        "label": SUPPORT_WORDS[sentence.support],
        "reasons": list(sentence.reasons),
        "by": _by(cited[0]) if named and cited else None,
        "chips": _chips(sentence.citations, citations, quotes),
    }


def _claim(claim: Claim, citations: Mapping[int, Citation], quotes: Mapping[int, list[View]]) -> View:
    return {
        "text": claim.text,
        "support": claim.support,
        "label": SUPPORT_WORDS[claim.support],
        "score": None if claim.score is None else f"{claim.score:.2f}",
        "reasons": [sentence_case(reason) for reason in claim.reasons],
        "chips": _chips(claim.citations, citations, quotes),
    }


def _disagreement(item: Disagreement, citations: Mapping[int, Citation], quotes: Mapping[int, list[View]]) -> View:
    sides = []
    for position in item.positions:
        cited = [citations[n] for n in position.citations if n in citations]
        sides.append(
            {
                "value": inline(position.value),
                "quotes": [{"by": _by(c), "parts": quotes[c.n], "chip": _chip(c, quotes[c.n])} for c in cited],
            }
        )
    return {"about": item.about, "unclear": item.kind == "unclear", "sides": sides}


def _passage(passage: Passage, info: DocumentInfo | None) -> View:
    return {
        "rank": passage.rank,
        "title": name_of(passage.document, info.title if info else None),
        "parts": inline(passage.text.strip()),
    }


def _confidence(answer: Answer) -> str | None:
    if answer.status != "answered":
        return None
    return f"Confidence {round(100 * answer.confidence)}\N{NO-BREAK SPACE}%"
