"""What is an English word: simplemma's dictionary, regular derivations of it, and short lists."""

from __future__ import annotations

import re
from functools import lru_cache

import simplemma

from policybook.corpus.matching import word_set

#: Words of grammar: one of them as a half makes a glued word certain.
FUNCTION_WORDS = word_set(
    "a an the and or but nor of in on at to by for from with as is are was were be been has have had it its he she we "
    "they this that these those not no so if do does did will would shall should can could may might must than then "
    "also such who whose which what when where while into onto upon over under via all any some each both more most "
    "other our your their his her there here how why about after before between during through throughout within "
    "without among against until since because although however toward towards etc only still being having every "
    "many much very same out up my"
)
# Words of two and three letters that hardly ever end or begin another word by chance.
_SHORT_BEFORE = word_set(
    "a an the and of in on at to by for as is are was has had it its we not no so if can all our out up or be"
)
_SHORT_AFTER = word_set(
    "the and of in to by for from with is are was has had as we its not our on at it or be can may all etc an a out up "
    "my"
)
#: Content words of three and four letters that may be half of a glued word.
SHORT_WORDS = word_set(
    "act age aid air bus car cut due far few gap gas get job key law let long low map net new now off oil old one own "
    "pay per put rail ratio red rise run sea see set six tax ten top two use way win year area army back bank base "
    "best bill body both bond book call care case cash city cost days deal deep door down draw drop east easy edge "
    "face fact fair farm fast feed find fine fire firm five flow food form four free full fund gain gaps gate give "
    "goal good grow hand hard head help high hold home host hour idea item jobs join just keep kind know lack land "
    "last laws lead left less life like line link list live loan long look lost make many mark meet mind mode more "
    "move must name need news next north once open pace paid pair park part past path peak plan play pool poor port "
    "post pull push race rail raise rank rate read real rely rest rich ring rise risk road role roof room rule safe "
    "sale save seek sell send ship show side sign site size skill slow snow soil sole some soon sort step stop such "
    "sure take talk task team tell term test text time told tool town tree trip true turn type unit urban used users "
    "uses vast view vote wage wait walk wall want ways weak wealth week well went west wide wind wish wood word work "
    "year zone zones plans roads rural towns yuan made said held seen came took gave got grew kept rose sold built "
    "main fees raw duty coal folk gate fell"
)
# Endings that make a closed compound with a short first half (steelmaking, forestland): no glue.
_COMPOUND_ENDS = re.compile(
    "(?:making|maker|makers|holding|holdings|holder|holders|setting|setter|building|builder|builders|keeping|keeper|"
    "lines?|belts?|lands?|works?|houses?|owners?|wide|scale|based|ways?|sides?|"
    "yards?|fields?|mills?|water|wares?|wood|woods|like|boards?|books?|backs?|fronts?|heads?|hands?|holds?|guards?|"
    "fires?|cycles?|spaces?|grids?|farms?|rooms?|shops?|stores?|stocks?|stones?|storms?|tree|trees|words?|weight|"
    "light|proof|stream|streams|scapes?|ships?|hoods?|towns?|borne|bound|born|able|ment|ness|less|"
    "graphy|logy|cracy|culture|planes?|craft|crafts|"
    "mentioned|friendly|growing|growers?|raising|raised|going|goers?|driven|sharing|saving|savings|breaking|"
    "breeding|fishing|mining|lending|bearing|roots?|paths?|"
    "pipes?|beds?|houses|sheds?|springs?|falls?|port|ports|gates?|doors?|posts?|sheets?)$"
)
#: First halves of words that dictionaries leave out (nongovernment, macroprudential): no glue.
PREFIXES = word_set(
    "non re un pre de dis mis multi inter intra extra macro micro mini mega meta under over super trans counter socio "
    "agro agri hydro photo electro thermo cyber infra ultra hyper anti semi post fore cross self auto tele home back "
    "after side out up down off sub co eco bio geo nano mono poly tri quasi pseudo neo proto retro para peri petro "
    "aero astro audio video radio psycho neuro cardio crypto techno ethno euro afro sino indo anglo franco "
    "well"
)
#: Two words of grammar that are no word together, though dictionaries may list one by chance (fora, Asa).
CERTAINLY_GLUED = frozenset(
    {f"{word}the" for word in word_set("of in to for on by at with from and as is are was that over under into all")}
    | {f"{word}a" for word in word_set("of in is as was with on and by to has from at that")}
    | {"inorder", "aswell", "suchas"}
    | {f"{word}an" for word in word_set("of in is as was with by to has from at")}
)
_ENDINGS = (
    ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("er", ""), ("er", "e"),
    ("ers", ""), ("ers", "e"), ("or", "e"), ("ors", "e"), ("ly", ""), ("ily", "y"), ("ness", ""), ("iness", "y"),
    ("less", ""), ("able", ""), ("able", "e"), ("ability", ""), ("ability", "able"), ("ism", ""), ("ist", ""),
    ("ists", ""), ("ize", ""), ("ized", ""), ("izing", ""), ("ization", ""), ("ise", ""), ("ised", ""), ("ising", ""),
    ("isation", ""), ("ization", "al"), ("isation", "ize"), ("ised", "ize"), ("ising", "ize"), ("ise", "ize"),
    ("ises", "ize"), ("ization", "ize"), ("ization", "y"), ("wise", ""), ("ship", ""), ("hood", ""), ("ful", ""),
    ("al", ""), ("ally", ""), ("ity", ""), ("ation", "e"), ("ation", ""), ("ive", "e"), ("ment", ""), ("dom", ""),
    ("tional", "tion"), ("ics", ""), ("fold", ""), ("nik", ""), ("our", "or"), ("tre", "ter"), ("y", ""), ("ic", ""),
)  # fmt: skip


