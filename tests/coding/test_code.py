from __future__ import annotations

import time

import pytest
from kinds import CorpusOf, MakeProject
from marked import Marked, read

from policybook.coding.code import Coding, DirectiveFinder, load_directive_finder, quotable_sentences
from policybook.coding.concepts import code_concepts
from policybook.coding.scheme import STRENGTHS, Scheme
from policybook.corpus.corpus import CODED, Corpus
from policybook.errors import InvalidDataError

CASES = list(read("directives_cases.csv"))
STRENGTH_OF = {strength[0]: strength for strength in STRENGTHS}


@pytest.fixture(scope="module")
def finder(coding: Coding) -> DirectiveFinder:
    return coding.directives


def directives(finder: DirectiveFinder, text: str, language: str) -> list[str]:
    return [text[one.start : one.end] for one in finder.find(text, language)]


def test_there_are_two_hundred_cases_in_many_fields() -> None:
    assert len(CASES) >= 200
    assert min(sum(case.language == language for case in CASES) for language in ("zh", "en")) >= 100
    assert 0.25 < sum(not case.found for case in CASES) / len(CASES) < 0.5, "half of the art is what to leave out"


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case.language}" for n, case in enumerate(CASES)])
def test_every_directive_of_a_sentence_is_found_where_it_stands(finder: DirectiveFinder, case: Marked) -> None:
    found = list(finder.find(case.text, case.language))
    assert len(found) == len(case.found), [case.text[one.start : one.end] for one in found]
    for one, (start, end, _) in zip(found, case.found, strict=True):
        common = min(one.end, end) - max(one.start, start)
        assert common >= 0.7 * (max(one.end, end) - min(one.start, start))


def test_the_strength_of_the_cases_is_that_of_their_words(finder: DirectiveFinder) -> None:
    pairs = [
        (one.strength, STRENGTH_OF[label[0]])
        for case in CASES
        for one, (_, _, label) in zip(finder.find(case.text, case.language), case.found, strict=True)
    ]
    assert sum(given == coded for given, coded in pairs) / len(pairs) >= 0.97
    assert {given for given, _ in pairs} == set(STRENGTHS)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        # the same words as a task and as a report
        ("推进简政放权，优化营商环境。", "zh", ["推进简政放权", "优化营商环境"]),
        ("推进简政放权，取消了300项审批事项。", "zh", []),
        ("深化农村改革，粮食产量再创新高。", "zh", []),
        ("我们深化农村改革。", "zh", []),
        ("我们要深化农村改革。", "zh", ["要深化农村改革"]),
        ("We improved the system and promoted reform.", "en", []),
        ("We will improve the system and promote reform.", "en", ["will improve the system", "promote reform"]),
        # words that only contain a marker
        ("这是一项重要要求，适应了发展需要。", "zh", []),
        ("应急管理能力即将提升。", "zh", []),
        # 将 before a verb, before an object, and as a prediction
        ("财政部将出台配套政策。", "zh", ["将出台配套政策"]),
        ("将灵活就业人员纳入保障范围。", "zh", ["将灵活就业人员纳入保障范围"]),
        ("城镇化率将达到65%。", "zh", []),
        # subjects of statements, noun phrases, phrases of time
        ("加强技能培训是稳定就业的关键。", "zh", []),
        ("推进城镇化的意义", "zh", []),
        ("在推进城镇化过程中，要尊重农民意愿。", "zh", ["要尊重农民意愿"]),
        ("推进城镇化，必须从国情出发。", "zh", ["必须从国情出发"]),
        ("Promoting urbanization is a long process.", "en", []),
        ("To promote jobs, the county built three parks.", "en", []),
        # verbs that share an object, verbs that have their own
        ("推进和完善分级诊疗制度。", "zh", ["推进和完善分级诊疗制度"]),
        ("should strengthen and improve management", "en", ["should strengthen and improve management"]),
        ("We should improve roads, promote trade and protect rights.", "en",
         ["should improve roads", "promote trade", "protect rights"]),
        # nouns that can be verbs
        ("We should expand guidance, support for farmers and plans.", "en",
         ["should expand guidance, support for farmers and plans"]),
        ("Support for farmers grew.", "en", []),
        ("Support farmers in starting businesses.", "en", ["Support farmers in starting businesses"]),
        # what is to follow from a directive directs nobody
        ("build parks so that people can walk, rest and meet", "en",
         ["build parks so that people can walk, rest and meet"]),
        # who may and who will
        ("The rate will reach 65%.", "en", []),
        ("The province will raise subsidies.", "en", ["will raise subsidies"]),
        ("This may lead to unrest.", "en", []),
        ("No unit may withhold wages.", "en", ["may withhold wages"]),
        # requests, lists, insertions
        ("The meeting called for improving rural schools.", "en", ["improving rural schools"]),
        ("The notice requires all counties to report progress.", "en", ["to report progress"]),
        ("tasks, including: deepen reform, promote jobs", "en", ["deepen reform", "promote jobs"]),
        ("Localities may, in light of local needs, set rules.", "en", ["may, in light of local needs, set rules"]),
        ("problems that should be solved remain", "en", []),
        ("", "zh", []),
        ("", "en", []),
    ],
)  # fmt: skip
def test_what_directs_and_what_does_not(finder: DirectiveFinder, text: str, language: str, expected: list[str]) -> None:
    assert directives(finder, text, language) == expected


