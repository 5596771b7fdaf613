"""What `rag eval …` does."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rag.assistant import Assistant
from rag.commands.common import one_line, progress_bar, warn, write, write_json
from rag.config import Config
from rag.errors import DataError, RagError
from rag.jsontext import to_json

_GATED = {"pass": 0, "fail": 1, "too little data": 3}
_BAD_INPUT = 4
_TOLD = 10  # questions fixed and broken; --json and the report list all


def make(assistant: Assistant, out: Path, limit: int) -> None:
    """Draft a question set."""
    from rag.evaluation.drafting import draft
    from rag.evaluation.files import write_text
    from rag.evaluation.questions import write_questions

    if out.exists():
        raise DataError(f"{out} exists: a question set is never overwritten, give another name")
    assistant.index_state()
    texts = ((info.id, assistant.text(info.id)) for info in assistant.documents())
    questions = draft(texts, limit)
    if not questions:
        raise DataError("no question could be drafted from these documents: write some by hand, one JSON object a line")
    write_text(out, write_questions(questions))
    misses = sum(question.answerable is False for question in questions)
    write(
        f"{len(questions)} questions drafted to {one_line(str(out))}, {misses} of them near misses that the documents do not "
        'answer. Read them: correct what is wrong, and take out "drafted" from those you have checked.'
    )


def run(assistant: Assistant, questions: Path, out: Path) -> None:
    """Ask every question."""
    from rag.evaluation.files import write_text
    from rag.evaluation.questions import check_gold, read_questions
    from rag.evaluation.running import run as ask_all
    from rag.evaluation.sources import texts_of

    _refuse_same(out, questions)
    asked = read_questions(questions)
    assistant.index_state()
    check_gold(asked, *texts_of(assistant))
    write_text(out, "")  # a place that cannot be written is said before an hour of asking
    refused = failed = 0
    with progress_bar() as progress, out.open("w", encoding="utf-8", newline="\n") as stream:
        for answer in ask_all(assistant, asked, progress):
            stream.write(to_json(answer) + "\n")
            stream.flush()
            failed += "error" in answer
            refused += answer.get("status") == "not_found"
    write(f"{len(asked)} questions asked: {len(asked) - refused - failed} answered, {refused} refused, {failed} failed")


def score(
    assistant: Assistant,
    answers: Path,
    questions: Path | None,
    out: Path,
    form: str | None,
    *,
    use_index: bool,
    as_json: bool,
) -> None:
    """Score an answers file."""
    from rag.evaluation.responses import FORMS
    from rag.evaluation.scored import discard, score_file, write_scored
    from rag.evaluation.sources import texts_of

    for name in ("summary.json", "outcomes.jsonl"):
        _refuse_same(out / name, answers, questions)
    discard(out)
    if form is not None and form not in FORMS:
        raise DataError(f"--form is {form[:60]!r}: give one of {', '.join(FORMS)}")
    indexed = use_index and assistant.indexed
    if not indexed:
        warn("note: no index is used: quotations are held against the passages in the file, and gold is not looked up")
    text, documents = texts_of(assistant) if indexed else (None, [])
    index = assistant.info() if indexed else None
    scored = score_file(answers, questions, assistant.checker, form=form, text=text, documents=documents, index=index)
    write_scored(out, scored)
    if as_json:
        write_json(scored.summary)
    else:
        _write_summary(scored.summary)


def compare(a: Path, b: Path, *, as_json: bool) -> None:
    """Compare two runs."""
    from rag.evaluation.comparing import compare as compare_runs
    from rag.evaluation.scored import read_scored

    comparison = compare_runs(read_scored(a), read_scored(b))
    if as_json:
        write_json(comparison)
        return
    write(
        f"{comparison['n']} questions asked in both ({comparison['only_a']} only before, {comparison['only_b']} only after)"
    )
    write(f"{'':34} {'before':>8} {'after':>8}  {'difference':24} {'p (Holm)':>8}     would show  verdict")
    for row in comparison["metrics"]:
        if row["difference"] is None:
            continue
        change = f"{row['difference']:+.3f} {_interval(row['ci95'], '+.3f')}"
        p = "" if row["p_holm"] is None else f"{row['p_holm']:.3f}"
        smallest = "" if row["smallest_difference"] is None else f"{row['smallest_difference']:.3f}"
        write(
            f"{one_line(row['metric']):34} {row['a']:8.3f} {row['b']:8.3f}  {change:24} {p:>8}  {smallest:>13}  {row['verdict']}"
        )
    for word in ("fixed", "broken"):
        found = comparison[word]
        more = f" and {len(found) - _TOLD} more" if len(found) > _TOLD else ""
        write(f"{word}: {len(found)}")
        for item in found[:_TOLD]:
            write(f"  {one_line(item['id'])}  {one_line(item['question'])}  ({item['cause'].replace('_', ' ')})")
        if more:
            write(f" {more}")


def gate(scores: Path, policy: Path, *, init: bool, as_json: bool) -> int:
    """Hold scores against a policy; return the exit status."""
    from rag.evaluation.files import write_text
    from rag.evaluation.gating import gate as hold
    from rag.evaluation.policies import draft_policy, read_policy
    from rag.evaluation.scored import read_scored

    try:
        scored = read_scored(scores)
        if init:
            if policy.exists():
                raise DataError(
                    f"{policy} exists: a policy is never overwritten, give another name or leave out --init"
                )
            write_text(policy, draft_policy(scored))
            warn(f"note: {policy} written from the intervals of these scores: read it, and commit it")
        result = hold(scored, read_policy(policy), policy.name)
    except (RagError, OSError) as error:
        sys.stderr.write(f"rag: {one_line(str(error))}\n")
        return _BAD_INPUT
    if as_json:
        write_json(result)
    else:
        for row in result["rules"]:
            value = "–" if row["value"] is None else f"{row['value']:.3f} {_interval(row['ci95'])}"
            reason = f": {one_line(row['reason'])}" if row["reason"] else ""
            write(f"{row['verdict']:15} {row['metric']:34} {value:24} n {row['n']:<6} needs {row['needs']}{reason}")
        write(f"gate: {result['verdict']}")
    return _GATED[result["verdict"]]


def selftest(assistant: Assistant, pairs: Path | None, *, as_json: bool) -> None:
    """Print the checker's own error."""
    from rag.evaluation.selftest import bundled_pairs, read_pairs
    from rag.evaluation.selftest import selftest as measure

    result = measure(assistant.checker, read_pairs(pairs) if pairs else bundled_pairs())
    if as_json:
        write_json(result)
        return
    write(f"checker {result['checker']}, {result['n']} labelled pairs")
    for name in ("balanced_accuracy", "auroc", "missed", "false_alarms", "label_accuracy"):
        write(_line(name, result[name]))
    for row in result["kinds"]:
        write(f"  {row['label']:13} {row['kind']:18} right {row['right']:3} of {row['n']}")


