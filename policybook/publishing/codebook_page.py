"""What the page of the codebook shows: every code with what bears it, what does not, and the words that carry it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from policybook.charts.theme import download_link
from policybook.coding.codebook import Codebook, Details, Entry, codebook_file, load_codebook
from policybook.coding.codes import INSTRUMENTS, KINDS, QUALIFIERS, STRENGTHS
from policybook.coding.scheme import Concept
from policybook.publishing.book import Book
from policybook.publishing.markup import Html, render

#: Forms of a concept as the scheme has them, and what they are called.
FORMS = {
    "zh": "Chinese",
    "en": "English",
    "ambiguous_zh": "Chinese, ambiguous",
    "ambiguous_en": "English, ambiguous",
    "not_zh": "Not meant, Chinese",
    "not_en": "Not meant, English",
}
EXCLUDED = {"corpus": "not compared: a word that defines the corpus", "institution": "not compared: an institution"}
COLUMNS = ("of", "code", "term_zh", "term_en", "theme", "definition", "example", "counter_example")


@dataclass(frozen=True)
class CodebookPage:
    """The page of the codebook. A code without an entry in data/gold/codebook.yml is shown by its name alone."""

    book: Book

    @cached_property
    def codebook(self) -> Codebook:
        """The entries; none where the project has no codebook."""
        if not codebook_file(self.book.project).is_file():
            return Codebook((), None, Details())
        return load_codebook(self.book.project)

    @property
    def values(self) -> dict[str, object]:
        """What the page's prose says."""
        concepts = self.book.scheme.concepts
        return {
            "n_concepts": len(concepts),
            "n_themes": len(self.book.scheme.themes),
            "n_entries": len(self.codebook.entries),
        }

    def concepts(self) -> Html:
        """Every concept, theme by theme, with its forms."""
        scheme = self.book.scheme
        groups = [
            {
                "id": f"theme-{theme.id}",
                "label": theme.label,
                "label_zh": theme.label_zh,
                "codes": [self._concept(concept) for concept in scheme.concepts if concept.theme == theme.id],
            }
            for theme in scheme.themes
        ]
        return self._show(groups, self.codebook.details.concept, "codebook-concepts", contents=True)

    def groups(self) -> Html:
        """The named groups of words that forms refer to."""
        return render("form_groups", groups=dict(self.book.scheme.groups))

    def quantities(self) -> Html:
        """Kinds of quantity and qualifiers."""
        groups = [
            {"id": "", "label": "Kinds", "label_zh": "", "codes": self._codes("quantity_kind", KINDS)},
            {"id": "", "label": "Qualifiers", "label_zh": "", "codes": self._codes("qualifier", QUALIFIERS)},
        ]
        return self._show(groups, self.codebook.details.quantity, "codebook-quantities")

    def actors(self) -> Html:
        """What an actor is."""
        groups = [{"id": "", "label": "", "label_zh": "", "codes": self._codes("actor", ("actor",))}]
        return self._show(groups, self.codebook.details.actor, "codebook-actors")

    def directives(self) -> Html:
        """What a directive is, and how strongly it binds."""
        groups = [
            {"id": "", "label": "", "label_zh": "", "codes": self._codes("directive", ("directive",))},
            {"id": "", "label": "Strengths", "label_zh": "", "codes": self._codes("strength", STRENGTHS)},
        ]
        return self._show(groups, self.codebook.details.directive, "codebook-directives")

    def instruments(self) -> Html:
        """Instruments, each with its subtypes."""
        groups = [
            {
                "id": "",
                "label": instrument.capitalize(),
                "label_zh": "",
                "codes": [*self._codes("instrument", (instrument,)), *self._codes("subtype", subtypes)],
            }
            for instrument, subtypes in INSTRUMENTS.items()
        ]
        return self._show(groups, None, "codebook-instruments")

    def _show(self, groups: list[dict[str, Any]], details: str | None, name: str, *, contents: bool = False) -> Html:
        rows = [
            {column: code.get(column) or "" for column in COLUMNS} | {"theme": group["label"]}
            for group in groups
            for code in group["codes"]
        ]
        download = download_link(pd.DataFrame(rows, columns=list(COLUMNS)), name)
        return render("codes", groups=groups, details=details, contents=contents, download=download)

    def _concept(self, concept: Concept) -> dict[str, Any]:
        excluded = EXCLUDED.get(concept.exclude_from_comparison or "", "")
        broader = self.book.scheme.by_id[concept.broader] if concept.broader else None
        return self._code("concept", concept.id) | {
            "term_zh": concept.term_zh,
            "term_en": concept.term_en,
            "name": concept.term_en,
            "chips": [excluded] if excluded else [],
            "broader": {"id": f"concept-{broader.id}", "term_zh": broader.term_zh} if broader else None,
            "forms": list(_forms(concept)),
            "note": concept.note or "",
        }

    def _codes(self, of: str, codes: Iterable[str]) -> list[dict[str, Any]]:
        return [self._code(of, code) for code in codes]

    def _code(self, of: str, code: str) -> dict[str, Any]:
        entry: Entry | None = self.codebook.by_code.get((of, code))
        said = entry.model_dump() if entry else {"definition": "", "example": "", "counter_example": ""}
        nothing: dict[str, Any] = {"term_zh": "", "term_en": "", "chips": [], "broader": None, "forms": [], "note": ""}
        return {**said, **nothing, "of": of, "code": code, "id": f"{of}-{code}".replace("_", "-"), "name": code}


def _forms(concept: Concept) -> Iterator[dict[str, Any]]:
    """Yield the forms of a concept in the notation of the scheme: those for certain, then those by context."""
    for field, label in FORMS.items():
        if forms := getattr(concept, field):
            yield {"label": label, "language": field[-2:], "forms": forms}
    for rule in concept.rules:
        beside = "; ".join(
            f"{word} near: {', '.join(words)}"
            for word, words in (("with", rule.when), ("without", rule.unless))
            if words
        )
        label = f"{'Chinese' if rule.language == 'zh' else 'English'} by context ({rule.undecided} else)"
        yield {"label": label, "language": rule.language, "forms": [*(rule.zh or rule.en), beside]}
