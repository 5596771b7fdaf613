"""`rag ask` and `rag search`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rag.assistant import Assistant
from rag.commands.common import field, one_line, paragraph, run_batch, write, write_json
from rag.errors import UsageError
from rag.schema import Answer, Citation, Passage, Turn, to_dict
from rag.text.markup import plain

_SHOWN = 3  # nearest passages under a "not found"


def ask(assistant: Assistant, question: str, *, as_json: bool) -> None:
    """Answer one question."""
    answer = assistant.ask(question)
    if as_json:
        write_json(answer.to_dict())
    elif answer.status == "not_found":
        _write_not_found(answer)
    else:
        _write_answer(answer)


def ask_batch(assistant: Assistant, source: Path, target: Path) -> None:
    """Answer each line of {"id", "question", "history"?, "documents"?}."""
    assistant.index_state()  # an index that cannot be asked is one error, not one for each line

    def work(row: dict[str, Any]) -> dict[str, Any]:
        history, documents = _history(row.get("history")), _names(row.get("documents"))
        answer = assistant.ask(field(row, "question"), history, documents)
        return answer.to_dict() | {"id": row.get("id")}

    run_batch(source, target, work)


def search(assistant: Assistant, query: str, k: int, *, as_json: bool) -> None:
    """Find passages for one query."""
    passages = assistant.retrieve(query, k)
    if as_json:
        write_json({"query": query, "passages": to_dict(passages)})
        return
    for passage in passages:
        write(
            f"{passage.rank}. {one_line(passage.document)} [{passage.start}:{passage.end}]  score {passage.score:.3f}"
        )
        write(f"   {paragraph(plain(passage.text))}\n")


def search_batch(assistant: Assistant, source: Path, target: Path, k: int) -> None:
    """Find passages for each line of {"id", "text"}."""
    assistant.index_state()

    def work(row: dict[str, Any]) -> dict[str, Any]:
        passages = assistant.retrieve(field(row, "text"), k)
        return {"id": row.get("id"), "passages": [_short(passage) for passage in passages]}

    run_batch(source, target, work)


def _short(passage: Passage) -> dict[str, Any]:
    return {key: getattr(passage, key) for key in ("document", "start", "end", "score", "text")}


def _write_answer(answer: Answer) -> None:
    if answer.short_answer:
        write(f"{one_line(answer.short_answer)}\n")
    for sentence in answer.sentences:
        marks = "".join(f"[{n}]" for n in sentence.citations)
        write(f"“{paragraph(plain(sentence.text))}” {marks}\n")
    write("Sources")
    for citation in answer.citations:
        write(f"[{citation.n}] {source(citation)}")
    if answer.reason:
        write(f"\n{one_line(answer.reason)}")
    write(f"\nQuoted word for word. Confidence that this answers the question: {answer.confidence:.0%}.")


def source(citation: Citation) -> str:
    """Return a line that says what is cited, and where it stands."""
    parts = [citation.title or citation.document, citation.outlet, citation.published or "undated"]
    known = ", ".join(one_line(part) for part in parts if part)
    return f"{known} ({one_line(citation.document)}, characters {citation.start}–{citation.end})"


def _write_not_found(answer: Answer) -> None:
    write(f"Your documents do not say. {one_line(answer.reason or '')}")
    if answer.passages:
        write("\nClosest passages")
    for passage in answer.passages[:_SHOWN]:
        write(
            f"- {one_line(passage.document)} [{passage.start}:{passage.end}]: {paragraph(plain(passage.text))[:300]}…"
        )


def _history(value: Any) -> list[Turn]:
    if value is None:
        return []
    try:
        turns = [Turn(turn["role"], turn["content"]) for turn in value]
    except (TypeError, KeyError):
        raise UsageError('"history" is not a list of {"role", "content"}') from None
    if any(turn.role not in ("user", "assistant") or not isinstance(turn.content, str) for turn in turns):
        raise UsageError('"history" roles are "user" and "assistant", contents are texts')
    return turns


def _names(value: Any) -> list[str] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise UsageError('"documents" is not a list of document ids')
    return value or None
