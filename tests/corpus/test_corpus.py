from __future__ import annotations

from typing import Any

import pytest

from policybook.corpus.corpus import TABLE_COLUMNS, Corpus, check_values, known_values, parse_selection, records, table
from policybook.corpus.scope import Vocabulary
from policybook.errors import SelectionError


def test_every_table_has_its_documented_columns(coded: Corpus) -> None:
    for name, columns in TABLE_COLUMNS.items():
        assert tuple(getattr(coded, name).columns) == columns
        assert tuple(table(name, []).columns) == columns


def test_ids_are_unique_and_join_every_table(coded: Corpus) -> None:
    for name, key in (
        ("documents", "document"),
        ("passages", "passage"),
        ("sentences", "sentence"),
        ("blocks", "block"),
    ):
        assert getattr(coded, name)[key].is_unique
    assert set(coded.mentions["sentence"]) <= set(coded.sentences["sentence"])
    assert set(coded.sentences["passage"]) == set(coded.passages["passage"])
    assert set(coded.sentences["block"]) == set(coded.blocks["block"])
    assert set(coded.passages["document"]) == set(coded.documents["document"])


def test_selecting_nothing_keeps_everything_and_says_so(coded: Corpus) -> None:
    selected = coded.select()
    assert selected.passages.equals(coded.passages)
    assert selected.made_from == (*coded.made_from, "selection: everything")


def test_a_selection_keeps_the_parts_of_its_passages_only(coded: Corpus) -> None:
    fujian = coded.select(places="fujian")
    assert fujian.passages["passage"].tolist() == [
        "web-2024-county-mobilization:p34",
        "web-2024-county-mobilization:p35",
    ]
    assert fujian.documents["document"].tolist() == ["web-2024-county-mobilization"]
    assert set(fujian.sentences["passage"]) == set(fujian.passages["passage"])
    assert set(fujian.mentions["passage"]) <= set(fujian.passages["passage"])
    assert fujian.blocks["sentences"].sum() == len(fujian.sentences)


def test_several_values_mean_any_and_several_fields_mean_all(coded: Corpus) -> None:
    either = coded.select(places=["fujian", "liaoning"])
    assert all({"fujian", "liaoning"} & set(places) for places in either.passages["places"])
    both = coded.select({"places": "national"}, speaker="liaoning")
    assert both.passages["document"].unique().tolist() == ["mysheen-2024-liaoning-income-gap"]
    assert all("national" in places for places in both.passages["places"])


def test_a_selection_of_a_selection_is_the_selection_of_both(coded: Corpus) -> None:
    stepwise = coded.select(language="en").select(level="county")
    assert stepwise.passages.equals(coded.select(level="county", language="en").passages)


@pytest.mark.parametrize(("field", "value"), [("era", "before-2014"), ("plan", ["none"]), ("speaker", "fujian")])
def test_a_selection_and_its_opposite_make_up_the_corpus(coded: Corpus, field: str, value: str) -> None:
    others = [known for known in coded.known[field] if known not in (value, *value)]
    inside, outside = coded.select({field: value}), coded.select({field: others})
    assert len(inside.passages) + len(outside.passages) == len(coded.passages)


def test_level_none_selects_passages_of_no_level(coded: Corpus) -> None:
    without, county = coded.select(level="none"), coded.select(level="county")
    assert without.passages["level"].isna().all()
    assert len(without.passages) + len(county.passages) == len(coded.passages)
    assert len(coded.select(level=["none", "county"]).passages) == len(coded.passages)


def test_an_empty_selection_is_a_corpus_like_any_other(coded: Corpus) -> None:
    empty = coded.select(places="tibet")
    for name, columns in TABLE_COLUMNS.items():
        assert getattr(empty, name).empty
        assert tuple(getattr(empty, name).columns) == columns
    assert empty.select(plan="none").passages.empty


def test_selecting_changes_nothing_in_the_corpus(coded: Corpus) -> None:
    before = coded.passages.copy(deep=True)
    part = coded.select(era="2024-")
    part.passages.reset_index(drop=True)
    assert coded.passages.equals(before)
    with pytest.raises(AttributeError):
        coded.passages = before  # type: ignore[misc]  # that this is refused is what is tested


def test_unknown_fields_and_values_are_refused(coded: Corpus) -> None:
    with pytest.raises(SelectionError, match=r"no field 'place'\. Did you mean 'places'"):
        coded.select(place="fujian")
    with pytest.raises(SelectionError, match="Did you mean 'fujian'"):
        coded.select(places="fujien")


def test_evidence_is_the_sentences_of_the_mentions_each_once(coded: Corpus) -> None:
    mentions = coded.mentions[coded.mentions["concept"] == "rural-migrants"]
    evidence = coded.evidence(mentions)
    assert evidence["sentence"].is_unique
    assert set(evidence["sentence"]) == set(mentions["sentence"])
    texts = evidence.set_index("sentence")["text"]
    for mention in records(mentions):
        assert texts[mention.sentence][mention.start : mention.end] == mention.text


def test_a_document_is_found_by_its_id(coded: Corpus) -> None:
    assert coded.document("web-2021-joint-conference")["language"] == "zh"
    with pytest.raises(SelectionError, match="Did you mean 'web-2021-joint-conference'"):
        coded.document("web-2021-joint-confernce")
    with pytest.raises(SelectionError, match="not in this part"):
        coded.select(language="en").document("web-2021-joint-conference")


def test_one_value_and_several_values_are_both_accepted(vocabulary: Vocabulary) -> None:
    known = known_values(vocabulary, ["a"])
    assert check_values("plan", "nnup-2014", known) == ["nnup-2014"]
    assert check_values("places", ("liaoning", "fujian"), known) == ["liaoning", "fujian"]
    assert check_values("machine_translated", False, known) == [False]
    assert check_values("level", "none", known) == ["none"]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (
            "place",
            "fujian",
            "no field 'place'. Did you mean 'places'? Known: plan, era, places, level, document",
        ),
        ("places", "Fujien", "unknown places 'Fujien'. Did you mean 'fujian'? Known: national, "),
        ("plan", "action2024", "unknown plan 'action2024'. Did you mean 'action-2024'?"),
        ("places", ["fujian", "atlantis"], "unknown places 'atlantis'."),
        ("document", "b", "unknown document 'b'."),
        ("machine_translated", "true", "unknown machine_translated 'true'."),
        ("machine_translated", 1, "unknown machine_translated 1."),
        ("era", 2024, "unknown era 2024."),
        ("plan", None, "unknown plan None."),
        ("plan", [], "plan is given no value. Known: nnup-2014, "),
        ("places", [["fujian"]], "unknown places ['fujian']."),
    ],
)
def test_an_unknown_name_is_answered_with_what_exists(
    vocabulary: Vocabulary, field: str, value: Any, message: str
) -> None:
    with pytest.raises(SelectionError) as caught:
        check_values(field, value, known_values(vocabulary, ["a"]))
    assert message in str(caught.value)


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
    with pytest.raises(ValueError, match="Write for example places=north"):
        parse_selection(text)


def test_a_field_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'plan' stands twice\. Join its values with"):
        parse_selection("plan=a,plan=b")
