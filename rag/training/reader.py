"""Train the reader: `python -m rag.training.reader --data DIR --out FOLDER`; MODEL_CARD.md says what came of it.

DIR holds `train.jsonl.gz` and `dev_squad_v2.jsonl.gz` with rows {id, question, context, answers, answer_starts, unanswerable,
source, licence_class}; `rows.SOURCES` names the public originals. Examples, state and log are kept in FOLDER: started again,
it goes on where it was.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from rag.config import Config
from rag.models.encoder import Encoder
from rag.models.trunk import Trunk, load_weights, new_trunk, save_weights
from rag.models.weights import find_weights
from rag.training.batches import Batch, Encoding, batches
from rag.training.measure import measure
from rag.training.rows import WRITTEN, held_out, read_rows, training_rows, written_rows
from rag.training.units import Example, Unit, Units

_PIECES = 3072  # padded, in one pass: more is slower on a CPU, whose caches it leaves
_PASSES = 2  # of the network for one step of the optimizer
_NULL = 0.5  # weight of "no answer here" among the spans
_PAIRED = 0.5
_LOGGED = 50  # steps between two lines of the log


def losses(trunk: Trunk, batch: Batch) -> dict[str, Tensor]:
    """Return the loss of each head, each a mean over the examples that have its label."""
    spans, verdicts = trunk(batch.input_ids, batch.attention_mask, batch.token_type_ids)
    found: dict[str, Tensor] = {}
    asked = batch.start >= 0
    weight = torch.where(batch.start > 0, 1.0, _NULL)[asked]
    start = functional.cross_entropy(spans[asked, :, 0], batch.start[asked], reduction="none")
    end = functional.cross_entropy(spans[asked, :, 1], batch.end[asked], reduction="none")
    found["span"] = ((start + end) / 2 * weight).sum() / weight.sum() if asked.any() else spans.sum() * 0
    for at, labels in enumerate((batch.answerable, batch.relevant)):
        known = labels >= 0
        name = ("answerable", "relevant")[at]
        loss = functional.binary_cross_entropy_with_logits(verdicts[known, at], labels[known].float(), reduction="none")
        found[name] = loss.mean() if known.any() else verdicts.sum() * 0
        found[f"{name}_pairs"] = _pairs(verdicts[:, at], labels, batch.unit)
    return found


def _pairs(scores: Tensor, labels: Tensor, unit: Tensor) -> Tensor:
    """Return how far texts that answer a question do not yet score above those that do not (RankNet, Burges et al. 2005)."""
    better = (unit[:, None] == unit[None, :]) & (labels[:, None] == 1) & (labels[None, :] == 0)
    if not better.any():
        return scores.sum() * 0
    return functional.softplus(scores[None, :] - scores[:, None])[better].mean()


def total(found: dict[str, Tensor]) -> Tensor:
    """Return the weighted sum that is made small."""
    loss = found["span"] + 0.5 * found["answerable"] + 0.5 * found["relevant"]
    return loss + _PAIRED * 0.5 * (found["answerable_pairs"] + found["relevant_pairs"])


def rate(step: int, steps: int, highest: float) -> float:
    """Return the learning rate: up over the first twentieth, then down in a straight line."""
    warm = max(1, steps // 20)
    return highest * min((step + 1) / warm, max(0.0, (steps - step) / (steps - warm)))


class Training:
    """One run. `state.safetensors` in the folder holds weights, optimizer and step."""

    def __init__(
        self, folder: Path, data: Path, seed: int, epochs: float, highest: float, start: Path | None, share: float = 1.0,
        written: Sequence[str] = tuple(WRITTEN),
    ) -> None:  # fmt: skip
        """Begin or go on. `share`: of the data sets' units in each epoch; of the `written` parts all are there."""
        torch.manual_seed(seed)
        self._folder, self._data, self._seed, self._highest = folder, data, seed, highest
        self._share, self._written = share, written
        self._model = find_weights(Config().model).folder
        self.trunk = new_trunk(self._model)
        if start:
            load_weights(self.trunk, start)
        self._encoding = Encoding(self._model)
        learned = [p for p in self.trunk.parameters() if p.requires_grad]
        self._optimizer = torch.optim.AdamW(
            [{"params": [p for p in learned if p.ndim > 1], "weight_decay": 0.01},
             {"params": [p for p in learned if p.ndim < 2], "weight_decay": 0.0}],
            lr=highest, betas=(0.9, 0.98), fused=True,
        )  # fmt: skip
        self._epochs = epochs
        self._state = folder / "state.safetensors"
        self._dev = list(read_rows(data / "dev_squad_v2.jsonl.gz"))

    def run(self, every: int = 200) -> None:
        """Train to the end, from where the state says; measure and keep the state `every` so many steps."""
        at = self._resume()
        steps = self.steps()
        began, seen = time.perf_counter(), 0
        sums: dict[str, float] = {}
        for step, group in enumerate(self._groups()):
            if step < at:
                continue
            if step >= steps:
                break
            for name, value in self._step(group, rate(step, steps, self._highest)).items():
                sums[name] = sums.get(name, 0.0) + value
            seen += sum(len(batch.start) for batch in group)
            if (step + 1) % _LOGGED == 0:
                line = {"step": step + 1, "of": steps, "examples": seen, "seconds": round(time.perf_counter() - began)}
                self._log(line | {name: round(value / _LOGGED, 4) for name, value in sums.items()})
                sums = {}
            if (step + 1) % every == 0 or step + 1 == steps:
                self._log({"step": step + 1} | measure(self.trunk, Encoding(self._model, 384), self._dev[::6]))
                self._save(step + 1)

    def _step(self, group: Sequence[Batch], learning_rate: float) -> dict[str, float]:
        """Move the weights once; return the losses before."""
        for parameters in self._optimizer.param_groups:
            parameters["lr"] = learning_rate
        sums: dict[str, float] = {}
        for batch in group:
            with torch.autocast("cpu", torch.bfloat16):
                found = losses(self.trunk, batch)
            (total(found) / len(group)).backward()  # type: ignore[no-untyped-call]
            for name, value in found.items():
                sums[name] = sums.get(name, 0.0) + float(value.detach()) / len(group)
        torch.nn.utils.clip_grad_norm_(self.trunk.parameters(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        return sums

    def _resume(self) -> int:
        """Return the step from which to go on, the state of then restored."""
        if not self._state.is_file():
            return 0
        from safetensors.torch import load_file

        kept = load_file(self._state)
        self.trunk.load_state_dict(trunk_of(kept))
        moments: dict[int, dict[str, Tensor]] = {}
        for name, value in kept.items():
            if name.startswith("optimizer/"):
                _, number, key = name.split("/")
                moments.setdefault(int(number), {})[key] = value
        self._optimizer.load_state_dict(self._optimizer.state_dict() | {"state": moments})
        return int(kept["step"])

    def _save(self, step: int) -> None:
        aside = self._state.with_suffix(".tmp")
        from safetensors.torch import save_file

        state = {f"trunk/{name}": value for name, value in self.trunk.state_dict().items()}
        for number, moments in self._optimizer.state_dict()["state"].items():
            state |= {f"optimizer/{number}/{key}": value for key, value in moments.items()}
        save_file({name: value.contiguous() for name, value in state.items()} | {"step": torch.tensor(step)}, aside)
        os.replace(aside, self._state)
        save_weights(self.trunk, self._folder / "reader.safetensors")

    def steps(self) -> int:
        """Return the number of optimizer steps in all."""
        file = self._folder / "steps.json"
        if not file.is_file():
            file.write_text(json.dumps(sum(1 for _ in self._groups())))
        return int(json.loads(file.read_text()))

    def _groups(self) -> Iterator[list[Batch]]:
        group: list[Batch] = []
        for number in range(math.ceil(self._epochs)):
            units = self._units(number)
            units = units[: round(len(units) * min(1.0, self._epochs - number))]
            for batch in batches(units, self._encoding, _PIECES, f"{self._seed} {number}"):
                group.append(batch)
                if len(group) == _PASSES:
                    yield group
                    group = []

    def _units(self, number: int) -> list[Unit]:
        file = self._folder / f"epoch-{number}.jsonl.gz"
        if not file.is_file():
            rows = training_rows(self._data)
            encoder = Encoder(Config().model, Config().cache)
            made = Units(rows, written_rows(rows, self._written), encoder, self._seed, self._share)
            for epoch in range(math.ceil(self._epochs)):
                _write(self._folder / f"epoch-{epoch}.jsonl.gz", made.epoch(epoch))
        found = list(_read(file))
        return [unit for unit in found if not any(held_out(example.text) for example in unit)]

    def _log(self, line: dict[str, Any]) -> None:
        text = json.dumps(line)
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
        with (self._folder / "log.jsonl").open("a", encoding="utf-8") as out:
            out.write(text + "\n")


def trunk_of(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the network's weights out of a kept state."""
    return {name.removeprefix("trunk/"): value for name, value in state.items() if name.startswith("trunk/")}


def _write(path: Path, units: Sequence[Unit]) -> None:
    aside = path.with_suffix(".tmp")
    with gzip.open(aside, "wt", encoding="utf-8", compresslevel=1) as out:
        for unit in units:
            out.write(json.dumps([astuple(example) for example in unit]) + "\n")
    os.replace(aside, path)


def _read(path: Path) -> Iterator[Unit]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield tuple(
                Example(question, text, tuple(answer) if answer else None, answerable, relevant, kind)
                for question, text, answer, answerable, relevant, kind in json.loads(line)
            )


def main() -> None:
    """Train, and leave `reader.safetensors` in the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("build/reader"))
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--epochs", type=float, default=2.0)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--share", type=float, default=1.0, help="of the data sets' questions in each epoch")
    parser.add_argument(
        "--written", choices=list(WRITTEN), action="append", help="parts of the written ones; default: all"
    )
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    Training(
        options.out, options.data, options.seed, options.epochs, options.rate, options.start, options.share,
        options.written or tuple(WRITTEN),
    ).run()  # fmt: skip


if __name__ == "__main__":
    main()
