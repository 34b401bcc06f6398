"""Which recommended texts would bring passages to a side of a comparison."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from policybook.corpus.manifest import RecommendedText
from policybook.corpus.selection import Selection
from policybook.corpus.vocabulary import Vocabulary


def wanted_texts(
    texts: Iterable[RecommendedText], selection: Selection, at_hand: Collection[str], vocabulary: Vocabulary
) -> tuple[RecommendedText, ...]:
    """Return the texts not `at_hand` (ids) that fit every field of a selection, the text of its plan first.

    What a text's single passages say is not known before it is read, so a selection by level or by documents fits none.
    """
    fitting = [text for text in texts if text.id not in at_hand and _fits(text, selection, vocabulary)]
    return tuple(sorted(fitting, key=lambda text: text.text_of != selection.get("plan")))


def _fits(text: RecommendedText, selection: Selection, vocabulary: Vocabulary) -> bool:
    dated = text.written or text.published
    era = text.era or (vocabulary.era_of(dated) if dated else None)
    values: dict[str, Collection[object]] = {
        "plan": (text.text_of or text.plan,),
        "era": (era,),
        "places": text.places or (text.speaker,),
        "speaker": (text.speaker,),
        "voice": (text.voice,),
        "language": (text.language,),
        "machine_translated": (text.machine_translated,),
    }
    return all(_as_set(wanted) & set(values.get(field, ())) for field, wanted in selection.items())


def _as_set(wanted: object) -> set[object]:
    return set(wanted) if isinstance(wanted, list | tuple) else {wanted}
