"""The command line: parse, one call of the facade, print; any RagError is one line and exit status 1."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from rag.commands import asking, chatting, checking, doctoring, documents, indexing, reading
from rag.commands.common import one_line, opened, use
from rag.commands.eval_app import eval_app
from rag.commands.options import Batch, Docs, IndexDir, Json, Out
from rag.errors import RagError

app = typer.Typer(
    name="rag",
    help="Ask your own documents, and check every sentence of the answer.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.command()
def chat(
    docs: Docs = None,
    index: IndexDir = None,
    host: Annotated[str, typer.Option(help="Address to bind: loopback only.")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(help="Default: 7860, or the next that is free.")] = None,
) -> None:
    """Ask questions in a web page; indexes first if needed."""
    with opened(docs, index) as assistant:
        chatting.chat(assistant, host, port)


@app.command(name="index")
def index_command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", readable=False, help="Files or folders. Default: --docs."),
    ] = None,
    docs: Docs = None,
    index: IndexDir = None,
    rebuild: Annotated[bool, typer.Option(help="Read, split and embed everything again.")] = False,
    json: Json = False,
) -> None:
    """Make the index match the files under PATH, and print what changed."""
    with opened(docs, index) as assistant:
        indexing.index(assistant, paths, rebuild=rebuild, as_json=json)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    docs: Docs = None,
    index: IndexDir = None,
    json: Json = False,
    batch: Batch = None,
    out: Out = None,
) -> None:
    """Answer a question with exact quotations, or say that the documents do not."""
    use((question is None) == (batch is not None), "give either a QUESTION or --batch IN.jsonl --out OUT.jsonl")
    use((batch is None) == (out is None), "--batch and --out go together")
    with opened(docs, index) as assistant:
        if batch and out:
            asking.ask_batch(assistant, batch, out)
        else:
            asking.ask(assistant, question or "", as_json=json)


@app.command()
def search(
    query: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="Passages to return.")] = 8,
    docs: Docs = None,
    index: IndexDir = None,
    json: Json = False,
    batch: Batch = None,
    out: Out = None,
) -> None:
    """Find passages."""
    use((query is None) == (batch is not None), "give either a QUERY or --batch QUERIES.jsonl --out OUT.jsonl")
    use((batch is None) == (out is None), "--batch and --out go together")
    with opened(docs, index) as assistant:
        if batch and out:
            asking.search_batch(assistant, batch, out, k)
        else:
            asking.search(assistant, query or "", k, as_json=json)


@app.command()
def read(
    batch: Annotated[Path, typer.Option(readable=False, help='JSON lines of {"id", "question", "context"}.')],
    out: Annotated[Path, typer.Option(readable=False, help="JSON lines to write, one for each input line.")],
    docs: Docs = None,
    index: IndexDir = None,
) -> None:
    """Answer from a passage that is given, without an index."""
    with opened(docs, index) as assistant:
        reading.read_batch(assistant, batch, out)


@app.command()
def check(
    answer: Annotated[
        Path | None,
        typer.Argument(metavar="[ANSWER.json]", readable=False, help="An answer as `rag ask --json` gives it."),
    ] = None,
    text: Annotated[
        Path | None,
        typer.Option(
            readable=False, help="A text: which of its sentences do the documents support? - = standard input."
        ),
    ] = None,
    docs: Docs = None,
    index: IndexDir = None,
    json: Json = False,
    batch: Batch = None,
    out: Out = None,
) -> None:
    """Verify an answer or a text against the documents (status 1 if anything fails), or claims against evidence (--batch)."""
    given = sum(value is not None for value in (answer, text, batch))
    use(given == 1, "give one of ANSWER.json, --text FILE, and --batch IN.jsonl --out OUT.jsonl")
    use((batch is None) == (out is None), "--batch and --out go together")
    holds = True
    with opened(docs, index) as assistant:
        if batch and out:
            checking.check_batch(assistant, batch, out)
        elif answer:
            holds = checking.check_answer(assistant, answer, as_json=json)
        elif text:
            holds = checking.check_text(assistant, text, as_json=json)
    if not holds:
        raise typer.Exit(1)


@app.command()
def doctor(docs: Docs = None, index: IndexDir = None, json: Json = False) -> None:
    """Say what is installed, which model and index are used, and what is wrong."""
    with opened(docs, index) as assistant:
        doctoring.doctor(assistant, as_json=json)


app.add_typer(eval_app, name="eval")
docs_app = typer.Typer(help="List the documents, print one's text, correct what is known of it, or remove it.")
app.add_typer(docs_app, name="docs", invoke_without_command=True)


@docs_app.callback()
def docs_list(context: typer.Context, docs: Docs = None, index: IndexDir = None, json: Json = False) -> None:
    """List the documents."""
    if context.invoked_subcommand is None:
        with opened(docs, index) as assistant:
            documents.listing(assistant, as_json=json)


Id = Annotated[str, typer.Argument(metavar="ID", help="The document, as `rag docs` names it.")]


@docs_app.command(name="text")
def docs_text(document: Id, docs: Docs = None, index: IndexDir = None) -> None:
    """Write a document's extracted text, exactly: all offsets refer to it."""
    with opened(docs, index) as assistant:
        documents.text(assistant, document)


@docs_app.command(name="remove")
def docs_remove(document: Id, docs: Docs = None, index: IndexDir = None) -> None:
    """Remove a document, and keep it out until its file changes or is named to `rag index`."""
    with opened(docs, index) as assistant:
        documents.remove(assistant, document)


@docs_app.command(name="set")
def docs_set(
    document: Id,
    title: Annotated[str | None, typer.Option(help='"" = not known.')] = None,
    outlet: Annotated[str | None, typer.Option(help='"" = not known.')] = None,
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help='YYYY, YYYY-MM or YYYY-MM-DD; "" = not known.')
    ] = None,
    docs: Docs = None,
    index: IndexDir = None,
    json: Json = False,
) -> None:
    """Correct what is known of a document; corrections survive re-indexing."""
    use(any(value is not None for value in (title, outlet, published)), "give --title, --outlet or --published")
    with opened(docs, index) as assistant:
        documents.correct(assistant, document, title, outlet, published, as_json=json)


def main() -> None:
    """Run the command line and exit."""
    try:
        _refuse_undecodable(sys.argv[1:])
        app()
    except BrokenPipeError:  # whoever read the output has seen enough
        sys.stderr.close()
        sys.exit(1)
    except RagError as error:
        sys.stderr.write(f"rag: {one_line(str(error))}\n")
        sys.exit(1)
    except OSError as error:
        sys.stderr.write(f"rag: cannot use {one_line(str(error.filename or 'a file'))} ({error.strerror or error})\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("rag: stopped\n")
        sys.exit(130)


def _refuse_undecodable(arguments: list[str]) -> None:
    for number, argument in enumerate(arguments, start=1):
        if any("\ud800" <= character <= "\udfff" for character in argument):
            sys.stderr.write(f"rag: argument {number} is not UTF-8: {one_line(argument[:80])}\n")
            sys.exit(2)
