from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from policybook.build.execute import ReadableTranslator
from policybook.build.runs import check_parameters, template_parameters
from policybook.errors import InvalidDataError

VOCABULARIES = {"place": ("liaoning", "fujian"), "document": ("one", "two")}


@pytest.mark.parametrize("text", ["辽宁", "it's", 'a "b"', "a\nb", "\\u8fbd", "{{ x }}", "\t\x00", "🏙"])
def test_text_is_written_readably_and_read_back(text: str):
    written = ReadableTranslator.translate_str(text)
    assert ast.literal_eval(written) == text
    assert not ("辽" in text and "\\u" in written)


@pytest.mark.parametrize("value", [True, 3, 0.5, None, ["辽宁", "福建"], {"地": "辽宁"}])
def test_every_kind_of_value_is_read_back(value: object):
    assert ast.literal_eval(ReadableTranslator.translate(value)) == value


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"plaec": "fujian"}, "'place'"),
        ({"place": "fujain"}, "'fujian'"),
        ({"places": ["fujian", "laioning"]}, "'liaoning'"),
        ({"place": 3}, "a whole number"),
        ({"most": "60"}, "a whole number"),
        ({"most": 1.5}, "a number"),
        ({"most": True}, "true or false"),
    ],
)
def test_a_wrong_parameter_is_named_with_what_is_right(given: dict[str, object], named: str):
    declared = {"place": "liaoning", "places": ["fujian"], "most": 60}
    (name, message, fix), *more = check_parameters(given, declared, VOCABULARIES)
    assert more == []
    assert name in given
    assert named in message + fix


def test_good_parameters_are_passed_in_silence():
    declared = {"place": "liaoning", "places": ["fujian"], "most": 60, "anything": None}
    given = {"place": "fujian", "places": ["liaoning"], "most": 5, "anything": [1]}
    assert list(check_parameters(given, declared, VOCABULARIES)) == []


def test_parameters_are_read_from_the_tagged_cell_only(tmp_path: Path):
    tagged = new_code_cell('# why\nname: str = "辽宁"\nmost = -1', metadata={"tags": ["parameters"]})
    path = _write(tmp_path, new_code_cell("other = 1"), tagged)
    assert template_parameters(path) == {"name": "辽宁", "most": -1}


@pytest.mark.parametrize("source", ["most = len('x')", "a = b = c", "print(1)", "most =", "a, b = 1, 2"])
def test_parameters_that_are_no_plain_values_are_refused(tmp_path: Path, source: str):
    path = _write(tmp_path, new_code_cell(source, metadata={"tags": ["parameters"]}))
    with pytest.raises(InvalidDataError, match=r"notebooks/template\.ipynb: cell 1: "):
        template_parameters(path)


def test_a_broken_template_is_a_sentence(tmp_path: Path):
    path = tmp_path / "template.ipynb"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(InvalidDataError, match="not a notebook"):
        template_parameters(path)


def _write(folder: Path, *cells: nbformat.NotebookNode) -> Path:
    path = folder / "template.ipynb"
    nbformat.write(new_notebook(cells=list(cells)), path)
    return path
