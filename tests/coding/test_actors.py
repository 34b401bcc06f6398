from __future__ import annotations

import pytest
from kinds import MakeProject
from marked import Marked, read

from policybook.coding.actors import ActorFinder, ActorScheme, load_actor_scheme
from policybook.coding.code import Coding
from policybook.errors import InvalidDataError

CASES = list(read("actors_cases.csv"))
PROVINCES = 34  # with the autonomous regions, municipalities, Hong Kong, Macao and Taiwan
#: Those that the State Council had after the reform of institutions of 2023, by the last words of their names.
MINISTRIES = [
    "foreign-affairs", "national-defense", "education", "science-and-technology", "public-security", "state-security",
    "industry-and-information-technology", "civil-affairs", "justice", "finance", "human-resources-and-social-security",
    "natural-resources", "ecology-and-environment", "housing-and-urban-rural-development", "transport",
    "water-resources", "agriculture-and-rural-affairs", "commerce", "culture-and-tourism", "veterans-affairs",
    "emergency-management",
]  # fmt: skip
OTHERS = ["ndrc", "national-ethnic-affairs-commission", "national-health-commission", "peoples-bank-of-china",
          "national-audit-office"]  # fmt: skip


@pytest.fixture(scope="module")
def finder(coding: Coding) -> ActorFinder:
    return coding.actors


@pytest.fixture(scope="module")
def actors(finder: ActorFinder) -> ActorScheme:
    return finder.scheme


def named(finder: ActorFinder, text: str, language: str) -> list[tuple[str, str]]:
    return [(text[one.start : one.end], one.actor) for one in finder.find(text, language)]


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case.language}" for n, case in enumerate(CASES)])
def test_the_actors_of_a_sentence_are_found_under_their_official_names(finder: ActorFinder, case: Marked) -> None:
    found = [
        (one.start, one.end, finder.scheme.by_id[one.actor].name_zh) for one in finder.find(case.text, case.language)
    ]
    assert found == list(case.found)


def test_there_are_eighty_cases_in_both_languages() -> None:
    assert len(CASES) >= 80
    assert min(sum(case.language == language for case in CASES) for language in ("zh", "en")) >= 40


def test_all_ministries_and_commissions_of_the_state_council_are_there(actors: ActorScheme) -> None:
    assert len(MINISTRIES) + len(OTHERS) == 26
    for actor in [*(f"ministry-of-{name}" for name in MINISTRIES), *OTHERS]:
        assert actors.by_id[actor].kind == "ministry"


def test_every_province_has_a_government_and_one_who_heads_it(actors: ActorScheme) -> None:
    governments = [one for one in actors.actors if one.id.endswith("-government") and one.kind == "province"]
    assert len(governments) == PROVINCES
    for government in governments:
        place = government.id.removesuffix("-government")
        full = actors.by_id[place].name_zh
        assert government.name_zh == f"{full}人民政府"
        assert actors.by_id[f"{place}-governor"].name_zh.removeprefix(full) in ("省长", "市长", "主席", "行政长官")


@pytest.mark.parametrize(
    ("zh", "en", "actor", "name"),
    [
        ("福建省人民政府", "Fujian provincial government", "fujian-government", "福建省人民政府"),
        ("广西壮族自治区人民政府", "government of Guangxi", "guangxi-government", "广西壮族自治区人民政府"),
        ("内蒙古自治区政府", "Inner Mongolia government", "inner-mongolia-government", "内蒙古自治区人民政府"),
        ("贵州省省长", "governor of Guizhou Province", "guizhou-governor", "贵州省省长"),
        ("宁夏回族自治区主席", "governor of Ningxia", "ningxia-governor", "宁夏回族自治区主席"),
        ("上海市市长", "mayor of Shanghai", "shanghai-governor", "上海市市长"),
        ("杭州市市长", "mayor of Hangzhou", "hangzhou-mayor", "杭州市市长"),
        ("辽宁省委书记", "party secretary of Liaoning", "liaoning-party-secretary", "中国共产党辽宁省委员会书记"),
        ("财政部部长", "minister of finance", "ministry-of-finance-minister", "财政部部长"),
        ("国家能源局局长", "head of the National Energy Administration",
         "national-energy-administration-head", "国家能源局局长"),
    ],
)  # fmt: skip
def test_patterns_find_any_place_and_organ_in_both_languages(
    finder: ActorFinder, zh: str, en: str, actor: str, name: str
) -> None:
    assert named(finder, zh, "zh") == [(zh, actor)]
    assert named(finder, f"the {en} spoke", "en") == [(en, actor)]
    assert finder.scheme.by_id[actor].name_zh == name


