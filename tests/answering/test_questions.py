import pytest

from rag.answering.questions import beside_counted, candidates, read_question


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How many bases did the US have in Iraq?", "number"),
        ("When was Soleimani killed?", "time"),
        ("In which year was the airfield recaptured?", "time"),
        ("Who commands the brigade?", "person"),
        ("Which militia was blamed?", "person"),
        ("Where was he killed?", "place"),
        ("Why did the prime minister resign?", "reason"),
        ("What was the base built on?", "other"),
        ("Is ISIL still active?", "verdict"),
        ("How did the fire start?", "manner"),
        ("How many fires were there?", "number"),
        ("Tell me when it began and where.", "time"),
    ],
)
def test_reads_what_is_asked_for(question: str, asked: str) -> None:
    assert read_question(question).asked == asked


def test_names_are_the_capitalised_words_but_for_the_question_word() -> None:
    question = read_question("Who put Adnan al-Zurfi forward as prime minister?")
    assert {"adnan", "zurfi"} <= question.names
    assert "who" not in question.names


@pytest.mark.parametrize(
    ("question", "sentence", "found"),
    [
        ("How many bases are there?", "It will abandon three of its eight bases.", ["three", "eight"]),
        ("How many died?", "In 2014 the army lost 25 men on Jan. 3.", ["25"]),
        ("When did it happen?", "It fell on 3 January, or last fall.", ["3 January", "last fall"]),
        ("Who was killed with Soleimani?", "He died with Abu Mahdi al-Muhandis.", ["Abu Mahdi al-Muhandis"]),
        ("Where was Soleimani killed?", "Soleimani was killed near Baghdad airport.", ["Baghdad"]),
        ("What is it?", "It is 3 January in Baghdad.", []),
    ],
)
def test_finds_the_places_of_the_kind_asked_for(question: str, sentence: str, found: list[str]) -> None:
    places = candidates(read_question(question), sentence)
    assert [sentence[place.start : place.end] for place in places] == found


def test_a_number_counts_the_thing_that_follows_it_closely() -> None:
    question = read_question("How many bases did they have?")
    sentence = "They had eight bases and, by another count, forty men."
    eight, forty = candidates(question, sentence)
    assert beside_counted(question, sentence, eight)
    assert not beside_counted(question, sentence, forty)
