"""Read one passage that is given, without an index: is the answer in it, where, and in which sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.answering.extractive import ExtractiveAnswerer, answer_features
from rag.answering.features import Evidence, Vector
from rag.answering.questions import Question, read_question
from rag.answering.short import canonical, weighed
from rag.answering.weights import READABLE
from rag.models.logistic import logistic
from rag.models.reader import Look
from rag.schema import DocumentInfo, Passage, Reading, ReadSentence, ReadSpan
from rag.store.records import Kind, SentenceSpan
from rag.text.sentences import sentences
from rag.text.terms import terms

_SPANS = 5


def read(answerer: ExtractiveAnswerer, text: str, context: str, vectors: Vector, look: Look) -> Reading:
    """Return what `context` says to the question `text`; `vectors` are the embeddings of question and passage."""
    question = read_question(text)
    evidence, idf = alone(question, context, float(vectors[0] @ vectors[1]), look)
    ranked = answerer.rank(question, [evidence], idf, vectors[0])
    answerable = logistic(READABLE, answer_features(question, ranked, [evidence])) if ranked else 0.0
    return Reading(
        answerable=round(answerable, 4),
        spans=_spans(context, look),
        sentences=tuple(ReadSentence(c.span.start, c.span.end, c.text, round(score, 4)) for score, c in ranked),
    )


def alone(question: Question, context: str, cosine: float, look: Look) -> tuple[Evidence, dict[str, float]]:
    """Return a text as evidence, and the rarity of the question's terms: among its own sentences, since there is no index."""
    spans = tuple(
        SentenceSpan(span.start, span.end, Kind.HEADING if span.heading else Kind.PROSE) for span in sentences(context)
    )
    passage = Passage(1, "", 0, len(context), context, cosine)
    info = DocumentInfo("", "", None, None, None, (), None, "", len(context), 1)
    idf = _rarity(question, [context[span.start : span.end] for span in spans])
    return Evidence(passage, spans, info, cosine, look), idf


def _rarity(question: Question, said: Sequence[str]) -> dict[str, float]:
    found = [set(terms(sentence)) for sentence in said]
    return {
        term: math.log(1 + (len(found) + 1) / (0.5 + sum(term in words for words in found))) for term in question.terms
    }


def _spans(context: str, look: Look) -> tuple[ReadSpan, ...]:
    """Return the likeliest answers, best first; the score is the share (0 to 1) of what is likely, that of equals added up."""
    shares: dict[str, tuple[float, int, int]] = {}
    for text, start, end, share in weighed(look, context):
        before, first, last = shares.get(canonical(text), (0.0, start, end))
        shares[canonical(text)] = (before + share, first, last)
    best = sorted(shares.values(), key=lambda item: (-item[0], item[1]))[:_SPANS]
    return tuple(ReadSpan(context[start:end], start, end, round(share, 4)) for share, start, end in best)
