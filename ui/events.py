"""The page's events: Gradio's values in and out, `ui.chat`, `ui.checking` and `ui.source` in between. Wired by `ui.app`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import anyio.to_thread
import gradio as gr

from ui.chat import Chat, Update, documents_view, transcript_view
from ui.checking import Checking, before_any, check_view
from ui.render import View
from ui.security import session_of
from ui.sessions import Conversation
from ui.source import guarded

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Events:
    """What each event of the page does; each method returns values for the components that `ui.app` names beside it."""

    chat: Chat
    checking: Checking
    examples: tuple[str, ...]

    async def respond(self, question: str, conversation: Conversation, request: gr.Request) -> AsyncIterator[Values]:
        """Answer a question: transcript, conversation, question box, document list."""
        async for state in _in_threads(self._states(question, conversation, _owner(request))):
            yield state

    async def pick(self, conversation: Conversation, event: gr.EventData, request: gr.Request) -> AsyncIterator[Values]:
        """Answer an example question."""
        question = str(event._data.get("question", ""))
        async for state in _in_threads(self._states(question, conversation, _owner(request))):
            yield state

    def halt(self, conversation: Conversation) -> Values:
        """Mark the answer that was stopped: transcript, conversation."""
        update = self.chat.stop(conversation)
        return self._draw(update), update.conversation

    def clear(self, conversation: Conversation, request: gr.Request) -> Values:
        """Start a new conversation: transcript, conversation, question box."""
        update = self.chat.clear(conversation, _owner(request))
        return self._draw(update), update.conversation, ""

    async def check(self, text: str, request: gr.Request) -> AsyncIterator[Values]:
        """Check a text: result, button."""
        async for state in _in_threads(self._checks(text, _owner(request))):
            yield state

    def load(self, conversation: Conversation) -> Values:
        """Fill the page: transcript, document list, result of a check."""
        infos = self.chat.assistant.documents()
        return self._draw(Update(conversation)), documents_view(infos), check_view(before_any(len(infos)))

    def viewer_functions(self) -> list[Callable[..., View]]:
        """Return what the source pane may ask; each takes one value and answers with a view."""
        source = self.chat.source

        def resolve(request: Any, http: gr.Request) -> View:
            return guarded(source.citation, _owner(http), request)

        def open_passage(request: Any, http: gr.Request) -> View:
            return guarded(source.passage, _owner(http), request)

        def open_document(request: Any) -> View:
            return guarded(source.document, request)

        def more(request: Any, http: gr.Request) -> View:
            return guarded(source.more, _owner(http), request)

        return [resolve, open_passage, open_document, more]

    def _draw(self, update: Update) -> View:
        return transcript_view(update, len(self.chat.assistant.documents()), self.examples)

    def _states(self, question: str, conversation: Conversation, owner: str | None) -> Iterator[Values]:
        for number, update in enumerate(self.chat.respond(conversation, question, owner)):
            cleared = "" if number == 0 and update.accepted else gr.skip()
            listed = documents_view(self.chat.assistant.documents()) if number == 0 else gr.skip()
            yield self._draw(update), update.conversation, cleared, listed

    def _checks(self, text: str, owner: str | None) -> Iterator[Values]:
        for check in self.checking.run(text, owner):
            yield check_view(check), gr.update(interactive=check.state != "working")


async def _in_threads(states: Iterator[Values]) -> AsyncIterator[Values]:
    """Yield `states` without blocking the loop; "Stop" takes effect at once, even while the next one is awaited."""
    while True:
        state = await anyio.to_thread.run_sync(next, states, None, abandon_on_cancel=True)
        if state is None:
            return
        yield state


def _owner(request: Any) -> str | None:
    return session_of(request.headers.get("cookie", ""))
