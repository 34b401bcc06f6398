"""What a reader is told: words come from templates in a folder a language, and numbers are written one way.

A folder holds YAML files, one a subject: `comparison.yml` with `answer: {none: "…"}` gives the text
`comparison.answer.none`. Texts are Jinja templates; they are filled with values and never taken from a document.
`grammar.yml` says what a language needs besides, and `pages/*.html` are the fragments that pages are made of. What a
language's folder lacks is said in English.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateError, meta

from policybook.analysis.briefs import BriefFigure
from policybook.analysis.counts import Finding
from policybook.errors import ComparisonError, InvalidDataError, Problem, raise_problems, suggest
from policybook.project import LANGUAGE_NAME, Project, note_read
from policybook.tables import YamlFile

#: The package's own folders of words, and the language that has them all.
_WORDS = Path(__file__).parent
_ENGLISH = _WORDS / "en"


def use_language(*chosen: Path | str) -> None:
    """Take words from these folders, the first that has them, and what they lack from English.

    A folder is given by its path, or by the name of a language for the package's own. Raises InvalidDataError with
    every mistake in files of others: a key or a value that English does not have, a template that cannot be read.
    """
    global _chosen, _spoken
    folders = tuple(_WORDS / one if isinstance(one, str) else one for one in chosen)
    _words(folders, _brought)
    _chosen, _spoken = folders, ""


def use_words_of(project: Project, language: str = "") -> None:
    """Take words in a language, by default that of a project's _config.yml (`sphinx: config: language:`), or English.

    The project's own folder words/LANGUAGE comes before the package's, so that an analyst can add a language, or
    change a sentence, without touching the package. What the Python beside its notebooks says stands in
    notebooks/NAME/words/LANGUAGE, as English that the package does not have. Raises InvalidDataError as use_language
    does.
    """
    global _brought, _spoken
    _brought = tuple(one / _ENGLISH.name for one in sorted(project.notebooks.glob("*/words"))) or _brought
    use_language(*(folder for folder in folders_of_words(project, language or language_of_project(project))
                   if folder not in (*_brought, _ENGLISH)))  # fmt: skip
    _spoken = language


@contextmanager
def speaking(project: Project, language: str) -> Iterator[None]:
    """Take words in a language inside, as use_words_of does, where it is not the project's own ("")."""
    global _chosen, _spoken
    before = _chosen, _spoken
    if language:
        use_words_of(project, language)
    try:
        yield
    finally:
        _chosen, _spoken = before


def folders_of_words(project: Project, language: str) -> list[Path]:
    """Return the folders that hold words in a language: of the project, of its notebooks' Python, of the package."""
    folders = (project.root / "words", *sorted(project.notebooks.glob("*/words")), _WORDS)
    return [folder / language for folder in folders if (folder / language).is_dir()]


def keys_of_words(project: Project, language: str) -> set[str]:
    """Return the keys of the texts that there are in a language, and pages/NAME of the fragments."""
    folders = folders_of_words(project, language)
    pages = {f"pages/{path.stem}" for folder in folders for path in folder.glob("pages/*.html")}
    return pages | {".".join(one.where) for folder in folders for file in _files(folder) for one in _texts(file)}


def spoken_language() -> str:
    """Return the language that was chosen in place of the project's own; empty where none was."""
    return _spoken


def bring_words(folder: Path) -> None:
    """Take in the English words that a book's own Python brings along, a folder laid out as the package's own."""
    global _brought
    _brought = tuple(dict.fromkeys((*_brought, folder)))


def say(key: str, /, **values: object) -> str:
    """Return the text of `key` in the chosen language, filled with `values`; nothing is escaped.

    Raises KeyError for an unknown key and jinja2's UndefinedError for a value that the text needs and nobody gave.
    """
    return _words(_chosen, _brought).text(key).render(**values)


def say_finding(subject: str, found: Finding | ComparisonError | None) -> str:
    """Return the text of a code that the analysis gave, by its subject: `comparison.clash`; empty of none."""
    return say(f"{subject}.{found.code}", **found.values) if found else ""


def words_in_use() -> str:
    """Return a hash of all texts and of the grammar that are spoken in."""
    return _words(_chosen, _brought).told


def has_text(key: str) -> bool:
    """Return whether there is a text of this key."""
    return key in _words(_chosen, _brought).sources


def labels_of(group: str) -> dict[str, str]:
    """Return code → text of all texts below a key, in their order. Raises KeyError where there are none."""
    words, prefix = _words(_chosen, _brought), f"{group}."
    found = {key.removeprefix(prefix): words.text(key).render() for key in words.sources if key.startswith(prefix)}
    if not found:
        raise KeyError(f"no group of names {group!r}")
    return found


