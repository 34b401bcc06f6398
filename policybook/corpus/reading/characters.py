"""How much like Chinese or English prose some decoded characters are: what tells a right encoding from a wrong one."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache

#: The characters that make up about half of Chinese prose, then those of policy texts.
_FREQUENT = (
    "的一是了不在有人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平"
    "形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党"
    "程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干"
    "做必战先回则任取据处理世受联思南术每深今清共规划划城镇乡村市县省镇居住宅户籍贫困务服务保障就教育医疗养创推融群圈都市轴带协调区域"
    "绿色低碳权改革制度机制体系健全完善促进推动加快提升落实坚持统筹优化布局土地人口转移安置落户企业投资财政融资金融环境生态文化"
)
_FREQUENT_TRADITIONAL = (
    "這為個國我時來們會發動學經過說種後對產應開還業無長問題關與從點處實現體機當進電義東車馬門見頭務勞動農鄉鎮縣區劃戶籍貧養創轉"
    "權環態統籌優佈局規導總結構協調圈軸帶綠碳資財環團貫徹落實強調財務設備計劃報紙網絡運輸廣場數據樣條寬鬆護衛醫療險觀點萬億"
    "將產權與並聯濟繫歷適應質標準檢測試驗證據專業師傅員圖書館藝術聲響應該當務標題據點擊敗類類別範圍繞開啟鐵路"
)
_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》〈〉「」『』【】—…·　％～－－")


def plausibility(text: str) -> float:
    """Return the mean weight of the characters of `text` that are not ASCII: about 0.6 for prose, below 0 for rubbish.

    A frequent character weighs 1, one of the national standards' first level 0.4, punctuation 0.5, a rare
    character -0.5; kana, private use, unassigned and control characters -1.5.
    """
    counts = Counter(character for character in text if character > "\x7f")
    total = sum(counts.values())
    return sum(_weight(character) * count for character, count in counts.items()) / total if total else 0.0


@cache
def _weight(character: str) -> float:
    if character in _frequent():
        return 1.0
    if character in _PUNCTUATION:
        return 0.5
    if character in _level_one():
        return 0.4
    if "\uff01" <= character <= "\uff5e" or "\u2010" <= character <= "\u2027" or "\u2160" <= character <= "\u24ff":
        return 0.2
    if "\u3400" <= character <= "\u9fff":
        return -0.5
    if "\u0400" <= character <= "\u04ff" or character in "\xa0°±×÷·§©®":
        return 0.0
    return -1.5 if unicodedata.category(character) in {"Co", "Cn", "Cc", "Cs"} or character >= "\u0370" else -0.7


@cache
def _frequent() -> frozenset[str]:
    return frozenset(_FREQUENT + _FREQUENT_TRADITIONAL)


@cache
def _level_one() -> frozenset[str]:
    """Return the common characters as GB 2312 (rows 16 to 55) and Big5 (A440 to C67E) list them."""
    simplified = bytes(b for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF) for b in (row, cell))
    trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    traditional = bytes(b for row in range(0xA4, 0xC7) for cell in trails for b in (row, cell))
    listed = simplified.decode("gb2312", "ignore") + traditional.decode("big5", "ignore")
    return frozenset(character for character in listed if "\u4e00" <= character <= "\u9fff")


def control_share(text: str) -> float:
    """Return the share of control characters that no text has (tabs and line ends are not counted)."""
    controls = sum(text.count(chr(code)) for code in (*range(0x09), *range(0x0E, 0x20), 0x7F))
    return controls / len(text) if text else 0.0
