"""Results of an evaluation, made up but in the true forms: what the tests of the report draw."""

from __future__ import annotations

from typing import Any

from rag.evaluation.records import CAUSES

Form = dict[str, Any]
ONE, TWO = "000_156e7c84f352b687.txt", "001_fa4e78abf56b979a.txt"
ASKED = (
    "How many bases did the US have in Iraq before the withdrawal?",
    "When was the US contractor killed at Kirkuk?",
    "Which militia was suspected of the attacks on the al-Taji base?",
    "Who is the coalition spokesman quoted by AFP?",
    "How many soldiers died in the American strike after the Taji attack?",
    "What did the prime minister of Iraq say about the ceremony at al-Qaim?",
)
GOLD = (
    "The decision to abandon three of its eight bases in Iraq is an indication that the US is looking for a dramatic "
    "reduction in its footprint in Iraq."
)
OTHER = "Today, the coalition transferred Al Qa'im base to the Iraqi security forces."
STATES = (
    *[None] * 5, "not_retrieved", None, "unsupported", None, "contradicted", None, None,
    "wrongly_refused", None, "should_have_refused", None, None, "mis_cited", None, None,
    "not_chosen", None, None, "error", None, "unsupported", None, None,
    "not_retrieved", None, None, "should_have_refused", *[None] * 4,
)  # fmt: skip

METHODS = {
    "retrieval": "share of answerable questions with a gold quote in the first passages; percentile bootstrap over questions",
    "grounding": "share of sentences, over questions; the checker is lexical; percentile bootstrap over questions",
    "latency": "over questions; percentile bootstrap",
}
VALUES: dict[str, tuple[float | None, float, float]] = {
    "retrieval.recall@1": (0.7273, 0.5455, 0.9091), "retrieval.recall@3": (0.8636, 0.7273, 1.0),
    "retrieval.recall@5": (0.9091, 0.7727, 1.0), "retrieval.recall@10": (0.9091, 0.7727, 1.0),
    "retrieval.mrr@10": (0.7955, 0.6439, 0.9242), "retrieval.ndcg@10": (0.8212, 0.688, 0.9345),
    "answer.exact_match": (0.5909, 0.3636, 0.7727), "answer.f1": (0.6814, 0.5113, 0.8349),
    "answer.contains": (0.7727, 0.5909, 0.9091), "answer.first_sentence": (0.7727, 0.5909, 0.9091),
    "citations.recall": (0.9429, 0.875, 1.0), "citations.precision": (0.9143, 0.8333, 0.9756),
    "citations.quote_fidelity": (1.0, 1.0, 1.0), "grounding.support_rate": (0.8929, 0.8136, 0.9583),
    "grounding.support_rate_corrected": (0.8714, 0.7712, 0.9631),
    "grounding.fully_grounded": (0.8276, 0.6897, 0.9655), "grounding.contradicted": (0.0179, 0.0, 0.0556),
    "grounding.mis_cited": (0.0179, 0.0, 0.0556), "grounding.uncited": (0.0, 0.0, 0.0),
    "abstention.refused": (0.8571, 0.6429, 1.0), "abstention.wrongly_refused": (0.0455, 0.0, 0.1364),
    "abstention.auroc": (0.9318, 0.8312, 1.0), "abstention.risk_coverage_area": (0.0712, 0.0204, 0.1417),
    "abstention.coverage_at_risk_0.05": (0.5833, 0.2778, 0.8333), "disagreement.recall": (None, 0, 0),
    "disagreement.precision": (None, 0, 0), "calibration.error": (0.0917, 0.061, 0.1904),
    "calibration.brier": (0.0986, 0.0571, 0.1455), "checker.balanced_accuracy": (0.8733, 0.8171, 0.923),
    "latency.total.p50": (61.4, 58.2, 66.0), "latency.total.p95": (128.0, 97.5, 141.2),
    "latency.retrieve.p50": (8.7, 8.1, 9.9),
}  # fmt: skip


def metric(
    value: float | None, low: float = 0, high: float = 1, n: int = 22, not_applicable: int = 14, method: str = ""
) -> Form:
    reason = "no question of the set is tagged with a conflict" if value is None else None
    return {
        "value": value, "ci95": None if value is None else [low, high], "n": 0 if value is None else n,
        "n_not_applicable": not_applicable, "method": method or "share of questions", "reason": reason,
    }  # fmt: skip


