"""The report as text: complete, safe whatever it is given, and the same bytes each time."""

from __future__ import annotations

import copy
import html
import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest

from rag.evaluation.records import CAUSES
from rag.evaluation.report import MOST_LISTED, MOST_PAGES, charts, render_html, render_junit, render_markdown, wording

from .report_forms import (
    GOLD,
    HOSTILE,
    STATES,
    VALUES,
    Form,
    comparison,
    gate,
    hostile_outcomes,
    metric,
    outcome,
    outcomes,
    spoiled,
    summary,
)  # fmt: skip

VOID = {"meta", "link", "br", "input", "rect", "circle", "line", "path", "use"}


class Tree(HTMLParser):
    """Collects elements and checks that each that is opened is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def values(self, attribute: str) -> list[str]:
        return [str(attrs[attribute]) for _, attrs in self.elements if attribute in attrs]


def words(page: str) -> str:
    body = re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body)))


def page_of(page: str, number: int) -> str:
    found = re.search(rf'<article class="[^"]*" id="q-{number}".*?</article>', page, flags=re.DOTALL)
    assert found
    return words(found[0])


def test_equal_results_give_equal_bytes() -> None:
    given = (summary(), outcomes(), comparison(), gate())
    kept = copy.deepcopy(given)
    assert render_html(*given) == render_html(*kept)
    assert render_markdown(*given[::2], given[3]) == render_markdown(*kept[::2], kept[3])
    assert render_junit(given[0], given[1], given[3]) == render_junit(kept[0], kept[1], kept[3])
    assert given == kept


def test_links_lead_somewhere_and_ids_are_unique() -> None:
    tree = Tree(render_html(summary(), outcomes(), comparison(), gate()))
    ids = tree.values("id")
    assert len(ids) == len(set(ids))
    targets = [link.removeprefix("#") for link in tree.values("href") if link.startswith("#")]
    assert set(targets) <= set(ids)
    for attribute in ("aria-labelledby", "for"):
        assert {name for value in tree.values(attribute) for name in value.split()} <= set(ids)
    assert {link for link in tree.values("href") if not link.startswith("#")} == {"data:,"}


def test_nothing_is_asked_for_and_nothing_is_inline() -> None:
    page = render_html(summary(), outcomes(), comparison(), gate())
    tree = Tree(page)
    names = {name for _, attrs in tree.elements for name in attrs}
    assert not {name for name in names if name.startswith("on")} | names & {"src", "srcset", "style", "action", "data"}
    assert not re.search(r"@import|url\(|fetch\(|XMLHttp|innerHTML|https?://", page)
    (policy,) = (
        attrs["content"] for tag, attrs in tree.elements if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[^']{44}'; script-src 'sha256-[^']{44}'; img-src data:; "
        r"base-uri 'none'; form-action 'none'", str(policy)
    )  # fmt: skip


def test_every_metric_stands_there_with_its_reason_where_it_has_no_value() -> None:
    text = words(render_html(summary(), outcomes()))
    for name in VALUES:
        assert name in text
    assert "cannot be said: no question of the set is tagged with a conflict" in text
    assert not re.search(r"\b(NaN|None|nan|null|Undefined)\b", text)


def test_headlines_say_what_could_not_be_measured() -> None:
    form = summary()
    form["metrics"] |= {name: metric(None) for name in wording.HEADLINES}
    text = words(render_html(form, []))
    assert text.count("cannot be said") >= len(wording.HEADLINES)


@pytest.mark.parametrize("verdict", ["pass", "fail", "too little data", None])
def test_verdict_in_words(verdict: str | None) -> None:
    text = words(render_html(summary(), outcomes(), gate=gate(verdict) if verdict else None))
    expected = {"pass": "Passed The only rule of the policy ci.toml holds", "fail": "Failed 2 of 3 rules of the policy ci.toml",
                "too little data": "Too little data to say 1 of 2 rules", None: "No policy given"}  # fmt: skip
    assert expected[verdict] in text


def test_what_is_not_there_is_said() -> None:
    assert "There is no question set" in words(render_html(summary(questions=None, index=None), outcomes()))
    form = summary()
    form["questions"] |= {"drafted": 12, "unlabelled": 3}
    text = words(render_html(form, outcomes()))
    assert "12 of 36 questions were drafted by a program" in text
    assert "Of 3 questions nobody has said" in text
    empty = summary(
        asked=0, slices={}, causes=dict.fromkeys(CAUSES, 0), curves={"risk_coverage": [], "reliability": []}
    )
    text = words(render_html(empty, []))
    assert "No question was asked" in text
    assert "There are no questions to show" in text
    assert "There is no curve" in text
    assert "No question has a tag" in text


def test_failures_come_first_and_each_page_tells_its_story() -> None:
    page = render_html(summary(), outcomes())
    order = [int(number) for number in re.findall(r'data-n="(\d+)"', page)]
    failed = [at for at, cause in enumerate(STATES, 1) if cause]
    assert order == failed + [at for at in range(1, 37) if at not in failed]
    assert order == [int(number) for number in re.findall(r'<article class="[^"]*" id="q-(\d+)"', page)]
    contradicted = page_of(page, 10)
    for part in ("contradicted by its evidence", "the sentence says 9; the evidence says 8", "Found, rank 2",
                 "undated", "Global Research, 2020-03-18", "exact quote", "holds no gold", "characters 124–271",
                 "gold at rank 2"):  # fmt: skip
        assert part in contradicted
    other = page_of(page, 4)
    for part in ("does not report the passages", "does not report citations", "Confidence: not reported", "Time: not reported",
                 "does not cite by sentence", "Whether it was retrieved is not known"):  # fmt: skip
        assert part in other
    assert "not exact: characters 124 to 271" in page_of(page, 8)
    assert "Not retrieved" in page_of(page, 6)
    assert "mis-cited" in page_of(page, 18)
    assert "[7] (not among the citations)" in page_of(page, 18)
    assert "It refused." in page_of(page, 13)
    assert "The documents do not answer this, yet the system did." in page_of(page, 15)
    assert "No answer: the system failed. the system did not answer within 30 seconds" in page_of(page, 24)
    assert "cannot be said" in page_of(page, 5)
    assert f"<mark>{GOLD}</mark>" in page


def test_changed_questions_are_linked_where_they_have_a_page() -> None:
    page = render_html(summary(), outcomes(), comparison())
    assert re.search(
        r'<a href="#q-3" dir="auto">Which militia[^<]*</a> <span class="quiet">was: retrieved, but not chosen', page
    )
    assert re.search(r'<span dir="auto">Who is [^<]*</span> <span class="quiet">was: no answer', page)
    assert re.search(r'<a href="#q-10" dir="auto">Who is [^<]*</a> <span class="quiet">is now: contradicted', page)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_content_stays_text(text: str) -> None:
    forms = [spoiled(outcome(at, cause), text) for at, cause in enumerate((None, "unsupported", text))]
    whole = spoiled(summary(), text) | {"slices": {text: {text: metric(0.5), "answer.f1": metric(None)}}}
    compared, gated = spoiled(comparison(), text), spoiled(gate(), text)
    page = render_html(whole, forms, compared, gated)
    clean = Tree(render_html(summary(), outcomes(), comparison(), gate()))
    tree = Tree(page)
    assert {tag for tag, _ in tree.elements} <= {tag for tag, _ in clean.elements} | {"span"}
    assert {name for _, attrs in tree.elements for name in attrs} <= {
        name for _, attrs in clean.elements for name in attrs
    }
    assert not [link for link in tree.values("href") if not re.fullmatch(r"#[\w-]+|data:,", link)]
    page.encode()
    assert not re.search("[\x00-\x08\x1b\u202e\u2066]", page)
    markdown = render_markdown(whole, compared, gated)
    markdown.encode()
    assert not re.search(r"<\w|@everyone|(?<!\\)`|#1|https://|(?<!\\)\]\(|\x1b|\u202e", markdown.partition("\n")[2])
    ElementTree.fromstring(render_junit(whole, forms, gated))


def test_texts_are_cut_and_control_characters_shown() -> None:
    assert wording.shown("a\u202eb\x00\x00\x00c<") == (
        'a<span class="ctl">U+202E</span>b<span class="ctl">U+0000 ×3</span>c&lt;'
    )
    assert wording.plain("a\u202eb\ud800") == "a[U+202E]b[U+D800]"
    assert wording.shown("é\u200dو\u200f\n\t") == "é\u200dو\u200f\n\t"
    assert "cut: 4,000 of 10,000 characters are shown" in wording.shown("x" * 10_000)
    assert "x" * 4_001 not in render_html(summary(), hostile_outcomes())


def test_long_lists_are_cut_and_say_so() -> None:
    one = outcome(0)
    one["passages"] = [one["passages"][0] | {"rank": rank} for rank in range(1, 101)]
    one["tags"] = [f"tag {n}" for n in range(500)]
    text = words(render_html(summary(asked=1), [one]))
    assert f"And {100 - MOST_LISTED} more" in text
    assert "tag 499" not in text


def test_of_many_questions_the_failures_have_pages() -> None:
    forms = [outcome(at, "not_chosen" if at >= 1_150 else None) for at in range(1, 1_201)]
    page = render_html(summary(asked=1_200), forms)
    shown = [int(number) for number in re.findall(r'<article class="[^"]*" id="q-(\d+)"', page)]
    assert len(shown) == MOST_PAGES
    assert shown[:51] == list(range(1_150, 1_201))
    assert shown[51:] == list(range(1, 950))
    assert "200 of 1,200 questions are left out here" in words(page)
    assert "outcomes.jsonl" in page


def test_markdown_is_short_and_says_what_matters() -> None:
    text = render_markdown(summary(), comparison(), gate())
    assert len(text.splitlines()) <= 20
    for part in ("**failed** (policy ci.toml)", "| Sentences supported | 0.893 | 0.814 to 0.958 | 22 |", "Failures: 11 of 36",
                 "missed 0.147, false alarms 0.107", "fixed 2, broken 1, unchanged 33", "Rules that do not hold (2)"):  # fmt: skip
        assert part in text
    assert "no policy given" in render_markdown(summary())
    assert "No question set" in render_markdown(summary(questions=None))
    many = gate() | {"rules": gate()["rules"][1:] * 20, "policy": "a | b\n\n# c @everyone"}
    text = render_markdown(summary(), None, many)
    assert len(text.splitlines()) <= 20
    assert "a \\| b #\u200b c @\u200beveryone" in text


def test_junit_counts_what_it_holds() -> None:
    root = ElementTree.fromstring(render_junit(summary(), outcomes(), gate()))
    rules, questions = root.findall("testsuite")
    failed = sum(cause is not None for cause in STATES)
    counts: list[dict[str, Any]] = [dict(suite.attrib) for suite in (rules, questions, root)]
    for suite, counted in zip((rules, questions, root), counts, strict=True):
        for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(counted[name]) == len(suite.findall(f".//{tag}")), name
    assert [counts[0][name] for name in ("tests", "failures", "errors", "skipped")] == ["3", "1", "1", "0"]
    assert [counts[1][name] for name in ("tests", "failures", "errors", "skipped")] == ["36", "0", "0", str(failed + 1)]
    [alone] = ElementTree.fromstring(render_junit(summary(), outcomes())).findall("testsuite")
    assert [alone.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["36", str(failed), "0", "1"]
    messages = {failure.get("message") for failure in alone.iter("failure")}
    assert messages == {CAUSES[cause] for cause in STATES if cause}
    assert len(ElementTree.fromstring(render_junit(summary(), []))) == 1


@pytest.mark.parametrize(
    ("metric_of", "expected"),
    [
        (metric(0.5, 0.25, 0.75), charts.Bar("100.0", "50.0", "100.0")),
        (metric(1.0, 1.0, 1.0), charts.Bar("200.0", "200.0", "1.0")),
        (metric(0.5) | {"ci95": None}, charts.Bar("100.0", None, None)),
        (metric(None), None),
        (metric(61.4, 58, 66), None),
    ],
)
def test_interval_bars(metric_of: Form, expected: charts.Bar | None) -> None:
    assert charts.bar(metric_of) == expected


def test_plots_of_no_one_two_and_many_points() -> None:
    assert charts.risk_coverage([]) is None
    assert charts.reliability([]) is None
    one, two = charts.risk_coverage([[1.0, 0.3, 0.2]]), charts.risk_coverage([[0.5, 0.0, 0.9], [1.0, 0.08, 0.2]])
    assert one is not None
    assert two is not None
    assert (one.path, len(one.dots), one.ys[-1].text) == ("", 1, "0.5")
    assert (two.path.count("H"), len(two.dots), two.ys[-1].text) == (1, 2, "0.1")
    many = [[at / 5_000, 0.1, 0.5] for at in range(1, 5_001)]
    kept = charts.thinned(many)
    assert (len(kept), kept[0], kept[-1]) == (charts.MOST_POINTS, many[0], many[-1])
    for curve in ([], [[1.0, 0.3, None]], many):
        page = render_html(summary(curves={"risk_coverage": curve, "reliability": [[0.5, 0.5, 3]]}), [])
        Tree(page)
        assert ("One point only" in page) == (len(curve) == 1)
