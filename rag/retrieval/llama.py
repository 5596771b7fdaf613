"""The retriever as LlamaIndex knows it, for anyone's pipeline; apart from `hybrid` because the import takes a second."""

from __future__ import annotations

from collections.abc import Callable

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from rag.schema import Passage


class AttestRetriever(BaseRetriever):
    """Returns passages as nodes: exact offsets in `start_char_idx` and `end_char_idx`, the document's id in the metadata."""

    def __init__(self, retrieve: Callable[[str, int], list[Passage]], k: int) -> None:
        super().__init__()
        self._passages = retrieve
        self._k = k

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [
            NodeWithScore(
                node=TextNode(
                    id_=f"{passage.document}:{passage.start}:{passage.end}",
                    text=passage.text,
                    start_char_idx=passage.start,
                    end_char_idx=passage.end,
                    metadata={"document": passage.document},
                ),
                score=passage.score,
            )
            for passage in self._passages(query_bundle.query_str, self._k)
        ]