def summary(**changed: Any) -> Form:
    metrics = {
        name: metric(value, low, high, method=METHODS.get(name.split(".")[0], "share of questions; Wilson interval"))
        for name, (value, low, high) in VALUES.items()
    }
    coverage = [round(at / 36, 4) for at in range(1, 37)]
    form = {
        "schema": "rag.eval.summary/1", "attest": "0.1.0",
        "answers": {"name": "answers.jsonl", "sha256": "5f" * 32, "form": "attest"},
        "questions": {"name": "seeds_dev.jsonl", "sha256": "a7" * 32, "n": 36, "answerable": 22, "unanswerable": 14,
                      "unlabelled": 0, "drafted": 0},
        "index": {"id": "9c2f41d07ab3", "documents": 1234, "chunks": 10_000},
        "checker": {"name": "lexical", "n": 150, "balanced_accuracy": metric(0.8733, 0.8171, 0.923, 150, 0),
                    "missed": metric(0.1467, 0.0812, 0.2276, 75, 0), "false_alarms": metric(0.1067, 0.0467, 0.18, 75, 0),
                    "kinds": [{"label": "supported", "kind": "date_rewritten", "n": 15, "right": 12},
                              {"label": "contradicted", "kind": "<b>name", "n": 20, "right": 7}]},
        "seed": 12345, "resamples": 2000, "asked": 36, "metrics": metrics,
        "slices": {tag: {name: metrics[name] for name in list(metrics)[:25]} for tag in ("who", "when", "conflict", "عربي")},
        "causes": {cause: STATES.count(cause) for cause in CAUSES},
        "curves": {
            "risk_coverage": [[c, round(0.02 + 0.22 * c**3, 4), round(1 - c * 0.97, 4)] for c in coverage],
            "reliability": [[0.07, 0.0, 9], [0.24, 0.3333, 3], [0.55, 0.5, 2], [0.81, 0.75, 8], [0.95, 1.0, 14]],
        },
    }  # fmt: skip
    return form | changed


def _citation(n: int, quote: str, exact: bool, gold: bool) -> Form:
    named = {"title": "The US is pulling out of key Iraq bases", "outlet": None, "published": None, "document": TWO}
    if n == 2:
        named = {"title": "Trump Administration in “Historic” Withdrawal of Troops from 3 Iraq Bases",
                 "outlet": "Global Research", "published": "2020-03-18", "document": ONE}  # fmt: skip
    fault = None if exact else "characters 124 to 271 do not read as quoted"
    return {
        "n": n,
        **named,
        "start": 124,
        "end": 124 + len(quote),
        "quote": quote,
        "exact": exact,
        "fault": fault,
        "gold": gold,
    }


def _sentences(cause: str | None) -> list[Form]:
    first = {"text": GOLD, "support": "quoted", "score": 1.0, "reasons": [], "citations": [1], "mis_cited": False}
    second = {"text": "The base at al-Qa'im was handed over on 17 March.", "support": "supported", "score": 0.8312,
              "reasons": [], "citations": [2], "mis_cited": False}  # fmt: skip
    if cause == "contradicted":
        second |= {"text": "The US gave up three of its nine bases in Iraq.", "support": "contradicted", "score": 0.0312,
                   "reasons": ["the sentence says 9; the evidence says 8", "“gave up” is not in the evidence"]}  # fmt: skip
    elif cause == "unsupported":
        second |= {"text": "All soldiers went home to their families in Ohio.", "support": "unsupported", "score": 0.1204,
                   "reasons": ["“Ohio” does not occur in the evidence"]}  # fmt: skip
        first = first | {"support": "partly", "score": 0.55, "reasons": ["“dramatic” is not in the evidence"]}
    elif cause == "mis_cited":
        second |= {"mis_cited": True, "citations": [1, 7], "reasons": ["citation 1 does not say so; passage 3 does"]}
    return [first, second]


def outcome(at: int, cause: str | None = None, **changed: Any) -> Form:
    answerable = at % 5 != 1 and cause != "should_have_refused"
    refused = cause == "wrongly_refused" or (not answerable and cause is None)
    missing = cause in ("not_retrieved", "error")
    status = "error" if cause == "error" else "not_found" if refused else "answered"
    text = f"The US is pulling out of key Iraq bases\n\n{GOLD}\n\nThis comes amid heightened tensions."
    golden = 0 if missing or not answerable else 2
    passages = [
        {"rank": rank, "document": TWO, "start": rank * 100, "end": rank * 100 + 150, "score": round(1 / rank, 4),
         "text": text if rank == golden else f"{OTHER} Passage {rank}.", "gold": [0] if rank == golden else []}
        for rank in range(1, 9)
    ]  # fmt: skip
    form = {
        "schema": "rag.eval.outcome/1", "id": f"d{at:02}", "question": ASKED[at % len(ASKED)], "tags": ["who"] if at % 3 else [],
        "drafted": False, "answerable": answerable, "conflict": at % 7 == 0, "status": status,
        "reason": {"error": "the system did not answer within 30 seconds",
                   "not_found": "No passage says what the prime minister said."}.get(status),
        "confidence": 0.8731, "cause": cause, "right": cause is None, "short_answer": "eight" if status == "answered" else None,
        "expected": ["eight", "8"] if answerable else [],
        "gold": [{"document": TWO, "quote": GOLD, "rank": None if missing else 2}] if answerable else [],
        "sentences": _sentences(cause) if status == "answered" else [],
        "citations": [_citation(1, GOLD, cause != "unsupported", True), _citation(2, OTHER, True, False)]
        if status == "answered" else [],
        "passages": passages, "timings_ms": {"retrieve": 8.73, "read": 31.02, "total": 61.4}, "scores": {},
    }  # fmt: skip
    return form | changed


