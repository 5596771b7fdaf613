"""Hand-computed tables: what each part of a response is worth, and what went wrong with it."""

from __future__ import annotations

from dataclasses import replace

import ir_measures
import pytest
from ir_measures import RR, R, nDCG

from rag.errors import DataError
from rag.evaluation.matching import Exactness, GoldMatcher, exact_match, mentions, token_f1
from rag.evaluation.pairing import align
from rag.evaluation.records import Gold, Question, Quotation, Response, Stated
from rag.evaluation.scoring import score
from rag.evaluation.summary import measure, summarise
from rag.grounding.checker import LexicalChecker
from rag.schema import Verdict

TEXT = "Ann chairs the board. Nine people sit on it. The board met on 3 May 2021. Bob was not there."
TEXTS = {"a.txt": TEXT, "b.txt": "Carla runs the shop in Leeds. It opened in 1998."}


def quotation(document: str, quote: str, n: int | None = None) -> Quotation:
    start = TEXTS[document].index(quote)
    return Quotation(quote, document, start, start + len(quote), n=n)


ASKED = Question("q1", "Who chairs the board?", True, (Gold("Ann chairs the board.", "a.txt"),), ("Ann",))
RIGHT = Response(
    "q1", "Who chairs the board?", True, (Stated("Ann chairs the board.", (1,)),),
    (quotation("a.txt", "Ann chairs the board.", 1),),
    (quotation("b.txt", TEXTS["b.txt"]), quotation("a.txt", TEXT)), 0.9, "Ann",
)  # fmt: skip
REFUSED = Response("q1", None, False, (), (), RIGHT.passages, 0.1)
UNKNOWN = Question("q1", "Who cooks?", False)


def outcome(question: Question | None, response: Response) -> dict:
    [found] = score([(question, response)], TEXTS.get, LexicalChecker())
    return found


def test_a_right_answer() -> None:
    found = outcome(ASKED, RIGHT)
    assert (found["right"], found["cause"], found["status"]) == (True, None, "answered")
    assert found["gold"] == [{"document": "a.txt", "quote": "Ann chairs the board.", "rank": 2}]
    assert [p["gold"] for p in found["passages"]] == [[], [0]]
    scores = found["scores"]
    assert (scores["retrieval.recall@1"], scores["retrieval.recall@3"]) == ([0, 1], [1, 1])
    assert scores["retrieval.mrr@10"] == [0.5, 1]
    assert scores["answer.exact_match"] == scores["answer.first_sentence"] == [1.0, 1]
    assert scores["citations.quote_fidelity"] == [1, 1]
    assert scores["citations.recall"] == scores["citations.precision"] == [1.0, 1]
    assert scores["abstention.wrongly_refused"] == [0.0, 1]
    assert scores["abstention.refused"] is None


BOB = "Bob was not there."
BROKEN = replace(RIGHT, error="it broke", answered=False, sentences=(), citations=())
ELSEWHERE = replace(RIGHT, sentences=(Stated(BOB, (1,)),), citations=(quotation("a.txt", BOB, 1),))
LATE = replace(
    RIGHT, sentences=(Stated(BOB, (2,)), *RIGHT.sentences), citations=(*RIGHT.citations, quotation("a.txt", BOB, 2))
)
INVENTED = replace(RIGHT, sentences=(*RIGHT.sentences, Stated("Dora owns twelve red trains.", (1,))))
MIS_CITED = replace(RIGHT, sentences=(*RIGHT.sentences, Stated("Nine people sit on it.", (1,))))
SHIFTED = replace(RIGHT, citations=(*RIGHT.citations, replace(RIGHT.citations[0], n=2, start=1, end=22)))


@pytest.mark.parametrize(
    ("question", "response", "cause"),
    [
        (ASKED, RIGHT, None), (ASKED, BROKEN, "error"), (ASKED, REFUSED, "wrongly_refused"),
        (ASKED, replace(REFUSED, passages=RIGHT.passages[:1]), "not_retrieved"), (ASKED, ELSEWHERE, "not_chosen"),
        (ASKED, LATE, "not_first"), (UNKNOWN, RIGHT, "should_have_refused"), (UNKNOWN, REFUSED, None),
        (ASKED, INVENTED, "unsupported"), (ASKED, MIS_CITED, "mis_cited"), (ASKED, SHIFTED, "mis_cited"),
    ],
)  # fmt: skip
def test_each_cause(question: Question, response: Response, cause: str | None) -> None:
    assert outcome(replace(question, question="x"), replace(response, question="x"))["cause"] == cause


