"""Words: every text can be filled, another language takes their place, and analysis and charts hold none."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import UndefinedError

import policybook
from policybook.analysis.counts import Finding
from policybook.coding.code import Coding
from policybook.corpus.corpus import Corpus
from policybook.corpus.scope import Vocabulary
from policybook.errors import InvalidDataError
from policybook.pages.book import Book
from policybook.pages.comparison import ComparisonPage, row_table, side_table, tell, tell_sides
from policybook.pages.html import render, show
from policybook.project import Project
from policybook.words.comparisons import row_looks, row_sentences
from policybook.words.say import (
    _ENGLISH,
    _values_of,
    _Words,
    _words,
    counted,
    dates_in_words,
    folders_of_words,
    keys_of_words,
    labels_of,
    language_name,
    language_tag,
    listed,
    mark,
    name_of,
    names_of,
    percent,
    plural,
    points,
    quoted,
    say,
    spoken_language,
    term_in_words,
    use_language,
    use_words_of,
)

PACKAGE = Path(policybook.__file__).parent
#: What texts are filled with: the values of each name, and under a key those that mean something else in that text.
VALUES: dict[str, Any] = dict.fromkeys(
    (
        "have", "needed", "number", "judged", "concepts", "usable", "shared", "rows", "blocks", "all", "once", "pairs",
        "times", "same", "directives", "naming", "terms", "several", "mentions", "renderings", "ambiguous", "held",
        "documents", "passages", "sentences", "own_blocks", "found", "left_blocks", "left_total", "right_blocks",
        "right_total", "count", "columns", "actors", "links", "left_out", "most", "size", "day", "year", "en", "zh",
        "others", "points", "left", "right", "difference", "low", "high",
    ),
    3,
) | dict.fromkeys(
    (
        "more", "less", "half_width", "least", "probability", "usual", "largest", "power", "often", "bits", "effective",
        "share", "value",
    ),
    0.25,
) | {
    name: name.upper()
    for name in (
        "words", "side", "label", "shares", "unclear", "unknown", "answer", "language", "why", "unit", "name", "plan",
        "family", "measured", "judgement", "row", "verdict", "kind", "noun", "one", "other", "within", "term_zh",
        "english", "own", "month", "group", "cell", "counts", "interval", "heading", "column", "axis", "series",
        "published", "example", "folder", "theme", "sentence", "reason", "page", "title", "book",
    )
} | {
    name: ["A", "B"] for name in ("sides", "steps", "clauses", "named", "plans", "ways", "names", "verdicts", "cells",
                                  "families", "groups", "years", "which", "lost", "new", "changed", "partly")
} | {
    "digits": 0, "fragile": True, "intervals": True, "field": "era", "first": date(2024, 1, 1),
    "last": date(2024, 2, 1), "lacking": [Finding("too_few_blocks", {"side": "A", "have": 1, "needed": 12})],
    "parts": [{"name": "A", "blocks": 3, "rows": 2, "documents": 2}], "leading": [("land", 3)],
}  # fmt: skip
NAMED = [("A", 3), ("B", 2)]
ACTORS = [{"name_en": "A", "times": 3}, {"name_en": "B", "times": 1}]
OTHERS: dict[str, dict[str, Any]] = {
    "cite.earlier.now": {"edition": "0.1.0"},
    "cite.earlier.there": {"here": True, "number": "7.2"},
    "cite.earlier.gone": {"edition": "0.1.0", "since": "0.2.0"},
    "comparison.answer.found": {"rows": ["A"]},
    "comparison.answer.themes": {"found": "FOUND", "uncounted": "UNCOUNTED", "alike": ""},
    "comparison.hindrance.not_settled": {"themes": 3},
    "comparison.hindrance.too_few_pairs": {"unit": "paired-years"},
    "comparison.answer.step": {"found": "FOUND"},
    "comparison.answer.concepts": {"found": "FOUND"},
    "comparison.hindrance.across_languages": {"shared": ["en"]},
    "comparison.reason.apart": {"sides": [{"side": "A", "blocks": 1, "all": 12}] * 2},
    "comparison.reason.fragile": {"sides": [{"side": "A", "alone": False, "unit": "passage"}]},
    "comparison.reason.not_counted": {"why": "new"},
    "comparison.reason.without": {"concepts": ["A"]},
    "comparison.reason.too_few_pairs": {"unit": "documents"},
    "comparison.reason.few": {"unit": "paired-places"},
    **{f"comparison.design.{one}": {"sizes": "A"} for one in ("blocks", "paired-years", "paired-places", "documents")},
    **{
        f"comparison.reason.{one}": {"same_direction": 2, "p_family": 0.01, "ratio_low": 1.2, "ratio_high": 3.0}
        for one in ("apart_in_pairs", "alike_in_pairs", "uncertain_in_pairs", "in_pairs")
    },
    "comparison.confound.copy": {"document": "A", "of": "B", "share": 0.8},
    "comparison.confound.mixed": {"sides": [{"side": "A", "values": ["x", "y"]}]},
    "coded.topic.found": {"parts": [{"group": "A", "count": 2, "total": 9, "share": 0.2}]},
    "comparison.plans.none": {"others": ["A"]},
    "comparison.plans.some": {"own": ["A"], "others": ["B"]},
    "comparison.plans.all": {"own": ["A"]},
    "coded.actors.named": {"actors": ACTORS},
    "coded.actors.together": {"pairs": [{"name_en": "A", "with_name_en": "B", "times": 2}]},
    "coded.actors.addressed": {"asked": ACTORS},
    "coded.actors.most": {"actors": ACTORS},
    "coded.directives.answer": {"total": 5, "instruments": NAMED, "subtypes": NAMED},
    "coded.directives.strengths": {"strengths": NAMED},
    "comparison.terminal.size": {"kept": 2, "out": 1},
    "comparison.terminal.rank": {"rank": 1.0, "of": 31.0, "same_direction": 31.0},
    "charts.changes.row": {"before": "1 %", "after": "2 %", "said": "A"},
    "charts.changes.alt": {"rows": ["A"]},
    "charts.slopes.alt": {"rows": ["A"]},
    "charts.dots.alt": {"rows": ["A"]},
    "charts.dots.title": {"row": {"label": "A", "name": "B", "value": 0.5}},
    "charts.series.title": {"row": {"series": "A", "year": 2014}},
    "charts.cloud.title": {"term": "A", "count": 2},
    "charts.multiples.alt": {"rows": ["A"]},
    "charts.tiles.map": {"most": ["A"], "least": ["B"]},
    "charts.tiles.alt": {"rows": ["A"]},
    "comparison.clash.no_language": {"held": {"A": ["en"], "B": ["zh"]}},
    "comparison.clash.not_two": {"entry": "A"},
    "comparison.terminal.words": {"words": 1234},
    "coded.computed": {"origins": ["A", "B"]},
    "coded.terms.intro": {"terms": 3, "scheme": 9, "mentions": 4, "renderings": 3, "english": 2, "translated": 1,
                          "mentions_zh": 1, "chinese": 1},
    "coded.terms.order": {"chinese": True, "glossary": True},
    "coded.terms.variety": {"variety": [{"term_zh": "甲", "term_en": "A", "mentions": 3, "renderings": 2, "bits": 0.9,
                                         "effective": 1.9}]},
    "coded.terms.hidden": {"hidden": [{"concept": "a", "other": "b", "term_zh": "甲", "other_zh": "乙", "other_en": "B",
                                       "document": "d", "mentions": 3, "held": 1}]},
    "coded.terms.holds": {"term": "甲"},
    "coded.alike.answer": {"alike": [{"one_title": "A", "other_title": "B", "concepts": 0.5}], "reused": 2},
    "comparison.rows.caption": {"family": "theme", "two": True},
    "measured.not_counted.themes": {"themes": ["A"]},
    "measured.not_counted.again": {"table": "texts.csv"},
    "charts.first": {"caption": "A."},
    "coded.alike.drawn": {"caption": "A."},
    "quantities.days": {"low": 12, "high": 13},
    "frame.way": {"publisher": "A", "written": "2 May 2024"},
    "cite.sentence": {"second": 2},
    "coded.scores.source": {"source": "A"},
    "coded.scores.codes": {"codes": 3},
    "coded.scores.answer": {"coded": [("A", [{"f1": 0.9, "language": "zh"}])], "kappa": [0.8],
                            "unseen": {"directives": {"value": 0.9},
                                       "instruments": {"value": 0.7, "value_low": 0.6, "value_high": 0.8}}},
    "document.remark": {"counted": False, "ambiguous": 2},
    "document.directives": {"means": NAMED},
    "document.language": {"language": "zh", "translated": True},
    "document.translation": {"translated": True},
    "document.script": {"script": "A"},
    "document.level": {"level": "A"},
    "methods.blocks_needed": {"needed": 1200, "there": 3},
    "methods.repair": {"cases": 3, "controls": 1, "errors": 1, "characters": 100, "lost": 0},
    "charts.network.alt": {"most": NAMED, "pairs": [("A", "B", 3)]},
    "charts.periods.alt": {"rows": ["A"]},
    "charts.scores.alt": {"rows": ["A"]},
    "charts.spans.alt": {"rows": ["A"]},
    "charts.yearly.alt": {"rows": ["A"]},
    **{f"comparison.halves.{one}": {"usual": 0.1} for one in ("within", "beyond")},
    "comparison.groups.pair": {"sides": ["A", "B"], "found": "FOUND"},
    "comparison.groups.answer": {"apart": ["A", "B"], "named": ["A"]},
    "comparison.groups.cell": {"apart": 2, "same": 1},
    "comparison.groups.reading": {"groups": 5},
    "charts.map.row": {"x": 0.1, "y": -0.2},
    "charts.map.alt": {"rows": ["A"], "groups": ["A", "B"]},
    "vocabulary.found": {"words": 1234, "terms": 200, "coded": 0.2},
    "vocabulary.sides": {"languages": ["English"]},
    "vocabulary.axis": {"number": 1},
    "vocabulary.map": {"shown": 0.8},
    "scheme.tried.none": {"form": "A"},
    "scheme.tried.id": {"form": "A", "one": "B"},
    "scheme.tried.found": {"form": "A", "states": [("new", 2), ("held", 1)]},
    "scheme.tried.place": {"left": "a ", "text": "B", "right": " c"},
    "scheme.tried.document": {"document": "A"},
    **{f"scheme.mark.{one}": {"concepts": ["a", "b"]} for one in ("taken", "held", "shared")},
    "scheme.added.done": {"concept": "a", "file": "F"},
    "scheme.added.next": {"form": "A"},
}
COMPARISON = """
answer:
  cannot_say: "Nescimus quomodo {{ sides | map('quoted') | listed }} differant, quia {{ why }}."
