from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.errors import DataError
from rag.evaluation.comparing import compare
from rag.evaluation.gating import gate
from rag.evaluation.policies import draft_policy, read_policy
from rag.evaluation.scored import Scored, read_scored, write_scored
from rag.evaluation.scoring import score
from rag.evaluation.summary import summarise
from rag.grounding.checker import LexicalChecker
from tests.evaluation.test_scoring import ASKED, REFUSED, RIGHT, TEXTS, UNKNOWN


def scored(right: int, refused: int, unknown: int = 0, name: str = "run") -> Scored:
    """Score `right` right answers, `refused` wrong refusals and `unknown` right refusals."""
    pairs = (
        [(replace(ASKED, tags=("x",)), RIGHT)] * right + [(ASKED, REFUSED)] * refused + [(UNKNOWN, REFUSED)] * unknown
    )
    pairs = [
        (replace(q, id=f"q{n}", question="?"), replace(r, id=f"q{n}", question="?")) for n, (q, r) in enumerate(pairs)
    ]
    outcomes = score(pairs, TEXTS.get, LexicalChecker())
    summary: dict[str, Any] = {"schema": "rag.eval.summary/1", **summarise(outcomes)}
    return Scored(name, summary, outcomes)


def policy(folder: Path, text: str) -> Path:
    path = folder / "gate.toml"
    path.write_text(text, encoding="utf-8")
    return path


def verdict(folder: Path, run: Scored, text: str) -> tuple[str, str]:
    result = gate(run, read_policy(policy(folder, text)), "gate.toml")
    return result["verdict"], result["rules"][0]["reason"]


RULE = '[[rule]]\nmetric = "answer.first_sentence"\n'


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("min = 0.8", "pass"),
        ("min = 0.81", "fail"),
        ("max = 0.79", "fail"),
        ('min = 0.45\nuse = "ci_low"', "pass"),
        ('min = 0.55\nuse = "ci_low"', "fail"),
        ("min = 0.5\nmin_n = 11", "too little data"),
        ('min = 0.9\ntag = "x"', "pass"),
        ('min = 0.9\ntag = "y"', "too little data"),
    ],
)
def test_bounds(tmp_path: Path, rule: str, expected: str) -> None:
    assert verdict(tmp_path, scored(8, 2), RULE + rule)[0] == expected


def test_what_cannot_be_measured_does_not_pass(tmp_path: Path) -> None:
    assert verdict(tmp_path, scored(0, 3), '[[rule]]\nmetric = "grounding.support_rate"\nmin = 0.1') == (
        "too little data", "no question was answered",
    )  # fmt: skip
    assert verdict(tmp_path, scored(3, 0), '[[rule]]\nmetric = "latency.nothing.p50"\nmax = 5')[0] == "too little data"
    assert verdict(tmp_path, scored(1, 0), '[[rule]]\nmetric = "abstention.auroc"\nmin = 0.1')[0] == "too little data"


def test_one_failure_fails_all_whatever_lacks_data(tmp_path: Path) -> None:
    text = '[[rule]]\nmetric = "abstention.refused"\nmin = 0.1\n' + RULE + "min = 0.9\n"
    result = gate(scored(8, 2), read_policy(policy(tmp_path, text)), "gate.toml")
    assert [rule["verdict"] for rule in result["rules"]] == ["too little data", "fail"]
    assert result["verdict"] == "fail"


