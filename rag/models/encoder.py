"""The embedding model: texts in, unit vectors out, by the fastest backend; the one place that decides how text is embedded."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.errors import ModelError
from rag.models import backends
from rag.models.export import export_aside, load
from rag.models.weights import Weights, find_weights, verify

Vectors = npt.NDArray[np.float32]
_BATCH = 8  # best measured: 8 to 16, length-sorted
_GROUP = 256  # texts between two reports of progress
_REMEMBERED = 20_000  # vectors, 30 MB


class Encoder:
    """A sentence-transformers model. Loading waits until the first use; safe to share between threads.

    Attributes:
        name: the model as the user named it.
    """

    def __init__(self, name: str, cache: Path, backend: str = "auto", threads: int = 0) -> None:
        if backend not in ("auto", *backends.NAMES):
            raise ModelError(f"no backend {backend!r}: RAG_BACKEND is auto, {', '.join(backends.NAMES)}")
        self.name = name
        self._cache = cache
        self._backend = backend
        self._threads = threads
        self._lock = threading.RLock()
        self._weights: Weights | None = None
        self._tokenizer: Any = None
        self._encode: Callable[[list[str]], Vectors] | None = None
        self._remembered: OrderedDict[str, Vectors] = OrderedDict()

    @property
    def max_pieces(self) -> int:
        """Word pieces that the model reads, its two special ones included; what is beyond is cut."""
        return self._find().max_pieces

    @property
    def fingerprint(self) -> str:
        """Identify what a stored vector depends on: model, weights and length; fp32 and bf16 backends share it."""
        weights = self._find()
        return f"{Path(weights.name).name}:{weights.sha256[:16]}:{self.max_pieces}"

    @property
    def backend(self) -> str:
        """Name the backend in use, choosing (and loading) it if that has not happened yet."""
        self._load()
        return self._backend

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Embed `texts`: float32 (n, dimension), unit length, in the order given. `progress` gets the number done so far."""
        if not texts:
            return np.zeros((0, 384), np.float32)
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))  # length-sorted batches waste least on padding
        result: Vectors | None = None
        for first in range(0, len(order), _GROUP):
            rows = order[first : first + _GROUP]
            with self._lock:
                vectors = self._load()([texts[i] for i in rows])
            if result is None:
                result = np.empty((len(texts), vectors.shape[1]), np.float32)
            result[rows] = vectors
            if progress:
                progress(min(first + _GROUP, len(order)))
        assert result is not None
        return result

    def recall(self, texts: Sequence[str]) -> Vectors:
        """Like `encode`, remembering the most recent texts: an answer reads sentences that earlier answers have read."""
        with self._lock:
            known = {text: self._remembered[text] for text in texts if text in self._remembered}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        known |= dict(zip(missing, self.encode(missing), strict=True))
        with self._lock:
            for text in texts:
                self._remembered[text] = known[text]
                self._remembered.move_to_end(text)
            while len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        return np.stack([known[text] for text in texts]) if texts else self.encode(())

    def piece_counts(self, texts: Sequence[str]) -> list[int]:
        """Return the number of word pieces of each text, special ones excluded."""
        self._load_tokenizer()
        return [len(row.ids) for row in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    def verify(self) -> None:
        """Check the bundled weights against their published checksum; raises ModelError."""
        verify(self._find())

    def _find(self) -> Weights:
        if self._weights is None:
            self._weights = find_weights(self.name)
        return self._weights

    def _load_tokenizer(self) -> None:
        with self._lock:
            if self._tokenizer is None:
                from tokenizers import Tokenizer

                file = self._find().folder / "tokenizer.json"
                if not file.is_file():
                    raise ModelError(
                        f"the model at {self.name!r} has no tokenizer.json; only fast tokenizers are supported"
                    )
                self._tokenizer = Tokenizer.from_file(str(file))
                self._tokenizer.no_truncation()
                self._tokenizer.no_padding()

    def _load(self) -> Callable[[list[str]], Vectors]:
        with self._lock:
            if self._encode is None:
                weights = self._find()
                if not weights.bundled or self._backend == "torch":
                    self._backend, self._encode = "torch", self._torch(weights)
                else:
                    self._encode = self._exported(weights)
            return self._encode

    def _torch(self, weights: Weights) -> Callable[[list[str]], Vectors]:
        model = load(weights.folder)
        model.max_seq_length = weights.max_pieces
        return lambda texts: np.asarray(
            model.encode(texts, normalize_embeddings=True, show_progress_bar=False), dtype=np.float32
        )

    def _exported(self, weights: Weights) -> Callable[[list[str]], Vectors]:
        graph = self._cache / f"minilm-{weights.sha256[:16]}.onnx"
        if not graph.is_file():
            verify(weights)
            export_aside(weights.folder, graph)
        if self._backend == "auto":
            self._backend = backends.fastest(graph, self._threads)
        run = backends.open_backend(self._backend, graph, self._threads)
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(weights.folder / "tokenizer.json"))
        tokenizer.enable_truncation(self.max_pieces)
        tokenizer.enable_padding(pad_id=0, pad_token="[PAD]", pad_to_multiple_of=8)  # fewer shapes, less memory

        def encode(texts: list[str]) -> Vectors:
            parts = [tokenizer.encode_batch(texts[i : i + _BATCH]) for i in range(0, len(texts), _BATCH)]
            return np.concatenate([vectors for (vectors,) in run([_inputs(rows) for rows in parts])])

        return encode


def _inputs(rows: Sequence[Any]) -> backends.Inputs:
    return {
        "input_ids": np.array([row.ids for row in rows], np.int64),
        "attention_mask": np.array([row.attention_mask for row in rows], np.int64),
        "token_type_ids": np.array([row.type_ids for row in rows], np.int64),
    }
