"""Starting and ending the server."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from rag.errors import UsageError
from ui.app import _bind, serve

from .conftest import Visit
from .fakes import seeds

SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from tests.ui.fakes import seeds
from ui.app import serve
serve(seeds(), port=0, on_ready=lambda url: print(url, flush=True))
print("ended", flush=True)
"""


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])
def test_a_host_that_others_could_reach_is_refused(host: str) -> None:
    with pytest.raises(UsageError, match="no login yet"):
        serve(seeds(), host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_a_busy_port_is_named_in_one_line(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        busy = socket.create_server((host, 0), family=family)
    except OSError:
        pytest.skip(f"{host} is not there on this machine")
    with busy:
        port = busy.getsockname()[1]
        with pytest.raises(UsageError, match=f"Port {port} on {host} cannot be used") as refused:
            serve(seeds(), host=host, port=port)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("port", [-1, 65_536, 10**9])
def test_a_port_that_is_none_is_refused(port: int) -> None:
    with pytest.raises(UsageError, match="cannot be used"):
        serve(seeds(), port=port)


def test_without_a_port_the_next_free_one_is_taken() -> None:
    first, second = _bind("127.0.0.1", None), _bind("127.0.0.1", None)
    with first, second:
        ports = first.getsockname()[1], second.getsockname()[1]
    assert 7860 <= ports[0] < ports[1] < 7910


def test_it_announces_itself_answers_and_ends_cleanly() -> None:
    with started() as process:
        url = read_url(process)
        with urllib.request.urlopen(url + "healthz", timeout=10) as response:
            assert response.status == 200
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=15) == ("ended\n", "")
    assert process.returncode == 0


@pytest.mark.browser
def test_it_ends_at_once_and_quietly_with_a_page_open(visit: Callable[..., Visit]) -> None:
    with started() as process:
        page = visit(read_url(process).rstrip("/"))
        page.ask("Who attacked the Taji base last week?")
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=15) == ("ended\n", "")
        assert time.monotonic() - began < 5
        page.page.locator(".chip").first.click()
        expect(page.page.locator(".pane .problem")).to_contain_text("Attest does not answer")
        page.page.goto("about:blank")
        page.troubles.clear()  # the browser reports a server that is gone
    assert process.returncode == 0


@contextlib.contextmanager
def started() -> Iterator[subprocess.Popen[str]]:
    root = Path(__file__).parents[2]
    environ = {key: value for key, value in os.environ.items() if not key.startswith("GRADIO_")}
    arguments = [sys.executable, "-c", SCRIPT, str(root)]
    pipe = subprocess.PIPE
    with subprocess.Popen(arguments, stdout=pipe, stderr=pipe, text=True, env=environ) as process:
        try:
            yield process
        finally:
            process.kill()


def read_url(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()
