"""A document's card: what is known of it, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from policybook.adding import Draft
from policybook.coding.inspect import Inspection
from policybook.corpus.files import shown
from policybook.corpus.vocabulary import Vocabulary

_LANGUAGES = {"zh": "Chinese", "en": "English"}
_SCRIPTS = {"hans": ", Simplified", "hant": ", Traditional", "latn": ""}
_WIDTH = 13


def make_card(name: str, seen: Inspection, vocabulary: Vocabulary, draft: Draft | None = None) -> str:
    """Return the card of a document, one fact a line, in characters that a terminal cannot be tricked by."""
    entry, guesses, tables = seen.entry, seen.guesses, seen.corpus
    row = tables.documents.iloc[0]
    kind = f"{_LANGUAGES[entry.language]}{_SCRIPTS[str(row['script'])]}, {seen.received.format}"
    encoding = f", {seen.received.encoding}" if seen.received.encoding else ""
    facts: list[tuple[str, str, str]] = [
        ("title", entry.title, guesses.title.reason if guesses else ""),
        ("is", f"{kind}{encoding}", ""),
        ("published", entry.published or "no date", guesses.published.reason if guesses else ""),
        ("written", entry.written or entry.published or "not known", guesses.written.reason if guesses else ""),
        ("speaker", vocabulary.label(entry.speaker), guesses.speaker.reason if guesses else ""),
        ("voice", entry.voice, guesses.voice.reason if guesses else ""),
        ("plan", vocabulary.label(entry.plan), guesses.plan.reason if guesses else ""),
    ]
    if guesses:
        facts.append(("places named", _counts((vocabulary.label(p), n) for p, n in guesses.places[:6]) or "none", ""))
    if draft:
        facts.append(("publisher", draft.publisher, ""))
    facts += [
        (
            "text",
            f"{_many(len(tables.passages), 'passage')}, {_many(len(tables.sentences), 'sentence')}, "
            f"{_many(len(tables.boilerplate), 'line')} set aside, {_many(len(tables.mentions), 'mention')} of terms",
            "",
        ),
        ("repaired", _counts((kind.replace("_", " "), n) for kind, n in row["repairs"].items()) or "nothing", ""),
    ]
    if not guesses:
        facts.insert(0, ("id", entry.id, "in data/corpus.yml"))
    lines = [shown(name)]
    lines += [
        f"  {label:<{_WIDTH}}{shown(value, 160)}{f'  ({shown(why)})' if why else ''}" for label, value, why in facts
    ]
    lines += [f"  {'doubtful':<{_WIDTH}}{shown(one, 400)}" for one in (draft.warnings if draft else seen.warnings)]
    return "\n".join(lines)


def _counts(pairs: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{label} {count}×" for label, count in pairs)


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count != 1)}"
