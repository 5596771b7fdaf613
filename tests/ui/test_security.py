from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from ui.app import build_app
from ui.security import COOKIE, is_loopback, session_of

from .fakes import seeds

HOST = "http://127.0.0.1:7860"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(build_app(seeds()), base_url=HOST) as client:
        yield client


def test_headers_are_on_every_response(client: TestClient) -> None:
    for path in ("/", "/healthz", "/theme.css", "/nope", "/gradio_api/file=/etc/passwd"):
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert not [name for name in headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    "path",
    [
        "file=/etc/passwd", "file=index/catalog.db", "file=..%2f..%2fetc/passwd", "file=https://example.org/x",
        "file/etc/passwd", "%66ile=/etc/passwd", "proxy=https://example.org/", "upload", "stream/x", "vibe-edit",
    ],
)  # fmt: skip
def test_no_files_and_no_proxy(client: TestClient, path: str) -> None:
    assert client.get(f"/gradio_api/{path}").status_code == 403
    assert client.post(f"/gradio_api/{path}", content=b"x").status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/docs", "/redoc", "/openapi.json", "/gradio_api/openapi.json", "/monitoring", "/monitoring/summary",
        "/gradio_api/runs", "/gradio_api/call/respond", "/gradio_api/run/respond", "/gradio_api/api/respond",
        "/login", "/gradio_api/token",
        "/gradio_api/deep_link/x", "//gradio_api/file=/etc/passwd", "/gradio_api//file=/etc/passwd", "/../etc/passwd",
    ],
)  # fmt: skip
def test_what_the_page_does_not_need_is_not_there(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (403, 404)
    assert client.post(path, json={}).status_code in (403, 404)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", "0.0.0.0:7860", "[::", "", "192.168.1.5:7860"],
)
def test_other_hosts_are_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "LOCALHOST", "[::1]:7860", "127.8.9.1"])
def test_this_machine_is_served(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:9999", "http://127.0.0.1:7860.evil"]
)
def test_requests_from_other_pages_are_refused(client: TestClient, origin: str) -> None:
    assert client.post("/gradio_api/queue/join", json={}, headers={"origin": origin}).status_code == 403
    assert client.get("/", headers={"origin": origin}).status_code == 403


def test_events_and_functions_are_private(client: TestClient) -> None:
    config = client.get("/config").json()
    assert config["dependencies"]
    assert {event["api_visibility"] for event in config["dependencies"]} == {"private"}
    info = client.get("/gradio_api/info").json()
    assert info["named_endpoints"] == {}
    assert info["unnamed_endpoints"] == {}


def test_each_browser_gets_a_session_of_its_own_and_keeps_it(client: TestClient) -> None:
    client.cookies.clear()
    first = client.get("/").headers["set-cookie"]
    assert re.fullmatch(rf"{COOKIE}=[\w-]{{43}}; Path=/; HttpOnly; SameSite=Lax", first)
    assert "set-cookie" not in client.get("/").headers
    client.cookies.clear()
    assert client.get("/").headers["set-cookie"] != first


@pytest.mark.parametrize("header", ["", "x=1", f"{COOKIE}=short", f"{COOKIE}={'a' * 44}", f"{COOKIE}=", '"\x00;'])
def test_malformed_sessions_are_none(header: str) -> None:
    assert session_of(header) is None


def test_loopback_is_not_guessed() -> None:
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert is_loopback("localhost")
    assert not any(map(is_loopback, ("0.0.0.0", "::", "10.0.0.1", "example.org", "localhost.evil", "", "2130706433")))
