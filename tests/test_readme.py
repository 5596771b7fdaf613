"""The README does what it says."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
Rag = Callable[..., tuple[int, str, str]]


def test_its_commands_run(rag: Rag, tmp_path: Path) -> None:
    """In the order of the text, in a folder that holds nothing but the seeds, from documents to a gate."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    commands = re.findall(r"^    \.venv/bin/rag (.+?)(?:\s+#.*)?$", README, re.MULTILINE)
    assert len(commands) >= 10
    gate = [command.split()[:2] for command in commands if command.split()[-1] == "seeds" or command.startswith("eval")]
    assert gate[-5:] == [["index", "seeds"], ["eval", "make"], ["eval", "run"], ["eval", "score"], ["eval", "gate"]]
    place = {"RAG_INDEX": str(tmp_path / "index")}
    for command in commands:
        if "answer.json" in command:
            _, answer, _ = rag("ask", "Who is Adnan al-Zurfi?", "--json", env=place)
            (tmp_path / "answer.json").write_text(answer, encoding="utf-8")
        code, stdout, stderr = rag(*shlex.split(command), env=place)
        assert code == 0, f"{command}: {stderr}"
    assert stdout.endswith("gate: pass\n")
    assert "[[rule]]" in (tmp_path / "gate.toml").read_text(encoding="utf-8")


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
