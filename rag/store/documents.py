"""What is known of each document, and what the user says of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime

from rag.errors import UsageError
from rag.schema import DocumentInfo
from rag.store.catalog import Catalog, drop_document
from rag.store.index import Index


def list_documents(catalog: Catalog, ids: Collection[str] | None = None) -> list[DocumentInfo]:
    """Return the documents (None = all) by id, the user's corrections applied."""
    wanted = sorted(ids) if ids is not None else None
    where = f"WHERE d.id IN ({','.join('?' * len(wanted))})" if wanted is not None else ""
    rows = catalog.rows(
        "SELECT d.id, d.source, d.title, d.outlet, d.published, s.mtime_ns, d.sha256, d.characters, "
        "(SELECT count(*) FROM chunks c WHERE c.document = d.id) "
        f"FROM documents d JOIN sources s ON s.path = d.source {where} ORDER BY d.id",
        wanted or (),
    )
    corrections: dict[str, dict[str, str | None]] = {}
    for document, field, value in catalog.rows("SELECT document, field, value FROM corrections"):
        corrections.setdefault(document, {})[field] = value
    return [_info(row, corrections.get(row[0], {})) for row in rows]


def correct(catalog: Catalog, document: str, fields: Mapping[str, str]) -> None:
    """Store the user's corrections; "" says that a field is not known. Raises UsageError for what is no date."""
    values = {key: " ".join(value.split()) or None for key, value in fields.items()}
    published = values.get("published")
    if published and not _is_date(published):
        raise UsageError(f"{published!r} is no date: give YYYY, YYYY-MM or YYYY-MM-DD")
    with catalog.writing() as db:
        db.executemany(
            "INSERT OR REPLACE INTO corrections VALUES(?, ?, ?)",
            [(document, key, value) for key, value in values.items()],
        )


def exclude(index: Index, catalog: Catalog, document: str) -> None:
    """Remove a document and remember that its text is not wanted."""
    with catalog.writing() as db:
        [(sha,)] = db.execute("SELECT sha256 FROM documents WHERE id = ?", [document]).fetchall()
        removed = [row[0] for row in db.execute("SELECT id FROM chunks WHERE document = ?", [document])]
        drop_document(db, document)
        db.execute("INSERT OR REPLACE INTO exclusions VALUES(?, ?)", [document, sha])
        db.execute("DELETE FROM embeddings WHERE text_sha256 NOT IN (SELECT text_sha256 FROM chunks)")
        index.switch(catalog, db, added=[], removed=removed)
    index.tidy(catalog)


def _info(row: tuple[object, ...], corrections: Mapping[str, str | None]) -> DocumentInfo:
    name, source, title, outlet, published, mtime_ns, sha, characters, chunks = row
    known = {"title": title, "outlet": outlet, "published": published} | dict(corrections)
    return DocumentInfo(
        id=str(name),
        source=str(source),
        title=_text(known["title"]),
        outlet=_text(known["outlet"]),
        published=_text(known["published"]),
        corrected=tuple(sorted(corrections)),
        saved=_moment(int(str(mtime_ns))),
        sha256=str(sha),
        characters=int(str(characters)),
        chunks=int(str(chunks)),
    )


def _moment(mtime_ns: int) -> str | None:
    try:
        return datetime.fromtimestamp(mtime_ns / 1e9, UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):  # some file systems hold times beyond the year 9999
        return None


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _is_date(text: str) -> bool:
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        return False
    year, month, day = (*map(int, text.split("-")), 1, 1)[:3]
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
