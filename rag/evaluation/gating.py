"""Hold scores against a TOML policy: pass, fail, or too little data to say. What cannot be measured never passes."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rag.errors import DataError
from rag.evaluation.comparing import compare
from rag.evaluation.files import kind_of, read_bytes
from rag.evaluation.metrics import CHECKER, CURVES, LATENCY, RATIOS, lower_is_better
from rag.evaluation.scored import Scored, read_scored

SCHEMA = "rag.eval.gate/1"
Verdict = Literal["pass", "fail", "too little data"]
_FIELDS = ("metric", "tag", "min", "max", "use", "min_n", "max_drop", "baseline", "significant")
_USES = {"value": "", "ci_low": " (lower end of the interval)", "ci_high": " (upper end of the interval)"}
_DRAFTED = (
    "answer.first_sentence", "retrieval.recall@5", "citations.quote_fidelity", "citations.recall", "grounding.support_rate",
    "abstention.refused", "abstention.wrongly_refused", CHECKER,
)  # fmt: skip
_EXACT = ("citations.quote_fidelity",)  # not a matter of chance: one misquotation is one too many


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a policy: `metric` (of the questions with `tag`) against a bound, or against a baseline run.

    `use`: which of value, ci_low, ci_high is held against `min` and `max`. `max_drop`: by how much it may be worse than in the
    folder of scores `baseline`; `significant`: only a difference that the paired test confirms counts.
    """

    metric: str
    min_n: int
    tag: str | None = None
    min: float | None = None
    max: float | None = None
    use: str = "value"
    max_drop: float | None = None
    baseline: Path | None = None
    significant: bool = False


def read_policy(path: Path) -> list[Rule]:
    """Return the rules of a TOML policy: `min_n` for all, and a [[rule]] for each.

    Raises:
        DataError: it cannot be read, is no TOML, or a rule is not one; the message names the rule.
    """
    try:
        policy = tomllib.loads(read_bytes(path).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path.name} is no TOML ({error}): see `rag eval gate --help`") from None
    _only(policy, ("min_n", "rule"), path.name)
    rules = policy.get("rule")
    if not isinstance(rules, list) or not rules or not all(isinstance(rule, dict) for rule in rules):
        raise DataError(f"{path.name} has no [[rule]]: give at least one, with metric and min, max or max_drop")
    least = _whole(policy, "min_n", path.name, 1)
    return [_rule(rule, f"{path.name} rule {number}", least, path.parent) for number, rule in enumerate(rules, start=1)]


def gate(scored: Scored, rules: Sequence[Rule], policy: str) -> dict[str, Any]:
    """Return the verdict on each rule and on all: one failure fails it, else one lack of data leaves it undecided.

    Raises:
        DataError: a baseline is no folder of scores or shares no question with this run, or a metric is unknown.
    """
    baselines = {rule.baseline: compare(read_scored(rule.baseline), scored) for rule in rules if rule.baseline}
    rows = [_judge(rule, scored, baselines[rule.baseline] if rule.baseline else None) for rule in rules]
    verdicts = [row["verdict"] for row in rows]
    overall = next((v for v in ("fail", "too little data") if v in verdicts), "pass")
    return {"schema": SCHEMA, "verdict": overall, "policy": policy, "rules": rows}


def draft_policy(scored: Scored) -> str:
    """Return a policy that this run passes, its bounds the near ends of today's intervals.

    So only a change for the worse beyond chance fails; but quotations must stay exact. Raises DataError if nothing has an interval.
    """
    lines = [
        "# Drafted from the intervals of one run: the gate fails when a figure falls out of its interval. Read it, change it,",
        "# and commit it. Fields of a rule: metric, tag, min, max, use (value, ci_low, ci_high), min_n, max_drop, baseline,",
        "# significant.",
        f"min_n = {max(1, min(10, scored.summary['asked']))}",
    ]
    for name in _DRAFTED:
        metric = scored.summary["metrics"].get(name)
        if metric is None or metric["ci95"] is None:
            continue
        low, high = metric["ci95"]
        exact = name in _EXACT and metric["value"] == 1.0
        if lower_is_better(name):
            bound = f"max = {math.ceil(high * 100) / 100:g}"
        else:
            bound = f"min = {1.0 if exact else math.floor(low * 100) / 100:.2f}"
        least = f"\nmin_n = {metric['n']}" if metric["n"] < 10 else ""
        lines += ["", "[[rule]]", f'metric = "{name}"', f"{bound}{least}"]
    if len(lines) == 4:
        raise DataError(f"{scored.name} has no metric with an interval: ask more questions first")
    return "\n".join(lines) + "\n"


