"""The report in a real browser: opened as a file, it asks for nothing, runs nothing foreign, and can be read by anyone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from rag.evaluation.report import render_html

from .report_forms import (
    HOSTILE,
    comparison,
    gate,
    hostile_outcomes,
    outcomes,
    spoiled,
    summary,
)

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
SHOWN = "[...document.querySelectorAll('.page')].filter(p => p.checkVisibility()).map(p => p.id)"
ROWS = "[...document.querySelectorAll('.row')].filter(p => p.checkVisibility()).map(p => Number(p.dataset.n))"
SIDEWAYS = "document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    return _write(tmp_path_factory, render_html(summary(), outcomes(), comparison(), gate()))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    forms = hostile_outcomes()
    whole = summary(asked=len(forms), slices={text: summary()["metrics"] for text in HOSTILE})
    text = HOSTILE[3]
    return _write(
        tmp_path_factory, render_html(spoiled(whole, text), forms, spoiled(comparison(), text), spoiled(gate(), text))
    )


def _write(folders: pytest.TempPathFactory, page: str) -> str:
    path = folders.mktemp("report") / "report.html"
    path.write_text(page, "utf-8")
    return path.as_uri()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Open]:
    """Open a report; in the end nothing but the file was asked for, nothing was refused and nothing foreign ran."""
    opened: list[tuple[BrowserContext, Page]] = []
    troubles: list[str] = []

    def start(url: str, width: int = 1280, height: int = 900, place: str = "", **options: Any) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        page = context.new_page()
        opened.append((context, page))
        page.on(
            "request",
            lambda r: None if r.url.split("#")[0] in (url, "data:,") else troubles.append(f"asked for {r.url}"),
        )
        page.on("pageerror", lambda error: troubles.append(f"script failed: {error}"))
        page.on("console", lambda message: troubles.append(f"console: {message.text}"))
        page.on("dialog", lambda dialog: (troubles.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("popup", lambda popup: troubles.append(f"popup: {popup.url}"))
        page.goto(url + place)
        return page

    yield start
    for context, page in opened:
        if page.evaluate("window.hit !== undefined"):
            troubles.append("content ran")
        context.close()
    assert troubles == []


def test_the_filter_narrows_the_list(report: str, visit: Open) -> None:
    page = visit(report)
    assert page.evaluate(SHOWN) == []
    page.get_by_role("link", name="unsupported by its evidence").first.click()
    assert page.evaluate(ROWS) == [8, 26]
    expect(page.locator("#status")).to_have_text("2 of 36 shown")
    page.get_by_role("combobox", name="Show").select_option("failed")
    assert len(page.evaluate(ROWS)) == 11
    page.get_by_role("searchbox", name="Search").fill("Ohio")  # stands in answers only
    assert page.evaluate(ROWS) == [8, 26]
    page.get_by_role("searchbox", name="Search").fill("nowhere to be found")
    expect(page.locator("#status")).to_contain_text("No question fits")
    page.keyboard.press("Escape")
    assert len(page.evaluate(ROWS)) == 11
    page.get_by_role("link", name="all failures").click()
    assert len(page.evaluate(ROWS)) == 11


def test_keyboard_alone(report: str, visit: Open) -> None:
    page = visit(report)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("jk/ohio")
    expect(page.locator("#search")).to_have_value("jk/ohio")
    page.keyboard.press("Escape")
    page.keyboard.type("ohio")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.row').dataset.n") == "8"
    page.keyboard.press("Enter")
    assert page.evaluate(SHOWN) == ["q-8"]
    expect(page.locator("#q-8")).to_be_focused()
    assert not page.locator(".overview").is_visible()
    page.keyboard.press("j")  # the filter still counts
    assert page.evaluate(SHOWN) == ["q-26"]
    page.keyboard.press("j")
    assert page.evaluate(SHOWN) == ["q-26"]
    page.keyboard.press("k")
    assert page.evaluate(SHOWN) == ["q-8"]
    page.locator("#q-8 .cites a").first.click()  # a citation within the page does not leave it
    assert page.evaluate(SHOWN) == ["q-8"]
    page.keyboard.press("Escape")
    assert page.evaluate(SHOWN) == []
    assert page.evaluate("document.activeElement.closest('.row').dataset.n") == "8"
    page.get_by_role("checkbox", name="Keys").uncheck()
    page.locator("h1").click()
    page.keyboard.press("j")
    assert page.evaluate(SHOWN) == []


def test_links_lead_from_question_to_question(report: str, visit: Open) -> None:
    page = visit(report, place="#q-6")
    page.locator("#q-6").get_by_role("link", name="Next").click()
    assert page.evaluate(SHOWN) == ["q-8"]
    page.locator("#q-8").get_by_role("link", name="Previous").click()
    page.locator("#q-6").get_by_role("link", name="Back to the list").click()
    assert page.evaluate(SHOWN) == []
    assert page.locator("#row-6").is_visible()


def test_without_scripts(report: str, visit: Open) -> None:
    page = visit(report, java_script_enabled=False)
    expect(page.get_by_role("heading", name="Failed")).to_be_visible()
    expect(page.locator("#controls")).to_be_hidden()
    page.get_by_role("link", name="unsupported by its evidence").first.click()
    assert page.locator(".row:visible").count() == 2
    page.get_by_role("link", name="Show all questions").click()
    assert page.locator(".row:visible").count() == 36
    page.locator("#row-10 a").click()
    assert page.locator(".page:visible").count() == 1
    page.locator("#q-10").get_by_text("Passages retrieved: 8").click()
    assert page.locator("#q-10 mark").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("place", ["", "#q-8", "#q-4", "#q-18"])
def test_accessible_and_never_sideways(report: str, visit: Open, scheme: str, width: int, place: str) -> None:
    page = visit(report, width=width, place=place, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    assert not page.evaluate(SIDEWAYS)
    assert Axe().run(page).response["violations"] == []


def test_a_run_without_anything_is_accessible_too(visit: Open, tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = summary(asked=0, questions=None, index=None, slices={}, curves={"risk_coverage": [], "reliability": []})
    page = visit(_write(tmp_path_factory, render_html(empty, [])), bypass_csp=True)
    assert Axe().run(page).response["violations"] == []


def test_hostile_content_runs_nothing_and_breaks_nothing(hostile: str, visit: Open) -> None:
    page = visit(hostile, width=320)
    numbers = page.evaluate(ROWS)
    assert len(numbers) == 3 * len(HOSTILE)
    assert not page.evaluate(SIDEWAYS)
    for number in numbers:
        page.evaluate(f"location.hash = 'q-{number}'")
        page.locator(f"#q-{number} details").first.evaluate("part => { part.open = true; }")
        assert page.evaluate(SHOWN) == [f"q-{number}"]
        assert not page.evaluate(SIDEWAYS), number
    assert (
        page.evaluate("document.querySelectorAll('img, iframe, base, form, [onload], [onerror], [onfocus]').length")
        == 0
    )
    assert page.evaluate("document.querySelectorAll('link, script, style').length") == 3


def test_what_slips_through_is_stopped_by_the_policy(chromium: Browser, tmp_path: Path) -> None:
    """Should escaping ever fail, nothing runs and nothing is asked for all the same."""
    slipped = (
        "<img src=https://evil.example/a.png><script>window.hit = 1</script>"
        "<p onclick=window.hit=2 id=slipped style=color:red>x</p>"
    )
    path = tmp_path / "report.html"
    path.write_text(render_html(summary(), outcomes()).replace("<main", slipped + "<main"), "utf-8")
    page = chromium.new_page()
    asked: list[str] = []
    page.on("response", lambda response: asked.append(response.url))
    page.goto(path.as_uri())
    page.locator("#slipped").click()
    assert page.evaluate("window.hit") is None
    assert page.evaluate("getComputedStyle(document.getElementById('slipped')).color") != "rgb(255, 0, 0)"
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    page.close()


def test_printing_shows_the_failures(report: str, visit: Open) -> None:
    page = visit(report)
    page.emulate_media(media="print")
    assert len(page.evaluate(SHOWN)) == 11
    expect(page.locator("#controls")).to_be_hidden()
