"""The words, numbers and cleaned texts that reports are made of; used by `report`, `digests` and `charts`. Pure.

Whatever comes from documents, questions or systems under test is hostile: it goes through `shown` (HTML) or `plain`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

TEXT_LIMIT = 4_000  # characters shown of any one text
UNKNOWN = "not known"

# what would hide, reorder or break text: controls, bidirectional overrides and isolates, tags, lone surrogates, non-characters
_HARMFUL = re.compile(
    "([\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\U000e0000-\U000e007f"
    + "".join(chr(plane * 0x10000 + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + r"])\1*"
)

GROUPS: Mapping[str, str] = {
    "retrieval": "Retrieval: were the right passages found?",
    "answer": "Answer: is it right?",
    "citations": "Citations: do they point where they should?",
    "grounding": "Grounding: does the evidence bear the answer out?",
    "abstention": "Refusal: does it know when the documents do not say?",
    "disagreement": "Disagreement: are differing sources shown?",
    "calibration": "Calibration: does confidence mean what it says?",
    "checker": "The checker's own error",
    "latency": "Time",
}
HEADLINES = (
    "answer.first_sentence",
    "retrieval.recall@5",
    "abstention.refused",
    "abstention.wrongly_refused",
    "grounding.support_rate",
    "citations.quote_fidelity",
)
_LABELS: Mapping[str, str] = {
    "retrieval.recall@1": "Gold found in the first passage",
    "retrieval.hit@5": "Any gold in the first 5 passages",
    "retrieval.mrr@10": "Mean reciprocal rank in the first 10",
    "retrieval.ndcg@10": "nDCG in the first 10",
    "answer.exact_match": "Short answer exactly right",
    "answer.f1": "Words shared with the right answer (F1)",
    "answer.contains": "Answer holds the right words",
    "answer.first_sentence": "First sentence answers",
    "citations.recall": "Citation recall",
    "citations.precision": "Citation precision",
    "citations.quote_fidelity": "Quotes that are exact",
    "grounding.support_rate": "Sentences supported",
    "grounding.support_rate_corrected": "… corrected for the checker's error",
    "grounding.fully_grounded": "Answers supported throughout",
    "grounding.contradicted": "Sentences contradicted",
    "grounding.mis_cited": "Sentences mis-cited",
    "grounding.uncited": "Sentences without a citation",
    "abstention.refused": "Unanswerable, and refused",
    "abstention.wrongly_refused": "Answerable, but refused",
    "abstention.auroc": "Confidence tells answerable from not (AUROC)",
    "abstention.risk_coverage_area": "Area under the risk-coverage curve",
    "abstention.coverage_at_risk_0.05": "Coverage at 5 % risk",
    "disagreement.recall": "Conflicts that were shown",
    "disagreement.precision": "Shown conflicts that are real",
    "calibration.error": "Calibration error",
    "calibration.brier": "Brier score",
    "checker.balanced_accuracy": "Balanced accuracy of the checker",
}
MEANINGS: Mapping[str, str] = {
    "error": "The system failed on this question and gave no answer.",
    "not_retrieved": "No gold quote is among the passages retrieved, so the answer had nothing to stand on.",
    "not_chosen": "A gold quote was retrieved, but the answer was made of something else.",
    "not_first": "The answer holds what was asked for, but starts with something else.",
    "wrongly_refused": "A gold quote was retrieved, yet the system said that the documents do not answer.",
    "should_have_refused": "The documents do not answer this, yet the system did.",
    "contradicted": "A sentence says other than its evidence: another number, date or name, or its negation.",
    "unsupported": "A sentence says more than its evidence bears out.",
    "mis_cited": "A sentence is borne out by the documents, but not by the passage that it cites.",
}
SUPPORT: Mapping[str, str] = {
    "quoted": "quoted",
    "supported": "supported",
    "partly": "partly supported",
    "unsupported": "unsupported",
    "contradicted": "contradicted",
}
SUPPORT_MEANINGS: Mapping[str, str] = {
    "quoted": "word for word what the cited passage says",
    "supported": "in other words, but borne out by the evidence",
    "partly": "the evidence bears out a part of it",
    "unsupported": "the evidence does not bear it out",
    "contradicted": "the evidence says otherwise",
}


def label(metric: str) -> str:
    """Return a metric's name in words; a metric that is not ours keeps its name."""
    if metric in _LABELS:
        return _LABELS[metric]
    if found := re.fullmatch(r"retrieval\.recall@(\d+)", metric):
        return f"Gold found in the first {found[1]} passages"
    if found := re.fullmatch(r"latency\.(\w+)\.p(\d+)", metric):
        return f"{found[1].capitalize()}, " + ("median" if found[2] == "50" else f"{found[2]}th percentile")
    return metric


