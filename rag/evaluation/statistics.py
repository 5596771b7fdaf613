"""Intervals and paired tests over questions; everything is seeded, so that the same scores give the same figures.

A `Statistic` maps weights (resamples x questions, each row a count for each question that sums to their number) to one value
for each row, NaN where it is not defined; a row of ones gives the figure itself, rows of bootstrap counts its interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
from scipy import stats

SEED = 12345
RESAMPLES = 2000
PERMUTATIONS = 9999
_SMALL = 30  # questions below which a share gets Wilson's interval: the bootstrap is too narrow there
_CELLS = 4_000_000  # of one batch of weights: 32 MB
_DEFINED = 0.9  # share of resamples that must give a value

Array = npt.NDArray[np.float64]
Statistic = Callable[[Array], Array]


def weights(n: int, resamples: int = RESAMPLES, seed: int = SEED) -> Iterator[Array]:
    """Yield batches of bootstrap counts (resamples x n); the percentile bootstrap of Efron (1979) over questions."""
    generator = np.random.Generator(np.random.PCG64(seed))
    rows = max(1, _CELLS // n)
    for start in range(0, resamples, rows):
        count = min(rows, resamples - start)
        drawn = generator.integers(0, n, size=(count, n)) + np.arange(count)[:, None] * n
        yield np.bincount(drawn.ravel(), minlength=count * n).reshape(count, n).astype(np.float64)


def intervals(statistics: Sequence[Statistic], n: int) -> list[tuple[float, float] | None]:
    """Return the 95 % percentile interval of each statistic over the same resamples.

    None where too few gave a value, or all gave the same: the resamples then say nothing about chance.
    """
    if not statistics or n < 2:
        return [None] * len(statistics)
    drawn = np.concatenate([np.stack([s(batch) for s in statistics], axis=1) for batch in weights(n)])
    return [_percentiles(drawn[:, column]) for column in range(len(statistics))]


def point(statistic: Statistic, n: int) -> float | None:
    """Return the statistic over all questions, None where it is not defined."""
    value = float(statistic(np.ones((1, n)))[0]) if n else float("nan")
    return None if np.isnan(value) else value


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval for `hits` of `n`."""
    interval = stats.binomtest(hits, n).proportion_ci(0.95, method="wilson")
    return float(interval.low), float(interval.high)


def wilson_applies(numerators: Array, denominators: Array) -> bool:
    """Tell whether a ratio is a share of few questions, or all 0 or all 1, where the bootstrap sees no uncertainty."""
    shares = numerators / denominators
    single = bool((denominators == 1).all() and np.isin(shares, (0.0, 1.0)).all()) and len(shares) < _SMALL
    return single or bool((shares == 0).all() or (shares == 1).all())


def ratio(numerators: Array, denominators: Array) -> Statistic:
    """Return sum of numerators over sum of denominators; a question that does not count has 0 in both."""

    def statistic(w: Array) -> Array:
        total = w @ denominators
        return _divided(w @ numerators, total)

    return statistic


def auroc(scores: Array, positive: Array, counts: Array) -> Statistic:
    """Return the area under the ROC curve: how often a positive question scores above a negative one, ties as half.

    `positive` and `counts` are 0 or 1 for each question; one with `counts` 0 is left out.
    """
    order = np.argsort(scores, kind="stable")
    starts = _group_starts(scores[order])

    def statistic(w: Array) -> Array:
        ordered = (w * counts)[:, order]
        up = np.add.reduceat(ordered * positive[order], starts, axis=1)
        down = np.add.reduceat(ordered * (1 - positive[order]), starts, axis=1)
        below = np.cumsum(down, axis=1) - down
        pairs = up.sum(axis=1) * down.sum(axis=1)
        won = (up * (below + down / 2)).sum(axis=1)
        return _divided(won, pairs)

    return statistic


def risk_coverage_area(confidence: Array, wrong: Array, counts: Array) -> Statistic:
    """Return the mean, over n = 1 … all, of the share of wrong answers among the n most confident (AURC; Geifman et al. 2019).

    Questions of one confidence stand in no order: each place among them gets their expected share.
    """
    order = np.argsort(-confidence, kind="stable")
    starts = _group_starts(confidence[order])

    def statistic(w: Array) -> Array:
        ordered = (w * counts)[:, order]
        sizes = np.add.reduceat(ordered, starts, axis=1)
        errors = np.add.reduceat(ordered * wrong[order], starts, axis=1)
        total = sizes.sum(axis=1)
        before = np.cumsum(sizes, axis=1) - sizes
        errors_before = np.cumsum(errors, axis=1) - errors
        rate = np.divide(errors, sizes, out=np.zeros_like(errors), where=sizes > 0)
        harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, int(total.max(initial=0)) + 1))])
        ends = harmonic[(before + sizes).astype(int)] - harmonic[before.astype(int)]
        area = (sizes * rate + (errors_before - before * rate) * ends).sum(axis=1)
        return _divided(area, total)

    return statistic