def names_of(group: str) -> dict[str, str]:
    """Return code → name of a group of names.yml, in its order. Raises KeyError where there is no such group."""
    return labels_of(f"names.{group}")


def name_of(group: str, code: str) -> str:
    """Return the name of a code; of one that is not named the code itself."""
    return names_of(group).get(code, code)


def page_template(name: str) -> Template:
    """Return the fragment pages/NAME.html in the chosen language; it escapes every value."""
    pages = _words(_chosen, _brought).pages
    if _spoken and pages.loader:
        source = pages.loader.get_source(pages, f"{name}.html")[0]
        if _SAYS_SOMETHING.search(_MARKUP.sub("", source)):
            note_read(f"{SAYS} pages/{name}")
    return pages.get_template(f"{name}.html")


def counted(number: int, *forms: str) -> str:
    """Return a number with its noun: 1 block, 2,304 blocks.

    `forms` are those that the language tells apart, in the order of its rule in grammar.yml; of one form only the
    others are made by adding the language's regular ending.
    """
    thousands = str(_words(_chosen, _brought).grammar["thousands"])
    return f"{number:,}".replace(",", thousands) + f" {plural(number, *forms)}"


def plural(number: float, *forms: str) -> str:
    """Return that of `forms` which goes with a number (see counted)."""
    words = _words(_chosen, _brought)
    known = forms if len(forms) > 1 else (forms[0], *(forms[0] + end for end in words.grammar["regular_endings"]))
    return known[min(int(words.plural_rule(n=abs(number)) or 0), len(known) - 1)]


def listed(words: Iterable[object], joiner: str = "and") -> str:
    """Return "a, b and c"; with the joiner "or" "a, b or c"."""
    parts = [str(word) for word in words]
    joiners = _words(_chosen, _brought).grammar["list"]
    if len(parts) < 2:
        return "".join(parts)
    return str(joiners["between"]).join(parts[:-1]) + str(joiners[joiner]) + parts[-1]


def quoted(text: object) -> str:
    """Return a text in the language's quotation marks."""
    before, after = _words(_chosen, _brought).grammar["quotes"]
    return f"{before}{text}{after}"


def percent(share: float, digits: int = 0) -> str:
    """Return a share (0 to 1) in percent: 67 %."""
    return str(_words(_chosen, _brought).grammar["percent"]).format(f"{100 * share:.{digits}f}")


def points(share: float, digits: int | None = None, *, signed: bool = False) -> str:
    """Return a difference of shares (−1 to 1) in percentage points: 12, and with a decimal below ten, −3.4.

    With `digits` so many decimals whatever its size. `signed`: with its sign, +12, +2.3, and without idle decimals, 0.
    """
    value = 100 * float(share)
    text = f"{value:{'+' if signed else ''}.{int(abs(value) < 9.95) if digits is None else digits}f}"
    text = text.removesuffix(".0") if signed and digits is None else text
    return "0" if signed and not float(text) else text.replace("-", "−")


def mark(name: str) -> str:
    """Return a mark of punctuation as the language sets it, with the space that goes with it."""
    return str(_words(_chosen, _brought).grammar["marks"][name])


def term_in_words(english: str, chinese: str) -> tuple[str, str]:
    """Return what a term of the coding scheme is called in the language, and what stands, small, below that.

    In English that is its Chinese; where Chinese is spoken it has its Chinese name alone.
    """
    own = chinese if chinese and _words(_chosen, _brought).grammar["terms"] == "zh" else english
    return own, chinese if own is english else ""


def language_tag() -> str:
    """Return the language that is spoken, as HTML names it: zh-CN."""
    return str(_words(_chosen, _brought).grammar["tag"])


def language_name(code: str) -> str:
    """Return the name of a language, in the language that is spoken; of an unknown one its code."""
    return str(_words(_chosen, _brought).grammar["languages"].get(code, code))