def group(metric: str) -> str:
    """Return the heading under which a metric stands."""
    return GROUPS.get(metric.split(".", 1)[0], "Other")


def number(value: float | None, metric: str = "") -> str:
    """Return a value as a report writes it: three decimals, milliseconds for times, words for None."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    if metric.startswith("latency."):
        return f"{value:,.0f} ms" if abs(value) >= 10 else f"{value:.1f} ms"
    return f"{value:.3f}".replace("-", "\u2212")


def signed(value: float | None, metric: str = "") -> str:
    """Return a difference with its sign."""
    words = number(value, metric).replace("-", "\u2212")
    return f"+{words}" if value is not None and math.isfinite(value) and value > 0 else words


def interval(pair: list[float] | None, metric: str = "") -> str:
    """Return an interval in words, "no interval" for None."""
    return f"{number(pair[0], metric)} to {number(pair[1], metric)}" if pair else "no interval"


def chance(p: float | None) -> str:
    """Return a p-value; one below what is printed as a bound."""
    return UNKNOWN if p is None else "< 0.001" if p < 0.001 else f"{p:.3f}"


def state(outcome: Mapping[str, Any]) -> str:
    """Return what became of a question: a cause, or "right", "wrong" (no cause known) or "unsaid"."""
    right = outcome["right"]
    return str(outcome["cause"] or ("unsaid" if right is None else "right" if right else "wrong"))


def cut(text: str, limit: int) -> tuple[str, str]:
    """Return what is shown of a text and a note on what is not, "" if nothing is left out."""
    if len(text) <= limit:
        return text, ""
    return text[:limit], f"… (cut: {limit:,} of {len(text):,} characters are shown)"


def shown(value: object, limit: int = TEXT_LIMIT) -> Markup:
    """Return hostile text as HTML: escaped, cut, with control and direction-changing characters made visible."""
    text, note = cut(str(value), limit)
    parts, at = [Markup()], 0
    text = text.replace("\r\n", "\n")
    for found in _HARMFUL.finditer(text):
        parts += [escape(text[at : found.start()]), Markup('<span class="ctl">{}</span>').format(_named(found))]
        at = found.end()
    parts.append(escape(text[at:]))
    if note:
        parts.append(Markup(' <span class="cut">{}</span>').format(note))
    return Markup().join(parts)


def plain(value: object, limit: int = TEXT_LIMIT) -> str:
    """Return hostile text as text that is legal in XML and harmless in a terminal; the same characters made visible."""
    text, note = cut(str(value), limit)
    return _HARMFUL.sub(lambda found: f"[{_named(found)}]", text.replace("\r\n", "\n")) + (f" {note}" if note else "")


def one_line(value: object, limit: int) -> str:
    """Return `plain` text with all white space as single spaces."""
    return " ".join(plain(" ".join(str(value).split()), limit).split())


def _named(found: re.Match[str]) -> str:
    run = len(found[0])
    return f"U+{ord(found[1]):04X}" + (f" ×{run:,}" if run > 1 else "")
