"""What happens when a question is asked: plain functions that turn it into a growing conversation.

Called by `ui.app`, which only wires them to the page. A problem becomes a line that the reader sees, never a traceback.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from rag.errors import RagError
from rag.schema import Answer, DocumentInfo, Turn
from ui.pace import paced
from ui.render import View, announcement, name_of, provenance, render_answer, said
from ui.sessions import Conversation, Exchange, new_id
from ui.source import Library, Source

MAX_QUESTION = 4_000
"""Characters; a longer text is a document, not a question."""

PAUSE = 0.1
"""Seconds between two updates of the page: ten a second read as live, more only cost."""

NO_DOCUMENTS = "Add documents to start. Answers come only from what you add."
NO_QUESTION = "Type a question first."
STOPPED = "Stopped. The text above is incomplete."
STOPPED_EARLY = "Stopped before an answer was found."
NO_SESSION = "This page has lost its session. Load it again, and allow it a cookie."
UNEXPECTED = "The answer could not be finished: a fault in Attest. The details are in the terminal that runs it."

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class Answers(Library, Protocol):
    """What the chat asks of an `Assistant`."""

    def stream(
        self, question: str, history: Sequence[Turn] = (), documents: Sequence[str] | None = None
    ) -> Iterator[Answer]:
        """Yield growing snapshots of the answer; the last is complete."""


@dataclass(frozen=True, slots=True)
class Update:
    """One state of the page. `accepted` is False where the question was refused and should stay in its box.

    `notice` is what a screen reader is told.
    """

    conversation: Conversation
    notice: str = ""
    accepted: bool = True


@dataclass(frozen=True, slots=True)
class Chat:
    """The chat over one assistant."""

    assistant: Answers
    source: Source

    def respond(self, conversation: Conversation, question: str, owner: str | None) -> Iterator[Update]:
        """Answer `question`, yielding the conversation as it grows, at most ten times a second."""
        question = question.strip()
        refusal = _refusal(question)
        if refusal or not owner:
            notice = refusal or NO_SESSION
            yield Update(conversation, notice, accepted=False)
            return
        exchange = Exchange(new_id(), question)
        steps = self._steps(exchange, conversation.turns(), owner)

        def failed(problem: str) -> tuple[Exchange, str]:
            return replace(exchange, state="failed", stage="", problem=problem), problem

        for step, notice in told(steps, failed, UNEXPECTED):
            exchange = step  # what there is so far stays visible if the next step fails
            yield Update(conversation.with_last(exchange), notice)

    def stop(self, conversation: Conversation) -> Update:
        """Mark an answer that was cut short."""
        if not conversation.exchanges or conversation.exchanges[-1].state != "working":
            return Update(conversation)
        last = conversation.exchanges[-1]
        begun = bool(last.answer and last.answer["sentences"])
        problem = STOPPED if begun else STOPPED_EARLY
        return Update(conversation.with_last(replace(last, state="stopped", stage="", problem=problem)), problem)

    def clear(self, conversation: Conversation, owner: str | None) -> Update:
        """Start anew; the answers of the old conversation can no longer be opened."""
        self.source.answers.drop(owner, tuple(exchange.id for exchange in conversation.exchanges))
        return Update(Conversation(), "New conversation.")

    def _steps(self, exchange: Exchange, history: Sequence[Turn], owner: str) -> Iterator[tuple[Exchange, str]]:
        infos = {info.id: info for info in self.assistant.documents()}
        if not infos:
            yield replace(exchange, state="failed", problem=NO_DOCUMENTS), NO_DOCUMENTS
            return
        stage = f"Searching {count_of(len(infos))}…"
        yield replace(exchange, stage=stage), stage
        draw = _Drawing(self.source, infos, owner)
        snapshot = None
        for snapshot in paced(self.assistant.stream(exchange.question, history=history), PAUSE):
            yield draw(exchange, snapshot), ""
        if snapshot is None:
            raise RagError("The assistant gave no answer. Ask again.")
        finished = replace(draw(exchange, snapshot), state="done", stage="", said=said(snapshot))
        yield finished, announcement(snapshot)


@dataclass(slots=True)
class _Drawing:
    """Draws the snapshots of one answer; each cited text is read once, however often it is drawn."""

    source: Source
    infos: dict[str, DocumentInfo]
    owner: str
    texts: dict[str, str | None] = field(default_factory=dict)

    def __call__(self, exchange: Exchange, answer: Answer) -> Exchange:
        self.source.answers.put(self.owner, exchange.id, answer)
        if not answer.passages and not answer.sentences and answer.status == "answered":
            return replace(exchange, stage=f"Searching {count_of(len(self.infos))}…")
        reading = len(answer.passages)
        stage = f"Reading {reading} passage{'' if reading == 1 else 's'}…"
        return replace(exchange, stage=stage, answer=render_answer(answer, self.infos, self._read))

    def _read(self, document: str) -> str | None:
        if document not in self.texts:
            self.texts[document] = self.source.read(document)
        return self.texts[document]


def told(steps: Iterator[_T], failed: Callable[[str], _T], unexpected: str) -> Iterator[_T]:
    """Yield `steps`; where one fails, a last one made of the line to be shown: `unexpected`, if it is a fault of ours."""
    try:
        yield from steps
    except RagError as problem:
        yield failed(str(problem))
    except Exception:
        _log.exception("a question or a check failed")
        yield failed(unexpected)


def transcript_view(update: Update, documents: int, examples: Sequence[str]) -> View:
    """Return what the transcript component draws."""
    exchanges = update.conversation.exchanges
    return {
        "documents": documents,
        "empty": f"Ask about your {count_of(documents)}" if documents else NO_DOCUMENTS,
        "examples": list(examples) if documents else [],
        "exchanges": [_exchange_view(exchange) for exchange in exchanges],
        "busy": bool(exchanges) and exchanges[-1].state == "working",
        "notice": update.notice,
        "refused": "" if update.accepted else update.notice,
    }


def documents_view(infos: Sequence[DocumentInfo]) -> View:
    """Return what the document list draws."""
    listed = [
        {
            "id": info.id,
            "title": name_of(info.id, info.title),
            "by": provenance(info.outlet, info.published),
        }
        for info in infos
    ]
    return {"scope": count_of(len(listed)), "documents": listed}


def count_of(documents: int) -> str:
    """Return "1 document", "2 documents"."""
    return f"{documents} document{'' if documents == 1 else 's'}" if documents else "No documents"


def _refusal(question: str) -> str | None:
    if not question:
        return NO_QUESTION
    if len(question) > MAX_QUESTION:
        return f"The question has {len(question):,} characters; at most {MAX_QUESTION:,} can be asked. Shorten it."
    return None


def _exchange_view(exchange: Exchange) -> dict[str, Any]:
    return {
        "id": exchange.id,
        "question": exchange.question,
        "state": exchange.state,
        "stage": exchange.stage,
        "answer": exchange.answer,
        "problem": exchange.problem,
    }
