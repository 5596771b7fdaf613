"""The support rate as it would be if the checker did not err (Rogan and Gladen 1978), with what is not known of its error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rag.evaluation.records import Metric
from rag.evaluation.scoring import Outcome
from rag.evaluation.statistics import RESAMPLES, SEED, Array, weights

_MEANING = (
    "support rate corrected for the checker's error: of sentences that it judged, (share supported + specificity - 1) / "
    "(sensitivity + specificity - 1), within 0 and 1 (Rogan and Gladen 1978); quotations, which are compared character by "
    "character, and sentences without evidence count as they are"
)
_METHOD = (
    f"{_MEANING}; 95 %: percentile bootstrap over questions and over the checker's own pairs, {RESAMPLES:,} resamples"
)
_FIXED = ("quoted",)
_LEAST = 0.05  # sensitivity + specificity - 1 below which the checker tells nothing


def corrected_support(outcomes: Sequence[Outcome], own_error: Mapping[str, Any]) -> Metric:
    """Return the corrected support rate of a run; `own_error` is what `selftest` gives."""
    table = np.array([_counts(outcome) for outcome in outcomes], dtype=np.float64).reshape(len(outcomes), 4)
    used = int((table[:, 3] > 0).sum())
    if not used:
        return Metric(None, None, 0, len(outcomes), _MEANING, "no question was answered")
    (right, supported), (caught, rest) = own_error["sensitivity"], own_error["specificity"]
    if table[:, 1].sum() and (not supported or not rest or right / supported + caught / rest - 1 < _LEAST):
        return Metric(
            None, None, used, len(outcomes) - used, _MEANING, "the checker is no better than chance on its own pairs"
        )
    se, sp = (right / supported, caught / rest) if supported and rest else (1.0, 1.0)
    value = float(_rate(table.sum(axis=0)[None, :], np.array([se]), np.array([sp]))[0])
    generator = np.random.Generator(np.random.PCG64(SEED))
    sums = np.concatenate([batch @ table for batch in weights(len(outcomes))])
    drawn_se = generator.binomial(max(1, supported), se, len(sums)) / max(1, supported)
    drawn_sp = generator.binomial(max(1, rest), sp, len(sums)) / max(1, rest)
    drawn = _rate(sums, drawn_se, drawn_sp)
    drawn = drawn[~np.isnan(drawn)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Metric(value, (float(low), float(high)), used, len(outcomes) - used, _METHOD)


def _counts(outcome: Outcome) -> tuple[int, int, int, int]:
    """Return how many sentences are supported for certain, judged by the checker, judged to be supported, and there at all."""
    if not outcome["scores"].get("grounding.support_rate"):
        return 0, 0, 0, 0
    sentences = outcome["sentences"]
    fixed = sum(sentence["support"] in _FIXED for sentence in sentences)
    judged = [s for s in sentences if s["support"] not in _FIXED and s["judged"]]
    return fixed, len(judged), sum(s["support"] == "supported" for s in judged), max(1, len(sentences))


def _rate(sums: Array, se: Array, sp: Array) -> Array:
    """Return the corrected rate for rows of summed counts; NaN where no sentence was drawn."""
    fixed, judged, supported, total = sums.T
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(judged > 0, supported / judged, 0.0)
        true = np.clip((share + sp - 1) / np.maximum(se + sp - 1, _LEAST), 0.0, 1.0)
        rate = np.where(total > 0, (fixed + judged * true) / total, np.nan)
    return np.asarray(rate)
