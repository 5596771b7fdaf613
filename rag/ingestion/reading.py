"""Read a file into LlamaIndex documents whose text is exactly what is later cited; one function for each format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llama_index.core.schema import Document

from rag.errors import SourceError
from rag.ingestion.metadata import Head, parse_date, read_head

Note = Callable[[str], None]
_CONTROL_SHARE = 0.02  # of the characters: above it a file is no text
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"),
         (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """A file to be read: `name` is its document's id, the path relative to the indexed folder, `/`-separated."""

    path: Path
    name: str


def read(file: File, max_bytes: int, note: Note) -> list[Document]:
    """Return the documents of a file; `note` gets remarks on how it was read.

    A document's metadata are "title", "outlet" and "published" (None where the text does not state them).

    Raises:
        SourceError: the file cannot be read, is too large, is no text, or is not in the form its name promises.
    """
    reader = READERS[file.path.suffix.lower()]
    try:
        size = file.path.stat().st_size
        if reader is not _jsonl and size > max_bytes:
            raise SourceError(
                f"{size / 1e6:,.0f} MB is more than the {max_bytes / 1e6:,.0f} MB that one file may have: split it, or raise "
                "RAG_MAX_FILE_MB"
            )
        return [document for document in reader(file, note) if document.text.strip()]
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror})") from None


def _document(name: str, text: str, head: Head) -> Document:
    metadata = {"title": head.title, "outlet": head.outlet, "published": head.published}
    return Document(id_=name, text=text, metadata=metadata)


def _text(file: File, note: Note) -> Iterator[Document]:
    text = decode(file.path.read_bytes(), note)
    yield _document(file.name, text, read_head(text))


def _html(file: File, note: Note) -> Iterator[Document]:
    import trafilatura
    from lxml import html

    source = decode(file.path.read_bytes(), note)
    if not source.strip():
        return
    text = trafilatura.extract(source, output_format="txt", favor_recall=True, include_comments=False) or ""
    tree = html.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", source))
    if not text.strip():
        text = "\n".join(line.strip() for line in tree.xpath("//body//text()[not(ancestor::script or ancestor::style)]"))
    text = clean(text)
    yield _document(file.name, text, _html_head(tree, read_head(text)))


def _html_head(tree: Any, head: Head) -> Head:
    def meta(*names: str) -> str | None:
        for name in names:
            for value in tree.xpath("//meta[@property=$n or @name=$n]/@content", n=name):
                if value.strip():
                    return clean(value.strip())
        return None

    titles = [clean(" ".join(t.text_content().split())) for t in [*tree.xpath("//h1"), *tree.xpath("//title")]]
    date = meta("article:published_time", "datePublished", "date", "dc.date", "DC.date.issued")
    return Head(
        meta("og:title") or next((title for title in titles if title), None) or head.title,
        meta("og:site_name", "publisher") or head.outlet,
        (parse_date(date[:10]) or parse_date(date) if date else None) or head.published,
    )


def _jsonl(file: File, note: Note) -> Iterator[Document]:
    del note
    with file.path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                yield _record(line, number)


def _record(line: bytes, number: int) -> Document:
    try:
        row = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError:
        raise SourceError(f"line {number} is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise SourceError(f"line {number} is not JSON ({str(error)[:80]})") from None
    if not isinstance(row, dict) or not isinstance(row.get("_id"), str) or not isinstance(row.get("text"), str):
        raise SourceError(f'line {number} is not of the form {{"_id": "…", "title": "…", "text": "…"}}')
    title = row.get("title") or ""
    if not row["_id"].strip() or not isinstance(title, str):
        raise SourceError(f'line {number}: "_id" must be a name and "title" a text')
    title, text = clean(title), clean(row["text"])
    head = read_head(text)
    return _document(clean(row["_id"]), f"{title}\n\n{text}" if title else text, Head(title or None, head.outlet, head.published))


READERS: dict[str, Callable[[File, Note], Iterator[Document]]] = {
    ".txt": _text, ".text": _text, ".md": _text, ".markdown": _text,
    ".html": _html, ".htm": _html, ".xhtml": _html, ".jsonl": _jsonl,
}  # fmt: skip


def decode(data: bytes, note: Note) -> str:
    """Decode a text file: by its byte order mark, as UTF-8, else by the encoding that its bytes fit best, said in a note.

    Raises:
        SourceError: the bytes are no text.
    """
    bom = next((encoding for mark, encoding in _BOMS if data.startswith(mark)), None)
    if bom is None and b"\0" in data:
        raise SourceError("is binary, not text")
    try:
        text = data.decode(bom or "utf-8")
    except UnicodeDecodeError as error:
        if bom:
            raise SourceError(f"begins as {bom} but is not ({error.reason} at byte {error.start})") from None
        text = _guess(data, note)
    if len(_CONTROLS.findall(text)) > _CONTROL_SHARE * len(text):
        raise SourceError("is binary, not text")
    return text


def _guess(data: bytes, note: Note) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None or best.encoding is None:
        raise SourceError("is not UTF-8, and no other encoding fits: save it as UTF-8")
    encoding = "cp1252" if "cp1252" in best.could_be_from_charset else best.encoding
    note(f"is not UTF-8; read as {encoding}")
    return data.decode(encoding)


def clean(text: str) -> str:
    """Replace what no text file can hold (NUL, lone surrogates) by U+FFFD, one for one, so that offsets stay."""
    return re.sub("[\x00\ud800-\udfff]", "\ufffd", text)
