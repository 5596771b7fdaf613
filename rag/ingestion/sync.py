"""Make the index match the files: read what changed, embed what is new, switch in one transaction."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.ingestion.files import find_files
from rag.ingestion.planning import Plan, Planner, Report
from rag.models.encoder import Encoder
from rag.schema import Progress, SyncReport
from rag.store.catalog import Catalog, drop_document, put_document
from rag.store.index import Index
from rag.text.terms import terms

_EMBED_AT_ONCE = 512  # chunks between two commits of embeddings: what an interruption can cost


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
            planner = Planner(
                catalog, self._encoder, scope, max_bytes=self._max_bytes, report=self._report, rebuild=rebuild
            )
            plan = planner.plan()
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
            skipped=tuple(dict.fromkeys(plan.skipped)),
            failed=tuple(plan.failed),
            notes=tuple(plan.notes),
            documents=documents,
            chunks=chunks,
            embedded=embedded,
            seconds=round(time.perf_counter() - began, 3),
        )

    def _embed(self, catalog: Catalog, plan: Plan) -> int:
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

    def _apply(self, catalog: Catalog, plan: Plan, *, rebuild: bool) -> None:
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

    def _store(self, db: sqlite3.Connection, plan: Plan) -> None:
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
