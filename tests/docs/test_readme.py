"""README.md says what is: its commands exist, every command is in it, its examples are valid."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import click
import pytest
from copies import ROOT, copy_project, policybook_here
from readme_blocks import README, blocks, policybook_lines, shell_lines

from policybook.cli import main
from policybook.project import Project

TEXT = README.read_text(encoding="utf-8")


@pytest.fixture
def copied(tmp_path: Path) -> Project:
    return copy_project(tmp_path / "project")


def test_there_are_commands_to_check():
    assert len(policybook_lines()) > 3


@pytest.mark.parametrize("words", policybook_lines(), ids=" ".join)
def test_a_command_in_the_readme_exists_with_its_options(words: list[str]):
    command = main.commands[words[0]]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_is_explained(name: str):
    assert re.search(rf"^- `{name}\b", TEXT, re.MULTILINE), f"README.md has no entry '- `{name}` …'"


@pytest.mark.parametrize("target", ["book", "serve", "test"])
def test_every_target_a_reader_needs_is_named(target: str):
    assert f"make {target}" in shell_lines()


def test_what_the_readme_links_to_is_there():
    linked = re.findall(r"\]\(([^)\s#]+)", TEXT)
    assert [path for path in linked if "://" not in path and not (ROOT / path).exists()] == []


def test_files_named_in_the_readme_are_there():
    named = set(re.findall(r"`((?:data|book|notebooks|policybook|tests|\.ci)/[\w./-]+)`", TEXT))
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_example_of_a_document_becomes_one(copied: Project):
    example = next(block for block in blocks("yaml") if "rights_note" in block)
    name = re.search(r"file: (\S+)", example)[1]
    (copied.documents / name).write_text("Liaoning promotes new urbanization in its counties.\n", encoding="utf-8")
    before = copied.corpus_file.read_text(encoding="utf-8")
    copied.corpus_file.write_text(f"{before}\n{example}", encoding="utf-8")
    asked = policybook_here("check", project=copied)
    assert asked.exit_code == 1
    assert len(asked.stderr.splitlines()) == 2, "only the hash is missing"
    line = re.search(r"'(sha256: [0-9a-f]{64})'", asked.stderr)[1]
    example = re.sub(r"# sha256:.*", line, example)
    copied.corpus_file.write_text(f"{before}\n{example}", encoding="utf-8")
    assert policybook_here("check", project=copied).stderr == ""


def test_the_example_of_a_comparison_becomes_one(copied: Project):
    example = next(block for block in blocks("yaml") if "question" in block)
    with copied.comparisons_file.open("a", encoding="utf-8") as file:
        file.write(f"\n{example}")
    assert policybook_here("check", project=copied).stderr == ""


def test_the_lines_for_a_notebook_run_and_show_tables(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)
    lines = ast.parse("\n".join(blocks("python")))
    names: dict[str, Any] = {}
    tables = []
    for line in lines.body:
        if isinstance(line, ast.Expr):
            tables.append(str(eval(compile(ast.Expression(line.value), "README.md", "eval"), names).markup))
        else:
            exec(compile(ast.Module([line], []), "README.md", "exec"), names)
    assert len(tables) == 2 and len(names["judged"])
    assert [table.count("<tr>") for table in tables] == [1 + len(names["concepts"].head(10)), 1 + len(names["judged"])]


def test_every_option_has_a_help_text():
    for name, command in main.commands.items():
        options = [p for p in command.params if isinstance(p, click.Option)]
        assert [p.name for p in options if not p.help and p.name not in ("style", "yes")] == [], name
        assert command.help, name
