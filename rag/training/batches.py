"""Examples as tensors: encoded, cut to windows, batched by length."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from rag.training.units import Example, Unit

LONGEST = 256  # pieces of question and passage together
LONGEST_QUESTION = 48
_CLS, _SEP = 101, 102


@dataclass(frozen=True, slots=True)
class Encoded:
    """An example in pieces. `start`, `end`: first and last piece of the answer, both 0 = none, -1 = not asked."""

    ids: tuple[int, ...]
    question: int
    start: int
    end: int
    answerable: int
    relevant: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded tensors (batch, pieces), and labels (batch,) with -1 where there is none; `unit` numbers the question."""

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    start: Tensor
    end: Tensor
    answerable: Tensor
    relevant: Tensor
    unit: Tensor


class Encoding:
    """Turns examples into pieces; remembers the pieces of passages."""

    def __init__(self, folder: Path, longest: int = LONGEST) -> None:
        self._longest = longest
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._texts: dict[str, tuple[list[int], list[tuple[int, int]]]] = {}

    def prepare(self, texts: Sequence[str]) -> None:
        """Encode texts together, which is faster than one by one."""
        new = [text for text in dict.fromkeys(texts) if text not in self._texts]
        for text, row in zip(new, self._tokenizer.encode_batch(new, add_special_tokens=False), strict=True):
            self._texts[text] = (row.ids, row.offsets)

    def encode(self, example: Example, chance: random.Random) -> Encoded:
        """Return the pieces of an example; of a passage that is too long, a window at random that holds the answer."""
        self.prepare([example.question, example.text])
        question = self._texts[example.question][0][:LONGEST_QUESTION]
        ids, offsets = self._texts[example.text]
        room = self._longest - len(question) - 3
        first, last = _pieces(offsets, example.answer) if example.answer else (0, -1)
        lowest, highest = max(0, last - room + 1), min(first if example.answer else len(ids), len(ids) - room)
        begin = chance.randint(min(lowest, highest), max(lowest, highest)) if len(ids) > room else 0
        window = ids[begin : begin + room]
        shift = len(question) + 2 - begin
        start, end = (first + shift, last + shift) if example.answer else (0, 0)
        if example.answerable < 0:
            start = end = -1
        return Encoded(
            (_CLS, *question, _SEP, *window, _SEP), len(question) + 2, min(start, self._longest - 2), min(end, self._longest - 2),
            example.answerable, example.relevant,
        )  # fmt: skip

    def words(self, batch: Batch, row: int, start: int, end: int, question: str, text: str) -> str:
        """Return the characters of `text` that pieces `start` to `end` of a row stand for, if it was not cut."""
        self.prepare([question, text])
        shift = len(self._texts[question][0][:LONGEST_QUESTION]) + 2
        offsets = self._texts[text][1]
        first, last = start - shift, end - shift
        return text[offsets[first][0] : offsets[min(last, len(offsets) - 1)][1]] if 0 <= first < len(offsets) else ""


def _pieces(offsets: Sequence[tuple[int, int]], span: tuple[int, int]) -> tuple[int, int]:
    inside = [n for n, (start, end) in enumerate(offsets) if start < span[1] and span[0] < end]
    return (inside[0], inside[-1]) if inside else (0, 0)


def batches(units: Sequence[Unit], encoding: Encoding, pieces: int, seed: str) -> Iterator[Batch]:
    """Yield the units in batches of at most `pieces` padded pieces; long ones with long ones, in random order."""
    chance = random.Random(seed)
    encoding.prepare([text for unit in units for example in unit for text in (example.question, example.text)])
    coded = [[encoding.encode(example, chance) for example in unit] for unit in units]
    pool = 1024
    for first in range(0, len(coded), pool):
        part = sorted(coded[first : first + pool], key=lambda unit: max(len(e.ids) for e in unit))
        groups: list[list[list[Encoded]]] = [[]]
        rows = longest = 0
        for unit in part:
            longest = max([longest, *(len(e.ids) for e in unit)])
            if groups[-1] and (rows + len(unit)) * longest > pieces:
                groups.append([])
                rows, longest = 0, max(len(e.ids) for e in unit)
            groups[-1].append(unit)
            rows += len(unit)
        chance.shuffle(groups)
        yield from (_batch(group) for group in groups)


def _batch(units: Sequence[Sequence[Encoded]]) -> Batch:
    found = [(number, example) for number, unit in enumerate(units) for example in unit]
    longest = max(len(example.ids) for _, example in found)
    ids = np.zeros((len(found), longest), np.int64)
    kinds = np.zeros_like(ids)
    mask = np.zeros_like(ids)
    for row, (_, example) in enumerate(found):
        size = len(example.ids)
        ids[row, :size] = example.ids
        mask[row, :size] = 1
        kinds[row, example.question : size] = 1

    def labels(values: Sequence[int]) -> Tensor:
        return torch.tensor(values, dtype=torch.long)

    return Batch(
        torch.from_numpy(ids), torch.from_numpy(mask), torch.from_numpy(kinds),
        labels([e.start for _, e in found]), labels([e.end for _, e in found]),
        labels([e.answerable for _, e in found]), labels([e.relevant for _, e in found]),
        labels([number for number, _ in found]),
    )  # fmt: skip
