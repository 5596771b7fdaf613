"""The rules that keep the code in shape: who may import whom, where heavy libraries live, how long things may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# a module may import modules of lower levels and of its own package; the longest prefix counts
LEVELS = {
    "rag.errors": 0,
    "rag.schema": 1, "rag.config": 1, "rag.jsontext": 1, "rag.store.records": 1, "rag.text": 1,
    "rag.models": 2,
    "rag.store": 3,
    "rag.ingestion": 4, "rag.retrieval": 4, "rag.answering": 4, "rag.grounding": 4,
    "rag.shaping": 5,
    "rag.assistant": 6,
    "rag": 7,
    "rag.evaluation": 8, "ui": 8, "rag.training": 9, "rag.testing": 9,
    "rag.commands": 9,
    "rag.cli": 10,
    "rag.__main__": 11,
}  # fmt: skip

# where a library that is slow to import, or that reads what others wrote, may be imported at all
HOMES = {
    "torch": ("rag.models.export", "rag.models.trunk", "rag.training"),
    "transformers": ("rag.models.export", "rag.models.trunk", "rag.training"),
    "safetensors": ("rag.models.trunk", "rag.training"),
    "sentence_transformers": ("rag.models.export", "rag.training"),
    "sklearn": ("rag.training", "rag.evaluation"),
    "scipy": ("rag.evaluation", "rag.training"),
    "ir_measures": ("rag.evaluation",),
    "lemminflect": ("rag.evaluation.drafting", "rag.training"),
    "jinja2": ("rag.evaluation.report",),
    "pytest": ("rag.testing",),
    "onnxruntime": ("rag.models.backends", "rag.training"),
    "openvino": ("rag.models.backends", "rag.models.export"),
    "tokenizers": ("rag.models.encoder", "rag.models.reader", "rag.training"),
    "chromadb": ("rag.store.vectors",),
    "sqlite3": ("rag.store", "rag.ingestion.sync", "rag.commands.doctoring"),
    "llama_index": ("rag.ingestion", "rag.retrieval.llama", "rag.assistant"),
    "trafilatura": ("rag.ingestion.reading",),
    "lxml": ("rag.ingestion.reading",),
    "charset_normalizer": ("rag.ingestion.reading",),
    "gradio": ("ui",),
    "fastapi": ("ui",),
    "starlette": ("ui",),
    "uvicorn": ("ui",),
    "typer": ("rag.cli", "rag.commands"),
    "rich": ("rag.commands",),
    "requests": (), "httpx": (), "urllib.request": (), "http.client": (), "socket": ("ui",),
    "pickle": (), "marshal": (), "shelve": (), "dill": (), "joblib": (),
}  # fmt: skip

# "except Exception" hides mistakes, so each place has its reason
BROAD = {
    "rag.store.vectors": 4,  # chromadb raises a dozen unrelated types for damaged files
    "ui.chat": 1,  # a page that stays silent is worse than one that says that something went wrong
}

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in ("rag", "ui")
    for path in sorted((ROOT / package).rglob("*.py"))
}


def tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text("utf-8"))


def imports(name: str) -> Iterator[str]:
    """Yield the full name of all that a module imports, anywhere in it, also for types only."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in MODULES else str(node.module)


def package(name: str) -> str:
    """Return the entry of LEVELS that a module belongs to."""
    found = [known for known in LEVELS if name == known or name.startswith(known + ".")]
    return max(found, key=len)


@pytest.mark.parametrize("name", MODULES)
def test_imports_lead_downwards_only(name: str) -> None:
    own = package(name)
    for other in imports(name):
        if other.split(".")[0] in ("rag", "ui"):
            target = package(other)
            assert target == own or LEVELS[target] < LEVELS[own], f"{name} imports {other}"


def test_each_module_has_a_level() -> None:
    known = {name for name in MODULES if package(name) == "rag"}
    assert known == {"rag"}


@pytest.mark.parametrize("name", MODULES)
def test_heavy_and_risky_libraries_stay_at_home(name: str) -> None:
    for other in imports(name):
        for library, homes in HOMES.items():
            if f"{other}.".startswith(f"{library}."):
                assert any(f"{name}.".startswith(f"{home}.") for home in homes), f"{name} imports {other}"


@pytest.mark.parametrize("name", ["rag", "rag.cli", "ui"])
def test_the_front_door_imports_no_heavy_library_at_once(name: str) -> None:
    """Follow the imports at the top of modules: what is imported inside functions waits until it is needed."""
    seen, waiting = set(), [name]
    while waiting:
        module = waiting.pop()
        if module in seen or module not in MODULES:
            seen.add(module)
            continue
        seen.add(module)
        for node in tree(module).body:
            if isinstance(node, ast.Import):
                waiting += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                waiting += [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
    tops = {module.split(".")[0] for module in seen}
    heavy = {"torch", "transformers", "sentence_transformers", "chromadb", "llama_index", "gradio", "openvino",
             "onnxruntime", "trafilatura", "sklearn", "scipy", "ir_measures", "lemminflect", "jinja2"}  # fmt: skip
    assert not tops & heavy


def test_no_module_is_long() -> None:
    paths = [*MODULES.values(), *sorted((ROOT / "tests").rglob("*.py"))]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in paths}
    assert {name: length for name, length in lengths.items() if length > 300} == {}


def test_no_function_is_long() -> None:
    long = {
        f"{name}.{node.name}": length
        for name in MODULES
        for node in ast.walk(tree(name))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > 60
    }
    assert long == {}


def test_broad_excepts_are_few_and_known() -> None:
    found: dict[str, int] = {}
    for name in MODULES:
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.ExceptHandler) and (
                node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception")
            ):
                found[name] = found.get(name, 0) + 1
    assert {name: count for name, count in found.items() if count > BROAD.get(name, 0)} == {}


def test_nothing_read_is_ever_run() -> None:
    bad = []
    for name in MODULES:
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                trusting = any(
                    word.arg in ("trust_remote_code", "shell", "allow_pickle")
                    and not (isinstance(word.value, ast.Constant) and word.value.value is False)
                    for word in node.keywords
                )
                if trusting or called in {
                    "eval", "exec", "compile", "__import__", "os.system", "os.popen", "pickle.load", "pickle.loads",
                    "pickle.Unpickler", "importlib.import_module", "torch.load", "yaml.load",
                }:  # fmt: skip
                    bad.append(f"{name}: {called}")
    assert bad == []
