from __future__ import annotations

import textwrap

import pytest
from pace import within

from policybook.reading.received import join_lines, join_wrapped, wrapped_lines


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


ZH = ["全市坚持以人为核心，加快农业转移人口市民化，到2027年常住人口城镇化率达到68%，户籍人口城镇化率达到50%。",
      "各县（区）要健全以居住证为载体的公共服务提供机制，发展县域经济，推进城市更新，改造老旧小区，补齐短板。",
      "一、完善户籍制度，全面放开落户限制，使有意愿的人在城镇落户，并同步享有住房、教育和医疗等各项基本公共服务。"]
EN = ["The city will help rural migrants to settle and will reform the household registration system, so that by 2027 "
      "the urbanization rate reaches 68 per cent of the population.",
      "Counties remain the key carriers of urbanization; old districts are renewed, and the homes of 12,000 families "
      "are to be rebuilt within three years."]


def printed(text: str, columns: int) -> list[str]:
    """A paragraph cut into lines of so many columns; a Chinese character takes two and may stand anywhere."""
    if text.isascii():
        return textwrap.wrap(text, columns)
    lines = [""]
    for one in text:
        room = columns - sum(1 + (other > "\u2e80") for other in lines[-1]) - 2
        lines.append(one) if room < 0 and one not in "，。、；）" else lines.append(lines.pop() + one)
    return lines


@pytest.mark.parametrize("columns", [32, 48, 56, 72, 80])
@pytest.mark.parametrize("indent", ["", "    "])
@pytest.mark.parametrize("blank", [0, 1])
@pytest.mark.parametrize("texts", [ZH, EN], ids=["zh", "en"])
def test_hard_wrapped_lines_are_joined(texts: list[str], blank: int, indent: str, columns: int) -> None:
    cut = [printed(indent + text, columns) for text in texts]
    lines = ["新型城镇化方案", *(line for paragraph in cut for line in paragraph)]
    gaps = [0] + [blank * (not n) for paragraph in cut for n in range(len(paragraph))]
    runs_on = wrapped_lines(lines, gaps)
    together: dict[int, list[str]] = {}
    for number, line in enumerate(lines, 1):
        together.setdefault(runs_on.get(number, number), []).append(line)
    got = [join_wrapped(one).strip() for one in together.values()]
    if blank or indent:
        assert got == ["新型城镇化方案", *texts]
    assert "".join(got[1:]).replace(" ", "") == "".join(texts).replace(" ", "") and len(got) <= len(texts) + 1


@pytest.mark.parametrize(
    "lines",
    [
        ["会议指出，要推进农业转移人口市民化，完善户籍制度。", "会议强调，要发展县域经济，推进城市更新工作。",
         "会议要求，各地要落实责任，加强统筹，按期完成。"],
        ["推进以县城为重要载体的城镇化建设试点", "完善农业转移人口市民化的配套政策支持",
         "健全城乡融合发展的体制机制和政策保障", "加快补齐县城基础设施和公共服务的短板"],
        ["黄河之水天上来，奔流到海不复回，", "高堂明镜悲白发，朝如青丝暮成雪。", "人生得意须尽欢，莫使金樽空对月，",
         "天生我材必有用，千金散尽还复来。"],
        ["the river runs beside the town we built together", "and all the lamps along the road are lit in any weather",
         "we came from villages afar to work among the towers", "and some of us have stayed and counted all the hours"],
        ["reform of household registration", "county towns as carriers of growth", "urban renewal and affordable homes",
         "public services for all residents"],
        ["县城\t12万人\t60%的人口在城镇居住和就业", "小镇\t34万人\t50%的人口在城镇居住和就业",
         "乡村\t56万人\t30%的人口在城镇居住和就业。"],
        [*ZH, *ZH], [*EN, *EN],
    ],
)  # fmt: skip
def test_lines_that_are_paragraphs_verse_lists_or_rows_stay_apart(lines: list[str]) -> None:
    assert not wrapped_lines(lines)


def test_items_and_quoted_mail_are_joined_each_by_itself_and_page_numbers_passed_over() -> None:
    items = ["- Urban renewal goes on in the old districts of the city, and the homes",
             "  of many families are rebuilt.",
             "- Counties remain the key carriers of urbanization, and services reach", "  all of their residents."]
    quoted = ["> The city will help rural migrants to settle and will reform household", "> registration by 2027.",
              "I agree that it will, and that counties remain key carriers of all the", "urbanization to come."]
    paged = [ZH[0][:20], ZH[0][20:40], "- 3 -", ZH[0][40:]]
    assert wrapped_lines(items) == {2: 1, 4: 3}
    assert wrapped_lines(quoted) == {2: 1, 4: 3}
    assert join_wrapped(quoted[:2]).endswith("household registration by 2027.")
    assert wrapped_lines(paged) == {2: 1, 4: 1}


def test_a_million_short_lines_are_looked_through_quickly() -> None:
    with within(250):
        wrapped_lines(["推进城镇化建设和乡村全面振兴工作" + "的" * (n % 9) for n in range(50_000)])
