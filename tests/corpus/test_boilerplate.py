from __future__ import annotations

import pandas as pd
import pytest

from policybook.corpus.boilerplate import label_boilerplate
from policybook.corpus.model import Corpus

BODY = [
    "The county government will build schools, clinics and housing for people from the villages.",
    "It will also train workers for new factories and give every child a place in a school close to home.",
]
BODY_ZH = [
    "县政府将为进城务工人员修建学校、医院和住房，让他们在城镇安居乐业，享有与本地居民同等的基本公共服务。",
    "同时开展职业技能培训，为新办企业输送合格劳动者，保障随迁子女就近入学，稳步提高城镇化的质量和水平。",
]


def labels(before: list[str], after: list[str], language: str = "en") -> dict[int, str]:
    body = BODY if language == "en" else BODY_ZH
    return label_boilerplate([*before, *body, *after], language)


def test_the_rules_agree_with_a_person_on_every_paragraph(corpus: Corpus, reference: pd.DataFrame) -> None:
    by_hand = reference[reference["is_boilerplate"] == "yes"]
    by_rule = corpus.boilerplate
    assert set(zip(by_rule["document"], by_rule["paragraph"], strict=True)) == set(
        zip(by_hand["document"], by_hand["paragraph"].astype(int), strict=True)
    )


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("Published: 2024-09-02 10:15", "en"),
        ("2 September 2024", "en"),
        ("written by li ming", "en"),
        ("Source: People's Daily", "en"),
        ("Copyright © 2023 All rights reserved", "en"),
        ("Follow our official WeChat account", "en"),
        ("Tel: 010-12345678", "en"),
        ("English | Français | 日本語 | Русский", "en"),
        ("News license No. 52120170001", "en"),
        ("***", "en"),
        ("发布时间：2024年8月1日 来源：新华社", "zh"),
        ("责任编辑：王小明", "zh"),
        ("版权所有 未经许可不得转载", "zh"),
        ("关注微信公众号", "zh"),
        ("京ICP备12345678号", "zh"),
        ("上一篇：关于开展培训的通知", "zh"),
        ("打印本页", "zh"),
    ],
)
def test_site_furniture_is_recognised_wherever_it_stands(line: str, language: str) -> None:
    assert list(labels([], [line], language)) == [3]
    assert list(labels([line], [], language)) == [1]


@pytest.mark.parametrize(
    ("line", "language"),
    [
        (
            "On 29 August 2024 the commission held a meeting with six ministries to launch the action plan.",
            "en",
        ),
        ("The source of growth is people: cities must be open to all who work in them.", "en"),
        ("Licensing of small businesses will be simplified in all counties by the end of the year.", "en"),
        ("Guarantee equal services", "en"),
        ("2024年8月1日，国务院印发行动计划，提出四大行动十九项任务。", "zh"),
        ("来源地和流入地政府要加强合作，完善跨省协作机制。", "zh"),
        ("一、总体要求", "zh"),
    ],
)
def test_content_that_looks_a_little_like_furniture_is_kept(line: str, language: str) -> None:
    body = BODY if language == "en" else BODY_ZH
    assert label_boilerplate([body[0], line, body[1]], language) == {}


def test_a_description_put_together_from_sentences_of_the_text_is_named_with_its_sources() -> None:
    sentences = [
        "Alpha counties will open their schools to all children.",
        "Beta towns will build new hospitals soon.",
    ]
    text = [f"{sentences[0]} {BODY[0]}", f"{sentences[1]} {BODY[1]}", " ".join(sentences)]
    assert label_boilerplate(text, "en") == {3: "page description: repeats paragraphs 1 and 2"}


def test_a_teaser_is_a_near_copy_of_a_longer_paragraph() -> None:
    teaser = f"{BODY[0]} {BODY[1][:60]} …"
    assert label_boilerplate([teaser, f"{BODY[0]} {BODY[1]}"], "en") == {1: "teaser: near-copy of paragraph 2"}


def test_of_two_equal_paragraphs_the_first_is_kept() -> None:
    assert label_boilerplate([BODY[0], BODY[1], BODY[0]], "en") == {3: "repeats paragraph 1"}


@pytest.mark.parametrize("paragraphs", [["2024-09-02"], ["Home", "Links"], ["Copyright © 2023", "***"], ["城镇化"]])
def test_a_text_is_never_boilerplate_as_a_whole(paragraphs: list[str]) -> None:
    assert len(label_boilerplate(paragraphs, "en")) < len(paragraphs)
