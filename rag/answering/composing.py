"""Choose the sentences of an answer: the best, what adds to it, and what makes it understood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answering.features import Candidate, Evidence
from rag.answering.questions import Question
from rag.store.records import Kind, SentenceSpan

MOST_SENTENCES = 5
_KEEP = 0.45  # of the best sentence's score, below which another adds noise
_KEEP_OF_MANY = 0.25  # the same where all there are, a reason or a way is asked for: one sentence seldom tells all
_KEEP_OF_OTHERS = 0.2  # the same for the first of another document: where two speak, both are heard
_LEAST_OF_OTHERS = 0.15  # but for what hardly answers
_SAME = 0.8  # share of terms, or cosine .93: a repeat
_SAME_COSINE = 0.93
_LEANS = re.compile(
    r"[“\"'‘(]*(?:(?:but|and|also|yet|still|so|then|however|instead|meanwhile|in addition|moreover),?\s+)?"
    r"(?:he|she|they|it|his|her|their|its|this|these|those|such|that|the (?:former|latter|two|pair|group|same))\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence chosen for the answer: characters `start` to `end` of the document of `evidence`."""

    evidence: Evidence
    start: int
    end: int
    text: str
    score: float


def choose(question: Question, ranked: Sequence[tuple[float, Candidate]]) -> list[Quote]:
    """Return at most MOST_SENTENCES quotes in the order of the answer, from (score, sentence) pairs, best first.

    Where the best cannot be understood alone ("He said …"), the sentence before it comes next.
    """
    several = question.many or question.asked in ("reason", "manner")
    best = ranked[0][0]
    least = (_KEEP_OF_MANY if several else _KEEP) * best
    least_of_others = min(least, max(_KEEP_OF_OTHERS * best, _LEAST_OF_OTHERS))
    chosen: list[tuple[float, Candidate]] = []
    for score, candidate in ranked:
        if len(chosen) == MOST_SENTENCES or (chosen and score < least_of_others):
            break
        heard = any(candidate.evidence.info.id == other.evidence.info.id for _, other in chosen)
        if chosen and (candidate.span.kind is Kind.HEADING or (heard and score < least)):
            continue
        if not any(_repeats(candidate, other) for _, other in chosen):
            chosen.append((score, candidate))
    quotes = [_quote(c.evidence, c.span, score) for score, c in chosen]
    before = _before(quotes[0])
    if before and not any(quote.start == before.start and quote.evidence is before.evidence for quote in quotes):
        quotes.insert(1, before)
    return quotes[:MOST_SENTENCES]


def _quote(evidence: Evidence, span: SentenceSpan, score: float) -> Quote:
    base = evidence.passage.start
    return Quote(evidence, span.start, span.end, evidence.passage.text[span.start - base : span.end - base], score)


def _before(quote: Quote) -> Quote | None:
    """Return the sentence before a quote that leans on it, None if it stands alone or begins its passage."""
    if not _LEANS.match(quote.text):
        return None
    earlier = [span for span in quote.evidence.sentences if span.end <= quote.start and span.kind is Kind.PROSE]
    return _quote(quote.evidence, earlier[-1], quote.score) if earlier else None


def _repeats(candidate: Candidate, other: Candidate) -> bool:
    """Whether a sentence says again what is quoted already; another source's agreement is worth showing."""
    smaller = min(len(candidate.terms), len(other.terms)) or 1
    if len(candidate.terms & other.terms) / smaller >= _SAME:
        return True
    assert candidate.vector is not None
    assert other.vector is not None
    return float(candidate.vector @ other.vector) >= _SAME_COSINE
