"""`rag doctor`."""

from __future__ import annotations

import importlib.metadata
import platform
import sqlite3
from typing import Any

from rag.assistant import Assistant
from rag.commands.common import one_line, write, write_json
from rag.errors import RagError

_PACKAGES = ("chromadb", "llama-index-core", "sentence-transformers", "torch", "onnxruntime", "openvino", "gradio")


def doctor(assistant: Assistant, *, as_json: bool) -> None:
    """Print the state of things; raises RagError, hence exit status 1, if something is wrong."""
    config = assistant.config
    problems: list[str] = []
    state: dict[str, Any] = {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "packages": {name: _version(name) for name in _PACKAGES},
        "docs": str(config.docs.resolve()),
        "index": str(config.index.resolve()),
        "cache": str(config.cache),
    }
    for part, look in (("model", assistant.model_state), ("contents", assistant.index_state)):
        try:
            state[part] = look()
        except RagError as error:
            state[part] = None
            problems += [str(error)] if str(error) not in problems else []
    if not config.docs.is_dir():
        problems.append(f"no folder of documents at {config.docs}: give --docs")
    state["problems"] = problems
    if as_json:
        write_json(state)
    else:
        for key, value in state.items():
            if key != "problems":
                write(f"{key:9} {_shown(value)}")
    if problems:
        raise RagError("; ".join(problems))
    if not as_json:
        write("all is well")


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {'-' if item is None else one_line(str(item))}" for key, item in value.items())
    return one_line(str(value))
