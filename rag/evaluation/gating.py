"""Hold scores against a policy: pass, fail, or too little data to say. What cannot be measured never passes.

Figures are reckoned from the outcomes, unrounded; of the summary only the checker's own error is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from rag.errors import DataError
from rag.evaluation.comparing import compare
from rag.evaluation.metrics import CHECKER, lower_is_better
from rag.evaluation.policies import USES, Rule
from rag.evaluation.records import Metric
from rag.evaluation.scored import Scored, read_scored
from rag.evaluation.summary import measure, to_row

SCHEMA = "rag.eval.gate/1"
Verdict = Literal["pass", "fail", "too little data"]


def gate(scored: Scored, rules: Sequence[Rule], policy: str) -> dict[str, Any]:
    """Return the verdict on each rule and on all: one failure fails it, else one lack of data leaves it undecided.

    Raises:
        DataError: a baseline is no folder of scores, is this run itself, or shares no question with it.
    """
    baselines = {rule.baseline: read_scored(rule.baseline) for rule in rules if rule.baseline}
    for baseline in baselines.values():
        if baseline.place is not None and baseline.place == scored.place:
            raise DataError(f"the baseline {baseline.name} is the run itself: give the scores of another")
    comparisons = {place: compare(baseline, scored) for place, baseline in baselines.items()}
    figures = _figures(scored, rules)
    rows = [
        _judge(rule, figures[rule.tag][rule.metric], comparisons[rule.baseline] if rule.baseline else None)
        for rule in rules
    ]
    verdicts = [row["verdict"] for row in rows]
    overall = next((v for v in ("fail", "too little data") if v in verdicts), "pass")
    return {"schema": SCHEMA, "verdict": overall, "policy": policy, "rules": rows}


def _figures(scored: Scored, rules: Sequence[Rule]) -> dict[str | None, dict[str, Metric]]:
    """Return the metrics that the rules name, by tag (None = of all questions)."""
    found: dict[str | None, dict[str, Metric]] = {}
    for tag in dict.fromkeys(rule.tag for rule in rules):
        names = list(dict.fromkeys(rule.metric for rule in rules if rule.tag == tag))
        rows = [outcome for outcome in scored.outcomes if tag is None or tag in outcome["tags"]]
        found[tag] = measure(rows, [name for name in names if name != CHECKER])
        if CHECKER in names:
            row = scored.summary["metrics"][CHECKER]
            found[tag][CHECKER] = Metric(**{**row, "ci95": row["ci95"] and tuple(row["ci95"])})
    return found


def _judge(rule: Rule, metric: Metric, comparison: Mapping[str, Any] | None) -> dict[str, Any]:
    name = f"{rule.metric} [{rule.tag}]" if rule.tag else rule.metric
    shown = to_row(metric)
    row = {"metric": name, "needs": _needs(rule), **{key: shown[key] for key in ("value", "ci95", "n")}}
    if metric.value is None:
        return row | {"verdict": "too little data", "reason": metric.reason}
    if metric.n < rule.min_n:
        return row | {
            "verdict": "too little data",
            "reason": f"{metric.n} questions count, the rule needs {rule.min_n}",
        }
    for verdict, reason in (_bounds(rule, metric), _drop(rule, comparison)):
        if verdict != "pass":
            return row | {"verdict": verdict, "reason": reason}
    return row | {"verdict": "pass", "reason": ""}


def _bounds(rule: Rule, metric: Metric) -> tuple[Verdict, str]:
    if (rule.min is None and rule.max is None) or metric.value is None:
        return "pass", ""
    if rule.use == "value":
        value = metric.value
    elif metric.ci95 is None:
        return "too little data", "there are too few questions for an interval"
    else:
        value = metric.ci95[0 if rule.use == "ci_low" else 1]
    if rule.min is not None and value < rule.min:
        return "fail", f"{value:.4g} is below {rule.min:g}"
    if rule.max is not None and value > rule.max:
        return "fail", f"{value:.4g} is above {rule.max:g}"
    return "pass", ""


def _drop(rule: Rule, comparison: Mapping[str, Any] | None) -> tuple[Verdict, str]:
    if rule.max_drop is None or comparison is None:
        return "pass", ""
    row = next((row for row in comparison["metrics"] if row["metric"] == rule.metric), None)
    if row is None or row["difference"] is None:
        return "too little data", f"it cannot be compared: {row['reason'] if row else 'the baseline does not have it'}"
    if comparison["only_a"]:
        return "too little data", f"{comparison['only_a']} questions of {comparison['a']} were not asked in this run"
    if row["n"] < rule.min_n:
        return "too little data", f"{row['n']} questions are in both runs, the rule needs {rule.min_n}"
    worse = row["difference"] if lower_is_better(rule.metric) else -row["difference"]
    if worse <= rule.max_drop:
        return "pass", ""
    told = f"worse than {comparison['a']} by {worse:.4g}, more than {rule.max_drop:g}"
    if not rule.significant:
        return "fail", told
    if not row["can_reject"]:
        return "too little data", f"{told}, and too few questions changed for a test to tell whether by chance"
    p = row["p"] if row["p_holm"] is None else row["p_holm"]
    return ("pass", "") if p >= 0.05 else ("fail", f"{told} (p {p:.2g})")


def _needs(rule: Rule) -> str:
    parts = []
    if rule.min is not None:
        parts.append(f"at least {rule.min:g}{USES[rule.use]}")
    if rule.max is not None:
        parts.append(f"at most {rule.max:g}{USES[rule.use]}")
    if rule.max_drop is not None and rule.baseline is not None:
        sure = ", if beyond chance" if rule.significant else ""
        parts.append(f"at most {rule.max_drop:g} worse than {rule.baseline.name}{sure}")
    return ", ".join(parts)
