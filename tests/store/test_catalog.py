from __future__ import annotations

import hashlib
import time
from pathlib import Path

import numpy as np
import pytest

from rag.store.catalog import Catalog, drop_document, put_document
from rag.store.records import Chunk, Kind, Record, SentenceSpan, pack, unpack


def record(name: str, text: str, size: int) -> Record:
    chunks = tuple(
        Chunk(
            f"{name}-{start}", name, start, min(start + size, len(text)), text[start : start + size],
            (SentenceSpan(start, min(start + size, len(text)), Kind.PROSE),), f"sha-{name}-{start}",
        )
        for start in range(0, len(text), size)
    )  # fmt: skip
    return Record(name, f"/docs/{name}", hashlib.sha256(text.encode()).hexdigest(), None, None, None, text, chunks)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path, create=True)


def put(catalog: Catalog, item: Record) -> None:
    with catalog.writing() as db:
        put_document(db, item, [chunk.text for chunk in item.chunks])


def test_chunks_come_back_as_they_were_put(catalog: Catalog) -> None:
    first, second = record("a", "Naïve 😀 text, é\u0301, with \r\n newlines. " * 20, 37), record("b", "Short.", 100)
    put(catalog, first)
    put(catalog, second)
    wanted = [*first.chunks, *second.chunks]
    assert catalog.chunks([chunk.id for chunk in wanted] + ["missing"]) == {chunk.id: chunk for chunk in wanted}
    assert catalog.chunks([]) == {}
    catalog.close()


def test_many_chunks_of_a_long_text_are_fetched_at_once(catalog: Catalog) -> None:
    long = record("a", "The army left the base — and so on. " * 300_000, 900)
    put(catalog, long)
    ids = [chunk.id for chunk in long.chunks[:: len(long.chunks) // 100]]
    began = time.perf_counter()
    assert len(catalog.chunks(ids)) == len(ids) >= 100
    assert time.perf_counter() - began < 0.5
    catalog.close()


def test_a_transaction_is_kept_whole_or_not_at_all(catalog: Catalog) -> None:
    put(catalog, record("a", "Some text.", 5))

    def stopped() -> None:
        with catalog.writing() as db:
            drop_document(db, "a")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert catalog.counts() == (1, 2)
    with catalog.writing() as db:
        drop_document(db, "a")
    assert catalog.counts() == (0, 0)
    catalog.close()


def test_embeddings_are_kept_for_each_model(catalog: Catalog) -> None:
    vectors = np.arange(6, dtype=np.float32).reshape(2, 3)
    catalog.add_vectors("one", ["x", "y"], vectors)
    found = catalog.vectors(["x", "y", "z"], "one")
    assert {sha: row.tolist() for sha, row in found.items()} == {"x": [0, 1, 2], "y": [3, 4, 5]}
    assert catalog.vectors(["x"], "two") == {}
    catalog.close()


def test_the_digest_depends_on_chunks_and_model_alone(catalog: Catalog) -> None:
    empty = catalog.digest()
    put(catalog, record("a", "Some text.", 5))
    one = catalog.digest()
    with catalog.writing() as db:
        db.execute("INSERT INTO meta VALUES('model', 'm')")
    assert len({empty, one, catalog.digest()}) == 3
    catalog.close()


def test_spans_are_packed_and_unpacked() -> None:
    spans = (SentenceSpan(0, 5, Kind.PROSE), SentenceSpan(6, 2**31 - 1, Kind.BOILERPLATE))
    assert unpack(pack(spans)) == spans
    assert unpack(b"") == ()
