"""What the elements of a page mean for its text: which start a paragraph, which are hidden, which are furniture."""

from __future__ import annotations

import re
from collections.abc import Mapping

from policybook.corpus.reading.words import words

BLOCKS = words(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav noscript ol optgroup "
    "option p pre section select summary table tbody td textarea tfoot th thead tr ul xmp head title button"
)
VOID = words("area base br col embed hr img input link meta param source track wbr frame basefont bgsound")
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
#: Start tag -> open elements that it ends, up to the elements that hold it.
CLOSES: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol", "menu", "dir"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "tr": (frozenset({"tr", "td", "th", "caption"}), frozenset({"table"})),
    "td": (frozenset({"td", "th", "caption"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th", "caption"}), frozenset({"tr", "table"})),
    "tbody": (frozenset({"tbody", "thead", "tfoot", "tr", "td", "th", "caption"}), frozenset({"table"})),
    "tfoot": (frozenset({"tbody", "thead", "tfoot", "tr", "td", "th", "caption"}), frozenset({"table"})),
    "option": (frozenset({"option"}), frozenset({"select"})),
    "body": (frozenset({"head"}), frozenset({"html"})),
}
#: Elements whose content is never text.
NOT_TEXT = words("script style template iframe noembed noframes object svg math canvas audio video rt rp datalist")
_FURNITURE_TAGS = {
    "nav": "navigation",
    "footer": "page foot",
    "header": "page head",
    "aside": "side column",
    "form": "form",
    "select": "form",
    "button": "form",
    "textarea": "form",
    "menu": "navigation",
    "dialog": "notice over the page",
    "noscript": "shown only without scripts",
}
_ROLES = {
    "navigation": "navigation",
    "banner": "page head",
    "contentinfo": "page foot",
    "complementary": "side column",
    "search": "form",
    "dialog": "notice over the page",
    "alertdialog": "notice over the page",
    "menu": "navigation",
    "menubar": "navigation",
    "toolbar": "form",
}
_WORDS = {
    "navigation": "nav navbar navigation topnav subnav menu menus breadcrumb breadcrumbs crumb crumbs pagination pager "
    "paging skip sitemap daohang weizhi langs languages langswitch",
    "page head": "masthead topbar toolbar banner logo pagehead siteheader",
    "page foot": "footer foot pagefoot copyright bottom sitefooter colophon beian",
    "side column": "sidebar aside sidebox rightbar leftbar",
    "share widget": "share sharing social bdshare bdsharebuttonbox sharebar addthis qrcode weixin wechat socials "
    "jiathis",
    "notice over the page": "cookie cookies consent gdpr popup modal overlay toast cookiebar cookiebanner",
    "advertisement": "ad ads advert adverts advertisement sponsored promo guanggao adsbygoogle",
    "links to other pages": "related relate recommend recommended recommendation recommendations readmore hotnews "
    "toplist "
    "friendlink friendlinks xgwz xgyd tuijian ranking mostread",
    "reader comments": "comments commentlist disqus pinglun",
    "form": "login signin searchbox search subscribe newsletter",
}
_REASON_OF = {word: reason for reason, names in _WORDS.items() for word in names.split()}
#: A class beside one of these words says where the text is, not that it is no text: "content with-sidebar".
_CONTENT_WORDS = words("content article main body text entry post wrapper container page layout has with no")
_PLACES = words("content wrapper main article")
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0+(?:px|pt|em|%)?\s*(?:;|$)|"
    r"(?<![-\w])opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)|mso-hide\s*:\s*all",
    re.IGNORECASE,
)


def is_hidden(name: str, attributes: Mapping[str, str]) -> bool:
    """Tell whether an element's content is never shown as text."""
    if name in NOT_TEXT or "hidden" in attributes or (name == "input" and attributes.get("type") == "hidden"):
        return True
    return bool(_HIDDEN_STYLE.search(attributes.get("style", "")))


def furniture_reason(name: str, attributes: Mapping[str, str], inside_article: bool) -> str:
    """Return why an element is furniture and not text, or nothing."""
    if name in {"html", "body", "main", "article", "h1", "td", "th", "tr", "tbody"}:
        return ""
    if name == "header" and inside_article:
        return ""
    if reason := _FURNITURE_TAGS.get(name) or _ROLES.get(attributes.get("role", "").lower(), ""):
        return reason
    for value in (attributes.get("class", ""), attributes.get("id", "")):
        if reason := _named_reason(value):
            return reason
    return ""


def _named_reason(value: str) -> str:
    """Return the reason that the class or id of an element gives, word by word."""
    for one in value[:500].split():
        parts = re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", one).lower())
        if parts and not _CONTENT_WORDS & set(parts[:-1]) and parts[-1] not in _PLACES:
            for word in (parts[-1], parts[0], "".join(parts)):
                if word in _REASON_OF:
                    return _REASON_OF[word]
    return ""


#: Classes and ids by which common content systems, Chinese government ones among them, mark the text itself.
_MAIN_NAMES = words(
    "ucap-content pages_content trs_editor zoom article-content articlecontent article_content content-article "
    "js_content artibody article-body articlebody entry-content post-content news_content newscontent "
    "view trs_view_editor mw-content-text rm_txt_con text_area main-content maincontent"
)


def is_main(name: str, attributes: Mapping[str, str]) -> bool:
    """Tell whether an element is marked as the page's main text."""
    if name in {"main", "article"} or attributes.get("role", "").lower() == "main":
        return True
    names = f"{attributes.get('class', '')[:500]} {attributes.get('id', '')[:200]}".lower().split()
    return not _MAIN_NAMES.isdisjoint(names)
