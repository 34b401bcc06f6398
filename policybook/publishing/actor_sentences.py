"""What the page about actors says in a sentence or two."""

from __future__ import annotations

import pandas as pd

from policybook.analysis.coded_shares import commonest
from policybook.coding.actor_scheme import ActorScheme
from policybook.corpus.model import records
from policybook.words.say import counted


def say_named(scheme: ActorScheme, named: pd.DataFrame) -> str:
    """Say who is named most often."""
    found = commonest(named, "actor")
    if not found:
        return "No actor is named in these documents."
    most = ", ".join(f"{scheme.by_id[actor].name_en} ({times})" for actor, times in found[:4])
    once = sum(times == 1 for _, times in found)
    return f"Named most often: {most}. Of {counted(len(found), 'actor')} {once:,} are named only once."


def say_together(scheme: ActorScheme, edges: pd.DataFrame, within: str) -> str:
    """Say which actors stand together most often (`edges` as edge_table gives them)."""
    if edges.empty:
        return f"No {within} names two actors."
    first = next(iter(records(edges)))
    same = int((edges["weight"] == first.weight).sum())
    one, other = (scheme.by_id[actor].name_en for actor in (first.actor, first.with_actor))
    most = (
        f"Most often together, {counted(first.weight, 'time')}, are {one} and {other}"
        if same == 1
        else f"None stand together more than {counted(first.weight, 'time')}, which {counted(same, 'pair')} do"
    )
    return f"{counted(len(edges), 'pair')} of actors stand in one {within}. {most}."


def say_addressees(scheme: ActorScheme, addressed: pd.DataFrame) -> str:
    """Say how many directives name whom they address, and who is addressed most often."""
    keys = ["sentence", "start"]
    total = len(addressed.drop_duplicates(keys))
    if not total:
        return "No directive was found in these documents."
    told = addressed[addressed["actor"].notna()]
    naming = len(told.drop_duplicates(keys))
    if not naming:
        return f"None of {counted(total, 'directive')} names the actor it addresses."
    most = ", ".join(f"{scheme.by_id[actor].name_en} ({times})" for actor, times in commonest(told, "actor")[:4])
    return (
        f"Of {counted(total, 'directive')} {naming:,} name an actor as the one who is to act; the others are addressed "
        f"to no one by name. Addressed most often: {most}."
    )
