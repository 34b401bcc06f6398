"""How lines of site furniture look: languages, labels, licences, prompts, widgets. Regular expressions only."""

from __future__ import annotations

import re

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
TAGS = re.compile(
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
