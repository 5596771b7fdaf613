"""Make the index match the files: read what changed, embed what is new, switch in one transaction."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from llama_index.core.schema import Document, TextNode

from rag.errors import SourceError
from rag.ingestion.files import Scope, find_files
from rag.ingestion.reading import File, read
from rag.ingestion.splitting import split, text_sha256
from rag.models.encoder import Encoder
from rag.schema import FileProblem, Progress, SyncReport
from rag.store.catalog import Catalog, drop_document, put_document
from rag.store.index import Index
from rag.store.records import Chunk, Record, Source
from rag.text.terms import terms

Report = Callable[[Progress], None]
_EMBED_AT_ONCE = 512  # chunks between two commits of embeddings: what an interruption can cost


@dataclass
class _Plan:
    """What a sync is going to do."""

    put: dict[str, Record] = field(default_factory=dict)
    drop: set[str] = field(default_factory=set)
    sources: dict[str, Source] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)  # source paths
    excluded: set[str] = field(default_factory=set)  # documents that stay out
    included: set[str] = field(default_factory=set)  # documents whose exclusion ends
    unchanged: int = 0
    skipped: list[FileProblem] = field(default_factory=list)
    failed: list[FileProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Sync:
    """One run over some paths; `run` holds the writer's lock throughout."""

    def __init__(self, index: Index, encoder: Encoder, *, docs: Path, max_bytes: int, report: Report | None) -> None:
        self._index = index
        self._encoder = encoder
        self._docs = docs
        self._max_bytes = max_bytes
        self._report = report or (lambda _: None)

    def run(self, paths: Sequence[Path], *, rebuild: bool = False) -> SyncReport:
        """Make the index match the files under `paths`; `rebuild` reads, splits and embeds everything again.

        Files that cannot be read are reported and keep their earlier version. Any other error changes nothing.
        """
        began = time.perf_counter()
        scope = find_files(paths, self._docs)
        with self._index.writer() as catalog:
            plan = self._plan(catalog, scope, rebuild=rebuild)
            if rebuild:
                self._resplit_rest(catalog, plan)
            old = {row[0] for row in catalog.rows("SELECT id FROM documents")}
            embedded = self._embed(catalog, plan)
            self._apply(catalog, plan, rebuild=rebuild)
            documents, chunks = catalog.counts()
        changed = plan.put.keys() & old
        return SyncReport(
            added=tuple(sorted(plan.put.keys() - old)),
            changed=tuple(sorted(changed)),
            removed=tuple(sorted(plan.drop - plan.put.keys())),
            unchanged=plan.unchanged,
            skipped=tuple(plan.skipped),
            failed=tuple(plan.failed),
            notes=tuple(plan.notes),
            documents=documents,
            chunks=chunks,
            embedded=embedded,
            seconds=round(time.perf_counter() - began, 3),
        )

    # -- what is to be done ------------------------------------------------------------------------------------------

    def _plan(self, catalog: Catalog, scope: Scope, *, rebuild: bool) -> _Plan:
        plan = _Plan(skipped=list(scope.skipped))
        known = catalog.sources()
        plan.gone = {path for path in known if scope.covers(Path(path)) and not Path(path).exists()}
        for path in plan.gone:
            plan.drop |= _documents_of(catalog, path).keys()
        for number, file in enumerate(scope.files):
            self._report(Progress("reading", number, len(scope.files)))
            try:
                self._plan_file(catalog, plan, file, known.get(str(file.path)), rebuild=rebuild, named=file.path in scope.named)
            except SourceError as error:
                plan.failed.append(FileProblem(file.name, str(error)))
        self._report(Progress("reading", len(scope.files), len(scope.files)))
        return plan

    def _plan_file(
        self, catalog: Catalog, plan: _Plan, file: File, known: Source | None, *, rebuild: bool, named: bool
    ) -> None:
        source = _stat(file, known)
        held = _documents_of(catalog, source.path)
        again = rebuild or (named and bool(catalog.rows("SELECT 1 FROM exclusions LIMIT 1")))
        if known and source.sha256 == known.sha256 and not again:
            plan.unchanged += len(held)
            if source != known:
                plan.sources[source.path] = source
            return
        documents = read(file, self._max_bytes, lambda note: plan.notes.append(f"{file.name} {note}"))
        if not documents:
            plan.skipped.append(FileProblem(file.name, "holds no text"))
        records = self._records(catalog, plan, documents, source, named=named)
        self._refuse_duplicates(catalog, plan, records, source)
        for record in records.values():
            if not rebuild and held.get(record.id) == _identity(record):
                plan.unchanged += 1
            else:
                plan.put[record.id] = record
        plan.drop |= (held.keys() - records.keys()) | (plan.put.keys() & held.keys())
        plan.sources[source.path] = source

    def _records(
        self, catalog: Catalog, plan: _Plan, documents: Sequence[Document], source: Source, *, named: bool
    ) -> dict[str, Record]:
        records: dict[str, Record] = {}
        for document in documents:
            if document.doc_id in records:
                raise SourceError(f"holds two documents named {document.doc_id!r}: rename one")
            excluded = catalog.rows("SELECT sha256 FROM exclusions WHERE document = ?", [document.doc_id])
            if excluded and not named and excluded[0][0] == text_sha256(document.text):
                plan.skipped.append(FileProblem(document.doc_id, "removed earlier; name its file to bring it back"))
                continue
            if excluded:
                plan.included.add(document.doc_id)
            records[document.doc_id] = _record(document, source.path, split(document, self._encoder))
        return records

    def _refuse_duplicates(self, catalog: Catalog, plan: _Plan, records: dict[str, Record], source: Source) -> None:
        for name in records:
            rows = catalog.rows("SELECT source FROM documents WHERE id = ? AND source != ?", [name, source.path])
            other = plan.put[name].source if name in plan.put else rows[0][0] if rows and name not in plan.drop else None
            if other is not None and Path(other).exists():
                raise SourceError(f"two documents are named {name!r}, here and in {other}: rename one, or use two indexes")
            if other is not None:
                plan.drop.add(name)

    def _resplit_rest(self, catalog: Catalog, plan: _Plan) -> None:
        """Split again, from the stored text, the documents of other folders: all of an index has one model."""
        rows = catalog.rows("SELECT id, source, title, outlet, published, text FROM documents")
        for name, source, title, outlet, published, text in rows:
            if name not in plan.put and name not in plan.drop:
                metadata = {"title": title, "outlet": outlet, "published": published}
                document = Document(id_=name, text=text, metadata=metadata)
                plan.put[name] = _record(document, source, split(document, self._encoder))
                plan.drop.add(name)

    # -- doing it ----------------------------------------------------------------------------------------------------

    def _embed(self, catalog: Catalog, plan: _Plan) -> int:
        model = self._encoder.fingerprint
        texts = {chunk.text_sha256: chunk.text for record in plan.put.values() for chunk in record.chunks}
        held = catalog.vectors(texts, model)
        missing = sorted((sha for sha in texts if sha not in held), key=lambda sha: len(texts[sha]))
        for first in range(0, len(missing), _EMBED_AT_ONCE):
            part = missing[first : first + _EMBED_AT_ONCE]

            def count(done: int, first: int = first) -> None:
                self._report(Progress("embedding", first + done, len(missing)))

            vectors = self._encoder.encode([texts[sha] for sha in part], count)
            catalog.add_vectors(model, part, np.asarray(vectors))
        return len(missing)

    def _apply(self, catalog: Catalog, plan: _Plan, *, rebuild: bool) -> None:
        changes = bool(plan.put or plan.drop)
        if not (changes or plan.sources or plan.gone or plan.included or catalog.meta("model") is None):
            return
        with catalog.writing() as db:
            marks = [[name] for name in sorted(plan.drop)]
            removed = [row[0] for m in marks for row in db.execute("SELECT id FROM chunks WHERE document = ?", m)]
            for name in sorted(plan.drop):
                drop_document(db, name)
            self._store(db, plan)
            if changes or rebuild:
                added = [chunk.id for record in plan.put.values() for chunk in record.chunks]
                stay = set(added) & set(removed)
                db.execute("DELETE FROM embeddings WHERE text_sha256 NOT IN (SELECT text_sha256 FROM chunks)")
                self._index.switch(
                    catalog, db,
                    added=[c for c in added if rebuild or c not in stay],
                    removed=[c for c in removed if rebuild or c not in stay],
                    progress=lambda done: self._report(Progress("storing", done, None)),
                )  # fmt: skip
        if changes:
            self._index.tidy(catalog)

    def _store(self, db: sqlite3.Connection, plan: _Plan) -> None:
        for key, value in (("model", self._encoder.fingerprint), ("model_name", self._encoder.name)):
            db.execute("INSERT OR REPLACE INTO meta VALUES(?, ?)", [key, value])
        db.executemany("DELETE FROM sources WHERE path = ?", [[path] for path in plan.gone])
        for source in plan.sources.values():
            db.execute(
                "INSERT INTO sources VALUES(?, ?, ?, ?) ON CONFLICT(path) DO UPDATE SET size = excluded.size, "
                "mtime_ns = excluded.mtime_ns, sha256 = excluded.sha256",
                [source.path, source.size, source.mtime_ns, source.sha256],
            )
        for record in plan.put.values():
            put_document(db, record, [" ".join(terms(chunk.text)) for chunk in record.chunks])
        db.executemany("DELETE FROM exclusions WHERE document = ?", [[name] for name in plan.included])


