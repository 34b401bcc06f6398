from __future__ import annotations

import pandas as pd

from policybook.publishing.places import address, held_by_document, number, passages_by_document

ROWS = pd.DataFrame({"document": ["a", "a", "a", "b"], "sentence": ["a:p02.1", "a:p02.3", "a:p11.1", "b:p104.2"]})


def test_a_sentence_has_the_address_of_its_passage() -> None:
    assert address("a-b:p07.12") == "../documents/a-b.html#p07"
    assert number("a-b:p07.12") == 7
    assert number("a-b:p104.2") == 104


def test_passages_are_told_once_with_how_often() -> None:
    first, second = passages_by_document(ROWS)
    assert (first["document"], first["times"]) == ("a", 3)
    assert [(one["number"], one["times"]) for one in first["links"]] == [(2, 2), (11, 1)]
    assert second["links"] == [{"href": "../documents/b.html#p104", "number": 104, "times": 1}]


def test_documents_without_any_held_are_told_too() -> None:
    found = held_by_document(ROWS, ROWS[ROWS["document"] == "b"])
    assert [(one["document"], one["times"], one["held"], len(one["links"])) for one in found] == [
        ("a", 3, 0, 0),
        ("b", 1, 1, 1),
    ]