def test_a_drop_against_a_baseline(tmp_path: Path) -> None:
    write_scored(tmp_path / "main", scored(10, 0, name="main"))
    rule = RULE + 'max_drop = 0.05\nbaseline = "main"\n'
    assert verdict(tmp_path, scored(10, 0), rule)[0] == "pass"
    assert verdict(tmp_path, scored(8, 2), rule)[0] == "fail"
    assert verdict(tmp_path, scored(8, 2), rule + "significant = true")[0] == "too little data"
    assert verdict(tmp_path, scored(8, 0), rule) == (
        "too little data",
        "2 questions of main were not asked in this run",
    )
    write_scored(tmp_path / "large", scored(30, 0, name="large"))
    rule = RULE + 'max_drop = 0.05\nbaseline = "large"\nsignificant = true\n'
    assert verdict(tmp_path, scored(24, 6), rule)[0] == "pass"
    assert verdict(tmp_path, scored(15, 15), rule)[0] == "fail"
    with pytest.raises(DataError, match="the baseline large is the run itself"):
        verdict(tmp_path, read_scored(tmp_path / "large"), rule)
    with pytest.raises(DataError, match="is no folder of scores"):
        verdict(tmp_path, scored(8, 2), RULE + 'max_drop = 0.05\nbaseline = "none"')


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "has no [[rule]]"),
        ("rule = 3", "has no [[rule]]"),
        ("= 3", "is no TOML"),
        ("min_n = 0\n" + RULE + "min = 1", "min_n is 0"),
        ("least = 3\n" + RULE + "min = 1", "unknown field 'least'"),
        (RULE, "rule 1: has no bound"),
        (RULE + "mni = 1", "rule 1: unknown field 'mni'"),
        (RULE + 'min = "1"', "rule 1: min is no number"),
        (RULE + "min = nan", "rule 1: min is no number"),
        (RULE + "min = true", "rule 1: min is no number"),
        (RULE + 'min = 1\nuse = "lowest"', "rule 1: use is 'lowest'"),
        (RULE + "max_drop = 0.1", "max_drop and baseline"),
        (RULE + 'max_drop = 0.1\nbaseline = "x"\ntag = "y"', "leave out tag"),
        (RULE + "min = 1\nsignificant = 3", "significant is a number"),
        (RULE + "min = 1\nsignificant = true", "significant is about max_drop"),
        (RULE + "min = 0.9\nmax = 0.1", "nothing could pass"),
        (RULE + 'max_drop = 0.1\nbaseline = "x"\nuse = "ci_low"', "use says what is held against min or max"),
        (RULE + "min = 1" + "0" * 400, "min is no number"),
        ("x = " + "[" * 5000, "is no TOML"),
        (
            '[[rule]]\nmetric = "checker.balanced_accuracy"\nmax_drop = 0.1\nbaseline = "x"',
            "is not compared between runs",
        ),
        ('[[rule]]\nmetric = "answer.frist"\nmin = 1', "rule 1: unknown metric 'answer.frist'"),
        ("[[rule]]\nmin = 1", "rule 1: has no metric"),
    ],
)
def test_a_wrong_policy_is_one_line(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(DataError) as caught:
        read_policy(policy(tmp_path, text))
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_drafted_policy_passes_its_own_run_and_fails_a_worse_one(tmp_path: Path) -> None:
    good = scored(28, 2, 20)
    rules = read_policy(policy(tmp_path, draft_policy(good)))
    assert gate(good, rules, "x")["verdict"] == "pass"
    assert gate(scored(15, 15, 20), rules, "x")["verdict"] == "fail"
    assert "# abstention.refused: 1 of 1, its interval leaves" not in draft_policy(good)
    poor = scored(0, 6)
    assert "# answer.first_sentence: 0 of 6, its interval leaves no bound that could fail" in draft_policy(poor)
    assert gate(poor, read_policy(policy(tmp_path, draft_policy(poor))), "x")["verdict"] == "pass"
    with pytest.raises(DataError, match="no metric with an interval"):
        draft_policy(Scored("x", {"asked": 0, "metrics": {}}, []))


def test_compare_says_what_was_fixed_and_what_broke() -> None:
    before, after = scored(20, 10, name="before"), scored(29, 1, name="after")
    result = compare(before, after)
    assert (result["a"], result["b"], result["n"]) == ("before", "after", 30)
    assert [item["id"] for item in result["fixed"]] == [f"q{n}" for n in range(20, 29)]
    assert result["broken"] == []
    assert result["unchanged"] == 21
    rows = {row["metric"]: row for row in result["metrics"]}
    first = rows["answer.first_sentence"]
    assert first["difference"] == pytest.approx(0.3)
    assert first["test"] == "exact McNemar"
    assert first["p"] == pytest.approx(2 / 2**9, abs=1e-4)
    assert first["p_holm"] >= first["p"]
    assert first["verdict"] == "better"
    assert 0.2 <= first["smallest_difference"] <= 0.35
    assert rows["abstention.wrongly_refused"]["verdict"] == "better"
    assert rows["citations.quote_fidelity"]["verdict"] == "no evidence of change"
    assert rows["disagreement.recall"]["verdict"] == "not compared"
    assert [b["id"] for b in compare(after, before)["broken"]] == [f["id"] for f in result["fixed"]]


def test_compare_with_itself_sees_nothing_and_says_what_it_could_have_seen() -> None:
    run = scored(20, 10, 5)
    rows = {row["metric"]: row for row in compare(run, run)["metrics"]}
    assert {row["verdict"] for row in rows.values()} <= {"no evidence of change", "not compared"}
    assert rows["answer.first_sentence"]["smallest_difference"] == pytest.approx(6 / 30)


def test_compare_sees_a_change_in_means_and_areas() -> None:
    """Not only in shares: each kind of test must be able to say so, in both directions."""
    before, after = scored(30, 0, 30, name="before"), scored(30, 0, 30, name="after")
    for at, row in enumerate(after.outcomes):
        row["scores"]["retrieval.mrr@10"] = row["scores"]["retrieval.mrr@10"] and [0.25, 1]
        row["scores"]["grounding.support_rate"] = row["scores"]["grounding.support_rate"] and [1 if at % 3 else 0, 4]
        row["confidence"] = 0.9 if at % 2 else 0.1
    rows = {row["metric"]: row for row in compare(before, after)["metrics"]}
    assert {rows[name]["verdict"] for name in ("retrieval.mrr@10", "grounding.support_rate", "abstention.auroc")} == {
        "worse"
    }
    back = {row["metric"]: row for row in compare(after, before)["metrics"]}
    assert {back[name]["verdict"] for name in ("retrieval.mrr@10", "grounding.support_rate", "abstention.auroc")} == {
        "better"
    }


def test_an_interval_holds_its_value_whatever_the_weights() -> None:
    run = scored(6, 0)
    for row, part in zip(run.outcomes, ([1, 1], [1, 1], [1, 1], [1, 1], [1, 1], [0, 20]), strict=True):
        row["scores"]["grounding.support_rate"] = part
    metric = summarise(run.outcomes)["metrics"]["grounding.support_rate"]
    assert metric["value"] == 0.2
    assert metric["ci95"][0] <= 0.2 <= metric["ci95"][1]


def test_one_misquotation_in_many_is_not_rounded_away(tmp_path: Path) -> None:
    run = scored(30, 0)
    for row in run.outcomes:
        row["scores"]["citations.quote_fidelity"] = [1000, 1000]
    run.outcomes[0]["scores"]["citations.quote_fidelity"] = [999, 1000]
    assert summarise(run.outcomes)["metrics"]["citations.quote_fidelity"]["value"] == 0.9999
    rule = '[[rule]]\nmetric = "citations.quote_fidelity"\nmin = 1.0'
    assert verdict(tmp_path, run, rule)[0] == "fail"


def test_a_figure_changed_by_hand_is_not_believed(tmp_path: Path) -> None:
    write_scored(tmp_path / "s", scored(3, 3))
    path = tmp_path / "s" / "summary.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"value": 0.5', '"value": 1.0', 1), encoding="utf-8")
    with pytest.raises(DataError, match="are not as they were written"):
        read_scored(tmp_path / "s")


def test_compare_needs_the_same_questions() -> None:
    run, other = scored(3, 0), scored(3, 0)
    other = Scored("other", other.summary, [{**row, "id": f"z{row['id']}"} for row in other.outcomes])
    with pytest.raises(DataError, match="no question in common"):
        compare(run, other)
    worded = Scored("worded", run.summary, [{**row, "question": "Other?"} for row in run.outcomes])
    with pytest.raises(DataError, match="is worded"):
        compare(run, worded)


def test_a_folder_of_scores_is_read_back(tmp_path: Path) -> None:
    run = scored(3, 1)
    write_scored(tmp_path / "s", run)
    assert read_scored(tmp_path / "s" / "summary.json").outcomes == read_scored(tmp_path / "s").outcomes == run.outcomes
    (tmp_path / "s" / "outcomes.jsonl").write_text('{"scores": {}}\n', encoding="utf-8")
    with pytest.raises(DataError, match="are not as they were written"):
        read_scored(tmp_path / "s")
    (tmp_path / "s" / "summary.json").write_text('{"schema": "x"}', encoding="utf-8")
    with pytest.raises(DataError, match=r"is no rag.eval.summary/1"):
        read_scored(tmp_path / "s")
    with pytest.raises(DataError, match="is no folder of scores"):
        read_scored(tmp_path)
