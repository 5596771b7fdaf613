"""The page on different screens: phone, tablet, desktop; light and dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .conftest import Visit
from .test_page import IN_VIEW, NO_ANSWER, QUESTION, quote_of

pytestmark = pytest.mark.browser
Open = Callable[..., Visit]


@pytest.mark.parametrize("width", [320, 390])
def test_phone_has_a_bottom_sheet_and_no_sideways_scroll(seeds_url: str, visit: Open, width: int) -> None:
    page = visit(seeds_url, width=width, height=740)
    page.ask(QUESTION)
    expect(page.page.locator(".pane")).to_be_hidden()
    chip = page.page.locator(".chip").first
    box = chip.bounding_box()
    assert box is not None
    assert box["height"] >= 28
    assert box["width"] >= 28
    chip.click()
    assert page.marked() == quote_of(1)
    assert page.js(IN_VIEW)
    sheet = page.page.locator("#attest-source").bounding_box()
    composer = page.page.locator("#attest-composer").bounding_box()
    assert sheet is not None
    assert composer is not None
    assert sheet["height"] == pytest.approx(0.7 * 740, abs=2)
    assert sheet["y"] + sheet["height"] <= composer["y"] + 1
    assert composer["y"] + composer["height"] <= 741
    right = "n => n.closest('.tip') ? 0 : n.getBoundingClientRect().right"
    assert page.js(f"Math.max(...[...document.querySelectorAll('#attest *')].map({right}))") <= width + 1
    assert page.js("document.scrollingElement.scrollWidth") == width
    page.page.get_by_role("button", name="Close").click()
    expect(page.page.locator(".pane")).to_be_hidden()
    page.page.get_by_role("button", name="Documents", exact=True).click()
    page.page.locator(".document").nth(1).click()
    expect(page.page.locator(".pane .title")).to_have_text("The US is pulling out of key Iraq bases")


CONTRAST = """() => {
  const parse = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * (top[3] ?? 1) + under[i] * (1 - (top[3] ?? 1)));
  const backdrop = (node) => {
    const layers = [];
    for (let n = node; n; n = n.parentElement) layers.push(parse(getComputedStyle(n).backgroundColor));
    return layers.reverse().filter((c) => c.length).reduce((under, top) => over(top, under), [255, 255, 255]);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const poor = [];
  for (const node of document.querySelectorAll('#attest *')) {
    const own = [...node.childNodes].some((c) => c.nodeType === 3 && c.textContent.trim());
    if (!own || !node.checkVisibility() || node.closest(':disabled') || node.closest('.syntax')) continue;
    const under = backdrop(node);
    const [a, b] = [light(over(parse(getComputedStyle(node).color), under)), light(under)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push(`${node.className || node.tagName}: ${ratio.toFixed(2)}`);
  }
  return poor;
}"""


@pytest.mark.parametrize(("scheme", "query"), [("light", ""), ("dark", ""), ("light", "?__theme=dark")])
def test_text_can_be_read_in_light_and_dark(seeds_url: str, visit: Open, scheme: str, query: str) -> None:
    page = visit(seeds_url, query=query, color_scheme=scheme)
    assert page.js(CONTRAST) == []
    page.ask(NO_ANSWER, state="abstained")
    page.ask(QUESTION)
    page.page.locator(".chip").first.click()
    page.marked()
    page.page.locator(".chip").nth(1).hover()
    assert page.js(CONTRAST) == []
    red = page.js("getComputedStyle(document.querySelector('#attest')).backgroundColor.match(/\\d+/)[0]")
    assert (int(red) < 60) == (scheme == "dark" or "dark" in query)


@pytest.mark.parametrize(("width", "columns"), [(1280, 3), (960, 2), (700, 1)])
def test_columns_follow_the_width(seeds_url: str, visit: Open, width: int, columns: int) -> None:
    page = visit(seeds_url, width=width)
    assert (
        page.js("getComputedStyle(document.querySelector('#attest')).gridTemplateColumns.split(' ').length") == columns
    )
    expect(page.page.locator(".document").first).to_be_visible(visible=columns == 3)
    expect(page.page.locator("footer")).to_be_hidden()