lacking:
  too_few_blocks: "{{ side | quoted }} {{ have | counted('pars', 'partes') }} habet, {{ needed }} debet"
verdict:
  too little evidence: parum testium
rows:
  theme: Locus
rests:
  others: "De «{{ side }}» alii dicunt."
"""
GRAMMAR = """
list: {between: ", ", and: " et ", or: " vel "}
quotes: ["«", "»"]
percent: "{} partes centesimae"
languages: {zh: Sinice, en: Anglice}
"""


@pytest.fixture
def latin(tmp_path: Path) -> Iterator[Path]:
    """A folder with a handful of words, spoken until the test is over."""
    folder = tmp_path / "words" / "la"
    (folder / "pages").mkdir(parents=True)
    (folder / "comparison.yml").write_text(COMPARISON, encoding="utf-8")
    (folder / "grammar.yml").write_text(GRAMMAR, encoding="utf-8")
    (folder / "pages" / "nothing.html").write_text("<p>Nihil: {{ sentence }}</p>\n", encoding="utf-8")
    use_language(folder)
    yield folder
    use_language()


@pytest.mark.parametrize("key", list(_words((), ()).sources))
def test_every_text_can_be_filled(key: str) -> None:
    text = say(key, **VALUES | OTHERS.get(key, {}))
    assert text or key == "names.code.exact"
    assert not re.search(r"[{}]|  |\n| [,;.]|^ ", text), text


def test_a_value_that_is_not_given_and_an_unknown_text_are_errors() -> None:
    with pytest.raises(UndefinedError, match="why"):
        say("comparison.answer.cannot_say", sides=["a"])
    with pytest.raises(KeyError, match=r"comparison\.answer\.cannot_say"):
        say("comparison.answer.canot_say")


def test_values_are_no_templates() -> None:
    said = say("comparison.answer.cannot_say", sides=["{{ 7 * 7 }}", "<b>"], why="{% raw %}")
    assert "“{{ 7 * 7 }}” and “<b>”" in said and "{% raw %}" in said


def test_numbers_have_their_noun() -> None:
    assert [counted(n, "block") for n in (0, 1, 2304)] == ["0 blocks", "1 block", "2,304 blocks"]
    assert [plural(n, "country", "countries") for n in (1, 2)] == ["country", "countries"]


def test_lists_have_a_last_part() -> None:
    assert [listed(one) for one in ([], "a", "ab", "abc")] == ["", "a", "a and b", "a, b and c"]
    assert listed("ab", "or") == "a or b"


def test_shares_in_percent_and_in_points() -> None:
    assert (percent(0.126), percent(0.126, 1)) == ("13 %", "12.6 %")
    assert [points(value) for value in (0.123, -0.034, 0.0994)] == ["12", "−3.4", "9.9"]
    signed = {0.123: "+12", -0.2: "−20", 0.0004: "0", -0.0004: "0", 1: "+100", 0.023: "+2.3", -0.0041: "−0.4"}
    signed |= {0.0999: "+10", 0.03: "+3"}
    assert {value: points(value, signed=True) for value in signed} == signed
    assert [points(value, 1, signed=True) for value in (0.03, -0.0004)] == ["+3.0", "0"]


def test_names_of_codes_and_languages() -> None:
    assert list(names_of("instrument")) == ["supply", "environment", "demand", "none"]
    assert name_of("actor_kind", "party") == "Party organs" and name_of("actor_kind", "guild") == "guild"
    assert (language_name("zh"), language_name("ug")) == ("Chinese", "ug")


@pytest.mark.usefixtures("latin")
def test_another_language_takes_the_place_of_what_it_has() -> None:
    lacking = say("comparison.lacking.too_few_blocks", side="a", have=2, needed=12)
    assert lacking == "«a» 2 partes habet, 12 debet"
    assert (listed("ab"), quoted("a")) == ("a et b", "«a»")
    assert (percent(0.1), language_name("en")) == ("10 partes centesimae", "Anglice")
    assert say("comparison.answer.unknown", number=2) == "for 2 there is too little evidence"
    assert counted(1234, "block") == "1,234 blocks"


def test_a_language_may_have_more_forms_than_two(tmp_path: Path) -> None:
    folder = tmp_path / "words" / "pl"
    folder.mkdir(parents=True)
    rule = "0 if n == 1 else 1 if n % 10 in [2, 3, 4] and n % 100 not in [12, 13, 14] else 2"
    (folder / "grammar.yml").write_text(f'plural: "{rule}"\nthousands: " "\n', encoding="utf-8")
    use_language(folder)
    try:
        said = [counted(n, "blok", "bloki", "bloków") for n in (1, 22, 5, 1012)]
    finally:
        use_language()
    assert said == ["1 blok", "22 bloki", "5 bloków", "1 012 bloków"]


@pytest.mark.parametrize(
    ("file", "content", "line", "message"),
    [
        ("comparison.yml", "answer:\n  cannot_sya: x\n", 2, "Did you mean 'comparison.answer.cannot_say'"),
        ("comparison.yml", "answer:\n  cannot_say: '{{ reason }}'\n", 2, "no value 'reason' is given to this text"),
        ("comparison.yml", "answer:\n  cannot_say: '{{ why'\n", 2, "the template cannot be read"),
        ("comparison.yml", "answer:\n  cannot_say: '{{ why | shout }}'\n", 2, "the template cannot be read"),
        ("comparison.yml", "answer:\n  cannot_say: [x]\n", 2, "a text is expected here"),
        ("comparison.yml", "- x\n", 1, "names with their texts are expected"),
        ("grammar.yml", "plurals: x\n", 1, "Did you mean 'plural'"),
        ("grammar.yml", "list: and\n", 1, "'and' is not of its kind"),
    ],
)
def test_a_mistake_in_another_language_is_named(
    tmp_path: Path, file: str, content: str, line: int, message: str
) -> None:
    folder = tmp_path / "words" / "xx"
    folder.mkdir(parents=True)
    (folder / file).write_text(content, encoding="utf-8")
    with pytest.raises(InvalidDataError) as caught:
        use_language(folder)
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"words/xx/{file}:{line}: ") and message in str(problem)
    assert say("comparison.change.not_translated") == "without machine-translated text", "English goes on being spoken"


@pytest.mark.parametrize(
    ("config", "spoken"),
    [
        ("sphinx: {config: {language: la}}\n", "«a»"),
        ("sphinx: {config: {language: en}}\n", "“a”"),
        ("sphinx: {config: {language: ../words/la}}\n", "“a”"),
        ("sphinx: []\n", "“a”"),
        ("", "“a”"),
    ],
)
def test_a_project_names_its_language(latin: Path, config: str, spoken: str) -> None:
    project = Project(latin.parent.parent)
    (project.root / "_config.yml").write_text(config, encoding="utf-8")
    use_words_of(project)
    assert quoted("a") == spoken


@pytest.mark.usefixtures("latin")
def test_the_page_of_a_comparison_speaks_another_language(
    project: Project, vocabulary: Vocabulary, coding: Coding, coded: Corpus
) -> None:
    page = ComparisonPage(Book(project, vocabulary, coding, coded), "plans-2014-2024")
    labels = [side.label for side in page.result.sides]
    assert page.answer.startswith(f"Nescimus quomodo «{labels[0]}» et «{labels[1]}» differant, quia «")
    assert list(side_table(page.result)["languages"])[1] == ["Anglice"]
    assert "alii dicunt." in str(tell_sides(page).markup)
    rows = row_table(page.estimates, page.book.scheme)
    counts = str(show(rows, **row_looks(page.estimates, "theme")).markup)
    assert "parum testium" in counts and "too little evidence" not in counts
    assert '<th scope="col">Locus</th>' in counts and "Difference" in counts
    told = str(tell(row_sentences(rows, page.estimates)).markup)
    assert "2 partes habet" in told and "blocks needed" not in told
    assert str(render("nothing", sentence="<x>").markup) == "<p>Nihil: &lt;x&gt;</p>"


# Chinese, in which pages of a book in English can be -------------------------------------------------


@pytest.fixture
def chinese(project: Project) -> Iterator[_Words]:
    """The words of this book's pages in Chinese, spoken until the test is over."""
    use_words_of(project, "zh")
    yield _words(tuple(folders_of_words(project, "zh")), tuple(folders_of_words(project, "en")))
    use_words_of(project)
    use_language()


