"""benchmarks/official_gold.py on texts of our own."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from copies import ROOT
from kinds import MakeProject

from policybook.analysis.official import Coded, found_file_of, load_official, official_file, save_found
from policybook.coding.metadata import read_metadata
from policybook.corpus.vocabulary import Vocabulary
from policybook.errors import InvalidDataError

TEXT = "一、工作安排\n要推进户籍制度改革，城镇化率提高到58%。要建设20所学校。\n"
METADATA = "file,title,place,year\nqinghe-2019.txt,青河省2019年政府工作报告,yunnan,2019\n"


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("official_gold", ROOT / "benchmarks" / "official_gold.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def texts(tmp_path: Path) -> tuple[Path, Path]:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "qinghe-2019.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "metadata.csv").write_text(METADATA, encoding="utf-8")
    return folder, tmp_path / "metadata.csv"


def test_what_is_found_is_written_as_codes(
    benchmark: ModuleType, texts: tuple[Path, Path], make_project: MakeProject, vocabulary: Vocabulary
) -> None:
    project = make_project()
    gold = [Coded("qinghe-2019:p02.1", ("户籍制度改革", "城镇化率"), ("percent",), ("environment", "environment"))]
    save_found(official_file(project), gold, texts_sha256="", rules_sha256="", made_by="")
    documents = read_metadata(*texts, vocabulary)
    benchmark.write_found(project, documents)
    before = found_file_of(project).read_bytes()
    official = load_official(project)
    assert official is not None
    assert official.found[0].quantities == ("percent",)
    assert "户籍制度改革" in official.found[0].concepts
    assert "学校" not in before.decode("utf-8")
    benchmark.write_found(project, documents)
    assert found_file_of(project).read_bytes() == before


def test_a_sentence_that_the_texts_do_not_have_is_named(
    benchmark: ModuleType, texts: tuple[Path, Path], make_project: MakeProject, vocabulary: Vocabulary
) -> None:
    project = make_project()
    gold = [Coded("qinghe-2019:p09.1", (), (), ())]
    save_found(official_file(project), gold, texts_sha256="", rules_sha256="", made_by="")
    with pytest.raises(InvalidDataError, match=r"data/gold/official.csv: sentence: no 'qinghe-2019:p09.1'"):
        benchmark.write_found(project, read_metadata(*texts, vocabulary))
