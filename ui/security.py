"""What keeps the page to itself: headers, the hosts it answers to, the paths it serves, and who may see an answer.

Everything is refused that the page does not need, so a route that a new Gradio adds is closed until it is named here.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "attest_session"
"""Holds an unguessable token; an answer can be opened only with the token it was asked with."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "style-src 'self' 'unsafe-inline'",
        # Gradio builds its components with Function(); no document text ever reaches one of them as code or HTML.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "object-src 'none'",
    )
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_REFUSED = re.compile(r"/gradio_api/(?:file|proxy|upload|stream|vibe|deep_link)")
_STREAM = re.compile(r"/gradio_api/(?:heartbeat/|queue/data$)")
_SERVED = re.compile(
    r"""/
    (?: $ | healthz$ | theme\.css$ | favicon\.ico$ | manifest\.json$ | robots\.txt$ | pwa_icon(?:/\d+)?$ | config/?$
      | (?:assets|static|svelte)/.+
      | gradio_api/(?: theme\.css$ | app_id/?$ | startup-events$ | info/?$ | queue/(?:join|data)$ | cancel$ | reset/?$
                     | heartbeat/[A-Za-z0-9]+$ | component_server/?$ )
    )""",
    re.VERBOSE,
)


def is_loopback(host: str) -> bool:
    """Whether `host` (a name or an address, without port) can only mean this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def session_of(cookie_header: str) -> str | None:
    """Return the session token in a Cookie header, None if there is none or it is malformed."""
    try:
        morsel = SimpleCookie(cookie_header).get(COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel and _TOKEN.fullmatch(morsel.value) else None


class Guard:
    """ASGI middleware in front of everything, `/healthz` included.

    Once `closing` is set, the streams that an open page listens to end, so that the server can.
    """

    def __init__(self, app: ASGIApp, closing: asyncio.Event) -> None:
        self.app = app
        self.closing = closing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what is not the page's own, and add the headers and the session cookie to what is."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = Headers(scope=scope)
        issued = None if session_of(headers.get("cookie", "")) else secrets.token_urlsafe(32)
        if scope["path"] != "/":
            issued = None

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                _seal(MutableHeaders(scope=message), issued)
            await send(message)

        heard = self._until_closing(receive) if _STREAM.match(scope["path"]) else receive
        refusal = _refusal(scope["path"], headers)
        await (refusal or self.app)(scope, heard, sealed)

    def _until_closing(self, receive: Receive) -> Receive:
        async def receive_or_leave() -> Message:
            message = asyncio.ensure_future(receive())
            closed = asyncio.ensure_future(self.closing.wait())
            try:
                await asyncio.wait((message, closed), return_when=asyncio.FIRST_COMPLETED)
                return message.result() if message.done() else {"type": "http.disconnect"}
            finally:
                message.cancel()
                closed.cancel()

        return receive_or_leave


def _refusal(path: str, headers: Headers) -> PlainTextResponse | None:
    """Return the response to a request that must not go further."""
    host = headers.get("host", "")
    if not is_loopback(_name(f"//{host}")):
        return PlainTextResponse("This address is not served here.\n", 403)
    origin = headers.get("origin")
    if origin is not None and origin.partition("://")[2] != host:
        return PlainTextResponse("Requests from other pages are refused.\n", 403)
    if _REFUSED.match(path):
        return PlainTextResponse("No files are served here.\n", 403)
    if not _SERVED.match(path):
        return PlainTextResponse("Not found.\n", 404)
    return None


def _name(address: str) -> str:
    """Return the host of `address`, "" if it is malformed."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _seal(headers: MutableHeaders, token: str | None) -> None:
    for name, value in HEADERS.items():
        headers[name] = value
    for name in [name for name in headers if name.lower().startswith("access-control-")]:
        del headers[name]
    if token:
        headers.append("set-cookie", f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax")
