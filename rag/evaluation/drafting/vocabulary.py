"""Closed lists of English words that the drafting of questions goes by, all in lower case."""

from __future__ import annotations


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


PREPOSITIONS = _words(
    """
    of in on at by for with from to into onto upon about against between among through during under over near within without
    across along around behind beside beyond off toward towards outside inside via per throughout despite amid below above
    alongside past aboard
    """
)
# A main clause is complete where one of these begins another.
SUBORDINATES = _words(
    "when while because although though after before since until till if unless whereas once whilst but"
)
# What these begin is part of what stands before them, so that cutting there would change the sense.
RELATIVES = _words("that which who whom whose where why how what whether whatever whoever whichever than")
PRONOUNS = _words(
    """
    i me my mine myself we us our ours ourselves you your yours yourself he him his himself she her hers herself it its itself
    they them their theirs themselves this these those here there someone somebody anyone anybody everyone everybody something
    anything everything nothing none one ones each other others another such same latter so both either neither respectively
    """
)
# Words that point to a moment that the sentence does not name.
FLOATING = _words(
    """
    today yesterday tomorrow tonight weekend ago last next earlier later recently now currently soon then previous previously
    coming
    """
)
DETERMINERS = _words("the a an all some several many few no every any")
FINITE = _words("was were is are has have had will would can could may might must should shall do does did am")
NEGATIVES = _words("not never no nor cannot hardly scarcely barely")
# Adverbs beside a verb that tie a sentence to the one before it: a question is better off without them.
LOOSE = _words(
    """
    also then later subsequently eventually finally soon recently now however therefore thus still already instead again too
    meanwhile afterwards thereafter even just only actually reportedly apparently
    """
)
NUMBERS = _words(
    """
    two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
    twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion dozen mln bln
    """
)
BOUNDS = (
    ("at", "least"), ("more", "than"), ("fewer", "than"), ("less", "than"), ("up", "to"), ("as", "many", "as"), ("about",),
    ("around",), ("nearly",), ("almost",), ("approximately",), ("roughly",), ("some",), ("over",),
    ("only",), ("a", "total", "of"),
)  # fmt: skip
# Said with a number, these ask for "how much" rather than "how many".
UNCOUNTED = _words(
    """
    percent pct per cent cts dlrs dollars pounds euros yen marks francs degrees basis points stg times seconds minutes hours
    days weeks months years yards metres meters miles feet inches kilometers kilometres holes innings
    """
)
SAYING = _words(
    "say report expect estimate believe think know add note tell claim forecast predict fear hope mean show suggest"
)