def test_a_paper_named_in_the_sentence_says_nothing_of_what_is_to_be_done(finder: DirectiveFinder) -> None:
    assert directives(finder, "会议审议了《关于加快推进县城建设的意见》。", "zh") == []
    assert directives(finder, "要落实《推进县城建设的意见》。", "zh") == ["要落实《推进县城建设的意见》"]


def test_in_the_wake_of_a_marker_the_strength_stays_until_a_verb_has_its_own(finder: DirectiveFinder) -> None:
    found = finder.find("财政部将增加投入，完善政策，鼓励社会资本参与。", "zh")
    assert [one.strength for one in found] == ["intention", "intention", "encouragement"]
    found = finder.find("Localities must build schools, improve roads and encourage firms to hire.", "en")
    assert [one.strength for one in found] == ["obligation", "obligation", "obligation"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "piece",
    ["推进改革，", "将", "要", "一是", "《", "1,1,", "达到", "improve the system and ", "should improve roads, ",
     ", and ", "improve, ", "promoting growth, ", "is to ", "—", "so that ", "“", "to "],
)  # fmt: skip
def test_time_grows_with_length_only(finder: DirectiveFinder, language: str, piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        begun = time.process_time()
        list(finder.find(text, language))
        return time.process_time() - begun

    assert seconds(40_000) < 10 * seconds(8_000) + 1.0


def test_mistakes_in_the_file_are_named_with_their_lines(make_project: MakeProject) -> None:
    project = make_project()
    path = project.lexicon / "instruments.yml"
    lines = path.read_text(encoding="utf-8").splitlines()
    wrong = next(n for n, line in enumerate(lines) if line.strip() == "subtype: pilots")
    lines[wrong] = "    subtype: pilotts"
    extra = next(n for n, line in enumerate(lines) if line.strip().startswith("adverbs:"))
    lines[extra] = lines[extra].replace("adverbs:", "advverbs:")
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InvalidDataError) as caught:
        load_directive_finder(project)
    message = str(caught.value)
    assert f"instruments.yml:{wrong}: " in message or f"instruments.yml:{wrong + 1}: " in message
    assert "Did you mean 'pilots'?" in message
    assert f"instruments.yml:{extra + 1}: chinese.advverbs: no such field." in message


@pytest.mark.parametrize("participle", ["offered", "equipped", "limited", "bought", "rebuilt"])
def test_the_means_of_a_passive_clause_is_sought_in_its_subject(finder: DirectiveFinder, participle: str) -> None:
    found = list(finder.find(f"Land for housing should be {participle} in cities.", "en"))
    assert [(one.instrument, one.subtype) for one in found] == [("supply", "land")]


TEXT = {"a": "Rural revitalization comes first. The weather was fine in all of June."}


@pytest.mark.parametrize(("rights", "shown"), [("full", {"a:p01.1", "a:p01.2"}), ("quote", {"a:p01.1"})])
def test_rights_decide_what_is_shown(corpus_of: CorpusOf, scheme: Scheme, rights: str, shown: set[str]) -> None:
    assert quotable_sentences(code_concepts(corpus_of(TEXT, rights=rights), scheme)) == shown


def test_this_book_shows_sentences_in_which_something_was_coded_and_no_others(coded: Corpus) -> None:
    shown = quotable_sentences(coded)
    assert shown == set().union(*(getattr(coded, name)["sentence"] for name in CODED))
    assert len(shown) < len(coded.sentences)
