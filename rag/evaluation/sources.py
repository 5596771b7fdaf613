"""The documents that answers are held against, as the facade gives them."""

from __future__ import annotations

from rag.assistant import Assistant
from rag.evaluation.matching import Text


def texts_of(assistant: Assistant) -> tuple[Text, list[str]]:
    """Return a function that gives a document's text, None where the index holds none, and the ids of all documents.

    Each text is read from the index once and kept.
    """
    names = [info.id for info in assistant.documents()]
    known = frozenset(names)
    texts: dict[str, str] = {}

    def text(document: str) -> str | None:
        if document not in known:
            return None
        if document not in texts:
            texts[document] = assistant.text(document)
        return texts[document]

    return text, names
