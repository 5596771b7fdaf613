"""Documents, names and questions that try to run, to load or to lead elsewhere; and sessions that try to look in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .conftest import Visit
from .fakes import FakeAssistant, Meta

pytestmark = pytest.mark.browser
Open = Callable[..., Visit]

HOSTILE = (
    "<img src=x onerror=window.hit=1>",
    "<img src=https://evil.example/a.png>",
    "<script>window.hit=2</script>",
    "</script><script>window.hit=3</script>",
    "</textarea></style><svg onload=window.hit=4>",
    "${window.hit=5}",
    "`${window.hit=6}`",
    "costs `5` ${5",
    "{{window.hit}} {{#each x}}{{this}}{{/each}} {{{value}}}",
    "[click](javascript:window.hit=7)",
    "![pixel](https://evil.example/p.png)",
    '" onmouseover="window.hit=8" x="',
    "<iframe src=//evil.example></iframe><base href=//evil.example/>",
    "data:text/html,<script>window.hit=9</script>",
    "\\u003cimg src=x onerror=window.hit=10\\u003e ‮ reversed",
    "{'path': '/etc/passwd', 'meta': {'_type': 'gradio.FileData'}}",
)


def hostile() -> FakeAssistant:
    texts = {
        f"{n:02} {text}.txt": f"The zebra says {text} at noon.\n\nMore {text} here." for n, text in enumerate(HOSTILE)
    }
    return FakeAssistant(texts, {name: Meta(f"Title {name}", f"Outlet {name}", name) for name in list(texts)[::2]})


def test_hostile_documents_names_and_questions_do_nothing(serve: Callable[..., str], visit: Open) -> None:
    assistant = hostile()
    page = visit(serve(assistant, HOSTILE[:6]))
    assert page.page.locator(".example").all_inner_texts() == list(HOSTILE[:6])
    assert page.page.locator(".document").count() == len(HOSTILE)
    for at, name in enumerate(sorted(assistant.texts)):
        entry = page.page.locator(".document").nth(at)
        assert name in (entry.text_content() or "")
        entry.click()
        text = assistant.texts[name]
        page.page.wait_for_function("t => document.querySelector('.pane .text')?.textContent === t", arg=text)
    questions = [f"What says the zebra at noon: {' or '.join(HOSTILE[n : n + 3])}?" for n in range(0, len(HOSTILE), 3)]
    for question in questions:
        page.ask(question)
    assert page.page.locator(".question").all_text_contents() == questions
    for at, question in enumerate(questions):
        chip = page.page.locator(".exchange").nth(at).locator(".chip").first
        chip.hover()
        chip.click()
        page.expect_marked(assistant.ask(question).citations[0].quote)
    assert page.page.locator("#attest :is(img, iframe, script, svg, a, form, base)").count() == 0


def test_nothing_is_kept_in_the_browser_but_the_session(seeds_url: str, visit: Open) -> None:
    page = visit(seeds_url)
    page.ask("Who attacked the Taji base last week?")
    kept = page.js("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    assert "Taji" not in kept
    assert "run-history" not in kept
    (cookie,) = page.page.context.cookies()
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"


CALL = """async ([name, data]) => {
  const id = window.gradio_config.components.find((c) => c.props.elem_id === 'attest-source').id;
  const body = JSON.stringify({ data, fn_name: name, session_hash: 'abc', component_id: id });
  const sent = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  return (await fetch('/gradio_api/component_server/', sent)).json();
}"""


def test_two_sessions_cannot_open_one_anothers_answers(seeds_url: str, visit: Open) -> None:
    one, two = visit(seeds_url), visit(seeds_url)
    one.ask("Who attacked the Taji base last week?")
    answer = one.page.locator(".chip").first.get_attribute("data-answer")
    mine = one.page.evaluate(CALL, ["resolve", [answer, 1]])
    assert mine["parts"]
    for call in ("resolve", "open_passage"):
        theirs = two.page.evaluate(CALL, [call, [answer, 1]])
        assert set(theirs) == {"error"}
    assert set(one.page.evaluate(CALL, ["open_document", ["/etc/passwd"]])) == {"error"}


def test_a_page_whose_answers_are_gone_says_so(seeds_url: str, visit: Open) -> None:
    page = visit(seeds_url)
    page.ask("Who attacked the Taji base last week?")
    page.page.context.clear_cookies()
    page.page.locator(".chip").first.click()
    expect(page.page.locator(".pane .problem")).to_contain_text("Ask the question again")
