from __future__ import annotations

import pytest

from policybook.coding.notation import Gap, NotationError, parse, plain, spell_out

GROUPS = {"cities": "city | <towns>", "towns": "town | small town", "loop": "a | <loop>"}


def spelt(form: str, language: str = "en") -> list[str]:
    return [plain(steps, language) or "gap" for steps in spell_out(parse(form, language, GROUPS))]


@pytest.mark.parametrize(
    ("form", "language", "spellings"),
    [
        ("permanent resident", "en", ["permanent resident"]),
        ("people (who | that)? move", "en", ["people who move", "people that move", "people move"]),
        ("(a | b (c | d)) e", "en", ["a e", "b c e", "b d e"]),
        ("a | b", "en", ["a", "b"]),
        ("settle in <cities>", "en", ["settle in city", "settle in town", "settle in small town"]),
        ("farms, towns", "en", ["farm , towns", "farms , towns", "farms towns"][1:]),
        ("two-way Flow of labour", "en", ["two way flow of labor"]),
        ("migrants' pay", "en", ["migrants pay"]),
        ("(农业|农村)转移(的)?人口", "zh", ["农业转移的人口", "农业转移人口", "农村转移的人口", "农村转移人口"]),
        ("农业，农村", "zh", ["农业,农村"]),
    ],
)
def test_a_form_stands_for_these_spellings(form: str, language: str, spellings: list[str]) -> None:
    assert spelt(form, language) == spellings


@pytest.mark.parametrize(
    ("form", "language", "most"), [("a … b", "en", 3), ("a …5 b", "en", 5), ("a ... b", "en", 3), ("城…镇", "zh", 6)]
)
def test_a_gap_has_a_length(form: str, language: str, most: int) -> None:
    (steps,) = spell_out(parse(form, language))
    assert steps[1] == Gap(most)
    assert plain(steps, language) is None


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("a (b", "a '(' is not closed"),
        ("a b)", "a ')' has no '('"),
        ("a b?", "a '?' stands behind no ')'"),
        ("a (b | )", "an alternative is empty"),
        ("", "it is empty"),
        ("(a)?", "all of it is optional"),
        ("… a", "a gap stands at its beginning or end"),
        ("a …", "a gap stands at its beginning or end"),
        ("a …0 b", "a gap of 0 is not between 1 and 12"),
        ("a …99 b", "a gap of 99 is not between 1 and 12"),
        ("settle in <citys>", "no group is named 'citys'. Did you mean 'cities'?"),
        ("<loop>", "its groups name each other without end"),
    ],
)
def test_a_mistake_is_named(form: str, message: str) -> None:
    with pytest.raises(NotationError) as caught:
        parse(form, "en", GROUPS)
    assert str(caught.value).startswith(message)
