"""What speaks for a sentence as the answer to a question, as numbers; pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.answering.questions import TYPED, Question, beside_counted, candidates
from rag.models.reader import Look
from rag.schema import DocumentInfo, Passage
from rag.store.records import Kind, SentenceSpan
from rag.text.terms import terms

Vector = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vector]

SENTENCE_FEATURES = ("cosine", "typed", "uncounted", "telling", "mass", "relevant", "heading")
"""The cosine; whether the sentence holds something of the kind asked for; whether a number is asked for and none stands beside the
thing counted; the share (0 to 1) of the question's terms in it that tell the sentences under consideration apart: what all of
them say decides nothing; what the reader says: the logarithm of the share of likely answers that begin in the sentence, and of
its passage the log-odds that it is to the point; and whether it is a heading. A dozen other shares of terms, names and rare
words, in the sentence or its passage, added nothing to these: .832 of 292 first sentences right with them, .836 without."""
_LEAST_MASS = 0.003


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage with what the answerer needs to know of it. `cosine` is that of the passage to the question."""

    passage: Passage
    sentences: tuple[SentenceSpan, ...]
    info: DocumentInfo
    cosine: float
    look: Look


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence under consideration, with its features in the order of SENTENCE_FEATURES and its terms."""

    evidence: Evidence
    span: SentenceSpan
    text: str
    terms: frozenset[str]
    vector: Vector | None
    features: tuple[float, ...]


def measure(
    question: Question,
    evidence: Sequence[Evidence],
    idf: Mapping[str, float],
    vector: Vector,
    encode: Encode,
    limit: int,
) -> list[Candidate]:
    """Return the candidate sentences with features: all but boilerplate, the `limit` lexically best of them with a cosine."""
    rough = [
        (item, span, text, frozenset(terms(text)))
        for item in evidence
        for span in item.sentences
        if span.kind is not Kind.BOILERPLATE
        for text in [item.passage.text[span.start - item.passage.start : span.end - item.passage.start]]
    ]
    order = sorted(range(len(rough)), key=lambda i: -_rough_score(question, idf, *rough[i]))[:limit]
    chosen = [rough[i] for i in sorted(order)]
    vectors = encode([text for _, _, text, _ in chosen])
    telling = {t: math.log(1 + len(chosen) / (1 + sum(t in found for *_, found in chosen))) for t in question.terms}
    return [
        Candidate(item, span, text, found, vectors[i],
                  _features(question, item, span, text, float(vectors[i] @ vector), _share(question.terms, telling, found)))
        for i, (item, span, text, found) in enumerate(chosen)
    ]  # fmt: skip


def _rough_score(
    question: Question, idf: Mapping[str, float], item: Evidence, span: SentenceSpan, text: str, found: frozenset[str]
) -> float:
    typed = bool(candidates(question, text)) if question.asked in TYPED else False
    score = _share(question.terms, idf, found) + 0.5 * item.cosine + 0.2 * typed + 0.4 * _mass(item, span)
    return score - 0.3 * (span.kind is Kind.HEADING)


def _features(
    question: Question, item: Evidence, span: SentenceSpan, text: str, cosine: float, telling: float
) -> tuple[float, ...]:
    places = candidates(question, text)
    beside = any(beside_counted(question, text, place) for place in places) if question.counted else False
    return (
        cosine,
        float(bool(places)),
        float(bool(question.counted) and not beside),
        telling,
        _mass(item, span),
        item.look.relevant,
        float(span.kind is Kind.HEADING),
    )


def _mass(item: Evidence, span: SentenceSpan) -> float:
    mass = item.look.mass(span.start - item.passage.start, span.end - item.passage.start)
    return math.log(max(mass, _LEAST_MASS))


def _share(wanted: Sequence[str], idf: Mapping[str, float], found: frozenset[str]) -> float:
    """Share of the wanted terms that are found, weighted by rarity; 1.0 if nothing is wanted."""
    total = sum(idf.get(term, 0.0) for term in wanted)
    return sum(idf.get(term, 0.0) for term in wanted if term in found) / total if total else 1.0
