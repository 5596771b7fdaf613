"""The words that decide whether two sentences say the same: irregular forms, cues of denial and doubt, opposites, amounts."""

from __future__ import annotations

from rag.text.stem import stem

_IRREGULAR = """
arise arose arisen | become became | begin began begun | break broke broken | bring brought | build built | buy bought
| catch caught | choose chose chosen | come came | deal dealt | draw drew drawn | drive drove driven | eat ate eaten
| fall fell fallen | feel felt | fight fought | find found | flee fled | fly flew flown | forbid forbade forbidden
| get got gotten | give gave given | go went gone | grow grew grown | hang hung | hear heard | hide hid hidden
| hold held | keep kept | know knew known | lay laid | lead led | leave left | lend lent | lose lost | make made
| mean meant | meet met | pay paid | ride rode ridden | ring rang rung | rise rose risen | run ran | say said
| see saw seen | seek sought | sell sold | send sent | shake shook shaken | shoot shot | shrink shrank shrunk
| sing sang sung | sink sank sunk | sit sat | sleep slept | speak spoke spoken | spend spent | stand stood
| steal stole stolen | strike struck stricken | swear swore sworn | sweep swept | swim swam swum | take took taken
| teach taught | tell told | think thought | throw threw thrown | understand understood | uphold upheld
| wear wore worn | win won | withdraw withdrew withdrawn | write wrote written | death dead die | colonel col
| general gen | sergeant sgt | lieutenant lt | doctor dr | governor gov | senator sen | department dept
| government govt | professor prof | company co | corporation corp | limited ltd | versus vs | people person
| child children kid | grew grown | foot feet | life lives live | percent percentage | wife wives | half halves
"""
# Each stem under the first of its group, so that "rose" finds "risen".
BASES = {
    stem(form): stem(group.split()[0]) for group in _IRREGULAR.replace("\n", " ").split("|") for form in group.split()
}

# Words after which what follows is denied. Folded words, apostrophes gone; a phrase is a tuple.
DENIALS = frozenset(
    """
    not no never without neither nor none nobody nothing cannot nowhere hardly barely scarcely rarely seldom unable
    deny denies denied denying denial lack lacks lacked lacking absence false untrue
    dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt cant couldnt wont wouldnt shouldnt mustnt neednt aint mightnt
    """.split()
)
DENYING_PHRASES = frozenset(
    tuple(phrase.split())
    for phrase in (
        "fail to", "fails to", "failed to", "failing to", "refuse to", "refuses to", "refused to", "refusing to",
        "declined to", "ruled out", "rules out", "rule out", "rather than", "instead of", "far from", "yet to",
        "stopped short of", "prevented from", "prevent from", "barred from", "kept from",
    )
)  # fmt: skip
# "Not only" and the like deny nothing.
NO_DENIAL_AFTER = frozenset("only just merely simply necessarily doubt matter less fewer counting before".split())
# These may be another way to deny, so that a claim that denies what they are said of is not contradicted.
ENDINGS = frozenset(stem(word) for word in "stop halt cease end cancel suspend block difficult impossible hard".split())

# Words after which what follows is possible, planned or on a condition only, and those that make a whole sentence hearsay.
DOUBTS = frozenset(
    """
    can may might could would should possibly perhaps maybe probably likely plan plans planned planning intend intends intended
    propose proposes proposed proposal proposals expect expects expected consider considers considering considered
    hope hopes hoped want wants wanted threaten threatens threatened seek seeks if unless whether potential potentially
    possible suspected believed thought claims claimed claim suggests suggested urge urged urges
    will shall sought try tried tries attempt attempted attempts aim aims aimed demand demands demanded vow vowed pledge pledged
    promise promised offer offered offers request requested appeal
    allegation allegations rumour rumor rumours rumors fear fears feared
    """.split()
)
HEARSAY = frozenset(
    "alleged allegedly reportedly purportedly supposedly apparently unconfirmed rumoured rumored".split()
)

