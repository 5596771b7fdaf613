import pytest

from rag.answering.questions import read_question
from rag.answering.short import canonical, short_answer, weighed
from tests.answering.looks import make_evidence, make_look


def short(question: str, sentence: str, answers: dict[str, float], **how: float) -> str | None:
    evidence = make_evidence(sentence, answers, base=10, **how)
    return short_answer(read_question(question), evidence, 10, 10 + len(sentence), [evidence])


@pytest.mark.parametrize(
    ("question", "sentence", "answers", "expected"),
    [
        ("When did it fall?", "It fell in 2014 and was retaken in November 2017.", {"2014": 8.0}, "2014"),
        ("When did it fall?", "It fell in 2014, then in May 2017.", {"2014": 4.0, "May 2017": 4.0, "It": 4.0}, None),
        ("When did it fall?", "It fell in 2014 and was retaken in November 2017.", {}, None),
        ("When did it fall?", "It fell to the army of the north.", {"the army": 8.0}, None),
        ("Why did it fall?", "It fell because nobody defended it.", {"nobody defended it": 8.0}, None),
        ("Did it fall?", "It fell in 2014.", {"2014": 8.0}, None),
        ("How many shares does the fund hold?", "The fund holds 2.15 mln shares in Mills.", {"2.15": 8.0}, "2.15 mln"),
        ("How many bases did the US have?", "It left three of its eight bases.", {"three": 8.0}, "eight"),
        ("How many seats does Fath hold?", "Fath is a force to reckon with.", {"a force": 8.0}, "a force"),
        ("How many shares were offered?", "By noon 7,242 shares were, up from 5,887 shares.", {"7,242": 9.0}, "7,242"),
        ("Who led the group?", "The group was led by Ann Dole Jr.", {"Ann Dole Jr.": 8.0}, "Ann Dole Jr"),
        ("Who led the group?", "The group led itself.", {"The group": 8.0}, None),
        ("What did he sign?", "He signed “the Treaty of Arlen”, and left.", {"“the Treaty of Arlen”": 8.0}, "the Treaty of Arlen"),
        ("What did he say?", "He said " + "a long thing " * 8 + "and left.", {"a long thing " * 7 + "a long": 8.0}, None),
    ],
)  # fmt: skip
def test_a_short_answer_is_given_only_where_one_stands_out(
    question: str, sentence: str, answers: dict[str, float], expected: str | None
) -> None:
    assert short(question, sentence, answers) == expected


def test_it_is_taken_from_the_quote_alone() -> None:
    evidence = make_evidence("It fell in 2014. It rose in 2015.", {"2015": 8.0}, base=10)
    assert short_answer(read_question("When did it rise?"), evidence, 10, 26, [evidence]) is None
    assert short_answer(read_question("When did it rise?"), evidence, 27, 43, [evidence]) == "2015"


def test_another_passage_that_says_the_same_in_other_words_speaks_for_it() -> None:
    first = make_evidence("Some say 24 soldiers died, others that 30 soldiers died.", {"24": 5.0, "30": 5.4})
    other = make_evidence("Two dozen soldiers were killed.", {"Two dozen": 9.0})
    question = read_question("What was the toll?")
    alone = short_answer(question, first, 0, 57, [first])
    assert alone == "30"
    assert short_answer(question, first, 0, 57, [first, other]) == "24"


def test_a_span_that_ends_within_a_word_is_widened() -> None:
    text = "It was led by al-Muhandis then."
    look = make_look(text, {"Muhandis": 8.0})
    look.offsets[look.offsets[:, 1] == text.index("Muhandis") + 8] = (
        text.index("Muhandis"),
        text.index("Muhandis") + 5,
    )
    assert weighed(look, text)[0][0] == "Muhandis"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("two dozen", "24", True), ("1,000", "one thousand", True), ("28 December", "Dec. 28", True),
        ("28 December", "29 December", False),
        ("the harbour", "Harbour", True), ("24", "25", False), ("24 percent", "24", False), ("Ann Dole", "Bob Dole", False),
    ],
)  # fmt: skip
def test_what_says_the_same_has_one_form(one: str, other: str, same: bool) -> None:
    assert (canonical(one) == canonical(other)) is same
