"""One system on one corpus in a process of its own, so that its memory and threads are its own; prints one JSON object."""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

EMBED_SAMPLE = 768  # chunks timed for "words embedded a second"


def milliseconds(work: Callable[[str], Any], questions: list[str]) -> dict[str, float]:
    for question in questions[:3]:
        work(question)
    times = []
    for question in questions:
        start = time.perf_counter()
        work(question)
        times.append((time.perf_counter() - start) * 1000)
    return {"p50": statistics.median(times), "p95": float(np.quantile(times, 0.95))}


def words_per_second(embed: Callable[[list[str]], Any], texts: list[str]) -> float:
    """Embed the texts again and again for at least three seconds, after a first time that does not count."""
    embed(texts[:16])
    rounds = 0
    start = time.perf_counter()
    while time.perf_counter() - start < 3:
        embed(texts)
        rounds += 1
    return rounds * words(texts) / (time.perf_counter() - start)


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def attest(folder: Path, questions: list[str]) -> dict[str, Any]:
    """Everything through the facade; the nodes were split and embedded before, when the index was made."""
    from rag import Assistant, Config
    from rag.models.encoder import Encoder

    cache = Config.from_env().cache
    encoder = Encoder("all-MiniLM-L6-v2", cache)
    speed = words_per_second(encoder.encode, sample(folder))
    assistant = Assistant.open(folder / "docs", folder / "index")
    result = {
        "words_per_second": speed,
        "retrieve": milliseconds(lambda q: assistant.retrieve(q, 8), questions),
        "answer": milliseconds(assistant.ask, questions),
        "stages": stages(assistant, questions),
        "check": milliseconds(
            lambda at: assistant.check(generated(assistant, folder, int(at))), [str(n) for n in range(30)]
        ),
        "pairs_per_second": pairs_per_second(assistant, folder),
        "backend": encoder.backend,
    }
    assistant.close()
    return result | {"peak_mb": peak_mb()}


def stages(assistant: Any, questions: list[str]) -> dict[str, float]:
    """Return the median milliseconds of each stage of an answer."""
    timed = [assistant.ask(question).timings_ms for question in questions]
    return {stage: statistics.median(row[stage] for row in timed) for stage in ("retrieve", "read", "answer")}


def claims(folder: Path) -> list[tuple[str, str]]:
    """Return (claim, chunk): a sentence of the chunk as somebody would repeat it, of chunks that have one of some length."""
    from rag.text.sentences import sentences

    rows = [json.loads(line)["text"] for line in (folder / "nodes.jsonl").open(encoding="utf-8")]
    found = []
    for text in rows[:: max(1, len(rows) // 600)]:
        spans = [span for span in sentences(text) if span.end - span.start > 60]
        if spans:
            span = spans[len(found) % len(spans)]
            found.append((f"It was reported that {text[span.start : span.end]}", text))
    return found


def generated(assistant: Any, folder: Path, at: int) -> Any:
    """Return an answer of five generated sentences, each of which cites a chunk in full."""
    from rag.schema import Answer, AnswerSentence, Citation, IndexInfo

    key = str(folder)
    if key not in _ANSWERS:
        infos = {info.id: info for info in assistant.documents()}
        passages = [p for q in json.loads((folder / "questions.json").read_text()) for p in assistant.retrieve(q, 5)]
        _ANSWERS[key] = [(p, infos[p.document]) for p in passages]
    cited = (_ANSWERS[key] * 5)[5 * at : 5 * at + 5]
    return Answer(
        "?", "?", "answered", None, 1.0, None,
        tuple(AnswerSentence(f"It was reported that {p.text[:120]}", "generated", (n,), "unchecked", None)
              for n, (p, _) in enumerate(cited, 1)),
        tuple(Citation(n, p.document, None, None, None, None, p.start, p.end, p.text, info.sha256)
              for n, (p, info) in enumerate(cited, 1)),
        (), (), "generated", {}, IndexInfo("", 0, 0),
    )  # fmt: skip


_ANSWERS: dict[str, Any] = {}


def pairs_per_second(assistant: Any, folder: Path) -> float:
    """Judge claims against chunks (about 200 word pieces each) for at least three seconds, 60 at a time."""
    pairs = [(claim, [text]) for claim, text in claims(folder)]
    assistant.check_claims(pairs[:10])
    done = 0
    start = time.perf_counter()
    while time.perf_counter() - start < 3:
        batch = [pairs[(done + n) % len(pairs)] for n in range(60)]
        assistant.check_claims(batch)
        done += len(batch)
    return done / (time.perf_counter() - start)


def quickstart(folder: Path, questions: list[str]) -> dict[str, Any]:
    """LlamaIndex, Chroma and HuggingFaceEmbedding as their own quickstart puts them together, on the same nodes."""
    import chromadb
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.schema import TextNode
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

    from rag.models.weights import find_weights

    model = HuggingFaceEmbedding(model_name=str(find_weights("all-MiniLM-L6-v2").folder), device="cpu")
    speed = words_per_second(model.get_text_embedding_batch, sample(folder))
    client = chromadb.PersistentClient(path=str(folder / "quickstart"))
    store = ChromaVectorStore(chroma_collection=client.get_or_create_collection("quickstart"))
    rows = [json.loads(line) for line in (folder / "nodes.jsonl").open(encoding="utf-8")]
    vectors = np.load(
        folder / "vectors.npy"
    )  # the same vectors: embedding them again would take minutes and change nothing
    nodes = [
        TextNode(id_=row["id"], text=row["text"], embedding=v.tolist()) for row, v in zip(rows, vectors, strict=True)
    ]
    context = StorageContext.from_defaults(vector_store=store)
    index = VectorStoreIndex([], storage_context=context, embed_model=model)
    for first in range(0, len(nodes), 2000):  # its own batches are larger than Chroma takes
        index.insert_nodes(nodes[first : first + 2000])
    retriever = index.as_retriever(similarity_top_k=8)
    result = {"words_per_second": speed, "retrieve": milliseconds(retriever.retrieve, questions)}
    return result | {"answer": None, "peak_mb": peak_mb()}


def quickstart_cold(folder: Path, questions: list[str]) -> dict[str, Any]:
    """What a script of the quickstart does from cold: load the model, open the store, retrieve once."""
    import chromadb
    from llama_index.core import VectorStoreIndex
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

    from rag.models.weights import find_weights

    model = HuggingFaceEmbedding(model_name=str(find_weights("all-MiniLM-L6-v2").folder), device="cpu")
    client = chromadb.PersistentClient(path=str(folder / "quickstart"))
    store = ChromaVectorStore(chroma_collection=client.get_or_create_collection("quickstart"))
    index = VectorStoreIndex.from_vector_store(store, embed_model=model)
    index.as_retriever(similarity_top_k=8).retrieve(questions[0])
    return {"peak_mb": peak_mb()}


def sample(folder: Path) -> list[str]:
    texts = [json.loads(line)["text"] for line in (folder / "nodes.jsonl").open(encoding="utf-8")]
    return texts[:: max(1, len(texts) // EMBED_SAMPLE)][:EMBED_SAMPLE]


def words(texts: list[str]) -> int:
    return sum(len(text.split()) for text in texts)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("system", choices=["attest", "quickstart", "quickstart_cold"])
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    questions = json.loads((options.folder / "questions.json").read_text(encoding="utf-8"))
    result = globals()[options.system](options.folder, questions)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
