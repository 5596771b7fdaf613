"""Words put into the wrong mouth: the claim has one say what the evidence has another say."""

from __future__ import annotations

from difflib import SequenceMatcher

from rag.grounding.finding import ABSENT, Finding, quoted
from rag.grounding.lexicon import ALIKE
from rag.grounding.saying import ROLES, TELLING, TITLES
from rag.grounding.sentence import PREFIX, Sentence, Window
from rag.grounding.speech import Speech, Voices, voices
from rag.text.names import COUNTRIES, Mentions, Name, name_keys

_SHARED = 0.5  # of what the claim has said: with so much, the two speak of the same matter
_LEAST = 2  # terms of it
_SPELLING = 0.75  # likeness of two spellings of a name
_BODIES = frozenset(
    """
    ministry department office house court bank agency party university council commission committee authority union group inc
    corp ltd company association federation society institute foundation bureau service force forces army navy parliament senate
    congress government reserve board team united city club international watch organization organisation pentagon kremlin
    hamas hezbollah taliban airlines airways motor motors police electric power energy oil gas steel media systems technologies
    holdings industries insurance capital partners securities telecom entertainment sachs stanley brothers research rights
    """.split()
)
_MEDIA = frozenset(
    """
    reuters bbc cnn ap afp upi npr nbc cbs abc fox press times post guardian journal news bloomberg xinhua tass interfax telegraph
    tribune herald gazette tv television radio jazeera newspaper magazine daily
    """.split()
)
# What stands for a country in the news.
_SEATS = {
    "washington": "america", "pentagon": "america", "whitehouse": "america", "moscow": "russia", "kremlin": "russia",
    "beijing": "china", "tehran": "iran", "london": "britain", "paris": "france", "berlin": "germany", "tokyo": "japan",
    "baghdad": "iraq", "damascus": "syria", "kyiv": "ukraine", "kiev": "ukraine", "ankara": "turkey", "rome": "italy",
    "madrid": "spain", "seoul": "korea", "pyongyang": "korea", "jerusalem": "israel", "cairo": "egypt", "brussels": "europe",
    "eu": "europe", "delhi": "india", "islamabad": "pakistan", "kabul": "afghanistan", "riyadh": "arabia",
}  # fmt: skip
_PLACES = frozenset({*COUNTRIES, *COUNTRIES.values(), *_SEATS.values()}) | frozenset(
    """
    north south saudi lebanon jordan libya yemen australia mexico argentina venezuela cuba austria hungary romania bulgaria serbia
    croatia belarus georgia armenia azerbaijan qatar kuwait sudan ethiopia kenya nigeria somalia vietnam thailand indonesia
    philippines malaysia singapore taiwan states united kingdom washington moscow beijing tehran london paris berlin tokyo baghdad
    damascus kyiv kiev ankara rome madrid seoul pyongyang brussels
    """.split()
)


def misattributed(claim: Sentence, window: Window) -> Finding | None:
    """Find that another says in the evidence what the claim has one say; None where it is not plain who says what."""
    heard = voices(claim)
    if len(heard.plain) != 1:
        return None
    [said] = heard.plain
    own = frozenset(key for name in said.names for key in claim.keys_of(name))
    matter = said.scope - own - TELLING
    others = [name for name in heard.maybe if name not in said.names]
    if others or len(matter) < _LEAST:
        return None
    rivals: list[tuple[Speech, Sentence]] = []
    for sentence in window.sentences:
        share, told = _share(matter, sentence.terms), voices(sentence)
        if share and (told.pronoun or _may_speak(said, claim, told, sentence)):
            return None
        rivals += [(item, sentence) for item in told.plain if _same_matter(matter, item, sentence)]
    if not rivals or not all(_apart(said, claim, rival, sentence, window) for rival, sentence in rivals):
        return None
    rival, sentence = rivals[0]
    reason = f"the claim has {quoted(_called(said, claim))} say it; the evidence has {quoted(_called(rival, sentence))} say it"
    about = own.union({said.noun, rival.noun} - {""}, *(sentence.keys_of(name) for name in rival.names))
    return Finding(reason, ABSENT, True, about)


def _same_matter(matter: frozenset[str], rival: Speech, sentence: Sentence) -> bool:
    rest = matter.difference(*(sentence.keys_of(name) for name in rival.names))
    return len(rest) >= _LEAST and _share(rest, rival.scope) >= _SHARED


def _share(matter: frozenset[str], terms: frozenset[str]) -> float:
    prefixes = frozenset(key[:PREFIX] for key in terms if len(key) >= PREFIX)
    held = [key in terms or bool(ALIKE.get(key, frozenset()) & terms) or key[:PREFIX] in prefixes for key in matter]
    return sum(held) / len(held)


