from __future__ import annotations

import re
import time
import tracemalloc

import pandas as pd
import pytest
from kinds import CorpusOf

from policybook.coding.concepts import ConceptFinder, ConceptPatterns, code_concepts
from policybook.coding.scheme import Concept, Rule, Scheme, parse, plain_form, spell_out
from policybook.corpus.corpus import Corpus, records
from policybook.corpus.matching import cut
from policybook.project import Project


@pytest.fixture(scope="module")
def pairs(project: Project) -> pd.DataFrame:
    """Sentences in Chinese and in English that say the same."""
    return pd.read_csv(project.root / "tests" / "reference" / "pairs.csv")


def concepts(finder: ConceptFinder, text: str, language: str) -> list[str]:
    return [found.concept for found in finder.find(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("推进农业转移人口市民化", "zh", ["citizenization-of-rural-migrants"]),
        ("农业转移人口", "zh", ["rural-migrants"]),
        ("常住人口城镇化率", "zh", ["urbanization-rate-permanent"]),
        ("基本公共服务均等化", "zh", ["equal-basic-services"]),
        ("urbanization of rural migrant workers", "en", ["citizenization-of-rural-migrants"]),
        ("rural migrant workers", "en", ["rural-migrant-workers"]),
        ("metropolitan area and Metropolitan Areas", "en", ["metropolitan-area", "metropolitan-area"]),
        ("national central cities", "en", ["national-central-city"]),
        ("high-quality development, high quality development", "en", ["high-quality-development"] * 2),
        ("nothing of the kind", "en", []),
        ("urbanizationist counterurbanization", "en", []),
        ("urban residents were citizenized", "en", []),
        ("Super-Large and Mega-Cities", "en", ["megacities"]),
        ("county economies", "en", ["county-economy"]),
        ("壮大县域经济", "zh", ["county-economy"]),
        ("产业大县域经济", "zh", ["county-economy"]),
        ("做好农民工作，解决农民工工资", "zh", ["rural-migrant-workers"]),
        ("注册县域名，培养县域名医", "zh", ["county-level", "county"]),
        ("该县城关镇与城关镇", "zh", ["county-level", "county-seat"]),
        ("发展医疗保健", "zh", []),
        ("加大县城建设", "zh", ["county-seat"]),
    ],
)
def test_the_longest_form_wins_and_variants_of_spelling_are_found(
    finder: ConceptFinder, text: str, language: str, expected: list[str]
) -> None:
    assert concepts(finder, text, language) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [("It matters, people-centred urbanisation.", "people-centred urbanisation"),
     ("Growth, new, people-centered urbanization", "new, people-centered urbanization"),
     ("this, new urbanization, matters", "new urbanization")],
)  # fmt: skip
def test_a_mention_begins_and_ends_with_a_word(finder: ConceptFinder, text: str, said: str) -> None:
    assert [text[found.start : found.end] for found in finder.find(text, "en")][-1:] == [said]


