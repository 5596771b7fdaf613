"""Turns curves and intervals into the coordinates of inline SVG; pure. The template draws, so that nothing here is HTML.

All coordinates are strings with one decimal in the units of the drawing's `viewBox`, so that bytes do not depend on a platform.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 380, 280
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 14, 46
MOST_POINTS = 200  # more are not told apart in a drawing of this size, and make a table that nobody reads
BAR = 200
_TOPS = (0.1, 0.2, 0.5, 1.0)
_TARGET_RISK = 0.05


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where it is, and what it says."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a plot; `base` is the height where the diagonal or the axis is."""

    x: str
    y: str
    r: str
    base: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing with axes; `path` is "" where there is no line to draw, `reference` a line to compare with (x1, y1, x2, y2)."""

    xs: tuple[Tick, ...]
    ys: tuple[Tick, ...]
    path: str
    dots: tuple[Dot, ...]
    reference: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval and a value on a scale of 0 to 1 that is `BAR` wide; `low` and `span` None = no interval."""

    value: str
    low: str | None
    span: str | None


def bar(metric: Mapping[str, Any]) -> Bar | None:
    """Return how a metric of 0 to 1 is drawn, None where it has no value or another scale."""
    value, pair = metric["value"], metric["ci95"]
    if value is None or not 0 <= value <= 1:
        return None
    if not pair:
        return Bar(_unit(value * BAR), None, None)
    low, high = (min(max(end, 0.0), 1.0) * BAR for end in pair)
    return Bar(_unit(value * BAR), _unit(low), _unit(max(high - low, 1.0)))


def thinned(points: Sequence[Sequence[float]]) -> list[Sequence[float]]:
    """Return at most `MOST_POINTS` of the points, evenly chosen, with the first and the last."""
    if len(points) <= MOST_POINTS:
        return list(points)
    step = (len(points) - 1) / (MOST_POINTS - 1)
    return [points[round(at * step)] for at in range(MOST_POINTS)]


def risk_coverage(points: Sequence[Sequence[float]]) -> Plot | None:
    """Return the plot of risk over coverage, None without points; the reference is a risk of 0.05.

    The height is cut to the least of 0.1, 0.2, 0.5 and 1 that holds all risks. Steps, not slopes: between two thresholds
    no other coverage can be had.
    """
    if not points:
        return None
    kept = sorted(thinned(points), key=lambda point: point[0])
    top = next((top for top in _TOPS if max(point[1] for point in kept) <= top), 1.0)
    dots = tuple(_dot(point[0], point[1], top, 4, 0) for point in kept)
    steps = [f"M{dots[0].x} {dots[0].y}", *(f"H{dot.x}V{dot.y}" for dot in dots[1:])]
    target = _y(_TARGET_RISK, top)
    edges = (_unit(LEFT), target, _unit(WIDTH - RIGHT), target)
    return Plot(_x_ticks(), _y_ticks(top), "".join(steps) if len(dots) > 1 else "", dots, edges)


def reliability(points: Sequence[Sequence[float]]) -> Plot | None:
    """Return the plot of the share answerable over mean confidence, None without points; the reference is the diagonal.

    The area of a dot goes with its number of questions.
    """
    if not points:
        return None
    kept = sorted(thinned(points), key=lambda point: point[0])
    most = max(point[2] for point in kept) or 1
    dots = tuple(_dot(point[0], point[1], 1.0, 3 + 6 * math.sqrt(point[2] / most), point[0]) for point in kept)
    corners = (_unit(LEFT), _y(0, 1.0), _unit(WIDTH - RIGHT), _y(1, 1.0))
    return Plot(_x_ticks(), _y_ticks(1.0), "", dots, corners)


def _dot(x: float, y: float, top: float, r: float, base: float) -> Dot:
    return Dot(_x(x), _y(y, top), _unit(r), _y(base, top))


def _x(share: float) -> str:
    return _unit(LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - RIGHT))


def _y(share: float, top: float) -> str:
    return _unit(HEIGHT - BOTTOM - min(max(share / top, 0.0), 1.0) * (HEIGHT - TOP - BOTTOM))


def _x_ticks() -> tuple[Tick, ...]:
    return tuple(Tick(_x(at / 5), f"{at / 5:g}") for at in range(6))


def _y_ticks(top: float) -> tuple[Tick, ...]:
    return tuple(Tick(_y(at * top / 5, top), f"{at * top / 5:g}") for at in range(6))


def _unit(value: float) -> str:
    return f"{value:.1f}"
