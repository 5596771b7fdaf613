"""Options that many commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

# readable=False: what cannot be read is a problem, status 1, not wrong usage
Docs = Annotated[
    Path | None, typer.Option(readable=False, help="Folder of documents. Default: seeds/ here, else a per-user folder.")
]
IndexDir = Annotated[
    Path | None, typer.Option(readable=False, help="Folder of the index. Default: index/ here, else a per-user folder.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object to standard output and nothing else.")]
Batch = Annotated[Path | None, typer.Option(readable=False, help="JSON lines to read.")]
Out = Annotated[Path | None, typer.Option(readable=False, help="JSON lines to write, one for each input line.")]
