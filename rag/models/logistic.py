"""Probabilities from weights and features; pure."""

from __future__ import annotations

import math
from collections.abc import Sequence


def logistic(weights: Sequence[float], features: Sequence[float]) -> float:
    """Return the probability (0 to 1) that weights (bias first) give features."""
    x = weights[0] + sum(w * f for w, f in zip(weights[1:], features, strict=True))
    return 1.0 / (1.0 + math.exp(-x)) if x >= 0 else math.exp(x) / (1.0 + math.exp(x))


def logit(p: float) -> float:
    """Return the log-odds of a probability, within those of a millionth."""
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))
