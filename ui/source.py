"""Answers the source pane's questions: where a citation stands, what a document says, what comes before and after.

Every request is looked up on this side. The browser names an answer and a number, or a document of the list; it never
sends text, or a path that is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rag.errors import RagError
from rag.schema import Answer, Citation, DocumentInfo
from ui.render import View, inline, markup_spans, name_of, provenance, sentence_case
from ui.sessions import AnswerStore, Citing
from ui.viewer import REACH, Span, extent, location, pieces, window

REMOVED = "This document was removed."
CHANGED = "This document has changed since it was quoted."
UNKNOWN = "This is no longer open. Ask the question again, or check the text again, to see the sources."
NO_DOCUMENT = "There is no such document."


class Library(Protocol):
    """What the page asks of an `Assistant` about documents."""

    def documents(self) -> list[DocumentInfo]:
        """Return what is known of each document."""

    def text(self, document_id: str) -> str:
        """Return a document's extracted text; raises `DocumentError`."""


@dataclass(frozen=True, slots=True)
class Source:
    """The source pane's side of the server: documents, and the answers that point into them."""

    library: Library
    answers: AnswerStore = field(default_factory=AnswerStore)

    def citation(self, owner: str | None, request: object) -> View:
        """Open the citation `[answer_id, n]`."""
        answer, number = self._answer(owner, request)
        found = [citation for citation in answer.citations if citation.n == number] if answer else []
        if not answer or not found:
            return {"error": UNKNOWN}
        citation = found[0]
        place = [item.n for item in answer.citations].index(citation.n) + 1
        head = {
            "title": name_of(citation.document, citation.title),
            "by": provenance(citation.outlet, citation.published),
            "about": f"Citation {place} of {len(answer.citations)}",
        }
        span = Span(citation.start, citation.end)
        text = self.read(citation.document)
        if text is None or text[span.start : span.end] != citation.quote:
            return head | {"gone": REMOVED if text is None else CHANGED, "quote": inline(citation.quote)}
        page = f"page {citation.page}, " if citation.page is not None else ""
        where = {"where": sentence_case(page + location(text, span))}
        return head | where | _excerpt(citation.document, text, span, window(len(text), span), answer)

    def passage(self, owner: str | None, request: object) -> View:
        """Open the passage `[answer_id, rank]`."""
        answer, rank = self._answer(owner, request)
        passages = answer.passages if isinstance(answer, Answer) else ()
        found = [passage for passage in passages if passage.rank == rank]
        if not found:
            return {"error": UNKNOWN}
        passage, span = found[0], Span(found[0].start, found[0].end)
        text = self.read(passage.document)
        head = self._head(passage.document) | {"about": f"Passage {passage.rank} of {len(passages)}"}
        if text is None or text[span.start : span.end] != passage.text:
            return head | {"gone": REMOVED if text is None else CHANGED, "quote": inline(passage.text)}
        where = {"where": sentence_case(location(text, span))}
        return head | where | _excerpt(passage.document, text, span, window(len(text), span), None)

    def document(self, request: object) -> View:
        """Open the document `[document_id]` from its beginning."""
        match request:
            case [str(document)]:
                text = self.read(document)
            case _:
                text = None
        if text is None:
            return {"error": NO_DOCUMENT}
        start = Span(0, 0)
        head = self._head(document) | {"where": extent(text), "about": ""}
        return head | _excerpt(document, text, None, window(len(text), start, 2 * REACH), None)

    def more(self, owner: str | None, request: object) -> View:
        """Return what stands before or after an excerpt: `[document_id, offset, "earlier" | "later", answer_id]`."""
        match request:
            case [str(document), int(offset), "earlier" | "later" as direction, answer_id]:
                text = self.read(document)
            case _:
                text = None
        if text is None:
            return {"error": NO_DOCUMENT}
        edge = min(max(offset, 0), len(text))
        if direction == "earlier":
            within = Span(max(0, edge - REACH), edge)
        else:
            within = Span(edge, min(len(text), edge + REACH))
        return _excerpt(document, text, None, within, self.answers.get(owner, answer_id))

    def read(self, document: str) -> str | None:
        """Return the text of a listed document, None if it is not listed (any longer)."""
        try:
            listed = any(info.id == document for info in self.library.documents())
            return self.library.text(document) if listed else None
        except RagError:
            return None

    def _head(self, document: str) -> View:
        infos = [info for info in self.library.documents() if info.id == document]
        if not infos:
            return {"title": name_of(document, None), "by": ""}
        return {"title": name_of(document, infos[0].title), "by": provenance(infos[0].outlet, infos[0].published)}

    def _answer(self, owner: str | None, request: object) -> tuple[Citing | None, int]:
        match request:
            case [str(key), int(number)]:
                return self.answers.get(owner, key), number
            case _:
                return None, 0


def guarded(call: Callable[..., View], *arguments: object) -> View:
    """Run `call`; a problem becomes one line in the pane."""
    try:
        return call(*arguments)
    except RagError as problem:
        return {"error": str(problem)}


def _excerpt(document: str, text: str, mark: Span | None, within: Span, answer: Citing | None) -> View:
    """Return a window of `text` in pieces, and where it can be continued."""
    cited = [Span(c.start, c.end) for c in _cited(answer, document)]
    cut = pieces(text, within, mark=mark, cited=cited, syntax=markup_spans(text, within))
    return {
        "document": document,
        "parts": [piece.to_view() for piece in cut],
        "earlier": within.start if within.start > 0 else None,
        "later": within.end if within.end < len(text) else None,
    }


def _cited(answer: Citing | None, document: str) -> Sequence[Citation]:
    return [citation for citation in answer.citations if citation.document == document] if answer else []
