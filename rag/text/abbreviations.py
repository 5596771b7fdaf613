"""Words that decide whether a full stop ends a sentence: abbreviations by kind, and words that begin sentences."""

from __future__ import annotations


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Always followed by more of the same sentence: titles, and links between two terms. Compared in lower case.
NEVER_LAST = _words(
    "mr mrs ms mx dr prof profs gen gens col cols capt sgt sgts lt maj cpl pvt cmdr cdr adm brig rev hon sen sens rep reps"
    " gov govs pres amb supt insp det messrs mme mlle mgr fr sr. sra srta dona ft.lt pfc ssgt sfc cmdt lieut gunnery.sgt"
    " e.g eg i.e ie vs v viz cf al. ca approx esp incl excl namely nr c.f i.c w.r.t lt.gen lt.col maj.gen brig.gen attn"
)
# May end a sentence; if so, a word that commonly begins one follows. Compared in lower case.
MAYBE_LAST = _words(
    "inc ltd corp co cos llc bros jr sr esq al st ste mt ft ave blvd rd ln pl sq hwy dept depts univ assn assoc intl natl"
    " govt bldg apt est ed eds trans mfg mgmt gmbh plc pty pte cie ass dist u.s u.k u.n e.u u.s.a u.a.e d.c l.a n.y a.m p.m a.d b.c b.c.e"
    " c.e ph.d m.d b.a m.a b.sc m.sc j.d d.phil r.n a.k.a r.i.p p.s p.o s.a n.v l.p l.l.c g.m.b.h"
)
# The same, but only where written with a capital, because the lower-case word is an ordinary one.
MAYBE_LAST_CAPITAL = _words(
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri"
    " Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md Mass Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Penn"
    " Tenn Tex Va Vt Wash Wis Wyo Ont Que Alta Jos Wm Chas Geo Thos Edw Robt Benj Ed"
)
# Followed by a number, a letter or a numeral ("No. 5", "Fig. A", "Vol. IX"); otherwise an ordinary word.
BEFORE_NUMBER = _words(
    "no nos p pp fig figs vol vols ch chap sec sect art arts eq eqs para paras ver cl app pt pts op nr ref refs tab art.no"
    " jan feb mar apr may jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun ca c circa approx"
)
# Units and the like: they end a sentence before a capital, and go on before a small letter.
UNITS = _words(
    "etc lb lbs oz ft hr hrs mi min mins km kg mm cm mph kph yd yds gal qt pct yr yrs wk wks mo mos tel ext max avg misc"
    " temp orig resp var spp sp subsp bn mn tn m k sq cu temp dep arr"
)
# Words that end in a mark of their own ("Yahoo! Inc.").
OWN_MARK = _words("yahoo! jeopardy! wham! oklahoma! panic! joomla! yum! mamma-mia! guess? e! which? hotjobs! asda! chips!")

# Capitalised, these commonly begin a sentence and seldom continue a name. Compared as written.
STARTERS = _words(
    "The A An This That These Those It He She They We You I There Here Its His Their Our My Your But And Or So If When"
    " While As After Before Since However Although Though Because Then Also In On At By For From With During Despite Until"
    " Unlike According Meanwhile Moreover Instead Now Yet Still Once To What Who Why How Where Which Some Many Most Both"
    " Each Several Another Such Not Nor Later Earlier Last Next Even Nearly About Every Only Perhaps Under Her Thus"
    " Furthermore Nevertheless Nonetheless Between Through Within Without Because It's It’s He's He’s She's She’s They're"
    " They’re That's That’s There's There’s Don't Don’t Let's Let’s I'm I’m I've I’ve We're We’re You're You’re"
)
# In small letters after a full stop: carelessly written sentences begin so, the rest of a sentence hardly ever.
SMALL_STARTERS = _words("the it he she they we you i there this these but however then its that's it's i'm")
# A paragraph that ends in one of these is broken off: the sentence goes on after the blank line.
UNFINISHED = _words(
    "a an the of and or nor but than into onto upon between among because although while whose which that if in to with by"
    " from at for on as his her its their our my your these those is are was were be been has have had will would can could"
    " should may might must about against under over through during towards toward via per"
)
# Of these, the ones that can stand at the end of a short title ("What we live for").
ENDS_TITLES = _words(
    "in to with by from at for on as her that these those is are was were be been has have had will would can could should may"
    " might must about against under over through up"
)
SPEECH_VERBS = (
    "said|says|asked|asks|told|added|replied|wrote|tweeted|shouted|cried|exclaimed|wondered|demanded|answered|insisted"
    "|declared|explained|continued|noted|warned|announced"
)
