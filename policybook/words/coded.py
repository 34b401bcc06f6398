"""What pages say of what was coded: the names of codes, actors, terms, directives, and quantities in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import pandas as pd

from policybook.analysis.briefs import BriefFigure
from policybook.analysis.decide import Finding
from policybook.analysis.directives import commonest
from policybook.analysis.renderings import BorrowedPair, find_shared, usual_english
from policybook.coding.actors import ActorScheme
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import records
from policybook.words.say import has_text, names_of, say

#: Actors named in a sentence.
_MOST = 4
_LARGE = {"billion": 1_000_000_000, "million": 1_000_000}
#: Kinds and units of which a small number is not written as a word.
_EXACT = ("percent", "money", "area", "ordinal")


def name_code(code: str) -> str:
    """Return a subtype, kind, qualifier or unit as a page writes it."""
    return names_of("code").get(code, code.replace("_", " "))


def caution_words(cautions: Iterable[Finding], kind: str, noun: str = "directives") -> list[str]:
    """Return a sentence a caution (see find_cautions); `kind` says what a part is, `noun` what is counted in it."""
    counted = say(f"coded.caution.{noun}")
    return [say(f"coded.caution.{one.code}", kind=kind, noun=counted, **one.values) for one in cautions]


def say_named(scheme: ActorScheme, named: pd.DataFrame) -> str:
    """Say who is named most often."""
    found = commonest(named, "actor")
    if not found:
        return say("coded.actors.none")
    once = sum(times == 1 for _, times in found)
    return say("coded.actors.named", most=_most(scheme, found), all=len(found), once=once)


def say_together(scheme: ActorScheme, edges: pd.DataFrame, within: str) -> str:
    """Say which actors stand together most often (`edges` as edge_table gives them)."""
    if edges.empty:
        return say("coded.actors.none_together", within=within)
    first = next(iter(records(edges)))
    one, other = (scheme.by_id[actor].name_en for actor in (first.actor, first.with_actor))
    return say(
        "coded.actors.together",
        within=within, pairs=len(edges), times=int(first.weight), one=one, other=other,
        same=int((edges["weight"] == first.weight).sum()),
    )  # fmt: skip


def say_addressees(scheme: ActorScheme, addressed: pd.DataFrame) -> str:
    """Say how many directives name whom they address, and who is addressed most often."""
    keys = ["sentence", "start"]
    total = len(addressed.drop_duplicates(keys))
    if not total:
        return say("coded.actors.no_directive")
    told = addressed[addressed["actor"].notna()]
    naming = len(told.drop_duplicates(keys))
    if not naming:
        return say("coded.actors.none_addressed", directives=total)
    most = _most(scheme, commonest(told, "actor"))
    return say("coded.actors.addressed", directives=total, naming=naming, most=most)


def say_variety(scheme: Scheme, variety: pd.DataFrame) -> str:
    """Say which term is rendered most variously (see `rank_variety`)."""
    if variety.empty:
        return say("coded.terms.none")
    first = next(iter(records(variety)))
    several = int((variety["renderings"] > 1).sum())
    if not several:
        return say("coded.terms.one_rendering")
    concept = scheme.by_id[first.concept]
    return say(
        "coded.terms.variety",
        terms=len(variety), several=several, term_zh=concept.term_zh, english=usual_english(concept)[0],
        mentions=first.mentions, renderings=first.renderings, bits=first.bits, effective=first.effective,
    )  # fmt: skip


def say_hidden(scheme: Scheme, pairs: Sequence[BorrowedPair]) -> str:
    """Say where most mentions of a term read like another one, document by document (see `pair_borrowed`)."""
    if not pairs:
        return say("coded.terms.none_hidden")
    pair = pairs[0]
    own, other = scheme.by_id[pair.concept], scheme.by_id[pair.other]
    held = pair.held["document"].value_counts()
    documents = [
        {"document": str(document), "times": len(some), "held": int(held.get(document, 0))}
        for document, some in pair.mentions.groupby("document", sort=False)
    ]
    return say(
        "coded.terms.hidden",
        own=own.term_zh, other=other.term_zh, english=usual_english(other)[0], held=len(pair.held),
        mentions=len(pair.mentions), documents=documents,
    )  # fmt: skip


def say_shared(renderings: pd.DataFrame) -> str:
    """Say how many renderings stand for several terms or are ambiguous."""
    shared = find_shared(renderings)
    if shared.empty:
        return say("coded.terms.none_shared")
    number = int(shared["rendering"].nunique())
    return say("coded.terms.shared", renderings=number, ambiguous=int(shared["ambiguous"].sum()))


def figure_in_words(figure: BriefFigure) -> str:
    """Return a quantity with its qualifier: about 100 million, nearly 70 %, 28, four, 2014–2020, 29 August 2024."""
    said = _value(figure)
    if has_text(key := f"quantities.unit.{figure.unit}"):
        said = say(key, value=said, number=figure.value)
    key = f"quantities.qualifier.{figure.qualifier}"
    return say(key, value=said) if has_text(key) else said


def number_in_words(value: float, *, small: bool = False) -> str:
    """Return a number with thousands marked and millions named; with `small` whole numbers to twelve as words."""
    words = say("quantities.small").split() if small else []
    if value in range(len(words)):
        return words[int(value)]
    for name, size in _LARGE.items():
        if abs(value) >= size and round(value / size, 3) == value / size:
            return say(f"quantities.large.{name}", number=f"{value / size:g}")
    return f"{value:,.0f}" if value == int(value) else f"{value:,g}"


def _most(scheme: ActorScheme, found: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    return [(scheme.by_id[actor].name_en, times) for actor, times in found[:_MOST]]


def _value(figure: BriefFigure) -> str:
    value = figure.value
    if figure.kind in ("year", "doc_number"):
        return str(value)
    if figure.kind == "date":
        return _day(str(value))
    if isinstance(value, list | tuple):
        years = figure.kind == "year_range"
        low, high = (str(one) if years else number_in_words(float(one)) for one in value)
        return say("quantities.years" if years else "quantities.range", low=low, high=high)
    if isinstance(value, str):
        return value
    exact_unit = has_text(f"quantities.unit.{figure.unit}") or figure.kind in _EXACT
    return number_in_words(float(value), small=not exact_unit)


def _day(value: str) -> str:
    """Return 2024-08-29 as 29 August 2024 and 2024-08 as August 2024; whatever else as it is."""
    parts = value.split("-")
    if not all(part.isdigit() for part in parts) or len(parts) not in (2, 3):
        return value
    try:
        day = date(*(int(part) for part in [*parts, "1"][:3]))
    except (TypeError, ValueError):
        return value
    month = say("quantities.months").split()[day.month - 1]
    return say("quantities.day" if len(parts) == 3 else "quantities.month", day=day.day, month=month, year=day.year)
