"""The catalog: one SQLite file that is the truth about documents, their text, their chunks, keywords and embeddings."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.errors import IndexAccessError, IndexMismatchError, IndexMissingError
from rag.store.records import Chunk, Record, Source, pack, unpack

SCHEMA_VERSION = "1"
FILE = "catalog.db"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sources(
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents(
    id TEXT PRIMARY KEY, source TEXT NOT NULL REFERENCES sources(path), sha256 TEXT NOT NULL,
    characters INTEGER NOT NULL, title TEXT, outlet TEXT, published TEXT, text TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS documents_of_source ON documents(source);
CREATE TABLE IF NOT EXISTS chunks(
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document TEXT NOT NULL REFERENCES documents(id),
    start INTEGER NOT NULL, end INTEGER NOT NULL, text_sha256 TEXT NOT NULL, sentences BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS chunks_of_document ON chunks(document);
CREATE TABLE IF NOT EXISTS embeddings(
    text_sha256 TEXT NOT NULL, model TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY(text_sha256, model)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS corrections(
    document TEXT NOT NULL, field TEXT NOT NULL, value TEXT, PRIMARY KEY(document, field)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS exclusions(document TEXT PRIMARY KEY, sha256 TEXT NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(body, tokenize="unicode61 remove_diacritics 0 tokenchars '.'");
CREATE VIRTUAL TABLE IF NOT EXISTS vocabulary USING fts5vocab(words, row);
"""
_TABLES = frozenset(re.findall(r"EXISTS (\w+)(?:\(| USING)", _SCHEMA))


