"""The second view: which sentences of a text do the documents bear out?"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import expect

from rag import Assistant
from rag.errors import RagError, UsageError
from rag.schema import Claim, GroundingReport, Support
from ui.chat import NO_DOCUMENTS, NO_SESSION
from ui.checking import UNEXPECTED, Check, Checking, before_any, check_view, summary
from ui.render import SUPPORT_WORDS
from ui.source import CHANGED, UNKNOWN, Source

from .conftest import Visit
from .fakes import FakeAssistant, seeds
from .test_hostile import HOSTILE
from .test_page import FOCUSED, IN_VIEW
from .test_screens import CONTRAST

OWNER = "owner-token"
Open = Callable[..., Visit]
TOWERS = FakeAssistant(
    {"towers.txt": "The old tower is 300 metres high.\n\nPainters gave the tower a red coat in May."}
)
TEXT = (
    "Towers? The old tower is 300 metres high. A red coat they gave the tower in May, painters. "
    "The old tower is 400 metres high. Painters gave the tower a blue lamp. Zebras yodel loudly."
)
LABELS = ["unchecked", "quoted", "supported", "contradicted", "partly", "unsupported"]


def new(assistant: FakeAssistant = TOWERS) -> Checking:
    return Checking(assistant, Source(assistant))


def checked(checking: Checking, text: str = TEXT) -> Check:
    *_, last = checking.run(text, OWNER)
    return last


def test_each_sentence_is_judged_in_order_after_saying_how_many_there_are() -> None:
    first, last = new().run(TEXT, OWNER)
    assert (first.state, first.stage) == ("working", "Checking 6 sentences…")
    assert last.state == "done"
    assert [item["support"] for item in last.sentences] == LABELS
    assert " ".join(item["text"] for item in last.sentences) == TEXT
    assert [item["label"] for item in last.sentences] == [SUPPORT_WORDS[label] for label in LABELS]
    assert last.summary == "2 of 5 sentences are borne out by your documents; 1 was not checked"
    unchecked, quoted = last.sentences[:2]
    assert (unchecked["score"], unchecked["reasons"]) == (None, ["A question or heading states nothing"])
    assert (quoted["score"], [chip["n"] for chip in quoted["chips"]]) == ("1.00", [1])


def test_each_chip_opens_its_exact_sentence_for_its_owner_only() -> None:
    checking = new()
    check = checked(checking)
    numbers = [chip["n"] for item in check.sentences for chip in item["chips"]]
    assert numbers == [1, 2, 3, 4]
    for n in numbers:
        view = checking.source.citation(OWNER, [check.id, n])
        marked = "".join(part["t"] for part in view["parts"] if part["k"] == "mark")
        assert marked in TOWERS.texts["towers.txt"].split("\n\n")
        assert checking.source.citation("someone-else", [check.id, n]) == {"error": UNKNOWN}
    assert checking.source.passage(OWNER, [check.id, 1]) == {"error": UNKNOWN}


def test_a_quote_that_no_longer_stands_there_is_not_opened() -> None:
    assistant = FakeAssistant(dict(TOWERS.texts))
    checking = new(assistant)
    check = checked(checking)
    assistant.texts["towers.txt"] = "x" + assistant.texts["towers.txt"]
    assert checking.source.citation(OWNER, [check.id, 1])["gone"] == CHANGED


@pytest.mark.parametrize(
    ("labels", "line"),
    [
        (["quoted"], "1 of 1 sentence is borne out by your documents"),
        (["supported", "partly"], "1 of 2 sentences is borne out by your documents"),
        (["contradicted", "unchecked", "unchecked"],
         "0 of 1 sentence is borne out by your documents; 2 were not checked"),
        (["unchecked"], "No sentence of this text could be checked"),
    ],
)  # fmt: skip
def test_the_outcome_is_one_line(labels: Sequence[Support], line: str) -> None:
    assert summary(GroundingReport(tuple(Claim("x", label, None, ()) for label in labels))) == line


@dataclass
class Failing(FakeAssistant):
    """Fails with `problem`."""

    problem: Exception = RagError("never")  # noqa: RUF009

    def check_text(self, text: str, documents: Sequence[str] | None = None) -> GroundingReport:
        raise self.problem


@pytest.mark.parametrize(
    ("problem", "shown"),
    [(UsageError("the text is odd"), "the text is odd"), (ValueError("secret"), UNEXPECTED)],
    ids=["told", "unexpected"],
)
def test_a_failure_is_one_line(problem: Exception, shown: str) -> None:
    assert checked(new(Failing(TOWERS.texts, problem=problem))) == Check("failed", problem=shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", "the text is empty"),
        (" \n", "the text is empty"),
        ("x" * 50_001, "at most 50,000"),
        ("No. " * 201, "at most 200"),
    ],
    ids=["empty", "blank", "long", "many"],
)
def test_a_text_that_cannot_be_checked_is_refused_in_one_line(text: str, shown: str) -> None:
    (check,) = new().run(text, OWNER)
    assert check.state == "failed"
    assert shown in check.problem
    assert "\n" not in check.problem


def test_without_documents_or_a_session_it_says_so() -> None:
    empty = FakeAssistant({})
    assert checked(new(empty)).problem == NO_DOCUMENTS
    assert check_view(before_any(0))["stage"] == NO_DOCUMENTS
    assert "2 documents" in check_view(before_any(2))["stage"]
    (check,) = new().run(TEXT, None)
    assert check.problem == NO_SESSION


def test_a_sentence_copied_from_a_document_is_quoted_by_the_real_checker(seeds_assistant: Assistant) -> None:
    answer = seeds().ask("When was the US contractor killed in a missile attack in Kirkuk?")
    quote = next(citation.quote for citation in answer.citations if "](" not in citation.quote)
    checking = Checking(seeds_assistant, Source(seeds_assistant))
    *_, check = checking.run(quote, OWNER)
    assert [item["support"] for item in check.sentences] == ["quoted"]
    view = checking.source.citation(OWNER, [check.id, 1])
    assert "".join(part["t"] for part in view["parts"] if part["k"] == "mark") == quote


@pytest.mark.browser
def test_check_a_text_and_open_what_it_rests_on(serve: Callable[..., str], visit: Open) -> None:
    assistant = replace(TOWERS, gate=threading.Event())
    page = visit(serve(assistant))
    status, button = page.page.locator("#attest [role=status]"), page.page.locator("#attest-go")
    page.check(TEXT)
    expect(page.page.locator(".result .stage")).to_have_text("Checking 6 sentences…")
    expect(status).to_have_text("Checking 6 sentences…")
    expect(button).to_be_disabled()
    assert assistant.gate
    assistant.gate.set()
    expect(page.page.locator(".summary h2")).to_have_text(
        "2 of 5 sentences are borne out by your documents; 1 was not checked"
    )
    expect(page.page.locator(".caution")).to_contain_text("A screening aid: it errs, see rag eval selftest.")
    expect(status).to_contain_text("Checked. 2 of 5 sentences")
    expect(button).to_be_enabled()
    assert page.js("document.activeElement.className") == "result"
    assert page.page.locator(".claim .label").all_inner_texts() == [SUPPORT_WORDS[label] for label in LABELS]
    assert page.page.locator(".claim .mark-of").all_inner_texts() == ["–", "”", "✓", "✕", "◐", "∅"]
    page.page.locator(".claim .chip").first.focus()
    page.page.keyboard.press("Enter")
    page.expect_marked("The old tower is 300 metres high.")
    assert page.js(IN_VIEW)
    page.page.keyboard.press("j")
    page.expect_marked("Painters gave the tower a red coat in May.")
    page.page.keyboard.press("Escape")
    assert page.js(FOCUSED) == "chip 2"
    page.page.keyboard.press("/")
    assert page.js("document.activeElement.closest('#attest-text') !== null")
    page.page.get_by_role("button", name="Ask questions").click()
    expect(page.page.locator(".result")).to_be_hidden()
    page.ask("How high is the old tower?")
    page.page.get_by_role("button", name="Check a text").click()
    assert page.page.locator(".claim").count() == 6
    page.check(" ")
    expect(page.page.locator(".result .problem")).to_contain_text("the text is empty")


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_hostile_texts_stay_text_on_every_screen(
    serve: Callable[..., str], visit: Open, width: int, scheme: str
) -> None:
    texts = [f"The zebra says {text} at noon." for text in HOSTILE]
    assistant = FakeAssistant({"a.txt": "\n\n".join(texts)})
    page = visit(serve(assistant), width=width, height=740, color_scheme=scheme)
    assert page.js(CONTRAST) == []
    page.check("\n\n".join(texts))
    page.page.locator(".claim").first.wait_for()
    words = "[...n.childNodes].filter((c) => c.className !== 'tail').map((c) => c.textContent).join('')"
    shown = page.js(f"[...document.querySelectorAll('.claim .words')].map((n) => {words})")
    assert shown == [item["text"] for item in checked(new(assistant), "\n\n".join(texts)).sentences]
    assert "<img src=x onerror=window.hit=1>" in shown[0]
    assert page.js(CONTRAST) == []
    page.page.locator(".claim .chip").first.click()
    page.marked()
    right = "n => n.closest('.tip') ? 0 : n.getBoundingClientRect().right"
    assert page.js(f"Math.max(...[...document.querySelectorAll('#attest *')].map({right}))") <= width + 1
    assert page.js("document.scrollingElement.scrollWidth") == width
    assert page.page.locator("#attest :is(img, iframe, script, svg, a, form, base)").count() == 0