def report(
    scores: Path, out: Path, *, against: Path | None, policy: Path | None, junit: Path | None, markdown: Path | None
) -> None:
    """Write the report."""
    from rag.evaluation.comparing import compare as compare_runs
    from rag.evaluation.files import write_text
    from rag.evaluation.gating import gate as hold
    from rag.evaluation.policies import read_policy
    from rag.evaluation.report import render_html, render_junit, render_markdown
    from rag.evaluation.scored import read_scored

    written = [path for path in (out, junit, markdown) if path]
    for path in written:
        _refuse_same(path, policy, *(other for other in written if other is not path))
        for folder in (scores, against):
            _refuse_same(path, *((folder, folder / "summary.json", folder / "outcomes.jsonl") if folder else ()))
    scored = read_scored(scores)
    comparison = compare_runs(read_scored(against), scored) if against else None
    verdict = hold(scored, read_policy(policy), policy.name) if policy else None
    write_text(out, render_html(scored.summary, scored.outcomes, comparison, verdict))
    if junit:
        write_text(junit, render_junit(scored.summary, scored.outcomes, verdict))
    if markdown:
        write_text(markdown, render_markdown(scored.summary, comparison, verdict))
    write(f"report written to {one_line(str(out))}")


def bench(data: Path, names: list[str] | None, limit: int | None, *, as_json: bool) -> None:
    """Run public benchmarks."""
    from rag.evaluation.bench import bench as run_sets
    from rag.evaluation.bench import to_markdown

    with progress_bar() as progress:
        rows = run_sets(data, names, Config.from_env(), limit, progress)
    if as_json:
        write_json({"rows": rows})
    else:
        write(to_markdown(rows))


def _refuse_same(out: Path, *others: Path | None) -> None:
    """Raise DataError if a file that is to be written is one of those that are read, or written too."""
    for other in others:
        if other is not None and out.resolve() == other.resolve():
            raise DataError(f"{out} would be overwritten: give another file")


def _write_summary(summary: Mapping[str, Any]) -> None:
    asked = summary["questions"]
    write(
        f"{summary['asked']} answers, form {summary['answers']['form']}"
        + (f", {asked['n']} questions" if asked else ", no question set")
    )
    if asked and asked["drafted"]:
        write(f"{asked['drafted']} of the questions are drafts that nobody has read: take the figures as such")
    for name, metric in summary["metrics"].items():
        write(_line(name, metric))
    write("failures by cause")
    for cause, count in summary["causes"].items():
        write(f"  {cause.replace('_', ' '):22} {count}")


def _line(name: str, metric: Mapping[str, Any]) -> str:
    if metric["value"] is None:
        return f"{one_line(name):34} –        {one_line(metric['reason'])}"
    return f"{one_line(name):34} {metric['value']:<8.4g} {_interval(metric['ci95']):18} n {metric['n']}"


def _interval(ends: list[float] | None, form: str = ".3g") -> str:
    return "" if ends is None else f"[{ends[0]:{form}}, {ends[1]:{form}}]"
