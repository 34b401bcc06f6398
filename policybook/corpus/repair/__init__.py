"""Undoing what scrapers and translators did to a text, each kind of repair counted.

The received paragraph is kept beside the repaired one, so every repair can be looked at and undone.
"""

from policybook.corpus.repair.guess import guess_language, guess_script
from policybook.corpus.repair.lost import lost_characters
from policybook.corpus.repair.repairer import Repairer, repair_paragraph

__all__ = ["Repairer", "guess_language", "guess_script", "lost_characters", "repair_paragraph"]
