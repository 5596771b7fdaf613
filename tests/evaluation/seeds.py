"""Ask the seed questions with the seeds hidden among other news: `python -m tests.evaluation.seeds [--corpus DIR] [--out DIR]`.

Builds the index, then does what `rag eval run` and `rag eval score` do with each question set.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from rag import Assistant, Config
from rag.commands import evaluating
from tests.evaluation.corpus import write_corpus

ROOT = Path(__file__).resolve().parents[2]
SETS = {
    "seeds": Path(__file__).parent / "seeds.jsonl",  # tuned on
    "fresh": Path(__file__).parent / "seeds_fresh.jsonl",  # seen before the last weights were chosen
    "unseen": Path(__file__).parent / "seeds_unseen.jsonl",  # for reports alone: do not look while choosing anything
    "users": Path(__file__).parent / "seeds_users.jsonl",  # the same
}
CHUNKS = 10_000  # of other news


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
    parser.add_argument("--set", choices=list(SETS), action="append", help="default: all")
    parser.add_argument("--out", type=Path, help="folder for answers and scores, to be compared or reported")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        config = Config.from_env(docs=folder / "docs", index=folder / "index")
        kept = (folder / "index").is_dir()
        assistant = Assistant.open(config=config) if kept else build(folder, config.cache, corpus=options.corpus)
        info = assistant.info()
        print(f"{info.documents:,} documents, {info.chunks:,} chunks")
        for name in options.set or SETS:
            out = (options.out or Path(temporary)) / name
            out.mkdir(parents=True, exist_ok=True)
            print(f"\n{name}")
            evaluating.run(assistant, SETS[name], out / "answers.jsonl")
            evaluating.score(assistant, out / "answers.jsonl", SETS[name], out, None, use_index=True, as_json=False)
        assistant.close()


if __name__ == "__main__":
    main()
