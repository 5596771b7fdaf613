from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from rag import Assistant, SyncReport

Make = Callable[..., Assistant]
FILLER = "The army left the base on Tuesday. Nobody was hurt in the rocket attack. "


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def put_lines(path: Path, rows: dict[str, str], titles: dict[str, str] | None = None) -> Path:
    lines = [json.dumps({"_id": name, "title": (titles or {}).get(name), "text": text}) for name, text in rows.items()]
    return put(path, "\n".join(lines))


def ids(assistant: Assistant) -> list[str]:
    return [info.id for info in assistant.documents()]


def failures(report: SyncReport) -> dict[str, str]:
    return {problem.path: problem.reason for problem in report.failed}


def consistent(assistant: Assistant) -> bool:
    """Every document is found by its own words, by both sides of retrieval, and every span is exact."""
    for info in assistant.documents():
        text = assistant.text(info.id)
        [passage] = assistant.retrieve(text[:300], k=1, documents=[info.id])
        assert text[passage.start : passage.end] == passage.text
    return assistant.info().documents == len(assistant.documents())


def test_a_removed_document_stays_out_until_it_changes(docs: Path, make_assistant: Make) -> None:
    path = put(docs / "a.txt", FILLER)
    put(docs / "b.txt", "Other words.")
    assistant = make_assistant(docs)
    assistant.sync()
    assistant.remove("a.txt")
    for _ in range(2):
        os.utime(path)
        assert assistant.sync().added == ()
    assert assistant.sync(rebuild=True).added == ()
    assert ids(assistant) == ["b.txt"]
    put(path, FILLER + "More.")
    assert assistant.sync().added == ("a.txt",)
    assert assistant.sync(rebuild=True).documents == 2


def test_a_removed_document_comes_back_when_it_is_named(docs: Path, make_assistant: Make) -> None:
    path = put(docs / "a.txt", FILLER)
    put_lines(docs / "c.jsonl", {"1": "One text.", "2": "Two text."})
    assistant = make_assistant(docs)
    assistant.sync()
    assistant.remove("a.txt")
    assistant.remove("1")
    put_lines(docs / "c.jsonl", {"1": "One text.", "2": "Two text changed."})
    assert assistant.sync().added == ()
    assert assistant.sync([path]).added == ("a.txt",)
    assert assistant.sync([docs / "c.jsonl"]).added == ("1",)
    assert consistent(assistant)


def test_removing_the_last_document_leaves_an_empty_index(docs: Path, make_assistant: Make) -> None:
    put(docs / "a.txt", FILLER)
    assistant = make_assistant(docs)
    assistant.sync()
    assistant.remove("a.txt")
    assert (assistant.info().documents, assistant.info().chunks) == (0, 0)
    assert assistant.ask("Who left the base?").status == "not_found"


def test_corrections_survive_changes_removal_and_return(docs: Path, make_assistant: Make) -> None:
    path = put(docs / "a.txt", "Old headline\n\n" + FILLER)
    assistant = make_assistant(docs)
    assistant.sync()
    assistant.set_metadata("a.txt", title="My title", published="2020-03")
    assistant.set_metadata("a.txt", outlet="")
    put(path, "New headline\n\n" + FILLER * 2)
    assistant.sync()
    assistant.sync(rebuild=True)
    assistant.remove("a.txt")
    assistant.sync([path])
    [info] = assistant.documents()
    assert (info.title, info.outlet, info.published) == ("My title", None, "2020-03")
    assert info.corrected == ("outlet", "published", "title")


def test_two_documents_of_one_name_are_refused_and_none_is_lost(docs: Path, make_assistant: Make) -> None:
    put_lines(docs / "a.jsonl", {"1": "One text.", "2": "Two text."})
    put_lines(docs / "b.jsonl", {"2": "Another two.", "3": "Three text."})
    put_lines(docs / "c.jsonl", {"4": "Four text."})
    assistant = make_assistant(docs)
    report = assistant.sync()
    assert "two documents are named '2'" in failures(report)["b.jsonl"]
    assert ids(assistant) == ["1", "2", "4"]
    assert assistant.text("2") == "Two text."
    put(docs / "c.jsonl", '{"_id": "4", "text": "x"}\n{"_id": "4", "text": "y"}')
    assert "holds two documents named '4'" in failures(assistant.sync())["c.jsonl"]
    assert assistant.text("4") == "Four text."
    put_lines(docs / "b.jsonl", {"3": "Three text."})
    assert assistant.sync().added == ("3",)


def test_documents_that_move_between_files_are_never_lost(docs: Path, make_assistant: Make) -> None:
    put_lines(docs / "a.jsonl", {"x": "Text of x.", "y": "Text of y."})
    put_lines(docs / "b.jsonl", {"z": "Text of z.", "w": "Text of w."})
    assistant = make_assistant(docs)
    assistant.sync()
    put_lines(docs / "a.jsonl", {"x": "Text of x.", "z": "Text of z."})
    put_lines(docs / "b.jsonl", {"y": "Text of y.", "w": "Text of w."})
    report = assistant.sync()
    assert (report.failed, report.embedded) == ((), 0)
    assert ids(assistant) == ["w", "x", "y", "z"]
    (docs / "a.jsonl").rename(docs / "c.jsonl")
    assert assistant.sync().failed == ()
    assert ids(assistant) == ["w", "x", "y", "z"]
    assert consistent(assistant)


def test_a_refused_file_keeps_names_that_others_want(docs: Path, make_assistant: Make) -> None:
    put_lines(docs / "a.jsonl", {"x": "Text of x."})
    put_lines(docs / "b.jsonl", {"y": "Text of y."})
    put_lines(docs / "c.jsonl", {"z": "Text of z."})
    assistant = make_assistant(docs)
    assistant.sync()
    put_lines(docs / "b.jsonl", {"z": "Taken."})
    put_lines(docs / "a.jsonl", {"y": "Text of y."})
    report = assistant.sync()
    assert failures(report).keys() == {"a.jsonl", "b.jsonl"}
    assert ids(assistant) == ["x", "y", "z"]
    assert assistant.text("z") == "Text of z."
