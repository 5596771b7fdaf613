"""The reader: where in a passage an answer stands, whether it is there at all, and whether the passage is to the point."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.config import DEFAULT_MODEL
from rag.errors import ModelError
from rag.models import backends
from rag.models.export import export_reader_aside
from rag.models.weights import Weights, find_weights, verify

WEIGHTS = Path(__file__).with_name("reader.safetensors")
SHA256 = WEIGHTS.with_suffix(".sha256").read_text().split()[0]
_LONGEST = 320  # pieces of question and passage together; a longer passage is read in windows
_LONGEST_QUESTION = 64
_OVERLAP = 64
_BATCH = 6
_LONGEST_ANSWER = 30  # pieces

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Look:
    """What the reader makes of one passage.

    Attributes:
        answerable: log-odds that the passage answers the question.
        relevant: log-odds that it is to the point, whether or not it answers.
        offsets: (pieces, 2) code points of each word piece in the passage.
        starts, ends: (pieces,) logits of the answer beginning and ending with that piece.
        null: the logit, of the same scale, of no answer being there: start and end together.
        begun: (pieces + 1,) the share (0 to 1) of the likely beginnings of an answer that lie before each piece.
    """

    answerable: float
    relevant: float
    offsets: npt.NDArray[np.int64]
    starts: Floats
    ends: Floats
    null: float
    begun: Floats

    def spans(self, count: int) -> list[tuple[int, int, float]]:
        """Return up to `count` (start, end, logit) of the likeliest answers, in code points, best first; none overlap."""
        if not len(self.starts):
            return []
        first = np.argsort(-self.starts, kind="stable")[: 4 * count]
        found = []
        for at in first:
            reach = self.ends[at : at + _LONGEST_ANSWER]
            for end in np.argsort(-reach, kind="stable")[:2]:
                found.append((float(self.starts[at] + reach[end]), int(at), int(at + end)))
        chosen: list[tuple[int, int, float]] = []
        for score, at, end in sorted(found, key=lambda item: (-item[0], item[1])):
            begin, stop = int(self.offsets[at, 0]), int(self.offsets[end, 1])
            if all(stop <= other or until <= begin for other, until, _ in chosen):
                chosen.append((begin, stop, score))
        return chosen[:count]

    def mass(self, start: int, end: int) -> float:
        """Return the share (0 to 1) of the likely beginnings of an answer that lie within code points `start` to `end`."""
        first, last = np.searchsorted(self.offsets[:, 0], (start, end))
        return float(self.begun[last] - self.begun[first])


class Reader:
    """Reads passages for a question. Loading waits until the first use; safe to share between threads."""

    def __init__(self, cache: Path, backend: str = "auto", threads: int = 0, graph: Path | None = None) -> None:
        self._cache, self._backend, self._threads = cache, backend, threads
        self._graph = graph  # None = that of the weights that ship
        self._lock = threading.RLock()
        self._tokenizer: Any = None
        self._run: backends.Run | None = None

    def look(self, question: str, passages: Sequence[str]) -> list[Look]:
        """Return what the reader makes of each passage, in the order given; an empty one answers nothing."""
        with self._lock:
            run = self._load()
            asked = self._tokenizer.encode(question, add_special_tokens=False).ids[:_LONGEST_QUESTION]
            texts = self._tokenizer.encode_batch(list(passages), add_special_tokens=False)
            windows = [
                (number, first, row.ids[first : first + self._room(asked)])
                for number, row in enumerate(texts)
                for first in self._firsts(len(row.ids), self._room(asked))
            ]
            order = sorted(range(len(windows)), key=lambda i: -len(windows[i][2]))
            parts = [order[at : at + _BATCH] for at in range(0, len(order), _BATCH)]
            outputs = run([_inputs(asked, [windows[i][2] for i in part]) for part in parts])
        said: dict[int, list[tuple[int, Floats, Floats]]] = {}
        for part, (spans, verdicts) in zip(parts, outputs, strict=True):
            for row, i in enumerate(part):
                number, first, ids = windows[i]
                begin = len(asked) + 2
                said.setdefault(number, []).append(
                    (first, np.vstack([spans[row, 0][None], spans[row, begin : begin + len(ids)]]), verdicts[row])
                )
        return [_joined(texts[n].offsets, sorted(said.get(n, []), key=lambda w: w[0])) for n in range(len(texts))]

    @staticmethod
    def _room(asked: Sequence[int]) -> int:
        return _LONGEST - len(asked) - 3

    @staticmethod
    def _firsts(pieces: int, room: int) -> list[int]:
        """Return where windows begin, spread evenly so that none is a stub."""
        if not pieces:
            return []
        if pieces <= room:
            return [0]
        count = -(-(pieces - _OVERLAP) // (room - _OVERLAP))
        return [round(i * (pieces - room) / (count - 1)) for i in range(count)]

    def _load(self) -> backends.Run:
        if self._run is None:
            from tokenizers import Tokenizer

            weights = find_weights(DEFAULT_MODEL)
            graph = self._graph or self._exported(weights)
            name = self._backend
            if name in ("auto", "torch"):
                name = backends.fastest(graph, self._threads)
            self._run = backends.open_backend(name, graph, self._threads)
            self._tokenizer = Tokenizer.from_file(str(weights.folder / "tokenizer.json"))
            self._tokenizer.no_truncation()
            self._tokenizer.no_padding()
        return self._run

    def verify(self) -> None:
        """Check the weights that ship against the checksum beside them; raises ModelError."""
        try:
            found = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()
        except OSError as error:
            raise ModelError(f"{WEIGHTS.name} cannot be read ({error.strerror}): install Attest again") from None
        if found != SHA256:
            raise ModelError(
                f"{WEIGHTS.name} is not the file that ships: SHA-256 {found[:12]}…, expected {SHA256[:12]}…; install Attest again"
            )

    def _exported(self, weights: Weights) -> Path:
        graph = self._cache / f"reader-{SHA256[:16]}.onnx"
        if not graph.is_file():
            verify(weights)
            self.verify()
            export_reader_aside(weights.folder, WEIGHTS, graph)
        return graph


def _inputs(asked: Sequence[int], windows: Sequence[Sequence[int]]) -> backends.Inputs:
    longest = -(-(max(len(ids) for ids in windows) + len(asked) + 3) // 8) * 8  # fewer shapes, less memory
    ids, mask, kinds = (np.zeros((len(windows), longest), np.int64) for _ in range(3))
    for row, window in enumerate(windows):
        pieces = [101, *asked, 102, *window, 102]
        ids[row, : len(pieces)] = pieces
        mask[row, : len(pieces)] = 1
        kinds[row, len(asked) + 2 : len(pieces)] = 1
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}


def _joined(offsets: Sequence[tuple[int, int]], windows: Sequence[tuple[int, Floats, Floats]]) -> Look:
    """Put the windows of one passage together: of a piece in two of them, the one in whose middle it stands more counts."""
    if not windows:
        nothing = np.zeros(0, np.float32)
        return Look(-10.0, -10.0, np.zeros((0, 2), np.int64), nothing, nothing, 0.0, np.zeros(1, np.float32))
    logits = np.empty((len(offsets), 2), np.float32)
    depth = np.full(len(offsets), -1)
    for first, spans, _ in windows:
        size = len(spans) - 1
        here = np.minimum(np.arange(size), np.arange(size)[::-1])
        better = here > depth[first : first + size]
        logits[first : first + size][better] = spans[1:][better]
        depth[first : first + size][better] = here[better]
    best = max(windows, key=lambda window: float(window[2][0]))
    relevant = max(float(window[2][1]) for window in windows)
    weights = np.exp(logits[:, 0].astype(np.float64) - logits[:, 0].max())
    begun = np.concatenate([[0.0], np.cumsum(weights) / weights.sum()]).astype(np.float32)
    return Look(
        float(best[2][0]),
        relevant,
        np.array(offsets, np.int64),
        logits[:, 0],
        logits[:, 1],
        float(best[1][0].sum()),
        begun,
    )
