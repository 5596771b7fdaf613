"""Ask the seed questions with the seeds hidden among other news: `python -m tests.evaluation.seeds [--corpus DIR] [--show]`.

Prints, for each half of the questions: gold quote in the top 5 passages, first sentence is gold, unanswerable refused,
answerable wrongly refused (each with a Wilson 95 % interval), and whether every citation is exact.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag import Answer, Assistant, Config
from tests.evaluation.corpus import write_corpus

ROOT = Path(__file__).resolve().parents[2]
HALVES = {"held out": "seeds_held_out.jsonl", "development": "seeds_dev.jsonl"}
CHUNKS = 10_000  # of other news


@dataclass(frozen=True)
class Share:
    """A count of `n`."""

    hits: int
    n: int

    @property
    def value(self) -> float:
        return self.hits / self.n

    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval."""
        z, n, p = 1.959964, self.n, self.value
        middle, half = (p + z * z / (2 * n)), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)

    def __str__(self) -> str:
        low, high = self.interval()
        return f"{self.value:5.0%}  ({self.hits}/{self.n}; 95 % {low:.0%}–{high:.0%})"


def read_questions(half: str) -> list[dict[str, Any]]:
    lines = (Path(__file__).parent / HALVES[half]).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def score(questions: Sequence[dict[str, Any]], answers: Sequence[Answer], assistant: Assistant) -> dict[str, Share]:
    pairs = list(zip(questions, answers, strict=True))
    answerable = [(q, a) for q, a in pairs if q["answerable"]]
    rest = [(q, a) for q, a in pairs if not q["answerable"]]
    citations = [c for _, a in pairs for c in a.citations]
    exact = [assistant.text(c.document)[c.start : c.end] == c.quote for c in citations]
    return {
        "gold quote in the top 5 passages": Share(sum(_retrieved(q, a) for q, a in answerable), len(answerable)),
        "first sentence is gold": Share(sum(_first(q, a) for q, a in answerable), len(answerable)),
        "unanswerable refused": Share(sum(a.status == "not_found" for _, a in rest), len(rest)),
        "wrongly refused": Share(sum(a.status == "not_found" for _, a in answerable), len(answerable)),
        "citations exact": Share(sum(exact), len(exact)),
    }


def _retrieved(question: dict[str, Any], answer: Answer) -> bool:
    return any(
        gold["document"] == passage.document and gold["quote"] in passage.text
        for gold in question["gold"]
        for passage in answer.passages[:5]
    )


def _first(question: dict[str, Any], answer: Answer) -> bool:
    first = answer.citations[0] if answer.citations else None
    return first is not None and any(
        gold["document"] == first.document and (gold["quote"] in first.quote or first.quote in gold["quote"])
        for gold in question["gold"]
    )


def build(folder: Path, cache: Path, chunks: int = CHUNKS, corpus: Path | None = None) -> Assistant:
    """Index the seeds among `chunks` chunks of other news below `folder`."""
    docs = folder / "docs"
    write_corpus(docs, chunks, corpus)
    for seed in sorted((ROOT / "seeds").iterdir()):
        shutil.copy(seed, docs / seed.name)
    assistant = Assistant.open(config=Config(docs=docs, index=folder / "index", cache=cache))
    assistant.sync()
    return assistant


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, help="folder of .jsonl or .jsonl.gz news; default: generated")
    parser.add_argument("--keep", type=Path, help="folder to keep the index in, used again if it is there")
    parser.add_argument("--half", choices=list(HALVES), action="append")
    parser.add_argument("--show", action="store_true", help="print each question whose answer is not as it should be")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        config = Config.from_env(docs=folder / "docs", index=folder / "index")
        if (folder / "index").is_dir():
            assistant = Assistant.open(config=config)
        else:
            assistant = build(folder, config.cache, corpus=options.corpus)
        info = assistant.info()
        print(
            f"{info.documents:,} documents, {info.chunks:,} chunks, {'generated' if not options.corpus else options.corpus.name}"
        )
        for half in options.half or HALVES:
            questions = read_questions(half)
            answers = [assistant.ask(question["question"]) for question in questions]
            print(f"\n{half} ({len(questions)} questions)")
            for name, share in score(questions, answers, assistant).items():
                print(f"  {name:34} {share}")
            if options.show:
                show(questions, answers)
        assistant.close()


def show(questions: Sequence[dict[str, Any]], answers: Sequence[Answer]) -> None:
    for question, answer in zip(questions, answers, strict=True):
        fine = _first(question, answer) if question["answerable"] else answer.status == "not_found"
        if not fine or (question["answerable"] and not _retrieved(question, answer)):
            print(f"\n  {question['id']} {question['question']} -> {answer.status} {answer.confidence:.2f} {answer.reason or ''}"
                  f"{'' if not question['answerable'] or _retrieved(question, answer) else ' [not retrieved]'}")  # fmt: skip
            for citation in answer.citations[:3]:
                print(f"      {citation.document[:24]}: {citation.quote[:140]!r}")


if __name__ == "__main__":
    main()
