"""The support rate corrected for the checker's error: Rogan and Gladen's formula, its interval, and where it says nothing."""

from __future__ import annotations

from typing import Any

import pytest

from rag.evaluation.correcting import corrected_support

ERROR = {"sensitivity": [80, 100], "specificity": [90, 100]}


def outcome(*labels: str, judged: bool = True) -> dict[str, Any]:
    rows = [{"support": label, "judged": judged} for label in labels]
    right = sum(label in ("quoted", "supported") for label in labels)
    return {"scores": {"grounding.support_rate": [right, max(1, len(labels))]}, "sentences": rows}


def test_the_formula_of_rogan_and_gladen() -> None:
    run = [outcome("supported", "supported", "supported", "unsupported") for _ in range(40)]
    found = corrected_support(run, ERROR)
    assert found.value == pytest.approx((0.75 + 0.9 - 1) / (0.8 + 0.9 - 1))
    assert found.ci95
    assert found.ci95[0] < found.value < found.ci95[1]
    assert found.ci95[1] - found.ci95[0] > 0.1  # the questions are all alike: what is unsure is the checker
    assert found.n == 40


def test_quotations_and_sentences_without_evidence_count_as_they_are() -> None:
    assert corrected_support([outcome("quoted", "quoted")] * 9, ERROR).value == 1.0
    assert corrected_support([outcome("quoted"), outcome("unsupported", judged=False)], ERROR).value == 0.5
    mixed = corrected_support([outcome("quoted", "supported", "unsupported", "unsupported")] * 9, ERROR)
    assert mixed.value == pytest.approx((1 + 3 * (1 / 3 + 0.9 - 1) / 0.7) / 4)


def test_it_stays_within_0_and_1_and_never_guesses() -> None:
    assert corrected_support([outcome("supported")] * 9, ERROR).value == 1.0
    assert corrected_support([outcome("contradicted")] * 9, ERROR).value == 0.0
    assert corrected_support([outcome()] * 3, ERROR).value == 0.0  # an answer that says nothing has nothing supported
    silent = {"scores": {"grounding.support_rate": None}, "sentences": []}
    assert corrected_support([silent], ERROR).reason == "no question was answered"
    assert corrected_support([], ERROR).value is None
    for useless in (
        {"sensitivity": [50, 100], "specificity": [50, 100]},
        {"sensitivity": [0, 0], "specificity": [9, 9]},
    ):
        found = corrected_support([outcome("supported")], useless)
        assert (found.value, found.reason) == (None, "the checker is no better than chance on its own pairs")
        assert corrected_support([outcome("quoted")], useless).value == 1.0


def test_equal_runs_give_equal_figures() -> None:
    run = [outcome("supported", "partly"), outcome("quoted", "supported")] * 6
    assert corrected_support(run, ERROR) == corrected_support(run, ERROR)
