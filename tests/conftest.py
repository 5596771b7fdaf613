"""What tests share: real parts (the model, Chroma, SQLite) over files of their own; no network, home or environment."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, sync_playwright

from rag import Assistant, Config
from rag.cli import main
from rag.models.encoder import Encoder
from rag.models.reader import Reader

ROOT = Path(__file__).parents[1]
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
_GIVEN_CACHE = os.environ.get("RAG_TEST_CACHE")  # spares the export of the model, about 20 s a run


class Ran(NamedTuple):
    """A finished command; output is decoded with surrogateescape and keeps its newlines."""

    rc: int
    stdout: str
    stderr: str


@pytest.fixture(autouse=True)
def _no_settings_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("RAG_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder that holds the exported models."""
    folder = Path(_GIVEN_CACHE) if _GIVEN_CACHE else tmp_path_factory.mktemp("cache")
    Encoder(Config().model, folder).encode(["once"])
    Reader(folder).look("once?", ["once"])
    return folder


@pytest.fixture(scope="session")
def encoder(cache: Path) -> Encoder:
    return Encoder(Config().model, cache)


MakeAssistant = Callable[..., Assistant]


@pytest.fixture
def make_assistant(cache: Path, tmp_path: Path) -> Iterator[MakeAssistant]:
    """Open assistants that are closed after the test; `settings` are fields of Config."""
    made: list[Assistant] = []

    def make(docs: Path, index: Path | None = None, **settings: object) -> Assistant:
        config = Config(**{"docs": docs, "index": index or tmp_path / "index", "cache": cache} | settings)
        made.append(Assistant.open(config=config))
        return made[-1]

    yield make
    for assistant in made:
        assistant.close()


