"""Every figure is held against a library, or against a table reckoned by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import brier_score_loss, roc_auc_score

from rag.evaluation.statistics import (
    auroc,
    calibration_error,
    coverage_at_risk,
    equal_mass_bins,
    holm,
    intervals,
    mcnemar,
    point,
    quantile,
    ratio,
    risk_coverage_area,
    swap_test,
    weights,
    wilson,
    wilson_applies,
)

RANDOM = np.random.default_rng(7)


def ones(n: int) -> np.ndarray:
    return np.ones(n)


def test_bootstrap_counts_sum_to_the_questions_and_repeat() -> None:
    batches = list(weights(50, resamples=300))
    assert sum(len(batch) for batch in batches) == 300
    assert all((batch.sum(axis=1) == 50).all() for batch in batches)
    again = list(weights(50, resamples=300))
    assert all((a == b).all() for a, b in zip(batches, again, strict=True))


def test_a_ratio_is_over_sums_and_its_interval_is_scipys() -> None:
    numerators, denominators = np.array([1.0, 0, 3, 0]), np.array([2.0, 0, 3, 1])
    assert point(ratio(numerators, denominators), 4) == pytest.approx(4 / 6)
    values = RANDOM.normal(size=60)
    [(low, high)] = [interval for interval in intervals([ratio(values, ones(60))], 60) if interval]
    theirs = stats.bootstrap((values,), np.mean, method="percentile", n_resamples=9999, rng=1).confidence_interval
    assert (low, high) == pytest.approx((theirs.low, theirs.high), abs=0.03)


def test_what_is_not_defined_is_none() -> None:
    nothing = ratio(np.zeros(3), np.zeros(3))
    assert point(nothing, 3) is None
    assert intervals([nothing], 3) == [None]
    assert point(nothing, 0) is None
    assert intervals([ratio(ones(1), ones(1))], 1) == [None]


def test_auroc_is_scikit_learns_with_ties_and_weights() -> None:
    scores = np.round(RANDOM.random(80), 1)
    positive = (RANDOM.random(80) < scores).astype(float)
    assert point(auroc(scores, positive, ones(80)), 80) == pytest.approx(roc_auc_score(positive, scores))
    batch = next(weights(80, resamples=5))
    theirs = [roc_auc_score(positive, scores, sample_weight=row) for row in batch]
    assert auroc(scores, positive, ones(80))(batch) == pytest.approx(theirs)
    counts = (np.arange(80) % 2).astype(float)
    used = counts > 0
    assert point(auroc(scores, positive, counts), 80) == pytest.approx(roc_auc_score(positive[used], scores[used]))
    assert point(auroc(scores, ones(80), ones(80)), 80) is None


def test_risk_coverage_area_by_hand() -> None:
    # most confident first: right, wrong, right -> risks 0, 1/2, 1/3
    confidence, wrong = np.array([0.9, 0.5, 0.7]), np.array([0.0, 0.0, 1.0])
    assert point(risk_coverage_area(confidence, wrong, ones(3)), 3) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
    # one confidence for all: the share of wrong at each coverage
    assert point(risk_coverage_area(np.full(4, 0.5), np.array([1.0, 0, 0, 0]), ones(4)), 4) == pytest.approx(0.25)
    # a question drawn twice counts twice
    twice = np.array([[2.0, 1.0, 0.0]])
    assert risk_coverage_area(confidence, wrong, ones(3))(twice)[0] == pytest.approx(0.0)


def test_coverage_at_risk_by_hand() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6])
    wrong = np.array([0.0, 0.0, 1.0, 0.0])
    assert point(coverage_at_risk(confidence, wrong, ones(4), 0.05), 4) == 0.5
    assert point(coverage_at_risk(confidence, wrong, ones(4), 0.25), 4) == 1.0
    assert point(coverage_at_risk(confidence, ones(4), ones(4), 0.05), 4) == 0.0


def test_calibration_by_hand_and_brier_by_scikit_learn() -> None:
    confidence = np.array([0.1] * 5 + [0.9] * 5)
    true = np.array([0.0] * 4 + [1.0] + [1.0] * 5)
    bins = equal_mass_bins(confidence, ones(10))
    assert bins.tolist() == [0] * 5 + [1] * 5
    assert point(calibration_error(confidence, true, bins), 10) == pytest.approx(0.5 * 0.1 + 0.5 * 0.1)
    assert point(ratio((confidence - true) ** 2, ones(10)), 10) == pytest.approx(brier_score_loss(true, confidence))
    assert equal_mass_bins(confidence, np.zeros(10)).tolist() == [-1] * 10


def test_calibration_does_not_depend_on_the_order_of_questions() -> None:
    confidence, true = np.full(20, 0.5), np.array([0.0, 1.0] * 10)
    for order in (true, np.sort(true)):
        assert point(calibration_error(confidence, order, equal_mass_bins(confidence, ones(20))), 20) == 0.0
    mixed = np.array([0.1] * 3 + [0.2] * 9 + [0.9] * 8)
    assert equal_mass_bins(mixed, ones(20)).tolist() == [0] * 3 + [0] * 9 + [1] * 8


def test_resamples_that_are_all_alike_give_no_interval() -> None:
    assert intervals([auroc(np.array([0.1, 0.2, 0.8, 0.9]), np.array([0.0, 0, 1, 1]), ones(4))], 4) == [None]


def test_quantiles_are_numpys() -> None:
    values = RANDOM.random(41)
    for share in (0.5, 0.95):
        ours = point(quantile(values, ones(41), share), 41)
        assert ours == pytest.approx(np.quantile(values, share, method="inverted_cdf"))


def test_wilson_is_for_few_questions_and_for_certainty() -> None:
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-3)
    assert wilson_applies(np.array([1.0, 0.0]), ones(2))
    assert wilson_applies(ones(500), ones(500))
    assert wilson_applies(np.array([3.0, 5.0]), np.array([3.0, 5.0]))
    assert not wilson_applies(np.array([1.0, 0.0] * 20), ones(40))
    assert not wilson_applies(np.array([1.0, 0.5]), ones(2))
    assert not wilson_applies(np.array([1.0, 0.0]), np.array([1.0, 20.0]))


def test_mcnemar_by_hand() -> None:
    a = np.array([1.0] * 2 + [0.0] * 8 + [1.0] * 20)
    b = np.array([0.0] * 2 + [1.0] * 8 + [1.0] * 20)
    assert mcnemar(a, b) == pytest.approx(2 * stats.binom.cdf(2, 10, 0.5))
    assert mcnemar(a, a) == 1.0


def test_swap_test_agrees_with_scipy_on_means() -> None:
    a = RANDOM.random(40)
    b = a + RANDOM.normal(0.05, 0.1, 40)
    theirs = stats.permutation_test(
        (b, a), lambda x, y: np.mean(x) - np.mean(y), permutation_type="samples", n_resamples=9999, rng=1
    ).pvalue
    assert swap_test((a, ones(40)), (b, ones(40))) == pytest.approx(theirs, abs=0.02)
    assert swap_test((a, ones(40)), (a, ones(40))) == 1.0


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []
