from __future__ import annotations

import pytest

from policybook.errors import InvalidDataError, Problem, nearest, suggest


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Liaonign", "liaoning"),
        ("FUJIAN", "fujian"),
        ("action-2042", "action-2024"),
        ("2024", "action-2024"),
        ("zzz", None),
        ("", None),
    ],
)
def test_nearest_finds_the_likely_spelling_or_nothing(word: str, expected: str | None) -> None:
    assert nearest(word, ["liaoning", "fujian", "action-2024"]) == expected


def test_names_that_are_alike_by_the_half_are_not_taken_for_one_another() -> None:
    assert nearest("eastholm", ["national"]) is None


def test_suggest_lists_everything_that_exists() -> None:
    assert suggest("planet", ["plan", "place"]) == "Did you mean 'plan'? Known: plan, place."
    assert suggest("x", []) == "Known: (none)."


def test_problem_reads_like_a_compiler_message() -> None:
    assert str(Problem("data/x.yml", 3, "plan", "unknown.", "Do this.")) == "data/x.yml:3: plan: unknown. Do this."
    assert str(Problem("data/x.yml", 0, "", "missing.")) == "data/x.yml: missing."


def test_invalid_data_error_lists_each_problem_once_in_order_of_lines() -> None:
    first, second = Problem("a.yml", 2, "", "x"), Problem("a.yml", 10, "", "y")
    error = InvalidDataError([second, first, second])
    assert error.problems == [first, second]
    assert str(error).splitlines() == ["a.yml:2: x", "a.yml:10: y"]
