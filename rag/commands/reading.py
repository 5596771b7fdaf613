"""`rag read`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rag.assistant import Assistant
from rag.commands.common import field, run_batch
from rag.schema import to_dict


def read_batch(assistant: Assistant, source: Path, target: Path) -> None:
    """Read the passage of each line of {"id", "question", "context"}."""

    def work(row: dict[str, Any]) -> dict[str, Any]:
        return {"id": row.get("id"), **to_dict(assistant.read(field(row, "question"), field(row, "context")))}

    run_batch(source, target, work)