def test_who_heads_a_place_has_the_title_of_its_kind_in_english(actors: ActorScheme) -> None:
    titles = {actors.by_id[f"{place}-governor"].name_en for place in ("shanghai", "ningxia", "hong-kong", "hunan")}
    assert titles == {
        "mayor of Shanghai", "chairman of the Ningxia government", "Chief Executive of Hong Kong", "governor of Hunan",
    }  # fmt: skip


def test_former_names_belong_to_the_present_organ(finder: ActorFinder) -> None:
    assert [actor for _, actor in named(finder, "国土资源部、环保部、卫生部", "zh")] == [
        "ministry-of-natural-resources", "ministry-of-ecology-and-environment", "national-health-commission",
    ]  # fmt: skip


def test_a_place_counts_only_where_it_acts(finder: ActorFinder) -> None:
    assert named(finder, "四川要出台政策。", "zh") == [("四川", "sichuan")]
    assert named(finder, "他在四川推进工作。", "zh") == []
    assert named(finder, "Sichuan lies in the west.", "en") == []
    assert named(finder, "Jobs in Sichuan will grow.", "en") == []
    assert named(finder, "Sichuan will create jobs.", "en") == [("Sichuan", "sichuan")]


def test_a_body_of_no_place_belongs_to_the_place_named_before(finder: ActorFinder) -> None:
    assert named(finder, "福建省委、省政府", "zh") == [
        ("福建省委", "fujian-party-committee"), ("省政府", "fujian-government"),
    ]  # fmt: skip
    assert named(finder, "省财政厅", "zh") == [("省财政厅", "provincial-finance-department")]
    assert named(finder, "国务院第十次常务会议", "zh") == [("国务院第十次常务会议", "state-council-executive-meeting")]
    assert named(finder, "《福建省推进城镇化方案》", "zh") == []


def test_a_longer_word_hides_the_name_in_it(finder: ActorFinder) -> None:
    assert named(finder, "坚持习近平新时代中国特色社会主义思想", "zh") == []
    assert named(finder, "各级财政部门负责", "zh") == [("各级财政部门", "finance-departments")]
    assert named(finder, "听取《政府工作报告》的说明", "zh") == []


def test_mistakes_in_the_file_are_named_with_their_lines(make_project: MakeProject) -> None:
    project = make_project()
    path = project.lexicon / "actors.yml"
    text = path.read_text(encoding="utf-8").replace("[beijing, tianjin,", "[bejing, tianjin,")
    text = text.replace("name_zh: 中国共产党{full}委员会书记", "name_zh: 中国共产党{fall}委员会书记", 1)
    text += (
        "  - {id: Bad Id, name_zh: 甲, name_en: a thing, kind: level}\n"
        "  - {id: twin, name_zh: 财政部, name_en: twin, kind: levl}\n"
        "  - {id: third, name_zh: 国务院, name_en: third, kind: level}\n"
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidDataError) as caught:
        load_actor_scheme(project)
    last = len(text.splitlines())
    message = str(caught.value)
    assert "'中国共产党{fall}委员会书记' has a field in braces that is not known." in message
    assert "unknown place 'bejing'. Did you mean 'beijing'?" in message
    assert f"actors.yml:{last - 2}: " in message and "'Bad Id' is no id." in message
    assert f"actors.yml:{last - 1}: " in message and "'levl' is not allowed. Did you mean 'level'?" in message
    assert f"actors.yml:{last}: " in message and "the form '国务院' belongs to 'state-council' already." in message
