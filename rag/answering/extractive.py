"""Answer by quoting: pick and order the sentences that answer, or say that the documents do not; needs no language model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.answering.composing import Quote, choose
from rag.answering.features import SENTENCE_FEATURES, Candidate, Encode, Evidence, Vector, measure
from rag.answering.questions import Question, read_question
from rag.answering.refusing import missing_names, reason, unnamed
from rag.answering.short import short_answer
from rag.answering.weights import ANSWERABLE, SENTENCE, THRESHOLD
from rag.models.logistic import logistic, logit
from rag.models.reader import Look

READ_PASSAGES = 12
READ_FOR_MANY = 24  # where all there are is asked for
EMBED_SENTENCES = 16  # the likeliest; their vectors are much of what an answer costs
_LEAD_ALONE = 3.0  # log-odds; of a sentence without a rival

ANSWER_FEATURES = ("cosine", "lead", "most_answerable", "margin", "missing_names", "unnamed")
"""Of the best sentence: cosine, lead over the next in log-odds. By the reader: the highest log-odds of all passages that one
answers, and how far the best span of the best sentence's passage beats "no answer". And the share (0 to 1) of the question's names
and numbers that this passage lacks, and of its names that no passage read holds: what is said of another base is no answer,
however well it fits."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the answerer says so far.

    `quotes` are in the order of the answer. `reason` says why there are none, or what to know of them; None = nothing.
    """

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
            evidence: passages, best first; each costs.
            idf: rarity of the question's terms in the documents.
            vector: the question's embedding.
        """
        question = read_question(text)
        ranked = self.rank(question, evidence, idf, vector)
        confidence = answerability(question, ranked, evidence)
        if not ranked or confidence < THRESHOLD:
            yield Draft((), confidence, None, reason(question, ranked, evidence))
            return
        quotes = choose(question, ranked)
        first = quotes[0]
        short = short_answer(question, first.evidence, first.start, first.end, evidence)
        for count in range(1, len(quotes) + 1):
            yield Draft(tuple(quotes[:count]), confidence, short, None)

    def rank(
        self, question: Question, evidence: Sequence[Evidence], idf: Mapping[str, float], vector: Vector
    ) -> list[tuple[float, Candidate]]:
        """Return (score, candidate) pairs, best first; the score is the probability that the sentence holds the answer."""
        found = measure(question, evidence, idf, vector, self._encode, EMBED_SENTENCES)
        scored = [(logistic(SENTENCE, candidate.features), candidate) for candidate in found]
        return sorted(scored, key=lambda pair: (-pair[0], pair[1].evidence.passage.rank, pair[1].span.start))


def answerability(
    question: Question,
    ranked: Sequence[tuple[float, Candidate]],
    evidence: Sequence[Evidence],
) -> float:
    """Return the probability that the best sentences answer the question; 0 where there are none."""
    return logistic(ANSWERABLE, answer_features(question, ranked, evidence)) if ranked else 0.0


def answer_features(
    question: Question,
    ranked: Sequence[tuple[float, Candidate]],
    evidence: Sequence[Evidence],
) -> tuple[float, ...]:
    """Return what speaks for an answer being there, in the order of ANSWER_FEATURES."""
    best, top = ranked[0]
    lead = logit(best) - logit(ranked[1][0]) if len(ranked) > 1 else _LEAD_ALONE
    cosine = dict(zip(SENTENCE_FEATURES, top.features, strict=True))["cosine"]
    answerable = max(item.look.answerable for item in evidence)
    context = f"{top.evidence.info.title or ''} {top.evidence.passage.text}"
    return (
        cosine, lead, answerable, margin(top.evidence.look), missing_names(question, context), unnamed(question, evidence),
    )  # fmt: skip


def margin(look: Look) -> float:
    """Return by how many logits the best span of a passage beats "no answer here", within -15 to 15."""
    best = look.spans(1)
    return min(15.0, max(-15.0, best[0][2] - look.null)) if best else -15.0
