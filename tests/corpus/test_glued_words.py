from __future__ import annotations

import pytest
from repairing import repaired


@pytest.mark.parametrize(
    "kept",
    [
        "see https://example.org/shouldimprove and shouldimprove@example.org",
        "getElementById and snake_caseword in `shouldimprove`",
        "Hukou, Shijiazhuang, Guangdong and Zhongguancun",
        "Heilongjiang borders Amur Oblast; Facebook and Alibaba are firms",
        "smallholders, steelworkers, urbanisation, decentralised, livestreaming",
        "The citizenization of hukou holders",
        "... and ... etc.... wait",
    ],
)
def test_english_that_is_right_is_left_alone(kept: str) -> None:
    assert repaired(kept, "en")[0] == kept


@pytest.mark.parametrize("name", ["Norland", "Butland", "Thenby", "Forthill", "Toland"])
def test_a_name_that_begins_like_a_word_of_grammar_is_a_name(name: str) -> None:
    text = f"{name}'s plan for schools\nThe council of {name} adopted it. {name} will pay, and in {name} all may learn."
    assert repaired(text, "en")[0] == text
    assert repaired("Thecouncil will pay. Nordoes the state.", "en")[0] == "The council will pay. Nor does the state."


def test_a_word_that_the_text_uses_often_is_a_word() -> None:
    text = "The peopletransfer began. Peopletransfer grew. A peopletransfer ended."
    assert repaired(text, "en")[0] == text
    assert repaired("The peopletransfer began.", "en")[0] == "The people transfer began."
