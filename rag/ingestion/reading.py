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

# what nobody has saved a text in for decades, and short western texts are easily taken for
_RARE = ("mac_latin2", "mac_iceland", "mac_roman", "mac_turkish", "cp775", "hp_roman8")


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
    refuse_huge(file, max_bytes)
    suffix = file.path.suffix.lower()
    try:
        found = _jsonl(file, max_bytes) if suffix == ".jsonl" else READERS[suffix](file, note)
        return [document for document in found if document.text.strip()]
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror})") from None


def refuse_huge(file: File, max_bytes: int) -> None:
    """Raise SourceError for a file above `max_bytes`, except `.jsonl`, of which it is each line that must be below."""
    try:
        size = file.path.stat().st_size
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror})") from None
    if file.path.suffix.lower() != ".jsonl":
        _refuse(size, max_bytes, "it")


def _refuse(size: int, max_bytes: int, what: str) -> None:
    if size > max_bytes:
        raise SourceError(
            f"{what} has {size / 1e6:,.1f} MB, more than the {max_bytes / 1e6:,.0f} MB allowed: split it, or raise "
            "RAG_MAX_FILE_MB"
        )


def _document(name: str, text: str, head: Head) -> Document:
    metadata = {"title": head.title, "outlet": head.outlet, "published": head.published}
    return Document(id_=name, text=text, metadata=metadata)


def _text(file: File, note: Note) -> Iterator[Document]:
    text = decode(file.path.read_bytes(), note)
    yield _document(file.name, text, read_head(text))


def _html(file: File, note: Note) -> Iterator[Document]:
    import trafilatura
    from lxml import etree, html

    source = decode(file.path.read_bytes(), note)
    try:
        tree = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", source))
    except (etree.LxmlError, ValueError):  # it holds no element
        return
    text = trafilatura.extract(source, output_format="txt", favor_recall=True, include_comments=False) or ""
    if not text.strip():
        text = "\n".join(
            line.strip()
            for line in tree.xpath("//body//text()[not(ancestor::script or ancestor::style or ancestor::template)]")
        )
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


def _jsonl(file: File, max_bytes: int) -> Iterator[Document]:
    with file.path.open("rb") as stream:
        number = 0
        while line := stream.readline(max_bytes + 1):
            number += 1
            _refuse(len(line), max_bytes, f"line {number}")
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
    title = "" if row.get("title") is None else row["title"]
    if not row["_id"].strip() or not isinstance(title, str):
        raise SourceError(f'line {number}: "_id" must be a name and "title" a text')
    title, text = clean(title).strip(), clean(row["text"])
    head = read_head(text)
    return _document(
        clean(row["_id"]), f"{title}\n\n{text}" if title else text, Head(title or None, head.outlet, head.published)
    )


READERS: dict[str, Callable[[File, Note], Iterator[Document]]] = {
    ".txt": _text, ".text": _text, ".md": _text, ".markdown": _text,
    ".html": _html, ".htm": _html, ".xhtml": _html,
}  # fmt: skip
SUFFIXES = frozenset({*READERS, ".jsonl"})


def decode(data: bytes, note: Note) -> str:
    """Decode a text file: by its byte order mark, as UTF-8, else as its bytes fit best, which a note says.

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
    if "\0" in text or len(_CONTROLS.findall(text)) > _CONTROL_SHARE * len(text):
        raise SourceError("is binary, not text")
    return text


def _guess(data: bytes, note: Note) -> str:
    from charset_normalizer import from_bytes

    matches = from_bytes(data, cp_exclusion=list(_RARE))
    best = matches.best()
    if best is None or best.encoding is None:
        raise SourceError("is not UTF-8, and no other encoding fits: save it as UTF-8")
    # short texts fit many encodings about as well; Windows' western one is by far the commonest
    western = any("cp1252" in match.could_be_from_charset and match.chaos <= best.chaos + 0.05 for match in matches)
    encoding = "cp1252" if western else best.encoding
    note(f"is not UTF-8; read as {encoding}")
    return data.decode(encoding)


def clean(text: str) -> str:
    """Replace what no text file can hold (NUL, lone surrogates) by U+FFFD, one for one, so that offsets stay."""
    return re.sub("[\x00\ud800-\udfff]", "\ufffd", text)
