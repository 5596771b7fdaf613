"""What the commands share: opening, printing, progress, batches."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from rag.assistant import Assistant
from rag.config import Config
from rag.errors import RagError, SourceError, UsageError
from rag.jsontext import to_json
from rag.schema import Progress


def use(fine: bool, message: str) -> None:
    """Exit with status 2 (wrong usage) and `message` unless `fine`."""
    if not fine:
        raise typer.BadParameter(message)


@contextmanager
def opened(docs: Path | None, index: Path | None) -> Iterator[Assistant]:
    """Open an assistant for one command and close it afterwards."""
    assistant = Assistant.open(config=Config.from_env(docs=docs, index=index))
    try:
        yield assistant
    finally:
        assistant.close()


def one_line(text: str) -> str:
    """Make a text fit to be printed: control characters, which could drive the terminal, are shown as escapes."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text.replace("\n", " ").replace("\xa0", " "))


def paragraph(text: str) -> str:
    """Make a passage fit to be printed: its white space as single spaces, control characters as escapes."""
    return one_line(" ".join(text.split()))


def write(text: str) -> None:
    """Print a line to standard output."""
    sys.stdout.write(
        text.encode(sys.stdout.encoding or "utf-8", "replace").decode(sys.stdout.encoding or "utf-8") + "\n"
    )


def write_json(value: Any) -> None:
    """Print one JSON object to standard output, in UTF-8 whatever the locale."""
    sys.stdout.buffer.write((to_json(value) + "\n").encode())
    sys.stdout.buffer.flush()


def warn(text: str) -> None:
    """Print a line to standard error."""
    sys.stderr.write(one_line(text) + "\n")


@contextmanager
def progress_bar() -> Iterator[Callable[[Progress], None] | None]:
    """Show progress on a terminal's standard error; give None where there is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def report(progress: Progress) -> None:
            if progress.stage not in tasks:
                tasks[progress.stage] = bars.add_task(progress.stage, total=progress.total)
            bars.update(tasks[progress.stage], completed=progress.done, total=progress.total)

        yield report


def run_batch(source: Path, target: Path, work: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Apply `work` to each JSON line of `source`; write a line for each to `target`, with an "error" where that failed.

    Raises:
        SourceError: `source` cannot be read or `target` cannot be written.
    """
    try:
        if target.exists() and source.exists() and target.samefile(source):
            raise SourceError(f"--out {target} is the input itself: give another file")
        lines = _count(source) if source.is_file() else None  # a pipe can be read once only
        with source.open("rb") as stream, target.open("w", encoding="utf-8") as out, progress_bar() as report:
            for number, line in enumerate(stream, start=1):
                out.write(_result(line, number, work) + "\n")
                out.flush()
                if report:
                    report(Progress("answering", number, lines))
    except OSError as error:
        raise SourceError(f"cannot use {error.filename or target} ({error.strerror}): give another file") from None


def _count(source: Path) -> int:
    with source.open("rb") as stream:
        return sum(1 for _ in stream)


def _result(line: bytes, number: int, work: Callable[[dict[str, Any]], dict[str, Any]]) -> str:
    name = None
    try:
        row = json.loads(line.decode("utf-8-sig"))
        if not isinstance(row, dict):
            raise UsageError("is not a JSON object")
        name = row.get("id")
        return to_json(work(row))
    except (ValueError, RecursionError, RagError) as error:
        known = name if isinstance(name, str | int) else None
        return to_json({"id": known, "error": f"line {number}: {one_line(str(error))}"})


def field(row: dict[str, Any], key: str) -> str:
    """Return a text field of a batch line; raises UsageError if it is missing or no text."""
    value = row.get(key)
    if not isinstance(value, str):
        raise UsageError(f'"{key}" is missing or no text')
    return value
