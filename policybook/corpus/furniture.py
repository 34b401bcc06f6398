"""What stands on a page and is not the text: navigation, notices, repeats, each with its reason."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from policybook.corpus.sentences import length, split_sentences

_NAMES_OF_LANGUAGES = (
    "English|Français|Deutsch|Español|Português|Italiano|Русский|日本語|한국어|한어|العربية|Ελληνικά|Türkçe|"
    "Polski|Nederlands|Svenska|Suomi|Suomalainen|Latina|Indonesia|Indonesian|Sanskrit|Tiếng Việt|ไทย|हिन्दी|"
    "Українська|Čeština|Magyar|Dansk|Norsk|Română|Монгол|简体中文|繁體中文|简体|繁体|繁體|中文版|Melayu|Filipino|עברית|فارسی"
)
LANGUAGE = re.compile(_NAMES_OF_LANGUAGES, re.IGNORECASE)
DATE = re.compile(
    r"\d{4}\s*[-/.年]\s*\d{1,2}\s*(?:[-/.月]\s*\d{1,2}\s*日?|月)|"
    r"\d{1,2}\s+[A-Z][a-z]+\s+\d{4}|[A-Z][a-z]+\.? \d{1,2}, \d{4}"
)
TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
LABEL = re.compile(
    r"(?:^|(?<=[\s|]))(?:published(?: on)?|updated|last updated|date|time|posted(?: on)?|issued|author|source|"
    r"editor|editors|edit(?:ed by)?|responsible editor|reporter|by|written by|text by|views?|"
    r"发布时间|发布日期|发文日期|更新时间|日期|时间|来源|稿源|信息来源|文章来源|作者|记者|通讯员|编辑|责任编辑|责编|实习编辑|主编|"
    r"审核|校对|初审|复审|终审|审签|监制|供稿|摄影|浏览次数|浏览量|阅读|阅读量|点击数|点击量|访问量)\s*(?:[:：]|(?<=by))",
    re.IGNORECASE,
)
BYLINE = re.compile(r"(?:written|text|photos?|edited|reported) by\b|(?:文|图)\s*[/:：]|\(?by [A-Z][a-z]+ [A-Z]")
LICENCE = re.compile(
    r"licen[cs]e|许可证|許可證|备案|備案|\bICP\b|ICP[备備证證]|公网安备|公網安備|网站标识码", re.IGNORECASE
)
FREE_LICENCE = re.compile(
    r"^(?:(?:this|the) (?:work|article|page|content|text|site)\b.{0,40}|.{0,20}本.{0,10}采用.{0,20})"
    r"(?:licensed under|Creative Commons|CC[ -]BY|知识共享)",
    re.IGNORECASE,
)
COPYRIGHT = re.compile(
    r"copyright\s*(?:©|\(c\)|\d|by|reserved)|©|all rights reserved|版权所有|版權所有|转载请注明|轉載請註明|"
    r"(?:infring|侵权|侵權|侵犯).*(?:contact|delete|联系|聯繫|删除)|(?:contact|联系).*(?:infring|侵权)",
    re.IGNORECASE,
)
DISCLAIMER = re.compile(
    r"^(?:免责声明|特别声明|版权声明|disclaimer)\s*[:：]|^(?:\W*声明\s*[:：].*(?:本网|本站|转载|观点))|"
    r"(?:凡|本)(?:本)?[网站].{0,6}(?:注明|转载|刊载|登载)|仅代表(?:作者)?(?:个人|本人|作者)|不代表本[网站]|"
    r"\bviews? expressed (?:here|in this|are|is)|do(?:es)? not (?:necessarily )?(?:represent|reflect) "
    r"the (?:views|opinions?)",
    re.IGNORECASE,
)
PROMPT = re.compile(
    r"(?:please\s+)?(?:"
    r"(?:follow|like|join|find)\s+(?:us\b.*|(?:our|the|this)\b.{0,30}(?:account|wechat|weibo|facebook|twitter|channel|page|group)"
    r"(?:s?[.!:]?|\W.{0,3}|\s+(?:for|on|to|and|at)\b.*))|"
    r"(?:subscribe|sign up)\s+(?:to|for|now|here|via|by)\b.*|subscribe|scan\s+.*\bcode\b.*|"
    r"share\s+(?:this|on|via|to|article|page|post)\b.*|(?:download|open|get|install|read)\b.{0,30}\bapp\b.*|"
    r"download (?:pdf|as|this|file|attachment)\b.*|click\s+(?:here|to|on)\b.*|(?:tap|press)\s+(?:here|to)\b.*|"
    r".{0,6}(?:关注|關注)(?:我们|我們|本网|.{0,14}(?:公众号|公眾號|微信|微博|抖音|视频号|头条号)).*|"
    r".{0,4}(?:扫码|掃碼|扫一扫|扫描|长按)(?:.{0,16}(?:二维码|关注|识别|阅读|分享|查看|下载|加入).*|)|"
    r"(?:分享|转发)(?:到|至|给|本文|让更多).*|(?:点击|點擊)(?:此处|这里|下方|上方|右上角|查看|进入|关注|下载|“|阅读|播放).*|"
    r"(?:打开|下载|安装).{0,12}(?:APP|客户端|应用).*|(?:点赞|收藏|转发|在看)[\s、|]*(?:点赞|收藏|转发|在看|分享).*)",
    re.IGNORECASE,
)
PLATFORM = re.compile(
    r"facebook|twitter|linkedin|whatsapp|telegram|reddit|pinterest|wechat|weibo|instagram|youtube|tiktok|"
    r"tumblr|\bline\b|"
    r"\bqq\b|\bemail\b|\bprint\b|copy link|微信好友|微信|微博|新浪|腾讯|QQ空间|QQ好友|QQ|朋友圈|"
    r"豆瓣|抖音|知乎|人人网|复制链接|更多",
    re.IGNORECASE,
)
SHARE_WORDS = re.compile(
    r"share(?: this)?(?: article| page)?(?: on| to| via| with)?|分享(?:到|至)?|转发到?|\bor\b|\band\b|\+|[&|/:：]", re.I
)
CONTACT = re.compile(
    r"\S+@\S+\.\w+|(?:\btel\b|telephone|phone|fax|hotline|电话|電話|传真|邮箱|郵箱|邮编|热线)\s*[:：]?\s*[\d+(]",
    re.IGNORECASE,
)
FOOTER = re.compile(
    r"(?:主办单位|主办|承办单位|承办|技术支持|网站管理|网站支持|运维单位|备案号|地址|sponsored by|hosted by|powered by|"
    r"technical support|address)\s*(?:[:：]|(?<=by))\s*\S",
    re.IGNORECASE,
)
BREADCRUMB = re.compile(
    r"(?:(?:您|你)?(?:的|现在的|当前的?|所在)*位置|you are here|location|path)\s*[:：].*[>›»→/\-].*|"
    r"(?:首页|主页|网站首页|home|homepage)\s*(?:[>›»→/|]|&gt;|-{1,2}>?)\s*\S.*|[^。.!?]{1,20}(?:\s*[>›»]\s*[^>›»。.!?]{1,24}){2,}",
    re.IGNORECASE,
)
PAGER = re.compile(
    r"(?:[\s\d|/,….·\[\]<>«»‹›第共页頁到跳转条记录]|page|of|first|last|previous|prev|next|older|newer|posts|"
    r"首页|尾页|末页|上一页|下一页|上页|下页|go)+",
    re.IGNORECASE,
)
PAGER_WORD = re.compile(r"page|previous|prev\b|next|older|newer|页|頁|条记录", re.IGNORECASE)
COUNTER = re.compile(
    r"(?:[\s|·,，]*(?:(?:views?|reads?|hits?|likes?|comments?|shares?|浏览次数|浏览量|浏览|阅读次数|阅读量|阅读数|阅读|点击次数|点击量|点击数|"
    r"点击|访问量|访问次数|评论数|评论|点赞数|点赞|收藏|转发|人气|热度)\s*[:：]?\s*[(（]?\s*[\d,.]+\s*(?:万|千|k)?\+?\s*(?:次|人|条|个)?[)）]?|"
    r"[\d,.]+\s*(?:万|k)?\+?\s*(?:次|人|条|个)?(?:views?|reads?|hits?|likes?|comments?|shares?|浏览|阅读|点击|评论|点赞|收藏|人浏览|人阅读|人评论)(?:次数|量)?))+\s*",
    re.IGNORECASE,
)
TAG_LISTS = re.compile(
    r"(?:文章|本文)?(?:标签|關鍵字|关键字|关键词|分类|栏目|所属栏目|频道|专题|tags?|tagged|keywords?|"
    r"filed under|categor(?:y|ies)|"
    r"posted in|topics?|section)\s*[:：]\s*\S.*",
    re.IGNORECASE,
)
TOOLS = re.compile(
    r"(?:[\s|/【】\[\]()（）:：·<>《》,，、-]*(?:字号|字体|大号|中号|小号|特大|大|中|小|默认|打印|打印本页|打印此页|关闭|关闭窗口|关闭本页|收藏|"
    r"收藏本页|加入收藏|设为首页|纠错|我要纠错|返回顶部|返回|朗读|语音播报|无障碍|无障碍浏览|长者模式|适老化|简|繁|"
    r"font size|text size|"
    r"print|close|bookmark|print this page|email this page|A[+-]?|small|medium|large))+[\s|/【】\[\]()（）>-]*",
    re.IGNORECASE,
)
NAVIGATION = re.compile(
    r"(?:(?:return|back) to .{1,12}|home|links?|friendly links|print|top|menu|search|site map|sitemap|"
    r"about us|contact us|"
    r"(?:log ?in|sign in|sign up|register)(?:\s*[|/]?\s*(?:log ?in|sign in|sign up|register))?|"
    r"(?:previous|next)(?:\s*:.*| (?:article|post|page|story)\b.*)?|more|read more|show more|load more|"
    r"see (?:also|more)|view (?:all|more)|"
    r"skip to (?:main )?content|toggle navigation|loading\W*|leave a (?:comment|reply)|(?:no |\d+ )?comments?|"
    r"advertisements?|sponsored|"
    r"(?:recommended|related|further|latest|popular|trending|hot) "
    r"(?:reading|articles?|news|posts?|stories|links)\b.{0,15}|"
    r"you may also like.*|most (?:read|viewed|popular)|"
    r"上一篇.*|下一篇.*|上一条.*|下一条.*|返回.{0,6}|首页|主页|打印.{0,6}|友情链接.*|相关(?:阅读|新闻|链接|报道|文章|推荐|附件|稿件)\s*(?:[:：].*)?|"
    r"推荐阅读.*|延伸阅读.*|精彩推荐.*|猜你喜欢.*|热门(?:推荐|新闻|文章|标签|搜索|评论)?|最新(?:新闻|文章|推荐)|字号.*|网站地图|我要纠错.*|"
    r"关于我们|联系我们|网站声明|广告|广告服务|展开全文|查看(?:更多|全文|原文)|阅读(?:全文|原文)|更多>*|加载中\W*|正在加载\W*|"
    r"(?:登录|注册)(?:\s*[|/]?\s*(?:登录|注册))*|发表评论|网友评论.*|我要评论|登录后.{0,4}评论|暂无评论|文明上网.*|返回顶部|回到顶部|"
    r"(?:关于我们|联系我们|网站地图|版权声明|隐私政策|广告服务|法律声明|网站声明|帮助中心)(?:\s*[|/·-]?\s*(?:关于我们|联系我们|网站地图|版权声明|"
    r"隐私政策|广告服务|法律声明|网站声明|帮助中心|诚聘英才))+)",
    re.IGNORECASE,
)
COOKIES = re.compile(
    r"\b(?:uses?|using|accept|our|of)\b.{0,12}\bcookies?\b|^cookie (?:policy|settings|notice)|"
    r"enable javascript|javascript is",
    re.I,
)
WRAPPING = re.compile(r"^[(（\[［【<]+\s*|\s*[)）\]］】>]+$")


# Lines of site furniture, told by their form: each rule gives its reason, or nothing.
# A rule looks at one line and names no site. What could be a heading or a sentence of the text is left alone.
#: A paragraph of more characters than this is never furniture: the longest disclaimers are shorter.
LONGEST_FURNITURE = 900
#: Most furniture is no longer than this.
LINE = 250
ENDS_A_SENTENCE = re.compile(r"[.!?。！？;；:：”\"’)）]$")


def furniture_reason(text: str, language: str) -> str:
    """Return why one line is site furniture, or nothing where no rule takes it for that."""
    if len(text) > LONGEST_FURNITURE:
        return ""
    rules = _RULES if len(text) <= LINE else _LONG_RULES
    return next((reason for rule in rules if (reason := rule(text, language))), "")


def is_long(text: str, language: str, words: int = 12) -> bool:
    """Return whether a text has more than so many English words, or twice as many Chinese characters."""
    return length(text, language) > (words if language == "en" else words * 2)


def _no_words(text: str, _: str) -> str:
    return "" if re.search(r"[^\W\d_]", text) else "no words"


def _date_or_byline(text: str, language: str) -> str:
    text = WRAPPING.sub("", text)
    if is_long(text, language) or text.endswith("。"):
        return ""
    if BYLINE.match(text) or (re.match(r"written by\b", text, re.I)):
        return "byline"
    rest = TIME.sub(" ", DATE.sub(" ", text))
    dated = rest != text
    labels = len(LABEL.findall(rest))
    without = LABEL.sub(" ", rest)
    words_left = length(without, language) if language == "en" else len(re.sub(r"\W", "", without))
    if dated and words_left <= (3 if language == "en" else 8) * labels:
        return "date line"
    if labels and LABEL.match(rest.strip()) and words_left <= (4 if language == "en" else 8) * labels:
        return "byline"
    return ""


def _language_switcher(text: str, _: str) -> str:
    names = {name.lower() for name in LANGUAGE.findall(text)}
    left = re.sub(r"[\W\d_]", "", LANGUAGE.sub("", text))
    if len(names) >= 3 and len(left) < len(text) / 2:
        return "language switcher"
    return "language switcher" if len(names) == 2 and not left and len(text) < 30 else ""


def _licence(text: str, language: str) -> str:
    if FREE_LICENCE.search(text) and not is_long(text, language, 40):
        return "licence line"
    numbered = re.search(r"\d{6,}|\bNo\.?\s*\d+|\d{4,}号", text)
    ends = text.endswith(("。", "."))
    found = LICENCE.search(text) and numbered and not ends and not is_long(text, language, 40)
    return "licence line" if found else ""


def _copyright(text: str, language: str) -> str:
    return "copyright statement" if COPYRIGHT.search(text) and not is_long(text, language, 80) else ""


def _disclaimer(text: str, language: str) -> str:
    return "disclaimer" if DISCLAIMER.search(text) and not is_long(text, language, 100) else ""


def _prompt(text: str, language: str) -> str:
    sentence = text.endswith("。") and len(text) > 16
    short = not sentence and length(text, language) <= (14 if language == "en" else 30)
    return "follow-us prompt" if short and PROMPT.fullmatch(text.strip(" \t>·•★☆【】")) else ""


def _share(text: str, _: str) -> str:
    platforms = PLATFORM.findall(text)
    left = re.sub(r"\W", "", SHARE_WORDS.sub("", PLATFORM.sub("", text)))
    enough = len(platforms) >= 2 or (platforms and re.search("share|分享", text, re.I))
    return "share widget" if enough and not left else ""


def _contact(text: str, language: str) -> str:
    return "contact line" if CONTACT.search(text) and not is_long(text, language, 20) else ""


def _footer(text: str, language: str) -> str:
    ends = text.endswith(("。", "；"))
    return "site footer" if FOOTER.match(text) and not ends and not is_long(text, language, 20) else ""


def _breadcrumb(text: str, language: str) -> str:
    return "breadcrumb" if not is_long(text, language, 20) and BREADCRUMB.fullmatch(text) else ""


def _pager(text: str, _: str) -> str:
    counted = re.search(r"\d|[<>«»‹›|]|页.*页", text) or text.lower() in ("next", "previous")
    return "pager" if len(text) < 80 and counted and PAGER_WORD.search(text) and PAGER.fullmatch(text) else ""


def _counter(text: str, _: str) -> str:
    return "view counter" if len(text) < 80 and COUNTER.fullmatch(WRAPPING.sub("", text)) else ""


def _tags(text: str, language: str) -> str:
    listed = not text.endswith(("。", "；", ".", "!", "?")) and not is_long(text, language, 20)
    return "tags" if listed and TAG_LISTS.fullmatch(WRAPPING.sub("", text)) else ""


def _tools(text: str, _: str) -> str:
    several = len(text) > 3 and re.search(r"[\s|/【】\[\]:：]", text)
    return "page tools" if several and len(text) < 60 and TOOLS.fullmatch(text) else ""


def _navigation(text: str, language: str) -> str:
    found = NAVIGATION.fullmatch(text) and not text.endswith("。") and not is_long(text, language, 25)
    return "navigation" if found else ""


def _cookies(text: str, language: str) -> str:
    return "browser notice" if COOKIES.search(text) and not is_long(text, language, 40) else ""


_RULES: tuple[Callable[[str, str], str], ...] = (
    _counter,
    _date_or_byline,
    _no_words,
    _language_switcher,
    _licence,
    _copyright,
    _disclaimer,
    _contact,
    _footer,
    _share,
    _prompt,
    _breadcrumb,
    _pager,
    _tags,
    _tools,
    _navigation,
    _cookies,
)
_LONG_RULES = (_language_switcher, _licence, _copyright, _disclaimer, _contact, _cookies)


# Paragraphs that repeat others: page descriptions put together from the text, teasers, second copies.
# A paragraph is a near-copy when another holds this share of its runs of characters.
_NEAR_COPY = 0.6
_RUN = 12
#: A teaser stands before what it was taken from, or among this many last paragraphs of the page.
_LAST = 3
#: A run that stands in more paragraphs than this is a formula and shows no copy.
_COMMON = 20


def find_repeats(candidates: Mapping[int, str], language: str) -> dict[int, str]:
    """Return paragraph number → reason for the candidates that repeat other candidates.

    Descriptions put together from several paragraphs are found first, so that the paragraphs they were
    taken from are not mistaken for copies of them.
    """
    shingles = {number: _shingles(text) for number, text in candidates.items()}
    holders: dict[str, list[int]] = defaultdict(list)
    for number, runs in shingles.items():
        for run in runs:
            holders[run].append(number)
    holders = {run: where for run, where in holders.items() if 1 < len(where) <= _COMMON}
    labels: dict[int, str] = {}
    for number, text in candidates.items():
        sources = _copied_from(number, text, candidates, holders, language)
        if len(sources) > 1:
            labels[number] = f"page description: repeats paragraphs {' and '.join(map(str, sources))}"
    first: dict[str, int] = {}
    last = max(candidates, default=0)
    for number, text in candidates.items():
        if number in labels:
            continue
        if text in first:
            labels[number] = f"repeats paragraph {first[text]}"
            continue
        first[text] = number
        shared = Counter(other for run in shingles[number] for other in holders.get(run, ()) if other != number)
        for other in sorted(shared):
            longer = len(candidates[other]) > len(text) and other not in labels
            outside = number < other or number > last - _LAST
            if (
                longer
                and outside
                and is_long(text, language, 20)
                and shared[other] >= _NEAR_COPY * len(shingles[number])
            ):
                labels[number] = f"teaser: near-copy of paragraph {other}"
                break
    return labels


def _shingles(text: str) -> frozenset[str]:
    """Return every run of twelve characters: shared runs show copies (Broder 1997, containment)."""
    squeezed = _squeezed(text)
    return frozenset(squeezed[i : i + _RUN] for i in range(max(1, len(squeezed) - _RUN + 1)))


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower())


def _copied_from(
    number: int, text: str, candidates: Mapping[int, str], holders: Mapping[str, list[int]], language: str
) -> list[int]:
    """Return the other paragraphs that hold every sentence of a paragraph word for word, or nothing."""
    sources: set[int] = set()
    for start, end in split_sentences(text, language):
        sentence = text[start:end]
        places = holders.get(_squeezed(sentence)[:_RUN], ())
        source = next((other for other in places if other != number and sentence in candidates[other]), None)
        if source is None:
            return []
        sources.add(source)
    return sorted(sources)


# Nothing is dropped. A paragraph that a rule takes for boilerplate keeps its number and its text and
# is labelled with the rule's reason.
# A first line that is one of these belongs to the document, however short.
_HEADING = re.compile(
    r"(?:前\s*言|引\s*言|序\s*言|导\s*言|摘\s*要|目\s*录|总\s*则|附\s*则|通\s*知|公\s*告|决\s*定|意\s*见|概\s*述|正\s*文|"
    r"[一二三四五六七八九十\d]+[、.．].*|第.{1,3}[章节条].*|.*(?:introduction|summary|preface|overview|abstract|foreword|"
    r"background|contents|notice|decision|chapter|part|section|annex|report|plan)\b.*)",
    re.IGNORECASE,
)
# How media and their sections are called.
_MEDIUM = re.compile(
    r"(?:网|報|报|台|社|刊|客户端|新闻|要闻|频道|资讯|动态|头条|快讯|时政|news|net|daily|times|online|\.com|post|herald|weekly)$",
    re.IGNORECASE,
)


def label_boilerplate(paragraphs: Sequence[str], language: str) -> dict[int, str]:
    """Return paragraph number (from 1) → reason for every repaired paragraph that is boilerplate.

    At least one paragraph is always left: a text is never boilerplate as a whole.
    """
    reasons: dict[int, str] = {}
    for number, paragraph in enumerate(paragraphs, 1):
        if reason := furniture_reason(paragraph, language):
            reasons[number] = reason
    reasons |= _edges(paragraphs, language, reasons)
    left = {n: p for n, p in enumerate(paragraphs, 1) if n not in reasons and is_long(p, language, 10)}
    reasons |= find_repeats(left, language)
    if len(reasons) == len(paragraphs):
        reasons.pop(max(reasons, key=lambda n: length(paragraphs[n - 1], language)))
    return reasons


def _edges(paragraphs: Sequence[str], language: str, known: dict[int, str]) -> dict[int, str]:
    """Label a site name or section label before the text, and navigation among the furniture behind it."""
    numbers = [n for n in range(1, len(paragraphs) + 1) if n not in known]
    running = [n for n in numbers if _is_running_text(paragraphs[n - 1], language)]
    if not running:
        return {}
    labels = {}
    limit = 2 if language == "en" else 4
    if 1 in numbers and numbers[-1] > 2 and _is_site_name(paragraphs, language):
        labels[1] = "site or section name"
    furniture_behind = any(n > running[-1] for n in known)
    for n in numbers:
        if n > running[-1] and furniture_behind and length(paragraphs[n - 1], language) <= 3 * limit:
            labels[n] = "navigation"
    return labels


def _is_site_name(paragraphs: Sequence[str], language: str) -> bool:
    """Whether the first line is a word or a medium's name, no heading, and nothing that the text speaks of."""
    first = paragraphs[0]
    short = length(first, language) <= (1 if language == "en" else 0) or (
        length(first, language) <= 4 and _MEDIUM.search(first)
    )
    if not short or ENDS_A_SENTENCE.search(first) or _HEADING.fullmatch(first):
        return False
    return not any(first.lower() in other.lower() for other in paragraphs[1:] if is_long(other, language))


def _is_running_text(text: str, language: str) -> bool:
    return is_long(text, language) or bool(ENDS_A_SENTENCE.search(text) and is_long(text, language, 3))
