"""Compare two scored runs on the questions that both were asked: paired tests, what was fixed, what broke."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rag.errors import DataError
from rag.evaluation.metrics import CHECKER, CURVES, LATENCY, RATIOS, lower_is_better
from rag.evaluation.scored import Scored
from rag.evaluation.scoring import Outcome
from rag.evaluation.statistics import Array, Statistic, holm, mcnemar, point, swap_test, weights
from rag.evaluation.summary import Table

SCHEMA = "rag.eval.comparison/1"
_POWER = 1.959964 + 0.841621  # standard errors between no difference and one seen with 80 % power at 5 %, two-sided
_FEWEST = 6  # questions, all changed one way, below which no paired test of swaps reaches 5 %
_LEVEL = 0.05


def compare(a: Scored, b: Scored) -> dict[str, Any]:
    """Return how `b` differs from `a`: each metric with a paired interval and test, questions fixed and broken.

    Raises:
        DataError: no question in common, or one id with two wordings.
    """
    rows_a, rows_b = _paired(a, b)
    names = [name for name in (*RATIOS, *CURVES, *_latencies(a, b)) if name != CHECKER]
    metrics = [_metric(name, Table(rows_a), Table(rows_b)) for name in names]
    tested = [row for row in metrics if row["can_reject"] and not row["metric"].startswith(LATENCY)]
    for row in metrics:
        row["p_holm"] = row["p"]
    for row, adjusted in zip(tested, holm([row["p"] for row in tested]), strict=True):
        row["p_holm"] = adjusted
        if adjusted < _LEVEL:
            row["verdict"] = "worse" if (row["difference"] > 0) == lower_is_better(row["metric"]) else "better"
    before = [outcome["cause"] for outcome in rows_a]
    after = [outcome["cause"] for outcome in rows_b]
    fixed = [_named(o, cause) for o, cause, now in zip(rows_b, before, after, strict=True) if cause and not now]
    broken = [_named(o, now) for o, cause, now in zip(rows_b, before, after, strict=True) if now and not cause]
    name_a, name_b = _names(a, b)
    return {
        "schema": SCHEMA, "a": name_a, "b": name_b, "n": len(rows_a), "only_a": len(a.outcomes) - len(rows_a),
        "only_b": len(b.outcomes) - len(rows_b), "metrics": [_rounded(row) for row in metrics], "fixed": fixed,
        "broken": broken, "unchanged": len(rows_a) - len(fixed) - len(broken),
    }  # fmt: skip


def _names(a: Scored, b: Scored) -> tuple[str, str]:
    """Return what to call two runs: their folders' names, with the folder above where these are the same."""
    if a.name != b.name or a.place is None or b.place is None:
        return a.name, b.name
    return f"{a.place.parent.name}/{a.name}", f"{b.place.parent.name}/{b.name}"


def _paired(a: Scored, b: Scored) -> tuple[list[Outcome], list[Outcome]]:
    others = {outcome["id"]: outcome for outcome in b.outcomes}
    rows = [(outcome, others[outcome["id"]]) for outcome in a.outcomes if outcome["id"] in others]
    if not rows:
        raise DataError(f"{a.name} and {b.name} have no question in common: compare runs over one question set")
    for first, second in rows:
        if first["question"] != second["question"]:
            raise DataError(
                f"the question {first['id']!r} is worded “{first['question'][:50]}” in {a.name} and "
                f"“{second['question'][:50]}” in {b.name}: compare runs over one question set"
            )
    return [first for first, _ in rows], [second for _, second in rows]


