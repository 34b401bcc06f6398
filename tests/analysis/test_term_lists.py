from __future__ import annotations

import pytest
from kinds import CorpusOf

from policybook.analysis.keyness import log_likelihood
from policybook.analysis.term_lists import term_list
from policybook.coding.concepts import code_concepts
from policybook.coding.scheme import Scheme
from policybook.corpus.model import Corpus
from policybook.errors import ComparisonError
from policybook.project import Project


def test_words_that_mark_a_side_come_first_and_have_its_sign(
    corpus_of: CorpusOf, scheme: Scheme, project: Project
) -> None:
    texts = {
        "a": "Harbours and harbour cranes. " * 12 + "Rivers run.",
        "b": "Orchards and orchard fruit. " * 12 + "Rivers run.",
    }
    corpus = code_concepts(corpus_of(texts), scheme)
    table = term_list(corpus.select(document="a"), corpus.select(document="b"), scheme, project)
    by_term = table.set_index("term")
    assert by_term.loc["harbour", ["left", "right"]].tolist() == [24, 0]
    assert set(table["term"][:2]) == {"harbour", "orchard"}
    for column in ("log_ratio", "log_ratio_conservative", "g2", "z"):
        assert by_term.loc["harbour", column] > 0 > by_term.loc["orchard", column]
        assert by_term.loc["river", column] == pytest.approx(0, abs=1e-9)
    n1, n2 = table["left"].sum(), table["right"].sum()
    assert by_term.loc["harbour", "g2"] == pytest.approx(float(log_likelihood(24, 0, n1, n2)))
    assert by_term.loc["harbour", "q"] < 0.01
    assert by_term.loc["river", "q"] == 1


def test_words_of_two_languages_are_refused_with_what_to_change(
    coded: Corpus, scheme: Scheme, project: Project
) -> None:
    english, chinese = coded.select(language="en"), coded.select(language="zh")
    for left, right in ((english, chinese), (coded, english)):
        with pytest.raises(ComparisonError, match="Add language=en or language=zh to both selections"):
            term_list(left, right, scheme, project)
    with pytest.raises(ComparisonError, match="no passage fits “here”"):
        term_list(coded.select(places="tibet"), english, scheme, project, ("here", "there"))
