"""`rag index`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from rag.assistant import Assistant
from rag.commands.common import one_line, progress_bar, warn, write, write_json
from rag.errors import SourceError
from rag.schema import SyncReport, to_dict

_LISTED = 20  # documents of each sort; --json lists all


def index(assistant: Assistant, paths: Sequence[Path] | None, *, rebuild: bool, as_json: bool) -> None:
    """Sync and print what changed; a file that could not be read is a line on standard error and exit status 1."""
    report = sync(assistant, paths, rebuild=rebuild)
    if as_json:
        write_json(to_dict(report))
    elif not report.failed or report.unchanged or report.added or report.changed or report.removed:
        _write(report)
    if report.failed:
        count = len(report.failed)
        if count > 1:
            for problem in report.failed:
                warn(f"rag: {problem.path}: {problem.reason}")
        first = report.failed[0]
        raise SourceError(
            f"{first.path}: {first.reason}"
            if count == 1
            else f"{count} files could not be read; all others are indexed"
        )


def sync(assistant: Assistant, paths: Sequence[Path] | None = None, *, rebuild: bool = False) -> SyncReport:
    """Sync with progress and notes on standard error."""
    with progress_bar() as report:
        result = assistant.sync(paths, rebuild=rebuild, progress=report)
    for note in result.notes:
        warn(f"note: {note}")
    return result


def _write(report: SyncReport) -> None:
    for word, names in (("added", report.added), ("changed", report.changed), ("removed", report.removed)):
        for name in names[:_LISTED]:
            write(f"{word:8} {one_line(name)}")
        if len(names) > _LISTED:
            write(f"{word:8} … and {len(names) - _LISTED:,} more")
    for problem in report.skipped[:_LISTED]:
        write(f"skipped  {one_line(problem.path)}: {problem.reason}")
    if len(report.skipped) > _LISTED:
        write(f"skipped  … and {len(report.skipped) - _LISTED:,} more")
    write(
        f"{report.documents:,} documents, {report.chunks:,} chunks; {report.unchanged:,} unchanged, "
        f"{report.embedded:,} chunks embedded, {time.strftime('%M:%S', time.gmtime(report.seconds))} min"
    )
