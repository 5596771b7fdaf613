"""`rag chat`."""

from __future__ import annotations

from pathlib import Path

from rag.assistant import Assistant
from rag.commands.common import warn
from rag.commands.indexing import sync

_SEED = "001_fa4e78abf56b979a.txt"  # the bundled documents have questions of their own to begin with
_SEED_QUESTIONS = (
    "How many bases did the US have in Iraq before the withdrawal?",
    "When was a US contractor killed in Kirkuk?",
    "Who put Adnan al-Zurfi forward as prime minister?",
)


def chat(assistant: Assistant, host: str, port: int | None) -> None:
    """Index what changed, then serve the page until interrupted."""
    from ui.app import serve  # gradio takes 2.5 s to import

    report = sync(assistant)
    for problem in report.failed:
        warn(f"not indexed: {problem.path}: {problem.reason}")
    documents = assistant.documents()
    root = assistant.config.docs.resolve()
    others = sum(not Path(info.source).is_relative_to(root) for info in documents)
    if others:
        warn(f"note: the index also holds {others} documents from outside {root}; another --index keeps them apart")
    examples = _SEED_QUESTIONS if any(info.id == _SEED for info in documents) else ()
    serve(assistant, host=host, port=port, examples=examples, on_ready=lambda url: warn(f"Attest is ready: {url}"))
