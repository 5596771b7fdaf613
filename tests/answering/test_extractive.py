from collections.abc import Callable
from pathlib import Path

import pytest

from rag import Assistant
from rag.answering.extractive import MOST_SENTENCES, short_answer
from rag.answering.questions import read_question


def test_every_sentence_is_an_exact_quotation(seeds_assistant: Assistant) -> None:
    for question in ("How many bases did the US have in Iraq before the withdrawal?", "When was Soleimani killed?"):
        answer = seeds_assistant.ask(question)
        assert answer.status == "answered"
        assert 1 <= len(answer.sentences) <= MOST_SENTENCES
        for sentence, citation in zip(answer.sentences, answer.citations, strict=True):
            text = seeds_assistant.text(citation.document)
            assert text[citation.start : citation.end] == citation.quote == sentence.text
            assert (sentence.kind, sentence.support, sentence.citations) == ("quote", "quoted", (citation.n,))


def test_a_question_that_two_documents_answer_is_answered_from_both(seeds_assistant: Assistant) -> None:
    answer = seeds_assistant.ask("When was a US contractor killed in Kirkuk?")
    assert {citation.document[:3] for citation in answer.citations} == {"000", "001"}


def test_what_the_documents_do_not_mention_is_refused_and_named(seeds_assistant: Assistant) -> None:
    answer = seeds_assistant.ask("How many Spanish soldiers serve in the coalition?")
    assert answer.status == "not_found"
    assert not answer.sentences
    assert not answer.citations
    assert answer.short_answer is None
    assert "Spanish" in (answer.reason or "")
    assert answer.passages


def test_boilerplate_is_found_but_never_quoted(seeds_assistant: Assistant) -> None:
    question = "Who grants permission to cross-post Global Research articles?"
    assert any("cross-post" in passage.text for passage in seeds_assistant.retrieve(question))
    assert not any("cross-post" in citation.quote for citation in seeds_assistant.ask(question).citations)


def test_an_answer_does_not_say_the_same_twice(make_assistant: Callable[..., Assistant], tmp_path: Path) -> None:
    line = "The harbour of Valdora was closed on 4 May 2019 after the flood.\n\n"
    (tmp_path / "a.txt").write_text(
        "Notes on the harbour\n\n" + line * 4 + "Nobody was hurt in the town.", encoding="utf-8"
    )
    assistant = make_assistant(tmp_path)
    assistant.sync()
    answer = assistant.ask("When was the harbour of Valdora closed?")
    assert [citation.quote for citation in answer.citations].count(line.strip()) == 1
    assert answer.short_answer == "4 May 2019"


def test_the_last_of_the_stream_is_the_answer_and_each_before_it_a_beginning(seeds_assistant: Assistant) -> None:
    question = "When was Soleimani killed?"
    *growing, last = seeds_assistant.stream(question)
    assert last.sentences == seeds_assistant.ask(question).sentences
    for shorter in growing:
        assert last.sentences[: len(shorter.sentences)] == shorter.sentences


def test_documents_limit_the_answer(seeds_assistant: Assistant) -> None:
    [other] = [info.id for info in seeds_assistant.documents() if info.id.startswith("001")]
    answer = seeds_assistant.ask("When was a US contractor killed in Kirkuk?", documents=[other])
    assert {passage.document for passage in answer.passages} == {other}


@pytest.mark.parametrize(
    ("question", "sentence", "short"),
    [
        (
            "How many bases did the US have?",
            "The decision to abandon three of its eight bases in Iraq is a sign.",
            "eight",
        ),
        ("How many seats does Fath hold?", "Their coalition, Fath, has 40 seats in parliament.", "40"),
        ("How many seats does Fath hold?", "Fath is a force to reckon with.", None),
        ("When did it fall?", "It fell in 2014 and was retaken in November 2017.", None),
        ("Why did it fall?", "It fell because nobody defended it.", None),
        ("How many mill shares were offered?", "By noon 7,242 mill shares were offered, up from 5,887 shares.", None),
        ("How many common shares were sold?", "Ann sold 300 common shares and 640 shares will follow.", None),
        ("How many shares does the fund hold?", "The fund holds 2.15 mln shares in Mills.", "2.15 mln"),
        ("How many people moved?", "About 1.5 million people moved.", "1.5 million"),
        ("How many bases are there?", "They left three of their eight bases.", "eight"),
    ],
)
def test_a_short_answer_is_given_only_where_one_stands_out(question: str, sentence: str, short: str | None) -> None:
    assert short_answer(read_question(question), sentence) == short
