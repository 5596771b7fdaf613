"""The page: one Gradio Blocks inside our own FastAPI, and the server that shows it. No logic of its own."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio.to_thread
import fastapi
import gradio as gr
import uvicorn

from rag.errors import UsageError
from ui.chat import Chat, Update, documents_view, transcript_view
from ui.render import View
from ui.security import Guard, is_loopback, session_of
from ui.sessions import Conversation
from ui.source import Source, guarded

if TYPE_CHECKING:
    from rag import Assistant

DEFAULT_PORT = 7860
MAX_STREAMS = 200
"""Answers that may be under way at once; Gradio's own limit is 40, and 1 for each kind of event."""

_ASSETS = Path(__file__).parent / "assets"
_PORTS_TRIED = 50


def build_app(assistant: Assistant, *, examples: Sequence[str] = ()) -> fastapi.FastAPI:
    """Return the web chat over `assistant`; `examples` are questions offered before the first one is asked."""
    app = fastapi.FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Guard)

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    _inside_a_loop(lambda: _mount(app, assistant, tuple(examples)))
    return app


def _inside_a_loop(build: Callable[[], None]) -> None:
    """Call `build` where an event loop runs: elsewhere Gradio opens one for each of its locks, and leaves it open."""

    async def call() -> None:
        build()

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(call())
    else:
        build()


def _mount(app: fastapi.FastAPI, assistant: Assistant, examples: tuple[str, ...]) -> None:
    """Put the page on `app`."""
    demo = _build_page(assistant, examples)
    # The queue has its own copy of the limit; both must be raised before the first question.
    demo.max_threads = MAX_STREAMS
    demo._queue.max_thread_count = MAX_STREAMS
    gr.mount_gradio_app(
        app,
        demo,
        path="/",
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        theme=_theme(),
        head=f"<style>{_asset('style.css')}</style>",
    )


def serve(
    assistant: Assistant,
    host: str = "127.0.0.1",
    port: int | None = None,
    examples: Sequence[str] = (),
    on_ready: Callable[[str], None] = lambda url: None,
) -> None:
    """Serve the chat until SIGINT or SIGTERM; `on_ready` gets its address once it answers.

    `port` None means 7860, or the next free one; 0 any free one.

    Raises:
        UsageError: the port is in use, or other machines could reach `host`.
    """
    if not is_loopback(host):
        raise UsageError(
            f"The chat has no login yet, so it is served on this machine only, but --host is {host}. Use 127.0.0.1."
        )
    with contextlib.closing(_bind(host, port)) as listening:
        bound = listening.getsockname()[1]
        name = f"[{host}]" if ":" in host else host
        config = uvicorn.Config(
            build_app(assistant, examples=examples),
            log_level="warning",
            timeout_graceful_shutdown=2,
            server_header=False,
        )
        _Server(config, lambda: on_ready(f"http://{name}:{bound}/")).run(sockets=[listening])


class _Server(uvicorn.Server):  # type: ignore[misc]  # uvicorn is not followed by the type checker
    """Tells when it answers, and ends on a signal without raising it again."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Install our handlers while serving; outside the main thread, whoever started it ends it."""
        try:
            kept = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        except ValueError:
            kept = {}
        try:
            yield
        finally:
            for number, handler in kept.items():
                signal.signal(number, handler)


