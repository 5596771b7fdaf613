"""Read one passage that is given, without an index: is the answer in it, where, and in which sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.answering.extractive import ExtractiveAnswerer, answerability
from rag.answering.features import Candidate, Evidence, Vector
from rag.answering.questions import Question, beside_counted, candidates, read_question
from rag.schema import DocumentInfo, Passage, Reading, ReadSentence, ReadSpan
from rag.store.records import Kind, SentenceSpan
from rag.text.sentences import sentences
from rag.text.terms import terms

_SPANS = 5


def read(answerer: ExtractiveAnswerer, text: str, context: str, vector: Vector, passage: Vector) -> Reading:
    """Return what `context` says to the question `text`; `vector` and `passage` are the embeddings of the two.

    Where no place is of the kind asked for, a whole sentence is the span. Rarity is that of a term among the passage's own
    sentences, since there is no index.
    """
    question = read_question(text)
    spans = tuple(
        SentenceSpan(span.start, span.end, Kind.HEADING if span.heading else Kind.PROSE) for span in sentences(context)
    )
    evidence = _evidence(context, spans, float(vector @ passage))
    idf = _rarity(question, [context[span.start : span.end] for span in spans])
    ranked = answerer.rank(question, [evidence], idf, vector)
    return Reading(
        answerable=round(answerability(question, ranked, idf), 4),
        spans=_spans(question, ranked),
        sentences=tuple(ReadSentence(c.span.start, c.span.end, c.text, round(score, 4)) for score, c in ranked),
    )


def _evidence(context: str, spans: tuple[SentenceSpan, ...], cosine: float) -> Evidence:
    passage = Passage(1, "", 0, len(context), context, cosine)
    return Evidence(passage, spans, DocumentInfo("", "", None, None, None, (), None, "", len(context), 1), cosine)


def _rarity(question: Question, said: Sequence[str]) -> dict[str, float]:
    found = [set(terms(sentence)) for sentence in said]
    return {
        term: math.log(1 + (len(found) + 1) / (0.5 + sum(term in words for words in found))) for term in question.terms
    }


def _spans(question: Question, ranked: Sequence[tuple[float, Candidate]]) -> tuple[ReadSpan, ...]:
    """Return the places of the kind asked for in the best sentences, best first; two of one text once."""
    found: dict[str, ReadSpan] = {}
    for score, candidate in ranked[:_SPANS]:
        places = candidates(question, candidate.text) if question.asked != "reason" else []
        beside = [place for place in places if beside_counted(question, candidate.text, place)]
        for place in beside or places:
            text = candidate.text[place.start : place.end].strip(" ,.;:")
            start = candidate.span.start + candidate.text.index(text, place.start)
            found.setdefault(text, ReadSpan(text, start, start + len(text), round(score / len(beside or places), 4)))
        if not places:
            span = candidate.span
            found.setdefault(candidate.text, ReadSpan(candidate.text, span.start, span.end, round(score, 4)))
    return tuple(sorted(found.values(), key=lambda span: (-span.score, span.start))[:_SPANS])