class Catalog:
    """An open catalog; one connection, shared between threads under a lock. Reading methods see the last commit."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Open `folder`/catalog.db; `create` makes what is missing.

        Raises:
            IndexAccessError: it cannot be opened, read or written.
            IndexMissingError: it is empty, and not to be made.
            IndexMismatchError: it was made by another program, or another version of the schema.
        """
        self.path = folder / FILE
        self._lock = threading.RLock()
        with _explained(self.path):
            self._db = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None, timeout=30)
            try:
                self._prepare(create)
            except BaseException:
                self._db.close()
                raise

    def _prepare(self, create: bool) -> None:
        # what the file is comes first: that of another program is left as it is
        tables = {row[0] for row in self._db.execute("SELECT name FROM sqlite_master")}
        if tables and not tables >= _TABLES:
            raise IndexMismatchError(f"{self.path} is not an index of this program: give another folder with --index")
        if not tables and not create:
            raise IndexMissingError(f"no index in {self.path.parent}: run `rag index --index {self.path.parent}` first")
        found = self.meta("schema") if tables else SCHEMA_VERSION
        if found != SCHEMA_VERSION:
            raise IndexMismatchError(
                f"the index in {self.path.parent} has schema {found}, this version reads {SCHEMA_VERSION}: delete "
                f"{self.path} and run `rag index`"
            )
        if not tables:
            insert = f"INSERT INTO meta VALUES('schema', '{SCHEMA_VERSION}');"
            self._db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} {insert} COMMIT;")
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("PRAGMA secure_delete=ON")  # a removed document leaves no bytes behind

    def close(self) -> None:
        """Close the file; the catalog cannot be used afterwards."""
        with self._lock:
            self._db.close()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one reading statement and return all rows."""
        with self._lock, _explained(self.path):
            return self._db.execute(sql, parameters).fetchall()

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        """Let all that a block reads be of one commit."""
        with self._lock, _explained(self.path):
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.execute("COMMIT")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Run a block as one transaction: all of it is kept, or, on an exception, none."""
        with self._lock, _explained(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                if self._db.in_transaction:  # SQLite itself has rolled back when the disk is full
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    # -- what it says ------------------------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """Return one value of the index as a whole, None where it is not set."""
        rows = self.rows("SELECT value FROM meta WHERE key = ?", [key])
        return str(rows[0][0]) if rows else None

    @property
    def revision(self) -> int:
        """Count the vectors made so far; 0 for an index that never held anything."""
        return int(self.meta("revision") or 0)

    def counts(self) -> tuple[int, int]:
        """Return (documents, chunks)."""
        [(documents, chunks)] = self.rows("SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM chunks)")
        return documents, chunks

    def sources(self) -> dict[str, Source]:
        """Return what is known of each indexed file, by absolute path."""
        return {row[0]: Source(*row) for row in self.rows("SELECT path, size, mtime_ns, sha256 FROM sources")}

    def text(self, document: str) -> str | None:
        """Return the extracted text of a document, None if there is no such document."""
        rows = self.rows("SELECT text FROM documents WHERE id = ?", [document])
        return rows[0][0] if rows else None

    def chunks(self, ids: Sequence[str]) -> dict[str, Chunk]:
        """Return the chunks of the given ids that exist, with their text."""
        marks = ",".join("?" * len(ids))
        columns = "id, document, start, end, sentences, text_sha256"
        sql = f"SELECT {columns} FROM chunks WHERE id IN ({marks}) ORDER BY document"
        found: dict[str, Chunk] = {}
        with self._snapshot():
            # each text is fetched once: SQLite's substr() reads all of it for each chunk (7 s for 100 chunks of 50 MB)
            for document, rows in groupby(self.rows(sql, list(ids)), key=itemgetter(1)):
                text = self.text(document) or ""
                for key, _, start, end, sentences, sha in rows:
                    found[key] = Chunk(key, document, start, end, text[start:end], unpack(sentences), sha)
        return found

    def vectors(self, shas: Iterable[str], model: str) -> dict[str, npt.NDArray[np.float32]]:
        """Return the stored embeddings of the given texts under `model`; those not stored are left out."""
        found: dict[str, npt.NDArray[np.float32]] = {}
        wanted = list(shas)
        for first in range(0, len(wanted), 500):
            part = wanted[first : first + 500]
            marks = ",".join("?" * len(part))
            rows = self.rows(
                f"SELECT text_sha256, vector FROM embeddings WHERE model = ? AND text_sha256 IN ({marks})",
                [model, *part],
            )
            found |= {sha: np.frombuffer(blob, np.float32) for sha, blob in rows}
        return found

    def digest(self) -> str:
        """Hash the set of chunk ids and the model: equal digests mean that the vectors match the catalog."""
        digest = hashlib.sha256((self.meta("model") or "").encode())
        for (chunk,) in self.rows("SELECT id FROM chunks ORDER BY id"):
            digest.update(chunk.encode())
        return digest.hexdigest()

    # -- changing it -------------------------------------------------------------------------------------------------

    def add_vectors(self, model: str, shas: Sequence[str], vectors: npt.NDArray[np.float32]) -> None:
        """Keep embeddings; committed at once, so that an interrupted run does not embed them again."""
        rows = [(sha, model, row.astype(np.float32).tobytes()) for sha, row in zip(shas, vectors, strict=True)]
        with self.writing() as db:
            db.executemany("INSERT OR REPLACE INTO embeddings VALUES(?, ?, ?)", rows)

    def optimise(self) -> None:
        """Drop what deletions left in the keyword index and in the write-ahead log."""
        with self._lock, _explained(self.path):
            self._db.execute("INSERT INTO words(words) VALUES('optimize')")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def put_document(db: sqlite3.Connection, record: Record, bodies: Sequence[str]) -> None:
    """Insert a document with its chunks; `bodies` are the chunks' search tokens, in the same order."""
    db.execute(
        "INSERT INTO documents VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        [
            record.id, record.source, record.sha256, len(record.text),
            record.title, record.outlet, record.published, record.text,
        ],
    )  # fmt: skip
    for chunk, body in zip(record.chunks, bodies, strict=True):
        key = db.execute(
            "INSERT INTO chunks(id, document, start, end, text_sha256, sentences) VALUES(?, ?, ?, ?, ?, ?)",
            [chunk.id, record.id, chunk.start, chunk.end, chunk.text_sha256, pack(chunk.sentences)],
        ).lastrowid
        db.execute("INSERT INTO words(rowid, body) VALUES(?, ?)", [key, body])


def drop_document(db: sqlite3.Connection, document: str) -> None:
    """Delete a document, its chunks and its keywords; corrections stay for its return."""
    db.execute("DELETE FROM words WHERE rowid IN (SELECT key FROM chunks WHERE document = ?)", [document])
    db.execute("DELETE FROM chunks WHERE document = ?", [document])
    db.execute("DELETE FROM documents WHERE id = ?", [document])


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        why = str(error)
        if "readonly" in why or "unable to open" in why or "disk I/O" in why:
            raise IndexAccessError(
                f"cannot use the index folder {path.parent} ({why}): make it writable, or give another with --index"
            ) from None
        if "full" in why:
            raise IndexAccessError(
                f"no room left for the index in {path.parent} ({why}): free some, nothing is lost"
            ) from None
        if "locked" in why:
            raise IndexAccessError(f"{path} is in use by another process: try again when that has finished") from None
        raise
    except sqlite3.DatabaseError as error:
        raise IndexAccessError(f"{path} is damaged ({error}): delete it and run `rag index`") from None
