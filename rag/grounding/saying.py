"""The words of saying: verbs and nouns of it, and those who are known by their office when they speak."""

from __future__ import annotations

from rag.grounding.lexicon import base

_REGULAR = """
announce claim warn state declare insist argue explain confirm acknowledge allege assert predict vow report pledge reveal tweet
complain concede dispute reject dismiss ask wonder repeat refute maintain
""".split()
_FORMS = [
    *(
        "say says said saying",
        "write writes wrote writing",
        "deny denies denied denying",
        "admit admits admitted admitting",
    ),
    *(
        "agree agrees agreed agreeing",
        "reply replies replied replying",
        "testify testifies testified testifying",
        "tell tells told telling",
    ),
    *(f"{verb} {verb}s {verb.rstrip('e')}ed {verb.rstrip('e')}ing" for verb in _REGULAR),
]
_VERBS = [form.split() for form in _FORMS]
LETTERS = {
    word: letter
    for letter, some in {
        "V": " ".join(f"{verb[1]} {verb[2]}" for verb in _VERBS) + " say",
        "v": " ".join(verb[0] for verb in _VERBS if verb[0] not in ("say", "state")),
        "I": " ".join(verb[3] for verb in _VERBS) + " adding noting",
        "W": "told tells",
        "D": "the a an his her its their this these those one another",
        "A": "also later then again earlier already himself herself itself still once now yesterday today",
        "M": "will would did does do may might must could can should",
        "h": "has have had",
        "B": "is are was were be been being",
        "n": "not never no nobody none didnt doesnt wont hasnt havent hadnt wouldnt cannot without",
        "O": "of for from in on at to with about against over between under near during after before among within into",
        "b": "by",
        "H": "that",
        "R": "who which whose whom where what",
        "C": "and but while as or nor although though whereas",
        "c": "if whether unless",
        "P": "he she they it we i you",
        "g": "according",
    }.items()
    for word in some.split()
}
_ROLES = """
mayor | governor | president | premier prime | chancellor | king queen | pope | judge court | prosecutor prosecutors | police
officer officers | hospital doctor doctors | union | army military general | senator | coach | captain | lawyer lawyers attorney
| minister ministry | ambassador | bishop | witness witnesses | residents
"""
ROLES = {word: group.split()[0] for group in _ROLES.replace("\n", " ").split("|") for word in group.split()}
TITLES = frozenset(ROLES) | frozenset(
    """
    mr mrs ms dr sir lord lady prof professor rev gen col sgt lt sen rep secretary chairman chairwoman director executive chief
    congressman congresswoman spokesman spokeswoman spokesperson official officials leader envoy commander colonel prince
    princess analyst economist manager government parliament authorities management statement data report study figures survey
    documents letter agency
    """.split()
)
SAYINGS = frozenset(
    map(base, "statement claim warning announcement assertion allegation denial remark prediction".split())
)
# Keys that tell of the saying, not of what is said.
TELLING = (
    SAYINGS
    | frozenset(base(word) for verb in _VERBS for word in verb)
    | frozenset(
        map(base, "reporter journalist interview news conference spokesman spokeswoman official adding noting".split())
    )
)
DENYING, ASKING = (
    frozenset(map(base, some.split())) for some in ("deny dispute reject dismiss refute denial", "ask wonder")
)
# Verbs that may tell of a saying.
HINTS = frozenset(
    """
    called calls calling described describes praised praises criticised criticized condemned questioned accused accuses urged
    urges thinks thought believes believed wants wanted countered responded commented noted notes added adds joked hinted spoke
    speaks suggested suggests estimated estimates showed found expects expected recalled remarked put welcomed blamed echoed backed
    """.split()
)
