from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from sklearn.metrics import balanced_accuracy_score

from rag.errors import DataError
from rag.evaluation.selftest import LABELS, bundled_pairs, read_pairs, selftest
from rag.grounding.checker import LexicalChecker
from rag.schema import Verdict

ROOT = Path(__file__).resolve().parents[2]


def test_the_bundled_pairs_are_many_and_of_every_kind() -> None:
    pairs = bundled_pairs()
    assert len(pairs) >= 100
    assert len({pair.id for pair in pairs}) == len({pair.claim for pair in pairs}) == len(pairs)
    assert set(Counter(pair.label for pair in pairs)) == set(LABELS)
    assert all(pair.evidence or pair.label == "unsupported" for pair in pairs)


class Fixed:
    name = "fixed"

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = labels

    def judge(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[Verdict]:
        return [Verdict(label, float(label in ("supported", "quoted"))) for label in self.labels]  # type: ignore[arg-type]


def test_error_is_reckoned_as_scikit_learn_does() -> None:
    pairs = bundled_pairs()
    said = [("supported", "contradicted", "quoted")[n % 3] for n in range(len(pairs))]
    result = selftest(Fixed(said), pairs)
    true = [pair.label == "supported" for pair in pairs]
    named = [label != "contradicted" for label in said]
    assert result["balanced_accuracy"]["value"] == pytest.approx(balanced_accuracy_score(true, named), abs=1e-4)
    rest = [given for given, right in zip(named, true, strict=True) if not right]
    assert result["missed"]["value"] == pytest.approx(sum(rest) / len(rest), abs=1e-4)
    assert result["missed"]["n"] + result["false_alarms"]["n"] == len(pairs)
    assert sum(kind["n"] for kind in result["kinds"]) == len(pairs)
    assert len(result["wrong"]) == sum(a != b for a, b in zip(named, true, strict=True))
    perfect = selftest(Fixed([pair.label for pair in pairs]), pairs)
    assert [perfect[name]["value"] for name in ("balanced_accuracy", "auroc", "label_accuracy")] == [1.0, 1.0, 1.0]


def test_the_shipped_checker_is_better_than_chance() -> None:
    result = selftest(LexicalChecker(), bundled_pairs())
    assert result["balanced_accuracy"]["ci95"][0] > 0.5
    assert result["auroc"]["ci95"][0] > 0.5
    assert selftest(LexicalChecker(), bundled_pairs()) == result


def test_one_kind_of_label_has_reasons_instead_of_figures() -> None:
    pairs = [pair for pair in bundled_pairs() if pair.label == "supported"]
    result = selftest(LexicalChecker(), pairs)
    assert result["balanced_accuracy"]["value"] is None
    assert result["missed"]["reason"] == "there is no such pair"


def test_wrong_pairs_are_one_line(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"id": "1", "kind": "x", "claim": "A.", "evidence": [], "label": "true"}', encoding="utf-8")
    with pytest.raises(DataError, match=r'line 1: "label" is \'true\': give one of supported'):
        read_pairs(path)
    path.write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="holds no pair"):
        read_pairs(path)


def test_the_pairs_by_hand_stand_on_the_seeds() -> None:
    pairs = read_pairs(ROOT / "tests" / "evaluation" / "claims.jsonl")
    seeds = [path.read_bytes().decode() for path in sorted((ROOT / "seeds").iterdir())]
    assert len(pairs) == len({pair.id for pair in pairs}) == len({pair.claim for pair in pairs}) == 150
    assert sum(pair.id.startswith("h") for pair in pairs) == 100  # written without sight of the checker
    assert sum(pair.label == "supported" for pair in pairs) == 72
    for pair in pairs:
        assert all(any(text in seed for seed in seeds) for text in pair.evidence)
        assert not any(pair.claim in text for text in pair.evidence)