def coverage_at_risk(confidence: Array, wrong: Array, counts: Array, risk: float) -> Statistic:
    """Return the largest share of questions, the most confident first, of which at most `risk` are wrong."""
    order = np.argsort(-confidence, kind="stable")
    starts = _group_starts(confidence[order])

    def statistic(w: Array) -> Array:
        ordered = (w * counts)[:, order]
        covered = np.cumsum(np.add.reduceat(ordered, starts, axis=1), axis=1)
        errors = np.cumsum(np.add.reduceat(ordered * wrong[order], starts, axis=1), axis=1)
        total = covered[:, -1]
        best = np.where(errors <= risk * covered + 1e-9, covered, 0).max(axis=1)
        return _divided(best, total)

    return statistic


def calibration_error(confidence: Array, true: Array, bins: npt.NDArray[np.int64]) -> Statistic:
    """Return the mean, over bins, of |share true - mean confidence| weighted by size (ECE); bin -1 does not count."""
    member = (bins[None, :] == np.arange(bins.max(initial=-1) + 1)[:, None]).astype(np.float64)

    def statistic(w: Array) -> Array:
        gap = np.abs((w * (true - confidence)) @ member.T).sum(axis=1)
        total = (w @ member.T).sum(axis=1)
        return _divided(gap, total)

    return statistic


def equal_mass_bins(confidence: Array, counts: Array, most: int = 15) -> npt.NDArray[np.int64]:
    """Return the bin of each question, -1 if it does not count: up to `most` bins of equally many, at least 5 in each.

    Questions of one confidence are in one bin, so that their order does not matter.
    """
    bins = np.full(len(confidence), -1, dtype=np.int64)
    used = np.flatnonzero(counts)
    ordered = used[np.argsort(confidence[used], kind="stable")]
    number, last = -1, None
    for part in np.array_split(ordered, min(most, max(1, len(used) // 5))):
        fresh = part[confidence[part] != last]
        bins[part[confidence[part] == last]] = number
        if len(fresh):
            number += 1
            bins[fresh] = number
            last = confidence[part[-1]]
    return bins


def quantile(values: Array, counts: Array, share: float) -> Statistic:
    """Return the smallest value that at least `share` of the questions do not exceed."""
    order = np.argsort(values, kind="stable")

    def statistic(w: Array) -> Array:
        reached = np.cumsum((w * counts)[:, order], axis=1)
        total = reached[:, -1:]
        found = values[order][np.argmax(reached >= share * total - 1e-9, axis=1)]
        return np.where(total[:, 0] > 0, found, np.nan).astype(np.float64)

    return statistic


def mcnemar(a: Array, b: Array) -> float:
    """Return the p of the exact McNemar test that two systems, scored 0 or 1 on the same questions, are equally good."""
    lost, won = int(((a == 1) & (b == 0)).sum()), int(((a == 0) & (b == 1)).sum())
    return float(stats.binomtest(won, won + lost).pvalue) if won + lost else 1.0


def swap_test(a: tuple[Array, Array], b: tuple[Array, Array]) -> float:
    """Return the two-sided p of the paired permutation test for a difference of ratios.

    `a` and `b` are numerators and denominators over the same questions; in each permutation each question's pair keeps or
    swaps its systems. Chances with a p below 1 / (PERMUTATIONS + 1) cannot be told apart.
    """
    generator = np.random.Generator(np.random.PCG64(SEED))
    seen = abs(b[0].sum() / b[1].sum() - a[0].sum() / a[1].sum())
    extreme, rows = 0, max(1, _CELLS // len(a[0]))
    for start in range(0, PERMUTATIONS, rows):
        swap = generator.integers(0, 2, size=(min(rows, PERMUTATIONS - start), len(a[0]))).astype(np.float64)
        sums = [swap @ (y - x) for x, y in zip(a, b, strict=True)]
        first = (a[0].sum() + sums[0]) / (a[1].sum() + sums[1])
        second = (b[0].sum() - sums[0]) / (b[1].sum() - sums[1])
        extreme += int((np.abs(second - first) >= seen - 1e-12).sum())
    return (extreme + 1) / (PERMUTATIONS + 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted for their number (Holm 1979), in the order given."""
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    for place, at in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        largest = max(largest, min(1.0, (len(p_values) - place) * p_values[at]))
        adjusted[at] = largest
    return adjusted


def _divided(top: Array, bottom: Array) -> Array:
    """Return top / bottom, NaN where bottom is 0."""
    quotient: Array = np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0)
    return quotient


def _group_starts(ordered: Array) -> npt.NDArray[np.int64]:
    changes = np.flatnonzero(np.diff(ordered) != 0) + 1
    return np.concatenate([[0], changes]).astype(np.int64)


def _percentiles(drawn: Array) -> tuple[float, float] | None:
    defined = drawn[~np.isnan(drawn)]
    if len(defined) < _DEFINED * len(drawn):
        return None
    low, high = np.percentile(defined, [2.5, 97.5])
    return (float(low), float(high)) if defined.min() < defined.max() else None