def _rule(row: Mapping[str, Any], place: str, least: int, folder: Path) -> Rule:
    _only(row, _FIELDS, place)
    metric, tag, use, baseline = (_text(row, name, place) for name in ("metric", "tag", "use", "baseline"))
    if metric is None or not (metric in RATIOS or metric in CURVES or metric == CHECKER or metric.startswith(LATENCY)):
        raise DataError(
            f"{place}: {f'unknown metric {metric!r}' if metric else 'no metric'}: one of {', '.join((*RATIOS, *CURVES))}"
        )
    low, high, drop = (_number(row, name, place) for name in ("min", "max", "max_drop"))
    if low is None and high is None and drop is None:
        raise DataError(f"{place}: has no bound: give min, max or max_drop")
    if (drop is None) != (baseline is None):
        raise DataError(f"{place}: max_drop and baseline (a folder of scores) go together")
    if tag is not None and drop is not None:
        raise DataError(f"{place}: a baseline is compared over all questions: leave out tag")
    if use is not None and use not in _USES:
        raise DataError(f"{place}: use is {use!r}: give one of {', '.join(_USES)}")
    significant = row.get("significant", False)
    if not isinstance(significant, bool):
        raise DataError(f"{place}: significant is {kind_of(significant)}: give true or false")
    return Rule(
        metric, _whole(row, "min_n", place, least), tag, low, high, use or "value", drop, folder / baseline if baseline else None,
        significant,
    )  # fmt: skip


def _judge(rule: Rule, scored: Scored, comparison: Mapping[str, Any] | None) -> dict[str, Any]:
    name = f"{rule.metric} [{rule.tag}]" if rule.tag else rule.metric
    found = scored.summary["metrics"] if rule.tag is None else scored.summary["slices"].get(rule.tag, {})
    metric = found.get(rule.metric)
    row = {"metric": name, "needs": _needs(rule), "value": None, "ci95": None, "n": 0}
    if metric is None:
        where = f"of questions tagged {rule.tag!r}" if rule.tag else "in these scores"
        return row | {"verdict": "too little data", "reason": f"there is no such metric {where}"}
    row |= {key: metric[key] for key in ("value", "ci95", "n")}
    if metric["value"] is None:
        return row | {"verdict": "too little data", "reason": metric["reason"]}
    if metric["n"] < rule.min_n:
        return row | {
            "verdict": "too little data",
            "reason": f"{metric['n']} questions count, the rule needs {rule.min_n}",
        }
    for verdict, reason in (_bounds(rule, metric), _drop(rule, comparison)):
        if verdict != "pass":
            return row | {"verdict": verdict, "reason": reason}
    return row | {"verdict": "pass", "reason": ""}


def _bounds(rule: Rule, metric: Mapping[str, Any]) -> tuple[Verdict, str]:
    if rule.min is None and rule.max is None:
        return "pass", ""
    if rule.use == "value":
        value = metric["value"]
    elif metric["ci95"] is None:
        return "too little data", "there are too few questions for an interval"
    else:
        value = metric["ci95"][0 if rule.use == "ci_low" else 1]
    if rule.min is not None and value < rule.min:
        return "fail", f"{value:.4g} is below {rule.min:g}"
    if rule.max is not None and value > rule.max:
        return "fail", f"{value:.4g} is above {rule.max:g}"
    return "pass", ""


def _drop(rule: Rule, comparison: Mapping[str, Any] | None) -> tuple[Verdict, str]:
    if rule.max_drop is None or comparison is None:
        return "pass", ""
    row = next((row for row in comparison["metrics"] if row["metric"] == rule.metric), None)
    if row is None or row["difference"] is None or (rule.significant and row["p"] is None):
        return "too little data", f"it cannot be compared: {row['reason'] if row else 'the baseline does not have it'}"
    if row["n"] < rule.min_n:
        return "too little data", f"{row['n']} questions are in both runs, the rule needs {rule.min_n}"
    worse = row["difference"] if lower_is_better(rule.metric) else -row["difference"]
    if worse <= rule.max_drop:
        return "pass", ""
    p = row["p_holm"] if row["p_holm"] is not None else row["p"]
    if rule.significant and p >= 0.05:
        return "pass", ""
    return "fail", f"worse than {comparison['a']} by {worse:.4g}, more than {rule.max_drop:g} (p {p:.2g})"


def _needs(rule: Rule) -> str:
    parts = []
    if rule.min is not None:
        parts.append(f"at least {rule.min:g}{_USES[rule.use]}")
    if rule.max is not None:
        parts.append(f"at most {rule.max:g}{_USES[rule.use]}")
    if rule.max_drop is not None and rule.baseline is not None:
        sure = ", if beyond chance" if rule.significant else ""
        parts.append(f"at most {rule.max_drop:g} worse than {rule.baseline.name}{sure}")
    return ", ".join(parts)


def _only(row: Mapping[str, Any], known: Sequence[str], place: str) -> None:
    for name in row:
        if name not in known:
            raise DataError(f"{place}: unknown field {name[:60]!r}: known are {', '.join(known)}")


def _text(row: Mapping[str, Any], name: str, place: str) -> str | None:
    value = row.get(name)
    if value is not None and (not isinstance(value, str) or not value):
        raise DataError(f"{place}: {name} is {kind_of(value)}: give a text")
    return value


def _number(row: Mapping[str, Any], name: str, place: str) -> float | None:
    value = row.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise DataError(f"{place}: {name} is no number: give one")
    return float(value)


def _whole(row: Mapping[str, Any], name: str, place: str, default: int) -> int:
    value = row.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise DataError(f"{place}: {name} is {value!r}: give a whole number above 0")
    return value
