"""One index folder: its catalog, the vectors that match it, and the lock that lets one process write."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from rag.errors import IndexAccessError, IndexMismatchError, IndexMissingError
from rag.store import vectors as store
from rag.store.catalog import FILE, Catalog
from rag.store.vectors import BrokenVectorsError, Vectors

_REBUILD_SHARE = 0.2  # of vectors deleted, above which a fresh build beats a copy: HNSW never reclaims deleted nodes
_LOCK_SECONDS = 0.2
_ATTEMPTS = 4  # to open the vectors while a writer goes on replacing them


class Index:
    """An index folder, opened when it is first needed; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.RLock()
        self._catalog: Catalog | None = None
        self._vectors: Vectors | None = None
        self._opened: tuple[int, str] | None = None

    @property
    def exists(self) -> bool:
        """Whether there is an index in the folder."""
        try:
            found = (self.folder / FILE).stat()
            return stat.S_ISREG(found.st_mode) and found.st_size > 0
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise IndexAccessError(f"cannot read the index folder {self.folder} ({error.strerror})") from None

    @property
    def catalog(self) -> Catalog:
        """The catalog; raises IndexMissingError where there is none."""
        with self._lock:
            if self._catalog is None:
                if not self.exists:
                    raise IndexMissingError(f"no index in {self.folder}: run `rag index --index {self.folder}` first")
                self._catalog = Catalog(self.folder)
            return self._catalog

    def check_model(self, name: str, fingerprint: Callable[[], str]) -> None:
        """Raise IndexMismatchError if the index was made by another embedding model than `name`, or by other weights of it."""
        made_by, model = self.catalog.meta("model_name"), self.catalog.meta("model")
        if made_by not in (None, name):
            raise IndexMismatchError(
                f"the index in {self.folder} was made with the model {made_by!r}, but {name!r} is configured: "
                f"run `rag index --rebuild`, or set RAG_MODEL={made_by}"
            )
        if model not in (None, fingerprint()):
            raise IndexMismatchError(
                f"the index in {self.folder} was made with other weights of {name!r} ({model}): run `rag index --rebuild`"
            )

    @contextmanager
    def writer(self) -> Iterator[Catalog]:
        """Hold the one writer's lock, creating the folder and the catalog if needed.

        Raises:
            IndexAccessError: another process is writing, or the folder cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / ".lock", timeout=_LOCK_SECONDS)
            lock.acquire()
        except Timeout:
            raise IndexAccessError(
                f"another process is writing to the index in {self.folder}: try again when it has finished"
            ) from None
        except OSError as error:
            raise IndexAccessError(
                f"cannot write in the index folder {self.folder} ({error.strerror}): make it writable, or give another "
                "with --index"
            ) from None
        try:
            catalog = Catalog(self.folder, create=True)  # a connection of its own: readers go on undisturbed
            try:
                yield catalog
            finally:
                catalog.close()
        finally:
            lock.release()

    def switch(
        self, catalog: Catalog, db: sqlite3.Connection, added: Sequence[str], removed: Sequence[str],
        progress: Callable[[int], None] | None = None,
    ) -> None:  # fmt: skip
        """Inside a write transaction: make the next revision's vectors, so that its commit finds them in place."""
        kept = catalog.counts()[1] - len(added)
        copy = len(removed) <= _REBUILD_SHARE * max(kept, 1) and kept > 0
        self._make_next(catalog, db, added if copy else None, removed if copy else (), progress)

    def _make_next(
        self, catalog: Catalog, db: sqlite3.Connection, added: Sequence[str] | None, removed: Sequence[str],
        progress: Callable[[int], None] | None = None,
    ) -> None:  # fmt: skip
        """Build the next revision: anew if `added` is None or the last is damaged, else from a copy of it."""
        before, digest, chunks = catalog.revision, catalog.digest(), catalog.counts()[1]
        model = catalog.meta("model") or ""
        try:
            if added is None:
                raise BrokenVectorsError
            batches = store.stored_batches(db, model, added)
            store.build(
                self.folder, before + 1, digest, chunks, batches, base=before, removed=removed, progress=progress
            )
        except BrokenVectorsError:
            try:
                batches = store.stored_batches(db, model)
                store.build(self.folder, before + 1, digest, chunks, batches, progress=progress)
            except BrokenVectorsError as error:
                raise IndexAccessError(
                    f"the vectors could not be written ({error}): the index is as it was; see whether the disk is "
                    "full, else run `rag index --rebuild`"
                ) from None
        for key, value in (("revision", str(before + 1)), ("digest", digest)):
            db.execute("INSERT OR REPLACE INTO meta VALUES(?, ?)", [key, value])

    def tidy(self, catalog: Catalog) -> None:
        """After a commit: drop older revisions of the vectors and what deletions left in the catalog."""
        with self._lock:
            self._close_vectors()
            store.remove_others(self.folder, catalog.revision)
        catalog.optimise()

    def nearest(self, vector: npt.NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        """Return up to `k` (chunk id, cosine) pairs, nearest first, by approximate search over the current revision."""
        with self._lock:
            attempts = 0
            while True:
                revision = self.catalog.revision
                try:
                    return self._current().query(vector, k)
                except BrokenVectorsError as error:
                    attempts += 1
                    if attempts == _ATTEMPTS:
                        raise IndexAccessError(
                            f"the vectors cannot be used ({error}): run `rag index --rebuild`"
                        ) from None
                if self.catalog.revision == revision:  # else a writer has just replaced them
                    self.rebuild_vectors()

    def rebuild_vectors(self) -> None:
        """Derive the vectors from the catalog again, without embedding anything."""
        with self.writer() as catalog:
            with catalog.writing() as db:
                self._make_next(catalog, db, None, ())
            self._close_vectors()
            store.remove_others(self.folder, catalog.revision)

    def close(self) -> None:
        """Close all files; the next use opens them again."""
        with self._lock:
            self._close_vectors()
            if self._catalog is not None:
                self._catalog.close()
                self._catalog = None

    def _current(self) -> Vectors:
        with self._lock:
            state = (self.catalog.revision, self.catalog.meta("digest") or "")
            if self._vectors is None or self._opened != state:
                self._close_vectors()
                self._vectors = Vectors(self.folder, *state, self.catalog.counts()[1])
                self._opened = state
            return self._vectors

    def _close_vectors(self) -> None:
        if self._vectors is not None:
            self._vectors.close()
            self._vectors = None
