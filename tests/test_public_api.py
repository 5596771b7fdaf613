from __future__ import annotations

import inspect
from dataclasses import is_dataclass

import rag
from rag import Assistant
from rag.errors import RagError
from rag.schema import to_dict


def test_the_front_door_is_small_and_sorted() -> None:
    assert rag.__all__ == sorted(rag.__all__)
    assert len(rag.__all__) <= 12
    assert {"Assistant", "Config", "Answer", "Passage", "GroundingReport", "RagError", "SyncReport"} <= set(rag.__all__)


def test_all_of_it_is_documented() -> None:
    for name in rag.__all__:
        value = getattr(rag, name)
        assert value.__module__.startswith("rag."), name
        assert inspect.getdoc(value), name
        for member, method in inspect.getmembers(value, inspect.isfunction):
            if not member.startswith("_") and method.__module__.startswith("rag"):
                assert inspect.getdoc(method), f"{name}.{member}"


def test_the_facade_has_the_methods_others_rely_on() -> None:
    methods = {
        "open": ["docs", "index", "config"],
        "sync": ["paths", "rebuild", "progress"],
        "retrieve": ["question", "k", "documents"],
        "ask": ["question", "history", "documents"],
        "stream": ["question", "history", "documents"],
        "check": ["answer"],
        "as_retriever": ["k"],
        "documents": [],
        "text": ["document"],
        "set_metadata": ["document", "title", "outlet", "published"],
        "remove": ["document"],
        "close": [],
    }
    for name, parameters in methods.items():
        found = [p for p in inspect.signature(getattr(Assistant, name)).parameters if p != "self"]
        assert found[: len(parameters)] == parameters, name


def test_data_are_frozen_dataclasses_and_errors_have_one_root() -> None:
    from rag import errors

    for name in rag.__all__:
        value = getattr(rag, name)
        if value.__module__ in ("rag.schema", "rag.config"):
            assert is_dataclass(value)
            assert value.__dataclass_params__.frozen
    for _, error in inspect.getmembers(errors, inspect.isclass):
        assert issubclass(error, RagError)
        assert inspect.getdoc(error)


def test_nothing_heavy_happens_on_opening(tmp_path: object) -> None:
    assistant = Assistant.open(docs=f"{tmp_path}/docs", index=f"{tmp_path}/index")
    assert not assistant.indexed
    assistant.close()


def test_data_become_plain_json_types() -> None:
    assert to_dict(rag.Turn("user", "Who?")) == {"role": "user", "content": "Who?"}
    assert to_dict({"a": (1, None)}) == {"a": [1, None]}
