"""Every constant of the comparisons, in one place; the methods page prints them.

They were chosen after a trial on this book's five documents.
"""

from __future__ import annotations

#: A side is large enough for a chart with at least this many blocks …
MIN_BLOCKS = 12
#: … and at least this many mentions that enter comparisons.
MIN_MENTIONS = 30
#: Confidence of the intervals.
CONFIDENCE = 0.95
#: Statements go beyond "in these texts" only with at least this many documents on every side.
MIN_DOCUMENTS = 4
#: A sequence of more periods than this cannot be told apart by colour and mark in one figure.
MAX_PERIODS = 8
#: A concept enters a comparison across languages if aligned texts show it in at least this many segments …
ALIGNED_SEGMENTS = 10
#: … and one language finds it in at most so many times as many of them as the other.
ALIGNED_FACTOR = 1.25
#: Rank correlation between the languages is taken over concepts in at least this many segments of one of them.
CORRELATED_SEGMENTS = 5
