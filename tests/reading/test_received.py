from __future__ import annotations

import pytest

from policybook.reading.received import join_lines


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("城镇", "化", "城镇化"),
        ("the new", "plan", "the new plan"),
        ("infra-", "structure", "infrastructure"),
        ("rural-", "urban", "rural-urban"),
        ("well-", "being", "well-being"),
        ("infra\xad", "structure", "infrastructure"),
        ("达到", "65%", "达到65%"),
        ("G20-", "Summit", "G20- Summit"),
        ("", "x", "x"),
    ],
)
def test_lines_of_one_paragraph_are_joined(before: str, after: str, joined: str) -> None:
    assert join_lines(before, after) == joined
