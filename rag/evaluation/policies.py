"""Policies: a TOML file of rules that scores are held against, read strictly, and drafted from a run's intervals."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import DataError
from rag.evaluation.files import kind_of, read_bytes
from rag.evaluation.metrics import CHECKER, CURVES, LATENCY, RATIOS, lower_is_better
from rag.evaluation.scored import Scored

_FIELDS = ("metric", "tag", "min", "max", "use", "min_n", "max_drop", "baseline", "significant")
USES = {"value": "", "ci_low": " (lower end of the interval)", "ci_high": " (upper end of the interval)"}
_DRAFTED = (
    "answer.first_sentence", "answer.contains", "retrieval.recall@5", "citations.quote_fidelity", "citations.recall",
    "grounding.support_rate", "abstention.refused", "abstention.wrongly_refused", CHECKER,
)  # fmt: skip
_LARGEST = 1e9  # of a bound, in any unit; NaN is not below it either
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
        raise DataError(f"{path.name} is no TOML ({error}): see docs/evaluation.md") from None
    except (RecursionError, ValueError):
        raise DataError(f"{path.name} is no TOML that can be read: see docs/evaluation.md") from None
    _only(policy, ("min_n", "rule"), path.name)
    rules = policy.get("rule")
    if not isinstance(rules, list) or not rules or not all(isinstance(rule, dict) for rule in rules):
        raise DataError(f"{path.name} has no [[rule]]: give at least one, with metric and min, max or max_drop")
    least = _whole(policy, "min_n", path.name, 1)
    return [_rule(rule, f"{path.name} rule {number}", least, path.parent) for number, rule in enumerate(rules, start=1)]


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
        bound = 1.0 if exact else math.ceil(high * 100) / 100 if lower_is_better(name) else math.floor(low * 100) / 100
        if bound == (1.0 if lower_is_better(name) else 0.0):
            lines += [
                "",
                f"# {name}: {metric['value']:g} of {metric['n']}, its interval leaves no bound that could fail",
            ]
            continue
        shown = f"{'max' if lower_is_better(name) else 'min'} = {bound:.2f}"
        least = f"\nmin_n = {metric['n']}" if metric["n"] < 10 else ""
        lines += ["", "[[rule]]", f'metric = "{name}"', f"{shown}{least}"]
    if "[[rule]]" not in lines:
        raise DataError(f"{scored.name} has no metric with an interval: ask more questions first")
    return "\n".join(lines) + "\n"


def _rule(row: Mapping[str, Any], place: str, least: int, folder: Path) -> Rule:
    _only(row, _FIELDS, place)
    metric, tag, use, baseline = (_text(row, name, place) for name in ("metric", "tag", "use", "baseline"))
    if metric is None:
        raise DataError(f"{place}: has no metric: give one of {', '.join((*RATIOS, *CURVES))}")
    significant = row.get("significant", False)
    if not isinstance(significant, bool):
        raise DataError(f"{place}: significant is {kind_of(significant)}: give true or false")
    low, high, drop = (_number(row, name, place) for name in ("min", "max", "max_drop"))
    rule = Rule(
        metric, _whole(row, "min_n", place, least), tag, low, high, use or "value", drop,
        folder / baseline if baseline else None, significant,
    )  # fmt: skip
    fault = next((told for wrong, told in _faults(rule, use) if wrong), None)
    if fault:
        raise DataError(f"{place}: {fault}")
    return rule


def _faults(rule: Rule, use: str | None) -> list[tuple[bool, str]]:
    """Return what may be wrong with a rule as a whole, whether it is, in the order in which it is said."""
    name, low, high, drop = rule.metric, rule.min, rule.max, rule.max_drop
    known = name in RATIOS or name in CURVES or name == CHECKER or name.startswith(LATENCY)
    bounded = low is not None or high is not None
    return [
        (not known, f"unknown metric {name!r}: give one of {', '.join((*RATIOS, *CURVES))}"),
        (not bounded and drop is None, "has no bound: give min, max or max_drop"),
        (low is not None and high is not None and low > high, f"min {low} is above max {high}: nothing could pass"),
        (rule.use not in USES, f"use is {rule.use!r}: give one of {', '.join(USES)}"),
        (use is not None and not bounded, "use says what is held against min or max: give one of them"),
        ((drop is None) != (rule.baseline is None), "max_drop and baseline (a folder of scores) go together"),
        (rule.significant and drop is None, "significant is about max_drop: give it, with a baseline"),
        (rule.tag is not None and drop is not None, "a baseline is compared over all questions: leave out tag"),
        (name == CHECKER and drop is not None, "the checker's error is not compared between runs: give min or max"),
        (name == CHECKER and rule.tag is not None, "the checker's error has nothing to do with tags: leave out tag"),
    ]


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
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _LARGEST:
        raise DataError(f"{place}: {name} is no number: give one")
    return float(value)


def _whole(row: Mapping[str, Any], name: str, place: str, default: int) -> int:
    value = row.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise DataError(f"{place}: {name} is {value!r}: give a whole number above 0")
    return value
