"""The README does what it says."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
Rag = Callable[..., tuple[int, str, str]]


def test_its_commands_run(rag: Rag, tmp_path: Path) -> None:
    commands = re.findall(r"^    \.venv/bin/rag (.+?)(?:\s+#.*)?$", README, re.MULTILINE)
    assert len(commands) >= 5
    for command in commands:
        code, _, stderr = rag(*shlex.split(command), env={"RAG_INDEX": str(tmp_path / "index")}, cwd=ROOT)
        assert code == 0, f"{command}: {stderr}"


def test_its_python_runs(rag: Rag, tmp_path: Path, monkeypatch: object) -> None:
    [block] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    scope: dict[str, object] = {}
    exec(
        compile(
            block.replace('"seeds"', repr(str(ROOT / "seeds"))).replace('"index"', repr(str(tmp_path / "index"))),
            "README",
            "exec",
        ),
        scope,
    )
    scope["assistant"].close()  # type: ignore[attr-defined]


def test_it_names_the_two_commands_that_make_has() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"^    make (\w+)", README, re.MULTILINE))
    assert {"chat", "test"} <= named <= targets


def test_its_links_and_pictures_exist() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).is_file(), target


def test_it_fits_two_screens() -> None:
    assert len(README.splitlines()) <= 130
