from collections.abc import Callable
from pathlib import Path

from rag import Assistant
from rag.answering.composing import MOST_SENTENCES


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
    answer = seeds_assistant.ask("When was Soleimani killed?")
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


def test_an_answer_says_how_much_was_read_where_all_there_are_is_asked_for(
    make_assistant: Callable[..., Assistant], tmp_path: Path
) -> None:
    for number in range(30):
        text = f"The bridge of Valdora number {number} was built in {1900 + number}. It carries a road to the mill."
        (tmp_path / f"{number}.txt").write_text(text, encoding="utf-8")
    assistant = make_assistant(tmp_path)
    assistant.sync()
    answer = assistant.ask("List all bridges of Valdora.")
    assert "The 24 closest of 30 passages were read" in (answer.reason or "")
    assert assistant.ask("When was the bridge of Valdora number 7 built?").reason is None


def test_a_question_in_another_language_gets_a_warning(seeds_assistant: Assistant) -> None:
    answer = seeds_assistant.ask("Wann wurde Soleimani getötet?")
    assert "does not read as English" in (answer.reason or "")


def test_each_stage_is_timed(seeds_assistant: Assistant) -> None:
    timings = seeds_assistant.ask("When was Soleimani killed?").timings_ms
    assert set(timings) == {"retrieve", "read", "answer", "total"}
    assert timings["total"] >= max(timings["retrieve"], timings["read"], timings["answer"]) > 0


def test_another_base_is_no_answer(make_assistant: Callable[..., Assistant], tmp_path: Path) -> None:
    text = (
        "The army handed the base at al-Qaim over on 17 March 2020. The base at Valdora stays as it is, officials said."
    )
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    assistant = make_assistant(tmp_path)
    assistant.sync()
    assert assistant.ask("When was the base at al-Qaim handed over?").short_answer == "17 March 2020"
    answer = assistant.ask("When was the base at Ain al-Asad handed over?")
    assert answer.status == "not_found"
    assert "Asad" in (answer.reason or "")
    for base in ("al-Assad", "Mosul", "Kirkuk"):
        assert assistant.ask(f"When was the base at {base} handed over?").status == "not_found", base


def test_a_true_condition_does_not_hide_the_answer(seeds_assistant: Assistant) -> None:
    answer = seeds_assistant.ask("How many bases did the US have in Iraq before the withdrawal?")
    assert answer.short_answer == "eight"
    assert "eight bases" in " ".join(answer.sentences[0].text.split())