def _stat(file: File, known: Source | None) -> Source:
    """Return the file's state; it is hashed only if its size or time differ from those known."""
    try:
        found = file.path.stat()
        if known and (found.st_size, found.st_mtime_ns) == (known.size, known.mtime_ns):
            return known
        with file.path.open("rb") as stream:
            sha = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror})") from None
    return Source(str(file.path), found.st_size, found.st_mtime_ns, sha)


def _record(document: Document, source: str, nodes: Sequence[TextNode]) -> Record:
    chunks = tuple(
        Chunk(
            node.node_id, document.doc_id, node.start_char_idx or 0, node.end_char_idx or 0, node.text,
            tuple(node.metadata["sentences"]), text_sha256(node.text),
        )
        for node in nodes
    )  # fmt: skip
    known = document.metadata
    return Record(
        document.doc_id, source, text_sha256(document.text),
        known["title"], known["outlet"], known["published"], document.text, chunks,
    )  # fmt: skip


def _identity(record: Record) -> tuple[str | None, ...]:
    return record.sha256, record.title, record.outlet, record.published


def _documents_of(catalog: Catalog, source: str) -> dict[str, tuple[str | None, ...]]:
    rows = catalog.rows("SELECT id, sha256, title, outlet, published FROM documents WHERE source = ?", [source])
    return {row[0]: tuple(row[1:]) for row in rows}
