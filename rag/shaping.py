"""What the parts found, as the dataclasses of the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.answering.extractive import Draft
from rag.grounding.texts import Judged
from rag.retrieval.ranking import Ranked
from rag.schema import Answer, AnswerSentence, Citation, DocumentInfo, GroundingReport, IndexInfo, Passage, Why


def passages(hits: Sequence[Ranked]) -> list[Passage]:
    """Return ranked chunks as passages, ranks from 1 in the order given."""
    return [
        Passage(
            rank, hit.chunk.document, hit.chunk.start, hit.chunk.end, hit.chunk.text, round(hit.score, 6),
            Why(hit.fused.dense_rank, hit.fused.keyword_rank, round(hit.look.relevant, 4) if hit.look else None),
        )
        for rank, hit in enumerate(hits, start=1)
    ]  # fmt: skip


def citation(n: int, info: DocumentInfo, start: int, end: int, quote: str) -> Citation:
    """Return the citation of a span of a document."""
    return Citation(n, info.id, info.title, info.outlet, info.published, None, start, end, quote, info.sha256)


def answer(
    asked: tuple[str, str],
    draft: Draft,
    note: str,
    shown: tuple[Passage, ...],
    info: IndexInfo,
    timings: dict[str, float],
    name: str,
) -> Answer:
    """Return a draft as an answer; `asked`: the question as it was put, and as it was understood; `timings` in seconds."""
    citations = tuple(
        citation(n, quote.evidence.info, quote.start, quote.end, quote.text)
        for n, quote in enumerate(draft.quotes, start=1)
    )
    return Answer(
        question=asked[0],
        standalone_question=asked[1],
        status="answered" if draft.quotes else "not_found",
        reason=" ".join(part for part in (draft.reason, note) if part) or None,
        confidence=round(draft.confidence, 4),
        short_answer=draft.short_answer,
        sentences=tuple(AnswerSentence(c.quote, "quote", (c.n,), "quoted", 1.0) for c in citations),
        citations=citations,
        disagreements=(),
        passages=shown,
        answerer=name,
        timings_ms={stage: round(seconds * 1000, 2) for stage, seconds in timings.items()},
        index=info,
    )


def report(judged: Sequence[Judged], infos: Mapping[str, DocumentInfo]) -> GroundingReport:
    """Return what was found of a text's sentences, each span of evidence as one citation, numbered from 1 in order of use."""
    spans: dict[tuple[str, int, int], Citation] = {}
    claims = []
    for claim, evidence in judged:
        numbers = []
        for passage, start, end in evidence:
            quote = passage.text[start - passage.start : end - passage.start]
            key = (passage.document, start, end)
            cited = spans.setdefault(key, citation(len(spans) + 1, infos[passage.document], start, end, quote))
            numbers.append(cited.n)
        claims.append(replace(claim, citations=tuple(numbers)))
    return GroundingReport(tuple(claims), tuple(spans.values()))
