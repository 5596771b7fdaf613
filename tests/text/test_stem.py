"""Stems: which forms of a word fall together, and which words stay apart."""

from __future__ import annotations

import pytest

from rag.text.stem import stem

TOGETHER = [
    "base bases based basing",
    "kill kills killed killing",
    "attack attacks attacked attacking",
    "party parties",
    "die dies died dying",
    "soldier soldiers",
    "use uses used using",
    "leave leaves leaving",
    "injure injures injured injuring",
    "stop stops stopped stopping",
    "agree agrees agreed",
    "add adds added adding",
    "control controls controlled controlling",
    "close closes closed closing",
    "move moves moved moving",
    "deploy deploys deployed deploying",
    "army armies",
    "pass passes passed passing",
    "wound wounds wounded wounding",
    "strike strikes striking",
    "create creates created creating",
    "free frees freed freeing",
    "go goes going",
    "iraqi iraqis",
]


@pytest.mark.parametrize("forms", TOGETHER, ids=lambda forms: forms.split()[0])
def test_forms_of_a_word_fall_together(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


APART = ["us use", "new news", "base bass", "kirk kirkuk", "iran iraq", "hop hope", "fight flight"]


@pytest.mark.parametrize("pair", APART, ids=lambda pair: pair.replace(" ", "-"))
def test_other_words_stay_apart(pair: str) -> None:
    assert len({stem(word) for word in pair.split()}) == 2


@pytest.mark.parametrize(
    "word", ["", "a", "us", "5200", "3.5", "v2s", "москвас", "isis's", "this", "virus", "bed", "ring"]
)
def test_left_alone(word: str) -> None:
    assert stem(word) == word


def test_stems_are_cached() -> None:
    stem("withdrawals")
    hits = stem.cache_info().hits
    stem("withdrawals")
    assert stem.cache_info().hits == hits + 1
