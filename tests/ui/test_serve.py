"""Starting and ending the server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from rag.errors import UsageError
from ui.app import _bind, serve

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


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_announces_itself_answers_and_ends_cleanly(ending: signal.Signals) -> None:
    root = Path(__file__).parents[2]
    environ = {key: value for key, value in os.environ.items() if not key.startswith("GRADIO_")}
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(root)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            with urllib.request.urlopen(url + "healthz", timeout=10) as response:
                assert response.status == 200
            process.send_signal(ending)
            out, err = process.communicate(timeout=15)
        finally:
            process.kill()
    assert (process.returncode, out, err) == (0, "ended\n", "")
