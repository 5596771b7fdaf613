"""Run an exported graph: OpenVINO or ONNX Runtime, whichever measures faster here; sentence-transformers itself as the last resort.

Measured on 2 cores with AVX512-bf16, 512 chunks of about 195 pieces: OpenVINO bf16 153 chunks/s, ONNX Runtime fp32 77,
sentence-transformers 31; cosine to sentence-transformers >= .9999 for all three.
"""

from __future__ import annotations

import importlib.util
import json
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.errors import ModelError

Inputs = dict[str, npt.NDArray[np.int64]]
Outputs = tuple[npt.NDArray[np.float32], ...]
Run = Callable[[list[Inputs]], list[Outputs]]
_MANY = 8  # batches, from which on it pays to run one on each core instead of all cores on each (+15 %)
NAMES = ("openvino", "onnxruntime", "torch")


def available() -> list[str]:
    """Return the names of the backends that are installed."""
    modules = {"openvino": "openvino", "onnxruntime": "onnxruntime", "torch": "sentence_transformers"}
    return [name for name in NAMES if importlib.util.find_spec(modules[name])]


def open_backend(name: str, graph: Path, threads: int) -> Run:
    """Return a function from batches of padded inputs (batch, pieces) to the graph's outputs for each, in order."""
    if name not in available():
        raise ModelError(f"backend {name!r} is not installed; here are: {', '.join(available())}")
    return {"openvino": _openvino, "onnxruntime": _onnxruntime}[name](graph, threads or os.cpu_count() or 1)


def fastest(graph: Path, threads: int) -> str:
    """Measure the graph backends once for each machine and graph, and remember the winner beside the graph."""
    names = [name for name in available() if name != "torch"]
    record = graph.with_suffix(".backend.json")
    try:
        remembered = json.loads(record.read_text())
        if remembered["measured"] == names:
            return str(remembered["fastest"])
    except (OSError, ValueError, KeyError):
        pass
    speeds = {name: _texts_per_second(open_backend(name, graph, threads)) for name in names}
    best = max(speeds, key=lambda name: speeds[name])
    record.write_text(json.dumps({"measured": names, "fastest": best, "texts_per_second": speeds}))
    return best


def _texts_per_second(run: Run) -> float:
    rows, pieces = 16, 128
    ids = np.full((rows, pieces), 2023, np.int64)
    inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    run([inputs])
    times = []
    for _ in range(4):
        start = time.perf_counter()
        run([inputs])
        times.append(time.perf_counter() - start)
    return round(rows / min(times), 1)


def _openvino(graph: Path, threads: int) -> Run:
    os.environ.setdefault("OPENVINO_TELEMETRY_DISABLE", "1")
    import openvino

    core = openvino.Core()
    settings: dict[str, Any] = {"INFERENCE_NUM_THREADS": threads, "CACHE_DIR": str(graph.parent / "openvino")}
    if "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        settings["INFERENCE_PRECISION_HINT"] = "bf16"
    own = graph.with_suffix(".xml")
    path = str(own if own.is_file() else graph)
    few = core.compile_model(path, "CPU", settings | {"NUM_STREAMS": 1})
    queues: list[Any] = []

    def run(batches: list[Inputs]) -> list[Outputs]:
        if len(batches) < _MANY:
            return [_copied(few(inputs).values()) for inputs in batches]
        if not queues:
            many = core.compile_model(path, "CPU", settings | {"NUM_STREAMS": threads})
            queues.append(openvino.AsyncInferQueue(many, 2 * threads))
        found: dict[int, Outputs] = {}

        def keep(request: Any, number: int) -> None:
            found[number] = _copied(request.results.values())

        queues[0].set_callback(keep)
        for number, inputs in enumerate(batches):
            queues[0].start_async(inputs, number)
        queues[0].wait_all()
        return [found[number] for number in range(len(batches))]

    return run


def _onnxruntime(graph: Path, threads: int) -> Run:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])

    def run(batches: list[Inputs]) -> list[Outputs]:
        return [_copied(session.run(None, inputs)) for inputs in batches]

    return run


def _copied(outputs: Iterable[Any]) -> Outputs:
    """Return outputs as arrays of their own: the backend's are overwritten by the next batch."""
    return tuple(np.array(output, dtype=np.float32) for output in outputs)
