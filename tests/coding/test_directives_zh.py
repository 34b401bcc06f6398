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
        # a place, a topic and more adverbs before the verb
        ("更大力度在县城推进城市更新。", ["更大力度在县城推进城市更新"]),
        ("围绕重点产业链精准开展招商。", ["围绕重点产业链精准开展招商"]),
        ("聚焦网络强省建设，推进数字化。", ["推进数字化"]),
        ("“一企一策”解决困难。", ["一企一策”解决困难"]),
        # thanks and greetings direct nobody
        ("向关心支持我省发展的港澳同胞和海内外朋友们，表示衷心的感谢！", []),
        ("向关心支持改革的同志们致以崇高的敬意！", []),
        ("对大家的支持表示感谢。", []),
        ("向贫困户发放补贴。", ["向贫困户发放补贴"]),
        # words that only begin like a preposition or hold a marker
        ("经济活跃度、开放度明显提升。", []),
        ("机关负责人出庭应诉率保持100%。", []),
        # what only says which, papers that are carried out, deadlines, numbers that are new
        ("着力打造一批具有竞争力的企业。", ["着力打造一批具有竞争力的企业"]),
        ("推进城镇化具有重要意义。", []),
        ("实施促进扩大开放的意见。", ["实施促进扩大开放的意见"]),
        ("年底前基本完成农房改造，推进通水通电。", ["年底前基本完成农房改造", "推进通水通电"]),
        ("改造管网，新增停车泊位10万个。", ["改造管网", "新增停车泊位10万个"]),
        ("新增建设用地指标向大城市倾斜。", []),
        # a figure that is not round reports, a round one as well aims
        ("大力发展旅游，旅游收入增长17.3%。", []),
        ("大力发展旅游，旅游收入增长20%。", ["大力发展旅游"]),
        ("高质量发展扎实推进。", []),
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
