"""The vectors: a Chroma collection derived from the catalog, one folder for each revision, never changed once in use.

Chroma's files do not survive a kill at the wrong moment, nor two writers, so a revision is built aside, verified,
renamed into place, and only then does the catalog's commit make it current. What does not match the catalog is rebuilt.
Chroma itself notices little: from a damaged graph it answers wrongly, or crashes, so the manifest holds checksums.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_BATCH = 2000  # Chroma takes at most 5461 at a time; 1000 to 5000 is fastest
_NAME = "chunks"
# cosine; M 32, ef 200: recall@10 .99 on 100,000 clustered vectors at 2.5 ms (default .80)
_HNSW = {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": 200, "sync_threshold": 5000}

Batches = Iterator[tuple[list[str], npt.NDArray[np.float32]]]


class BrokenVectorsError(Exception):
    """The folder is missing, does not match the catalog, or cannot be read: rebuild it."""


class Vectors:
    """One revision of the vectors, open for reading."""

    def __init__(self, folder: Path, revision: int, digest: str, count: int) -> None:
        """Open `folder`/vectors-`revision`; raises BrokenVectorsError unless it has that digest and `count` vectors."""
        self.path = _path(folder, revision)
        if _verified(self.path) != digest:
            raise BrokenVectorsError(f"{self.path} does not match the catalog")
        self._client: Any = None
        try:
            self._client = _client(self.path)
            self._collection = self._client.get_collection(_NAME, embedding_function=None)
            self.count = self._collection.count()
        except Exception as error:  # chromadb raises a dozen unrelated types for damaged files
            self.close()
            raise BrokenVectorsError(f"{self.path}: {error}") from None
        if self.count != count:
            self.close()
            raise BrokenVectorsError(f"{self.path} holds {self.count} vectors, not {count}")

    def query(self, vector: npt.NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        """Return up to `k` (chunk id, cosine) pairs, nearest first."""
        if not self.count:
            return []
        try:
            found = self._collection.query(
                query_embeddings=[vector], n_results=min(k, self.count), include=["distances"]
            )
        except Exception as error:  # as above
            raise BrokenVectorsError(f"{self.path}: {error}") from None
        distances = (found["distances"] or [[]])[0]
        return [(chunk, 1.0 - float(distance)) for chunk, distance in zip(found["ids"][0], distances, strict=True)]

    def close(self) -> None:
        """Free the files and the memory."""
        if self._client is not None:
            self._client.close()
            self._client = None


def build(
    folder: Path,
    revision: int,
    digest: str,
    count: int,
    batches: Batches,
    *,
    base: int | None = None,
    removed: Sequence[str] = (),
    progress: Callable[[int], None] | None = None,
) -> None:
    """Build `folder`/vectors-`revision` aside, verify it, and rename it into place.

    Args:
        folder: the index folder.
        revision: the revision to build; an earlier attempt at it is replaced.
        digest: the catalog's digest at that revision.
        count: chunks in the catalog at that revision.
        batches: (ids, vectors) to add.
        base: a revision to copy first, None to begin empty; `removed` are then deleted from the copy.
        removed: chunk ids in `base` that are gone.
        progress: gets the number of vectors added so far.
    """
    final, aside = _path(folder, revision), folder / f".building-{revision}"
    try:
        for leftover in (final, aside):
            shutil.rmtree(leftover, ignore_errors=True)
        if base is None:
            aside.mkdir()
        else:
            _verified(_path(folder, base))
            shutil.copytree(_path(folder, base), aside)
        _fill(aside, batches, removed, progress)
        manifest = {"revision": revision, "digest": digest, "files": _checksums(aside, _graph_files(aside))}
        (aside / "manifest.json").write_text(json.dumps(manifest))
        os.replace(aside, final)
    except OSError as error:
        raise BrokenVectorsError(f"{aside}: {error.strerror or error}") from None
    Vectors(folder, revision, digest, count).close()


def _fill(path: Path, batches: Batches, removed: Sequence[str], progress: Callable[[int], None] | None) -> None:
    """Delete `removed` from the collection in `path`, made if need be, and add `batches`."""
    client = None
    try:
        client = _client(path)
        collection = client.get_or_create_collection(_NAME, embedding_function=None, configuration={"hnsw": _HNSW})
        for first in range(0, len(removed), _BATCH):
            collection.delete(ids=list(removed[first : first + _BATCH]))
        done = 0
        for ids, vectors in batches:
            collection.add(ids=ids, embeddings=vectors)
            done += len(ids)
            if progress:
                progress(done)
    except sqlite3.Error:  # of the catalog, from `batches`
        raise
    except Exception as error:  # chromadb raises a dozen unrelated types for damaged files
        raise BrokenVectorsError(f"{path}: {error}") from None
    finally:
        if client is not None:
            client.close()


def stored_batches(db: sqlite3.Connection, model: str, ids: Sequence[str] | None = None) -> Batches:
    """Yield the embeddings of chunks (all, or those of `ids`) from the catalog in batches that Chroma takes."""
    sql = "SELECT c.id, e.vector FROM chunks c JOIN embeddings e ON e.text_sha256 = c.text_sha256 AND e.model = ?"
    if ids is None:
        cursor = db.execute(sql, [model])
        while rows := cursor.fetchmany(_BATCH):
            yield [row[0] for row in rows], np.stack([np.frombuffer(row[1], np.float32) for row in rows])
        return
    for first in range(0, len(ids), _BATCH):
        found: list[tuple[str, bytes]] = []
        for start in range(first, min(first + _BATCH, len(ids)), 500):
            part = list(ids[start : min(start + 500, first + _BATCH)])
            found += db.execute(f"{sql} WHERE c.id IN ({','.join('?' * len(part))})", [model, *part]).fetchall()
        if found:
            yield [row[0] for row in found], np.stack([np.frombuffer(row[1], np.float32) for row in found])


def remove_others(folder: Path, revision: int) -> None:
    """Delete every revision but `revision`, and unfinished ones."""
    for path in [*folder.glob("vectors-*"), *folder.glob(".building-*")]:
        if path != _path(folder, revision):
            shutil.rmtree(path, ignore_errors=True)


def _verified(path: Path) -> str | None:
    """Return the digest in the manifest of a revision after comparing the checksums of its files with it."""
    try:
        manifest = json.loads((path / "manifest.json").read_text())
        files = manifest["files"]
        if files != _checksums(path, (path / name for name in files)):
            raise BrokenVectorsError(f"{path} holds damaged files")
        return str(manifest["digest"])
    except (OSError, ValueError, KeyError, TypeError):
        raise BrokenVectorsError(f"{path} lacks its manifest or files named in it") from None


def _graph_files(path: Path) -> list[Path]:
    """List what no reader changes.

    `chroma.sqlite3`, which any opening changes, is left to SQLite's own checks. Below the sync threshold it holds
    everything, and each reader makes the other files, without the pickle, anew.
    """
    return [file for pickle in path.glob("*/index_metadata.pickle") for file in sorted(pickle.parent.iterdir())]


def _checksums(path: Path, files: Iterable[Path]) -> dict[str, str]:
    found = {}
    for file in files:
        with file.open("rb") as stream:
            found[file.relative_to(path).as_posix()] = hashlib.file_digest(stream, "sha256").hexdigest()
    return found


def _path(folder: Path, revision: int) -> Path:
    return folder / f"vectors-{revision:06d}"


def _client(path: Path) -> Any:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings

    # a Settings object of our own: the default one would read a `.env` file from the current folder
    settings = Settings(_env_file=None, is_persistent=True, persist_directory=str(path), anonymized_telemetry=False)  # type: ignore[call-arg]
    try:
        return chromadb.PersistentClient(path=str(path), settings=settings)
    except Exception:
        SharedSystemClient._identifier_to_system.pop(str(path), None)  # else a failed start would be handed out again
        raise