TITLES = _words(
    """
    mr mrs ms miss dr sir lord lady dame saint president vice-president premier chancellor general gen colonel col major maj
    captain capt lieutenant lt sergeant sgt admiral commander king queen prince princess duke earl emperor empress pope bishop
    archbishop cardinal rabbi imam sheikh ayatollah professor prof senator sen representative rep congressman congresswoman
    governor gov mayor judge justice minister secretary ambassador detective inspector coach father sister brother
    """
)
FIRST_NAMES = _words(
    """
    aaron abdul abdullah abraham ada adam adel adnan adrian ahmad ahmed aisha akira alan albert alberto alex alexander
    alexandra alexei alfred ali alice alison amanda amir amy ana anders andre andrea andreas andrei andrew andy angela anita
    ann anna anne annie anthony antonio archibald arnold arthur ashley asif audrey barack barbara barham barry beatrice ben
    benedict benjamin bernard bernie bertrand beth betty bill billy bob bobby boris brad brandon brenda brett brian bridget
    bruce bryan calvin camille carl carla carlo carlos carmen carol caroline catherine cecil charles charlie charlotte chen
    chris christian christina christine christopher claire clara clarence claude claudia clement colin condoleezza craig
    cynthia daniel david dean deborah denis dennis derek diana diane diego dietrich dmitri dmitry dominic don donald donna
    dorothy doug douglas duncan dwight dylan ed eddie edgar edith edmund eduardo edward edwin eileen elaine eleanor elena eli
    elias elisabeth elizabeth ella ellen elmer elsa emil emily emma emmanuel enrico enrique eric erik ernest ernst erwin
    esther ethan eugene eva evan evelyn fatima federico felipe felix fernando fiona florence frances francesco francis
    francisco franco frank franklin franz fred frederick friedrich gabriel gareth gary gavin gene geoffrey george georg gerald
    gerard gerhard gertrude giovanni giuseppe gordon grace graham greg gregory guillermo gustav guy hamid hannah hans harold
    harriet harry hassan heather hector heinrich helen helena helmut henri henry herbert herman hermann hillary hiroshi howard
    hugh hugo hussein ian ibrahim igor ingrid irene isaac isabel isabella ivan jack jackie jacob jacques jake james jamie jan
    jane janet jason jean jeff jeffrey jennifer jeremy jerome jerry jesse jessica jill jim jimmy joan joanna joe joel johann
    johannes john johnny jon jonas jonathan jorge jose josef joseph joshua josé juan judith judy julia julian julie jurgen
    justin karen karl kate katherine kathleen kathryn katie keith kelly ken kenneth kevin khalid kim klaus kurt kyle lance
    larry laura lauren laurence lawrence lee leo leon leonard leonardo leslie lewis lily linda lisa lloyd louis louise luca
    lucas lucy ludwig luigi luis luke lydia mahmoud malcolm manuel marc marcel marco marcus margaret maria marie marilyn mario
    marion mark marta martha martin mary masako mathieu matt matteo matthew maurice max maya megan mel melissa michael michel
    michelle miguel mike mikhail miranda mohamed mohammad mohammed moises molly mona monica muhammad mustafa myles nadia nancy
    naomi napoleon natalia natalie nathan neil nelson nicholas nick nicolas nicole nigel nikolai nina noah nora norman olga
    oliver olivia omar oscar otto pablo pamela patricia patrick paul paula pauline pedro peggy penny peter philip philippe
    phillip pierre qasem rachel rafael ralph ramon randy raul ray raymond rebecca reginald rene ricardo richard rick rita
    robert roberto robin rodney roger roland ron ronald rosa rose ross roy rudolf rupert russell ruth ryan saddam sally salman
    sam samantha samuel sandra sara sarah scott sean sebastian serena sergei sergio shane sharon sheila shirley sidney sigmund
    silvia simon sofia sophia sophie stanley stefan stella stephanie stephen steve steven stuart sue susan suzanne sven sylvia
    tara ted terence teresa terry theodore theresa thomas tim timothy tina toby todd tom tommy tony tracy trevor ursula
    valerie vanessa venus vera vernon veronica vicente victor victoria vikram vincent viktor virginia vivian vladimir walter
    wang warren wayne wendy werner wilfred wilhelm will william winston wolfgang xavier yasser yvonne yusuf zachary zhang
    """
)
PARTICLES = _words("de del della der di da dos du la le van von bin ibn al el of")
# Only a person does these, so that two capitalised words before one of them are a person.
PERSONAL_VERBS = _words(
    """
    wrote married nominated resigned invented composed painted directed starred sang testified nicknamed argued authored
    confessed apologised apologized blamed convinced urged persuaded proposed praised retired tweeted studied taught
    """
)
# A name with one of these is of a body, a place, a thing or an event; none is of a person.
THINGS = _words(
    """
    university college school academy institute church cathedral temple mosque abbey inc corp corporation co company ltd plc
    llc bank party army navy force forces group council committee commission court house street road avenue square county city
    town village state states province district river lake sea ocean bay mountain mountains mount island islands valley desert
    park garden gardens airport airfield base station bridge tower palace castle war wars battle act treaty convention
    constitution league cup bowl games olympics championship tournament festival award awards prize museum gallery library
    hospital association society foundation ministry department agency office bureau union republic kingdom empire dynasty
    nations north south east west northern southern eastern western new san los las el fort port cape air world great super
    grand olympic national international royal federal american british french german chinese russian european african asian
    times post news press journal magazine television radio network channel records music band orchestra album movie film
    series show center centre system software project programme program plan operation brigade brigades division regiment
    militia guard police senate congress parliament assembly coalition alliance front movement revolution industries
    technologies systems energy oil gas motors airlines airways club united conference electric trust fund holdings partners
    services exchange market stock day week year month age century theory law effect rule bill amendment declaration god
    christ jesus lord the and
    """
)
COUNTRIES = _words(
    """
    afghanistan albania algeria angola argentina armenia australia austria azerbaijan bahrain bangladesh belarus belgium
    bolivia brazil britain bulgaria burma cambodia cameroon canada chad chile china colombia congo croatia cuba cyprus denmark
    ecuador egypt england estonia ethiopia finland france georgia germany ghana greece guatemala haiti honduras hungary
    iceland india indonesia iran iraq ireland israel italy jamaica japan jordan kazakhstan kenya korea kosovo kuwait laos
    latvia lebanon libya lithuania malaysia mali malta mexico moldova mongolia morocco mozambique myanmar namibia nepal
    netherlands nicaragua niger nigeria norway oman pakistan palestine panama paraguay peru philippines poland portugal qatar
    romania russia rwanda scotland senegal serbia singapore slovakia slovenia somalia spain sudan sweden switzerland syria
    taiwan tanzania thailand tunisia turkey uganda ukraine uruguay usa us uk uzbekistan venezuela vietnam wales yemen zambia
    zimbabwe
    """
)
# Verbs that last or that many share: "who" and "when" ask nothing definite of them.
VAGUE = _words(
    """
    be have total average remain stand live contain include say report expect rise fall decline increase decrease grow drop
    seem appear believe think know feel want tell add note consist belong exist own need mean state gain lose climb slip ease
    continue serve work tend earn trade cost
    """
)
COMMON_LIVES = _words(
    "born die married marry live study attend graduate move grow raise educate bear retire come go arrive"
)
PLACED = _words("born buried located situated headquartered based held raised educated founded die")
# What these tell of happens at one time, so that "when" may be asked of it.
EVENTS = _words(
    """
    abandon abolish acquire adopt announce appoint approve arrest arrive assassinate attack award ban bomb buy capture cancel
    christen close commission complete conquer consecrate convict crash create crown declare defeat deliver depart destroy die
    discover dismiss disband dissolve divorce elect erupt establish execute expel file fire flee found hang hijack hire hit
    impeach inaugurate indict injure install introduce invade invent join kidnap kill land launch leave liberate meet merge
    murder name nominate occupy ordain oust overthrow pass patent poison premiere promote publish raid ratify reject
    release reopen rename replace resign restore retire return reveal rob sack sell sentence shoot sign sue surrender
    suspend topple transfer unveil veto visit win withdraw bury burn record
    """
)
# Behind a verb, these belong to it.
ADVERBIAL_PARTICLES = _words("up down out off over away back forward forth on in through aside apart together along")
SPANS = _words(
    """
    second seconds minute minutes hour hours day days week weeks month months year years decade decades shortly just soon long
    immediately
    """
)
# Titles that are as often part of other names ("General Assembly", "Major League").
DOUBTFUL_TITLES = _words("general major saint lord lady king queen prince justice father sister brother coach miss")