def test_chinese_asks_for_the_values_that_english_does(chinese: _Words) -> None:
    """A number that the English sentence gives is not lost in the Chinese one, and none is asked for that it lacks."""
    chinese.check(chinese.folders)
    english = _Words((), chinese.added)
    values = {key: [_values_of(words.sources[key].text, words.environment) for words in (chinese, english)]
              for folder in chinese.folders for key in keys_below(folder)}  # fmt: skip
    assert len(values) > 200
    fewer = {key for key, (own, other) in values.items() if own != other}
    assert fewer == {"frame.way", "quantities.unit.percentage_point"}, "publishers are told in English; no plural"


def keys_below(folder: Path) -> set[str]:
    return {key for path in folder.glob("*.yml") if path.stem != "grammar" for key in chinese_keys(path)}


def chinese_keys(path: Path) -> Iterator[str]:
    def below(value: Any, where: str) -> Iterator[str]:
        if isinstance(value, dict):
            for name, inner in value.items():
                yield from below(inner, f"{where}.{name}")
        else:
            yield where

    yield from below(yaml.safe_load(path.read_text(encoding="utf-8")), path.stem)


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("key", sorted(keys_below(_ENGLISH.with_name("zh"))))
def test_every_text_in_chinese_can_be_filled(key: str) -> None:
    given = VALUES | OTHERS.get(key, {})
    given |= {"family": "theme"} if given.get("family") == "FAMILY" else {}
    text = say(key, **given)
    assert text or key == "names.code.exact"
    assert not re.search(r"[{}]|  |\n| [，；。、]|[，；。、] |^ ", text), text
    assert not re.search("[\u4e00-\u9fff][,;:]", text), text


