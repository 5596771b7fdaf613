"""Summarise outcomes: each metric with its interval, failures by cause, slices by tag, curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from rag.evaluation import metrics
from rag.evaluation.records import CAUSES, Metric
from rag.evaluation.scoring import Outcome
from rag.evaluation.statistics import (
    RESAMPLES,
    SEED,
    Statistic,
    auroc,
    calibration_error,
    coverage_at_risk,
    equal_mass_bins,
    intervals,
    point,
    quantile,
    ratio,
    risk_coverage_area,
    wilson,
    wilson_applies,
)

Array = npt.NDArray[np.float64]
_RISK = 0.05
_SLICED = ("retrieval.recall@5", "answer.first_sentence", "abstention.refused", "abstention.wrongly_refused")
_CURVE_POINTS = 200
_BOOTSTRAP = f"95 %: percentile bootstrap over questions, {RESAMPLES:,} resamples"
_WILSON = "95 %: Wilson"


class Table:
    """Outcomes as arrays, one row for each question in their order."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self.outcomes = outcomes
        self.n = len(outcomes)

    def parts(self, metric: str) -> tuple[Array, Array]:
        """Return numerators and denominators, 0 and 0 where the metric does not apply."""
        pairs = [outcome["scores"].get(metric) or (0.0, 0.0) for outcome in self.outcomes]
        table = np.array(pairs, dtype=np.float64).reshape(self.n, 2)
        return table[:, 0], table[:, 1]

    def statistic(self, metric: str) -> tuple[Statistic, Array, str | None]:
        """Return a metric, 1 for each question that counts, and the reason if it cannot be said (None = it can)."""
        if metric in metrics.RATIOS:
            numerators, denominators = self.parts(metric)
            counts = (denominators > 0).astype(np.float64)
            return ratio(numerators, denominators), counts, None if counts.any() else metrics.RATIOS[metric].missing
        if metric.startswith(metrics.LATENCY):
            _, stage, share = metric.rsplit(".", 2)
            times = [outcome["timings_ms"].get(stage) for outcome in self.outcomes]
            counts = np.array([time is not None for time in times], dtype=np.float64)
            values = np.array([time or 0.0 for time in times], dtype=np.float64)
            return (
                quantile(values, counts, int(share[1:]) / 100),
                counts,
                None if counts.any() else "no answer was timed",
            )
        return self._curve(metric)

    def confidences(self) -> tuple[Array, Array]:
        """Return confidences (0 where there is none) and 1 for each question that has one."""
        given = [outcome["confidence"] for outcome in self.outcomes]
        return np.array([c or 0.0 for c in given], dtype=np.float64), _ones([c is not None for c in given])

    def selective(self) -> tuple[Array, Array, Array]:
        """Return confidence, 1 where not answered rightly, and 1 for each question that counts, for selective prediction.

        A question that failed counts as one of no confidence, if others have any: failing must not help.
        """
        confidence, given = self.confidences()
        failed = _ones([outcome["status"] == "error" for outcome in self.outcomes]) * float(given.any())
        wrong, known = self.wrong()
        return confidence, wrong, np.maximum(given, failed) * known

    def _curve(self, metric: str) -> tuple[Statistic, Array, str | None]:
        confidence, given = self.confidences()
        labelled = _ones([outcome["answerable"] is not None for outcome in self.outcomes]) * given
        answerable = _ones([outcome["answerable"] is True for outcome in self.outcomes])
        if metric == metrics.AUROC:
            kinds = len(set(answerable[labelled > 0].tolist()))
            reason = None if kinds == 2 else "needs confidences of answerable and of unanswerable questions"
            return auroc(confidence, answerable, labelled), labelled, reason
        if metric in (metrics.AREA, metrics.COVERAGE):
            confidence, wrong, counts = self.selective()
            reason = None if counts.any() else "no question has a confidence and a right answer to compare with"
            if metric == metrics.AREA:
                return risk_coverage_area(confidence, wrong, counts), counts, reason
            return coverage_at_risk(confidence, wrong, counts, _RISK), counts, reason
        reason = None if labelled.any() else "no question with a confidence is marked answerable or unanswerable"
        true = self.true()
        if metric == metrics.BRIER:
            return ratio((confidence - true) ** 2 * labelled, labelled), labelled, reason
        return calibration_error(confidence, true, equal_mass_bins(confidence, labelled)), labelled, reason

    def wrong(self) -> tuple[Array, Array]:
        """Return 1 for each question not answered rightly, a refusal included, and 1 for each of which that can be said."""
        known = _ones([outcome["right"] is not None for outcome in self.outcomes])
        wrong = _ones([not (o["right"] and o["status"] == "answered") for o in self.outcomes])
        return wrong, known

    def true(self) -> Array:
        """Return 1 for each question that its passages can answer."""
        return _ones([_passages_answer(outcome) for outcome in self.outcomes])


