from __future__ import annotations

import pytest
from directed import directives

from policybook.coding.code import Coding


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the same words as a task and as a report
        ("推进简政放权，优化营商环境。", ["推进简政放权", "优化营商环境"]),
        ("推进简政放权，取消了300项审批事项。", []),
        ("深化农村改革，粮食产量再创新高。", []),
        ("我们深化农村改革。", []),
        ("我们要深化农村改革。", ["要深化农村改革"]),
        # words that only contain a marker
        ("这是一项重要要求，适应了发展需要。", []),
        ("应急管理能力即将提升。", []),
        # 将 before a verb, before an object, and as a prediction
        ("财政部将出台配套政策。", ["将出台配套政策"]),
        ("将灵活就业人员纳入保障范围。", ["将灵活就业人员纳入保障范围"]),
        ("城镇化率将达到65%。", []),
        # subjects of statements, noun phrases, phrases of time
        ("加强技能培训是稳定就业的关键。", []),
        ("推进城镇化的意义", []),
        ("在推进城镇化过程中，要尊重农民意愿。", ["要尊重农民意愿"]),
        ("推进城镇化，必须从国情出发。", ["必须从国情出发"]),
        # verbs that share an object, verbs that have their own
        ("推进和完善分级诊疗制度。", ["推进和完善分级诊疗制度"]),
        ("", []),
    ],
)  # fmt: skip
def test_what_directs_and_what_does_not(coding: Coding, text: str, expected: list[str]) -> None:
    assert directives(coding.directives, text, "zh") == expected


def test_a_paper_named_in_the_sentence_says_nothing_of_what_is_to_be_done(coding: Coding) -> None:
    assert directives(coding.directives, "会议审议了《关于加快推进县城建设的意见》。", "zh") == []
    assert directives(coding.directives, "要落实《推进县城建设的意见》。", "zh") == ["要落实《推进县城建设的意见》"]
