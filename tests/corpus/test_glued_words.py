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


def test_a_word_that_the_text_uses_often_is_a_word() -> None:
    text = "The peopletransfer began. Peopletransfer grew. A peopletransfer ended."
    assert repaired(text, "en")[0] == text
    assert repaired("The peopletransfer began.", "en")[0] == "The people transfer began."
