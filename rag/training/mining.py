"""Passages that our own retriever confuses with the one that answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse

from rag.models.encoder import Encoder
from rag.retrieval.fusion import KEYWORD_WEIGHT
from rag.text.terms import content_terms, terms

_K1, _B = 1.2, 0.75  # of BM25, as SQLite's FTS5 has them
_BLOCK = 1000

Ranking = npt.NDArray[np.int32]


class Corpus:
    """All passages of the training rows, ranked for a text as `rag.retrieval` ranks: cosine and share of the best BM25."""

    def __init__(self, texts: Sequence[str], encoder: Encoder) -> None:
        self._encoder = encoder
        self.vectors = encoder.encode(list(texts))
        self._columns: dict[str, int] = {}
        counts = self._counts([terms(text) for text in texts], grow=True)
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        found = np.asarray((counts > 0).sum(axis=0)).ravel()
        self._idf = np.log(1 + (len(texts) - found + 0.5) / (found + 0.5)).astype(np.float32)
        norm = _K1 * (1 - _B + _B * lengths / lengths.mean())
        weighted = counts.tocoo()
        weighted.data = weighted.data * (_K1 + 1) / (weighted.data + norm[weighted.row])
        self._weights = weighted.tocsr().astype(np.float32).T.tocsr()

    def rank(self, texts: Sequence[str], k: int, vectors: npt.NDArray[np.float32] | None = None) -> Ranking:
        """Return the `k` best passages for each text, best first: int32 (n, k). `vectors`: the texts', where they are known."""
        vectors = self._encoder.encode(list(texts)) if vectors is None else vectors
        asked = self._counts([content_terms(text)[:64] for text in texts], grow=False)
        asked.data[:] = 1.0
        asked = asked.multiply(self._idf[None, : asked.shape[1]]).tocsr()
        ceiling = np.maximum(np.asarray(asked.sum(axis=1)).ravel() * (_K1 + 1), 1e-6)
        ranked = []
        for first in range(0, len(texts), _BLOCK):
            rows = slice(first, first + _BLOCK)
            keyword = np.asarray((asked[rows] @ self._weights).todense()) / ceiling[rows, None]
            scores = vectors[rows] @ self.vectors.T + KEYWORD_WEIGHT * keyword
            best = np.argpartition(-scores, k, axis=1)[:, :k]
            order = np.argsort(-np.take_along_axis(scores, best, 1), axis=1, kind="stable")
            ranked.append(np.take_along_axis(best, order, 1).astype(np.int32))
        return np.concatenate(ranked)

    def _counts(self, found: Sequence[Sequence[str]], *, grow: bool) -> sparse.csr_matrix:
        rows, columns = [], []
        for row, stems in enumerate(found):
            for word in stems:
                column = self._columns.setdefault(word, len(self._columns)) if grow else self._columns.get(word)
                if column is not None:
                    rows.append(row)
                    columns.append(column)
        shape = (len(found), len(self._columns))
        return sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=shape)
