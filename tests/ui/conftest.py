"""Serves the page on loopback and opens it in a real browser; every browser test ends by checking what went wrong."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from ui.app import build_app

from .fakes import FakeAssistant, seeds

EXAMPLES = ("When was the US contractor killed at Kirkuk?", "Why is the US leaving al-Qaim?")


@contextlib.contextmanager
def serving(assistant: FakeAssistant, examples: Sequence[str] = EXAMPLES) -> Iterator[str]:
    """Serve the page over `assistant` in a thread of this process, and end it."""
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listening:
        app = build_app(assistant, examples=examples)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        assert server.started
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        if assistant.gate:
            assistant.gate.set()
        app.state.closing.set()
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture(scope="session")
def seeds_url() -> Iterator[str]:
    """A server over the bundled documents, shared by the tests that change nothing in it."""
    with serving(seeds()) as url:
        yield url


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Start a server of the test's own; it ends with the test."""
    with contextlib.ExitStack() as stack:
        yield lambda assistant, examples=(): stack.enter_context(serving(assistant, examples))


@dataclass
class Visit:
    """A browser page on the chat, and everything that should not have happened on it."""

    page: Page
    troubles: list[str] = field(default_factory=list)

    def ask(self, question: str, state: str | None = "done") -> None:
        """Ask through the keyboard; wait until the answer has that state (None: only until it is under way)."""
        before = self.page.locator(".exchange").count()
        box = self.page.locator("#attest-question textarea")
        box.fill(question)
        box.press("Enter")
        answer = self.page.locator(".exchange").nth(before)
        if state is None:
            answer.wait_for()
        else:
            expect(answer).to_have_attribute("data-state", state, timeout=20_000)

    def check(self, text: str) -> None:
        """Paste a text into the second view and have it checked."""
        self.page.get_by_role("button", name="Check a text").click()
        self.page.get_by_label("Text to check").fill(text)
        self.page.get_by_role("button", name="Check", exact=True).click()

    def marked(self) -> str:
        """Return the text that the source pane marks."""
        self.page.locator(".pane mark").first.wait_for()
        return str(self.page.evaluate("[...document.querySelectorAll('.pane mark')].map(m => m.textContent).join('')"))

    def expect_marked(self, quote: str) -> None:
        """Wait until the source pane marks exactly `quote`."""
        marked = "[...document.querySelectorAll('.pane mark')].map(m => m.textContent).join('')"
        self.page.wait_for_function(f"quote => {marked} === quote", arg=quote)

    def js(self, script: str) -> Any:
        return self.page.evaluate(script)


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Open the page in a fresh profile; in the end nothing outside was asked for and no script failed or slipped in."""
    opened: list[tuple[BrowserContext, Visit]] = []

    def start(url: str, width: int = 1280, height: int = 800, query: str = "", **options: Any) -> Visit:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        visit = Visit(context.new_page())
        opened.append((context, visit))
        _watch(context, visit, url)
        visit.page.goto(url + "/" + query)
        visit.page.locator("#attest .empty").wait_for(timeout=20_000)
        return visit

    yield start
    troubles = []
    for context, visit in opened:
        troubles += visit.troubles
        if visit.js("window.hit !== undefined"):
            troubles.append("a document's script ran")
        context.close()
    assert troubles == []


def _watch(context: BrowserContext, visit: Visit, url: str) -> None:
    def refuse(route: Route) -> None:
        visit.troubles.append(f"asked for {route.request.url}")
        route.abort()

    context.route(re.compile(rf"^(?!{re.escape(url)}/)"), refuse)
    page = visit.page
    page.on("pageerror", lambda error: visit.troubles.append(f"script failed: {error}"))
    page.on("console", lambda m: visit.troubles.append(f"console: {m.text}") if m.type == "error" else None)
    page.on("dialog", lambda dialog: (visit.troubles.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("popup", lambda popup: visit.troubles.append(f"popup: {popup.url}"))