def _bind(host: str, port: int | None) -> socket.socket:
    """Return a bound socket; the port is taken here, so that nobody else can take it before it is announced."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    candidates = range(DEFAULT_PORT, DEFAULT_PORT + _PORTS_TRIED) if port is None else (port,)
    for candidate in candidates:
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host.strip("[]"), candidate))
            listening.listen()
            return listening
        except (OSError, OverflowError) as problem:
            listening.close()
            reason = str(problem)
    if port is None:
        raise UsageError(f"No free port from {candidates[0]} to {candidates[-1]} on {host}. Name one with --port.")
    raise UsageError(f"Port {port} on {host} cannot be used ({reason}). Name another with --port, or leave it out.")


def _build_page(assistant: Assistant, examples: tuple[str, ...]) -> gr.Blocks:
    source = Source(assistant)
    chat = Chat(assistant, source)
    with gr.Blocks(title="Attest", analytics_enabled=False, fill_width=True, fill_height=True) as demo:
        state = gr.State(Conversation())
        with gr.Column(elem_id="attest"):
            side = _own("documents", "attest-side", value={})
            transcript = _own("transcript", "attest-transcript", value={})
            with gr.Row(elem_id="attest-composer"):
                box = gr.Textbox(
                    show_label=False,
                    label="Question",
                    placeholder="Ask a question",
                    lines=1,
                    max_lines=6,
                    autofocus=True,
                    container=False,
                    elem_id="attest-question",
                )
                ask = gr.Button("Ask", variant="primary", elem_id="attest-ask")
                stop = gr.Button("Stop", elem_id="attest-stop")
            _own("viewer", "attest-source", value={}, server_functions=_viewer_functions(source))
        _wire(demo, chat, examples, (state, side, transcript, box, ask, stop))
    demo.queue(api_open=False, default_concurrency_limit=None)
    return demo


def _wire(demo: gr.Blocks, chat: Chat, examples: tuple[str, ...], parts: tuple[Any, ...]) -> None:
    """Connect the page's events; each is private, so that nothing can be called from outside the page."""
    state, side, transcript, box, ask, stop = parts
    quiet: dict[str, Any] = {
        "api_visibility": "private",
        "show_progress": "hidden",
        "concurrency_limit": None,
    }

    def draw(update: Update) -> View:
        return transcript_view(update, len(chat.assistant.documents()), examples)

    def states(question: str, conversation: Any, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        for number, update in enumerate(chat.respond(conversation, question, _owner(request))):
            cleared = "" if number == 0 and update.accepted else gr.skip()
            listed = documents_view(chat.assistant.documents()) if number == 0 else gr.skip()
            yield draw(update), update.conversation, cleared, listed

    async def respond(question: str, conversation: Any, request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        async for state in _in_threads(states(question, conversation, request)):
            yield state

    async def pick(conversation: Any, event: gr.EventData, request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        async for state in _in_threads(states(str(event._data.get("question", "")), conversation, request)):
            yield state

    def halt(conversation: Any) -> tuple[Any, ...]:
        update = chat.stop(conversation)
        return draw(update), update.conversation

    def clear(conversation: Any, request: gr.Request) -> tuple[Any, ...]:
        update = chat.clear(conversation, _owner(request))
        return draw(update), update.conversation, ""

    def load(conversation: Any) -> tuple[Any, ...]:
        return draw(Update(conversation)), documents_view(chat.assistant.documents())

    outputs = [transcript, state, box, side]
    asked = gr.on([box.submit, ask.click], respond, [box, state], outputs, **quiet)
    picked = transcript.pick(pick, [state], outputs, **quiet)
    stop.click(halt, [state], [transcript, state], cancels=[asked, picked], **quiet)
    side.fresh(clear, [state], [transcript, state, box], cancels=[asked, picked], **quiet)
    demo.load(load, [state], [transcript, side], **quiet)


async def _in_threads(states: Iterator[tuple[Any, ...]]) -> AsyncIterator[tuple[Any, ...]]:
    """Yield `states` without blocking the loop; "Stop" takes effect at once, even while the next one is awaited."""
    while True:
        state = await anyio.to_thread.run_sync(next, states, None, abandon_on_cancel=True)
        if state is None:
            return
        yield state


def _viewer_functions(source: Source) -> list[Callable[..., View]]:
    def resolve(request: Any, http: gr.Request) -> View:
        return guarded(source.citation, _owner(http), request)

    def open_passage(request: Any, http: gr.Request) -> View:
        return guarded(source.passage, _owner(http), request)

    def open_document(request: Any) -> View:
        return guarded(source.document, request)

    def more(request: Any, http: gr.Request) -> View:
        return guarded(source.more, _owner(http), request)

    return [resolve, open_passage, open_document, more]


def _own(name: str, elem_id: str, **options: Any) -> gr.HTML:
    """Return a component of our own: a static frame, drawn by our script from a JSON value."""
    return gr.HTML(
        html_template=f'<div class="attest-{name}"></div>',
        js_on_load=_asset("common.js") + _asset(f"{name}.js"),
        elem_id=elem_id,
        apply_default_css=False,
        **options,
    )


def _theme() -> gr.themes.Base:
    """Return the plainest theme with the fonts of the reader's own system: none is fetched."""
    sans = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif"]
    return gr.themes.Base(font=sans, font_mono=["ui-monospace", "monospace"])


def _owner(request: Any) -> str | None:
    return session_of(request.headers.get("cookie", ""))


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")
