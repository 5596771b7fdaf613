"""What half and eight-bit precision cost the reader: `python -m rag.training.precision --data DIR --out FOLDER`.

FOLDER is where `rag.training.reader` kept its state. Prints a table over the development articles: F1 and EM of the best span,
AUROC of answerability, and pieces read a second, for the weights in fp32, in fp16 as they ship, and in int8 (ONNX Runtime's
dynamic quantisation), on the backends that there are.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.torch import load_file

from rag.config import Config
from rag.evaluation.matching import exact_match, token_f1
from rag.models import backends
from rag.models.export import export_reader
from rag.models.reader import Reader
from rag.models.trunk import new_trunk, save_weights
from rag.models.weights import find_weights
from rag.training.reader import trunk_of
from rag.training.rows import Row, read_rows


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("build/reader"))
    parser.add_argument("--rows", type=int, default=800)
    options = parser.parse_args()
    rows = list(read_rows(options.data / "dev_squad_v2.jsonl.gz"))
    rows = rows[:: max(1, len(rows) // options.rows)]
    folder = find_weights(Config().model).folder
    trunk = new_trunk(folder)
    trunk.load_state_dict(trunk_of(load_file(options.out / "state.safetensors")))
    write = sys.stdout.write
    write("| weights | backend | MB | F1 | EM | AUROC | pieces/s |\n|---|---|---|---|---|---|---|\n")
    with tempfile.TemporaryDirectory() as temporary:
        graphs = {}
        for name, half in (("fp32", False), ("fp16", True)):
            weights = Path(temporary, f"{name}.safetensors")
            save_weights(trunk, weights, half=half)
            graphs[name] = (Path(temporary, f"{name}.onnx"), weights.stat().st_size)
            export_reader(folder, weights, graphs[name][0])
        graphs["int8"] = (_quantised(graphs["fp32"][0]), graphs["fp16"][1] // 2)
        for name, (graph, size) in graphs.items():
            for backend in ("openvino", "onnxruntime") if name != "int8" else ("onnxruntime",):
                if backend in backends.available():
                    write(f"| {name} | {backend} | {size / 1e6:.0f} | {_measured(graph, backend, rows)} |\n")


def _quantised(graph: Path) -> Path:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    target = graph.with_name("int8.onnx")
    quantize_dynamic(str(graph), str(target), weight_type=QuantType.QInt8)
    return target


def _measured(graph: Path, backend: str, rows: Sequence[Row]) -> str:
    from sklearn.metrics import roc_auc_score

    reader = Reader(graph.parent, graph=graph, backend=backend)
    reader.look(rows[0].question, [rows[0].context])
    exact, shared, scores, pieces = [], [], [], 0
    began = time.perf_counter()
    for row in rows:
        [look] = reader.look(row.question, [row.context])
        pieces += len(look.starts)
        scores.append(look.answerable)
        if row.answers and (best := look.spans(1)):
            said = row.context[best[0][0] : best[0][1]]
            answers = [row.context[start:end] for start, end in row.answers]
            exact.append(exact_match(said, answers))
            shared.append(token_f1(said, answers))
    speed = pieces / (time.perf_counter() - began)
    auroc = roc_auc_score([bool(row.answers) for row in rows], scores)
    return f"{np.mean(shared):.3f} | {np.mean(exact):.3f} | {auroc:.3f} | {speed:,.0f}"


if __name__ == "__main__":
    main()
