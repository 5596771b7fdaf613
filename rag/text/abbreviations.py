"""Words that decide whether a full stop ends a sentence: abbreviations by kind, and words that begin a sentence."""

from __future__ import annotations


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Always followed by more of the same sentence, where written with a capital: titles. Compared in lower case.
TITLES = _words(
    """
    mr mrs ms mx dr prof profs gen gens col cols capt sgt sgts lt maj cpl pvt cmdr cdr adm brig rev hon sen sens rep
    reps gov govs pres amb supt insp det messrs mme mlle mgr fr sra srta pfc ssgt sfc cmdt lieut
    """
)

# Always followed by more of the same sentence: links between two terms. Compared as written.
LINKS = _words(
    "e.g eg i.e ie vs v viz cf c.f ca approx appx appr esp incl excl namely nr attn a.k.a aka w.r.t E.g I.e Cf"
)

# May end a sentence; if so, a word that commonly begins one follows. Compared in lower case.
MAYBE_LAST = _words(
    """
    inc ltd corp co cos llc bros jr sr esq al st ste mt ft ave blvd rd ln pl hwy dept depts univ assn assoc intl
    natl govt bldg apt est ed eds trans mfg mgmt gmbh plc pty pte cie dist ph.d d.phil b.sc m.sc g.m.b.h
    """
)

# The same, but only where written with a capital, because the lower-case word is an ordinary one.
MAYBE_LAST_CAPITAL = _words(
    """
    Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Jos Wm Chas Geo Thos Edw
    Robt Benj Calif Conn Minn Tenn Okla Ont Alta
    """
)

# The same, but only after a comma ("Gary, Ind."), because they are names and words as well.
AFTER_COMMA = _words(
    """
    Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md Mass Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa
    Penn Tenn Tex Va Vt Wash Wis Wyo Ont Que Alta
    """
)

# Followed by a number, a letter or a numeral ("No. 5", "Fig. A", "Vol. IX"); otherwise an ordinary word.
BEFORE_NUMBER = _words(
    """
    no nos p pp fig figs vol vols ch chap sec sect art arts eq eqs para paras ver cl app pt pts op nr ref refs tab
    ep eps rs c circa ps cor rom matt deut lev exod isa jer ezek heb phil eph gal tim thess pet macc chron sam
    """
)

# Before a number as well ("Jan. 3"), where written with a capital.
DAYS_AND_MONTHS = _words(
    """
    Jan Feb Mar Apr May Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun
    """
)

# Units and the like: they end a sentence before a capital, and go on before a small letter. Compared as written.
UNITS = _words(
    """
    etc lb lbs oz ft hr hrs mi min mins km kg mm cm mph kph yd yds gal qt pct yr yrs wk wks mo mos tel ext max avg
    misc orig resp var spp sp subsp bn mn tn sq cu dep arr
    """
)

# Words that end in a mark of their own ("Yahoo! Inc.").
OWN_MARK = _words(
    """
    yahoo! jeopardy! wham! oklahoma! panic! joomla! yum! guess? e! which? shout! impulse! airplane! hotjobs!
    """
)

# Capitalised, these commonly begin a sentence and seldom continue a name. Compared as written.
STARTERS = _words(
    """
    The A An This That These Those It He She They We You I There Here Its His Her Their Our My Your But And Or So If
    When While As After Before Since However Although Though Because Then Also In On At By For From With During
    Despite Until Unlike According Meanwhile Moreover Instead Now Yet Still Once To What Who Why How Where Which
    Some Many Most Both Each Several Another Such Not Nor Later Earlier Last Next Even Nearly About Every Only
    Perhaps Under Thus Furthermore Nevertheless Nonetheless Between Through Within Without It's It’s He's He’s She's
    She’s They're They’re That's That’s There's There’s Don't Don’t Let's Let’s I'm I’m I've I’ve We're We’re You're
    You’re
    """
)

# In small letters after a full stop: careless sentences begin so, the rest of a sentence hardly ever.
SMALL_STARTERS = _words("the it he she they we you i there this these but however then its that's it's i'm")

# A paragraph that ends in one of these is broken off: the sentence goes on after the blank line.
UNFINISHED = _words(
    """
    a an the of and or nor but than into onto upon between among because although while whose which that if in to
    with by from at for on as his her its their our my your these those is are was were be been has have had will
    would can could should may might must about against under over through during towards toward via per
    """
)

# Of these, the ones that can stand at the end of a short title ("What we live for").
ENDS_TITLES = _words(
    """
    in to with by from at for on as her that these those is are was were be been has have had will would can could
    should may might must about against under over through
    """
)

# A block that begins so is a title, even if it ends so.
QUESTION_WORDS = _words("what where who whom whose which how why when")

# As a pattern, for what follows a quotation: "“Why?” Mr. Smith asked".
SPEECH_VERBS = (
    "said|says|asked|asks|told|added|replied|wrote|tweeted|shouted|cried|exclaimed|wondered|demanded|answered|insisted"
    "|declared|explained|continued|noted|warned|announced"
)
