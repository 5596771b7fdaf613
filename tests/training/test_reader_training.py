"""Training runs: they learn, are the same twice, and go on where they stopped."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from rag.models.trunk import HEADS, WORDS, load_weights, new_trunk, save_weights
from rag.models.weights import find_weights
from rag.training import reader
from rag.training.averaging import average
from rag.training.batches import Batch
from rag.training.reader import Training, losses, rate
from tests.training.passages import PLACES, context

MODEL = find_weights("all-MiniLM-L6-v2").folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data in the form of the published files, enough to mine negatives from."""
    folder = tmp_path_factory.mktemp("data")
    rows = []
    for number in range(40):
        place = f"{PLACES[number % 8]} {PLACES[number // 8]}"
        text = context(place, 1930 + number)
        rows.append({
            "id": str(number), "source": "squadshifts_new_wiki", "question": f"In which year was the harbour of {place} closed?",
            "context": text, "answers": [str(1930 + number)], "answer_starts": [text.index(str(1930 + number))],
            "unanswerable": False,
        })  # fmt: skip
        rows.append(
            rows[-1]
            | {"question": f"Who bought the mill of {place}?", "answers": [], "answer_starts": [], "unanswerable": True}
        )
    for name in ("train", "dev_squad_v2"):
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as out:
            out.writelines(json.dumps(row) + "\n" for row in sorted(rows, key=lambda row: bool(row["unanswerable"])))
    return folder


def run(data: Path, out: Path, steps: int | None = None) -> dict[str, torch.Tensor]:
    out.mkdir(exist_ok=True)
    training = Training(out, data, 3, 0.4, 5e-4, None)
    if steps:
        whole = training._groups
        training._groups = lambda: (group for at, group in enumerate(whole()) if at < steps)  # type: ignore[method-assign]
    training.run(every=2)
    return training.trunk.state_dict()


def test_a_run_learns_and_is_the_same_when_it_was_interrupted(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_PIECES", 768)
    monkeypatch.setattr("rag.training.units._INVERSE", 8)
    whole = run(data, tmp_path / "whole")
    steps = json.loads((tmp_path / "whole" / "steps.json").read_text())
    assert steps >= 4
    interrupted = tmp_path / "interrupted"
    interrupted.mkdir()
    (interrupted / "steps.json").write_text(str(steps))
    run(data, interrupted, steps=2)
    again = run(data, interrupted)
    for name, value in whole.items():
        assert torch.allclose(value, again[name], atol=1e-6), name
    log = [json.loads(line) for line in (tmp_path / "whole" / "log.jsonl").read_text().splitlines()]
    assert {"em", "f1", "auroc_verdict", "n"} <= set(log[-1])
    assert (tmp_path / "whole" / "reader.safetensors").stat().st_size < 25_000_000


def test_weights_survive_being_saved_but_for_half_precision(tmp_path: Path) -> None:
    trunk = new_trunk(MODEL)
    save_weights(trunk, tmp_path / "w.safetensors")
    other = new_trunk(MODEL)
    load_weights(other, tmp_path / "w.safetensors")
    for name, value in trunk.state_dict().items():
        assert torch.allclose(value, other.state_dict()[name], atol=2e-3, rtol=1e-3), name
    assert torch.equal(trunk.get_parameter(WORDS), other.get_parameter(WORDS))
    assert not trunk.get_parameter(WORDS).requires_grad


def test_labels_that_are_not_known_teach_nothing() -> None:
    trunk = new_trunk(MODEL)
    ids = torch.tensor([[101, 2040, 102, 5754, 2106, 102]] * 2)
    unknown = torch.tensor([-1, -1])
    batch = Batch(
        ids,
        torch.ones_like(ids),
        torch.tensor([[0, 0, 0, 1, 1, 1]] * 2),
        unknown,
        unknown,
        unknown,
        unknown,
        torch.tensor([0, 1]),
    )
    assert all(float(value.detach()) == 0 for value in losses(trunk, batch).values())
    known = Batch(
        ids,
        batch.attention_mask,
        batch.token_type_ids,
        torch.tensor([3, 0]),
        torch.tensor([4, 0]),
        torch.tensor([1, 0]),
        torch.tensor([1, 0]),
        torch.tensor([0, 0]),
    )
    found = losses(trunk, known)
    assert set(found) == {"span", *HEADS, *(f"{name}_pairs" for name in HEADS)}
    assert all(float(value.detach()) > 0 for value in found.values())


def test_the_rate_goes_up_then_down_to_nothing() -> None:
    rates = [rate(step, 100, 1.0) for step in range(100)]
    assert rates[0] < rates[4] == max(rates) == pytest.approx(1.0, abs=0.02)
    assert rates[99] < 0.02
    assert rates[5:] == sorted(rates[5:], reverse=True)


def test_the_average_lies_between(tmp_path: Path) -> None:
    for name, value in (("first", 1.0), ("second", 2.0)):
        save_file({"a": torch.full((2, 2), value), "b": torch.full((3,), -value)}, tmp_path / name)
    found = average(tmp_path / "first", tmp_path / "second", 0.25)
    assert found["a"].dtype == torch.float16
    assert found["a"].tolist() == [[1.25, 1.25], [1.25, 1.25]]
    assert found["b"].tolist() == [-1.25] * 3
    save_file({"a": torch.zeros(2, 2)}, tmp_path / "third")
    with pytest.raises(ValueError, match="do not hold the same weights"):
        average(tmp_path / "first", tmp_path / "third", 0.25)
