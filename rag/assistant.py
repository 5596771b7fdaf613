"""The facade, and the only place where the parts are put together: command line, web chat and evaluation call nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from rag import shaping
from rag.answering.extractive import READ_FOR_MANY, READ_PASSAGES, ExtractiveAnswerer
from rag.answering.features import Evidence
from rag.answering.notes import notes
from rag.answering.questions import checked, read_question
from rag.answering.reading import read
from rag.answering.weights import FITTED_AMONG
from rag.config import Config
from rag.errors import DocumentError, UsageError
from rag.grounding.checker import GroundingChecker, LexicalChecker, check
from rag.grounding.texts import PASSAGES, check_sentences
from rag.models.encoder import Encoder
from rag.models.reader import SHA256, Reader
from rag.retrieval.hybrid import find
from rag.retrieval.keyword import inverse_frequencies
from rag.retrieval.ranking import Ranked, rank, worth_reading
from rag.retrieval.spelling import respell
from rag.schema import (
    Answer,
    DocumentInfo,
    GroundingReport,
    IndexInfo,
    Passage,
    Progress,
    Reading,
    SyncReport,
    Turn,
    Verdict,
)
from rag.store import documents as store
from rag.store.index import Index
from rag.text.terms import content_terms

if TYPE_CHECKING:
    from llama_index.core.retrievers import BaseRetriever

SHOWN_PASSAGES = 8


class Assistant:
    """Answers questions from one index. Safe to share between threads; nothing heavy happens before it is needed."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._encoder = Encoder(config.model, config.cache, config.backend, config.threads)
        self._reader = Reader(config.cache, config.backend, config.threads)
        self._index = Index(config.index)
        self._answerer = ExtractiveAnswerer(self._encoder.recall)
        self.checker: GroundingChecker = LexicalChecker()

    @classmethod
    def open(
        cls, docs: str | Path | None = None, index: str | Path | None = None, *, config: Config | None = None
    ) -> Assistant:
        """Return an assistant for a folder of documents and an index folder; `config` sets everything else.

        None means the environment (RAG_DOCS, RAG_INDEX) or the defaults of `Config`.
        """
        return cls(config or Config.from_env(docs=docs, index=index))

    def sync(
        self, paths: Sequence[str | Path] | None = None, *, rebuild: bool = False,
        progress: Callable[[Progress], None] | None = None,
    ) -> SyncReport:  # fmt: skip
        """Make the index match the files under `paths` (None = the folder of documents).

        Raises:
            SourceError: a path does not exist or holds no documents. Single files that cannot be read are reported instead.
            IndexAccessError: another process is writing, or the folder cannot be written.
            IndexMismatchError: the index was made by another model and `rebuild` is False.
        """
        from rag.ingestion.sync import Sync  # imports LlamaIndex (1 s), which asking does not need

        if self._index.exists and not rebuild:
            self._index.check_model(self._encoder.name, lambda: self._encoder.fingerprint)
        docs = self.config.docs
        run = Sync(
            self._index, self._encoder, docs=docs, max_bytes=self.config.max_file_mb * 1_000_000, report=progress
        )
        return run.run([Path(path) for path in paths] if paths else [docs], rebuild=rebuild)

    def retrieve(self, question: str, k: int = 8, documents: Sequence[str] | None = None) -> list[Passage]:
        """Return the `k` best passages, best first, among all documents or those named (ids).

        Raises:
            UsageError: the question is empty or above 4000 characters, or k is below 1.
            DocumentError: a named document is not in the index.
        """
        if k < 1:
            raise UsageError(f"k is {k}: ask for at least 1 passage")
        spelling = respell(self._index.catalog, checked(question), documents)
        return shaping.passages(self._search(spelling.text, k, documents).hits)

    def ask(self, question: str, history: Sequence[Turn] = (), documents: Sequence[str] | None = None) -> Answer:
        """Return the answer: the last of `stream`."""
        *_, answer = self.stream(question, history, documents)
        return answer

    def stream(
        self, question: str, history: Sequence[Turn] = (), documents: Sequence[str] | None = None
    ) -> Iterator[Answer]:
        """Yield growing answers, the whole one last; errors are those of `retrieve`.

        `history` holds the earlier turns, oldest first; the question is taken as it stands so far.
        """
        del history
        question = checked(question)
        began = time.perf_counter()
        spelling = respell(self._index.catalog, question, documents)
        text = spelling.text
        asked = read_question(text)
        depth = READ_FOR_MANY if asked.many else READ_PASSAGES
        found = self._search(text, depth, documents, depth)
        ranked = time.perf_counter()
        evidence = self._evidence(found.hits)
        idf = inverse_frequencies(self._index.catalog, content_terms(text)[:64], at_least=FITTED_AMONG)
        info = self.info()
        note = notes(asked, evidence, info.chunks, spelling.taken, spelling.suggested)
        for draft in self._answerer.stream(text, evidence, idf, found.vector):
            now = time.perf_counter()
            timings = {"retrieve": found.retrieved, "read": found.read, "answer": now - ranked, "total": now - began}
            shown = tuple(shaping.passages(found.hits[:SHOWN_PASSAGES]))
            yield shaping.answer((question, text), draft, note, shown, info, timings, self._answerer.name)

    def read(self, question: str, context: str) -> Reading:
        """Return what one passage says to a question, an empty one nothing; no index is needed.

        Raises:
            UsageError: the question is empty or has above 4000 characters.
        """
        question = checked(question)
        if not context.strip():
            return Reading(0.0, (), ())
        vectors = self._encoder.recall([question, context])
        return read(self._answerer, question, context, vectors, self._reader.look(question, [context])[0])

    def check(self, answer: Answer) -> GroundingReport:
        """Verify an answer's citations against the documents as they now are, and say what supports each sentence."""
        return check(answer, self._index.catalog.text, self.checker, self._published)

    def check_claims(self, claims: Sequence[tuple[str, Sequence[str]]]) -> list[Verdict]:
        """Return a verdict on each (claim, evidence passages), in order; without evidence nothing is supported."""
        return self.checker.judge(claims)

    def check_text(self, text: str, documents: Sequence[str] | None = None) -> GroundingReport:
        """Say of each sentence of a text whether the documents (all, or those named) bear it out, and cite where.

        Raises:
            UsageError: the text is empty, above 50,000 characters or 200 sentences.
            DocumentError: a named document is not in the index.
        """
        self._ready(documents)
        judged = check_sentences(text, lambda query: self._unread(query, documents), self.checker, self._published)
        named = {passage.document for _, evidence in judged for passage, _, _ in evidence}
        infos = store.list_documents(self._index.catalog, named) if named else []
        return shaping.report(judged, {info.id: info for info in infos})

    def as_retriever(self, k: int = 8) -> BaseRetriever:
        """Return a LlamaIndex retriever over this index, for any LlamaIndex pipeline."""
        from rag.retrieval.llama import AttestRetriever

        return AttestRetriever(self.retrieve, k)

    def documents(self) -> list[DocumentInfo]:
        """Return what is known of each document, by id."""
        return store.list_documents(self._index.catalog)

    def text(self, document: str) -> str:
        """Return a document's extracted text, to which all offsets refer; raises DocumentError if there is none."""
        text = self._index.catalog.text(document)
        if text is None:
            raise DocumentError(f"no document {document!r} in the index: `rag docs` lists those there are")
        return text

    def set_metadata(
        self, document: str, *, title: str | None = None, outlet: str | None = None, published: str | None = None
    ) -> DocumentInfo:
        """Correct what is known of a document; corrections win over the text and survive re-indexing.

        None leaves a field as it is, "" says that it is not known. `published` is YYYY, YYYY-MM or YYYY-MM-DD.

        Raises:
            DocumentError: no such document.
            UsageError: `published` is no such date.
        """
        self.text(document)
        given = {"title": title, "outlet": outlet, "published": published}
        with self._index.writer() as catalog:
            store.correct(catalog, document, {key: value for key, value in given.items() if value is not None})
        return next(info for info in self.documents() if info.id == document)

    def remove(self, document: str) -> None:
        """Take a document out of the index and keep it out until its file changes or is named to `sync`."""
        self.text(document)
        with self._index.writer() as catalog:
            store.exclude(self._index, catalog, document)

    def info(self) -> IndexInfo:
        """Return which index this is and what it holds."""
        catalog = self._index.catalog
        documents, chunks = catalog.counts()
        return IndexInfo((catalog.meta("digest") or "")[:16], documents, chunks)

    def model_state(self) -> dict[str, str]:
        """Return the models' names, fingerprints and backend after checking their weights; raises ModelError."""
        self._encoder.verify()
        self._reader.verify()
        state = {"name": self._encoder.name, "fingerprint": self._encoder.fingerprint, "backend": self._encoder.backend}
        return state | {"reader": SHA256[:16]}

    def index_state(self) -> dict[str, str | int]:
        """Return what the index holds after asking it one thing; raises the errors of `retrieve`."""
        self._search("test", 1, None)
        info = self.info()
        return {"id": info.id, "documents": info.documents, "chunks": info.chunks}

    @property
    def indexed(self) -> bool:
        """Whether there is an index to ask."""
        return self._index.exists

    def close(self) -> None:
        """Close the index's files; the next use opens them again."""
        self._index.close()

    def _search(self, question: str, k: int, documents: Sequence[str] | None, read: int = READ_PASSAGES) -> _Search:
        """Find passages, read those worth it among the first `read`, and return the `k` best."""
        began = time.perf_counter()
        self._ready(documents)
        found = find(self._index, self._encoder, question, max(k, read), documents)
        retrieved = time.perf_counter()
        worth, rest = worth_reading(found.hits, read)
        looks = self._reader.look(question, [chunk.text for chunk, _ in worth])
        hits = rank([*worth, *rest], looks)[:k]
        return _Search(tuple(hits), found.vector, retrieved - began, time.perf_counter() - retrieved)

    def _unread(self, query: str, documents: Sequence[str] | None) -> list[Passage]:
        """Return the passages in which a claim may stand, without the time that reading takes."""
        return shaping.passages(rank(find(self._index, self._encoder, query, PASSAGES, documents).hits, ()))

    def _published(self, document: str) -> str | None:
        return next((info.published for info in store.list_documents(self._index.catalog, {document})), None)

    def _ready(self, documents: Sequence[str] | None) -> None:
        """Raise where the index is another model's, or a named document is not in it."""
        self._index.check_model(self._encoder.name, lambda: self._encoder.fingerprint)
        for document in documents or ():
            self.text(document)

    def _evidence(self, hits: Sequence[Ranked]) -> list[Evidence]:
        infos = store.list_documents(self._index.catalog, {hit.chunk.document for hit in hits})
        known = {info.id: info for info in infos}
        return [
            Evidence(passage, hit.chunk.sentences, known[hit.chunk.document], hit.fused.cosine, hit.look)
            for passage, hit in zip(shaping.passages(hits), hits, strict=True)
            if hit.chunk.document in known and hit.look
        ]


@dataclass(frozen=True, slots=True)
class _Search:
    """What was found, best first, the question's vector, and the seconds that retrieving and reading took."""

    hits: tuple[Ranked, ...]
    vector: npt.NDArray[np.float32]
    retrieved: float
    read: float
