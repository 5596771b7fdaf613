"""The lexical checker: each kind of check, the traps, and what holds for any input."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.grounding.checker import GroundingChecker, LexicalChecker
from rag.grounding.verdicts import LONGEST_CLAIM, LONGEST_EVIDENCE, MOST_DETAILS
from rag.schema import Verdict

CHECKER: GroundingChecker = LexicalChecker()


def judge(claim: str, *evidence: str) -> Verdict:
    [verdict] = CHECKER.judge([(claim, evidence)])
    return verdict


TAJI = (
    "Two American service members and one British soldier were killed on Wednesday when rockets hit Camp Taji, north of "
    "Baghdad. The attack wounded 14 others."
)
ACME = (
    "Acme Corp. reported revenue of $3.2 billion for the third quarter, up 12 percent. Net income declined to $410 million. "
    "The company expects to open 15 new stores. The board has not approved a dividend."
)
THAI = "Thailand has a population of about 67 million people, according to the 2019 census."

# claim, evidence, label, words of the first reason (None: no reason at all)
CASES = {
    "plain": ("Rockets hit Camp Taji.", TAJI, "supported", None),
    "one sentence of several": ("Acme's net income fell to $410 million.", ACME, "supported", None),
    "number in words": ("The attack wounded fourteen people.", TAJI, "supported", None),
    "another number": ("Thailand has 69 million people.", THAI, "contradicted",
                       'the claim says "69 million"; the evidence says "67 million"'),
    "another number of the same": ("Three Americans were killed when rockets hit Camp Taji.", TAJI, "contradicted", '"Three"'),
    "the number of something else": ("Five soldiers died.", "Three soldiers and five policemen died.", "contradicted", '"Five"'),
    "a number that is not there": ("In the attack on Camp Taji 200 rockets were used.", TAJI, "unsupported", 'no "200"'),
    "per cent": ("Revenue was up 12%.", ACME, "supported", None),
    "million and billion": ("Acme reported revenue of $3.2 million.", ACME, "contradicted", "$3.2 million"),
    "another currency": ("Acme reported revenue of €3.2 billion.", ACME, "unsupported", "€3.2 billion"),
    "bound kept": ("At least 1,000 people fled.", "Some 1,250 people fled.", "supported", None),
    "dozen": ("Two dozen fighters died.", "Twenty-four fighters died.", "supported", None),
    "range": ("Between 10 and 20 ships sank.", "Fifteen ships sank.", "supported", None),
    "ordinal": ("He was the second president.", "He was the third president.", "contradicted", '"second"'),
    "date in another form": ("They signed on 28 December.", "They signed on Dec. 28th, 2019.", "supported", None),
    "another date": ("They signed on 27 December.", "They signed on Dec. 28th, 2019.", "contradicted", '"27 December"'),
    "another year": ("They signed in 2018.", "They signed on Dec. 28th, 2019.", "contradicted", '"2018"'),
    "another weekday": ("Rockets hit Camp Taji on Thursday.", TAJI, "contradicted", '"Thursday"'),
    "no date": ("Rockets hit Camp Erbil in June.", "Rockets hit Camp Erbil.", "unsupported", 'no "June"'),
    "a name that is not there": ("Rockets killed Maria Lopez at Camp Taji.", TAJI, "unsupported",
                                 'no "Maria Lopez" in the evidence'),
    "another first name": ("Juan Lopez resigned.", "Maria Lopez resigned.", "unsupported", "Juan Lopez"),
    "a first name left out": ("Lopez resigned.", "Maria Lopez resigned on Monday.", "supported", None),
    "country and its people": ("American troops left Iraq.", "U.S. troops left Iraq on Monday.", "supported", None),
    "not": ("The board approved a dividend.", ACME, "contradicted", 'the evidence denies it ("not")'),
    "not, in the claim": ("Net income did not decline.", ACME, "contradicted", 'the claim denies it ("not")'),
    "never": ("The bank never paid.", "The bank paid in 2012.", "contradicted", "never"),
    "failed to": ("The talks produced a deal.", "The talks failed to produce a deal.", "contradicted", "failed to"),
    "two ways to deny": ("The talks did not produce a deal.", "The talks failed to produce a deal.", "supported", None),
    "no": ("Three soldiers were hurt.", "No soldiers were hurt.", "contradicted", ""),
    "n't": ("Prices rose.", "Prices didn’t rise.", "contradicted", "didnt"),
    "not only": ("He sold the house.", "He not only sold the house but the car.", "supported", None),
    "opposite": ("Net income rose to $410 million.", ACME, "contradicted", '"rose"'),
    "opposite by prefix": ("The drug is ineffective.", "The drug is effective.", "contradicted", "ineffective"),
    "before and after": ("They voted before the raid.", "They voted after the raid.", "contradicted", "before"),
    "opposite, denied": ("Prices did not rise.", "Prices fell.", "supported", None),
    "planned": ("The company opened 15 new stores.", ACME, "partly", "expects"),
    "planned in both": ("The company expects to open 15 stores.", ACME, "supported", None),
    "may": ("The plant closed.", "The plant may close.", "partly", "may"),
    "alleged": ("The man stole the car.", "The man allegedly stole the car.", "partly", "allegedly"),
    "if": ("The minister resigned.", "If the minister resigned, the government would fall.", "partly", "if"),
    "all and some": ("All residents left.", "Some residents left.", "partly", '"all"'),
    "some and all": ("Some residents left.", "All residents left.", "supported", None),
    "few and most": ("Few members voted.", "Most members voted.", "contradicted", '"few"'),
    "the other way round": ("Iran attacked Iraq.", "Iraq attacked Iran in 1980.", "contradicted", "other way round"),
    "passive": ("Iran was attacked by Iraq.", "Iraq attacked Iran in 1980.", "supported", None),
    "whose number": ("Berlin's airport handles 40 million passengers.",
                     "Munich Airport handles 40 million passengers. Berlin's handles 25 million.", "contradicted", "25 million"),
    "something else": ("The moon is made of cheese.", TAJI, "unsupported", "does not speak of"),
    "a part of it": ("Rockets hit a crowded stadium.", TAJI, "partly", '"crowded", "stadium"'),
    "no-break spaces": ("The U.S.\u00a0left 8\u00a0bases.", "The\u00a0US left eight bases in Iraq.", "supported", None),
    "curly quotes": ("Israel’s army left the camp.", "The Israeli army left the 'camp'.", "supported", None),
    "accents": ("Jose Alvarez won.", "José Álvarez won in Madrid.", "supported", None),
    "Arabic names": ("US troops left al-Qa'im.", "US troops left the base at Al Qaim.", "supported", None),
    "spellings": ("Kataib Hezbollah fired rockets.", "Kata'ib Hizbullah fired many rockets.", "supported", None),
    "Arabic": ("محمد سافر إلى بغداد", "سافر محمد إلى بغداد يوم الاثنين", "supported", None),
}  # fmt: skip


@pytest.mark.parametrize(("claim", "evidence", "label", "reason"), CASES.values(), ids=CASES.keys())
def test_a_check(claim: str, evidence: str, label: str, reason: str | None) -> None:
    verdict = judge(claim, evidence)
    assert verdict.label == label, verdict
    assert (verdict.reasons == ()) if reason is None else (reason in verdict.reasons[0])


DENIED = "The spokesman denied that the minister resigned."


def test_a_claim_within_a_denial_is_not_quoted_but_contradicted() -> None:
    for evidence in (DENIED, "It is false that the minister resigned.", "Nobody says the minister resigned."):
        assert judge("The minister resigned.", evidence).label == "contradicted"
    assert judge("the minister resigned", f"{DENIED} He stayed.").label == "contradicted"


def test_whole_sentences_are_quoted_in_any_typography() -> None:
    evidence = "He came. “The\u00a0minister’s aide resigned.” She left on 3 May."
    for claim in ("The minister's aide resigned", "the minister's aide resigned. She left on 3 May."):
        assert judge(claim, evidence) == Verdict("quoted", 1.0)
    assert judge("He came. She left on 3 May.", evidence).label != "quoted"
    assert judge("He came", "He came?").label != "quoted"
    assert judge("The minister's aide", evidence).label != "quoted"


@pytest.mark.parametrize("evidence", [(), ("",), (" \n\u00a0",), ("", "\t"), ("…", "—")])
def test_missing_evidence_is_no_support(evidence: tuple[str, ...]) -> None:
    assert judge("The minister resigned.", *evidence) == Verdict("unsupported", 0.0, ("there is no evidence",))


@pytest.mark.parametrize("claim", ["", "  ", "…", "\u200b"])
def test_an_empty_claim_is_not_supported(claim: str) -> None:
    assert judge(claim, "The minister resigned.") == Verdict("unsupported", 0.0, ("the claim is empty",))


def test_passages_are_judged_together_and_in_any_order() -> None:
    passages = ["Maria Lopez is the minister.", "The price of oil fell.", "She resigned on Monday."]
    verdict = judge("Maria Lopez, the minister, resigned on Monday.", *passages)
    assert verdict.label == "supported"
    assert judge("Maria Lopez, the minister, resigned on Monday.", *reversed(passages)) == verdict


def test_sources_that_differ_support_either_side() -> None:
    both = ("Thailand has 67 million people.", "Thailand has 69 million people, the ministry says.")
    assert {judge(f"Thailand has {n} million people now.", *both).label for n in (67, 69)} == {"supported"}


def test_more_support_scores_higher() -> None:
    claims = [
        "Rockets hit Camp Taji on Wednesday.",
        "Rockets hit Camp Taji and a crowded market.",
        "Floods hit a crowded market.",
    ]
    scores = [judge(claim, TAJI).score for claim in claims]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_what_is_too_long_is_not_read_and_that_is_said() -> None:
    late = "x " * (LONGEST_EVIDENCE // 2) + "\n\nThe minister resigned."
    assert (
        judge("The minister resigned.", late).reasons[-1]
        == "only the first 100,000 characters of the evidence were read"
    )
    [reason] = judge("a" * (LONGEST_CLAIM + 1), "a").reasons
    assert "at most 4,000 are read" in reason
    [reason] = judge("5 men and 6 dogs, " * MOST_DETAILS, "5 men").reasons
    assert "at most 40 are checked" in reason


SMALL = st.text(alphabet=st.sampled_from("The minister Lopez not may 5 10% May 3. ,'’\u00a0\n"), max_size=60)


@settings(deadline=None, max_examples=150)
@given(claim=SMALL | st.text(max_size=40), evidence=st.lists(SMALL | st.text(max_size=60), max_size=3))
def test_label_and_score_agree(claim: str, evidence: list[str]) -> None:
    verdict = judge(claim, *evidence)
    assert 0 <= verdict.score <= 1
    assert (verdict.label in ("quoted", "supported")) == (verdict.score >= 0.5)
    assert (verdict.label == "quoted") == (verdict.score == 1)
    assert verdict.label != "unsupported" or verdict.score < 0.2
    assert judge(claim, *evidence) == verdict


def test_the_order_of_sets_does_not_show() -> None:
    code = (
        "from tests.grounding.test_lexical import CASES, judge\n"
        "print([judge(claim, evidence) for claim, evidence, *_ in CASES.values()])"
    )
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONHASHSEED"}
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], env=kept | {"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(outputs) == 1


def test_short_pairs_are_fast() -> None:
    began = time.perf_counter()
    CHECKER.judge([(claim, [evidence]) for claim, evidence, *_ in CASES.values()] * 20)
    assert (
        time.perf_counter() - began < 10 * 20 * len(CASES) / 10_000 * 3
    )  # 10 s for 10,000, threefold for a busy machine


HOSTILE = ["alpha beta ", "a", "a. ", "5 men, ", "3 May 2019 ", "not gone may ", "Maria Lopez ", ".", "\n", "hundred ",
           "U.S.", "محمد ", "\0", "\ud800", "\u0301", "rise not fall ", '"', "A."]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE, ids=ascii)
def test_a_megabyte_takes_no_quadratic_time(piece: str) -> None:
    big = piece * (1_000_000 // len(piece))
    began = time.perf_counter()
    judge("The minister Maria Lopez resigned on 3 May 2019, and 5 men may fall.", big)
    judge(big, "The minister resigned.")
    judge(big[:LONGEST_CLAIM], big)
    assert time.perf_counter() - began < 10