def measure(outcomes: Sequence[Outcome], names: Sequence[str]) -> dict[str, Metric]:
    """Return metrics with their intervals; `names` may hold any metric of rag.evaluation.metrics."""
    table = Table(outcomes)
    found = [table.statistic(name) for name in names]
    drawn = intervals([statistic for statistic, _, _ in found], table.n)
    return {
        name: _metric(table, name, statistic, counts, reason, interval)
        for name, (statistic, counts, reason), interval in zip(names, found, drawn, strict=True)
    }


def all_metrics(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the names of the metrics of a run, in order; latencies for each stage that was timed."""
    stages = sorted({stage for outcome in outcomes for stage in outcome["timings_ms"]})
    latencies = [f"{metrics.LATENCY}{stage}.p{share}" for stage in stages for share in (50, 95)]
    return [*metrics.RATIOS, *metrics.CURVES, *latencies]


def summarise(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the parts of a summary that follow from the outcomes: metrics, slices, causes, curves."""
    tags = sorted({tag for outcome in outcomes for tag in outcome["tags"]})
    causes = [outcome["cause"] for outcome in outcomes]
    return {
        "seed": SEED,
        "resamples": RESAMPLES,
        "asked": len(outcomes),
        "metrics": {name: to_row(metric) for name, metric in measure(outcomes, all_metrics(outcomes)).items()},
        "slices": {tag: _slice([o for o in outcomes if tag in o["tags"]]) for tag in tags},
        "causes": {cause: causes.count(cause) for cause in CAUSES},
        "curves": {"risk_coverage": _risk_coverage(Table(outcomes)), "reliability": _reliability(Table(outcomes))},
    }


def to_row(metric: Metric) -> dict[str, Any]:
    """Return a metric as JSON, rounded to 4 digits."""
    return {
        "value": _round(metric.value),
        "ci95": None if metric.ci95 is None else [_round(end) for end in metric.ci95],
        "n": metric.n,
        "n_not_applicable": metric.n_not_applicable,
        "method": metric.method,
        "reason": metric.reason,
    }


def _metric(
    table: Table, name: str, statistic: Statistic, counts: Array, reason: str | None, drawn: tuple[float, float] | None
) -> Metric:
    n = int(counts.sum())
    meaning = metrics.RATIOS[name].meaning if name in metrics.RATIOS else metrics.CURVES.get(name, "milliseconds")
    value = None if reason else point(statistic, table.n)
    if value is None:
        return Metric(None, None, n, table.n - n, meaning, reason or "it is not defined for these questions")
    if name == metrics.AUROC:
        confidence, _ = table.confidences()
        used = counts > 0
        positive = [o["answerable"] for o, u in zip(table.outcomes, used, strict=True) if u]
        value = float(roc_auc_score(positive, confidence[used]))
    if name in metrics.RATIOS:
        numerators, denominators = table.parts(name)
        used = counts > 0
        if wilson_applies(numerators[used], denominators[used]):
            return Metric(value, wilson(round(value * n), n), n, table.n - n, f"{meaning}; {_WILSON}")
    note = f"; {_BOOTSTRAP}" if drawn else "; no interval: too few questions"
    return Metric(value, drawn, n, table.n - n, f"{meaning}{note}")


def _slice(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    found = measure(outcomes, _SLICED)
    return {name: to_row(metric) for name, metric in found.items() if metric.n}


def _risk_coverage(table: Table) -> list[list[float]]:
    """Return [coverage, risk, threshold] at each confidence at which one more question would be answered."""
    confidence, wrong, counts = table.selective()
    pairs = sorted(zip(confidence[counts > 0].tolist(), wrong[counts > 0].tolist(), strict=True), reverse=True)
    points, errors = [], 0.0
    for at, (threshold, error) in enumerate(pairs, start=1):
        errors += error
        if at == len(pairs) or pairs[at][0] < threshold:
            points.append([round(at / len(pairs), 4), round(errors / at, 4), round(threshold, 4)])
    step = max(1, -(-len(points) // _CURVE_POINTS))
    return points[::-1][::step][::-1]


def _reliability(table: Table) -> list[list[float]]:
    """Return [mean confidence, share true, n] of each bin."""
    confidence, given = table.confidences()
    labelled = _ones([outcome["answerable"] is not None for outcome in table.outcomes]) * given
    bins, true = equal_mass_bins(confidence, labelled), table.true()
    members = [bins == number for number in range(bins.max(initial=-1) + 1)]
    return [[round(float(confidence[m].mean()), 4), round(float(true[m].mean()), 4), int(m.sum())] for m in members]


def _passages_answer(outcome: Mapping[str, Any]) -> bool:
    if not outcome["answerable"]:
        return False
    known = bool(outcome["gold"]) and outcome["passages"] is not None
    return any(gold["rank"] for gold in outcome["gold"]) if known else True


def _ones(flags: Sequence[bool]) -> Array:
    return np.array(flags, dtype=np.float64)


def _round(value: float | None) -> float | None:
    """Round to 4 digits, but never to 0 or 1 what is neither: a gate may ask for all or for none."""
    if value is None:
        return None
    short = round(value, 4)
    if short in (0.0, 1.0) and value != short:
        return short + (0.0001 if value > short else -0.0001)
    return short
