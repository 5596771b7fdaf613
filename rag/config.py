"""Where things are and which model is used: one frozen value, read from the environment once, at the edge."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from rag.errors import UsageError

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_APP = "attest-rag"


def _default_docs() -> Path:
    return Path("seeds") if Path("seeds").is_dir() else Path(platformdirs.user_documents_dir()) / _APP


def _default_index() -> Path:
    return Path("index") if Path("index").is_dir() else Path(platformdirs.user_data_dir(_APP)) / "index"


def _default_cache() -> Path:
    return Path(platformdirs.user_cache_dir(_APP))


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting.

    Attributes:
        docs: the folder of documents. Default: `seeds/` below the current folder, else a per-user folder.
        index: the folder of the index. Default: `index/` below the current folder, else a per-user folder.
        cache: where exported model graphs are kept; may be deleted at any time.
        model: "all-MiniLM-L6-v2" (the bundled weights), or the folder or cached name of a sentence-transformers model.
        backend: "auto" (the fastest that measures so on this machine), "openvino", "onnxruntime" or "torch".
        threads: CPU threads for the model; 0 = one for each core.
        max_file_mb: a text, Markdown or HTML file above this many megabytes is refused (`.jsonl` is read line by line).
    """

    docs: Path = field(default_factory=_default_docs)
    index: Path = field(default_factory=_default_index)
    cache: Path = field(default_factory=_default_cache)
    model: str = DEFAULT_MODEL
    backend: str = "auto"
    threads: int = 0
    max_file_mb: int = 50

    def __post_init__(self) -> None:
        if self.threads < 0:
            raise UsageError(f"RAG_THREADS is {self.threads}: give the number of threads, 0 for one on each core")
        if self.max_file_mb < 1:
            raise UsageError(f"RAG_MAX_FILE_MB is {self.max_file_mb}: give at least 1")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **overrides: object) -> Config:
        """Read RAG_DOCS, RAG_INDEX, RAG_CACHE, RAG_MODEL, RAG_BACKEND, RAG_THREADS and RAG_MAX_FILE_MB.

        `overrides` that are not None win over the environment. Raises UsageError for a value that cannot be.
        """
        env = os.environ if environ is None else environ
        kinds = {
            "docs": Path,
            "index": Path,
            "cache": Path,
            "model": str,
            "backend": str,
            "threads": int,
            "max_file_mb": int,
        }
        values: dict[str, object] = {}
        for name, kind in kinds.items():
            given = overrides.get(name)
            raw = given if given is not None else env.get(f"RAG_{name.upper()}") or None
            if raw is not None:
                try:
                    values[name] = kind(raw)
                except ValueError:
                    raise UsageError(f"RAG_{name.upper()} is {raw!r}: give a whole number") from None
        return cls(**values)  # type: ignore[arg-type]