@pytest.fixture(scope="session")
def seeds_assistant(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The bundled documents, indexed; not to be changed."""
    index = tmp_path_factory.mktemp("seeds") / "index"
    assistant = Assistant.open(config=Config(docs=ROOT / "seeds", index=index, cache=cache))
    assistant.sync()
    yield assistant
    assistant.close()


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    return folder


@pytest.fixture
def rag(environment: dict[str, str], tmp_path: Path) -> Callable[..., Ran]:
    """Run `python -m rag ARGS` in a process of its own, in the test's folder; `prefix` is put before the command."""

    def run(
        *args: object, env: Mapping[str, str] | None = None, cwd: Path | None = None, prefix: Sequence[str] = ()
    ) -> Ran:
        command = [
            *prefix,
            sys.executable,
            "-m",
            "rag",
            *(os.fspath(arg) if isinstance(arg, Path) else arg for arg in args),
        ]
        done = subprocess.run(
            command, env=environment | dict(env or {}), cwd=cwd or tmp_path,
            capture_output=True, timeout=120, check=False,
        )  # fmt: skip
        return Ran(done.returncode, *(out.decode("utf-8", "surrogateescape") for out in (done.stdout, done.stderr)))

    return run


@pytest.fixture
def rag_here(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., Ran]:
    """Like `rag`, but within this process: a second faster."""

    def run(*args: object, env: Mapping[str, str] | None = None) -> Ran:
        with monkeypatch.context() as patch:
            for name, value in {"RAG_CACHE": str(cache), **(env or {})}.items():
                patch.setenv(name, value)
            patch.chdir(tmp_path)
            patch.setattr("sys.argv", ["rag", *(os.fspath(arg) if isinstance(arg, Path) else arg for arg in args)])
            capfdbinary.readouterr()
            try:
                main()
                code: object = 0
            except SystemExit as stop:
                code = stop.code
        out, err = (part.decode("utf-8", "surrogateescape") for part in capfdbinary.readouterr())
        return Ran(code if isinstance(code, int) else 0 if code is None else 1, out, err)

    return run


@pytest.fixture
def environment(tmp_path: Path, cache: Path) -> dict[str, str]:
    """What a command of its own needs, and no more."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    return kept | {"HOME": str(tmp_path), "LANG": "C.UTF-8", "RAG_CACHE": str(cache), "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="session")
def unprivileged() -> list[str]:
    """A prefix under which file permissions count, for root too."""
    if os.geteuid():
        return []
    prefix = [
        "setpriv",
        "--bounding-set",
        "-dac_override,-dac_read_search",
        "--inh-caps",
        "-dac_override,-dac_read_search",
    ]
    return _allowed(prefix, "permissions do not bind root here")


@pytest.fixture(scope="session")
def isolated() -> list[str]:
    """A prefix for a command that runs in a network namespace with loopback only."""
    unshare = ["unshare", "-n" if os.geteuid() == 0 else "-rn"]
    return _allowed([*unshare, "sh", "-c", 'ip link set lo up && exec "$@"', "sh"], "no network namespace here")


@pytest.fixture(scope="session")
def mounted_read_only() -> Callable[[Path], list[str]]:
    """Make a prefix for a command that sees a folder as if on a read-only medium."""
    unshare = ["unshare", "-m" if os.geteuid() == 0 else "-rm"]
    script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'

    def prefix(folder: Path) -> list[str]:
        return _allowed([*unshare, "sh", "-c", script, str(folder)], "no mount namespace here")

    return prefix


def _allowed(prefix: list[str], reason: str) -> list[str]:
    found = shutil.which(prefix[0])
    done = subprocess.run([*prefix, "true"], capture_output=True, text=True, timeout=20, check=False) if found else None
    if done is None or done.returncode:
        pytest.skip(f"{reason}: {done.stderr.strip() if done else f'{prefix[0]} is not installed'}")
    return prefix


@pytest.fixture
def seeds(rag_here: Callable[..., Ran], seeds_assistant: Assistant) -> Callable[..., Ran]:
    """Run a command over the bundled documents; it must not change the index."""
    place = {"RAG_DOCS": str(ROOT / "seeds"), "RAG_INDEX": str(seeds_assistant.config.index)}
    return lambda *args: rag_here(*args, env=place)


@pytest.fixture
def own(rag_here: Callable[..., Ran], docs: Path, tmp_path: Path) -> Callable[..., Ran]:
    """Run a command over documents and an index of the test's own."""
    place = {"RAG_DOCS": str(docs), "RAG_INDEX": str(tmp_path / "index")}
    return lambda *args: rag_here(*args, env=place)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    candidates = (
        os.environ.get("CHROMIUM"),
        "/usr/bin/chromium",
        shutil.which("chromium"),
        shutil.which("google-chrome"),
    )
    found = next((path for path in candidates if path and Path(path).exists()), None)
    if found is None:
        pytest.skip("no Chromium found: install one, or name it in $CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS.split())
        yield browser
        browser.close()


ANSWER_FIELDS = [
    "schema", "id", "question", "standalone_question", "status", "reason", "confidence", "short_answer", "sentences",
    "citations", "disagreements", "passages", "answerer", "timings_ms", "index",
]  # fmt: skip
PASSAGE_FIELDS = {"rank", "document", "start", "end", "text", "score", "why"}


@pytest.fixture
def check_answer() -> Callable[[dict[str, Any]], None]:
    """Hold an answer over the seeds to the JSON contract, field by field."""
    return _check_answer


def _check_answer(answer: dict[str, Any]) -> None:
    assert list(answer)[:2] == ["schema", "id"]
    assert set(answer) == set(ANSWER_FIELDS)
    assert answer["schema"] == "rag.answer/1"
    assert answer["status"] in ("answered", "not_found")
    assert (answer["reason"] is None) == (answer["status"] == "answered")
    assert 0 <= answer["confidence"] <= 1
    assert [citation["n"] for citation in answer["citations"]] == list(range(1, len(answer["citations"]) + 1))
    for citation in answer["citations"]:
        assert set(citation) == {
            "n", "document", "title", "outlet", "published", "page", "start", "end", "quote", "sha256"
        }  # fmt: skip
        text = _seed(citation["document"])
        assert text[citation["start"] : citation["end"]] == citation["quote"] != ""
        assert citation["sha256"] == hashlib.sha256(text.encode()).hexdigest()
        assert citation["page"] is None
    for sentence in answer["sentences"]:
        assert set(sentence) == {"text", "kind", "citations", "support", "score", "reasons"}
        assert (sentence["kind"], sentence["support"]) == ("quote", "quoted")
        assert all(0 < n <= len(answer["citations"]) for n in sentence["citations"])
        assert sentence["citations"]
    for rank, passage in enumerate(answer["passages"], start=1):
        assert set(passage) == PASSAGE_FIELDS
        assert set(passage["why"]) == {"dense_rank", "keyword_rank", "reader", "names"}
        assert passage["rank"] == rank
        assert _seed(passage["document"])[passage["start"] : passage["end"]] == passage["text"]
    for side in answer["disagreements"]:
        assert set(side) == {"about", "kind", "positions"}
    if answer["short_answer"] is not None:
        assert answer["short_answer"] in answer["citations"][0]["quote"]
    assert answer["answerer"] == "extractive"
    assert all(value >= 0 for value in answer["timings_ms"].values())
    assert set(answer["index"]) == {"id", "documents", "chunks"}
    assert answer["index"]["documents"] == 2


def _seed(name: str) -> str:
    return (ROOT / "seeds" / name).read_bytes().decode()
