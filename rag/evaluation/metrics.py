"""Every metric: its definition in words, its direction, and the reason where it cannot be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_NO_GOLD = "no question has gold quotes and an answer that lists its passages"
_NO_ANSWERS = "no question has right answers to compare with"
_NOT_ANSWERED = "no question was answered"
_NO_CITATIONS = "no answered question has citations by sentence in this form"


@dataclass(frozen=True, slots=True)
class Definition:
    """A metric that is a sum of shares over questions: what it means, and why it may be missing."""

    meaning: str
    missing: str
    lower_is_better: bool = False


RATIOS: Mapping[str, Definition] = {
    **{
        f"retrieval.recall@{k}": Definition(
            f"gold quotes that stand whole in one of the first {k} passages listed / gold quotes", _NO_GOLD
        )
        for k in (1, 3, 5, 10)
    },
    "retrieval.hit@5": Definition("a gold quote stands whole in one of the first 5 passages listed", _NO_GOLD),
    "retrieval.mrr@10": Definition(
        "mean of 1 / rank of the first passage that holds a gold quote (ir-measures RR@10)", _NO_GOLD
    ),
    "retrieval.ndcg@10": Definition(
        "ir-measures nDCG@10; a passage counts as the gold quotes that it is the first to hold", _NO_GOLD
    ),
    "answer.exact_match": Definition(
        "short answer equals a right one, as SQuAD compares; no short answer = 0", _NO_ANSWERS
    ),
    "answer.f1": Definition(
        "best F1 of words with a right short answer, as SQuAD reckons; no short answer = 0", _NO_ANSWERS
    ),
    "answer.contains": Definition(
        "one of the right short answers stands in the answer's text, as whole words", _NO_ANSWERS
    ),
    "answer.first_sentence": Definition(
        "the first sentence cites, exactly, a gold quote or a part of it that says as much; without citations: holds a right "
        "answer",
        "no question has gold quotes or right answers",
    ),
    "citations.recall": Definition(
        "sentences supported by what they cite / sentences, mean over answers (ALCE, Gao et al. 2023; judged by the checker)",
        _NO_CITATIONS,
    ),
    "citations.precision": Definition(
        "citations that their sentence needs / citations, mean over answers, 0 without any (ALCE, Gao et al. 2023; judged by "
        "the checker)",
        _NO_CITATIONS,
    ),
    "citations.quote_fidelity": Definition(
        "cited quotes that the document holds, character for character, at the place named / cited quotes, those that do not "
        "exist included",
        "no answer quotes anything",
    ),
    "grounding.support_rate": Definition(
        "sentences that the checker finds quoted or supported / sentences", _NOT_ANSWERED
    ),
    "grounding.fully_grounded": Definition("answers all of whose sentences are quoted or supported", _NOT_ANSWERED),
    "grounding.contradicted": Definition("sentences that their evidence contradicts / sentences", _NOT_ANSWERED, True),
    "grounding.mis_cited": Definition(
        "sentences that another retrieved passage supports, but not what they cite / sentences", _NO_CITATIONS, True
    ),
    "grounding.uncited": Definition("sentences that cite nothing / sentences", _NO_CITATIONS, True),
    "abstention.refused": Definition("unanswerable questions that were refused", "no question is marked unanswerable"),
    "abstention.wrongly_refused": Definition(
        "answerable questions that were refused", "no question is marked answerable", True
    ),
    "disagreement.recall": Definition(
        "questions on which the documents differ whose answer points out a disagreement",
        "no question is marked as one on which the documents differ",
    ),
    "disagreement.precision": Definition(
        "answers that point out a disagreement whose question is marked so",
        "no answer to a question of known kind points out a disagreement",
    ),
}
AUROC = "abstention.auroc"
AREA = "abstention.risk_coverage_area"
COVERAGE = "abstention.coverage_at_risk_0.05"
ERROR = "calibration.error"
BRIER = "calibration.brier"
CHECKER = "checker.balanced_accuracy"
CORRECTED = "grounding.support_rate_corrected"
LATENCY = "latency."

CURVES: Mapping[str, str] = {
    AUROC: "chance that an answerable question gets more confidence than an unanswerable one (ROC area; ties count half)",
    AREA: "mean share of wrong among the n most confident, n = 1 … all; refused and failed ones count as wrong (AURC)",
    COVERAGE: "largest share of questions, the most confident first, of which at most 5 % are wrong",
    ERROR: "|share true - mean confidence|, mean over up to 15 bins of equal size; too high by chance with few questions",
    BRIER: "mean of (confidence - true)²; true = answerable, and a gold quote among the passages where there is gold",
}
_LOWER = {AREA, ERROR, BRIER}
HEADLINE = (
    "answer.first_sentence", "retrieval.recall@5", "grounding.support_rate", "citations.quote_fidelity", "abstention.refused",
    "abstention.wrongly_refused",
)  # fmt: skip


def lower_is_better(metric: str) -> bool:
    """Tell whether less of a metric is better."""
    return metric in _LOWER or metric.startswith(LATENCY) or (metric in RATIOS and RATIOS[metric].lower_is_better)