def test_an_ambiguous_form_is_marked_and_not_counted(
    corpus_of: CorpusOf, scheme: Scheme, finder: ConceptFinder
) -> None:
    corpus = corpus_of(
        {"a": "The joint meeting spoke of people-centered services, urban agglomerations and county towns."}
    )
    mentions = code_concepts(corpus, scheme, finder).mentions.set_index("text")
    assert mentions["ambiguous"].to_dict() == {
        "joint meeting": True,
        "people-centered": True,
        "urban agglomerations": True,
        "county towns": False,
    }
    assert mentions["counted"].to_dict() == {text: text == "county towns" for text in mentions.index}


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The Yangtze River Delta urban agglomeration leads.", "en", [("city-cluster", False)]),
        ("Modern urban agglomerations are fostered.", "en", [("metropolitan-area", False)]),
        ("An urban agglomeration is fostered.", "en", [("city-cluster", True)]),
        ("Urbanization continues.", "en", [("urbanization", False)]),
        ("The urbanization of migrant workers continues.", "en", [("citizenization-of-rural-migrants", False)]),
        ("Migrants will settle down.", "en", [("settling-with-hukou", False)]),
        ("The dispute was settled in court.", "en", []),
        ("Two-way flows across the border grew.", "en", [("two-way-flow", True)]),
        ("Cross-border capital has a two-way flow.", "en", []),
        ("农民在城镇落户。", "zh", [("settling-with-hukou", False)]),
        ("三家企业落户园区。", "zh", []),
        ("产业链韧性和安全水平提高。", "zh", []),
        ("促进要素双向流动。", "zh", [("two-way-flow", True)]),
        ("在城乡之间促进要素双向流动。", "zh", [("two-way-flow", False)]),
        ("账户口径、用户口碑、居住证明、市民化解纠纷、部署会同有关部门、村落户数", "zh", []),
        ("全县城乡居民", "zh", [("county-level", False)]),
        ("公立医院取消药品加成。", "zh", [("health-reform", False)]),
        ("三家公立医院搬入新楼。", "zh", []),
        ("Public hospitals ended the markup on drugs.", "en", [("health-reform", False)]),
        ("The public hospital moved.", "en", []),
        ("义务教育向优质均衡迈进。", "zh", [("balanced-education", False)]),
        ("构建优质均衡的公共服务体系。", "zh", []),
        ("推行行政审批网上办理。", "zh", [("streamlining-administration", False)]),
        ("加强行政审批、工程建设等领域的廉政监督。", "zh", []),
        ("统筹推进城乡融合发展。", "zh", [("urban-rural-integration", False)]),
        ("统筹推进新型城镇化和区域协调发展。", "zh", [("new-urbanization", False)]),
        ("统筹推进新型城镇化和现代农业。", "zh", [("urban-rural-coordination", False)]),
        ("社会救助实现城乡一体化，推行食品安全网格化监管，退休人员移交社会管理。", "zh", []),
        ("推进特色田园乡村建设，开展扶贫济困活动，湿地保护区实施生态移民，热电厂异地搬迁。", "zh", []),
        ("坚持人民至上、生命至上，保障全市饮用水安全，能耗双控转向碳排放双控。", "zh", []),
        ("扩大基本养老、失业保险覆盖面，开发适老产品，各级各类教育均衡发展，市民住有所居。", "zh", []),
        ("打破行政区划壁垒，落实全国统一的市场准入负面清单，市应急局、发改委受到表扬。", "zh", []),
    ],
)  # fmt: skip
def test_the_words_around_a_form_settle_its_meaning_or_it_is_marked(
    finder: ConceptFinder, text: str, language: str, expected: list[tuple[str, bool]]
) -> None:
    assert [(found.concept, found.ambiguous) for found in finder.find(text, language)] == expected


def test_words_far_away_settle_nothing(finder: ConceptFinder) -> None:
    near = "The Yangtze River Delta has " + "many good " * 5 + "urban agglomerations."
    far = "The Yangtze River Delta has " + "many good " * 20 + "urban agglomerations."
    assert [found.ambiguous for found in finder.find(near, "en")] == [False]
    assert [found.ambiguous for found in finder.find(far, "en")] == [True]


def test_two_concepts_sure_of_the_same_words_make_them_ambiguous() -> None:
    def entry(identifier: str, when: str) -> Concept:
        rule = Rule(en=["plant"], when=[when], otherwise="ambiguous")
        return Concept(id=identifier, term_zh="厂", term_en="plant", pinyin="chǎng", theme="t", rules=[rule])

    finder = ConceptFinder(Scheme((), (entry("factory", "worker"), entry("herb", "seed"))))
    assert [(m.concept, m.ambiguous) for m in finder.find("a plant with seeds", "en")] == [("herb", False)]
    assert [(m.concept, m.ambiguous) for m in finder.find("workers, a plant and seeds", "en")] == [("factory", True)]
    assert [(m.concept, m.ambiguous) for m in finder.find("a plant", "en")] == [("factory", True)]


def test_offsets_lead_to_the_words_and_mentions_do_not_overlap(coded: Corpus) -> None:
    texts = coded.sentences.set_index("sentence")["text"]
    for _, mentions in coded.mentions.groupby("sentence"):
        end = 0
        for mention in records(mentions):
            assert end <= mention.start < mention.end
            assert texts[mention.sentence][mention.start : mention.end] == mention.text
            end = mention.end


def test_every_mention_has_the_block_and_passage_of_its_sentence(coded: Corpus) -> None:
    joined = coded.mentions.merge(coded.sentences, on="sentence", suffixes=("", "_sentence"))
    assert len(joined) == len(coded.mentions)
    for column in ("passage", "block", "document"):
        assert joined[column].equals(joined[f"{column}_sentence"])


def test_counted_means_unambiguous_and_not_excluded(coded: Corpus, scheme: Scheme) -> None:
    for mention in records(coded.mentions):
        excluded = scheme.by_id[mention.concept].exclude_from_comparison is not None
        assert mention.counted == (not mention.ambiguous and not excluded)


def test_coding_leaves_the_uncoded_corpus_as_it_was(corpus: Corpus, coded: Corpus) -> None:
    assert corpus.mentions.empty
    assert len(coded.mentions) > 300
    assert coded.made_from == corpus.made_from