_OPPOSITES = """
rise increase grow climb jump gain surge soar expand double up higher high more accelerate
/ fall decrease decline drop lower low shrink plunge slump cut reduce sink down less fewer halve slow
| before / after | accept approve endorse support agree / reject refuse oppose veto disagree
| win victory / lose defeat | open / close shut | alive survive / dead kill die
| arrive enter join / depart leave exit quit | north northern / south southern | east eastern / west western
| first / last | early / late | begin start launch / end stop finish cease | succeed success / fail failure
| true / false | guilty convict / innocent acquit | man boy male / woman girl female | above / below
| inside indoor indoors / outside outdoor outdoors | sit / stand run walk jump | asleep sleep / awake | empty / full
| large big huge / small tiny little | rich / poor | wet / dry | young / old elderly | legal lawful / illegal unlawful
| safe / dangerous unsafe | major majority / minor minority | public / private | day / night | summer / winter
| ally friend / enemy foe | hire recruit / fire dismiss | strengthen / weaken | improve / worsen
| better best / worse worst | present / absent | cause / prevent | praise welcome / criticise criticize condemn
| allow permit / ban forbid prohibit | pass / fail | same / different | hot warm / cold cool | push / pull
| loud / quiet | fast quick / slow | include / exclude | love like / hate | domestic / foreign | positive / negative
| mild / severe | highest / lowest | biggest largest / smallest | oldest / youngest | longest / shortest
| fastest / slowest | everyone everybody / nobody | always / never rarely | all / no none
"""
_SYNONYMS = """
soldier troop serviceman fighter | hit strike | wound injure hurt | car vehicle | earthquake quake
| company firm business corporation | attack assault raid | buy purchase acquire | show demonstrate find
| leave withdraw withdrawal pull | help assist aid | job employment work | house home host residence | doctor physician | movie film
| get receive obtain gain | use utilise utilize | choose select pick | make produce manufacture | need require
| murder kill assassinate die death fatality | destroy demolish ruin | arrest detain | near close | nation country
| government administration | law legislation act | illness disease sickness | money funds cash
| worker employee staff | agreement deal pact accord treaty | leader head chief | allow permit let enable
| happen occur | reduce cut lower decrease | child kid | build construct | steal theft stolen | tell inform
| vote ballot election poll | army military force | citizen resident people | rule ruling verdict
| found establish create set | quit resign step | call name dub | think believe | teenager youth | fire blaze
| protest demonstration rally | flee escape run | medicine drug medication | road street | author writer | kind type
| picture photo photograph image | ship vessel boat
"""


def base(word: str) -> str:
    """Return the key under which a folded word is compared: its stem, that of the basic form where it is irregular."""
    key = stem(word)
    return BASES.get(key, key)


def _sides(group: str) -> tuple[frozenset[str], frozenset[str]]:
    one, other = group.split("/")
    return frozenset(map(base, one.split())), frozenset(map(base, other.split()))


# Beginnings that turn a word around, with the fewest letters that the rest must have ("form" and "inform" are unrelated).
_NOT = (("un", 4), ("non", 4), ("in", 6), ("im", 6), ("dis", 6))
_PAIRS = [_sides(group) for group in _OPPOSITES.replace("\n", " ").split("|")]
# The words opposed to each word.
_OPPOSED: dict[str, frozenset[str]] = {}
# The words that say much the same.
ALIKE: dict[str, frozenset[str]] = {}
for _one, _other in _PAIRS:
    for _own, _against in ((_one, _other), (_other, _one)):
        for _word in _own:
            _OPPOSED[_word] = _OPPOSED.get(_word, frozenset()) | _against
            ALIKE[_word] = ALIKE.get(_word, frozenset()) | _own
for _group in _SYNONYMS.replace("\n", " ").split("|"):
    _own = frozenset(map(base, _group.split()))
    for _word in _own:
        ALIKE[_word] = ALIKE.get(_word, frozenset()) | _own
# What one does with another, the other does too.
MUTUAL = frozenset(map(base, "meet marry join fight talk negotiate play agree sign face border and".split()))


def opposites(key: str) -> frozenset[str]:
    """Return the keys opposed to one: "fall" to "rise", "ineffective" to "effective" and the reverse."""
    made = [prefix + key for prefix, length in _NOT if len(key) >= length]
    unmade = [
        key[len(prefix) :] for prefix, length in _NOT if key.startswith(prefix) and len(key) - len(prefix) >= length
    ]
    return _OPPOSED.get(key, frozenset()) | (frozenset([*made, *unmade]) - {"unless"})


# Words that add nothing to what a claim says, beyond the stop words of search.
LIGHT = HEARSAY | frozenset(
    """
    least almost nearly roughly approximately exactly around total according still already yet however among between
    despite although though cent percent others another same several certain today recently currently now there namely
    near compare compared ago people person persons
    """.split()
)

# How much of a whole each word stands for; a claim must not say more than its evidence.
AMOUNTS = {
    "few": 1, "some": 2, "several": 2, "certain": 2, "many": 3, "most": 4, "majority": 4, "all": 5, "every": 5, "each": 5,
    "always": 5, "sometimes": 2, "often": 3, "usually": 4, "everyone": 5, "everybody": 5,
}  # fmt: skip
