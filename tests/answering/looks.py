"""Evidence with a reader's look made by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from rag.answering.features import Candidate, Evidence
from rag.models.reader import Look
from rag.schema import DocumentInfo, Passage
from rag.store.records import Kind, SentenceSpan
from rag.text.sentences import sentences
from rag.text.terms import terms


def make_look(text: str, answers: Mapping[str, float], *, null: float = 0.0, answerable: float = 3.0) -> Look:
    """Return a look whose pieces are the words of a text; `answers` are the logits of spans, all else is at -5."""
    pieces = [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]
    starts, ends = (np.full(len(pieces), -5.0, np.float32) for _ in range(2))
    for answer, logit in answers.items():
        begin = text.index(answer)
        stop = begin + len(answer)
        starts[next(n for n, (start, _) in enumerate(pieces) if start >= begin)] = logit / 2
        ends[[n for n, (_, end) in enumerate(pieces) if end <= stop][-1]] = logit / 2
    weights = np.exp(starts)
    begun = np.concatenate([[0.0], np.cumsum(weights) / weights.sum()]).astype(np.float32)
    return Look(answerable, 3.0, np.array(pieces, np.int64).reshape(-1, 2), starts, ends, null, begun)


def make_evidence(
    text: str, answers: Mapping[str, float] | None = None, *, title: str | None = None, base: int = 0, **how: float
) -> Evidence:
    """Return a passage that begins at code point `base` of its document."""
    spans = tuple(
        SentenceSpan(base + span.start, base + span.end, Kind.HEADING if span.heading else Kind.PROSE)
        for span in sentences(text)
    )
    info = DocumentInfo("d.txt", "d.txt", title, None, None, (), None, "", len(text), 1)
    return Evidence(
        Passage(1, "d.txt", base, base + len(text), text, 1.0), spans, info, 0.5, make_look(text, answers or {}, **how)
    )


def make_candidate(evidence: Evidence, number: int, vector: tuple[float, ...] = (1.0, 0.0)) -> Candidate:
    """Return sentence `number` of a passage as a candidate without features."""
    span = evidence.sentences[number]
    base = evidence.passage.start
    text = evidence.passage.text[span.start - base : span.end - base]
    return Candidate(evidence, span, text, frozenset(terms(text)), np.array(vector, np.float32), ())
