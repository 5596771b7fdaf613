"""The command line as a user has it: arguments in, output and exit status out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SEED = "001_fa4e78abf56b979a.txt"
QUESTION = "When was a US contractor killed in Kirkuk?"
Run = Callable[..., Any]
Check = Callable[[dict[str, Any]], None]
PASSAGE_FIELDS = {"rank", "document", "start", "end", "text", "score", "why"}


def one_object(ran: Any) -> dict[str, Any]:
    assert ran.rc == 0, ran
    assert ran.stderr == ""
    assert ran.stdout.count("\n") == 1
    return json.loads(ran.stdout)


def text_of(name: str) -> str:
    return (ROOT / "seeds" / name).read_bytes().decode()


def test_ask_json_is_the_contract(seeds: Run, check_answer: Check) -> None:
    answer = one_object(seeds("ask", QUESTION, "--json"))
    check_answer(answer)
    assert (answer["id"], answer["question"], answer["status"]) == (None, QUESTION, "answered")
    assert "28\xa0December" in answer["short_answer"]  # as it stands in the source
    assert answer["sentences"]


def test_an_honest_not_found_is_done_and_says_why(seeds: Run, check_answer: Check) -> None:
    answer = one_object(seeds("ask", "What is the boiling point of tungsten?", "--json"))
    check_answer(answer)
    assert (answer["status"], answer["sentences"], answer["citations"]) == ("not_found", [], [])
    assert answer["reason"]
    plain = seeds("ask", "What is the boiling point of tungsten?")
    assert plain.rc == 0
    assert plain.stdout.startswith("Your documents do not say.")


def test_search_json_is_the_contract(seeds: Run) -> None:
    found = one_object(seeds("search", QUESTION, "-k", "3", "--json"))
    assert (found["query"], len(found["passages"])) == (QUESTION, 3)
    for rank, passage in enumerate(found["passages"], start=1):
        assert set(passage) == PASSAGE_FIELDS
        assert passage["rank"] == rank
        assert text_of(passage["document"])[passage["start"] : passage["end"]] == passage["text"]


def test_docs_json_says_what_is_known_and_null_for_the_rest(seeds: Run) -> None:
    first, second = one_object(seeds("docs", "--json"))["documents"]
    assert (first["outlet"], first["published"], second["outlet"], second["published"]) == (
        "Global Research", "2020-03-18", None, None
    )  # fmt: skip
    assert second["id"] == SEED
    assert second["title"] == "The US is pulling out of key Iraq bases"
    assert second["sha256"] == hashlib.sha256(text_of(SEED).encode()).hexdigest()
    assert (second["corrected"], second["characters"]) == ([], len(text_of(SEED)))
    assert second["saved"].endswith("+00:00")


def test_json_is_utf8_whatever_the_locale(rag: Run, seeds_assistant: Any) -> None:
    place = {"RAG_INDEX": str(seeds_assistant.config.index), "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    found = one_object(rag("search", "Kata’ib", "--json", env=place))
    assert found["query"] == "Kata’ib"
    assert rag("ask", "Who is Adnan al-Zurfi — and why?", env=place).rc == 0


def test_index_json_is_one_object(own: Run, docs: Path) -> None:
    (docs / "a.txt").write_text("The army left the base.")
    report = one_object(own("index", "--json"))
    assert (report["added"], report["documents"], report["failed"]) == (["a.txt"], 1, [])
    assert one_object(own("index", "--json"))["embedded"] == 0


def test_doctor_says_what_is_there_and_what_is_wrong(seeds: Run, own: Run) -> None:
    state = one_object(seeds("doctor", "--json"))
    assert state["problems"] == []
    assert state["contents"]["documents"] == 2
    assert "all is well" in seeds("doctor").stdout
    ran = own("doctor", "--json")
    assert ran.rc == 1
    assert len(json.loads(ran.stdout)["problems"]) == 1
    assert ran.stderr.startswith("rag: no index in ")
    assert ran.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "data",
    [b"one\r\ntwo\n\nthree\rfour", "😀 e\u0301\xa0\u2028 «naïve»".encode(), b"tab\t\x0c no end \n\n\n"],
    ids=["newlines", "unicode", "white-space"],
)
def test_docs_text_is_exact(own: Run, docs: Path, data: bytes) -> None:
    (docs / "a b.txt").write_bytes(data)
    assert own("index").rc == 0
    ran = own("docs", "text", "a b.txt")
    assert (ran.rc, ran.stdout.encode(), ran.stderr) == (0, data, "")


def test_docs_set_and_remove_are_remembered(own: Run, docs: Path) -> None:
    (docs / "a.txt").write_text("A headline here\n\nThe army left the base.")
    (docs / "b.txt").write_text("Another text.")
    assert own("index").rc == 0
    info = one_object(own("docs", "set", "a.txt", "--outlet", "Daily Globe", "--published", "2020-03", "--json"))
    assert (info["outlet"], info["published"], info["corrected"]) == ("Daily Globe", "2020-03", ["outlet", "published"])
    assert "Daily Globe (yours)" in own("docs", "set", "a.txt", "--title", "").stdout
    assert own("index", "--rebuild").rc == 0
    assert one_object(own("docs", "--json"))["documents"][0]["published"] == "2020-03"
    assert own("docs", "remove", "a.txt").stdout.startswith("removed a.txt")
    assert "a.txt" not in own("docs").stdout
    assert "0 chunks embedded" in own("index").stdout
    assert [item["id"] for item in one_object(own("docs", "--json"))["documents"]] == ["b.txt"]
    assert "added    a.txt" in own("index", docs / "a.txt").stdout


def test_names_and_titles_cannot_drive_the_terminal(own: Run, docs: Path) -> None:
    (docs / "a\x1b[31m.txt").write_text(
        "# A title \x1b]0;owned\x07 here\n\nThe army left the base on Tuesday, they said."
    )
    for args in (("index",), ("docs",), ("ask", "When did the army leave the base?"), ("search", "army")):
        ran = own(*args)
        assert ran.rc == 0
        assert "\x1b" not in ran.stdout + ran.stderr
        assert "\x07" not in ran.stdout + ran.stderr


USAGE = [
    (), ("nonsense",), ("ask",), ("ask", "a", "b"), ("ask", "--batch", "in.jsonl"), ("ask", "q", "--out", "x"),
    ("ask", "q", "--batch", "x", "--out", "y"), ("search", "q", "-k", "0"), ("search", "q", "-k", "x"), ("search",),
    ("index", "--nonsense"), ("docs", "text"), ("docs", "set", "a.txt"), ("docs", "nonsense"), ("chat", "--port", "x"),
]  # fmt: skip


@pytest.mark.parametrize("args", USAGE, ids=" ".join)
def test_wrong_usage_is_status_2(rag_here: Run, args: tuple[str, ...]) -> None:
    ran = rag_here(*args)
    assert ran.rc == 2
    assert "Usage: " in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr


def test_an_argument_that_is_not_utf8_is_wrong_usage(rag: Run) -> None:
    assert rag("ask", "caf\udce9?") == (2, "", "rag: argument 2 is not UTF-8: caf\\udce9?\n")


def test_help_takes_no_index(rag: Run) -> None:
    ran = rag("--help")
    assert ran.rc == 0
    assert all(word in ran.stdout for word in ("chat", "index", "docs", "ask", "search", "doctor"))