@pytest.mark.usefixtures("chinese")
def test_words_that_chinese_has_are_said_in_chinese(project: Project) -> None:
    assert (spoken_language(), language_tag(), mark("open")) == ("zh", "zh-CN", "（")
    assert (percent(0.126), listed("abc"), language_name("en")) == ("13%", "a、b和c", "英文")
    assert [dates_in_words(one) for one in ("2024-09-02", "2014-08/2015", "2013-12-12/2013-12-13")] == [
        "2024年9月2日", "2014年8月至2015年", "2013年12月12日至13日",
    ]  # fmt: skip
    assert list(labels_of("charts.headings").items()) == [("theme", "主题"), ("concept", "概念")]
    assert say("comparison.verdict.alike") == "alike", "what it lacks is said in English"
    keys = keys_of_words(project, "zh")
    assert "comparison.verdict.alike" not in keys and {"charts.figure", "places.centre"} <= keys


@pytest.mark.usefixtures("chinese")
def test_terms_have_their_own_names_in_chinese() -> None:
    assert term_in_words("land", "土地") == ("土地", "")
    assert term_in_words("land", "") == ("land", "")


def test_terms_have_english_names_with_their_chinese_below() -> None:
    assert term_in_words("land", "土地") == ("land", "土地")
    assert spoken_language() == ""