def outcomes() -> list[Form]:
    """36 questions: mixed outcomes, one of another system, one that nobody has labelled, one in Arabic."""
    forms = [outcome(at, cause) for at, cause in enumerate(STATES)]
    forms[3] |= {"passages": None, "citations": None, "confidence": None, "timings_ms": {}}
    forms[3]["sentences"] = [sentence | {"citations": None} for sentence in _sentences(None)]
    forms[3]["gold"][0]["rank"] = None
    forms[4] |= {"right": None, "answerable": None, "gold": [], "expected": []}
    forms[8] |= {"question": "متى قُتل المقاول الأمريكي في كركوك؟", "drafted": True}
    return forms


def comparison(**changed: Any) -> Form:
    def row(name: str, a: float, b: float, p: float, verdict: str) -> Form:
        difference = round(b - a, 4)
        return {"metric": name, "a": a, "b": b, "difference": difference, "ci95": [difference - 0.08, difference + 0.07],
                "p": p / 3, "p_holm": p, "n": 36, "smallest_difference": 0.081, "test": "sign flips, 10,000",
                "verdict": verdict, "reason": None}  # fmt: skip

    rows = [
        row("answer.first_sentence", 0.6364, 0.7727, 0.0312, "better"),
        row("retrieval.recall@5", 0.9091, 0.9091, 1.0, "no evidence of change"),
        row("grounding.support_rate", 0.97, 0.8929, 0.0004, "worse"),
        row("latency.total.p50", 58.1, 61.4, 0.41, "no evidence of change"),
    ]
    nothing = {
        "a": None,
        "b": None,
        "difference": None,
        "ci95": None,
        "p": None,
        "p_holm": None,
        "smallest_difference": None,
    }
    rows.append(
        row("disagreement.recall", 0, 0, 1, "not compared") | nothing | {"n": 0, "reason": "no value in either run"}
    )
    form = {
        "schema": "rag.eval.comparison/1", "a": "main", "b": "this branch", "n": 36, "metrics": rows,
        "fixed": [{"id": "d02", "question": ASKED[2], "cause": "not_chosen"},
                  {"id": "gone", "question": ASKED[3], "cause": "error"}],
        "broken": [{"id": "d09", "question": ASKED[3], "cause": "contradicted"}], "unchanged": 33,
    }  # fmt: skip
    return form | changed


def gate(verdict: str = "fail", **changed: Any) -> Form:
    def rule(name: str, needs: str, value: float | None, verdict: str, reason: str) -> Form:
        pair = None if value is None else [round(value - 0.08, 4), min(1.0, round(value + 0.07, 4))]
        return {"metric": name, "needs": needs, "value": value, "ci95": pair, "n": 22 if pair else 0, "verdict": verdict,
                "reason": reason}  # fmt: skip

    rules = [rule("citations.quote_fidelity", "at least 1.0", 1.0, "pass", "1.0 is at least 1.0")]
    if verdict != "pass":
        rules.append(
            rule(
                "disagreement.recall",
                "at least 0.8",
                None,
                "too little data",
                "there is no value: no conflict is tagged",
            )
        )
    if verdict == "fail":
        rules.append(rule("grounding.support_rate", "at least 0.85 (lower end of the interval)", 0.8929, "fail",
                          "the lower end, 0.8129, is below 0.85"))  # fmt: skip
    return {"schema": "rag.eval.gate/1", "verdict": verdict, "policy": "ci.toml", "rules": rules} | changed


HOSTILE = (
    "<img src=x onerror=window.hit=1>", "<script>window.hit=2</script>", "</script><script>window.hit=3</script>",
    "</style></title></textarea><svg onload=window.hit=4>", "{{ 7*7 }} {% raw %} ${window.hit=5} {{config}}",
    "[click](javascript:window.hit=6) javascript:window.hit=7", '" onmouseover="window.hit=8" x="',
    "<iframe src=//evil.example></iframe><base href=//evil.example/><link rel=stylesheet href=//evil.example/a.css>",
    "-->\x00\x08\x1b[31m\u202egnp.exe\u2066 \ud800 \uffff", "]]> & &lt; | pipe | @everyone #1 https://evil.example `x`",
    "' onfocus=window.hit=9 autofocus '", "x" * 10_000,
)  # fmt: skip


def hostile_outcomes() -> list[Form]:
    return [
        spoiled(outcome(at, cause), text) for at, text in enumerate(HOSTILE) for cause in (None, "unsupported", text)
    ]


def spoiled(value: Any, text: str) -> Any:
    """Return a form with `text` for each of its texts, apart from what only our own programs choose from a list."""
    if isinstance(value, dict):
        kept = ("schema", "status", "cause", "verdict", "support")
        texts = ("tags", "reasons", "expected")
        return {
            key: part if key in kept else [text, text] if key in texts else spoiled(part, text)
            for key, part in value.items()
        }
    if isinstance(value, list):
        return [spoiled(part, text) for part in value]
    return text if isinstance(value, str) else value
