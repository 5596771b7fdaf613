"""Split a document into chunks: runs of whole sentences, short enough for the embedding model, with exact offsets.

LlamaIndex's own splitter finds offsets by searching for the chunk's text and misplaces repeated passages; these are
exact by construction, and an id depends on nothing but the document's name, the place and the words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Protocol

from llama_index.core.schema import Document, NodeRelationship, TextNode

from rag.ingestion.boilerplate import classify
from rag.store.records import Kind, SentenceSpan
from rag.text.sentences import sentences

_MAX_CHARACTERS = 2000  # of a sentence; a word above 100 characters counts as one piece, however long
_SPECIAL = 2  # word pieces that the model adds to each text
_FULL = 0.6  # of the limit: from here on a heading begins a new chunk


class PieceCounter(Protocol):
    """What splitting asks of an embedding model."""

    @property
    def max_pieces(self) -> int:
        """Word pieces that the model reads, its two special ones included."""

    def piece_counts(self, texts: Sequence[str]) -> list[int]:
        """Return the number of word pieces in each text."""


def split(document: Document, model: PieceCounter) -> list[TextNode]:
    """Return the document's chunks in order, as nodes whose metadata "sentences" are the spans of their sentences.

    `start_char_idx` and `end_char_idx` are code points into the document's text; a node's text is exactly that slice.
    """
    text = document.text
    limit = model.max_pieces - _SPECIAL
    spans = classify(text, sentences(text))
    counts = model.piece_counts([text[span.start : span.end] for span in spans])
    units = [unit for span, count in zip(spans, counts, strict=True) for unit in _fit(text, span, count, limit, model)]
    return [_node(document, chunk) for chunk in _pack(units, limit)]


def text_sha256(text: str) -> str:
    """Hash a text as UTF-8; lone surrogates, which UTF-8 lacks, are hashed as they are."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _fit(
    text: str, span: SentenceSpan, count: int, limit: int, model: PieceCounter
) -> Iterable[tuple[SentenceSpan, int]]:
    """Halve a sentence that is too long to be read or quoted whole, between words where it has any, until it fits."""
    if count <= limit and span.end - span.start <= _MAX_CHARACTERS:
        yield span, count
        return
    middle = _cut(text, span)
    halves = [_trim(text, span.start, middle, span.kind), _trim(text, middle, span.end, span.kind)]
    counts = model.piece_counts([text[half.start : half.end] for half in halves])
    for half, pieces in zip(halves, counts, strict=True):
        yield from _fit(text, half, pieces, limit, model)


def _cut(text: str, span: SentenceSpan) -> int:
    middle = (span.start + span.end) // 2
    for distance in range(min((span.end - span.start) // 4, _MAX_CHARACTERS // 2)):
        for place in (middle - distance, middle + distance):
            if text[place].isspace():
                return place
    return middle


def _trim(text: str, start: int, end: int, kind: Kind) -> SentenceSpan:
    part = text[start:end]
    return SentenceSpan(start + len(part) - len(part.lstrip()), start + len(part.rstrip()), kind)


def _pack(units: Iterable[tuple[SentenceSpan, int]], limit: int) -> list[list[SentenceSpan]]:
    chunks: list[list[SentenceSpan]] = []
    used = 0
    for span, count in units:
        last = chunks[-1][-1] if chunks else None
        turn = last is not None and (
            used + count > limit
            or (span.kind is Kind.BOILERPLATE) != (last.kind is Kind.BOILERPLATE)
            or (span.kind is Kind.HEADING and last.kind is not Kind.HEADING and used > _FULL * limit)
        )
        if last is None or turn:
            chunks.append([])
            used = 0
        chunks[-1].append(span)
        used += count
    return chunks


def _node(document: Document, spans: Sequence[SentenceSpan]) -> TextNode:
    start, end = spans[0].start, spans[-1].end
    text = document.text[start:end]
    key = f"{document.doc_id}\0{start}\0{end}\0{text}"
    return TextNode(
        id_=text_sha256(key)[:32],
        text=text,
        start_char_idx=start,
        end_char_idx=end,
        metadata={"sentences": list(spans)},
        relationships={NodeRelationship.SOURCE: document.as_related_node_info()},
    )
