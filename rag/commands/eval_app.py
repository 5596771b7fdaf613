"""`rag eval …`: the arguments; what is done with them is in `rag.commands.evaluating`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.commands import evaluating
from rag.commands.common import opened, use
from rag.commands.options import Docs, IndexDir, Json

eval_app = typer.Typer(
    help="Ask question sets, score any system's answers, compare runs, and gate them in CI.", no_args_is_help=True
)

Questions = Annotated[
    Path | None,
    typer.Option(readable=False, help="The question set (JSON lines); without it only grounding is scored."),
]
Scores = Annotated[Path, typer.Argument(metavar="SCORES", readable=False, help="A folder that `rag eval score` made.")]
Policy = Annotated[
    Path | None, typer.Option(readable=False, help="TOML policy: min_n, and [[rule]] with metric and bounds.")
]


@eval_app.command()
def make(
    out: Annotated[
        Path, typer.Option(readable=False, help="Question set to write; an existing file is not overwritten.")
    ],
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Questions at most.")] = 60,
    docs: Docs = None,
    index: IndexDir = None,
) -> None:
    """Draft a question set from the indexed documents, near misses included, for a person to edit."""
    with opened(docs, index) as assistant:
        evaluating.make(assistant, out, limit)


@eval_app.command()
def run(
    questions: Annotated[
        Path, typer.Argument(metavar="QUESTIONS", readable=False, help="The question set (JSON lines).")
    ],
    out: Annotated[Path, typer.Option(readable=False, help="Answers to write, one JSON line for each question.")],
    docs: Docs = None,
    index: IndexDir = None,
) -> None:
    """Ask every question of a set and write the answers."""
    with opened(docs, index) as assistant:
        evaluating.run(assistant, questions, out)


@eval_app.command()
def score(
    answers: Annotated[
        Path, typer.Argument(metavar="ANSWERS", readable=False, help="Answers, ours or another system's.")
    ],
    out: Annotated[Path, typer.Option(readable=False, help="Folder for summary.json and outcomes.jsonl.")],
    questions: Questions = None,
    form: Annotated[
        str | None, typer.Option(help="attest, ragas, ragchecker or llamaindex. Default: what the file looks like.")
    ] = None,
    no_index: Annotated[
        bool, typer.Option("--no-index", help="Hold quotations against the passages in the file, not against an index.")
    ] = False,
    docs: Docs = None,
    index: IndexDir = None,
    json: Json = False,
) -> None:
    """Score an answers file, with gold or without, every figure with its interval."""
    with opened(docs, index) as assistant:
        evaluating.score(assistant, answers, questions, out, form, use_index=not no_index, as_json=json)


@eval_app.command()
def compare(
    a: Annotated[Path, typer.Argument(metavar="BEFORE", readable=False, help="Folder of scores.")],
    b: Annotated[Path, typer.Argument(metavar="AFTER", readable=False, help="Folder of scores.")],
    json: Json = False,
) -> None:
    """Compare two scored runs over the same questions: paired tests, what was fixed and what broke."""
    evaluating.compare(a, b, as_json=json)


@eval_app.command()
def gate(
    scores: Scores,
    policy: Policy = None,
    init: Annotated[
        bool, typer.Option("--init", help="Write --policy from the intervals of these scores first.")
    ] = False,
    json: Json = False,
) -> None:
    """Hold scores against a policy. Exit status: 0 pass, 1 fail, 3 too little data, 4 bad input."""
    use(policy is not None, "give --policy FILE.toml (with --init to have one written)")
    assert policy is not None
    raise typer.Exit(evaluating.gate(scores, policy, init=init, as_json=json))


@eval_app.command()
def selftest(
    pairs: Annotated[
        Path | None,
        typer.Option(readable=False, help="Labelled pairs of your own (JSON lines). Default: the bundled ones."),
    ] = None,
    json: Json = False,
) -> None:
    """Run the grounding checker on labelled pairs and print its error."""
    with opened(None, None) as assistant:
        evaluating.selftest(assistant, pairs, as_json=json)


@eval_app.command()
def report(
    scores: Scores,
    out: Annotated[Path, typer.Option(readable=False, help="HTML file to write; it needs nothing else.")],
    against: Annotated[Path | None, typer.Option(readable=False, help="Folder of scores to compare with.")] = None,
    policy: Policy = None,
    junit: Annotated[Path | None, typer.Option(readable=False, help="JUnit XML to write.")] = None,
    markdown: Annotated[
        Path | None, typer.Option(readable=False, help="Short Markdown to write, for a pull request.")
    ] = None,
) -> None:
    """Write the report: one HTML file, and JUnit XML and Markdown where asked for."""
    evaluating.report(scores, out, against=against, policy=policy, junit=junit, markdown=markdown)


@eval_app.command()
def bench(
    data: Annotated[
        Path, typer.Option(readable=False, help="Folder with retrieval/, qa/, sentence_selection/, grounding/.")
    ],
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Sets to run. Default: all of the table.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=2, help="Questions or claims of each set at most.")] = None,
    json: Json = False,
) -> None:
    """Run public benchmarks beside plain baselines, and print one table with intervals."""
    evaluating.bench(data, names, limit, as_json=json)
