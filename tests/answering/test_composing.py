from rag.answering.composing import MOST_SENTENCES, choose
from rag.answering.notes import notes
from rag.answering.questions import read_question
from rag.answering.refusing import missing_names, reason
from tests.answering.looks import make_candidate, make_evidence

WHO = read_question("Who was hurt in Valdora?")


def test_a_sentence_that_leans_on_another_brings_it() -> None:
    evidence = make_evidence("Ann Dole came to Valdora. She was hurt there.", base=5)
    quotes = choose(WHO, [(0.9, make_candidate(evidence, 1))])
    assert [quote.text for quote in quotes] == ["She was hurt there.", "Ann Dole came to Valdora."]
    assert [(quote.start, quote.end) for quote in quotes] == [(31, 50), (5, 30)]
    assert [quote.text for quote in choose(WHO, [(0.9, make_candidate(evidence, 0))])] == ["Ann Dole came to Valdora."]


def test_the_first_sentence_of_a_passage_has_nothing_to_bring() -> None:
    evidence = make_evidence("She was hurt there. Ann Dole came to Valdora.")
    assert len(choose(WHO, [(0.9, make_candidate(evidence, 0))])) == 1


def test_repeats_and_weak_sentences_are_left_out_and_reasons_get_more() -> None:
    evidence = make_evidence(
        "The mill was burnt down. Its owner had let it rot. The mill was burnt down at night. Fire spreads fast."
    )
    far = (0.0, 1.0)
    ranked = [
        (0.9, make_candidate(evidence, 0)), (0.8, make_candidate(evidence, 2)), (0.3, make_candidate(evidence, 1, far)),
        (0.1, make_candidate(evidence, 3, (0.7, 0.7))),
    ]  # fmt: skip
    assert [quote.score for quote in choose(read_question("Who burnt the mill?"), ranked)] == [0.9]
    assert [quote.score for quote in choose(read_question("Why did the mill burn?"), ranked)] == [0.9, 0.3]


def test_an_answer_has_an_end() -> None:
    text = " ".join(
        f"Town number {number} saw {word} arrive."
        for number, word in enumerate("ants bees cats dogs eels flies gnats".split())
    )
    evidence = make_evidence(text)
    ranked = [(0.9 - number / 100, make_candidate(evidence, number, (number == 0, number))) for number in range(7)]
    ranked = [(score, candidate) for score, candidate in ranked]
    assert len(choose(WHO, ranked)) <= MOST_SENTENCES


def test_the_reason_names_what_is_missing() -> None:
    here = make_evidence("The base at al-Qaim was handed over on Tuesday.", title="Bases")
    question = read_question("When was Ain al-Asad handed over?")
    assert reason(question, [], []) == "No passage was found."
    assert reason(question, [], [here]) == "The passages read do not mention “Ain”, “Asad”."
    there = make_evidence("Ain al-Asad is large.")
    ranked = [(0.5, make_candidate(here, 0))]
    assert reason(question, ranked, [here, there]) == "What comes closest does not mention “Ain”, “Asad”."
    known = read_question("When was al-Qaim handed over?")
    assert "no sentence in them says when it was" in reason(known, ranked, [here])


def test_names_count_as_held_in_other_spellings() -> None:
    question = read_question("How many men of Kataib Hezbollah died in 2019?")
    assert missing_names(question, "Kata'ib Hizbullah lost 25 men in 2019.") == 0.0
    assert missing_names(question, "Kata'ib Hizbullah lost 25 men.") > 0.0
    assert missing_names(question, "The army lost 25 men.") == 1.0
    assert missing_names(read_question("how many men died?"), "Nothing.") == 0.0


def test_notes_say_how_much_was_read_and_that_a_language_is_not_known() -> None:
    evidence = [make_evidence("The base was handed over to the army of the country on Tuesday, they said.")]
    assert notes(read_question("When was it handed over?"), evidence, 100, {}, {}) == ""
    assert "The 1 closest of 1,000 passages were read" in notes(
        read_question("List all bases."), evidence, 1000, {}, {}
    )
    assert notes(read_question("List all bases."), evidence, 1, {}, {}) == ""
    assert "question does not read as English" in notes(
        read_question("Wann wurde der Hafen geschlossen?"), evidence, 1, {}, {}
    )
    german = [
        make_evidence(
            "Der Hafen wurde im Mai geschlossen, weil das Wasser die Mauern und die Häuser der Stadt zerstört hat."
        )
    ]
    assert "passages do not read as English" in notes(read_question("When was it closed?"), german, 1, {}, {})