def test_every_variant_the_glossary_quotes_is_found_or_stands_in_a_longer_form(
    project: Project, coded: Corpus, scheme: Scheme
) -> None:
    """The glossary was made by hand from the documents; its variants read "form" x3 (000:1, 002:2)."""
    glossary = pd.read_csv(project.facts / "glossary.csv", dtype=str, keep_default_na=False)
    by_term = {concept.term_zh: concept.id for concept in scheme.concepts}
    documents = coded.documents["document"].tolist()
    mentions = dict(list(coded.mentions.groupby("sentence")))
    none = coded.mentions.iloc[:0]
    occurrences, missed = 0, []
    for row in records(glossary):
        for variant, counts in re.findall(r'"(.+?)" x\d+ \(([^)]*)\)', row.english_variants_in_documents):
            whole_word = re.compile(rf"(?<!\w){re.escape(variant)}(?!\w)")
            ids = [documents[int(count[:3])] for count in counts.split(", ")]
            for sentence in records(coded.sentences[coded.sentences["document"].isin(ids)]):
                for match in whole_word.finditer(sentence.text):
                    here = mentions.get(sentence.sentence, none)
                    occurrences += 1
                    own = here[here["concept"] == by_term[row.term_zh]]
                    touching = (own["start"] < match.end()) & (own["end"] > match.start())
                    around = (here["start"] <= match.start()) & (here["end"] >= match.end())
                    if not touching.any() and not around.any():
                        missed.append((row.term_zh, variant, sentence.sentence))
    assert occurrences > 500
    assert missed == []


def test_the_same_sentence_gets_the_same_concepts_in_both_languages(finder: ConceptFinder, pairs: pd.DataFrame) -> None:
    assert len(pairs) == 30
    overlaps = {}
    for pair in records(pairs):
        chinese, english = (set(concepts(finder, text, lang)) for text, lang in ((pair.zh, "zh"), (pair.en, "en")))
        overlaps[pair.zh] = len(chinese & english) / len(chinese | english)
    assert sum(overlaps.values()) / len(overlaps) >= 0.85, sorted(overlaps.items(), key=lambda item: item[1])


