"""How often the checker itself is wrong, on pairs that a language model wrote for this: printed beside each score it gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import DataError
from rag.evaluation.files import Fields, read_lines
from rag.evaluation.records import Metric
from rag.evaluation.statistics import RESAMPLES, Array, Statistic, auroc, intervals, point, ratio, wilson
from rag.evaluation.summary import to_row
from rag.grounding.checker import GroundingChecker

LABELS = ("supported", "partly", "unsupported", "contradicted")
_SUPPORTS = ("quoted", "supported")
_BOOTSTRAP = f"95 %: percentile bootstrap over pairs, {RESAMPLES:,} resamples"


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """A claim with its evidence and what a careful reader of that evidence alone says of it."""

    id: str
    kind: str
    claim: str
    evidence: tuple[str, ...]
    label: str


def bundled_pairs() -> list[LabelledPair]:
    """Return the pairs that come with the package."""
    with resources.as_file(resources.files("rag.evaluation") / "data" / "selftest.jsonl") as path:
        return read_pairs(path)


def read_pairs(path: Path) -> list[LabelledPair]:
    """Return labelled pairs: JSON lines of {"id", "kind", "claim", "evidence": [text, …], "label"}.

    Raises:
        DataError: the file cannot be read, is empty, or a line is no such pair.
    """
    found = [_pair(Fields(row, place)) for place, row in read_lines(path)]
    if not found:
        raise DataError(f"{path.name} holds no pair: give at least one JSON line")
    return found


def selftest(checker: GroundingChecker, pairs: Sequence[LabelledPair]) -> dict[str, Any]:
    """Return the checker's error: supported against the rest, with intervals, and by kind of pair.

    `sensitivity`, `specificity`: [right, n] of the supported pairs and of the rest, those left out that are quotations;
    `missed`: share of pairs that are not (wholly) supported and that the checker calls supported; `false_alarms`: share of
    supported pairs that it does not; `label_accuracy`: all four labels; `wrong`: the pairs on which it errs.
    """
    verdicts = checker.judge([(pair.claim, pair.evidence) for pair in pairs])
    said = np.array([verdict.label in _SUPPORTS for verdict in verdicts], dtype=np.float64)
    true = np.array([pair.label == "supported" for pair in pairs], dtype=np.float64)
    scores = np.array([verdict.score for verdict in verdicts], dtype=np.float64)
    named = ["supported" if verdict.label == "quoted" else verdict.label for verdict in verdicts]
    same = np.array([label == pair.label for label, pair in zip(named, pairs, strict=True)], dtype=np.float64)
    judged = np.array([verdict.label != "quoted" for verdict in verdicts])
    caught, passed = ratio((1 - said) * (1 - true), 1 - true), ratio(said * true, true)
    area, balanced = auroc(scores, true, np.ones(len(pairs))), _mean(caught, passed)
    drawn = intervals([balanced, area], len(pairs))
    return {
        "checker": checker.name,
        "n": len(pairs),
        "balanced_accuracy": _drawn(
            balanced, len(pairs), drawn[0], "mean of the shares right among supported pairs and among the rest"
        ),
        "auroc": _drawn(area, len(pairs), drawn[1], "chance that a supported pair scores above one that is not"),
        "missed": _share(said, true == 0, "pairs that are not supported, called supported"),
        "false_alarms": _share(1 - said, true == 1, "supported pairs, not called so"),
        "sensitivity": _counted(said, (true == 1) & judged),
        "specificity": _counted(1 - said, (true == 0) & judged),
        "label_accuracy": _share(same, true >= 0, "pairs given their own one of four labels"),
        "kinds": _kinds(pairs, said == true),
        "wrong": [
            {"id": pair.id, "kind": pair.kind, "label": pair.label, "said": label, "claim": pair.claim}
            for pair, label, right in zip(pairs, named, said == true, strict=True)
            if not right
        ],
    }


def _pair(fields: Fields) -> LabelledPair:
    fields.only(("id", "kind", "claim", "evidence", "label"))
    return LabelledPair(
        fields.text("id"),
        fields.text("kind"),
        fields.text("claim"),
        fields.texts("evidence"),
        fields.choice("label", LABELS),
    )


def _kinds(pairs: Sequence[LabelledPair], right: Any) -> list[dict[str, Any]]:
    kinds = dict.fromkeys((pair.label, pair.kind) for pair in pairs)
    rows = []
    for label, kind in sorted(kinds, key=lambda key: (LABELS.index(key[0]), key[1])):
        own = [bool(r) for pair, r in zip(pairs, right, strict=True) if (pair.label, pair.kind) == (label, kind)]
        rows.append({"label": label, "kind": kind, "n": len(own), "right": sum(own)})
    return rows


def _share(hits: Array, among: Any, meaning: str) -> dict[str, Any]:
    n, count = int(among.sum()), int(hits[among].sum())
    if not n:
        return to_row(Metric(None, None, 0, len(hits), meaning, "there is no such pair"))
    return to_row(Metric(count / n, wilson(count, n), n, len(hits) - n, f"{meaning}; 95 %: Wilson"))


def _counted(hits: Array, among: Any) -> list[int]:
    return [int(hits[among].sum()), int(among.sum())]


def _drawn(statistic: Statistic, n: int, interval: tuple[float, float] | None, meaning: str) -> dict[str, Any]:
    value = point(statistic, n)
    if value is None:
        return to_row(Metric(None, None, 0, n, meaning, "needs pairs that are supported and pairs that are not"))
    return to_row(Metric(value, interval, n, 0, f"{meaning}; {_BOOTSTRAP}"))


def _mean(first: Statistic, second: Statistic) -> Statistic:
    def statistic(w: Array) -> Array:
        return (first(w) + second(w)) / 2

    return statistic
