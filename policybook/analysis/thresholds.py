"""Every constant of the comparisons, in one place; the methods page prints them.

They were chosen after trials on few and on many documents; `benchmarks/simulation*.py` test them.
"""

#: A side is large enough to be compared with at least this many blocks: below, one block more or less moves a share
#: by eight points or more …
MIN_BLOCKS = 12
#: … and at least this many mentions that enter comparisons: with fewer, most concepts are absent by chance.
MIN_MENTIONS = 30
#: A theme or concept can be judged when the smaller side would be expected to hold at least this many of the blocks
#: that carry it, if both sides spoke of it equally often: E = t·min(n₁, n₂)/(n₁ + n₂), t the blocks on both sides.
MIN_EXPECTED = 3
#: Confidence of the intervals. Simultaneous intervals share the rest, 1 less this, among all rows of their family.
CONFIDENCE = 0.95
#: The smallest difference of shares worth a sentence.
MIN_DIFFERENCE = 0.15
#: Statements go beyond "in these texts" only with at least this many documents on every side; from there on whole
#: documents are what is sampled and compared, in pairs of a year or a place where the sides have these in common.
MIN_DOCUMENTS = 4
#: Years, or places, are pairs enough from here on: of fewer, all flips of signs together are no probability of .05.
MIN_PAIRS = 6
#: The signs of so many paired differences, or fewer, are flipped in every way; of more, by chance (see PERMUTATIONS).
EXACT_PAIRS = 14
#: The smallest ratio of shares worth a sentence about many documents: a quarter more, or a fifth less.
MIN_RATIO = 1.25
#: "Alike" is said only where the ratio's interval, for the family at once, reaches no further than this or its inverse.
ALIKE_RATIO = 1.5
#: No ranking and no map of a theme whose places' means are less reliable than this.
MIN_RELIABILITY = 0.7
#: Signs are flipped, documents dealt and peers drawn anew in every way, or where there are more ways, this often.
PERMUTATIONS = 1999
#: What more text would settle is worked out for a difference of shares as large as this …
SETTLED_DIFFERENCE = 0.30
#: … to be found with this probability.
SETTLED_POWER = 0.80
#: Beside a comparison at most this many pairs of documents of the same place are compared, evenly chosen.
MAX_PLACEBO_PAIRS = 200
#: Every draw by chance starts from this seed, so that every build gives the same numbers.
SEED = 20140316
#: A sequence of more periods than this cannot be told apart by colour and mark in one figure.
MAX_PERIODS = 8
#: A concept enters a comparison across languages if aligned texts show it in at least this many segments …
ALIGNED_SEGMENTS = 10
#: … and one language finds it in at most so many times as many of them as the other.
ALIGNED_FACTOR = 1.25
#: Rank correlation between the languages is taken over concepts in at least this many segments of one of them.
CORRELATED_SEGMENTS = 5
#: A place has taken up a word in the first year in which at least this many blocks of one document carry it.
UPTAKE_BLOCKS = 2
