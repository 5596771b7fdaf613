"""`rag docs`."""

from __future__ import annotations

import sys

from rag.assistant import Assistant
from rag.commands.common import one_line, write, write_json
from rag.schema import DocumentInfo, to_dict


def listing(assistant: Assistant, *, as_json: bool) -> None:
    """List the documents."""
    infos = assistant.documents()
    if as_json:
        write_json({"documents": to_dict(infos)})
        return
    for info in infos:
        write(_line(info))
    write(f"{len(infos):,} documents")


def text(assistant: Assistant, document: str) -> None:
    """Write a document's text as UTF-8, exactly."""
    sys.stdout.buffer.write(assistant.text(document).encode("utf-8"))


def remove(assistant: Assistant, document: str) -> None:
    """Remove a document."""
    assistant.remove(document)
    write(f"removed {one_line(document)}; it stays out until its file changes or is named to `rag index`")


def correct(
    assistant: Assistant, document: str, title: str | None, outlet: str | None, published: str | None, *, as_json: bool
) -> None:
    """Correct what is known of a document."""
    info = assistant.set_metadata(document, title=title, outlet=outlet, published=published)
    if as_json:
        write_json(to_dict(info))
    else:
        write(_line(info))


def _line(info: DocumentInfo) -> str:
    def shown(field: str, value: str | None, unknown: str) -> str:
        return one_line(value or unknown) + (" (yours)" if field in info.corrected else "")

    parts = (
        shown("title", info.title, "untitled"),
        shown("outlet", info.outlet, "no outlet"),
        shown("published", info.published, "undated"),
        f"file saved {(info.saved or '?')[:10]}",
        f"{info.chunks} chunks",
    )
    return f"{one_line(info.id)}\n    {' · '.join(parts)}"