def test_contradicted_is_said() -> None:
    class Contradicting:
        name = "says no"

        def judge(self, pairs: object) -> list[Verdict]:
            return [Verdict("contradicted", 0.0, ("the evidence says otherwise",)) for _ in pairs]  # type: ignore[attr-defined]

    [found] = score([(ASKED, RIGHT)], TEXTS.get, Contradicting())
    assert found["cause"] == "contradicted"
    assert found["scores"]["grounding.contradicted"] == [1, 1]


def test_a_citation_that_is_not_exact_is_no_evidence() -> None:
    shifted = replace(RIGHT.citations[0], start=1, end=22)
    found = outcome(ASKED, replace(RIGHT, citations=(shifted,), passages=()))
    assert found["sentences"][0]["support"] == "unsupported"
    assert found["sentences"][0]["reasons"] == ["a citation of it is not exact"]
    assert found["scores"]["citations.quote_fidelity"] == [0, 1]


def test_no_checker_is_asked_to_find_support_in_nothing() -> None:
    class Agreeing:
        name = "yes"

        def judge(self, pairs: object) -> list[Verdict]:
            return [Verdict("supported", 1.0) for _ in pairs]  # type: ignore[attr-defined]

    bare = Response("q1", None, True, (Stated("Ann chairs the board.", ()), Stated("Bob too.", None)), None, None)
    [found] = score([(None, bare)], None, Agreeing())
    assert [s["support"] for s in found["sentences"]] == ["unsupported", "unsupported"]
    assert found["scores"]["grounding.support_rate"] == [0, 2]


def test_a_denial_cut_off_the_citation_is_read_all_the_same() -> None:
    text = "The court sat on Monday. He denied that the minister of war resigned in May. Nobody asked why."
    quote = "the minister of war resigned in May"
    start = text.index(quote)
    cited = (Quotation(quote, "c.txt", start, start + len(quote), n=1),)
    said = Response(
        "q", None, True, (Stated("The minister of war resigned in May.", (1,)), Stated(quote, (1,))), cited, ()
    )
    [found] = score([(None, said)], {"c.txt": text}.get, LexicalChecker())
    assert found["sentences"][0]["support"] in ("contradicted", "unsupported")
    assert found["scores"]["citations.quote_fidelity"] == [1, 1]


def test_a_citation_that_does_not_exist_supports_nothing() -> None:
    found = outcome(ASKED, replace(RIGHT, sentences=(Stated("Ann chairs the board.", (1, 999)),)))
    assert found["sentences"][0]["reasons"] == ["citation 999 does not exist"]
    assert found["scores"]["citations.quote_fidelity"] == [1, 2]
    assert found["scores"]["citations.precision"] == [0.0, 1]


def test_uncited_sentences_have_no_precision() -> None:
    found = outcome(ASKED, replace(RIGHT, sentences=(Stated("Ann chairs the board.", ()),), citations=()))
    assert found["scores"]["citations.precision"] == [0.0, 1]
    assert found["scores"]["grounding.uncited"] == [1, 1]


@pytest.mark.parametrize("part", ["the", "board", "Ann", "chairs the"])
def test_a_word_out_of_the_gold_is_no_answer(part: str) -> None:
    found = outcome(ASKED, replace(RIGHT, sentences=(Stated(part, (1,)),), citations=(quotation("a.txt", part, 1),)))
    assert found["scores"]["answer.first_sentence"] == [0.0, 1]
    assert found["cause"] is not None


def test_a_failure_is_no_refusal_and_does_not_help_elsewhere() -> None:
    failed = replace(REFUSED, error="it broke", passages=None, confidence=None)
    assert outcome(UNKNOWN, replace(failed, question=UNKNOWN.question))["scores"]["abstention.refused"] == [0.0, 1]
    assert outcome(ASKED, failed)["scores"]["abstention.wrongly_refused"] == [1.0, 1]
    pairs = [(replace(ASKED, id=f"q{n}"), replace(RIGHT if n else failed, id=f"q{n}")) for n in range(4)]
    summary = summarise(score(pairs, TEXTS.get, LexicalChecker()))["metrics"]
    assert summary["abstention.risk_coverage_area"]["value"] == pytest.approx(0.25 / 4, abs=1e-4)
    assert summary["abstention.coverage_at_risk_0.05"]["value"] == 0.75
    assert summary["retrieval.recall@3"]["value"] == 0.75