@dataclass(frozen=True)
class _Source:
    """One template as it is written, and where."""

    text: str
    file: YamlFile
    where: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Words:
    """The words of some folders, the first one first, and behind them English and what a book adds to it."""

    folders: tuple[Path, ...]
    added: tuple[Path, ...] = ()
    _made: dict[str, Template] = field(default_factory=dict)

    def text(self, key: str) -> Template:
        """Return a template, made when it is first wanted; of another language than the project's it is noted."""
        if _spoken:
            note_read(f"{SAYS} {key}")
        if key not in self._made:
            if key not in self.sources:
                raise KeyError(f"no text {key!r}. {suggest(key, self.sources)}")
            self._made[key] = self.environment.from_string(self.sources[key].text)
        return self._made[key]

    @cached_property
    def sources(self) -> dict[str, _Source]:
        """The templates by key; English gives their order."""
        found: dict[str, _Source] = {}
        for folder in (_ENGLISH, *self.added, *reversed(self.folders)):
            found |= {".".join(one.where): one for file in _files(folder) for one in _texts(file)}
        return found

    @cached_property
    def grammar(self) -> dict[str, Any]:
        """What the language needs besides sentences; a field that a folder gives takes the place of the English one."""
        found: dict[str, Any] = {}
        for folder in (_ENGLISH, *reversed(self.folders)):
            for file in _files(folder, grammar=True):
                found |= dict(file.content or {})
        return found

    @cached_property
    def told(self) -> str:
        """A hash of every text and of the grammar."""
        texts = {key: one.text for key, one in self.sources.items()}
        return hashlib.sha256(repr((sorted(texts.items()), self.grammar)).encode()).hexdigest()

    @cached_property
    def plural_rule(self) -> Any:
        """Which of a noun's forms goes with n, counted from 0."""
        return self.environment.compile_expression(str(self.grammar["plural"]))

    @cached_property
    def environment(self) -> Environment:
        """Texts: nothing is escaped, because pages escape what they print."""
        return _environment(autoescape=False)

    @cached_property
    def pages(self) -> Environment:
        """Fragments of HTML: everything is escaped."""
        loader = FileSystemLoader([folder / "pages" for folder in (*self.folders, *self.added, _ENGLISH)])
        return _environment(autoescape=True, loader=loader, trim_blocks=True, lstrip_blocks=True)

    def check(self, folders: Iterable[Path]) -> None:
        """Raise InvalidDataError with every mistake in these of its folders, none of which is English."""
        english = _words((), self.added)
        problems: list[Problem] = []
        for folder in folders:
            for file in _files(folder, grammar=True):
                problems += _check_grammar(file, english.grammar)
            problems += (bad for file in _files(folder) for one in _texts(file) for bad in _check_text(one, english))
        raise_problems(problems)


def _environment(**options: Any) -> Environment:
    made = Environment(undefined=StrictUndefined, **options)
    filters = (counted, plural, listed, quoted, percent, points, language_name, dates_in_words)
    made.filters |= {one.__name__: one for one in filters}
    made.globals |= {"say": say, "name_of": name_of, "mark": mark}
    return made


@cache
def _words(folders: tuple[Path, ...], added: tuple[Path, ...] = ()) -> _Words:
    words = _Words(folders, added)
    if others := [folder for folder in folders if folder.parent != _WORDS]:  # the package's own are tested
        words.check(others)
    return words


def _files(folder: Path, *, grammar: bool = False) -> Iterator[YamlFile]:
    for path in sorted(folder.glob("*.yml")):
        if (path.stem == "grammar") is grammar:
            yield YamlFile(path, f"{folder.parent.name}/{folder.name}/{path.name}")


def _texts(file: YamlFile) -> Iterator[_Source]:
    """Yield every template of a file. Raises InvalidDataError for what is neither a text nor a mapping of texts."""
    content = {} if file.content is None else file.content
    subject = Path(file.name).stem

    def below(value: Any, where: tuple[str, ...]) -> Iterator[_Source]:
        if isinstance(value, Mapping):
            for name, inner in value.items():
                yield from below(inner, (*where, str(name)))
        elif isinstance(value, str) and where:
            yield _Source(value, file, (subject, *where))
        else:
            message = "a text is expected here." if where else "names with their texts are expected."
            raise InvalidDataError([file.problem(where, message, "Put the words in quotes.")])

    yield from below(content, ())


def _check_text(one: _Source, english: _Words) -> Iterator[Problem]:
    """Yield what is wrong with a template of another language: its key, its spelling, the values it asks for."""
    key, where = ".".join(one.where), one.where[1:]
    if key not in english.sources:
        yield one.file.problem(where, "English has no such text.", suggest(key, english.sources))
        return
    try:
        wanted = _values_of(one.text, english.environment)
    except TemplateError as error:
        yield one.file.problem(where, f"the template cannot be read: {error}.", "Compare it with the English one.")
        return
    known = _values_of(english.sources[key].text, english.environment) if wanted else set[str]()
    for name in sorted(wanted - known):
        yield one.file.problem(where, f"no value {name!r} is given to this text.", suggest(name, sorted(known)))


def _check_grammar(file: YamlFile, english: Mapping[str, Any]) -> Iterator[Problem]:
    content = file.content or {}
    if not isinstance(content, Mapping):
        yield file.problem((), "names with their values are expected.", "Compare it with words/en/grammar.yml.")
        return
    for name, value in content.items():
        if name not in english:
            yield file.problem((str(name),), "English has no such field.", suggest(name, english))
        elif type(value) is not type(english[name]):
            yield file.problem((str(name),), f"{value!r} is not of its kind.", "Compare it with words/en/grammar.yml.")


