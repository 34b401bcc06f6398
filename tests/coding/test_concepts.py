from __future__ import annotations

import re

import pandas as pd
import pytest
from kinds import CorpusOf

from policybook.coding.concepts import ConceptFinder, code_concepts
from policybook.coding.scheme import Scheme
from policybook.corpus.model import Corpus, records
from policybook.project import Project


@pytest.fixture(scope="module")
def finder(scheme: Scheme) -> ConceptFinder:
    return ConceptFinder(scheme)


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
    ],
)
def test_the_longest_form_wins_and_variants_of_spelling_are_found(
    finder: ConceptFinder, text: str, language: str, expected: list[str]
) -> None:
    assert concepts(finder, text, language) == expected


def test_an_ambiguous_form_is_marked_and_not_counted(corpus_of: CorpusOf, scheme: Scheme) -> None:
    corpus = corpus_of({"a": "They settle down in urban agglomerations and city clusters."})
    mentions = code_concepts(corpus, scheme).mentions.set_index("text")
    assert mentions["ambiguous"].to_dict() == {
        "settle down": True,
        "urban agglomerations": True,
        "city clusters": False,
    }
    assert mentions["counted"].to_dict() == {
        "settle down": False,
        "urban agglomerations": False,
        "city clusters": True,
    }


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
def test_every_unambiguous_form_is_found_as_its_own_concept(
    finder: ConceptFinder, scheme: Scheme, language: str
) -> None:
    for concept in scheme.concepts:
        for form in concept.zh if language == "zh" else concept.en:
            assert concepts(finder, form, language) == [concept.id], form
