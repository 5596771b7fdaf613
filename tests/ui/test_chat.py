from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

from rag.errors import RagError, UsageError
from rag.schema import Answer, Turn
from ui.chat import MAX_QUESTION, NO_DOCUMENTS, NO_QUESTION, UNEXPECTED, Chat, Update, documents_view, transcript_view
from ui.pace import paced
from ui.sessions import AnswerStore, Conversation
from ui.source import CHANGED, NO_DOCUMENT, REMOVED, UNKNOWN, Source

from .fakes import FakeAssistant, seeds

OWNER = "owner-token"
QUESTION = "When was the US contractor killed in a missile attack in Kirkuk?"


def new_chat(assistant: FakeAssistant | None = None) -> Chat:
    assistant = assistant or seeds()
    return Chat(assistant, Source(assistant))


def asked(chat: Chat, question: str = QUESTION, conversation: Conversation | None = None) -> Update:
    *_, last = chat.respond(conversation or Conversation(), question, OWNER)
    return last


def test_answer_grows_and_ends_with_an_announcement() -> None:
    updates = list(new_chat().respond(Conversation(), QUESTION, OWNER))
    first, last = updates[0].conversation.exchanges[-1], updates[-1].conversation.exchanges[-1]
    assert (first.state, first.stage, first.answer) == ("working", "Searching 2 documents…", None)
    assert last.state == "done"
    assert last.answer is not None
    assert len(last.answer["sentences"]) == 3
    assert updates[-1].notice == "Answer ready: 3 sentences quoted."


def test_each_chip_opens_its_exact_quote() -> None:
    chat = new_chat()
    exchange = asked(chat).conversation.exchanges[-1]
    answer = chat.source.answers.get(OWNER, exchange.id)
    assert answer is not None
    for citation in answer.citations:
        view = chat.source.citation(OWNER, [exchange.id, citation.n])
        assert "".join(part["t"] for part in view["parts"] if part["k"] == "mark") == citation.quote
        assert "".join(part["t"] for part in view["parts"]) == chat.assistant.text(citation.document)


def test_sources_are_named_when_more_than_one_speaks() -> None:
    view = asked(new_chat(), "Who attacked Taji base last week with rocket attacks?").conversation.exchanges[-1].answer
    assert view is not None
    names = [sentence["by"] for sentence in view["sentences"]]
    assert set(names) == {"Global Research, 18 March 2020", "The US is pulling out of key Iraq bases, undated"}
    assert view["source"] is None


def test_one_source_is_named_once() -> None:
    assistant = FakeAssistant({"a.txt": "The tower is 300 metres high. The tower is old."})
    view = asked(new_chat(assistant), "How high is the old tower?").conversation.exchanges[-1].answer
    assert view is not None
    assert [sentence["by"] for sentence in view["sentences"]] == [None, None]
    assert view["source"] == "a.txt, undated"


def test_not_found_has_reason_and_passages_and_no_confidence() -> None:
    update = asked(new_chat(), "Zebra yodelling championships?")
    view = update.conversation.exchanges[-1].answer
    assert view is not None
    assert (view["found"], view["confidence"]) == (False, None)
    assert view["reason"]
    assert view["passages"]
    assert update.notice == "Your documents do not say."


@pytest.mark.parametrize("question", ["", "  \n"], ids=["empty", "blank"])
def test_an_empty_question_is_refused_politely(question: str) -> None:
    update = asked(new_chat(), question)
    assert (update.accepted, update.notice, update.conversation) == (False, NO_QUESTION, Conversation())
    assert transcript_view(update, 2, ())["refused"] == NO_QUESTION


def test_a_question_that_is_too_long_is_refused_in_one_line() -> None:
    update = asked(new_chat(), "x" * (MAX_QUESTION + 1))
    assert not update.accepted
    assert "4,001 characters; at most 4,000" in update.notice


def test_a_page_without_a_session_is_asked_to_load_again() -> None:
    (update,) = new_chat().respond(Conversation(), QUESTION, None)
    assert not update.accepted
    assert "Load it again" in update.notice


def test_no_documents() -> None:
    update = asked(new_chat(FakeAssistant({})))
    assert update.conversation.exchanges[-1].problem == NO_DOCUMENTS
    assert transcript_view(Update(Conversation()), 0, ("An example?",))["examples"] == []


@dataclass
class Failing(FakeAssistant):
    """Fails after the first sentence, with `problem`."""

    problem: Exception = RagError("never")  # noqa: RUF009

    def stream(
        self, question: str, history: Sequence[Turn] = (), documents: Sequence[str] | None = None
    ) -> Iterator[Answer]:
        for snapshot in super().stream(question, history, documents):
            yield snapshot
            if snapshot.sentences:
                time.sleep(0.15)
                raise self.problem


@pytest.mark.parametrize(
    ("problem", "shown"),
    [
        (UsageError("the question is empty: ask something"), "the question is empty: ask something"),
        (ValueError("secret"), UNEXPECTED),
    ],
    ids=["told", "unexpected"],
)
def test_a_failure_is_one_line_and_keeps_what_was_there(problem: Exception, shown: str) -> None:
    update = asked(new_chat(Failing(seeds().texts, problem=problem)))
    exchange = update.conversation.exchanges[-1]
    assert (exchange.state, exchange.problem, update.notice) == ("failed", shown, shown)
    assert exchange.answer is not None
    assert len(exchange.answer["sentences"]) == 1


def test_earlier_turns_are_handed_on_and_failed_ones_are_not() -> None:
    assistant = seeds()
    chat = new_chat(assistant)
    first = asked(chat).conversation
    broken = first.with_last(replace(first.exchanges[-1], id="x", state="failed"))
    asked(chat, "And who was blamed?", broken)
    assert [turn.role for turn in assistant.histories[-1]] == ["user", "assistant"]
    assert assistant.histories[-1][0].content == QUESTION


