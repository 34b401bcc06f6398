from __future__ import annotations

from typing import Any

import pytest

from policybook.corpus.selection import check_values, known_values
from policybook.corpus.vocabulary import Vocabulary
from policybook.errors import SelectionError


def test_one_value_and_several_values_are_both_accepted(vocabulary: Vocabulary) -> None:
    known = known_values(vocabulary, ["a"])
    assert check_values("plan", "nnup-2014", known) == ["nnup-2014"]
    assert check_values("places", ("liaoning", "fujian"), known) == ["liaoning", "fujian"]
    assert check_values("machine_translated", False, known) == [False]
    assert check_values("level", "none", known) == ["none"]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (
            "place",
            "fujian",
            "no field 'place'. Did you mean 'places'? Known: plan, era, places, level, document",
        ),
        ("places", "Fujien", "unknown places 'Fujien'. Did you mean 'fujian'? Known: national, "),
        ("plan", "action2024", "unknown plan 'action2024'. Did you mean 'action-2024'?"),
        ("places", ["fujian", "atlantis"], "unknown places 'atlantis'."),
        ("document", "b", "unknown document 'b'."),
        ("machine_translated", "true", "unknown machine_translated 'true'."),
        ("machine_translated", 1, "unknown machine_translated 1."),
        ("era", 2024, "unknown era 2024."),
        ("plan", None, "unknown plan None."),
        ("plan", [], "plan is given no value. Known: nnup-2014, "),
        ("places", [["fujian"]], "unknown places ['fujian']."),
    ],
)
def test_an_unknown_name_is_answered_with_what_exists(
    vocabulary: Vocabulary, field: str, value: Any, message: str
) -> None:
    with pytest.raises(SelectionError) as caught:
        check_values(field, value, known_values(vocabulary, ["a"]))
    assert message in str(caught.value)
