"""Everything works with the network cut: in a network namespace that has loopback only, from an empty cache on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.offline


def test_index_ask_and_search_need_no_network(rag: Callable[..., Any], isolated: Sequence[str], tmp_path: Path) -> None:
    folders = {"DOCS": ROOT / "seeds", "INDEX": tmp_path / "index", "CACHE": tmp_path / "cache"}
    place = {f"RAG_{name}": str(path) for name, path in folders.items()}

    def run(*args: str) -> Any:
        ran = rag(*args, env=place, prefix=isolated)
        assert (ran.rc, ran.stderr) == (0, "")
        return json.loads(ran.stdout)

    assert run("index", "--json")["documents"] == 2
    answer = run("ask", "When was a US contractor killed in Kirkuk?", "--json")
    assert answer["status"] == "answered"
    assert answer["citations"]
    assert run("search", "Kirkuk", "--json")["passages"]
    assert run("doctor", "--json")["problems"] == []


def test_the_namespace_is_really_cut_off(isolated: Sequence[str]) -> None:
    script = "import socket; socket.create_connection(('192.0.2.1', 80), 3)"
    done = subprocess.run([*isolated, sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "Network is unreachable" in done.stderr