def test_stopping_keeps_the_text_and_says_that_it_is_incomplete() -> None:
    chat = new_chat()
    *_, middle, _ = chat.respond(Conversation(), QUESTION, OWNER)
    stopped = chat.stop(middle.conversation).conversation.exchanges[-1]
    assert stopped.state == "stopped"
    assert stopped.problem in ("Stopped. The text above is incomplete.", "Stopped before an answer was found.")
    assert chat.stop(asked(chat).conversation).conversation.exchanges[-1].state == "done"


def test_another_session_cannot_open_an_answer() -> None:
    chat = new_chat()
    exchange = asked(chat).conversation.exchanges[-1]
    for owner in ("someone-else", None, ""):
        assert chat.source.citation(owner, [exchange.id, 1]) == {"error": UNKNOWN}
        assert chat.source.passage(owner, [exchange.id, 1]) == {"error": UNKNOWN}


def test_a_new_conversation_forgets_the_answers_of_the_old_one() -> None:
    chat = new_chat()
    conversation = asked(chat).conversation
    assert chat.clear(conversation, OWNER).conversation == Conversation()
    assert chat.source.citation(OWNER, [conversation.exchanges[-1].id, 1]) == {"error": UNKNOWN}


@pytest.mark.parametrize(
    "request_", [None, {}, [], ["x"], ["x", "1"], [1, 1], ["x", 1, 2], "x", ["x", {"n": 1}], [["x"], 1]], ids=repr
)
def test_malformed_requests_open_nothing(request_: object) -> None:
    source = Source(seeds())
    assert source.citation(OWNER, request_) == {"error": UNKNOWN}
    assert source.passage(OWNER, request_) == {"error": UNKNOWN}
    assert source.document(request_) == {"error": NO_DOCUMENT}
    assert source.more(OWNER, request_) == {"error": NO_DOCUMENT}


@pytest.mark.parametrize("name", ["../pyproject.toml", "/etc/passwd", "file:///etc/passwd", "nope", "\0", ""])
def test_only_listed_documents_open(name: str) -> None:
    source = Source(seeds())
    assert source.document([name]) == {"error": NO_DOCUMENT}
    assert source.more(OWNER, [name, 0, "later", None]) == {"error": NO_DOCUMENT}


def test_a_removed_and_a_changed_document_show_the_quote() -> None:
    assistant = seeds()
    chat = new_chat(assistant)
    exchange = asked(chat).conversation.exchanges[-1]
    answer = chat.source.answers.get(OWNER, exchange.id)
    assert answer is not None
    cited = answer.citations[0]
    assistant.texts[cited.document] = "x" + assistant.texts[cited.document]
    view = chat.source.citation(OWNER, [exchange.id, 1])
    assert view["gone"] == CHANGED
    del assistant.texts[cited.document]
    view = chat.source.citation(OWNER, [exchange.id, 1])
    assert view["gone"] == REMOVED
    assert "".join(part["t"] for part in view["quote"]) == cited.quote


def test_a_long_document_comes_in_parts_that_join_exactly() -> None:
    text = "🇮🇶 filler words here. " * 4_000 + "The needle is in the haystack. " + "漢字 more filler. " * 4_000
    chat = new_chat(FakeAssistant({"long.txt": text}))
    exchange = asked(chat, "Where is the needle in the haystack?").conversation.exchanges[-1]
    view = chat.source.citation(OWNER, [exchange.id, 1])
    run = "".join(part["t"] for part in view["parts"])
    assert len(run) < 41_000
    earlier, later = view["earlier"], view["later"]
    while earlier is not None:
        more = chat.source.more(OWNER, ["long.txt", earlier, "earlier", exchange.id])
        run, earlier = "".join(part["t"] for part in more["parts"]) + run, more["earlier"]
    while later is not None:
        more = chat.source.more(OWNER, ["long.txt", later, "later", exchange.id])
        run, later = run + "".join(part["t"] for part in more["parts"]), more["later"]
    assert run == text


def test_document_list_says_undated_rather_than_guess() -> None:
    listed = documents_view(seeds().documents())
    assert listed["scope"] == "2 documents"
    assert [entry["by"] for entry in listed["documents"]] == ["Global Research, 18 March 2020", "undated"]


def test_answers_beyond_the_capacity_are_dropped_oldest_first() -> None:
    store = AnswerStore(capacity=2)
    answer = seeds().ask(QUESTION)
    for key in ("a", "b", "c"):
        store.put(OWNER, key, answer)
    assert [store.get(OWNER, key) is not None for key in ("a", "b", "c")] == [False, True, True]


def test_pace_shows_the_newest_at_most_so_often_and_the_last_always() -> None:
    began = time.monotonic()
    shown = list(paced(iter(range(1_000)), 0.05))
    assert shown[-1] == 999
    assert len(shown) <= (time.monotonic() - began) / 0.05 + 2


def test_pace_shows_what_there_is_while_the_next_is_awaited() -> None:
    gate = threading.Event()

    def slow() -> Iterator[int]:
        yield 1
        yield 2
        gate.wait(5)
        yield 3

    shown = paced(slow(), 0.01)
    seen = [next(shown)]
    while seen[-1] != 2:
        seen.append(next(shown))
    gate.set()
    assert [*seen, *shown][-1] == 3


def test_closing_the_pace_ends_the_stream() -> None:
    closed = threading.Event()

    def endless() -> Iterator[int]:
        try:
            while True:
                time.sleep(0.001)
                yield 1
        finally:
            closed.set()

    shown = paced(endless(), 0.001)
    next(shown)
    shown.close()  # type: ignore[attr-defined]
    assert closed.wait(5)
