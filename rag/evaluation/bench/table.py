"""One row for each set and metric: every system over the same questions, and ours against the best of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.evaluation.statistics import RESAMPLES, Array, Statistic, intervals, point

OURS = "Attest"


@dataclass(frozen=True, slots=True)
class Row:
    """A metric of one set. `systems`: each with its statistic over `n` questions (or claims, `unit`), ours first."""

    set: str
    metric: str
    n: int
    unit: str
    systems: Mapping[str, Statistic]


def measure(row: Row) -> dict[str, Any]:
    """Return the row as JSON: each system's value and interval, and our difference to the best of the others, paired."""
    values = {name: point(statistic, row.n) for name, statistic in row.systems.items()}
    drawn = dict(zip(values, intervals(list(row.systems.values()), row.n), strict=True))
    others = {name: value for name, value in values.items() if name != OURS and value is not None}
    best = max(others, key=lambda name: others[name], default=None)
    difference = None
    if best is not None and values[OURS] is not None:
        gap = _minus(row.systems[OURS], row.systems[best])
        [interval] = intervals([gap], row.n)
        difference = {"to": best, "value": _short(point(gap, row.n)), "ci95": _ends(interval)}
    return {
        "set": row.set, "metric": row.metric, "n": row.n, "unit": row.unit,
        "systems": {name: {"value": _short(value), "ci95": _ends(drawn[name])} for name, value in values.items()},
        "difference": difference,
    }  # fmt: skip


def to_markdown(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as a Markdown table, with what the intervals are below it."""
    lines = ["| set | metric | Attest | others | Attest − best other |", "|---|---|---|---|---|"]
    for row in rows:
        others = "; ".join(f"{name} {_cell(cell)}" for name, cell in row["systems"].items() if name != OURS)
        gap = row["difference"]
        shown = "" if gap is None else f"{gap['value']:+.3f}{_bounds(gap['ci95'], '+.3f')}"
        lines.append(
            f"| {row['set']}, {row['n']:,} {row['unit']} | {row['metric']} | {_cell(row['systems'][OURS])} | {others} | {shown} |"
        )
    return "\n".join(
        [*lines, "", f"95 % intervals: percentile bootstrap over questions or claims, {RESAMPLES:,} resamples."]
    )


def _minus(first: Statistic, second: Statistic) -> Statistic:
    def statistic(w: Array) -> Array:
        return first(w) - second(w)

    return statistic


def _cell(cell: Mapping[str, Any]) -> str:
    return "–" if cell["value"] is None else f"{cell['value']:.3f}{_bounds(cell['ci95'], '.3f')}"


def _bounds(ends: Sequence[float] | None, form: str) -> str:
    return "" if ends is None else f" [{ends[0]:{form}}, {ends[1]:{form}}]"


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _ends(ends: tuple[float, float] | None) -> list[float] | None:
    return None if ends is None else [round(end, 4) for end in ends]
