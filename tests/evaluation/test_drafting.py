from __future__ import annotations

import random
import time

import pytest

from rag.evaluation.drafting import draft
from rag.evaluation.records import Gold, Question

HARBOUR = """The harbour of Velmora

In May 2011, the town council of Velmora closed the old harbour. The decision was praised by the owners of the shops.
Dr Anna Lindqvist designed the new lighthouse of Velmora. She was happy with it. But Anna Lindqvist left Norway in 2013.
The storm of Saint Lucia sank nine fishing boats in Velmora and one ferry. Twelve sailors from Halden were rescued by the crew.

Leave a Reply
"""
BRIDGE = """The bridge at Tarnow

The Tarnow Bridge was opened to traffic on 14 June 1987 by the mayor of Halden. It is the longest bridge in the county.
Did Peter Marlow visit the bridge in 1999? I think that Peter Marlow visited Tarnow in 1999 with the queen.
Peter Marlow founded the Tarnow Rowing Club, which has won many medals. The museum of Halden is located in Tarnow.
There are 35 schools in Halden, the town by the lake. Peter Marlow and the others went home with their boats.
"""


def asked(*texts: str, **options: int) -> dict[str, Question]:
    documents = [(f"{place}.txt", text) for place, text in enumerate(texts)]
    return {one.question: one for one in draft(documents, **options)}


def answers(*texts: str) -> dict[str, str]:
    return {one.question: one.answers[0] for one in asked(*texts).values() if one.answerable}


def test_each_kind_of_question_is_drafted_with_its_answer():
    assert answers(HARBOUR, BRIDGE) == {
        "When did the town council of Velmora close the old harbour?": "May 2011",
        "Who designed the new lighthouse of Velmora?": "Dr Anna Lindqvist",
        "How many fishing boats did the storm of Saint Lucia sink in Velmora?": "nine",
        "How many sailors from Halden were rescued by the crew?": "Twelve",
        "When was the Tarnow Bridge opened to traffic by the mayor of Halden?": "14 June 1987",
        "Who founded the Tarnow Rowing Club?": "Peter Marlow",
        "Where is the museum of Halden located?": "Tarnow",
        "How many schools are there in Halden?": "35",
    }


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        ("Barham Selim nominated the judge of the High Court of Velmora.",
         "Who nominated the judge of the High Court of Velmora?", "Barham Selim"),
        ("The river Orla was crossed in 1809 by Captain William Voss with the army.",
         "When was the river Orla crossed by Captain William Voss with the army?", "1809"),
        ("At least 25 rocket attacks have targeted the bases of the army in Velmora.",
         "How many rocket attacks have targeted the bases of the army in Velmora?", "At least 25"),
        ("The Orla Company will cut 500 jobs in Halden, said the chairman.",
         "How many jobs will the Orla Company cut in Halden?", "500"),
        ("The parliament of Velmora has 40 seats for women, making it rare.",
         "How many seats does the parliament of Velmora have for women?", "40"),
        ("On 28 December, a Velmoran sailor was killed by the storm in Halden.",
         "When was a Velmoran sailor killed by the storm in Halden?", "28 December"),
    ],
)  # fmt: skip
def test_transformations_keep_english_grammatical(sentence, question, answer):
    drafted = answers(sentence + " The rest of the story was told to the others.")
    assert answer in (drafted.get(question), drafted.get(question.replace("When", "In what year")))


@pytest.mark.parametrize(
    "sentence",
    [
        "They visited the town of Velmora in 1999 with the mayor of Halden.",
        "However, Peter Marlow founded the rowing club of Halden for the town.",
        "We visited the town of Velmora in 1999 with the mayor of Halden.",
        "Did Peter Marlow found the rowing club of Halden for the town?",
        "Peter Marlow lost his seat in the parliament of Velmora for the party.",
        "“Peter Marlow founded the rowing club of Halden,” said the mayor to the crowd.",
        "The company was founded in 1999 by the owners for the town.",
        "Two of the sailors from Halden were rescued by the crew of the ferry.",
        "The sailors rescued by the ferry in Halden in 1999 were taken to the town.",
        "Peter Marlow founded the rowing club (see the page of the town.",
        "The army of Velmora condemned the raid carried out in 1999 by the sailors.",
        "The First Bank of the Town and the County for the People",
    ],
)
def test_what_has_no_sure_reading_is_left_alone(sentence):
    assert answers(sentence + "\n\nThe rest of the story was told to the others.") == {}


def test_a_date_beside_the_second_of_two_numbers_is_not_that_of_the_first():
    text = "Velmora imported 69,000 tonnes of wheat for the town and 60,000 tonnes in 1985."
    assert answers(text) == {"How many tonnes of wheat did Velmora import for the town?": "69,000"}


def test_the_quote_is_the_source_and_the_question_is_readable():
    text = "In 1994, [Adnan\u00a0Karim](#) **founded** the [Orla\u00a0Library](#x) in Velmora for the town.\n"
    one = next(iter(asked(text).values()))
    assert one.question in (
        "When did Adnan Karim found the Orla Library in Velmora for the town?",
        "In what year did Adnan Karim found the Orla Library in Velmora for the town?",
        "Who founded the Orla Library in Velmora for the town in 1994?",
    )
    assert one.gold == (Gold(text.strip(), "0.txt"),)
    assert one.drafted
    assert one.answerable is True