def _may_speak(said: Speech, claim: Sentence, told: Voices, sentence: Sentence) -> bool:
    """Tell whether the claim's speaker may be one of those who speak in a sentence."""
    named = [*told.maybe, *told.hinted, *(name for item in told.plain for name in item.names)]
    return any(_one(name, claim, other, sentence) for name in said.names for other in named)


def _one(name: Name, text: Sentence, other: Name, there: Sentence) -> bool:
    """Tell whether two names may be one: as each mentions the other, in another spelling, or the seat for the country."""
    pairs = ((name, there.text[other.start : other.end]), (other, text.text[name.start : name.end]))
    for one, words in pairs:
        mentions = Mentions()
        mentions.add(words)
        if mentions.holds(one):
            return True
    if _blends("".join(name.words), other.words) or _blends("".join(other.words), name.words):
        return True
    if SequenceMatcher(None, name.words[-1], other.words[-1]).ratio() > _SPELLING:
        return True
    return bool(_seats(name) & _seats(other))


def _blends(word: str, words: tuple[str, ...]) -> bool:
    """Tell whether a word is made of the beginnings of others, in order: "Tepco" of "Tokyo Electric Power Company"."""
    if not word or not words:
        return not word
    return any(
        word.startswith(words[0][:size]) and _blends(word[size:], words[1:6]) for size in range(1, len(words[0]) + 1)
    )


def _seats(name: Name) -> frozenset[str]:
    words = (*name.words, "".join(name.words))
    return frozenset(key for word in words for key in name_keys(_SEATS.get(word, word), True) if key in _PLACES)


def _apart(said: Speech, claim: Sentence, rival: Speech, sentence: Sentence, window: Window) -> bool:
    """Tell whether two speakers are certainly not one, and the evidence's is not one through whom the claim's speaks."""
    if said.manner != rival.manner:
        return False
    kinds = _kind(said, claim, (claim, *window.sentences)), _kind(rival, sentence, window.sentences)
    roles = [frozenset(ROLES[word] for word in item.titles if word in ROLES) for item in (said, rival)]
    if "title" in kinds:
        return all(roles) and not roles[0] & roles[1] and set(kinds) <= {"title", "person"}
    if kinds[0] in ("group", "media") or kinds[1] in ("group", "media"):
        return kinds[0] == kinds[1] and (kinds[0] == "media" or said.noun == rival.noun)
    elsewhere = _mentioned(said, claim, rival, sentence)
    if kinds[0] in ("person", "unknown") and kinds[1] in ("person", "unknown"):
        return kinds[0] == "person" or not elsewhere or _mentioned(rival, sentence, said, claim)
    if kinds[0] == "person" or _shortened(said, claim) != _shortened(rival, sentence):
        return elsewhere and kinds[0] in ("person", kinds[1])
    return kinds[0] == kinds[1]


def _shortened(speech: Speech, text: Sentence) -> bool:
    return bool(speech.head and text.text[speech.head.start : speech.head.end].isupper())


def _mentioned(speech: Speech, text: Sentence, other: Speech, there: Sentence) -> bool:
    """Tell whether a sentence speaks of the head of a speech in another, beside its own speaker."""
    rest = [name for name in there.names if name not in other.names]
    return any(speech.head and _one(speech.head, text, name, there) for name in rest)


def _kind(speech: Speech, text: Sentence, known: tuple[Sentence, ...]) -> str:
    """Return what a speaker is: "person", "country", "body", "media", "group", "title", or "unknown"."""
    head = speech.head
    if not head or all(word in TITLES for word in head.words):
        return "title"
    written = text.text[head.start : head.end]
    if _MEDIA.intersection(head.words):
        return "media"
    if speech.form == "group":
        return "group"
    if _PLACES.issuperset(head.words) and speech.form == "name":
        return "country"
    if speech.form == "office" or speech.definite or written.isupper() or (_BODIES | _PLACES).intersection(head.words):
        return "body"
    if {"it", "its"}.intersection(speech.then):
        return "body"
    if len(head.words) > 1 or {"he", "she", "his", "her"}.intersection(speech.then) or _titled(speech, text):
        return "person"
    fuller = (name for sentence in known for name in sentence.names if name.words[-1] == head.words[-1])
    return "person" if any(len(name.words) > 1 for name in fuller) else "unknown"


def _titled(speech: Speech, text: Sentence) -> bool:
    at = next(at for at, (_, start, _) in enumerate(text.found) if speech.head and start == speech.head.start)
    return at > 0 and text.found[at - 1][0] in TITLES


def _called(speech: Speech, text: Sentence) -> str:
    """Return what a reason calls a speaker."""
    if not speech.head or speech.form != "name":
        return speech.phrase
    return text.text[speech.head.start : speech.head.end]
