"""The normal form, its way back to the source, quotations found through it, and search tokens."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.text.normal import find, normalise, words

FORMS = {
    "case": ("US Army", "us army"),
    "sharp s": ("Straße", "strasse"),
    "white space": ("a\u00a0\u2003 b\n\tc\r\nd", "a b c d"),
    "edges": (" a\n", " a "),
    "apostrophes": ("Qa’im Qa‘im Qaʼim Qa`im Qa´im Qa′im Qaʾim", " ".join(["qa'im"] * 7)),
    "quotes": ("“a” „b‟ «c»", '"a" "b" "c"'),
    "dashes": ("a–b—c‑d−e‐f", "a-b-c-d-e-f"),
    "ellipsis": ("so…", "so..."),
    "invisible": ("co\u00adop\u200ber\u2060ate\ufeff", "cooperate"),
    "emoji variant": ("❤️", "❤"),
    "ligature": ("ﬁght oﬃce", "fight office"),
    "full width": ("ＡＢＣ１", "abc1"),
    "fraction": ("½", "1/2"),
    "combining": ("e\u0301 é", "é é"),
    "combining across a joiner": ("e\u200d\u0301", "é"),
    "hangul": ("\u1112\u1161\u11ab 한", "한 한"),
    "kana": ("ｶﾞ が", "ガ が"),
    "compatible with a space": ("a\u00a8b", "a \u0308b"),
    "cyrillic": ("МОСКВА Й И\u0306", "москва й й"),
    "empty": ("", ""),
}


@pytest.mark.parametrize(("source", "expected"), FORMS.values(), ids=FORMS.keys())
def test_normal_form(source: str, expected: str) -> None:
    assert normalise(source).text == expected


def test_source_span_gives_back_what_the_form_was_made_of() -> None:
    source = "The\u00a0 \u00a0ﬁrst “co\u00adop” e\u0301nd…"
    normal = normalise(source)

    def back(part: str) -> str:
        at = normal.text.index(part)
        start, end = normal.source_span(at, at + len(part))
        return source[start:end]

    assert back("the") == "The"
    assert back(" ") == "\u00a0 \u00a0"
    assert back("fi") == back("f") == "ﬁ"
    assert back('"coop"') == "“co\u00adop”"
    assert back("é") == "e\u0301"
    assert back("..") == "…"


def test_source_span_of_nothing_is_a_point() -> None:
    normal = normalise("aﬁ")
    assert [normal.source_span(at, at) for at in range(4)] == [(0, 0), (1, 1), (1, 1), (2, 2)]
    assert normalise("").source_span(0, 0) == (0, 0)


@pytest.mark.parametrize("span", [(-1, 1), (0, 4), (2, 1)], ids=["before", "after", "backwards"])
def test_source_span_outside_the_text_is_an_error(span: tuple[int, int]) -> None:
    with pytest.raises(IndexError, match="no span"):
        normalise("abc").source_span(*span)


FOUND = {
    "exact": ("left Iraq", "They left Iraq.", "left Iraq"),
    "no-break spaces": (
        "the US Army will",
        "weeks, the\u00a0US\u00a0Army\u00a0will pull",
        "the\u00a0US\u00a0Army\u00a0will",
    ),
    "quotes and case": ('"It\'s OVER"', "He said: “It’s over”.", "“It’s over”"),
    "line break": ("bases in Iraq", "other bases in\n\nIraq, and", "bases in\n\nIraq"),
    "space around": ("  Iraq \n", "in Iraq now", "Iraq"),
    "dash": ("al-Qaim", "near al‑Qaim base", "al‑Qaim"),
    "hyphenated": ("cooperate", "they co\u00adoperate", "co\u00adoperate"),
    "first of two": ("a", "b a a", "a"),
    "absent": ("Syria", "in Iraq", None),
    "empty": ("", "in Iraq", None),
    "blank": (" \u00a0", "in Iraq", None),
    "in nothing": ("Iraq", "", None),
}


@pytest.mark.parametrize(("needle", "haystack", "expected"), FOUND.values(), ids=FOUND.keys())
def test_find(needle: str, haystack: str, expected: str | None) -> None:
    for place in (find(needle, haystack), find(needle, normalise(haystack))):
        assert (place and haystack[place[0] : place[1]]) == expected


WORDS = {
    "plain": ("The US-led army, left.", ["the", "us", "led", "army", "left"]),
    "apostrophes": ("Al Qa'im, Kata’ib, don't", ["al", "qaim", "kataib", "dont"]),
    "possessive": ("Iraq's Soleimani’s soldiers' Qa'im's", ["iraq", "soleimani", "soldiers", "qaim"]),
    "numbers": ("5,200 and 3.5 of 1,234,567.89", ["5200", "and", "3.5", "of", "1234567.89"]),
    "no thousands": ("1,2,3 in 2018,200 or 12,34", ["1", "2", "3", "in", "2018", "200", "or", "12", "34"]),
    "number ends sentence": ("in 2011. 500 left", ["in", "2011", "500", "left"]),
    "mixed": ("v2.0, F-16, 101st, $1.2bn, 50%", ["v2.0", "f", "16", "101st", "1.2bn", "50"]),
    "clock": ("10:30", ["10", "30"]),
    "accents": ("Zürich Łódź Zu\u0308rich Æsir São", ["zurich", "lodz", "zurich", "aesir", "sao"]),
    "no-break space": ("the\u00a0US\u00a0Army", ["the", "us", "army"]),
    "soft hyphen": ("co\u00adoperate", ["cooperate"]),
    "markup": ("[the_base](#) **now**", ["the", "base", "now"]),
    "address": ("www.globalresearch.ca", ["www", "globalresearch", "ca"]),
    "cyrillic": ("Москва́ Й", ["москва", "и"]),
    "arabic": ("العِراق", ["العراق"]),
    "hindi": ("हिन्दी में", ["हिन्दी", "में"]),
    "chinese": ("美军2020年", ["美", "军", "2020", "年"]),
    "hangul": ("한국 군대", ["한국", "군대"]),
    "nothing": (" — “…” \u0301", []),
}


@pytest.mark.parametrize(("text", "expected"), WORDS.values(), ids=WORDS.keys())
def test_words(text: str, expected: list[str]) -> None:
    assert [word for word, _, _ in words(text)] == expected


def test_words_give_their_place_in_the_source() -> None:
    text = "\u00a0Soleimani’s 5,200 co\u00adop Zürich, Qa'im"
    places = [text[start:end] for _, start, end in words(text)]
    assert places == ["Soleimani", "5,200", "co\u00adop", "Zürich", "Qa'im"]


ODD = "\u00a0\u00ad\u200b\u200d\u0301\u0308\u0345\u3099\ufe0f´`’“…—½ﬁßİıŉǰΐﷺ🎉中がẞ\x1c\u2028"
ODD += "\uff76\uff9e\u1100\u1161\u11a8\uffa1\uffc2\u09c7\u09be"
ANY = st.one_of(st.text(max_size=40), st.text(alphabet="aB3é ,.'-\n" + ODD, max_size=40))


@settings(max_examples=300, derandomize=True, deadline=None)
@given(ANY)
@example("e\u200d\u0301")
@example("\u00a8\u0345\u1ffd")
@example("\u1100\uffc2")
def test_normal_form_is_stable_and_leads_back(text: str) -> None:
    normal = normalise(text)
    assert normalise(normal.text).text == normal.text
    assert len(normal.text) == len(normal.offsets) == len(normal.ends)
    assert list(normal.offsets) == sorted(normal.offsets)
    assert list(normal.ends) == sorted(normal.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(normal.offsets, normal.ends, strict=True))
    assert "  " not in normal.text


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.lists(st.text(alphabet="aBé3'’“”—-.ﬁ中\u00ad", min_size=1), min_size=1, max_size=12), st.data())
def test_a_slice_of_words_is_found(pieces: list[str], data: st.DataObject) -> None:
    gaps = data.draw(
        st.lists(st.sampled_from([" ", "\n", "\u00a0", "\n\n  "]), min_size=len(pieces), max_size=len(pieces))
    )
    first = data.draw(st.integers(0, len(pieces) - 1))
    last = data.draw(st.integers(first, len(pieces) - 1))
    text = "".join(piece + gap for piece, gap in zip(pieces, gaps, strict=True))
    quote = " ".join(pieces[first : last + 1]).upper()
    place = find(quote, text)
    if not normalise(quote).text.strip():
        assert place is None
    else:
        assert place is not None
        assert normalise(text[slice(*place)]).text == normalise(quote).text.strip()


@settings(max_examples=300, derandomize=True, deadline=None)
@given(ANY)
def test_words_lie_in_order_and_are_words_themselves(text: str) -> None:
    before = (0, 0)
    for word, start, end in words(text):
        assert word
        assert 0 <= start < end <= len(text)
        assert before <= (start, end)
        before = (start, end)


@pytest.mark.parametrize(
    "unit",
    ["a", "é", "中", " \u00a0", "\u0301", "a\u0301", "e\u200d", "'", "a'", "1,", ",123", "1.", "\u1100\u1161", "🎉"],
    ids=ascii,
)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    text = unit * (60_000 // len(unit))
    started = time.perf_counter()
    normalise(text)
    words(text)
    assert time.perf_counter() - started < 3  # a quadratic rule would take minutes