@lru_cache(maxsize=65536)
def is_listed(word: str) -> bool:
    """Return whether a word stands in simplemma's English dictionary, in any case."""
    return bool(simplemma.is_known(word, lang="en"))


@lru_cache(maxsize=65536)
def is_word(word: str) -> bool:
    """Return whether small letters are a word, a regular derivation of one, or one behind a prefix."""
    if is_listed(word) or any(is_listed(stem) for stem in _stems(word)):
        return True
    for size in range(2, min(8, len(word) - 3)):
        rest = word[size:]
        if word[:size] in PREFIXES and rest not in FUNCTION_WORDS and len(rest) >= 4 and is_derived(rest):
            return True
    return False


@lru_cache(maxsize=65536)
def is_derived(word: str) -> bool:
    """Return whether a word is listed or regularly derived from a listed one."""
    return is_listed(word) or any(is_listed(stem) for stem in _stems(word))


def may_stand_first(word: str) -> bool:
    """Return whether a word may be the first of two that were glued."""
    return word in _SHORT_BEFORE or _is_half(word)


def may_stand_last(word: str) -> bool:
    """Return whether a word may be the last of two that were glued."""
    return word in _SHORT_AFTER or _is_half(word)


def ends_a_compound(word: str) -> bool:
    """Return whether a word commonly ends closed compounds."""
    return bool(_COMPOUND_ENDS.match(word))


def _is_half(word: str) -> bool:
    if len(word) <= 2:
        return False
    if word in FUNCTION_WORDS or word in SHORT_WORDS:
        return True
    return len(word) >= 5 and (is_listed(word) or (word.startswith("un") and is_listed(word[2:])))


def _stems(word: str) -> list[str]:
    stems = []
    for ending, put in _ENDINGS:
        stem = word[: -len(ending)] + put
        if word.endswith(ending) and len(stem) >= 4:
            stems.append(stem)
            if not put and len(stem) > 4 and stem[-1] == stem[-2]:
                stems.append(stem[:-1])
    return stems