def test_every_sentence_that_gives_the_answer_is_gold():
    other = "The mayor said to the press that the Tarnow Bridge was opened to traffic by the mayor of Halden on 14 June 1987."
    one = asked(BRIDGE, other)["When was the Tarnow Bridge opened to traffic by the mayor of Halden?"]
    assert [gold.document for gold in one.gold] == ["0.txt", "1.txt"]
    assert one.gold[1].quote == other


def test_a_question_on_which_sentences_differ_is_left_out():
    other = "On 12 May 1988, the Tarnow Bridge was opened to traffic by the mayor of Halden."
    assert not [question for question in asked(BRIDGE, other) if "Tarnow Bridge" in question and "When" in question]
    less = "The storm of Saint Lucia sank seven fishing boats in Velmora, with all of the nets."
    assert not [question for question in answers(HARBOUR, less) if "fishing boats" in question]


def test_near_misses_are_on_the_subject_and_not_answered():
    more = "Maria Olsen painted the old hall of Halden for the county. In 2004, Maria Olsen moved to Norway with the family."
    found = asked(HARBOUR, BRIDGE, more)
    misses = [one for one in found.values() if one.answerable is False]
    answerable = [one for one in found.values() if one.answerable]
    assert 2 <= len(misses) <= len(answerable) // 2 + 1
    text = HARBOUR + BRIDGE + more
    for miss in misses:
        assert miss.tags[0] == "near miss"
        assert miss.tags[1] in ("name", "date", "asked")
        assert miss.gold == miss.answers == ()
        assert miss.drafted
        assert miss.question not in {one.question for one in answerable}
        names = [word.strip("?") for word in miss.question.split()[1:] if word[0].isupper()]
        assert all(name in text for name in names)


def test_the_time_of_an_event_is_asked_only_if_nothing_near_tells_it():
    fact = "Peter Marlow founded the Tarnow Rowing Club for the town."
    wanted = "When did Peter Marlow found the Tarnow Rowing Club for the town?"
    assert wanted in asked(fact)
    assert wanted not in asked(f"The year 1923 was the best for the town. {fact}")
    assert wanted not in asked(fact, "The Tarnow Rowing Club of Peter Marlow was founded for the town in 1923.")


def test_questions_are_numbered_spread_over_documents_and_the_same_each_time():
    documents = [
        (f"d{i}", f"In {1950 + i}, the council of {name} closed the old mill. {person} built the new hall in {name} for the town.")
        for i, (name, person) in enumerate(
            zip("Velmora Halden Tarnow Orlaby Sundet Brimway".split(),
                ["Anna Berg", "Peter Voss", "Maria Lund", "Paul Strand", "Laura Holm", "Simon Dahl"], strict=True)
        )
    ]  # fmt: skip
    found = draft(documents, limit=9)
    assert found == draft(iter(documents), limit=9)
    assert [one.id for one in found] == [f"q{i:03}" for i in range(1, len(found) + 1)]
    golds = [one.gold[0].document for one in found if one.answerable]
    assert len(golds) == len(set(golds)) == 6
    # the same is told of each place, so that a question about another one would be answered
    assert not [one for one in found if one.answerable is False]
    assert len(draft(documents, limit=2)) <= 2
    assert draft(documents, limit=0) == draft([]) == draft([("a", "")]) == []


@pytest.mark.parametrize(
    "text",
    [
        "In 2014 was de stad Mosul door het leger van Irak veroverd. De regering nam in 2015 een besluit in Bagdad.",
        "Im Jahr 2014 wurde die Stadt Mossul erobert. In 2015 war die Stadt Berlin arm. Peter Marlow hat drei Kinder.",
        "En 2014, la ville de Mossoul fut prise par Jean Dupont. Jean Dupont a construit trois maisons dans Paris.",
        "В 2014 году город был взят. Пётр основал клуб в 1999 году.",
    ],
)
def test_other_languages_give_nothing(text):
    assert draft([("a", text * 5)]) == []


@pytest.mark.parametrize(
    "text",
    [
        "In 1990 the army of Velmora killed five soldiers in Halden and " * 8_000,
        "Aa " * 100_000,
        "In 1990, " * 50_000 + ".",
        '"A' * 100_000,
        "([" * 100_000,
        "Peter Marlow visited Halden with the mayor in 2010. " * 8_000,
        bytes(random.Random(1).randrange(256) for _ in range(100_000)).decode("latin-1"),
        "In 2010, the town of \u202eHalden\u202c closed the \x07mill for the mayor. \U0001f600 \u0627\u0644\u0639 <b>the</b>.",
    ],
)  # fmt: skip
def test_hostile_documents_do_no_harm(text):
    started = time.perf_counter()
    found = draft([("a", text), ("b", BRIDGE)])
    assert time.perf_counter() - started < 30
    assert found
    assert all(one.question.isprintable() and one.question.endswith("?") for one in found)
    assert all(5 <= len(one.question.split()) <= 20 for one in found)
    assert all(gold.quote in {"a": text, "b": BRIDGE}[str(gold.document)] for one in found for gold in one.gold)
