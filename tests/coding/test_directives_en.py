from __future__ import annotations

import pytest
from directed import directives

from policybook.coding.code import Coding


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the same words as a task and as a report
        ("We improved the system and promoted reform.", []),
        ("We will improve the system and promote reform.", ["will improve the system", "promote reform"]),
        # subjects of statements, noun phrases, phrases of time
        ("Promoting urbanization is a long process.", []),
        ("To promote jobs, the county built three parks.", []),
        # verbs that share an object, verbs that have their own
        ("should strengthen and improve management", ["should strengthen and improve management"]),
        ("We should improve roads, promote trade and protect rights.",
         ["should improve roads", "promote trade", "protect rights"]),
        # nouns that can be verbs
        ("We should expand guidance, support for farmers and plans.",
         ["should expand guidance, support for farmers and plans"]),
        ("Support for farmers grew.", []),
        ("Support farmers in starting businesses.", ["Support farmers in starting businesses"]),
        # what is to follow from a directive directs nobody
        ("build parks so that people can walk, rest and meet",
         ["build parks so that people can walk, rest and meet"]),
        # who may and who will
        ("The rate will reach 65%.", []),
        ("The province will raise subsidies.", ["will raise subsidies"]),
        ("This may lead to unrest.", []),
        ("No unit may withhold wages.", ["may withhold wages"]),
        ("We will see growth.", []),
        ("We will see that every child goes to school.", ["will see that every child goes to school"]),
        ("The office will see to it that wages are paid.", ["will see to it that wages are paid"]),
        ("We must see that the rules are kept.", ["must see that the rules are kept"]),
        ("This is a must-see attraction.", []),
        # requests, lists, insertions
        ("The meeting called for improving rural schools.", ["improving rural schools"]),
        ("The notice requires all counties to report progress.", ["to report progress"]),
        ("tasks, including: deepen reform, promote jobs", ["deepen reform", "promote jobs"]),
        ("Localities may, in light of local needs, set rules.", ["may, in light of local needs, set rules"]),
        ("problems that should be solved remain", []),
        ("", []),
    ],
)  # fmt: skip
def test_what_directs_and_what_does_not(coding: Coding, text: str, expected: list[str]) -> None:
    assert directives(coding.directives, text, "en") == expected


@pytest.mark.parametrize("participle", ["offered", "equipped", "limited", "bought", "rebuilt"])
def test_the_means_of_a_passive_clause_is_sought_in_its_subject(coding: Coding, participle: str) -> None:
    found = list(coding.directives.find(f"Land for housing should be {participle} in cities.", "en"))
    assert [(one.instrument, one.subtype) for one in found] == [("supply", "land")]
