"""`policybook words` as a user types it, also with one mistake each."""

from __future__ import annotations

import csv
import io

import pytest
from click.testing import Result
from copies import policybook_here

from policybook.project import Project

NATIONAL, LIAONING, CHINESE = "speaker=national", "speaker=liaoning", "document=web-2021-joint-conference"


def words(project: Project, *arguments: str) -> Result:
    return policybook_here("words", *arguments, project=project)


def rows_of(done: Result) -> list[dict[str, str]]:
    assert done.exit_code == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_words_of_everything_are_listed_by_language_most_frequent_first(project: Project) -> None:
    done = words(project, "--most", "3")
    english, chinese = done.stdout.strip().split("\n\n")
    assert english.startswith("everything: ")
    assert "documents: 4" in english and "documents: 1" in chinese
    assert len(english.splitlines()) == len(chinese.splitlines()) == 5
    counts = [int(line[36:].split()[0]) for line in english.splitlines()[2:]]
    assert counts == sorted(counts, reverse=True)


def test_csv_has_every_word_and_shares_that_add_up(project: Project) -> None:
    rows = rows_of(words(project, LIAONING, "--csv"))
    assert len(rows) > 200
    assert sum(float(row["share"]) for row in rows) == pytest.approx(1)
    assert all(0 <= float(row["dp"]) < 1 and row["documents"] == "1" for row in rows)
    assert len(rows_of(words(project, LIAONING, "--csv", "--most", "4"))) == 4


def test_against_turns_every_sign_and_leaves_q(project: Project) -> None:
    one, other = (rows_of(words(project, *pair, "--csv")) for pair in (
        (NATIONAL, "--against", LIAONING, "--language", "en"), (LIAONING, "--against", NATIONAL),
    ))  # fmt: skip
    turned = {row["term"]: row for row in other}
    assert len(one) == len(turned)
    for row in one:
        back = turned[row["term"]]
        assert (row["count_left"], row["count_right"]) == (back["count_right"], back["count_left"])
        for column in ("g2", "log_ratio", "log_odds_z"):
            assert float(row[column]) == pytest.approx(-float(back[column]), abs=1e-9)
        assert float(row["q"]) == pytest.approx(float(back["q"]))
    assert "p" not in one[0]


def test_the_table_of_two_selections_names_its_measures_and_sends_on_for_a_verdict(project: Project) -> None:
    lines = words(project, NATIONAL, "--against", LIAONING, "--most", "2").stdout.splitlines()
    assert [line.split(":")[0] for line in lines[:2]] == [NATIONAL, LIAONING]
    assert lines[2].split() == ["left", "share", "DP", "right", "share", "DP", "G2", "log", "ratio", "z", "q"]
    assert lines[5] == ""
    assert "four cells" in lines[6]
    assert lines[-1].endswith("policybook compare.")


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        ((LIAONING, "--against", CHINESE), 1, "Choose two selections that share a language."),
        ((LIAONING, "--language", "zh"), 1, "no passage fits “speaker=liaoning,language=zh”"),
        ((LIAONING, "--against", "places=tibet"), 1, "no passage fits “places=tibet”"),
        (("--against", LIAONING), 1, "“everything” and “speaker=liaoning” overlap"),
        ((LIAONING, "--against", LIAONING), 1, "select the same passages"),
        (("liaoning",), 2, "SELECTION: 'liaoning' is not field=value."),
        ((LIAONING, "--against", ""), 2, "--against: '' is not field=value."),
        ((LIAONING, "--most", "0"), 2, "--most"),
    ],
)
def test_a_mistake_is_one_sentence(project: Project, arguments: tuple[str, ...], status: int, sentence: str) -> None:
    done = words(project, *arguments)
    assert done.exit_code == status
    assert done.stdout == ""
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
