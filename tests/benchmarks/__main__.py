"""Speed and memory beside the plain LlamaIndex + Chroma + MiniLM quickstart: `python -m tests.benchmarks [--corpus DIR]`.

Both systems run in one session on identical nodes, over the seeds alone and over 10,000 chunks (generated news, or the
`.jsonl` and `.jsonl.gz` files of a folder). The quickstart has no answer without a language model, so only retrieval is compared.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from rag import Assistant, Config
from rag.evaluation.questions import read_questions
from tests.evaluation.seeds import CHUNKS, ROOT, SETS, build


def prepare(folder: Path, cache: Path, corpus: Path | None, *, many: bool) -> dict[str, Any]:
    """Index a corpus, time it, and write its nodes, vectors and questions for the workers."""
    start = time.perf_counter()
    if many:
        assistant = build(folder, cache, CHUNKS, corpus)
    else:
        shutil.copytree(ROOT / "seeds", folder / "docs")
        assistant = Assistant.open(config=Config(docs=folder / "docs", index=folder / "index", cache=cache))
        assistant.sync()
    seconds = time.perf_counter() - start
    again = assistant.sync()
    catalog = assistant._index.catalog
    ids = [row[0] for row in catalog.rows("SELECT id FROM chunks ORDER BY key")]
    chunks = {key: chunk for i in range(0, len(ids), 500) for key, chunk in catalog.chunks(ids[i : i + 500]).items()}
    vectors = catalog.vectors({chunk.text_sha256 for chunk in chunks.values()}, assistant._encoder.fingerprint)
    with (folder / "nodes.jsonl").open("w", encoding="utf-8") as out:
        for key in ids:
            out.write(json.dumps({"id": key, "text": chunks[key].text}) + "\n")
    np.save(folder / "vectors.npy", np.stack([vectors[chunks[key].text_sha256] for key in ids]))
    questions = [question.question for question in read_questions(SETS["seeds"])]
    (folder / "questions.json").write_text(json.dumps(questions), encoding="utf-8")
    assistant.close()
    return {"chunks": len(ids), "seconds": seconds, "again": again.embedded}


def work(system: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.worker", system, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1800, check=False)
    if done.returncode:
        raise SystemExit(f"{system} failed:\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def cold(command: list[str]) -> float:
    """Seconds from start to exit, the best of three."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, capture_output=True, timeout=300, check=True)
        times.append(time.perf_counter() - start)
    return min(times)


def measure(folder: Path, made: dict[str, Any], name: str) -> list[str]:
    ours, theirs = work("attest", folder), work("quickstart", folder)
    question = json.loads((folder / "questions.json").read_text())[0]
    flags = ["--docs", str(folder / "docs"), "--index", str(folder / "index")]
    our_cold = cold([sys.executable, "-m", "rag", "ask", question, *flags])
    their_cold = cold([sys.executable, "-m", "tests.benchmarks.worker", "quickstart_cold", str(folder)])
    where = f"{name}, {made['chunks']:,} chunks"

    def row(what: str, a: float, b: float | None, unit: str, *, more_is_better: bool = False) -> str:
        ratio = "–" if b is None else f"{(a / b if more_is_better else b / a):.1f}×"
        other = "needs an LLM" if b is None else f"{b:,.{0 if b >= 100 else 1}f} {unit}"
        return f"| {where} | {what} | {a:,.{0 if a >= 100 else 1}f} {unit} | {other} | {ratio} |"

    return [
        row("words embedded a second", ours["words_per_second"], theirs["words_per_second"], "", more_is_better=True),
        row("finding passages p50", ours["stages"]["retrieve"], theirs["retrieve"]["p50"], "ms"),
        row("finding and ranking by the reader p50", ours["retrieve"]["p50"], theirs["retrieve"]["p50"], "ms"),
        row("finding and ranking by the reader p95", ours["retrieve"]["p95"], theirs["retrieve"]["p95"], "ms"),
        row("answer p50", ours["answer"]["p50"], None, "ms"),
        row("answer p95", ours["answer"]["p95"], None, "ms"),
        f"| {where} | of an answer: find, read, choose, p50 | {shares(ours['stages'])} | | |",
        f"| {where} | checking five generated sentences, p50 / p95 | {ours['check']['p50']:.0f} / {ours['check']['p95']:.0f} ms "
        "| needs an LLM | – |",
        row("claims judged a second, evidence of one chunk", ours["pairs_per_second"], None, ""),
        row("cold question (`rag ask`; theirs: one retrieval)", our_cold, their_cold, "s"),
        row("peak memory, asking", ours["peak_mb"], theirs["peak_mb"], "MB"),
        f"| {where} | indexing, all of it | {made['seconds']:,.1f} s | | |",
        f"| {where} | chunks embedded by a second `rag index` | {made['again']} | | |",
    ]


def shares(stages: dict[str, float]) -> str:
    total = sum(stages.values())
    return ", ".join(f"{value:.0f} ms ({value / total:.0%})" for value in stages.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, help="folder of .jsonl or .jsonl.gz news; default: generated")
    options = parser.parse_args()
    cache = Config.from_env().cache
    os.environ["RAG_CACHE"] = str(cache)
    print("| corpus | what | Attest | quickstart | better by |\n|---|---|---|---|---|", flush=True)
    for many in (False, True):
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            made = prepare(folder, cache, options.corpus, many=many)
            name = "seeds" if not many else f"seeds among {'generated' if not options.corpus else 'other'} news"
            print("\n".join(measure(folder, made, name)), flush=True)


if __name__ == "__main__":
    main()