def _metric(name: str, a: Table, b: Table) -> dict[str, Any]:
    """Return the row of one metric, over the questions to which it applies in both runs."""
    row: dict[str, Any] = {
        "metric": name, "a": None, "b": None, "difference": None, "ci95": None, "p": None, "p_holm": None, "n": 0,
        "smallest_difference": None, "test": "none", "verdict": "not compared", "reason": None, "can_reject": False,
    }  # fmt: skip
    (_, counts_a, reason_a), (_, counts_b, reason_b) = a.statistic(name), b.statistic(name)
    used = [int(at) for at in np.flatnonzero(counts_a * counts_b)]
    if reason_a or reason_b or not len(used):
        return row | {"reason": reason_a or reason_b or "no question has it in both runs"}
    a, b = (Table([table.outcomes[at] for at in used]) for table in (a, b))
    (first, _, reason_a), (second, _, reason_b) = a.statistic(name), b.statistic(name)
    values = point(first, a.n), point(second, b.n)
    if reason_a or reason_b or values[0] is None or values[1] is None:
        return row | {"reason": reason_a or reason_b or "it is not defined for these questions"}
    drawn = _differences(first, second, a.n)
    row |= {"a": values[0], "b": values[1], "difference": values[1] - values[0], "n": a.n}
    row |= {"verdict": "no evidence of change"} | _test(name, a, b, drawn)
    if len(drawn):
        row["ci95"] = [float(end) for end in np.percentile(drawn, [2.5, 97.5])]
    return row


def _test(name: str, a: Table, b: Table, drawn: Array) -> dict[str, Any]:
    """Return the test's part of a row.

    `can_reject`: whether enough questions changed for it to come out below 5 % at all; what cannot does not count among the
    tests that Holm's correction pays for (the idea of Tarone 1990).
    """
    spread = float(drawn.std(ddof=1)) * _POWER if len(drawn) > 1 else 0.0
    smallest = spread if spread > 0 else None
    if name not in RATIOS:
        if not len(drawn):
            return {"test": "none", "verdict": "not compared", "reason": "too few questions to draw an interval"}
        tail = min(int((drawn <= 0).sum()), int((drawn >= 0).sum()))
        p = min(1.0, 2 * (tail + 1) / (len(drawn) + 1))
        return {"p": p, "test": "paired bootstrap", "smallest_difference": smallest, "can_reject": spread > 0}
    parts_a, parts_b = a.parts(name), b.parts(name)
    single = all((parts[1] == 1).all() and np.isin(parts[0], (0.0, 1.0)).all() for parts in (parts_a, parts_b))
    if single:
        p = mcnemar(parts_a[0], parts_b[0])
        changed = int((parts_a[0] != parts_b[0]).sum())
        least = min(1.0, max(spread, _FEWEST / a.n))
        return {"p": p, "test": "exact McNemar", "smallest_difference": least, "can_reject": changed >= _FEWEST}
    if not np.any(parts_a[0] != parts_b[0]) and not np.any(parts_a[1] != parts_b[1]):
        return {"p": 1.0, "test": "paired permutation", "reason": "the same on every question"}
    changed = int(((parts_a[0] != parts_b[0]) | (parts_a[1] != parts_b[1])).sum())
    p = swap_test(parts_a, parts_b)
    return {"p": p, "test": "paired permutation", "smallest_difference": smallest, "can_reject": changed >= _FEWEST}


def _differences(first: Statistic, second: Statistic, n: int) -> Array:
    """Return the differences over paired resamples in which both are defined."""
    if n < 2:
        return np.array([])
    drawn: Array = np.concatenate([second(batch) - first(batch) for batch in weights(n)])
    kept: Array = drawn[~np.isnan(drawn)]
    return kept


def _latencies(a: Scored, b: Scored) -> Sequence[str]:
    names = [name for name in a.summary["metrics"] if name.startswith(LATENCY)]
    return [name for name in names if name in b.summary["metrics"]]


def _named(outcome: Outcome, cause: str) -> dict[str, Any]:
    return {"id": outcome["id"], "question": outcome["question"], "cause": cause}


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    def short(value: Any) -> Any:
        if isinstance(value, float):
            return round(value, 4)
        return [round(end, 4) for end in value] if isinstance(value, list) else value

    return {key: short(value) for key, value in row.items()}