def test_passages_left_out_count_as_not_found_where_others_list_them() -> None:
    silent = replace(RIGHT, id="q2", passages=None)
    found = score([(ASKED, RIGHT), (replace(ASKED, id="q2"), silent)], TEXTS.get, LexicalChecker())
    assert [row["scores"]["retrieval.recall@3"] for row in found] == [[1, 1], [0, 1]]
    [alone] = score([(replace(ASKED, id="q2"), silent)], TEXTS.get, LexicalChecker())
    assert alone["scores"]["retrieval.recall@3"] is None


def test_our_documents_must_be_the_golds() -> None:
    renamed = replace(RIGHT, passages=(Quotation(TEXT, "elsewhere.txt"),))
    assert outcome(ASKED, renamed)["scores"]["retrieval.recall@1"] == [0, 1]
    [theirs] = score([(ASKED, renamed)], None, LexicalChecker(), ours=False)
    assert theirs["scores"]["retrieval.recall@1"] == [1, 1]


def test_citation_precision_counts_citations_that_are_needed() -> None:
    both = (quotation("a.txt", "Nine people sit on it.", 1), quotation("b.txt", "It opened in 1998.", 2))
    found = outcome(None, Response("q", None, True, (Stated("Nine people sit on it.", (1, 2)),), both, ()))
    assert found["scores"]["citations.recall"] == [1.0, 1]
    assert found["scores"]["citations.precision"] == [0.5, 1]


def test_ranking_agrees_with_ir_measures_on_passages() -> None:
    quotes = ["Ann chairs the board.", "Bob was not there.", "Carla runs the shop in Leeds."]
    golds = tuple(Gold(quote) for quote in quotes[:2])
    passages = tuple(Quotation(text) for text in ("nothing", quotes[1], quotes[2], "more of nothing", quotes[0]))
    question = Question("q1", "Who?", True, golds)
    found = outcome(question, Response("q1", "Who?", False, passages=passages))["scores"]
    qrels = {"q": {"2": 1, "5": 1}}
    run = {"q": {str(rank): 6.0 - rank for rank in range(1, 6)}}
    theirs = ir_measures.calc_aggregate([RR @ 10, nDCG @ 10, R @ 3, R @ 5], qrels, run)
    assert found["retrieval.mrr@10"][0] == pytest.approx(theirs[RR @ 10])
    assert found["retrieval.ndcg@10"][0] == pytest.approx(theirs[nDCG @ 10], abs=1e-6)
    assert found["retrieval.recall@3"][0] / 2 == pytest.approx(theirs[R @ 3])
    assert found["retrieval.recall@5"][0] / 2 == pytest.approx(theirs[R @ 5])


def test_short_answers_compare_as_squad_does() -> None:
    assert exact_match("The Nine.", ["nine"]) == 1.0
    assert exact_match(None, ["nine"]) == token_f1(None, ["nine"]) == 0.0
    assert token_f1("Ann Lee", ["Ann"]) == pytest.approx(2 / 3)
    assert token_f1("Ann", ["Bob", "Ann Lee Smith"]) == pytest.approx(0.5)
    assert mentions("It was Ann, they said.", ["ann"])
    assert not mentions("It was Anna.", ["Ann"])
    assert mentions("The US Air Force hit it.", ["US  air force", "x"])
    assert mentions("董事会主席是张伟。", ["张伟"])
    assert not mentions("Anything.", ["the"])


def test_gold_is_matched_by_words_and_documents_only_where_known() -> None:
    matcher = GoldMatcher(["a.txt", "b.txt"])
    gold = Gold("Ann chairs the board.", "a.txt")
    assert matcher.holds(Quotation("So: ann\xa0chairs   the board. Yes.", "a.txt"), gold)
    assert matcher.holds(Quotation("Ann chairs the board.", "chunk 17 of another system"), gold)
    assert not matcher.holds(Quotation("Ann chairs the board.", "b.txt"), gold)
    assert not matcher.holds(Quotation("Joann chairs the board.", "a.txt"), gold)
    assert matcher.touches(Quotation("chairs the board", "a.txt"), gold)
    assert not matcher.touches(
        Quotation("the board", "a.txt"), Gold("Ann chairs the board that runs the mill.", "a.txt")
    )
    assert not matcher.touches(Quotation("hairs the boar", "a.txt"), gold)


