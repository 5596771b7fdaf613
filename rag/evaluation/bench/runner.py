"""Run benchmark sets by name."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rag.assistant import Assistant
from rag.config import Config
from rag.evaluation.bench import grounding, reading, retrieval
from rag.evaluation.bench.sets import locate
from rag.evaluation.bench.table import Row, measure
from rag.models.encoder import Encoder
from rag.schema import Progress

TABLE = (
    "squad_dev", "feedbackqa_dev", "dev_squad_v2", "selqa_dev", "wikiqa", "wice_dev_oracle_chunks", "fool_me_twice_dev", "begin",
)  # fmt: skip


def bench(
    data: Path, names: Sequence[str] | None, config: Config, limit: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the measured rows of the sets named (None = those of the table), in order; `limit` questions of each at most.

    Raises:
        DataError: a set is not there, or a file does not hold what it should.
    """
    places = [locate(data, name) for name in names or TABLE]
    encoder = Encoder(config.model, config.cache, config.backend, config.threads)
    with tempfile.TemporaryDirectory() as temporary:
        assistant = Assistant.open(config=_beside(config, temporary))
        found = [
            measure(row)
            for kind, path in places
            for row in _rows(kind, path, assistant, encoder, config, limit, progress)
        ]
        assistant.close()
    return found


def _rows(
    kind: str, path: Path, assistant: Assistant, encoder: Encoder, config: Config, limit: int | None,
    progress: Callable[[Progress], None] | None,
) -> Iterator[Row]:  # fmt: skip
    if kind == "retrieval":
        return retrieval.run(path, config, limit, progress)
    if kind == "qa":
        return reading.read(path, assistant, encoder, limit, progress)
    if kind == "sentence_selection":
        return reading.select(path, assistant, encoder, limit, progress)
    return grounding.run(path, assistant, encoder, limit, progress)


def _beside(config: Config, folder: str) -> Config:
    settings = {name: getattr(config, name) for name in Config.__dataclass_fields__}
    return Config(**{**settings, "docs": Path(folder), "index": Path(folder, "index")})
