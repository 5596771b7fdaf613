"""Export a sentence-transformers model, pooling and normalisation included, to one ONNX graph, once for each machine.

This is the only module that imports sentence-transformers and torch to run (3.5 to 6 s and a gigabyte), so it stays off the
asking path: `export_aside` runs it in a process of its own.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ModelError

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def load(folder: Path) -> SentenceTransformer:
    """Load the model in `folder` with sentence-transformers on the CPU, from local files only and running no code of theirs."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch and transformers warn of their own deprecations at import
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True, trust_remote_code=False)


def export(folder: Path, target: Path) -> None:
    """Write the graph of the model in `folder` to `target`: inputs int64 (batch, pieces), output float32 (batch, dimension)."""
    import torch

    class Graph(torch.nn.Module):
        def __init__(self, model: torch.nn.Module) -> None:
            super().__init__()
            self.model = model

        def forward(
            self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
        ) -> torch.Tensor:
            inputs = dict(zip(INPUTS, (input_ids, attention_mask, token_type_ids), strict=True))
            embedding: torch.Tensor = self.model(inputs)["sentence_embedding"]
            return embedding

    model = load(folder).eval()
    _write(
        Graph(model),
        model.tokenizer(["one", "a second text"], padding=True, return_tensors="pt"),
        ["embedding"],
        target,
    )


def export_reader(folder: Path, weights: Path, target: Path) -> None:
    """Write the reader's graph to `target`: inputs int64 (batch, pieces), outputs as `Trunk.forward` has them.

    `folder` holds the encoder whose word embeddings the reader shares, `weights` all its other weights.
    """
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from rag.models.trunk import load_weights, new_trunk

        trunk = new_trunk(folder)
        load_weights(trunk, weights)
    ids = torch.tensor([[101, 2054, 102, 2028, 2048, 102], [101, 2054, 102, 2028, 102, 0]])
    kinds = torch.tensor([[0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 0]])
    example = dict(zip(INPUTS, (ids, (ids > 0).long(), kinds), strict=True))
    _write(trunk.eval(), example, ["spans", "verdicts"], target)


def _write(graph: torch.nn.Module, example: Mapping[str, torch.Tensor], outputs: Sequence[str], target: Path) -> None:
    """Write a graph as ONNX, the file itself last: where it is, all is.

    Where OpenVINO is installed, its own form is written beside it (`.xml`, `.bin`): from torch it keeps the attention whole,
    which runs a tenth faster than through ONNX.
    """
    import torch

    axes = {name: {0: "batch", 1: "pieces"} for name in (*INPUTS, "spans")}
    axes |= {name: {0: "batch"} for name in outputs if name != "spans"}
    target.parent.mkdir(parents=True, exist_ok=True)
    # tracing warns of branches that are constant here; tests hold the results to torch's own
    with tempfile.TemporaryDirectory(dir=target.parent) as aside, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = Path(aside, target.name)
        torch.onnx.export(
            graph, tuple(example[i] for i in INPUTS), str(made), input_names=list(INPUTS),
            output_names=list(outputs), dynamic_axes=axes, dynamo=False, opset_version=17,
        )  # fmt: skip
        if importlib.util.find_spec("openvino"):
            import openvino

            converted = openvino.convert_model(graph, example_input={i: example[i] for i in INPUTS})
            openvino.save_model(converted, str(made.with_suffix(".xml")), compress_to_fp16=False)
        for suffix in (".bin", ".xml", target.suffix):
            if made.with_suffix(suffix).exists():
                os.replace(made.with_suffix(suffix), target.with_suffix(suffix))


def export_aside(folder: Path, target: Path) -> None:
    """Run `export` in a process of its own, so that torch's memory and threads go with it; raises ModelError if it fails."""
    _aside("export", folder, target)


def export_reader_aside(folder: Path, weights: Path, target: Path) -> None:
    """Run `export_reader` in a process of its own; raises ModelError if it fails."""
    _aside("export_reader", folder, weights, target)


def _aside(function: str, *paths: Path) -> None:
    program = f"import sys, pathlib, rag.models.export as e; e.{function}(*map(pathlib.Path, sys.argv[1:]))"
    command = [sys.executable, "-c", program, *map(str, paths)]
    target = paths[-1]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ModelError(
            f"cannot write in the cache folder {target.parent} ({error.strerror}): make it writable, or set RAG_CACHE"
        ) from None
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise ModelError(f"the model in {paths[0]} could not be exported ({last}): try RAG_BACKEND=torch")
