"""The HTML page: one file that asks for nothing, drawn from a summary, outcomes, a comparison and a gate.

A function of what it is given: no clock, no chance, no order of a set, so equal results give equal bytes. Texts in it are hostile.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from rag.evaluation.metrics import lower_is_better
from rag.evaluation.records import CAUSES
from rag.evaluation.report import charts, wording

Form = Mapping[str, Any]
MOST_PAGES = 1_000  # questions with a page of their own
MOST_LISTED = 30  # sentences, citations, passages, ... of one question; tags and changed questions: four times that
_TEMPLATES = Path(__file__).parent / "templates"
_STATES: Mapping[str, str] = {
    **{str(cause): words for cause, words in CAUSES.items()},
    "right": "no fault found",
    "wrong": "wrong",
    "unsaid": "cannot be said",
}
_SLICED = wording.HEADLINES[:5]


def render_html(
    summary: Form, outcomes: Sequence[Form], comparison: Form | None = None, gate: Form | None = None
) -> str:
    """Return the report as one HTML page that asks for nothing else and also works without scripts.

    Questions that failed come first, then the others, both in the order of `outcomes`; `MOST_PAGES` of them at most are
    shown, and the page says how many are not. `comparison`, `gate` None = the page has no such section.
    """
    pages = _pages(outcomes)
    style = _asset("report.css") + _filter_rules()
    script = _asset("report.js")
    return _environment().get_template("report.html.j2").render(
        summary=summary, comparison=comparison, gate=gate, pages=pages, left_out=len(outcomes) - len(pages),
        style=Markup(style), script=Markup(script), policy=_policy(style, script),
        groups=_groups(summary["metrics"]), headlines=[name for name in wording.HEADLINES if name in summary["metrics"]],
        causes=[(cause, words, summary["causes"].get(cause, 0)) for cause, words in CAUSES.items()],
        states=_states(pages), sliced=_sliced(summary["slices"]), numbers=_numbers(pages),
        risk_coverage=charts.risk_coverage(summary["curves"]["risk_coverage"]),
        reliability=charts.reliability(summary["curves"]["reliability"]),
    )  # fmt: skip


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES, encoding="utf-8"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters |= {
        "shown": wording.shown, "plain": wording.plain, "number": wording.number, "signed": wording.signed,
        "interval": wording.interval, "chance": wording.chance, "label": wording.label, "bar": charts.bar,
        "lower": lower_is_better, "state": wording.state, "thinned": charts.thinned, "marked": _marked,
    }  # fmt: skip
    environment.globals |= {
        "charts": charts, "STATES": _STATES, "MEANINGS": wording.MEANINGS, "SUPPORT": wording.SUPPORT,
        "SUPPORT_MEANINGS": wording.SUPPORT_MEANINGS, "MOST": MOST_LISTED, "MOST_PAGES": MOST_PAGES,
    }  # fmt: skip
    return environment


def _asset(name: str) -> str:
    return (_TEMPLATES / name).read_text("utf-8")


def _filter_rules() -> str:
    """Style rules by which the links of the table of causes filter the list where there are no scripts."""
    rules = [
        f'html:not(.js):has(#only-{state}:target) .row:not([data-state="{state}"]) {{ display: none; }}\n'
        for state in _STATES
    ]
    rules.append("html:not(.js):has(#only-failed:target) .row:not(.failed) { display: none; }\n")
    return "".join(rules)


def _policy(style: str, script: str) -> str:
    """Return a content security policy that lets these two run and nothing else, nor anything be asked for."""
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _pages(outcomes: Sequence[Form]) -> list[tuple[int, Form]]:
    """Return the outcomes that are shown, with their place in the file from 1; failures first."""
    numbered = list(enumerate(outcomes, start=1))
    failed = [pair for pair in numbered if pair[1]["cause"] is not None]
    others = [pair for pair in numbered if pair[1]["cause"] is None]
    return (failed + others)[:MOST_PAGES]


def _groups(metrics: Form) -> list[tuple[str, list[tuple[str, Form]]]]:
    """Return the metrics under their headings, both in the report's order; a metric that is not ours comes last."""
    grouped: dict[str, list[tuple[str, Form]]] = {heading: [] for heading in (*wording.GROUPS.values(), "Other")}
    for name, metric in metrics.items():
        grouped[wording.group(name)].append((name, metric))
    return [(heading, rows) for heading, rows in grouped.items() if rows]


def _states(pages: Sequence[tuple[int, Form]]) -> list[tuple[str, str, int]]:
    """Return the states that questions shown are in, with the words and the count."""
    found = [wording.state(outcome) for _, outcome in pages]
    return [(state, words, found.count(state)) for state, words in _STATES.items() if state in found]


def _sliced(slices: Mapping[str, Form]) -> list[str]:
    """Return the metrics that the table of tags has columns for."""
    there = [name for name in _SLICED if any(name in metrics for metrics in slices.values())]
    return there or list(dict.fromkeys(name for metrics in slices.values() for name in metrics))[: len(_SLICED)]


def _numbers(pages: Sequence[tuple[int, Form]]) -> dict[str, int]:
    """Return on which page a question is; of two with one id, the first."""
    numbers: dict[str, int] = {}
    for number, outcome in pages:
        numbers.setdefault(str(outcome["id"]), number)
    return numbers


def _marked(text: str, quotes: Sequence[str]) -> Markup:
    """Return a passage with the first gold quote that it holds word for word marked."""
    for quote in quotes:
        at = text.find(quote) if quote else -1
        if at >= 0 and at + len(quote) <= wording.TEXT_LIMIT:
            rest = wording.shown(text[at + len(quote) :], wording.TEXT_LIMIT - at - len(quote))
            return escape("").join(
                [wording.shown(text[:at]), Markup("<mark>{}</mark>").format(wording.shown(quote)), rest]
            )
    return wording.shown(text)
