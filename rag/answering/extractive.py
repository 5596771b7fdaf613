"""Answer by quoting: pick and order the sentences that answer, or say that the documents do not; needs no language model."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.answering.features import SENTENCE_FEATURES, Candidate, Encode, Evidence, Vector, measure
from rag.answering.questions import Question, candidates, counts, read_question
from rag.answering.weights import ANSWERABLE, SENTENCE, THRESHOLD
from rag.store.records import Kind
from rag.text.normal import words
from rag.text.stem import stem

MOST_SENTENCES = 5
READ_PASSAGES = 12
_EMBED_SENTENCES = 24  # the lexically best; their vectors are most of what an answer costs
_KEEP = 0.45  # of the best sentence's score, below which another adds noise
_SAME = 0.8  # share of terms, or cosine .93: a repeat
_SAME_COSINE = 0.93
_LEAD_ALONE = 3.0  # log-odds; of a sentence without a rival


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence chosen for the answer: characters `start` to `end` of the document of `evidence`."""

    evidence: Evidence
    start: int
    end: int
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Draft:
    """What the answerer says so far. `quotes` are in the order of the answer; `reason` is given if there are none."""

    quotes: tuple[Quote, ...]
    confidence: float
    short_answer: str | None
    reason: str | None


class ExtractiveAnswerer:
    """Quotes the sentences that answer."""

    name = "extractive"

    def __init__(self, encode: Encode) -> None:
        self._encode = encode

    def stream(
        self, text: str, evidence: Sequence[Evidence], idf: Mapping[str, float], vector: Vector
    ) -> Iterator[Draft]:
        """Yield growing drafts of the answer to `text`, the whole one last.

        Args:
            text: the question.
            evidence: passages, best first; at most READ_PASSAGES are read.
            idf: rarity of the question's terms in the documents.
            vector: the question's embedding.
        """
        question = read_question(text)
        ranked = self.rank(question, evidence, idf, vector)
        confidence = answerability(question, ranked, idf)
        if not ranked or confidence < THRESHOLD:
            yield Draft((), confidence, None, _reason(question, evidence, idf))
            return
        quotes = _choose(ranked)
        short = short_answer(question, quotes[0].text)
        for count in range(1, len(quotes) + 1):
            yield Draft(tuple(quotes[:count]), confidence, short, None)

    def rank(
        self, question: Question, evidence: Sequence[Evidence], idf: Mapping[str, float], vector: Vector
    ) -> list[tuple[float, Candidate]]:
        """Return (score, candidate) pairs, best first; the score is the probability that the sentence holds the answer."""
        found = measure(question, evidence[:READ_PASSAGES], idf, vector, self._encode, _EMBED_SENTENCES)
        scored = [(_sigmoid(_dot(SENTENCE, candidate.features)), candidate) for candidate in found]
        return sorted(scored, key=lambda pair: (-pair[0], pair[1].evidence.passage.rank, pair[1].span.start))


def answerability(question: Question, ranked: Sequence[tuple[float, Candidate]], idf: Mapping[str, float]) -> float:
    """Return the calibrated probability that the best sentences answer the question."""
    if not ranked:
        return 0.0
    return _sigmoid(_dot(ANSWERABLE, answer_features(question, ranked, idf)))


def answer_features(
    question: Question, ranked: Sequence[tuple[float, Candidate]], idf: Mapping[str, float]
) -> tuple[float, ...]:
    """Return what speaks for an answer being there.

    In order: the best sentence's cosine, its log-odds, its lead over the next in log-odds, whether a rarest term of the question
    is in no sentence, whether the best lacks the kind asked for, and whether that kind is exact (a number, a time).
    """
    best, top = ranked[0]
    lead = _logit(best) - _logit(ranked[1][0]) if len(ranked) > 1 else _LEAD_ALONE
    highest = max(idf.values(), default=0.0) - 1e-9
    rarest = [term for term in question.terms if idf.get(term, 0.0) >= highest]
    unseen = any(all(term not in candidate.terms for _, candidate in ranked) for term in rarest)
    named = dict(zip(SENTENCE_FEATURES, top.features, strict=True))
    return (named["cosine"], _logit(best), lead, float(unseen), named["untyped"], named["untyped_exact"])


def short_answer(question: Question, sentence: str) -> str | None:
    """Return the one place of the sentence that is of the kind asked for, None if there is none or more than one."""
    counting = question.asked == "number" and question.counted
    places = counts(question, sentence) if counting else candidates(question, sentence)
    if question.asked == "reason" or len(places) != 1:
        return None
    return sentence[places[0].start : places[0].end].strip(" ,.;:")


def _choose(ranked: Sequence[tuple[float, Candidate]]) -> list[Quote]:
    best = ranked[0][0]
    chosen: list[tuple[float, Candidate]] = []
    for score, candidate in ranked:
        if len(chosen) == MOST_SENTENCES or (chosen and score < _KEEP * best):
            break
        if chosen and candidate.span.kind is Kind.HEADING:
            continue
        if not any(_repeats(candidate, other) for _, other in chosen):
            chosen.append((score, candidate))
    return [Quote(c.evidence, c.span.start, c.span.end, c.text, score) for score, c in chosen]


def _repeats(candidate: Candidate, other: Candidate) -> bool:
    """Whether a sentence says again what is quoted already in the same document; another source's agreement is worth showing."""
    smaller = min(len(candidate.terms), len(other.terms)) or 1
    if len(candidate.terms & other.terms) / smaller >= _SAME:
        return True
    assert candidate.vector is not None
    assert other.vector is not None
    return float(candidate.vector @ other.vector) >= _SAME_COSINE


def _reason(question: Question, evidence: Sequence[Evidence], idf: Mapping[str, float]) -> str:
    """Say what was looked for and is missing."""
    if not evidence:
        return "No passage was found."
    seen: set[str] = set()
    for item in evidence[:READ_PASSAGES]:
        seen |= {stem(word) for word, _, _ in words(f"{item.info.title or ''} {item.passage.text}")}
    missing = [
        question.text[start:end]
        for word, start, end in words(question.text)
        if stem(word) in question.terms and stem(word) not in seen
    ]
    if missing:
        named = ", ".join(f"“{word}”" for word in dict.fromkeys(missing))
        return f"The passages found do not mention {named}."
    kind = {
        "person": "who it was", "time": "when it was", "place": "where it was", "number": "how many or how much",
        "reason": "why", "other": "this",
    }[question.asked]  # fmt: skip
    return f"The passages found are on the subject, but no sentence in them says {kind}."


def _dot(weights: tuple[float, ...], features: tuple[float, ...]) -> float:
    return weights[0] + sum(w * f for w, f in zip(weights[1:], features, strict=True))


def _sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x)) if x >= 0 else math.exp(x) / (1.0 + math.exp(x))


def _logit(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))