def test_the_pairs_hold_concepts_of_every_theme(finder: ConceptFinder, pairs: pd.DataFrame, scheme: Scheme) -> None:
    found = {concept for text in pairs["zh"] for concept in concepts(finder, text, "zh")}
    assert {scheme.by_id[concept].theme for concept in found} == {theme.id for theme in scheme.themes}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_form_is_found_as_its_own_concept(finder: ConceptFinder, scheme: Scheme, language: str) -> None:
    """Of forms that stand for very many spellings, some taken evenly."""
    wrong = []
    for concept in scheme.concepts:
        for form in getattr(concept, language):
            spellings = [plain_form(steps, language) for steps in spell_out(scheme.parse(form, language), 1000)]
            texts = [text for text in spellings[:: max(1, len(spellings) // 40)] if text]
            wrong.extend(text for text in texts if concepts(finder, text, language) != [concept.id])
    assert wrong == []


@pytest.fixture(scope="module")
def sentences(project: Project) -> pd.DataFrame:
    """Sentences made up for this test, coded by hand: those with a `pair` say the same in both languages."""
    path = project.root / "tests" / "reference" / "coded_sentences.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.mark.parametrize(("language", "bar"), [("zh", 0.95), ("en", 0.95)])
def test_sentences_are_coded_as_by_hand(
    finder: ConceptFinder, sentences: pd.DataFrame, scheme: Scheme, language: str, bar: float
) -> None:
    right = found = wanted = 0
    for row in records(sentences[sentences["language"] == language]):
        hand, machine = set(row.concepts.split()), set(concepts(finder, row.text, language))
        assert hand <= set(scheme.by_id)
        right, found, wanted = right + len(hand & machine), found + len(machine), wanted + len(hand)
    assert wanted > 100
    assert 2 * right / (found + wanted) >= bar


def test_sentences_made_up_as_traps_hold_nothing_for_certain(finder: ConceptFinder, sentences: pd.DataFrame) -> None:
    traps = sentences[sentences["concepts"] == ""]
    assert len(traps) >= 30
    caught = {
        row.text: [one for one in finder.find(row.text, row.language) if not one.ambiguous] for row in records(traps)
    }
    assert {text: found for text, found in caught.items() if found} == {}


def test_pairs_made_up_for_this_test_get_the_same_concepts(finder: ConceptFinder, sentences: pd.DataFrame) -> None:
    overlaps = []
    for _, pair in sentences[sentences["pair"] != ""].groupby("pair"):
        chinese, english = (set(concepts(finder, row.text, row.language)) for row in records(pair))
        if chinese | english:
            overlaps.append(len(chinese & english) / len(chinese | english))
    assert len(overlaps) >= 65
    assert sum(overlaps) / len(overlaps) >= 0.95


def test_what_translators_make_of_the_terms_is_found(project: Project, finder: ConceptFinder) -> None:
    renderings = pd.read_csv(project.root / "tests" / "reference" / "renderings.csv")
    assert len(renderings) > 200
    missed = [row.text for row in records(renderings) if concepts(finder, row.text, "en") != [row.concept]]
    assert missed == []


@pytest.mark.parametrize(
    ("unit", "language"),
    [
        ("城乡融合县域", "zh"),
        ("县", "zh"),
        ("rural migrant ", "en"),
        ("grant urban residency to ", "en"),
        ("a, ", "en"),
    ],
)
def test_a_sentence_without_end_is_coded_in_time(finder: ConceptFinder, unit: str, language: str) -> None:
    """A document may hold 500,000 characters without a full stop."""

    def seconds(length: int) -> float:
        start = time.process_time()
        list(finder.find(unit * (length // len(unit)), language))
        return time.process_time() - start

    # eight times the text, where quadratic work would be 64 times; and 12 seconds for 200,000 characters
    assert any(seconds(32_000) < min(1.9, 24 * max(seconds(4_000), 0.001)) for _ in range(3))


def found(text: str, *forms: str, language: str = "en") -> list[str]:
    words = cut(text, language)
    hits = ConceptPatterns((parse(form, language), form) for form in forms).find(words)
    return [text[words[hit.first].start : words[hit.last - 1].end] for hit in hits]


def test_every_occurrence_is_found_also_inside_another() -> None:
    assert found("rural migrant workers", "rural migrant worker", "migrant worker", "worker") == [
        "rural migrant workers",
        "migrant workers",
        "workers",
    ]


def test_words_match_in_any_inflection_and_whole_only() -> None:
    assert found("Cities, city-level; capacity", "city") == ["Cities", "city"]
    assert found("settles settled settling settlement", "settle") == ["settles", "settled", "settling"]
    assert found("a migrant and the migrants", "migrants") == ["migrants"]


def test_a_gap_spans_no_more_words_than_it_says_and_no_mark() -> None:
    assert found("turn many rural people into citizens", "turn … into citizen") == [
        "turn many rural people into citizens"
    ]
    assert found("turn a b c d into citizens", "turn … into citizen") == []
    assert found("turn a, b into citizens", "turn … into citizen") == []
    assert found("turn into citizens", "turn … into citizen") == ["turn into citizens"]


def test_an_optional_part_behind_a_gap_does_not_let_the_gap_trail() -> None:
    assert found("start a b c", "start …2 (business)?") == ["start"]
    assert found("start a business", "start …2 (business)?") == ["start", "start a business"]


def test_chinese_matches_characters() -> None:
    assert found("推进农业转移人口有序市民化。", "转移人口…6市民化", language="zh") == ["转移人口有序市民化"]
    assert found("转移人口，市民化", "转移人口…6市民化", language="zh") == []


def test_one_sequence_of_two_forms_has_both_keys() -> None:
    finder = ConceptPatterns([(parse("new (town | city)", "en"), "a"), (parse("new town", "en"), "b")])
    assert sorted(hit.key for hit in finder.find(cut("a new town", "en"))) == ["a", "b"]


def test_forgetting_what_is_remembered_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policybook.coding.concepts._MOST_REMEMBERED", 0)
    finder = ConceptPatterns([(parse("new town", "en"), "a")])
    for _ in range(3):
        assert [hit.key for hit in finder.find(cut("new towns and a new town", "en"))] == ["a", "a"]


@pytest.mark.parametrize("unit", ["a ", "a b ", "turn ", "turn a ", "a, "])
def test_time_and_memory_grow_no_faster_than_the_text(unit: str) -> None:
    forms = [
        "turn …12 into (a | b)? …12 citizen",
        "(a | b)? (a | b)? (a | b)? (a | b)? (a | b)? a b c",
        "turn (a)? …9 b …9 c",
    ]
    finder = ConceptPatterns((parse(form, "en"), form) for form in forms)

    def seconds(times: int) -> float:
        words = cut(unit * times, "en")
        start = time.process_time()
        assert sum(1 for _ in finder.find(words)) >= 0
        return time.process_time() - start

    seconds(100)
    tracemalloc.start()
    seconds(2000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
    assert any(seconds(16000) < 12 * seconds(4000) + 0.05 for _ in range(3))
