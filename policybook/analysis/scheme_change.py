"""The coding scheme grows: what a form would find in the corpus, and a new concept in data/lexicon/concepts.yml."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import yaml
from pypinyin import Style, lazy_pinyin
from yaml.nodes import MappingNode, Node, SequenceNode

from policybook.coding.concepts import ConceptFinder, code_concepts
from policybook.coding.scheme import Concept, NotationError, Scheme, load_scheme, parse, plain_form, read_scheme
from policybook.coding.scheme import spell_out as spellings
from policybook.corpus.corpus import Corpus, records
from policybook.corpus.manifest import SLUG
from policybook.errors import AnswerError, InvalidDataError, suggest
from policybook.intake.edit import EditError, one_line, scalar, writing
from policybook.project import Project
from policybook.tables import YamlFile

_HAN = re.compile("[\u3400-\u9fff]")

# What a form would find ---------------------------------------------------------------------------

#: Of a place where a form stands: `left` and `right` stand around `text`; `state` is `new`, where no concept carries
#: it; `taken`, where it would be counted in place of `concepts`; `held`, where these keep it; or `shared`, where
#: one of them has the same words, so that neither is certain.
TRIED_COLUMNS = ("document", "sentence", "state", "concepts", "left", "text", "right")
#: So many characters are shown on each side.
_AROUND = {"zh": 22, "en": 45}


def language_of_form(form: str) -> str:
    """Return the language that a form is written in: zh where it has a Chinese character."""
    return "zh" if _HAN.search(form) else "en"


def try_form(form: str, corpus: Corpus, scheme: Scheme, language: str = "") -> pd.DataFrame:
    """Return a row with TRIED_COLUMNS for every place of `corpus` where the coder would find `form`, in reading order.

    `language` is that of the form, by default the one it is written in. Raises AnswerError when it cannot be read.
    """
    language = language or language_of_form(form)
    _check_notation(form, language, scheme.groups)
    called = dict.fromkeys(("term_en", "term_zh", "pinyin", "theme"), form)  # nobody sees these
    tried = Concept.model_validate({"id": _unused(scheme), language: [form], **called})
    alone = _coded(corpus, Scheme((), (tried,), scheme.groups))
    there = replace(corpus, sentences=corpus.evidence(alone))
    among = _coded(there, Scheme(scheme.themes, (*scheme.concepts, tried), scheme.groups))
    kept = {(row.sentence, row.start, row.end) for row in records(among) if row.concept == tried.id}
    texts = dict(zip(there.sentences["sentence"], there.sentences["text"], strict=True))
    held: dict[str, list[Any]] = {}
    for mention in records(corpus.mentions[corpus.mentions["sentence"].isin(texts)]):
        held.setdefault(mention.sentence, []).append(mention)
    rows, room = [], _AROUND[language]
    for row in records(alone):
        others = [one for one in held.get(row.sentence, ()) if one.start < row.end and one.end > row.start]
        same = any((one.start, one.end) == (row.start, row.end) for one in others)
        won = (row.sentence, row.start, row.end) in kept
        state = "shared" if same else "held" if not won else "taken" if others else "new"
        text = texts[row.sentence]
        before, after = text[max(0, row.start - room) : row.start], text[row.end : row.end + room]
        rows.append((row.document, row.sentence, state, tuple(dict.fromkeys(one.concept for one in others)),
                     "…" * (row.start > room) + before, text[row.start : row.end],
                     after + "…" * (len(text) > row.end + room)))  # fmt: skip
    return pd.DataFrame(rows, columns=list(TRIED_COLUMNS))


def _coded(corpus: Corpus, scheme: Scheme) -> pd.DataFrame:
    return code_concepts(corpus, scheme, ConceptFinder(scheme)).mentions


def _unused(scheme: Scheme) -> str:
    name = "tried"
    while name in scheme.by_id:
        name += "-tried"
    return name


def _check_notation(form: str, language: str, groups: Mapping[str, str]) -> None:
    try:
        parse(form, language, groups)
    except NotationError as error:
        why = str(error).rstrip(".")
        raise AnswerError(f"the form {form!r} cannot be read: {why}. See the head of concepts.yml.") from None


# A concept comes: one entry, and its theme where that is new, and no other byte ---------------------

@dataclass(frozen=True)
class NewConcept:
    """What is said of a concept that is to come; what is empty is made of the rest where it can be."""

    id: str
    theme: str
    en: Sequence[str] = ()
    zh: Sequence[str] = ()
    term_en: str = ""
    term_zh: str = ""
    pinyin: str = ""
    broader: str = ""
    note: str = ""
    #: What the theme is called, where it is new.
    new_theme: str = ""
    new_theme_zh: str = ""


def add_concept(project: Project, new: NewConcept) -> Concept:
    """Write a concept into data/lexicon/concepts.yml, comments and all else as they were, and return it.

    Raises AnswerError for what cannot be used: an id that is none or taken, an unknown theme or broader concept, a form
    that is not in the notation or that another concept has; EditError where the file cannot be edited safely.
    """
    with writing(project):
        scheme = load_scheme(project)
        concept = _complete(new, scheme)
        path = (project.lexicon / "concepts.yml").resolve()
        content = path.read_bytes()
        edited = _edited(content.decode("utf-8-sig"), concept, new).encode()
        edited = content[:3] + edited if content.startswith("\ufeff".encode()) else edited
        _check_edited(content, edited, concept, new)
        part = path.with_name(f".policybook-{path.name}.part")
        try:
            part.write_bytes(edited)
            shutil.copymode(path, part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    return concept


def _complete(new: NewConcept, scheme: Scheme) -> Concept:
    """Return the concept that is meant. Raises AnswerError."""
    en, zh = ([one_line(form) for form in forms if one_line(form)] for forms in (new.en, new.zh))
    if not SLUG.fullmatch(new.id):
        raise AnswerError(f"{new.id!r} is no id. Use lower-case letters, digits and single hyphens.")
    if new.id in scheme.by_id:
        raise AnswerError(f"the scheme has a concept {new.id!r} already. Choose another id, or edit it by hand.")
    if not (en or zh):
        raise AnswerError(f"no form is given of {new.id!r}. Give one with --en or --zh.")
    themes = [theme.id for theme in scheme.themes]
    if new.new_theme and new.theme in themes:
        raise AnswerError(f"the scheme has a theme {new.theme!r} already. Leave out --new-theme.")
    if new.new_theme and not SLUG.fullmatch(new.theme):
        raise AnswerError(f"{new.theme!r} is no id of a theme. Use lower-case letters, digits and single hyphens.")
    if not new.new_theme and new.theme not in themes:
        raise AnswerError(f"no theme {new.theme!r}. {suggest(new.theme, themes)} Or make it with --new-theme LABEL.")
    if new.broader and new.broader not in scheme.by_id:
        raise AnswerError(f"no concept {new.broader!r}. {suggest(new.broader, scheme.by_id)}")
    for form, language in (*((form, "en") for form in en), *((form, "zh") for form in zh)):
        _check_notation(form, language, scheme.groups)
    english = one_line(new.term_en) or _first_plain(en, "en") or new.id.replace("-", " ")
    chinese = one_line(new.term_zh) or _first_plain(zh, "zh")
    if zh and not chinese:
        raise AnswerError("none of the Chinese forms is a plain word. Say what it is called with --term-zh.")
    read = one_line(new.pinyin) or " ".join(lazy_pinyin(chinese, style=Style.TONE))
    told = {"term_zh": chinese, "term_en": english, "pinyin": read, "theme": new.theme, "zh": zh, "en": en,
            "broader": new.broader, "note": one_line(new.note)}  # fmt: skip
    return Concept.model_validate({"id": new.id} | {name: value for name, value in told.items() if value})


def _first_plain(forms: Sequence[str], language: str) -> str:
    """Return the first form that stands for one wording only."""
    plain = (form for form in forms if not re.search(r"[()|?…<>]|\.\.\.", form))
    return next((form for form in plain if any(plain_form(s, language) for s in spellings(parse(form, language)))), "")


def _fields(concept: Concept) -> dict[str, Any]:
    order = ("id", "term_zh", "term_en", "pinyin", "theme", "broader", "zh", "en", "note")
    return {name: value for name in order if (value := getattr(concept, name))}


def _theme_fields(new: NewConcept) -> dict[str, Any]:
    label, chinese = one_line(new.new_theme), one_line(new.new_theme_zh)
    return {"id": new.theme, "label": label} | ({"label_zh": chinese} if chinese else {})


def _edited(text: str, concept: Concept, new: NewConcept) -> str:
    fields = [f"{name}: {scalar(value)}" for name, value in _fields(concept).items()]
    text = _append(text, "concepts", fields)
    if new.new_theme:
        inner = ", ".join(f"{name}: {scalar(value)}" for name, value in _theme_fields(new).items())
        text = _append(text, "themes", [f"{{{inner}}}"])
    return text


def _append(text: str, key: str, lines: Sequence[str]) -> str:
    """Return YAML with one more entry of these lines at the end of the list `key`."""
    node, newline = _list(text, key), "\r\n" if "\r\n" in text else "\n"
    if isinstance(node, SequenceNode) and node.value and not node.flow_style:
        dash = text.rindex("-", 0, node.value[-1].start_mark.index)
        indent = dash - (text.rfind("\n", 0, dash) + 1)
        cut = _end_of_content(text, node, indent)
        gap = newline * (text[: text.rfind("\n", 0, dash) + 1].endswith(newline * 2) and len(node.value) > 1)
    elif isinstance(node, SequenceNode) and node.value:
        raise EditError(f"data/lexicon/concepts.yml: {key!r} stands in brackets. Write one '- id:' a line.")
    else:  # nothing yet: KEY: or KEY: []
        start, end = node.start_mark.index, node.end_mark.index
        if isinstance(node, SequenceNode):
            text = text[:start].rstrip(" ") + text[end:]
            start = len(text[:start].rstrip(" "))
        found = text.find("\n", max(start - 1, 0))
        indent, cut, gap = 2, len(text) if found < 0 else found + 1, ""
    before, after, lead = text[:cut], text[cut:], " " * indent
    entry = newline.join(f"{lead}{'- ' if n == 0 else '  '}{line}" for n, line in enumerate(lines))
    return f"{before}{newline * (not before.endswith(newline))}{gap}{entry}{newline}{after}"


def _list(text: str, key: str) -> Node:
    root = yaml.compose(text, Loader=yaml.SafeLoader)  # in Python, because its marks count code points
    for name, value in root.value if isinstance(root, MappingNode) else ():
        if name.value == key and (isinstance(value, SequenceNode) or value.tag.endswith(":null")):
            return value  # type: ignore[no-any-return] # the library has no types
    raise EditError(f"data/lexicon/concepts.yml: a list named {key!r} is expected. Write '{key}:' on its own line.")


def _end_of_content(text: str, node: SequenceNode, indent: int) -> int:
    """Return where a list ends: behind its last content, before blank lines and the comments of what follows."""
    end = node.end_mark.index
    end = len(text) if not text[end:].strip() and end >= len(text) else text.rfind("\n", 0, end) + 1
    while end:
        start = text.rfind("\n", 0, end - 1) + 1
        line = text[start:end]
        comment = line.lstrip(" ").startswith("#") and len(line) - len(line.lstrip(" ")) <= indent
        if line.strip() and not comment:
            break
        end = start
    return end


def _check_edited(before: bytes, after: bytes, concept: Concept, new: NewConcept) -> None:
    """Raise AnswerError where the scheme with the new entry has a mistake, EditError where more than it has changed."""
    name = "data/lexicon/concepts.yml"
    old, file = YamlFile(before, name).content, YamlFile(after, name)
    wanted = {**old, "concepts": [*(old.get("concepts") or []), _fields(concept)]}
    if new.new_theme:
        wanted["themes"] = [*(old.get("themes") or []), _theme_fields(new)]
    if file.content != wanted:
        raise EditError(f"{name}: it is laid out in a way that cannot be edited safely. Change it by hand.")
    try:
        read_scheme(file)
    except InvalidDataError as error:
        first = error.problems[0]
        raise AnswerError(f"{first.message} {first.fix}".strip()) from None

