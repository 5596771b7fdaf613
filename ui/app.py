"""The page: one Gradio Blocks inside our own FastAPI, and the server that shows it. No logic of its own."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fastapi
import gradio as gr
import uvicorn

from rag.errors import UsageError
from ui.chat import Chat
from ui.checking import Checking
from ui.events import Events
from ui.security import Guard, is_loopback
from ui.sessions import Conversation
from ui.source import Source

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
    app.state.closing = asyncio.Event()
    app.add_middleware(Guard, closing=app.state.closing)

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
        app = build_app(assistant, examples=examples)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2, server_header=False)
        server = _Server(config, lambda: on_ready(f"http://{name}:{bound}/"), app.state.closing)
        server.run(sockets=[listening])


class _Server(uvicorn.Server):  # type: ignore[misc]  # uvicorn is not followed by the type checker
    """Tells when it answers; ends on a signal without raising it again, and without waiting for open pages."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], closing: asyncio.Event) -> None:
        super().__init__(config)
        self._ready = ready
        self._closing = closing

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._closing.set()
        await super().shutdown(sockets=sockets)

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
            reason = getattr(problem, "strerror", None) or str(problem)
    if port is None:
        raise UsageError(f"No free port from {candidates[0]} to {candidates[-1]} on {host}. Name one with --port.")
    raise UsageError(f"Port {port} on {host} cannot be used ({reason}). Name another with --port, or leave it out.")


def _build_page(assistant: Assistant, examples: tuple[str, ...]) -> gr.Blocks:
    source = Source(assistant)
    events = Events(Chat(assistant, source), Checking(assistant, source), examples)
    with gr.Blocks(title="Attest", analytics_enabled=False, fill_width=True, fill_height=True) as demo:
        state = gr.State(Conversation())
        with gr.Column(elem_id="attest"):
            side = _own("documents", "attest-side", value={})
            transcript = _own("transcript", "attest-transcript", value={})
            with gr.Row(elem_id="attest-composer"):
                box = _question_box()
                ask = gr.Button("Ask", variant="primary", elem_id="attest-ask")
                stop = gr.Button("Stop", elem_id="attest-stop")
            result = _own("checking", "attest-check", value={})
            with gr.Row(elem_id="attest-paste"):
                text = _text_box()
                go = gr.Button("Check", variant="primary", elem_id="attest-go")
            _own("viewer", "attest-source", value={}, server_functions=events.viewer_functions())
        # Private: nothing can be called from outside the page. No limit: Gradio's own is one at a time for each event.
        how: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": None}
        growing = [transcript, state, box, side]
        asked = gr.on([box.submit, ask.click], events.respond, [box, state], growing, **how)
        picked = transcript.pick(events.pick, [state], growing, **how)
        stop.click(events.halt, [state], [transcript, state], cancels=[asked, picked], **how)
        side.fresh(events.clear, [state], [transcript, state, box], cancels=[asked, picked], **how)
        go.click(events.check, [text], [result, go], **how)
        demo.load(events.load, [state], [transcript, side, result], **how)
    demo.queue(api_open=False, default_concurrency_limit=None)
    return demo


def _question_box() -> gr.Textbox:
    return gr.Textbox(
        label="Question",
        show_label=False,
        placeholder="Ask a question",
        lines=1,
        max_lines=6,
        autofocus=True,
        container=False,
        elem_id="attest-question",
    )


def _text_box() -> gr.Textbox:
    """Return the box for the text to check; one that is too long is refused in words rather than cut by the browser."""
    return gr.Textbox(
        label="Text to check",
        show_label=False,
        placeholder="Paste a text",
        lines=4,
        max_lines=4,
        container=False,
        elem_id="attest-text",
    )


def _own(name: str, elem_id: str, **options: Any) -> gr.HTML:
    """Return a component of our own: a static frame, drawn by our script from a JSON value."""
    return gr.HTML(
        html_template=f'<div class="attest-{name}"></div>',
        js_on_load=_asset("common.js") + _asset("citations.js") + _asset(f"{name}.js"),
        elem_id=elem_id,
        apply_default_css=False,
        **options,
    )


def _theme() -> gr.themes.Base:
    """Return the plainest theme with the fonts of the reader's own system: none is fetched."""
    sans = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif"]
    return gr.themes.Base(font=sans, font_mono=["ui-monospace", "monospace"])


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")
