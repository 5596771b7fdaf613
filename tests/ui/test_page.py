"""The page in a real browser: asking, citations, sources, keyboard."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from rag.schema import Answer, AnswerSentence, Disagreement, Position

from .conftest import Visit
from .fakes import FakeAssistant, Meta, seeds

pytestmark = pytest.mark.browser
Open = Callable[..., Visit]
QUESTION = "When was the US contractor killed in a missile attack in Kirkuk?"
NO_ANSWER = "Zebra yodelling championships?"
IN_VIEW = """() => {
  const body = document.querySelector('.pane .body').getBoundingClientRect();
  const mark = document.querySelector('.pane mark').getBoundingClientRect();
  return mark.height > 0 && mark.top >= body.top && mark.bottom <= body.bottom && body.bottom <= innerHeight + 1;
}"""
FOCUSED = "(({dataset: d, id}) => d.n ? `chip ${d.n}` : id)(document.activeElement)"


def quote_of(n: int, question: str = QUESTION) -> str:
    return seeds().ask(question).citations[n - 1].quote


def test_each_citation_opens_at_its_exact_sentence(seeds_url: str, visit: Open) -> None:
    page = visit(seeds_url)
    page.ask(QUESTION)
    chips = page.page.locator(".chip")
    assert chips.count() == 3
    for n in range(1, 4):
        chips.nth(n - 1).click()
        expect(page.page.locator(".where")).to_contain_text(f"Citation {n} of 3")
        assert page.marked() == quote_of(n)
        assert page.js(IN_VIEW)
    assert page.page.locator(".where").inner_text().startswith("Paragraph ")
    assert page.page.locator(".pane .cited").count() >= 1


def test_answer_is_labelled_named_and_announced(seeds_url: str, visit: Open) -> None:
    page = visit(seeds_url)
    page.ask("Who attacked Taji base last week with rocket attacks?")
    attributions = page.page.locator(".sentences .attribution").all_inner_texts()
    assert any("Quoted · Global Research, 18 March 2020" in text for text in attributions)
    assert any("The US is pulling out of key Iraq bases, undated" in text for text in attributions)
    expect(page.page.locator("#attest [role=status]")).to_have_text("Answer ready: 3 sentences quoted.")
    assert page.page.locator(".log").get_attribute("aria-live") == "off"
    expect(page.page.locator(".meta")).to_contain_text("Confidence 83")
    label = page.page.locator(".chip").first.get_attribute("aria-label") or ""
    assert label.startswith("Citation 1: ")
    page.page.locator(".chip").first.hover()
    expect(page.page.locator(".tip")).to_be_visible()
    assert "](" not in page.page.locator(".sentences").inner_text()


def test_generated_sentences_and_disagreements_say_what_they_are(serve: Callable[..., str], visit: Open) -> None:
    hostile = "<b onclick=window.hit=1>${window.hit=1}</b>"

    def finish(answer: Answer) -> Answer:
        sides = (Position(f"28 December {hostile}", (1,)), Position("last fall", (2, 9)))
        sentences = (
            AnswerSentence(f"A contractor **died** {hostile}.", "generated", (1,), "partly", 0.5, ("28 is missing",)),
            AnswerSentence("It rained.", "generated", (), "unsupported", 0.1),
        )
        conflict = Disagreement(f"the day {hostile}", "value", sides)
        return replace(answer, short_answer="28 December", sentences=sentences, disagreements=(conflict,))

    assistant = seeds()
    assistant.finish = finish
    page = visit(serve(assistant))
    page.ask(QUESTION)
    expect(page.page.locator(".short")).to_have_text("28 December")
    assert page.js("+getComputedStyle(document.querySelector('.short p')).fontWeight") >= 600
    first, second = page.page.locator(".sentences .sentence").all()
    expect(first).to_contain_text("Only partly supported")
    expect(first).to_contain_text("28 is missing")
    expect(first.locator(".words")).to_have_text(f"A contractor died {hostile}.", use_inner_text=True)
    expect(second).to_contain_text("Not found in your documents")
    card = page.page.locator(".disagreement section, section.disagreement").first
    expect(card.locator("h3")).to_have_text(f"Your sources disagree about the day {hostile}")
    assert card.locator(".side").count() == 2
    card.locator(".chip").nth(1).click()
    assert page.marked() == quote_of(2)
    expect(page.page.locator("#attest [role=status]")).to_contain_text("Source open")


def test_passages_read_open_in_the_viewer(seeds_url: str, visit: Open) -> None:
    page = visit(seeds_url)
    page.ask(QUESTION)
    passages = page.page.locator(".passage")
    expect(passages.first).to_be_hidden()
    page.page.locator(".passages summary").click()
    passages.nth(1).click()
    assert page.marked() == seeds().ask(QUESTION).passages[1].text


def test_abstention_has_its_own_look(seeds_url: str, visit: Open) -> None:
    page = visit(seeds_url)
    page.ask(NO_ANSWER, state="abstained")
    box = page.page.locator(".abstention section")
    expect(box.locator("h3")).to_have_text("Your documents do not say")
    expect(box).to_contain_text("No sentence of the documents answers this.")
    expect(page.page.locator(".passages summary")).to_contain_text("Closest passages")
    assert page.page.locator(".sentence").count() == 0
    assert "Confidence" not in page.page.locator(".exchange").inner_text()
    page.page.locator(".passage").first.click()
    assert page.marked() == seeds().ask(NO_ANSWER).passages[0].text


def test_documents_are_listed_and_open(seeds_url: str, visit: Open) -> None:
    page = visit(seeds_url)
    entries = page.page.locator(".document")
    assert entries.count() == 2
    expect(page.page.locator(".scope")).to_have_text("2 documents")
    expect(entries.nth(0)).to_contain_text("Global Research, 18 March 2020")
    expect(entries.nth(1)).to_contain_text("undated")
    entries.nth(1).click()
    expect(page.page.locator(".pane .text")).to_be_visible()
    assert page.js("document.querySelector('.pane .text').textContent") == list(seeds().texts.values())[1]


def test_an_example_asks_itself_and_a_new_conversation_clears(seeds_url: str, visit: Open) -> None:
    page = visit(seeds_url)
    page.page.locator(".example").first.click()
    expect(page.page.locator(".exchange")).to_have_attribute("data-state", "done", timeout=20_000)
    page.ask("And who was blamed for the attack?")
    assert page.page.locator(".exchange").count() == 2
    page.page.locator(".fresh").click()
    expect(page.page.locator(".empty")).to_be_visible()
    assert page.page.locator(".exchange").count() == 0
    page.ask(QUESTION)
    assert page.page.locator(".exchange").count() == 1


def test_no_documents_and_a_question_refused(serve: Callable[..., str], visit: Open) -> None:
    page = visit(serve(FakeAssistant({}), ("Not shown?",)))
    expect(page.page.locator(".empty")).to_have_text("Add documents to start. Answers come only from what you add.")
    expect(page.page.locator(".pane .hint")).to_have_text("Click a citation to see the exact sentence in its source.")
    page.page.locator("#attest-ask").click()
    expect(page.page.locator(".refused")).to_have_text("Type a question first.")
    box = page.page.locator("#attest-question textarea")
    box.fill("x" * 4_001)
    box.press("Enter")
    expect(page.page.locator(".refused")).to_contain_text("at most 4,000")
    assert len(box.input_value()) == 4_001


def test_span_after_emoji_cjk_and_combining_marks(serve: Callable[..., str], visit: Open) -> None:
    sentence = "The ca\u0301fe\u0301 漢字 opened 🇮🇶 on 3\u00a0March 👩‍👩‍👧 quietly."
    text = "👩‍👩‍👧 𝒜𝒷 e\u0301e\u0301 漢字漢字. \n\n" * 60 + sentence + "\n\n🇮🇶 The end." * 60
    page = visit(serve(FakeAssistant({"ünï 漢.txt": text})))
    page.ask("When opened the 漢字 quietly on March?")
    page.page.locator(".chip").first.click()
    assert page.marked() == sentence
    assert page.js(IN_VIEW)
    assert page.js("document.querySelector('.pane .text').textContent") == text


def test_a_long_document_loads_more_on_request(serve: Callable[..., str], visit: Open) -> None:
    text = (
        "Filler words stand here.\n\n" * 1_500 + "The needle is in the haystack.\n\n" + "More of the same.\n\n" * 1_500
    )
    page = visit(serve(FakeAssistant({"long.txt": text})))
    page.ask("Where is the needle in the haystack?")
    page.page.locator(".chip").first.click()
    assert page.marked() == "The needle is in the haystack."
    expect(page.page.locator(".where")).to_contain_text("Paragraph 1501 of 3001")
    for name in ("Earlier…", "Later…"):
        while page.page.get_by_role("button", name=name).count():
            before = page.js("document.querySelector('.pane .text').textContent.length")
            page.page.get_by_role("button", name=name).click()
            page.page.wait_for_function(f"document.querySelector('.pane .text').textContent.length > {before}")
    assert page.js("document.querySelector('.pane .text').textContent") == text


def test_keyboard_alone(seeds_url: str, visit: Open) -> None:
    page = visit(seeds_url)
    keyboard = page.page.keyboard
    page.page.locator("h1").click()
    keyboard.press("/")
    assert page.js("document.activeElement.tagName") == "TEXTAREA"
    keyboard.type("First line")
    keyboard.press("Shift+Enter")
    keyboard.type(QUESTION)
    keyboard.press("Enter")
    expect(page.page.locator(".exchange")).to_have_attribute("data-state", "done", timeout=20_000)
    assert page.page.locator(".question").inner_text() == f"First line\n{QUESTION}"
    expect(page.page.locator("#attest-question textarea")).to_have_value("")
    page.page.locator(".chip").nth(1).focus()
    keyboard.press("Enter")
    expect(page.page.locator(".where")).to_contain_text("Citation 2 of 3")
    keyboard.press("j")
    expect(page.page.locator(".where")).to_contain_text("Citation 3 of 3")
    keyboard.press("k")
    expect(page.page.locator(".where")).to_contain_text("Citation 2 of 3")
    keyboard.press("Escape")
    assert page.js(FOCUSED) == "chip 2"
    expect(page.page.locator(".pane mark")).to_have_count(0)


def test_focus_stays_while_the_answer_grows(serve: Callable[..., str], visit: Open) -> None:
    assistant = seeds()
    assistant.gate = threading.Event()
    page = visit(serve(assistant))
    page.ask(QUESTION, state=None)
    expect(page.page.locator(".stage")).to_contain_text("Reading 6 passages…")
    first = page.page.locator(".chip").first
    first.focus()
    page.js("document.activeElement.dataset.same = 'yes'")
    expect(page.page.locator("#attest-stop")).to_be_visible()
    first.click()
    assert page.marked() == quote_of(1)
    page.page.keyboard.press("Escape")
    assistant.gate.set()
    expect(page.page.locator(".exchange")).to_have_attribute("data-state", "done", timeout=20_000)
    assert page.page.locator(".chip").count() == 3
    assert page.js(FOCUSED) == "chip 1"
    assert page.js("document.activeElement.dataset.same") == "yes"
    expect(page.page.locator("#attest-stop")).to_be_hidden()


def test_stop_ends_the_answer_and_the_next_question_works(serve: Callable[..., str], visit: Open) -> None:
    assistant = seeds()
    assistant.gate = threading.Event()
    page = visit(serve(assistant))
    page.ask(QUESTION, state=None)
    page.page.locator(".chip").first.wait_for()
    page.page.locator("#attest-stop").click()
    expect(page.page.locator(".exchange")).to_have_attribute("data-state", "stopped")
    expect(page.page.locator(".problem")).to_have_text("Stopped. The text above is incomplete.")
    assistant.gate.set()
    page.ask(NO_ANSWER, state="abstained")
    assert page.page.locator(".exchange").first.get_attribute("data-state") == "stopped"


def test_a_source_that_is_gone_shows_what_was_quoted(serve: Callable[..., str], visit: Open) -> None:
    assistant = FakeAssistant(
        {"a.txt": "The tower is 300 metres high.", "b.txt": "Nothing."}, {"a.txt": Meta("Towers")}
    )
    page = visit(serve(assistant))
    page.ask("How high is the tower?")
    del assistant.texts["a.txt"]
    page.page.locator(".chip").first.click()
    expect(page.page.locator(".pane .problem")).to_have_text("This document was removed.")
    expect(page.page.locator(".pane .gone")).to_have_text("The tower is 300 metres high.")