def _values_of(text: str, environment: Environment) -> set[str]:
    return meta.find_undeclared_variables(environment.parse(text)) - set(environment.globals)


def language_of_project(project: Project) -> str:
    """Return the language that a project's _config.yml names, "en" where it names none."""
    try:
        config = YamlFile(project.root / "_config.yml", "_config.yml").content
    except InvalidDataError:
        return _ENGLISH.name  # `policybook check` says what is wrong with it
    for step in ("sphinx", "config", "language"):
        config = config.get(step) if isinstance(config, dict) else None
    return config if isinstance(config, str) and LANGUAGE_NAME.fullmatch(config) else _ENGLISH.name


_chosen: tuple[Path, ...] = ()
_spoken = ""
#: Of a fragment, what says nothing in any language; what is said to who cannot see it stays.
_MARKUP = re.compile(r"<code>.*?</code>|\{[{%#].*?[}%#]\}|<(?:(?!aria-label=\"[^{\"])[^>])*>", re.DOTALL)
_SAYS_SOMETHING = re.compile(r"[A-Za-z]{2}")
#: How a text that a page says is noted as read (see policybook.project.note_read), before its key.
SAYS = "says"
#: Folders of English words that a book's own Python brings along.
_brought: tuple[Path, ...] = ()


# What pages say of what was coded: the names of codes, actors, terms, directives, and quantities in a sentence ---

_LARGE = {"billion": 1_000_000_000, "million": 1_000_000}
#: Kinds and units of which a small number is not written as a word.
_EXACT = ("percent", "money", "area", "ordinal")


def name_code(code: str) -> str:
    """Return a subtype, kind, qualifier or unit as a page writes it."""
    return names_of("code").get(code, code.replace("_", " "))


def caution_words(cautions: Iterable[Finding], kind: str, noun: str = "directives") -> list[str]:
    """Return a sentence a caution (see find_cautions); `kind` says what a part is, `noun` what is counted in it."""
    counted = say(f"coded.caution.{noun}")
    return [say(f"coded.caution.{one.code}", kind=kind, noun=counted, **one.values) for one in cautions]


def figure_in_words(figure: BriefFigure) -> str:
    """Return a quantity with its qualifier: about 100 million, nearly 70 %, 28, four, 2014–2020, 29 August 2024."""
    said = _value(figure)
    if has_text(key := f"quantities.unit.{figure.unit}"):
        said = say(key, value=said, number=figure.value)
    key = f"quantities.qualifier.{figure.qualifier}"
    return say(key, value=said) if has_text(key) else said


def number_in_words(value: float, *, small: bool = False) -> str:
    """Return a number with thousands marked and millions named; with `small` whole numbers to twelve as words."""
    words = say("quantities.small").split() if small else []
    if value in range(len(words)):
        return words[int(value)]
    for name, size in _LARGE.items():
        if abs(value) >= size and round(value / size, 3) == value / size:
            return say(f"quantities.large.{name}", number=f"{value / size:g}")
    return f"{value:,.0f}" if value == int(value) else f"{value:,g}"


def _value(figure: BriefFigure) -> str:
    value = figure.value
    if figure.kind in ("year", "doc_number"):
        return str(value)
    if figure.kind == "date":
        return _day(str(value))
    if isinstance(value, list | tuple):
        years = figure.kind == "year_range"
        low, high = (str(one) if years else number_in_words(float(one)) for one in value)
        return say("quantities.years" if years else "quantities.range", low=low, high=high)
    if isinstance(value, str):
        return value
    exact_unit = has_text(f"quantities.unit.{figure.unit}") or figure.kind in _EXACT
    return number_in_words(float(value), small=not exact_unit)


def dates_in_words(value: str) -> str:
    """Return a day, a month, a year, or a span of two of them: August 2014 to 2015."""
    first, _, last = value.partition("/")
    if last and len(first) == len(last) == len("2013-12-12") and first[:7] == last[:7]:
        return say("quantities.days", low=int(first[8:]), high=int(last[8:]), month=_day(last[:7]))
    return say("quantities.range", low=_day(first), high=_day(last)) if last else _day(first)


def _day(value: str) -> str:
    """Return 2024-08-29 as 29 August 2024 and 2024-08 as August 2024; whatever else as it is."""
    parts = value.split("-")
    if len(parts) == 1 and value.isdigit():
        return say("quantities.year", year=value)
    try:
        day = date(*map(int, [*parts, "1"][: max(3, len(parts))]))
    except (TypeError, ValueError):
        return value
    month = say("quantities.months").split()[day.month - 1]
    return say("quantities.day" if len(parts) == 3 else "quantities.month", day=day.day, month=month, year=day.year)
