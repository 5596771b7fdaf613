import pytest

from rag.text.language import is_english


@pytest.mark.parametrize(
    "text",
    [
        "When was Soleimani killed?", "soleimani death date", "bases US Iraq", "Who is Dr. van der Berg, and where is Los Angeles?",
        "The harbour of Valdora was closed on 4 May 2019 after the flood; nobody was hurt in the town.", "", "12 34", "?",
        "What did Der Spiegel say about La Liga?",
    ],
)  # fmt: skip
def test_english(text: str) -> None:
    assert is_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "¿Cuándo murió Soleimani?", "Wann wurde Soleimani getötet?", "Quand Soleimani est-il mort ?", "Кто убил Сулеймани?",
        "日本語の文章です。", "من قتل سليماني؟", "Quanti soldati sono morti?", "Hoeveel soldaten zijn er?",
        "Dieser Bericht beschreibt die Lage im Irak, wo amerikanische Truppen mehrere Stützpunkte verlassen und nicht bleiben.",
        "Le port de Valdora a été fermé en mai après une inondation qui avait détruit les quais et les maisons de la ville.",
    ],
)  # fmt: skip
def test_other_languages(text: str) -> None:
    assert not is_english(text)
