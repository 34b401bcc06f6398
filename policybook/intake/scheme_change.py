"""The coding scheme grows: what a form would find in the corpus, and a new concept in data/lexicon/concepts.yml."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from pypinyin import Style, lazy_pinyin

from policybook.coding.concepts import ConceptFinder, code_concepts
from policybook.coding.scheme import Concept, NotationError, Scheme, load_scheme, parse, plain_form, read_scheme
from policybook.coding.scheme import spell_out as spellings
from policybook.corpus.corpus import Corpus, records
from policybook.corpus.manifest import SLUG
from policybook.errors import AnswerError, InvalidDataError, suggest
from policybook.intake.edit import put_checked, writing
from policybook.intake.entries import EntryLine, append_entry, one_line
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
        concept = _complete(new, load_scheme(project))
        path = (project.lexicon / "concepts.yml").resolve()
        text = append_entry(path.read_bytes().decode("utf-8"), _lines_of(concept), "concepts")
        if new.new_theme:
            text = append_entry(text, _lines_of_theme(new), "themes")
        try:
            read_scheme(YamlFile(text.encode("utf-8"), project.name(path)))
        except InvalidDataError as error:
            first = error.problems[0]
            raise AnswerError(f"{first.message} {first.fix}".strip()) from None
        put_checked(path, text, lambda: load_scheme(project))
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
    if wrong := next(filter(_HAN.search, en), ""):
        raise AnswerError(f"{wrong!r} is no English form. Give it with --zh.")
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


def _lines_of(concept: Concept) -> list[EntryLine]:
    order = ("id", "term_zh", "term_en", "pinyin", "theme", "broader", "zh", "en", "note")
    return [EntryLine(name, value) for name in order if (value := getattr(concept, name))]


def _lines_of_theme(new: NewConcept) -> list[EntryLine]:
    told = {"id": new.theme, "label": new.new_theme, "label_zh": new.new_theme_zh}
    return [EntryLine(name, value) for name, value in told.items() if value]
