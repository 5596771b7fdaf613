"""Short forms of a report: Markdown for a pull request, JUnit XML for a CI server. Pure; content in them is hostile text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from rag.evaluation.metrics import CORRECTED
from rag.evaluation.records import CAUSES
from rag.evaluation.report.wording import HEADLINES, SUPPORT, interval, label, number, one_line, plain, signed

Form = Mapping[str, Any]
_WORDS: Mapping[str, str] = {"pass": "passed", "fail": "failed", "too little data": "too little data to say"}
_SPECIAL = re.compile(r"([\\`*_\[\]|~$])")
_LISTED = 5  # of failing rules or changed metrics; the report has them all
_FIELD = 120  # characters shown of one piece of content


def render_markdown(summary: Form, comparison: Form | None = None, gate: Form | None = None) -> str:
    """Return at most 20 lines of Markdown: verdict, headline metrics, causes of failure, rules that do not hold, comparison."""
    lines = [f"### Attest evaluation of {_md(summary['answers']['name'])}: {_verdict(gate)}", ""]
    lines += ["| | value | 95 % interval | n |", "|---|---:|---|---:|"]
    for name in HEADLINES:
        if metric := summary["metrics"].get(name):
            spread = _md(metric["reason"] or "") if metric["value"] is None else interval(metric["ci95"], name)
            lines.append(f"| {label(name)} | {number(metric['value'], name)} | {spread} | {metric['n']} |")
    lines += ["", _failures(summary), _checker(summary)]
    lines += [_rules(gate)] if gate and gate["verdict"] != "pass" else []
    lines += [_compared(comparison)] if comparison else []
    lines += [_caution(summary)] if _caution(summary) else []
    return "\n".join(f"{line}  " if line and not line.startswith(("|", "#")) else line for line in lines) + "\n"


def _verdict(gate: Form | None) -> str:
    if gate is None:
        return "no policy given"
    return f"**{_WORDS.get(gate['verdict'], _md(gate['verdict']))}** (policy {_md(gate['policy'])})"


def _failures(summary: Form) -> str:
    counts = [f"{count} × {CAUSES.get(cause, cause)}" for cause, count in summary["causes"].items() if count]
    failed = sum(summary["causes"].values())
    return f"Failures: {failed} of {summary['asked']} questions" + (f" ({'; '.join(counts)})." if counts else ".")


def _checker(summary: Form) -> str:
    checker, corrected = summary["checker"], summary["metrics"].get(CORRECTED)
    missed, alarms = (number(checker[name]["value"]) for name in ("missed", "false_alarms"))
    said = f"The checker's own error: missed {missed}, false alarms {alarms} (n = {checker['n']})."
    if corrected and corrected["value"] is not None:
        said += f" Sentences supported, corrected for it: {number(corrected['value'])} {interval(corrected['ci95'])}."
    worst = sorted((row for row in checker.get("kinds", ()) if row["n"]), key=lambda row: row["right"] / row["n"])
    kinds = [f"{_md(row['kind'])} {row['right']}/{row['n']}" for row in worst[:_LISTED] if row["right"] < row["n"]]
    return said + (f" Least often right: {', '.join(kinds)}." if kinds else "")


def _rules(gate: Form) -> str:
    rules = [rule for rule in gate["rules"] if rule["verdict"] != "pass"]
    words = [
        f"{_md(rule['metric'])} {number(rule['value'], rule['metric'])}, needs {_md(rule['needs'])}" for rule in rules
    ]
    return f"Rules that do not hold ({len(rules)}): {_listed(words)}."


def _compared(comparison: Form) -> str:
    changed = [
        f"{_md(row['metric'])} {row['verdict']} ({signed(row['difference'], row['metric'])})"
        for row in comparison["metrics"]
        if row["verdict"] in ("better", "worse")
    ]
    names = f"{_md(comparison['a'])} → {_md(comparison['b'])}"
    counts = (
        f"fixed {len(comparison['fixed'])}, broken {len(comparison['broken'])}, unchanged {comparison['unchanged']}"
    )
    return f"Compared, {names} (n = {comparison['n']}): {counts}; {_listed(changed) or 'no evidence of change in any metric'}."


def _caution(summary: Form) -> str:
    questions = summary["questions"]
    if questions is None:
        return "No question set: whether answers, retrieval and refusals are right cannot be said."
    if questions["drafted"]:
        return (
            f"{questions['drafted']} of {questions['n']} questions were drafted by a program and not read by a person."
        )
    return ""


def _listed(words: Sequence[str]) -> str:
    more = len(words) - _LISTED
    return "; ".join(words[:_LISTED]) + (f"; and {more} more" if more > 0 else "")


def _md(value: object) -> str:
    """Return content as inert Markdown: no HTML, table cell, formatting, mention, reference or link comes of it."""
    text = one_line(value, _FIELD).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _SPECIAL.sub(r"\\\1", text)
    # GitHub looks for mentions, references and addresses after Markdown is read: only a break inside stops it
    text = re.sub(r"([@#]|[Gg][Hh]-|:(?=//)|(?i:www)(?=\.))", "\\1\u200b", text)
    return text


def render_junit(summary: Form, outcomes: Sequence[Form], gate: Form | None = None) -> str:
    """Return JUnit XML: a suite of the gate's rules where there is a gate, and one of the questions.

    A rule that fails is a failure, one with too little data an error (a gate is shut unless shown to be open). A question
    with a cause is a failure, but where a gate decides it is only told, as skipped: no system answers every question rightly,
    and a CI job must not turn red on a run that its policy accepts. A question of which it cannot be said is skipped too.
    """
    root = ElementTree.Element("testsuites", name=f"Attest evaluation of {one_line(summary['answers']['name'], 200)}")
    if gate is not None:
        _suite(root, f"gate: {one_line(gate['policy'], 200)}", (_rule(rule) for rule in gate["rules"]))
    _suite(root, "questions", (_case(outcome, "failure" if gate is None else "skipped") for outcome in outcomes))
    _count(root, root.findall("testsuite/testcase"))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(root: ElementTree.Element, name: str, cases: Iterable[ElementTree.Element]) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name=name)
    suite.extend(cases)
    _count(suite, suite.findall("testcase"))


def _count(element: ElementTree.Element, cases: Sequence[ElementTree.Element]) -> None:
    element.set("tests", str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(sum(case.find(tag) is not None for case in cases)))


def _rule(rule: Form) -> ElementTree.Element:
    name = f"{one_line(rule['metric'], 200)}: {one_line(rule['needs'], 200)}"
    case = ElementTree.Element("testcase", classname="attest.gate", name=name)
    if rule["verdict"] != "pass":
        tag = "failure" if rule["verdict"] == "fail" else "error"
        ElementTree.SubElement(case, tag, type=plain(rule["verdict"]), message=one_line(rule["reason"], 1_000))
    return case


def _case(outcome: Form, failed: str) -> ElementTree.Element:
    name = f"{one_line(outcome['id'], 200)}: {one_line(outcome['question'], 200)}"
    case = ElementTree.Element("testcase", classname="attest.questions", name=name)
    cause = outcome["cause"]
    if cause is not None:
        words = CAUSES.get(cause, one_line(cause, 200))
        failure = ElementTree.SubElement(case, failed, type=one_line(cause, 200), message=words)
        failure.text = "\n".join(plain(line, 1_000) for line in _told(outcome))
    elif outcome["right"] is None:
        ElementTree.SubElement(case, "skipped", message="whether this is right cannot be said")
    return case


def _told(outcome: Form) -> list[str]:
    """What a reader of a CI log needs to see of a failed question."""
    lines = [f"Question: {outcome['question']}"]
    lines += [f"Expected: {text}" for text in (*outcome["expected"], *(gold["quote"] for gold in outcome["gold"]))][:10]
    lines += ["Expected: a refusal"] if outcome["answerable"] is False else []
    lines += [f"No answer: {outcome['reason']}"] if outcome["status"] != "answered" else []
    for sentence in outcome["sentences"][:10]:
        flag = ", mis-cited" if sentence["mis_cited"] else ""
        lines.append(f"Answered [{SUPPORT.get(sentence['support'], sentence['support'])}{flag}]: {sentence['text']}")
        lines += [f"  because {reason}" for reason in sentence["reasons"][:10]]
    return lines
