from __future__ import annotations

import math
import shutil
from dataclasses import replace

import pytest
from kinds import MakeProject
from scipy.stats import spearmanr

from policybook.analysis.aligned import (
    AlignedTexts,
    Segment,
    aligned_file,
    correlate,
    count_concepts,
    digest,
    load_aligned,
    mean_overlap,
    save_aligned,
)
from policybook.errors import InvalidDataError
from policybook.project import Project


def segments(*sides: tuple[str, str], times: int = 1) -> tuple[Segment, ...]:
    return tuple(
        Segment(2008 + n, n + 1, frozenset(zh.split()), frozenset(en.split()))
        for n, (zh, en) in enumerate(sides * times)
    )


def texts(*sides: tuple[str, str], times: int = 1) -> AlignedTexts:
    return AlignedTexts(segments(*sides, times=times), 1000, "a" * 64, "b" * 64, "b" * 64)


def test_concepts_are_counted_by_segment_in_each_language_and_both() -> None:
    table = count_concepts(segments(("a b", "a"), ("a", "b"), ("", "c")))
    assert table.to_dict("index") == {
        "a": {"zh": 2, "en": 1, "both": 1},
        "b": {"zh": 1, "en": 1, "both": 0},
        "c": {"zh": 0, "en": 1, "both": 0},
    }


def test_the_correlation_is_scipys_over_concepts_found_five_times() -> None:
    often = segments(("a b", "a c"), ("a", "a b"), ("b c", "c"), ("d", "a"), times=5)
    rare = segments(("x", ""), ("", "y"), times=2)
    expected = spearmanr([10, 10, 5, 5], [15, 5, 10, 0]).statistic
    assert correlate([*often, *rare]) == pytest.approx(expected)
    assert math.isnan(correlate(rare))


def test_the_mean_overlap_is_over_segments_with_a_concept() -> None:
    assert mean_overlap(segments(("a b", "a"), ("a", "a"), ("a", "b"))) == pytest.approx((0.5 + 1 + 0) / 3)
    assert math.isnan(mean_overlap([]))


def test_intervals_hold_the_estimate_and_are_the_same_each_time() -> None:
    first, second = (texts(("a b", "a"), ("a", "a"), ("b", "b c"), ("c", "c"), times=30) for _ in range(2))
    for estimate in (first.mean_jaccard, first.spearman):
        assert estimate.low <= estimate.value <= estimate.high
    assert first.mean_jaccard == second.mean_jaccard
    # the standard error of a mean of 120 values, half of them 1 and half .5
    assert first.mean_jaccard.high - first.mean_jaccard.low == pytest.approx(2 * 1.96 * 0.25 / math.sqrt(120), rel=0.15)


def test_a_concept_is_comparable_when_both_languages_find_it_equally_often() -> None:
    ten = [("even", "even")] * 10 + [("more", "more")] * 8 + [("more", "")] * 2 + [("few", "few")] * 9
    assert texts(*ten).comparable == {"even", "more"}  # 10 : 8 is the factor that is allowed
    assert texts(*ten, ("more", "")).comparable == {"even"}


def test_the_file_can_be_written_and_read(make_project: MakeProject) -> None:
    project = make_project()
    made = replace(texts(("b a", "a"), ("", "c")), lexicon_sha256=digest(project.lexicon / "concepts.yml"))
    save_aligned(aligned_file(project), made)
    read = load_aligned(project)
    assert read is not None
    assert (read.segments, read.total, read.input_sha256) == (made.segments, 1000, "a" * 64)
    assert not read.stale
    with (project.lexicon / "concepts.yml").open("a", encoding="utf-8") as file:
        file.write("# a change\n")
    changed = load_aligned(project)
    assert changed is not None and changed.stale


def test_without_the_file_there_is_nothing(make_project: MakeProject) -> None:
    project = make_project()
    aligned_file(project).unlink()
    assert load_aligned(project) is None


def test_every_mistake_is_named(make_project: MakeProject) -> None:
    project = make_project()
    aligned_file(project).write_text(
        "# input sha256: abc\n# segments: many\nyear,segment,zh,en\n2008,1,a,b\n2008,x,a,b\n2008,3,,\n",
        encoding="utf-8",
    )
    with pytest.raises(InvalidDataError) as caught:
        load_aligned(project)
    remedy = "Write the file anew with benchmarks/parallel.py --write."
    assert [str(problem) for problem in caught.value.problems] == [
        f"data/gold/parallel.csv:1: 'many' is no number of segments. {remedy}",
        f"data/gold/parallel.csv:1: no line '# lexicon sha256: …' stands at its head. {remedy}",
        f"data/gold/parallel.csv:5: segment: 'x' is no whole number. {remedy}",
        f"data/gold/parallel.csv:6: no concept stands on either side. {remedy}",
    ]


def test_the_columns_must_be_there(make_project: MakeProject) -> None:
    project = make_project()
    shutil.copy(project.facts / "events.csv", aligned_file(project))
    with pytest.raises(InvalidDataError, match=r"no column year, segment, zh, en\."):
        load_aligned(project)


def test_the_real_texts_are_coded_alike_with_the_scheme_as_it_stands(project: Project) -> None:
    aligned = load_aligned(project)
    assert aligned is not None
    assert not aligned.stale, "run benchmarks/parallel.py --write with the texts at hand"
    assert aligned.spearman.value >= 0.9
    assert aligned.mean_jaccard.low >= 0.7
    assert len(aligned.segments) < aligned.total
    assert len(aligned.comparable) >= 8
