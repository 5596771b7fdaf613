"""Score each response against its question: what was right, what went wrong and why, and each metric's share of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import ir_measures
from ir_measures import RR, nDCG

from rag.evaluation.grounding import Grounded, ground
from rag.evaluation.matching import Exactness, GoldMatcher, Text, exact_match, mentions, token_f1
from rag.evaluation.records import OUTCOME_SCHEMA, Cause, Question, Quotation, Response
from rag.grounding.checker import GroundingChecker

_CUTOFFS = (1, 3, 5, 10)
_HIT = 5
_RANKED = {"retrieval.mrr@10": RR @ 10, "retrieval.ndcg@10": nDCG @ 10}

Outcome = dict[str, Any]
Part = list[float] | None  # numerator and denominator of a metric; None = the metric does not apply to this question


def score(
    pairs: Sequence[tuple[Question | None, Response]],
    text: Text | None,
    checker: GroundingChecker,
    *,
    ours: bool = True,
) -> list[Outcome]:
    """Return the outcome of each response, in order; `None` for a question = nothing is known of the right answer.

    `text` gives a document's extracted text; None = there is no index, and quotations are held against the passages in the file.
    `ours`: the answers name documents as the question set does. A response that lists no passages, where others do, found none.
    """
    gold = [gold for question, _ in pairs if question for gold in question.gold]
    matcher = GoldMatcher((item.document for item in gold if item.document is not None), strict=ours)
    if any(response.passages is not None for _, response in pairs):
        pairs = [(q, r if r.passages is not None else replace(r, passages=())) for q, r in pairs]
    grounded = ground([response for _, response in pairs], checker, Exactness(text))
    outcomes = []
    for (given, response), checked in zip(pairs, grounded, strict=True):
        question = given or Question(response.id, response.question or "")
        outcomes.append(_outcome(_Case(question, response, checked, matcher)))
    _add_ranked(outcomes)
    return outcomes


@dataclass(frozen=True, slots=True)
class _Case:
    question: Question
    response: Response
    grounded: Grounded
    matcher: GoldMatcher

    @property
    def expected(self) -> tuple[str, ...]:
        """The right answers; those in the answers file, often whole sentences, where the question set has none."""
        return self.question.answers or self.response.reference

    @property
    def ranks(self) -> list[int | None]:
        return [self.matcher.rank(self.response.passages or (), gold) for gold in self.question.gold]

    def is_gold(self, quotation: Quotation) -> bool:
        return any(self.matcher.touches(quotation, gold, self.question.answers) for gold in self.question.gold)

    @property
    def exact(self) -> list[Quotation]:
        """The citations that are exact."""
        faults = zip(self.response.citations or (), self.grounded.faults, strict=True)
        return [citation for citation, fault in faults if fault is None]

    @property
    def first_is_gold(self) -> bool | None:
        """Whether the first sentence answers; None = nothing is known of the right answer."""
        question, response = self.question, self.response
        if not (question.gold or question.answers):
            return None
        if not response.answered or not response.sentences:
            return False
        first = response.sentences[0]
        if first.citations is None or not question.gold:
            said = Quotation(first.text)
            return mentions(first.text, question.answers) or self.is_gold(said)
        return any(self.is_gold(citation) for citation in self.exact if citation.n in first.citations)

    @property
    def holds_gold(self) -> bool:
        return any(self.is_gold(c) for c in self.exact) or any(
            self.is_gold(Quotation(s.text)) or mentions(s.text, self.question.answers) for s in self.response.sentences
        )


def _outcome(case: _Case) -> Outcome:
    question, response = case.question, case.response
    ranks = case.ranks
    right = _right(case)
    return {
        "schema": OUTCOME_SCHEMA,
        "id": response.id,
        "question": question.question,
        "tags": list(question.tags),
        "drafted": question.drafted,
        "answerable": question.answerable,
        "conflict": question.conflict,
        "status": "error" if response.error else "answered" if response.answered else "not_found",
        "reason": response.error or response.reason,
        "confidence": response.confidence,
        "cause": _cause(case, right, ranks),
        "right": right,
        "short_answer": response.short_answer,
        "expected": list(case.expected),
        "gold": [
            {"document": gold.document, "quote": gold.quote, "rank": rank}
            for gold, rank in zip(question.gold, ranks, strict=True)
        ],
        "sentences": _sentences(case),
        "citations": None if response.citations is None else _citations(case),
        "passages": None if response.passages is None else _passages(case),
        "timings_ms": dict(response.timings_ms),
        "scores": _scores(case, ranks),
    }


def _right(case: _Case) -> bool | None:
    if case.response.error:
        return False
    if case.question.answerable is False:
        return not case.response.answered
    return case.first_is_gold if case.response.answered or case.question.answerable else None


def _cause(case: _Case, right: bool | None, ranks: Sequence[int | None]) -> Cause | None:
    question, response = case.question, case.response
    if response.error:
        return "error"
    if right is False and question.answerable is False:
        return "should_have_refused"
    if right is False:
        if ranks and response.passages is not None and not any(ranks):
            return "not_retrieved"
        if not response.answered:
            return "wrongly_refused"
        return "not_first" if case.holds_gold else "not_chosen"
    if question.answerable and not response.answered:
        return "wrongly_refused"
    labels = [checked.verdict.label for checked in case.grounded.sentences]
    if "contradicted" in labels:
        return "contradicted"
    if any(not checked.supported and not checked.mis_cited for checked in case.grounded.sentences):
        return "unsupported"
    if any(checked.mis_cited for checked in case.grounded.sentences) or any(case.grounded.faults):
        return "mis_cited"
    return None


def _scores(case: _Case, ranks: Sequence[int | None]) -> dict[str, Part]:
    question, response = case.question, case.response
    scores: dict[str, Part] = {}
    ranked = bool(ranks) and (response.passages is not None or response.error is not None)
    for k in _CUTOFFS:
        found = sum(rank is not None and rank <= k for rank in ranks)
        scores[f"retrieval.recall@{k}"] = [found, len(ranks)] if ranked else None
    scores["retrieval.hit@5"] = [float(any(rank is not None and rank <= _HIT for rank in ranks)), 1] if ranked else None
    scores |= dict.fromkeys(_RANKED, [0.0, 1] if ranked else None)
    scores |= _answer_scores(case)
    scores |= _grounding_scores(case)
    silent = not response.answered
    refused = (
        silent and response.error is None
    )  # a crash is no refusal where one is right, and no answer where one is due
    scores["abstention.refused"] = [float(refused), 1] if question.answerable is False else None
    scores["abstention.wrongly_refused"] = [float(silent), 1] if question.answerable else None
    return scores | _disagreement_scores(case)


def _answer_scores(case: _Case) -> dict[str, Part]:
    question, response = case.question, case.response
    parts: dict[str, Part] = dict.fromkeys(
        ("answer.exact_match", "answer.f1", "answer.contains", "answer.first_sentence")
    )
    if question.answerable is False:
        return parts
    if case.expected:
        text = " ".join(sentence.text for sentence in response.sentences)
        parts["answer.exact_match"] = [exact_match(response.short_answer, case.expected), 1]
        parts["answer.f1"] = [token_f1(response.short_answer, case.expected), 1]
        parts["answer.contains"] = [float(mentions(text, case.expected)), 1]
    if case.first_is_gold is not None:
        parts["answer.first_sentence"] = [float(case.first_is_gold), 1]
    return parts


def _grounding_scores(case: _Case) -> dict[str, Part]:
    response, sentences = case.response, case.grounded.sentences
    said = response.answered and response.error is None
    total = max(1, len(sentences))  # an answer that says nothing has nothing that is supported
    cites = said and response.citations is not None and all(s.cited is not None for s in sentences)
    cited = sum(s.cited or 0 for s in sentences)
    quoted = len(case.grounded.faults) + sum(s.absent for s in sentences)

    def share(hits: int) -> Part:
        return [hits, total] if said else None

    supported = sum(s.supported for s in sentences)
    return {
        "citations.recall": [supported / total, 1] if cites else None,
        "citations.precision": [sum(s.needed for s in sentences) / max(1, cited), 1] if cites else None,
        "citations.quote_fidelity": [case.grounded.faults.count(None), quoted] if quoted else None,
        "grounding.support_rate": share(supported),
        "grounding.fully_grounded": [float(bool(sentences) and supported == len(sentences)), 1] if said else None,
        "grounding.contradicted": share(sum(s.verdict.label == "contradicted" for s in sentences)),
        "grounding.mis_cited": share(sum(s.mis_cited for s in sentences)) if cites else None,
        "grounding.uncited": share(sum(s.cited == 0 for s in sentences)) if cites else None,
    }


def _disagreement_scores(case: _Case) -> dict[str, Part]:
    conflict, shown = case.question.conflict, case.response.disagreements
    known = conflict is not None and shown is not None
    return {
        "disagreement.recall": [float(bool(shown)), 1] if known and conflict else None,
        "disagreement.precision": [float(bool(conflict)), 1] if known and shown else None,
    }


def _add_ranked(outcomes: Sequence[Outcome]) -> None:
    """Add what ir-measures reckons.

    A passage counts as the gold quotes that it is the first to hold, one rank each, or as one item that is not relevant.
    """
    rows = {f"{at}": outcome for at, outcome in enumerate(outcomes) if outcome["scores"]["retrieval.mrr@10"]}
    qrels = {name: {f"gold {g}": 1 for g in range(len(row["gold"]))} for name, row in rows.items()}
    run = {name: _ranking(row) for name, row in rows.items()}
    run = {name: ranking for name, ranking in run.items() if ranking}
    if run:
        for metric in ir_measures.iter_calc(list(_RANKED.values()), qrels, run):
            name = next(name for name, measure in _RANKED.items() if measure == metric.measure)
            rows[metric.query_id]["scores"][name] = [round(metric.value, 6), 1]


def _ranking(row: Outcome) -> dict[str, float]:
    items: list[str] = []
    for passage in row["passages"] or ():
        first = [f"gold {g}" for g in passage["gold"] if row["gold"][g]["rank"] == passage["rank"]]
        items += first or [f"passage {passage['rank']}"]
    return {item: float(len(items) - at) for at, item in enumerate(items)}


def _sentences(case: _Case) -> list[dict[str, Any]]:
    return [
        {
            "text": stated.text, "support": checked.verdict.label, "score": round(checked.verdict.score, 4),
            "reasons": list(checked.verdict.reasons), "mis_cited": checked.mis_cited, "judged": checked.judged,
            "citations": None if stated.citations is None else list(stated.citations),
        }
        for stated, checked in zip(case.response.sentences, case.grounded.sentences, strict=True)
    ]  # fmt: skip


def _citations(case: _Case) -> list[dict[str, Any]]:
    return [
        {
            "n": c.n, "document": c.document, "title": c.title, "outlet": c.outlet, "published": c.published,
            "start": c.start, "end": c.end, "quote": c.text, "exact": fault is None, "fault": fault, "gold": case.is_gold(c),
        }
        for c, fault in zip(case.response.citations or (), case.grounded.faults, strict=True)
    ]  # fmt: skip


def _passages(case: _Case) -> list[dict[str, Any]]:
    return [
        {
            "rank": rank, "document": p.document, "start": p.start, "end": p.end, "text": p.text, "score": p.score,
            "gold": [at for at, gold in enumerate(case.question.gold) if case.matcher.holds(p, gold)],
        }
        for rank, p in enumerate(case.response.passages or (), start=1)
    ]  # fmt: skip