def test_whoever_quotes_a_page_has_not_found_the_sentence() -> None:
    matcher, gold = GoldMatcher(["a.txt"]), Gold("Ann chairs the board.", "a.txt")
    chinese = Gold("董事会主席是张伟,他于一九九八年上任。", "a.txt")
    assert not matcher.touches(Quotation("主席", "a.txt"), chinese)
    assert matcher.touches(Quotation("董事会主席是张伟,他于一九", "a.txt"), chinese)
    assert matcher.touches(Quotation(f"{'Word ' * 60} Ann chairs the board.", "a.txt"), gold)
    assert not matcher.touches(Quotation(f"{'Word ' * 600} Ann chairs the board.", "a.txt"), gold)


def test_exactness_without_an_index_is_against_the_passages() -> None:
    exactness = Exactness(None)
    cited = quotation("a.txt", "Bob was not there.")
    assert exactness.fault(cited, [quotation("a.txt", TEXT)]) is None
    assert exactness.fault(cited, [quotation("b.txt", TEXTS["b.txt"])]) == "no passage of the answer reads as quoted"
    assert exactness.fault(cited, []) is not None


def test_exactness_with_an_index() -> None:
    exactness = Exactness(TEXTS.get)
    cited = quotation("a.txt", "Bob was not there.")
    assert exactness.fault(cited, []) is None
    assert exactness.fault(replace(cited, start=None, end=None), []) is None
    assert "do not read as quoted" in (exactness.fault(replace(cited, start=0, end=18), []) or "")
    assert "do not read as quoted" in (exactness.fault(replace(cited, start=-18, end=len(TEXT)), []) or "")
    assert "do not read as quoted" in (exactness.fault(replace(cited, end=(cited.end or 0) - len(TEXT) - 1), []) or "")
    assert "is not in the index" in (exactness.fault(replace(cited, document="c.txt"), []) or "")
    assert "names no document" in (exactness.fault(replace(cited, document=None), []) or "")
    assert "has changed since" in (exactness.fault(replace(cited, sha256="0" * 64), []) or "")


def test_questions_and_answers_are_paired_by_id_or_by_wording() -> None:
    other = replace(ASKED, id="q2", question="When?")
    assert align([ASKED], [RIGHT]) == [(ASKED, RIGHT)]
    named = replace(RIGHT, id="7", question="who chairs  the board?")
    assert align([ASKED], [named]) == [(ASKED, named)]
    with pytest.raises(DataError, match="1 of 2 questions have no answer"):
        align([ASKED, other], [RIGHT])
    with pytest.raises(DataError, match="1 answers belong to no question"):
        align([ASKED], [RIGHT, replace(RIGHT, id="q3")])
    with pytest.raises(DataError, match="two answers to “Who chairs"):
        align([ASKED], [replace(RIGHT, id="7"), replace(RIGHT, id="8")])
    with pytest.raises(DataError, match="the answer 'q1' is to “Why"):
        align([ASKED], [replace(RIGHT, question="Why is it so?")])


def test_a_summary_has_a_value_or_a_reason_and_never_nan() -> None:
    outcomes = [
        outcome(ASKED, RIGHT),
        outcome(replace(UNKNOWN, id="q2"), replace(REFUSED, id="q2", timings_ms={"total": 4.0})),
    ]
    for rows in (outcomes, outcomes[:1], outcomes[1:]):
        summary = summarise(rows)
        for name, metric in summary["metrics"].items():
            assert (metric["value"] is None) == (metric["reason"] is not None), name
            assert metric["n"] + metric["n_not_applicable"] == len(rows), name
            assert metric["value"] is None or metric["value"] == metric["value"], name
    summary = summarise(outcomes)
    assert summary["metrics"]["abstention.auroc"]["value"] == 1.0
    assert summary["metrics"]["abstention.refused"]["value"] == 1.0
    assert summary["metrics"]["latency.total.p50"]["value"] == 4.0
    assert summary["causes"]["not_chosen"] == 0
    assert summary["curves"]["risk_coverage"] == [[0.5, 0.0, 0.9], [1.0, 0.5, 0.1]]


def test_a_share_has_wilsons_interval_where_questions_are_few() -> None:
    outcomes = [outcome(replace(ASKED, id=f"q{n}"), replace(RIGHT if n else REFUSED, id=f"q{n}")) for n in range(10)]
    metric = measure(outcomes, ["answer.first_sentence"])["answer.first_sentence"]
    assert metric.value == 0.9
    assert metric.ci95 == pytest.approx((0.596, 0.982), abs=1e-3)
    assert "Wilson" in metric.method
