from __future__ import annotations

import pytest

from policybook.corpus.selection_syntax import parse_selection


@pytest.mark.parametrize(
    ("text", "selection"),
    [
        ("plan=nnup-2014", {"plan": "nnup-2014"}),
        ("places=liaoning+fujian, era=2021-2024", {"places": ["liaoning", "fujian"], "era": "2021-2024"}),
        ("machine_translated=false", {"machine_translated": False}),
        ("machine_translated=True,level=none", {"machine_translated": True, "level": "none"}),
    ],
)
def test_a_typed_selection_is_a_mapping(text: str, selection: dict[str, object]) -> None:
    assert parse_selection(text) == selection


@pytest.mark.parametrize("text", ["", "plan", "plan=", "=x", "plan=a,,era=b", "places=a++b", "places=a+", ","])
def test_what_is_no_selection_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="Write for example places=liaoning"):
        parse_selection(text)


def test_a_field_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'plan' stands twice\. Join its values with"):
        parse_selection("plan=a,plan=b")
