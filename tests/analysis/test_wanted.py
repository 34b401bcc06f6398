from __future__ import annotations

import pytest

from policybook.analysis.wanted import wanted_texts
from policybook.corpus.manifest import load_recommended
from policybook.corpus.selection import Selection
from policybook.corpus.vocabulary import Vocabulary
from policybook.project import Project

NATIONAL = ["nnup-2014", "implementation-2022", "action-2024"]


@pytest.mark.parametrize(
    ("selection", "ids"),
    [
        ({"plan": "nnup-2014"}, ["nnup-2014"]),
        ({"plan": "nnup-2014", "places": "national", "language": "zh"}, ["nnup-2014"]),
        ({"plan": "nnup-2014", "language": "en"}, []),
        ({"era": "2021-2024"}, ["implementation-2022"]),
        ({"era": ["2014-2020", "2024-"]}, ["nnup-2014", "action-2024"]),
        ({"speaker": "national"}, NATIONAL),
        ({"machine_translated": False, "voice": "official"}, NATIONAL),
        ({"speaker": "liaoning"}, []),
        ({"level": "county"}, []),
        ({"document": "nnup-2014"}, []),
    ],
)
def test_texts_fit_a_side_by_every_field(
    project: Project, vocabulary: Vocabulary, selection: Selection, ids: list[str]
) -> None:
    texts = [text for text in load_recommended(project, vocabulary) if text.group is None]
    assert [text.id for text in wanted_texts(texts, selection, (), vocabulary)] == ids


def test_a_text_speaks_for_its_place(project: Project, vocabulary: Vocabulary) -> None:
    texts = load_recommended(project, vocabulary)
    found = wanted_texts(texts, {"places": "fujian"}, (), vocabulary)
    assert found
    assert {text.speaker for text in found} == {"fujian"}


def test_what_is_there_is_not_wanted_again(project: Project, vocabulary: Vocabulary) -> None:
    texts = load_recommended(project, vocabulary)
    wanted = wanted_texts(texts, {"speaker": "national"}, {"nnup-2014"}, vocabulary)
    assert [text.id for text in wanted if text.group is None] == NATIONAL[1:]