#: What is told to whoever must put something right stays where it is found.
TOLD_AS_ERRORS = {"Problem", "problem", "Mistake", "SelectionError", "suggest"}
ERROR_NAMES = {"fix", "_REMEDY", "_MEASURE_AGAIN", "message", "has"}
PROSE = re.compile(r"[A-Za-z{}’'“”\-]{2,}")
#: Heads of files, markup, patterns, styles, fonts and questions to tables.
NO_PROSE = re.compile(r"# |<|\W*\[|\(\?|min-width:|Noto |SELECT |CREATE |[\w{}]+ IN \(SELECT ")


@pytest.mark.parametrize("room", ["analysis", "charts"])
def test_no_sentence_stands_in(room: str) -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {text}"
        for path in sorted((PACKAGE / room).rglob("*.py"))
        for line, text in sentences_of(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_sentence_is_found_where_there_is_one() -> None:
    source = '''"""Of what it is about, in words."""
def f(n):
    """Say how many there are of it."""
    if n < 0:
        raise ValueError(f"{n} is less than nothing at all")
    return f"There are {n} of them, no more."
TOLD = "nothing of this can be told"
'''
    assert sorted(line for line, _ in sentences_of(source)) == [6, 7]


def sentences_of(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of string constants of four words or more that are no docstring, error, pattern or markup."""
    tree = ast.parse(source)
    left_out: set[ast.AST] = set()
    for node in ast.walk(tree):
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        targets = [
            one.id for target in getattr(node, "targets", []) for one in ast.walk(target) if isinstance(one, ast.Name)
        ]
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.Raise | ast.Assert) or docstring or name in TOLD_AS_ERRORS or name == "compile":
            left_out.update(ast.walk(node))
        if set(targets) & ERROR_NAMES:
            left_out.update(ast.walk(node))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and node not in left_out:
            left_out.update(node.values)
            text = "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in left_out:
            text = node.value
        else:
            continue
        words = PROSE.findall(text)
        spoken = [word for word in words if word != "{}"]
        if len(words) >= 4 and len(spoken) >= 2 and " " in text.strip() and not NO_PROSE.match(text):
            yield node.lineno, text


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2024-09-02", "2 September 2024"),
        ("2014-08/2015", "August 2014 to 2015"),
        ("2014", "2014"),
        ("2013-12-12/2013-12-13", "12 to 13 December 2013"),
    ],
)
def test_a_time_of_writing_is_said_as_a_person_says_it(written: str, said: str) -> None:
    assert dates_in_words(written) == said
